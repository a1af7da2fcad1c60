//! Signature schemes by their TLS code points (RFC 8446, section 4.2.3), and what X.509 calls them.

use core::fmt;

use const_oid::db::rfc5912;
use der::asn1::ObjectIdentifier;
use spki::AlgorithmIdentifierOwned;

use crate::x509::X509Signature;

/// A signature scheme: algorithm, padding and digest in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are those of RFC 8446")]
pub enum SignatureScheme {
    RsaPkcs1Sha256,
    RsaPkcs1Sha384,
    RsaPkcs1Sha512,
    EcdsaSecp256r1Sha256,
    EcdsaSecp384r1Sha384,
    EcdsaSecp521r1Sha512,
    RsaPssRsaeSha256,
    RsaPssRsaeSha384,
    RsaPssRsaeSha512,
    Ed25519,
    RsaPssPssSha256,
    RsaPssPssSha384,
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
        self.x509().digest()
    }

    /// The same signature as X.509 knows it.
    pub fn x509(self) -> X509Signature {
        match self {
            Self::RsaPkcs1Sha256 => X509Signature::RsaPkcs1Sha256,
            Self::RsaPkcs1Sha384 => X509Signature::RsaPkcs1Sha384,
            Self::RsaPkcs1Sha512 => X509Signature::RsaPkcs1Sha512,
            Self::EcdsaSecp256r1Sha256 => X509Signature::EcdsaSha256,
            Self::EcdsaSecp384r1Sha384 => X509Signature::EcdsaSha384,
            Self::EcdsaSecp521r1Sha512 => X509Signature::EcdsaSha512,
            Self::RsaPssRsaeSha256 | Self::RsaPssPssSha256 => X509Signature::RsaPssSha256,
            Self::RsaPssRsaeSha384 | Self::RsaPssPssSha384 => X509Signature::RsaPssSha384,
            Self::RsaPssRsaeSha512 | Self::RsaPssPssSha512 => X509Signature::RsaPssSha512,
            Self::Ed25519 => X509Signature::Ed25519,
        }
    }

    /// The X.509 `AlgorithmIdentifier` (RFC 4055, RFC 5758, RFC 8410).
    pub fn algorithm_identifier(self) -> AlgorithmIdentifierOwned {
        self.x509().algorithm_identifier()
    }
}

impl fmt::Display for SignatureScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
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
