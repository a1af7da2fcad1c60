//! Signature schemes by their TLS code points (RFC 8446, section 4.2.3), and what X.509 calls them.

use core::fmt;

use const_oid::db::{rfc5912, rfc8410};
use der::{
    Encode,
    asn1::{Any, Null, ObjectIdentifier},
};
use pkcs1::RsaPssParams;
use spki::AlgorithmIdentifierOwned;

/// A signature scheme: algorithm, padding and digest in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are those of RFC 8446")]
pub enum SignatureScheme {
    RsaPkcs1Sha256,
    RsaPkcs1Sha384,
    RsaPkcs1Sha512,
    EcdsaSecp256r1Sha256,
    EcdsaSecp384r1Sha384,
    /// Checked, never produced.
    EcdsaSecp521r1Sha512,
    RsaPssRsaeSha256,
    RsaPssRsaeSha384,
    RsaPssRsaeSha512,
    /// Checked, never produced.
    Ed25519,
    /// Checked, never produced.
    RsaPssPssSha256,
    /// Checked, never produced.
    RsaPssPssSha384,
    /// Checked, never produced.
    RsaPssPssSha512,
}

/// Digest of a scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digest {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

const TABLE: [(SignatureScheme, u16, &str); 13] = [
    (SignatureScheme::RsaPkcs1Sha256, 0x0401, "rsa_pkcs1_sha256"),
    (SignatureScheme::RsaPkcs1Sha384, 0x0501, "rsa_pkcs1_sha384"),
    (SignatureScheme::RsaPkcs1Sha512, 0x0601, "rsa_pkcs1_sha512"),
    (SignatureScheme::EcdsaSecp256r1Sha256, 0x0403, "ecdsa_secp256r1_sha256"),
    (SignatureScheme::EcdsaSecp384r1Sha384, 0x0503, "ecdsa_secp384r1_sha384"),
    (SignatureScheme::EcdsaSecp521r1Sha512, 0x0603, "ecdsa_secp521r1_sha512"),
    (SignatureScheme::RsaPssRsaeSha256, 0x0804, "rsa_pss_rsae_sha256"),
    (SignatureScheme::RsaPssRsaeSha384, 0x0805, "rsa_pss_rsae_sha384"),
    (SignatureScheme::RsaPssRsaeSha512, 0x0806, "rsa_pss_rsae_sha512"),
    (SignatureScheme::Ed25519, 0x0807, "ed25519"),
    (SignatureScheme::RsaPssPssSha256, 0x0809, "rsa_pss_pss_sha256"),
    (SignatureScheme::RsaPssPssSha384, 0x080a, "rsa_pss_pss_sha384"),
    (SignatureScheme::RsaPssPssSha512, 0x080b, "rsa_pss_pss_sha512"),
];

impl SignatureScheme {
    /// Every scheme that is known here.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|(scheme, _, _)| *scheme)
    }

    /// The scheme with this TLS code point, if it is known here.
    pub fn from_u16(code: u16) -> Option<Self> {
        TABLE.iter().find(|(_, known, _)| *known == code).map(|(scheme, _, _)| *scheme)
    }

    /// The TLS code point.
    pub fn to_u16(self) -> u16 {
        TABLE.iter().find(|(scheme, _, _)| *scheme == self).map_or(0, |(_, code, _)| *code)
    }

    /// The name in RFC 8446.
    pub fn name(self) -> &'static str {
        TABLE.iter().find(|(scheme, _, _)| *scheme == self).map_or("", |(_, _, name)| name)
    }

    /// The digest that is signed; Ed25519 has none of its own choosing.
    pub fn digest(self) -> Option<Digest> {
        match self {
            Self::RsaPkcs1Sha256
            | Self::EcdsaSecp256r1Sha256
            | Self::RsaPssRsaeSha256
            | Self::RsaPssPssSha256 => Some(Digest::Sha256),
            Self::RsaPkcs1Sha384
            | Self::EcdsaSecp384r1Sha384
            | Self::RsaPssRsaeSha384
            | Self::RsaPssPssSha384 => Some(Digest::Sha384),
            Self::RsaPkcs1Sha512
            | Self::EcdsaSecp521r1Sha512
            | Self::RsaPssRsaeSha512
            | Self::RsaPssPssSha512 => Some(Digest::Sha512),
            Self::Ed25519 => None,
        }
    }

    /// The X.509 `AlgorithmIdentifier` (RFC 4055, RFC 5758, RFC 8410).
    pub fn algorithm_identifier(self) -> AlgorithmIdentifierOwned {
        let with_null = |oid| AlgorithmIdentifierOwned { oid, parameters: Some(Any::from(Null)) };
        let bare = |oid| AlgorithmIdentifierOwned { oid, parameters: None };
        match self {
            Self::RsaPkcs1Sha256 => with_null(rfc5912::SHA_256_WITH_RSA_ENCRYPTION),
            Self::RsaPkcs1Sha384 => with_null(rfc5912::SHA_384_WITH_RSA_ENCRYPTION),
            Self::RsaPkcs1Sha512 => with_null(rfc5912::SHA_512_WITH_RSA_ENCRYPTION),
            Self::EcdsaSecp256r1Sha256 => bare(rfc5912::ECDSA_WITH_SHA_256),
            Self::EcdsaSecp384r1Sha384 => bare(rfc5912::ECDSA_WITH_SHA_384),
            Self::EcdsaSecp521r1Sha512 => bare(rfc5912::ECDSA_WITH_SHA_512),
            Self::RsaPssRsaeSha256 | Self::RsaPssPssSha256 => pss_identifier::<sha2::Sha256>(32),
            Self::RsaPssRsaeSha384 | Self::RsaPssPssSha384 => pss_identifier::<sha2::Sha384>(48),
            Self::RsaPssRsaeSha512 | Self::RsaPssPssSha512 => pss_identifier::<sha2::Sha512>(64),
            Self::Ed25519 => bare(rfc8410::ID_ED_25519),
        }
    }
}

impl fmt::Display for SignatureScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn pss_identifier<D: const_oid::AssociatedOid>(salt_length: u8) -> AlgorithmIdentifierOwned {
    let parameters = RsaPssParams::new::<D>(salt_length);
    let parameters = parameters.to_der().ok().and_then(|der| der::Decode::from_der(der.as_slice()).ok());
    AlgorithmIdentifierOwned { oid: ID_RSASSA_PSS, parameters }
}

/// `id-RSASSA-PSS` as an object identifier.
pub(crate) const ID_RSASSA_PSS: ObjectIdentifier = rfc5912::ID_RSASSA_PSS;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_round_trip() {
        for scheme in SignatureScheme::all() {
            assert_eq!(SignatureScheme::from_u16(scheme.to_u16()), Some(scheme));
            let identifier = scheme.algorithm_identifier();
            assert_eq!(identifier.oid == ID_RSASSA_PSS, scheme.name().contains("pss"));
            assert!(identifier.oid != ID_RSASSA_PSS || identifier.parameters.is_some());
        }
        assert_eq!(SignatureScheme::from_u16(0x0201), None);
    }
}
