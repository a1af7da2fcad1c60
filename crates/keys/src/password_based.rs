//! Password-based encryption of keys and keystores: PBES2 and PBES1 (RFC 8018), and the schemes of PKCS#12 (RFC 7292,
//! appendix C).
//!
//! What a file asks for is bounded: [`Budget`] counts iterations over a whole file, so that neither one
//! huge count nor many large ones take unbounded time. Refused: the MD2 schemes of PKCS#5 version 1.5 and ciphers that
//! are not named in these modules, each by its identifier.

pub mod cipher;
pub mod pbes1;
pub mod pbes2;
pub mod pbkdf2_hmac;
pub mod pkcs12_kdf;
pub mod triple_des;

use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, block_padding::Pkcs7};
use der::{Decode, Encode};
use rand_core::CryptoRng;
use spki::AlgorithmIdentifierRef;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::secret::{Password, SecretBytes};

/// Most iterations of one derivation. (A fuzzer finds nothing in the time that more of them take.)
pub const MAX_ITERATIONS: u64 = if cfg!(fuzzing) { 10_000 } else { 10_000_000 };
/// Most memory for scrypt, in bytes.
pub const MAX_SCRYPT_MEMORY: u64 = if cfg!(fuzzing) { 16 << 20 } else { 64 << 20 };

/// Why something did not decrypt.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DecryptError {
    /// An algorithm that is not supported.
    #[error("unsupported encryption algorithm {oid}")]
    UnsupportedAlgorithm {
        /// Dotted object identifier.
        oid: String,
    },
    /// Deriving the key would take too long, or too much memory.
    #[error("password derivation too expensive: {iterations} iterations")]
    TooExpensive {
        /// Iterations asked for, or scrypt's N.
        iterations: u64,
    },
    /// The parameters of the algorithm are broken, or the ciphertext is not made of whole blocks.
    #[error("malformed encryption parameters")]
    Malformed,
    /// The padding is wrong after decryption: almost always the wrong password.
    #[error("wrong password")]
    WrongPassword,
}

/// A password in the two encodings that the schemes take.
#[derive(Clone, Debug)]
pub struct EncodedPassword {
    /// UTF-8, for PBES2.
    pub utf8: SecretBytes,
    /// UTF-16 with a terminating NUL, for the schemes of PKCS#12 itself.
    pub bmp: SecretBytes,
}

impl EncodedPassword {
    /// The usual encodings.
    pub fn new(password: &Password) -> Self {
        Self { utf8: SecretBytes::new(password.as_str().as_bytes().to_vec()), bmp: password.to_bmp() }
    }

    /// The empty password without a terminating NUL, as some programs take it.
    pub fn nothing() -> Self {
        Self { utf8: SecretBytes::default(), bmp: SecretBytes::default() }
    }
}

/// How much derivation a file may still ask for, in iterations.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    left: u64,
}

impl Default for Budget {
    /// Enough for three derivations of the largest size, or for thousands of the usual one.
    fn default() -> Self {
        Self { left: 3 * MAX_ITERATIONS }
    }
}

impl Budget {
    /// Takes the cost of one derivation with this many iterations.
    ///
    /// # Errors
    /// `TooExpensive` if it is too much by itself or too much for what is left.
    pub fn spend(&mut self, iterations: u64) -> Result<(), DecryptError> {
        let left = self.left.checked_sub(iterations).filter(|_| iterations <= MAX_ITERATIONS);
        self.left = left.ok_or(DecryptError::TooExpensive { iterations })?;
        Ok(())
    }
}

/// Decrypts with whatever scheme `algorithm` names.
///
/// # Errors
/// See [`DecryptError`].
pub fn decrypt(
    algorithm: AlgorithmIdentifierRef<'_>,
    password: &EncodedPassword,
    ciphertext: &[u8],
    budget: &mut Budget,
) -> Result<SecretBytes, DecryptError> {
    if algorithm.oid == pbes2::PBES2 {
        pbes2::decrypt(algorithm, password, ciphertext, budget)
    } else {
        pbes1::decrypt(algorithm, password, ciphertext, budget)
    }
}

/// Something encrypted, with its algorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encrypted {
    /// DER `AlgorithmIdentifier`.
    pub algorithm: Vec<u8>,
    /// The ciphertext.
    pub ciphertext: Vec<u8>,
}

/// Encrypts with PBES2: PBKDF2 with HMAC-SHA-256 and a salt of 16 bytes, AES-256-CBC.
///
/// # Errors
/// `Malformed` only if encoding fails, which lengths of memory do not allow.
pub fn generate_encrypted(
    password: &Password,
    plaintext: &[u8],
    iterations: u32,
    rng: &mut impl CryptoRng,
) -> Result<Encrypted, DecryptError> {
    pbes2::generate_encrypted(password, plaintext, pbes2::Scheme::Pbkdf2Aes256 { iterations }, rng)
}

/// Encrypts with PBES2 in the way of `scheme`, under a salt of 16 bytes.
///
/// # Errors
/// `TooExpensive` for more iterations than are read; `Malformed` only if encoding fails, which lengths of memory do not allow.
pub fn generate_encrypted_with(
    scheme: pbes2::Scheme,
    password: &Password,
    plaintext: &[u8],
    rng: &mut impl CryptoRng,
) -> Result<Encrypted, DecryptError> {
    pbes2::generate_encrypted(password, plaintext, scheme, rng)
}

/// CBC with the padding of PKCS#7. Key and IV have been checked to fit.
pub(crate) fn cbc_decrypt(
    decryptor: impl BlockModeDecrypt,
    ciphertext: &[u8],
) -> Result<SecretBytes, DecryptError> {
    let mut buffer = Zeroizing::new(ciphertext.to_vec());
    let length =
        decryptor.decrypt_padded::<Pkcs7>(&mut buffer).map_err(|_| DecryptError::WrongPassword)?.len();
    buffer.truncate(length);
    Ok(buffer.into())
}

pub(crate) fn cbc_encrypt(encryptor: impl BlockModeEncrypt, plaintext: &[u8]) -> Vec<u8> {
    encryptor.encrypt_padded_vec::<Pkcs7>(plaintext)
}

fn decode_parameters<'a, T>(algorithm: AlgorithmIdentifierRef<'a>) -> Result<T, DecryptError>
where
    T: der::Choice<'a> + der::DecodeValue<'a> + 'a,
{
    let parameters = algorithm.parameters.ok_or(DecryptError::Malformed)?;
    parameters.decode_as().map_err(|_| DecryptError::Malformed)
}

fn encode(value: &impl Encode) -> Result<Vec<u8>, DecryptError> {
    value.to_der().map_err(|_| DecryptError::Malformed)
}

/// Parses a DER `AlgorithmIdentifier`.
///
/// # Errors
/// `Malformed`.
pub fn parse_algorithm(der: &[u8]) -> Result<AlgorithmIdentifierRef<'_>, DecryptError> {
    AlgorithmIdentifierRef::from_der(der).map_err(|_| DecryptError::Malformed)
}
