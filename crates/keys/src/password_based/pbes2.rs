//! PBES2 (RFC 8018, section 6.2): PBKDF2 or scrypt (RFC 7914), then one of the ciphers of [`super::cipher`].
//!
//! Refused: PBKDF2 with another source of salt than the file.

use aes::cipher::KeyIvInit as _;
use der::{
    Sequence,
    asn1::{ObjectIdentifier, OctetStringRef},
};
use rand_core::CryptoRng;
use spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use super::{
    Budget, DecryptError, EncodedPassword, Encrypted, MAX_SCRYPT_MEMORY, cbc_encrypt,
    cipher::{AES_256_CBC, Cipher, DES_EDE3_CBC},
    decode_parameters, encode,
    pbkdf2_hmac::pbkdf2_hmac,
};
use crate::secret::{Password, SecretBytes};

/// `id-PBES2`.
pub const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
/// `id-PBKDF2`.
pub const PBKDF2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.12");
/// `id-scrypt`.
pub const SCRYPT: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11591.4.11");
const HMAC_SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.7");
const HMAC_SHA224: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.8");
const HMAC_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.9");
const HMAC_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.10");
const HMAC_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.11");

/// Digest of an HMAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum HmacDigest {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl HmacDigest {
    /// The digest of an `id-hmacWithSHA…` (RFC 8018, appendix B.1.2).
    pub fn from_oid(oid: ObjectIdentifier) -> Option<Self> {
        Some(match oid {
            HMAC_SHA1 => Self::Sha1,
            HMAC_SHA224 => Self::Sha224,
            HMAC_SHA256 => Self::Sha256,
            HMAC_SHA384 => Self::Sha384,
            HMAC_SHA512 => Self::Sha512,
            _ => return None,
        })
    }
}

/// N, r and p of scrypt as OpenSSL writes it: 16 MiB of memory.
const SCRYPT_COST: (u64, u64, u64) = (16_384, 8, 1);

/// How something is encrypted anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// PBKDF2 with HMAC-SHA-256, AES-256-CBC: what everything of today reads.
    Pbkdf2Aes256 {
        /// Iterations.
        iterations: u32,
    },
    /// scrypt (RFC 7914), which costs an attacker memory too, AES-256-CBC.
    ScryptAes256,
    /// PBKDF2 with HMAC-SHA-256, 3DES: for programs without AES.
    Pbkdf2TripleDes {
        /// Iterations.
        iterations: u32,
    },
}

/// `PBES2-params`.
#[derive(Sequence)]
struct Parameters<'a> {
    derivation: AlgorithmIdentifierRef<'a>,
    encryption: AlgorithmIdentifierRef<'a>,
}

/// `PBKDF2-params`, with the salt in the file.
#[derive(Sequence)]
struct Pbkdf2Parameters<'a> {
    salt: &'a OctetStringRef,
    iterations: u64,
    #[asn1(optional = "true")]
    key_length: Option<u64>,
    #[asn1(optional = "true")]
    prf: Option<AlgorithmIdentifierRef<'a>>,
}

/// `scrypt-params`.
#[derive(Sequence)]
struct ScryptParameters<'a> {
    salt: &'a OctetStringRef,
    cost: u64,
    block_size: u64,
    parallelization: u64,
    #[asn1(optional = "true")]
    key_length: Option<u64>,
}

pub(super) fn decrypt(
    algorithm: AlgorithmIdentifierRef<'_>,
    password: &EncodedPassword,
    ciphertext: &[u8],
    budget: &mut Budget,
) -> Result<SecretBytes, DecryptError> {
    let parameters: Parameters<'_> = decode_parameters(algorithm)?;
    // The cipher first: an unknown one is said before any time is spent on the password.
    let cipher = Cipher::parse(parameters.encryption, ciphertext)?;
    let key = derive(parameters.derivation, password.utf8.as_bytes(), Some(cipher.key_length()), budget)?;
    cipher.decrypt(&key, ciphertext)
}

pub(super) fn generate_encrypted(
    password: &Password,
    plaintext: &[u8],
    scheme: Scheme,
    rng: &mut impl CryptoRng,
) -> Result<Encrypted, DecryptError> {
    let mut salt = [0; 16];
    let mut iv = [0; 16];
    rng.fill_bytes(&mut salt);
    rng.fill_bytes(&mut iv);
    encrypt(password, plaintext, scheme, &salt, &iv)
}

/// Apart from the source of randomness, so that it is compiled here and once.
fn encrypt(
    password: &Password,
    plaintext: &[u8],
    scheme: Scheme,
    salt: &[u8],
    iv: &[u8; 16],
) -> Result<Encrypted, DecryptError> {
    let malformed = |_| DecryptError::Malformed;
    let salt = OctetStringRef::new(salt).map_err(malformed)?;
    let (derivation_oid, derivation) = match scheme {
        Scheme::Pbkdf2Aes256 { iterations } | Scheme::Pbkdf2TripleDes { iterations } => {
            let prf = AlgorithmIdentifierRef { oid: HMAC_SHA256, parameters: Some(der::asn1::AnyRef::NULL) };
            let iterations = iterations.into();
            (PBKDF2, encode(&Pbkdf2Parameters { salt, iterations, key_length: None, prf: Some(prf) })?)
        }
        Scheme::ScryptAes256 => {
            let (cost, block_size, parallelization) = SCRYPT_COST;
            (SCRYPT, encode(&ScryptParameters { salt, cost, block_size, parallelization, key_length: None })?)
        }
    };
    let (cipher_oid, key_length, iv) = match scheme {
        Scheme::Pbkdf2TripleDes { .. } => (DES_EDE3_CBC, 24, iv.get(..8).unwrap_or_default()),
        Scheme::Pbkdf2Aes256 { .. } | Scheme::ScryptAes256 => (AES_256_CBC, 32, iv.as_slice()),
    };
    let derivation = AlgorithmIdentifierRef { oid: derivation_oid, parameters: Some(any(&derivation)?) };
    let encoded_iv = encode(&OctetStringRef::new(iv).map_err(malformed)?)?;
    let encryption = AlgorithmIdentifierRef { oid: cipher_oid, parameters: Some(any(&encoded_iv)?) };
    let parameters = encode(&Parameters { derivation, encryption })?;
    let algorithm = encode(&AlgorithmIdentifierRef { oid: PBES2, parameters: Some(any(&parameters)?) })?;
    // Derived by the very code that reads, which also refuses what would not be read again.
    let key = derive(derivation, password.as_str().as_bytes(), Some(key_length), &mut Budget::default())?;
    let ciphertext = if cipher_oid == DES_EDE3_CBC {
        let encryptor = cbc::Encryptor::<des::TdesEde3>::new_from_slices(&key, iv);
        cbc_encrypt(encryptor.map_err(|_| DecryptError::Malformed)?, plaintext)
    } else {
        let encryptor = cbc::Encryptor::<aes::Aes256>::new_from_slices(&key, iv);
        cbc_encrypt(encryptor.map_err(|_| DecryptError::Malformed)?, plaintext)
    };
    Ok(Encrypted { algorithm, ciphertext })
}

/// Derives a key as `algorithm` (PBKDF2 or scrypt) says. Where `key_length` is `None` the parameters have to
/// give it, as for PBMAC1 (RFC 9579, section 3).
///
/// # Errors
/// See [`DecryptError`]; `Malformed` if the two lengths differ or neither is there.
pub fn derive(
    algorithm: AlgorithmIdentifierRef<'_>,
    password: &[u8],
    key_length: Option<usize>,
    budget: &mut Budget,
) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    match algorithm.oid {
        PBKDF2 => {
            let parameters: Pbkdf2Parameters<'_> = decode_parameters(algorithm)?;
            let length = agreed_length(key_length, parameters.key_length)?;
            budget.spend(parameters.iterations)?;
            let iterations = u32::try_from(parameters.iterations).map_err(|_| DecryptError::Malformed)?;
            if iterations == 0 {
                return Err(DecryptError::Malformed);
            }
            let salt = parameters.salt.as_bytes();
            let mut key = Zeroizing::new(vec![0; length]);
            let prf = parameters.prf.map_or(HMAC_SHA1, |prf| prf.oid);
            let digest = HmacDigest::from_oid(prf)
                .ok_or_else(|| DecryptError::UnsupportedAlgorithm { oid: prf.to_string() })?;
            pbkdf2_hmac(digest, password, salt, iterations, &mut key);
            Ok(key)
        }
        SCRYPT => {
            let parameters: ScryptParameters<'_> = decode_parameters(algorithm)?;
            let length = agreed_length(key_length, parameters.key_length)?;
            derive_scrypt(&parameters, password, length, budget)
        }
        oid => Err(DecryptError::UnsupportedAlgorithm { oid: oid.to_string() }),
    }
}

fn derive_scrypt(
    parameters: &ScryptParameters<'_>,
    password: &[u8],
    length: usize,
    budget: &mut Budget,
) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    let &ScryptParameters { cost, block_size, parallelization, .. } = parameters;
    let too_expensive = DecryptError::TooExpensive { iterations: cost };
    if !cost.is_power_of_two() || cost < 2 || block_size == 0 || parallelization == 0 {
        return Err(DecryptError::Malformed);
    }
    // Memory is 128 * r * (N + p) bytes, time grows with N * r * p (RFC 7914, section 2).
    let blocks = cost.checked_mul(block_size).ok_or(too_expensive.clone())?;
    let mixed = block_size.checked_mul(parallelization).ok_or(too_expensive.clone())?;
    let limit = MAX_SCRYPT_MEMORY / 128;
    if blocks > limit || mixed > limit {
        return Err(too_expensive);
    }
    // One step of scrypt costs about as much as an iteration of PBKDF2.
    budget.spend(blocks.saturating_mul(parallelization)).map_err(|_| too_expensive)?;
    let log_n = u8::try_from(cost.ilog2()).map_err(|_| DecryptError::Malformed)?;
    let small = |number: u64| u32::try_from(number).map_err(|_| DecryptError::Malformed);
    let cost = scrypt::Params::new(log_n, small(block_size)?, small(parallelization)?)
        .map_err(|_| DecryptError::Malformed)?;
    let mut key = Zeroizing::new(vec![0; length]);
    scrypt::scrypt(password, parameters.salt.as_bytes(), &cost, &mut key)
        .map_err(|_| DecryptError::Malformed)?;
    Ok(key)
}

/// The key length that the cipher and the file agree on; at most 64 bytes, as no use needs more.
fn agreed_length(wanted: Option<usize>, stated: Option<u64>) -> Result<usize, DecryptError> {
    let stated = stated.map(usize::try_from).transpose().map_err(|_| DecryptError::Malformed)?;
    match (wanted, stated) {
        (Some(wanted), Some(stated)) if wanted != stated => Err(DecryptError::Malformed),
        (Some(length), _) | (None, Some(length)) if (1..=64).contains(&length) => Ok(length),
        _ => Err(DecryptError::Malformed),
    }
}

fn any(der: &[u8]) -> Result<der::asn1::AnyRef<'_>, DecryptError> {
    der::Decode::from_der(der).map_err(|_| DecryptError::Malformed)
}
