//! Which algorithm a key is for, and which kinds of key can be generated.

use core::fmt;

/// `rsaEncryption` (RFC 8017, appendix C).
pub const RSA_ENCRYPTION: &str = "1.2.840.113549.1.1.1";
/// `id-RSASSA-PSS` (RFC 8017, appendix C): an RSA key for PSS signatures alone.
pub const RSASSA_PSS: &str = "1.2.840.113549.1.1.10";
/// `id-ecPublicKey` (RFC 5480, section 2.1.1).
pub const EC_PUBLIC_KEY: &str = "1.2.840.10045.2.1";
/// `secp256r1` (RFC 5480, section 2.1.1.1).
pub const SECP256R1: &str = "1.2.840.10045.3.1.7";
/// `secp384r1` (RFC 5480, section 2.1.1.1).
pub const SECP384R1: &str = "1.3.132.0.34";
/// `secp521r1` (RFC 5480, section 2.1.1.1).
pub const SECP521R1: &str = "1.3.132.0.35";
/// `id-Ed25519` (RFC 8410, section 3).
pub const ED25519: &str = "1.3.101.112";

/// What a key is, as far as Certwright tells keys apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum KeyAlgorithm {
    /// RSA, with the length of its modulus in bits.
    Rsa {
        /// Length of the modulus.
        bits: u32,
    },
    /// NIST P-256, also called secp256r1 and prime256v1.
    EcP256,
    /// NIST P-384, also called secp384r1.
    EcP384,
    /// NIST P-521, also called secp521r1.
    EcP521,
    /// Ed25519 (RFC 8032).
    Ed25519,
    /// Anything else, by its object identifier (of the curve, for a key on another curve).
    Other {
        /// Dotted object identifier.
        oid: String,
    },
}

impl KeyAlgorithm {
    /// Whether this is a key on a NIST curve.
    pub fn is_ec(&self) -> bool {
        matches!(self, Self::EcP256 | Self::EcP384 | Self::EcP521)
    }

    /// Whether this is an RSA key.
    pub fn is_rsa(&self) -> bool {
        matches!(self, Self::Rsa { .. })
    }
}

impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { bits } => write!(f, "RSA {bits}"),
            Self::EcP256 => f.write_str("EC P-256"),
            Self::EcP384 => f.write_str("EC P-384"),
            Self::EcP521 => f.write_str("EC P-521"),
            Self::Ed25519 => f.write_str("Ed25519"),
            Self::Other { oid } => f.write_str(oid),
        }
    }
}

/// A kind of key that can be generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeySpec {
    /// RSA with a modulus of 2048 bits.
    Rsa2048,
    /// RSA with a modulus of 3072 bits.
    Rsa3072,
    /// RSA with a modulus of 4096 bits.
    Rsa4096,
    /// NIST P-256.
    EcP256,
    /// NIST P-384.
    EcP384,
}

impl KeySpec {
    /// All kinds, those that are made in an instant first.
    pub const ALL: [Self; 5] = [Self::EcP256, Self::EcP384, Self::Rsa2048, Self::Rsa3072, Self::Rsa4096];

    /// The algorithm of a key of this kind.
    pub fn algorithm(self) -> KeyAlgorithm {
        match self {
            Self::Rsa2048 => KeyAlgorithm::Rsa { bits: 2048 },
            Self::Rsa3072 => KeyAlgorithm::Rsa { bits: 3072 },
            Self::Rsa4096 => KeyAlgorithm::Rsa { bits: 4096 },
            Self::EcP256 => KeyAlgorithm::EcP256,
            Self::EcP384 => KeyAlgorithm::EcP384,
        }
    }
}

impl fmt::Display for KeySpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.algorithm().fmt(f)
    }
}
