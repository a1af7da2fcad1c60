//! Checking signatures: RSA PKCS#1 v1.5 and PSS, ECDSA on P-256, P-384 and P-521, Ed25519, Ed448, ML-DSA, DSA.
//!
//! [`verify`] takes the `AlgorithmIdentifier` of an X.509 structure (RFC 3279, RFC 4055, RFC 5758, RFC 8410, RFC 9881),
//! [`verify_scheme`] a TLS signature scheme. Refused: MD2, MD5 and SHA-1 (as `WeakAlgorithm`), DSA even if the signature is right (as
//! `RetiredAlgorithm`), RSA and DSA keys below 1024 bits (as `WeakKey`), PSS whose mask uses another digest than the message. SHA-1 and
//! DSA are believed by [`verify_leniently`] if it is told to.

use const_oid::db::{rfc5912, rfc8410};
use der::asn1::ObjectIdentifier;
use pkcs1::{DecodeRsaPublicKey as _, RsaPssParamsOwned};
use sha2::Digest as _;
use signature::{Verifier as _, hazmat::PrehashVerifier as _};
use spki::AlgorithmIdentifierRef;
use thiserror::Error;

use crate::{
    ecdsa::{verify_p256, verify_p384},
    ml_dsa::ParameterSet,
    public::{Material, PublicKey},
    rsa_public::{DIGEST_INFO_SHA1, digest_info},
    scheme::{Digest, ID_RSASSA_PSS, SignatureScheme},
    x509::{ID_ML_DSA_44, ID_ML_DSA_65, ID_ML_DSA_87},
};

/// Why a signature was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum VerifyError {
    /// Key and algorithm are fine, the signature is not by this key over this message.
    #[error("bad signature")]
    BadSignature,
    /// A signature or key algorithm that is not supported.
    #[error("unsupported signature algorithm {oid}")]
    UnsupportedAlgorithm {
        /// Dotted object identifier.
        oid: String,
    },
    /// A signature made with a digest that can be forged: MD2, MD5 or SHA-1.
    #[error("weak signature algorithm {oid}")]
    WeakAlgorithm {
        /// Dotted object identifier.
        oid: String,
    },
    /// The signature is by this key over this message, and nobody approves of its algorithm any more: DSA (FIPS 186-5).
    #[error("right signature of an algorithm that is no longer approved, {oid}")]
    RetiredAlgorithm {
        /// Dotted object identifier.
        oid: String,
    },
    /// An RSA or DSA key so short that anyone may have made the signature.
    #[error("weak key of {bits} bits")]
    WeakKey {
        /// Length of the modulus.
        bits: u32,
    },
    /// The algorithm is for another type of key.
    #[error("the signature algorithm is for another type of key")]
    KeyMismatch,
    /// The parameters of the algorithm are missing, superfluous or malformed.
    #[error("bad parameters of the signature algorithm")]
    BadParameters,
    /// The DSA key leaves its parameters to the issuer of its certificate: [`PublicKey::with_parameters_of`].
    #[error("the parameters of the key are those of its issuer")]
    ParametersMissing,
}

/// What is believed although it proves nothing today: for looking at what was signed long ago by someone who had no reason to cheat. The
/// default believes nothing of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Lenience {
    /// SHA-1 in signatures of RSA PKCS#1 v1.5, ECDSA and DSA, which can be forged (RFC 6194).
    pub dangerously_accept_sha1: bool,
    /// DSA, which is no longer approved (FIPS 186-5).
    pub dangerously_accept_dsa: bool,
}

/// Checks an X.509 signature: `message` is the signed DER structure, `signature` the content of the bit string.
///
/// # Errors
/// See [`VerifyError`]; `BadSignature` only when all else was in order.
pub fn verify(
    key: &PublicKey,
    algorithm: AlgorithmIdentifierRef<'_>,
    message: &[u8],
    signature: &[u8],
) -> Result<(), VerifyError> {
    verify_leniently(key, algorithm, message, signature, Lenience::default())
}

/// As [`verify`], and believes more.
///
/// # Errors
/// See [`VerifyError`].
pub fn verify_leniently(
    key: &PublicKey,
    algorithm: AlgorithmIdentifierRef<'_>,
    message: &[u8],
    signature: &[u8],
    lenience: Lenience,
) -> Result<(), VerifyError> {
    let weak = || Err(VerifyError::WeakAlgorithm { oid: algorithm.oid.to_string() });
    match parse_algorithm(algorithm)? {
        Method::RsaPkcs1Sha1 | Method::EcdsaSha1 if !lenience.dangerously_accept_sha1 => weak(),
        Method::RsaPkcs1Sha1 => rsa_pkcs1_sha1(key, message, signature),
        Method::EcdsaSha1 => ecdsa_sha1(key, message, signature),
        Method::RsaPkcs1(digest) => rsa_pkcs1(key, digest, message, signature),
        Method::RsaPss(digest, salt) => rsa_pss(key, digest, salt, message, signature),
        Method::Ecdsa(digest) => ecdsa(key, digest, message, signature),
        Method::Ed25519 => ed25519(key, message, signature),
        Method::Ed448 => ed448(key, message, signature),
        Method::MlDsa(set) => ml_dsa(key, set, message, signature),
        Method::Dsa(digest) => {
            dsa(key, digest, message, signature)?;
            if digest == DsaDigest::Sha1 && !lenience.dangerously_accept_sha1 {
                weak()
            } else if !lenience.dangerously_accept_dsa {
                Err(VerifyError::RetiredAlgorithm { oid: algorithm.oid.to_string() })
            } else {
                Ok(())
            }
        }
    }
}

/// Which rules apply to a TLS signature scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsRules {
    /// PKCS#1 v1.5 is allowed, ECDSA schemes name a digest but no curve (RFC 8446, section 4.2.3, last note).
    Tls12,
    /// No PKCS#1 v1.5, and the curve of the scheme is that of the key.
    Tls13,
}

/// Checks a TLS handshake signature over `message` (for TLS 1.3 including the 64 spaces and context string).
///
/// # Errors
/// See [`VerifyError`].
pub fn verify_scheme(
    key: &PublicKey,
    scheme: SignatureScheme,
    rules: TlsRules,
    message: &[u8],
    signature: &[u8],
) -> Result<(), VerifyError> {
    use SignatureScheme as S;
    let Some(digest) = scheme.digest() else { return ed25519(key, message, signature) };
    match scheme {
        S::RsaPkcs1Sha256 | S::RsaPkcs1Sha384 | S::RsaPkcs1Sha512 => match rules {
            TlsRules::Tls12 => rsa_pkcs1(key, digest, message, signature),
            TlsRules::Tls13 => Err(VerifyError::KeyMismatch),
        },
        S::RsaPssRsaeSha256 | S::RsaPssRsaeSha384 | S::RsaPssRsaeSha512 => match key.material() {
            Material::Rsa { pss_only: true, .. } => Err(VerifyError::KeyMismatch),
            _ => rsa_pss(key, digest, digest_length(digest), message, signature),
        },
        S::RsaPssPssSha256 | S::RsaPssPssSha384 | S::RsaPssPssSha512 => match key.material() {
            Material::Rsa { pss_only: false, .. } => Err(VerifyError::KeyMismatch),
            _ => rsa_pss(key, digest, digest_length(digest), message, signature),
        },
        S::EcdsaSecp256r1Sha256 | S::EcdsaSecp384r1Sha384 | S::EcdsaSecp521r1Sha512 => {
            let own = match key.material() {
                Material::P256(_) => S::EcdsaSecp256r1Sha256,
                Material::P384(_) => S::EcdsaSecp384r1Sha384,
                Material::P521(_) => S::EcdsaSecp521r1Sha512,
                _ => return Err(VerifyError::KeyMismatch),
            };
            if rules == TlsRules::Tls13 && own != scheme {
                return Err(VerifyError::KeyMismatch);
            }
            ecdsa(key, digest, message, signature)
        }
        S::Ed25519 => ed25519(key, message, signature),
    }
}

/// How a signature is checked, read from its `AlgorithmIdentifier`.
enum Method {
    RsaPkcs1(Digest),
    RsaPss(Digest, usize),
    Ecdsa(Digest),
    Ed25519,
    Ed448,
    MlDsa(ParameterSet),
    Dsa(DsaDigest),
    RsaPkcs1Sha1,
    EcdsaSha1,
}

/// The digests that go with DSA.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DsaDigest {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

fn parse_algorithm(algorithm: AlgorithmIdentifierRef<'_>) -> Result<Method, VerifyError> {
    let null_or_absent = || match algorithm.parameters {
        None => Ok(()),
        Some(parameters) if parameters.is_null() => Ok(()),
        Some(_) => Err(VerifyError::BadParameters),
    };
    let absent = || algorithm.parameters.map_or(Ok(()), |_| Err(VerifyError::BadParameters));
    match algorithm.oid {
        rfc5912::SHA_256_WITH_RSA_ENCRYPTION => null_or_absent().map(|()| Method::RsaPkcs1(Digest::Sha256)),
        rfc5912::SHA_384_WITH_RSA_ENCRYPTION => null_or_absent().map(|()| Method::RsaPkcs1(Digest::Sha384)),
        rfc5912::SHA_512_WITH_RSA_ENCRYPTION => null_or_absent().map(|()| Method::RsaPkcs1(Digest::Sha512)),
        ID_RSASSA_PSS => parse_pss(algorithm),
        rfc5912::ECDSA_WITH_SHA_256 => absent().map(|()| Method::Ecdsa(Digest::Sha256)),
        rfc5912::ECDSA_WITH_SHA_384 => absent().map(|()| Method::Ecdsa(Digest::Sha384)),
        rfc5912::ECDSA_WITH_SHA_512 => absent().map(|()| Method::Ecdsa(Digest::Sha512)),
        rfc8410::ID_ED_25519 => absent().map(|()| Method::Ed25519),
        rfc8410::ID_ED_448 => absent().map(|()| Method::Ed448),
        ID_ML_DSA_44 => absent().map(|()| Method::MlDsa(ParameterSet::MlDsa44)),
        ID_ML_DSA_65 => absent().map(|()| Method::MlDsa(ParameterSet::MlDsa65)),
        ID_ML_DSA_87 => absent().map(|()| Method::MlDsa(ParameterSet::MlDsa87)),
        rfc5912::DSA_WITH_SHA_1 => absent().map(|()| Method::Dsa(DsaDigest::Sha1)),
        rfc5912::DSA_WITH_SHA_224 => absent().map(|()| Method::Dsa(DsaDigest::Sha224)),
        rfc5912::DSA_WITH_SHA_256 => absent().map(|()| Method::Dsa(DsaDigest::Sha256)),
        DSA_WITH_SHA_384 => absent().map(|()| Method::Dsa(DsaDigest::Sha384)),
        DSA_WITH_SHA_512 => absent().map(|()| Method::Dsa(DsaDigest::Sha512)),
        rfc5912::SHA_1_WITH_RSA_ENCRYPTION | OIW_SHA_1_WITH_RSA => {
            null_or_absent().map(|()| Method::RsaPkcs1Sha1)
        }
        ECDSA_WITH_SHA_1 => absent().map(|()| Method::EcdsaSha1),
        oid if WEAK.contains(&oid) => Err(VerifyError::WeakAlgorithm { oid: oid.to_string() }),
        oid => Err(VerifyError::UnsupportedAlgorithm { oid: oid.to_string() }),
    }
}

const DSA_WITH_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.3");
const DSA_WITH_SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.4");
/// `ecdsa-with-SHA1` (RFC 3279, section 2.2.3).
const ECDSA_WITH_SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.1");
/// `sha1WithRSASignature` of the OIW, which old tools still write.
const OIW_SHA_1_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.29");

/// Signature algorithms with a digest so weak that they are never checked: MD2, MD4, MD5, and MD5 of the OIW.
const WEAK: [ObjectIdentifier; 4] = [
    rfc5912::MD_2_WITH_RSA_ENCRYPTION,
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.3"),
    rfc5912::MD_5_WITH_RSA_ENCRYPTION,
    ObjectIdentifier::new_unwrap("1.3.14.3.2.3"),
];

fn parse_pss(algorithm: AlgorithmIdentifierRef<'_>) -> Result<Method, VerifyError> {
    let parameters = algorithm.parameters.ok_or(VerifyError::BadParameters)?;
    // Anything but the one trailer field fails to decode here (RFC 8017, appendix A.2.3).
    let parameters: RsaPssParamsOwned = parameters.decode_as().map_err(|_| VerifyError::BadParameters)?;
    if parameters.mask_gen.oid != rfc5912::ID_MGF_1 {
        return Err(VerifyError::UnsupportedAlgorithm { oid: parameters.mask_gen.oid.to_string() });
    }
    let digest = match parameters.hash.oid {
        rfc5912::ID_SHA_256 => Digest::Sha256,
        rfc5912::ID_SHA_384 => Digest::Sha384,
        rfc5912::ID_SHA_512 => Digest::Sha512,
        rfc5912::ID_SHA_1 => {
            return Err(VerifyError::WeakAlgorithm { oid: parameters.hash.oid.to_string() });
        }
        oid => return Err(VerifyError::UnsupportedAlgorithm { oid: oid.to_string() }),
    };
    match parameters.mask_gen.parameters {
        Some(mask) if mask.oid == parameters.hash.oid => {}
        _ => return Err(VerifyError::BadParameters),
    }
    Ok(Method::RsaPss(digest, usize::from(parameters.salt_len)))
}

fn rsa_pkcs1(key: &PublicKey, digest: Digest, message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
    rsa_pkcs1_hash(key, digest_info(digest), &hash(digest, message), signature)
}

fn rsa_pkcs1_sha1(key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
    rsa_pkcs1_hash(key, DIGEST_INFO_SHA1, &sha1::Sha1::digest(message), signature)
}

fn rsa_pkcs1_hash(key: &PublicKey, info: &[u8], hash: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
    let key = match key.material() {
        Material::Rsa { key, pss_only: false } => key,
        Material::WeakRsa { bits } => return Err(VerifyError::WeakKey { bits: *bits }),
        _ => return Err(VerifyError::KeyMismatch),
    };
    if key.verify_pkcs1(info, hash, signature) { Ok(()) } else { Err(VerifyError::BadSignature) }
}

fn rsa_pss(
    key: &PublicKey,
    digest: Digest,
    salt_length: usize,
    message: &[u8],
    signature: &[u8],
) -> Result<(), VerifyError> {
    match key.material() {
        Material::Rsa { .. } => {}
        Material::WeakRsa { bits } => return Err(VerifyError::WeakKey { bits: *bits }),
        _ => return Err(VerifyError::KeyMismatch),
    }
    let key = rsa::RsaPublicKey::from_pkcs1_der(key.key_bits()).map_err(|_| VerifyError::BadSignature)?;
    let hash = hash(digest, message);
    match digest {
        Digest::Sha256 => key.verify(rsa::Pss::<sha2::Sha256>::new_with_salt(salt_length), &hash, signature),
        Digest::Sha384 => key.verify(rsa::Pss::<sha2::Sha384>::new_with_salt(salt_length), &hash, signature),
        Digest::Sha512 => key.verify(rsa::Pss::<sha2::Sha512>::new_with_salt(salt_length), &hash, signature),
    }
    .map_err(|_| VerifyError::BadSignature)
}

fn ecdsa(key: &PublicKey, digest: Digest, message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
    let hash = hash(digest, message);
    let bad = |_| VerifyError::BadSignature;
    match key.material() {
        Material::P256(key) => {
            let signature = p256::ecdsa::Signature::from_der(signature).map_err(bad)?;
            if verify_p256(key, &hash, &signature) { Ok(()) } else { Err(VerifyError::BadSignature) }
        }
        Material::P384(key) => {
            let signature = p384::ecdsa::Signature::from_der(signature).map_err(bad)?;
            if verify_p384(key, &hash, &signature) { Ok(()) } else { Err(VerifyError::BadSignature) }
        }
        Material::P521(key) => {
            let signature = p521::ecdsa::Signature::from_der(signature).map_err(bad)?;
            key.verify_prehash(&hash, &signature).map_err(bad)
        }
        Material::Other => Err(VerifyError::UnsupportedAlgorithm { oid: key.algorithm().to_string() }),
        _ => Err(VerifyError::KeyMismatch),
    }
}

fn ecdsa_sha1(key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
    let mut hash = sha1::Sha1::digest(message).to_vec();
    // A hash shorter than the order of the curve is a number all the same; the crates want it as long as the order.
    let mut padded = |length: usize| hash.splice(..0, core::iter::repeat_n(0, length - 20)).for_each(drop);
    let bad = |_| VerifyError::BadSignature;
    match key.material() {
        Material::P256(key) => {
            padded(32);
            key.verify_prehash(&hash, &p256::ecdsa::Signature::from_der(signature).map_err(bad)?)
        }
        Material::P384(key) => {
            padded(48);
            key.verify_prehash(&hash, &p384::ecdsa::Signature::from_der(signature).map_err(bad)?)
        }
        Material::P521(key) => {
            padded(66);
            key.verify_prehash(&hash, &p521::ecdsa::Signature::from_der(signature).map_err(bad)?)
        }
        Material::Other => {
            return Err(VerifyError::UnsupportedAlgorithm { oid: key.algorithm().to_string() });
        }
        _ => return Err(VerifyError::KeyMismatch),
    }
    .map_err(bad)
}

fn dsa(key: &PublicKey, digest: DsaDigest, message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
    if !matches!(key.material(), Material::Dsa) {
        return Err(VerifyError::KeyMismatch);
    }
    let hash = match digest {
        DsaDigest::Sha1 => sha1::Sha1::digest(message).to_vec(),
        DsaDigest::Sha224 => sha2::Sha224::digest(message).to_vec(),
        DsaDigest::Sha256 => sha2::Sha256::digest(message).to_vec(),
        DsaDigest::Sha384 => sha2::Sha384::digest(message).to_vec(),
        DsaDigest::Sha512 => sha2::Sha512::digest(message).to_vec(),
    };
    crate::dsa::verify(key, &hash, signature)
}

fn ed25519(key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
    let Material::Ed25519(key) = key.material() else { return Err(VerifyError::KeyMismatch) };
    let signature = ed25519_dalek::Signature::from_slice(signature).map_err(|_| VerifyError::BadSignature)?;
    key.verify(message, &signature).map_err(|_| VerifyError::BadSignature)
}

fn ed448(key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
    let Material::Ed448(key) = key.material() else { return Err(VerifyError::KeyMismatch) };
    let signature =
        ed448_goldilocks::Signature::from_slice(signature).map_err(|_| VerifyError::BadSignature)?;
    key.verify_raw(&signature, message).map_err(|_| VerifyError::BadSignature)
}

fn ml_dsa(key: &PublicKey, set: ParameterSet, message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
    match key.material() {
        Material::MlDsa(own) if *own == set => {}
        _ => return Err(VerifyError::KeyMismatch),
    }
    match crate::ml_dsa::verify(set, key.key_bits(), message, signature) {
        Some(true) => Ok(()),
        _ => Err(VerifyError::BadSignature),
    }
}

pub(crate) fn hash(digest: Digest, message: &[u8]) -> Vec<u8> {
    match digest {
        Digest::Sha256 => sha2::Sha256::digest(message).to_vec(),
        Digest::Sha384 => sha2::Sha384::digest(message).to_vec(),
        Digest::Sha512 => sha2::Sha512::digest(message).to_vec(),
    }
}

pub(crate) fn digest_length(digest: Digest) -> usize {
    match digest {
        Digest::Sha256 => 32,
        Digest::Sha384 => 48,
        Digest::Sha512 => 64,
    }
}
