//! The numbers that keys are made of, for the formats that carry them one by one: OpenSSH and JWK.

use const_oid::db::rfc5912::{
    ID_DSA, ID_EC_PUBLIC_KEY, RSA_ENCRYPTION, SECP_256_R_1, SECP_384_R_1, SECP_521_R_1,
};
use const_oid::db::rfc8410::ID_ED_25519;
use der::{
    Decode as _, Encode as _,
    asn1::{Any, AnyRef, ObjectIdentifier, UintRef},
};
use pkcs1::EncodeRsaPrivateKey as _;
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use zeroize::Zeroizing;

use crate::{
    error::ReadKeyError,
    private::{PrivateKey, Secret, public_key},
    public::{DsaParameters, Material, PublicKey},
    rsa_numbers::trimmed,
};

/// A public key as numbers, big-endian; a point of a NIST curve uncompressed.
pub(crate) enum PublicNumbers {
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
    Dsa { p: Vec<u8>, q: Vec<u8>, g: Vec<u8>, y: Vec<u8> },
    Ec { curve: ObjectIdentifier, point: Vec<u8> },
    Ed25519 { point: Vec<u8> },
}

impl PublicNumbers {
    /// The numbers of a key; `None` for a kind that has none here.
    pub(crate) fn of(key: &PublicKey) -> Option<Self> {
        let info = SubjectPublicKeyInfoRef::from_der(key.spki_der()).ok()?;
        Some(match key.material() {
            Material::Rsa { .. } | Material::WeakRsa { .. } => {
                let numbers = pkcs1::RsaPublicKeyRef::from_der(key.key_bits()).ok()?;
                Self::Rsa {
                    modulus: numbers.modulus.as_bytes().to_vec(),
                    exponent: numbers.public_exponent.as_bytes().to_vec(),
                }
            }
            Material::P256(key) => {
                Self::Ec { curve: SECP_256_R_1, point: key.to_sec1_point(false).as_bytes().to_vec() }
            }
            Material::P384(key) => {
                Self::Ec { curve: SECP_384_R_1, point: key.to_sec1_point(false).as_bytes().to_vec() }
            }
            Material::P521(key) => {
                Self::Ec { curve: SECP_521_R_1, point: key.to_sec1_point(false).as_bytes().to_vec() }
            }
            Material::Ed25519(key) => Self::Ed25519 { point: key.as_bytes().to_vec() },
            Material::Dsa => {
                let parameters: DsaParameters<'_> = info.algorithm.parameters?.decode_as().ok()?;
                let y = UintRef::from_der(key.key_bits()).ok()?;
                Self::Dsa {
                    p: parameters.p.as_bytes().to_vec(),
                    q: parameters.q.as_bytes().to_vec(),
                    g: parameters.g.as_bytes().to_vec(),
                    y: y.as_bytes().to_vec(),
                }
            }
            Material::Ed448(_) | Material::MlDsa(_) | Material::Other => return None,
        })
    }

    /// The key of these numbers.
    ///
    /// # Errors
    /// `InvalidKey` if they are none, `KeyTooLarge`.
    pub(crate) fn into_key(self) -> Result<PublicKey, ReadKeyError> {
        match self {
            Self::Rsa { modulus, exponent } => {
                let numbers = pkcs1::RsaPublicKeyRef {
                    modulus: UintRef::new(trimmed(&modulus))?,
                    public_exponent: UintRef::new(trimmed(&exponent))?,
                };
                let algorithm =
                    AlgorithmIdentifierRef { oid: RSA_ENCRYPTION, parameters: Some(AnyRef::NULL) };
                public_key(algorithm, &numbers.to_der()?)
            }
            Self::Dsa { p, q, g, y } => {
                let parameters = DsaParameters {
                    p: UintRef::new(trimmed(&p))?,
                    q: UintRef::new(trimmed(&q))?,
                    g: UintRef::new(trimmed(&g))?,
                }
                .to_der()?;
                let algorithm =
                    AlgorithmIdentifierRef { oid: ID_DSA, parameters: Some(AnyRef::from_der(&parameters)?) };
                public_key(algorithm, &UintRef::new(trimmed(&y))?.to_der()?)
            }
            Self::Ec { curve, point } => {
                let name = Any::from(curve);
                let algorithm =
                    AlgorithmIdentifierRef { oid: ID_EC_PUBLIC_KEY, parameters: Some((&name).into()) };
                public_key(algorithm, &point)
            }
            Self::Ed25519 { point } => {
                public_key(AlgorithmIdentifierRef { oid: ID_ED_25519, parameters: None }, &point)
            }
        }
    }
}

/// The private number of a key on a NIST curve at its full width, or the seed of an Ed25519 key.
pub(crate) fn scalar(key: &PrivateKey) -> Option<Zeroizing<Vec<u8>>> {
    Some(Zeroizing::new(match key.secret() {
        Secret::P256(key) => key.to_bytes().to_vec(),
        Secret::P384(key) => key.to_bytes().to_vec(),
        Secret::P521(key) => key.to_bytes().to_vec(),
        Secret::Ed25519(key) => key.to_bytes().to_vec(),
        Secret::Rsa { .. } | Secret::MlDsa(_) | Secret::Kept { .. } => return None,
    }))
}

/// The DER `RSAPrivateKey` of an RSA key.
pub(crate) fn pkcs1(key: &PrivateKey) -> Option<Zeroizing<Vec<u8>>> {
    match key.secret() {
        Secret::Rsa { key, .. } => Some(key.to_pkcs1_der().ok()?.to_bytes()),
        _ => None,
    }
}
