//! Public keys as `SubjectPublicKeyInfo` (RFC 5280, section 4.1.2.7; RFC 3279, RFC 5480, RFC 8410,
//! RFC 9881).
//!
//! Two keys are equal when their encodings are. A key of an unknown algorithm is kept as it is, so that a
//! certificate that carries one can still be shown. Refused: RSA moduli above 8192 bits, which would make
//! each verification costly, and numbers or points that are no key.

use core::fmt;
use std::sync::Arc;

use der::{
    Decode, Sequence,
    asn1::{ObjectIdentifier, UintRef},
};
use spki::SubjectPublicKeyInfoRef;

use crate::{
    algorithm::{
        DSA, EC_PUBLIC_KEY, ED448, ED25519, KeyAlgorithm, ML_DSA_44, ML_DSA_65, ML_DSA_87, RSA_ENCRYPTION,
        RSASSA_PSS, SECP256R1, SECP384R1, SECP521R1,
    },
    error::ReadKeyError,
    ml_dsa::ParameterSet,
    rsa_public::RsaPublic,
};

/// Longest RSA modulus that is read, in bits.
pub const MAX_RSA_BITS: u32 = 8192;
/// Shortest RSA modulus with which a signature is checked, in bits.
pub const MIN_RSA_VERIFY_BITS: u32 = 1024;

/// A public key. Cheap to clone.
#[derive(Clone)]
pub struct PublicKey(Arc<Inner>);

struct Inner {
    spki: Vec<u8>,
    key_bits: Vec<u8>,
    algorithm: KeyAlgorithm,
    material: Material,
}

/// The key in the form that its signature algorithm takes.
pub(crate) enum Material {
    /// RSA; `pss_only` for keys that are marked `id-RSASSA-PSS`.
    Rsa {
        key: RsaPublic,
        pss_only: bool,
    },
    /// An RSA key that is too short to be believed.
    WeakRsa {
        bits: u32,
    },
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(p521::ecdsa::VerifyingKey),
    Ed25519(ed25519_dalek::VerifyingKey),
    Ed448(Box<ed448_goldilocks::VerifyingKey>),
    /// Expanded only when a signature is checked, as that takes some 100 KiB.
    MlDsa(ParameterSet),
    /// Read only when a signature is checked. Its parameters may be missing.
    Dsa,
    Other,
}

impl PublicKey {
    /// Reads a DER `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    /// `Malformed` for broken DER, `InvalidKey` for numbers that are no key, `KeyTooLarge` for RSA above
    /// [`MAX_RSA_BITS`]. An unknown algorithm is no error.
    pub fn from_spki_der(spki: &[u8]) -> Result<Self, ReadKeyError> {
        let info = SubjectPublicKeyInfoRef::from_der(spki)?;
        let key_bits =
            info.subject_public_key.as_bytes().ok_or(ReadKeyError::Malformed { offset: None })?.to_vec();
        let (algorithm, material) = parse_material(&info, &key_bits)?;
        Ok(Self(Arc::new(Inner { spki: spki.to_vec(), key_bits, algorithm, material })))
    }

    /// The DER `SubjectPublicKeyInfo`, as it was read.
    pub fn spki_der(&self) -> &[u8] {
        &self.0.spki
    }

    /// The algorithm, with the size of an RSA key.
    pub fn algorithm(&self) -> KeyAlgorithm {
        self.0.algorithm.clone()
    }

    /// Content of the `subjectPublicKey` bit string, without its leading count of unused bits: what the
    /// SHA-1 key identifier is made of (RFC 5280, section 4.2.1.2, method 1).
    pub fn key_bits(&self) -> &[u8] {
        &self.0.key_bits
    }

    /// Whether a signature can be checked with the key: its algorithm is known, and it is no RSA key so short that nobody believes it.
    /// A DSA key may need parameters for that, [`PublicKey::lacks_parameters`].
    pub fn can_verify(&self) -> bool {
        !matches!(self.0.material, Material::Other | Material::WeakRsa { .. })
    }

    pub(crate) fn material(&self) -> &Material {
        &self.0.material
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.spki == other.0.spki
    }
}

impl Eq for PublicKey {}

impl core::hash::Hash for PublicKey {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.0.spki.hash(state);
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.0.algorithm)
    }
}

fn parse_material(
    info: &SubjectPublicKeyInfoRef<'_>,
    key_bits: &[u8],
) -> Result<(KeyAlgorithm, Material), ReadKeyError> {
    let oid = info.algorithm.oid;
    match oid.to_string().as_str() {
        RSA_ENCRYPTION => parse_rsa(key_bits, false),
        RSASSA_PSS => parse_rsa(key_bits, true),
        EC_PUBLIC_KEY => {
            let Ok(curve) = info.algorithm.parameters_oid() else {
                // Explicit curve parameters are forbidden (RFC 5480, section 2.1.1): shown, never used.
                return Ok((KeyAlgorithm::Other { oid: oid.to_string() }, Material::Other));
            };
            parse_ec(curve, key_bits)
        }
        ED25519 => {
            let bytes = key_bits.try_into().map_err(|_| ReadKeyError::InvalidKey)?;
            let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| ReadKeyError::InvalidKey)?;
            Ok((KeyAlgorithm::Ed25519, Material::Ed25519(key)))
        }
        ED448 => {
            let bytes = key_bits.try_into().map_err(|_| ReadKeyError::InvalidKey)?;
            let key =
                ed448_goldilocks::VerifyingKey::from_bytes(bytes).map_err(|_| ReadKeyError::InvalidKey)?;
            // It is told apart by its identifier, as all keys are that are kept and never sign.
            Ok((KeyAlgorithm::Other { oid: ED448.to_owned() }, Material::Ed448(Box::new(key))))
        }
        ML_DSA_44 => parse_ml_dsa(ParameterSet::MlDsa44, KeyAlgorithm::MlDsa44, key_bits),
        ML_DSA_65 => parse_ml_dsa(ParameterSet::MlDsa65, KeyAlgorithm::MlDsa65, key_bits),
        ML_DSA_87 => parse_ml_dsa(ParameterSet::MlDsa87, KeyAlgorithm::MlDsa87, key_bits),
        DSA => Ok((parse_dsa(info), Material::Dsa)),
        _ => Ok((KeyAlgorithm::Other { oid: oid.to_string() }, Material::Other)),
    }
}

fn parse_ml_dsa(
    set: ParameterSet,
    algorithm: KeyAlgorithm,
    key_bits: &[u8],
) -> Result<(KeyAlgorithm, Material), ReadKeyError> {
    if key_bits.len() != set.public_length() {
        return Err(ReadKeyError::InvalidKey);
    }
    Ok((algorithm, Material::MlDsa(set)))
}

/// `Dss-Parms` (RFC 3279, section 2.3.2). They may be missing, where a certificate takes them from its issuer.
#[derive(Sequence)]
pub(crate) struct DsaParameters<'a> {
    pub(crate) p: UintRef<'a>,
    pub(crate) q: UintRef<'a>,
    pub(crate) g: UintRef<'a>,
}

fn parse_dsa(info: &SubjectPublicKeyInfoRef<'_>) -> KeyAlgorithm {
    let parameters = info.algorithm.parameters.and_then(|any| any.decode_as::<DsaParameters<'_>>().ok());
    match parameters {
        Some(parameters) => KeyAlgorithm::Dsa { bits: bit_length(parameters.p.as_bytes()) },
        None => KeyAlgorithm::Other { oid: DSA.to_owned() },
    }
}

fn parse_rsa(key_bits: &[u8], pss_only: bool) -> Result<(KeyAlgorithm, Material), ReadKeyError> {
    let key = pkcs1::RsaPublicKeyRef::from_der(key_bits)?;
    let bits = bit_length(key.modulus.as_bytes());
    if bits > MAX_RSA_BITS {
        return Err(ReadKeyError::KeyTooLarge { bits, limit: MAX_RSA_BITS });
    }
    let algorithm = KeyAlgorithm::Rsa { bits };
    if bits < MIN_RSA_VERIFY_BITS {
        return Ok((algorithm, Material::WeakRsa { bits }));
    }
    let key = RsaPublic::new(key.modulus.as_bytes(), key.public_exponent.as_bytes())
        .ok_or(ReadKeyError::InvalidKey)?;
    Ok((algorithm, Material::Rsa { key, pss_only }))
}

fn parse_ec(curve: ObjectIdentifier, point: &[u8]) -> Result<(KeyAlgorithm, Material), ReadKeyError> {
    let invalid = |_| ReadKeyError::InvalidKey;
    Ok(match curve.to_string().as_str() {
        SECP256R1 => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(invalid)?;
            (KeyAlgorithm::EcP256, Material::P256(key))
        }
        SECP384R1 => {
            let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(invalid)?;
            (KeyAlgorithm::EcP384, Material::P384(key))
        }
        SECP521R1 => {
            let key = p521::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(invalid)?;
            (KeyAlgorithm::EcP521, Material::P521(key))
        }
        _ => (KeyAlgorithm::Other { oid: curve.to_string() }, Material::Other),
    })
}

/// Length in bits of a big-endian unsigned integer.
pub(crate) fn bit_length(bytes: &[u8]) -> u32 {
    let mut rest = bytes;
    while let [0, tail @ ..] = rest {
        rest = tail;
    }
    match rest.first() {
        None => 0,
        Some(first) => {
            u32::try_from(rest.len()).unwrap_or(u32::MAX / 8).saturating_mul(8) - first.leading_zeros()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bit_lengths() {
        assert_eq!(bit_length(&[]), 0);
        assert_eq!(bit_length(&[0, 0]), 0);
        assert_eq!(bit_length(&[0, 1, 0]), 9);
        assert_eq!(bit_length(&[0xff; 256]), 2048);
    }

    #[test]
    fn foreign_algorithms_are_kept() {
        // SubjectPublicKeyInfo { id-X25519 (1.3.101.110), 32 zero bytes }.
        let mut spki = vec![0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x03, 0x21, 0x00];
        spki.extend([0; 32]);
        let key = PublicKey::from_spki_der(&spki).unwrap();
        assert_eq!(key.algorithm(), KeyAlgorithm::Other { oid: "1.3.101.110".to_owned() });
        assert_eq!(key.key_bits(), &[0; 32]);
        assert_eq!(key.spki_der(), spki);
    }
}
