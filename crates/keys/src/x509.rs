//! The signature algorithms of certificates and requests, by the names that people choose from (RFC 4055, RFC 5758,
//! RFC 8410, RFC 9881).
//!
//! What is offered for a key is what fits it. MD5 and SHA-1 are not offered for any.

use core::fmt;

use const_oid::db::{rfc5912, rfc8410};
use der::{
    Encode,
    asn1::{Any, Null, ObjectIdentifier},
};
use pkcs1::RsaPssParams;
use spki::AlgorithmIdentifierOwned;

use crate::{
    ml_dsa::ParameterSet,
    scheme::{Digest, ID_RSASSA_PSS},
};

/// `id-ml-dsa-44` (RFC 9881, section 2).
pub(crate) const ID_ML_DSA_44: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.17");
/// `id-ml-dsa-65`.
pub(crate) const ID_ML_DSA_65: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.18");
/// `id-ml-dsa-87`.
pub(crate) const ID_ML_DSA_87: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.19");

/// How a certificate or a request is signed: algorithm, padding and digest in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum X509Signature {
    RsaPkcs1Sha256,
    RsaPkcs1Sha384,
    RsaPkcs1Sha512,
    RsaPssSha256,
    RsaPssSha384,
    RsaPssSha512,
    EcdsaSha256,
    EcdsaSha384,
    EcdsaSha512,
    Ed25519,
    MlDsa44,
    MlDsa65,
    MlDsa87,
}

impl X509Signature {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::RsaPkcs1Sha256,
        Self::RsaPkcs1Sha384,
        Self::RsaPkcs1Sha512,
        Self::RsaPssSha256,
        Self::RsaPssSha384,
        Self::RsaPssSha512,
        Self::EcdsaSha256,
        Self::EcdsaSha384,
        Self::EcdsaSha512,
        Self::Ed25519,
        Self::MlDsa44,
        Self::MlDsa65,
        Self::MlDsa87,
    ];

    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::RsaPkcs1Sha256 => "RSA PKCS#1 with SHA-256",
            Self::RsaPkcs1Sha384 => "RSA PKCS#1 with SHA-384",
            Self::RsaPkcs1Sha512 => "RSA PKCS#1 with SHA-512",
            Self::RsaPssSha256 => "RSA-PSS with SHA-256",
            Self::RsaPssSha384 => "RSA-PSS with SHA-384",
            Self::RsaPssSha512 => "RSA-PSS with SHA-512",
            Self::EcdsaSha256 => "ECDSA with SHA-256",
            Self::EcdsaSha384 => "ECDSA with SHA-384",
            Self::EcdsaSha512 => "ECDSA with SHA-512",
            Self::Ed25519 => "Ed25519",
            Self::MlDsa44 => "ML-DSA-44",
            Self::MlDsa65 => "ML-DSA-65",
            Self::MlDsa87 => "ML-DSA-87",
        }
    }

    pub(crate) fn of_ml_dsa(set: ParameterSet) -> Self {
        match set {
            ParameterSet::MlDsa44 => Self::MlDsa44,
            ParameterSet::MlDsa65 => Self::MlDsa65,
            ParameterSet::MlDsa87 => Self::MlDsa87,
        }
    }

    /// The digest that is signed; Ed25519 and ML-DSA have none of their own choosing.
    pub fn digest(self) -> Option<Digest> {
        match self {
            Self::RsaPkcs1Sha256 | Self::RsaPssSha256 | Self::EcdsaSha256 => Some(Digest::Sha256),
            Self::RsaPkcs1Sha384 | Self::RsaPssSha384 | Self::EcdsaSha384 => Some(Digest::Sha384),
            Self::RsaPkcs1Sha512 | Self::RsaPssSha512 | Self::EcdsaSha512 => Some(Digest::Sha512),
            Self::Ed25519 | Self::MlDsa44 | Self::MlDsa65 | Self::MlDsa87 => None,
        }
    }

    /// Whether this is RSASSA-PSS. The salt is as long as the digest, which is what every reader takes.
    pub fn is_pss(self) -> bool {
        matches!(self, Self::RsaPssSha256 | Self::RsaPssSha384 | Self::RsaPssSha512)
    }

    /// The X.509 `AlgorithmIdentifier`.
    pub fn algorithm_identifier(self) -> AlgorithmIdentifierOwned {
        let with_null = |oid| AlgorithmIdentifierOwned { oid, parameters: Some(Any::from(Null)) };
        let bare = |oid| AlgorithmIdentifierOwned { oid, parameters: None };
        match self {
            Self::RsaPkcs1Sha256 => with_null(rfc5912::SHA_256_WITH_RSA_ENCRYPTION),
            Self::RsaPkcs1Sha384 => with_null(rfc5912::SHA_384_WITH_RSA_ENCRYPTION),
            Self::RsaPkcs1Sha512 => with_null(rfc5912::SHA_512_WITH_RSA_ENCRYPTION),
            Self::RsaPssSha256 => pss_identifier::<sha2::Sha256>(32),
            Self::RsaPssSha384 => pss_identifier::<sha2::Sha384>(48),
            Self::RsaPssSha512 => pss_identifier::<sha2::Sha512>(64),
            Self::EcdsaSha256 => bare(rfc5912::ECDSA_WITH_SHA_256),
            Self::EcdsaSha384 => bare(rfc5912::ECDSA_WITH_SHA_384),
            Self::EcdsaSha512 => bare(rfc5912::ECDSA_WITH_SHA_512),
            Self::Ed25519 => bare(rfc8410::ID_ED_25519),
            Self::MlDsa44 => bare(ID_ML_DSA_44),
            Self::MlDsa65 => bare(ID_ML_DSA_65),
            Self::MlDsa87 => bare(ID_ML_DSA_87),
        }
    }
}

impl fmt::Display for X509Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn pss_identifier<D: const_oid::AssociatedOid>(salt_length: u8) -> AlgorithmIdentifierOwned {
    let parameters = RsaPssParams::new::<D>(salt_length);
    let parameters = parameters.to_der().ok().and_then(|der| der::Decode::from_der(der.as_slice()).ok());
    AlgorithmIdentifierOwned { oid: ID_RSASSA_PSS, parameters }
}
