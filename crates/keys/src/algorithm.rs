//! Which algorithm a key is for, and which kinds of key can be generated.

use core::fmt;

use crate::{private::MIN_RSA_SIGN_BITS, public::MAX_RSA_BITS};

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

/// `id-dsa` (RFC 3279, section 2.3.2).
pub const DSA: &str = "1.2.840.10040.4.1";
/// `id-X25519` (RFC 8410, section 3).
pub const X25519: &str = "1.3.101.110";
/// `id-Ed448`.
pub const ED448: &str = "1.3.101.113";
/// `id-ml-dsa-44` (RFC 9881, section 2).
pub const ML_DSA_44: &str = "2.16.840.1.101.3.4.3.17";
/// `id-ml-dsa-65`.
pub const ML_DSA_65: &str = "2.16.840.1.101.3.4.3.18";
/// `id-ml-dsa-87`.
pub const ML_DSA_87: &str = "2.16.840.1.101.3.4.3.19";

/// Names of what is kept and never used: other curves (SEC 2, RFC 5639, ANSI X9.62) and other algorithms.
const NAMES: [(&str, &str); 34] = [
    ("1.2.840.10045.3.1.1", "EC P-192"),
    ("1.2.840.10045.3.1.2", "EC prime192v2"),
    ("1.2.840.10045.3.1.3", "EC prime192v3"),
    ("1.2.840.10045.3.1.4", "EC prime239v1"),
    ("1.2.840.10045.3.1.5", "EC prime239v2"),
    ("1.2.840.10045.3.1.6", "EC prime239v3"),
    ("1.3.132.0.33", "EC P-224"),
    ("1.3.132.0.10", "EC secp256k1"),
    ("1.3.132.0.31", "EC secp192k1"),
    ("1.3.132.0.32", "EC secp224k1"),
    ("1.3.132.0.1", "EC K-163"),
    ("1.3.132.0.15", "EC B-163"),
    ("1.3.132.0.26", "EC K-233"),
    ("1.3.132.0.27", "EC B-233"),
    ("1.3.132.0.16", "EC K-283"),
    ("1.3.132.0.17", "EC B-283"),
    ("1.3.132.0.36", "EC K-409"),
    ("1.3.132.0.37", "EC B-409"),
    ("1.3.132.0.38", "EC K-571"),
    ("1.3.132.0.39", "EC B-571"),
    ("1.3.36.3.3.2.8.1.1.7", "EC brainpoolP256r1"),
    ("1.3.36.3.3.2.8.1.1.8", "EC brainpoolP256t1"),
    ("1.3.36.3.3.2.8.1.1.9", "EC brainpoolP320r1"),
    ("1.3.36.3.3.2.8.1.1.10", "EC brainpoolP320t1"),
    ("1.3.36.3.3.2.8.1.1.11", "EC brainpoolP384r1"),
    ("1.3.36.3.3.2.8.1.1.12", "EC brainpoolP384t1"),
    ("1.3.36.3.3.2.8.1.1.13", "EC brainpoolP512r1"),
    ("1.3.36.3.3.2.8.1.1.14", "EC brainpoolP512t1"),
    ("1.2.156.10197.1.301", "EC SM2"),
    (X25519, "X25519"),
    ("1.3.101.111", "X448"),
    (ED448, "Ed448"),
    ("1.2.840.113549.1.3.1", "Diffie-Hellman"),
    (EC_PUBLIC_KEY, "EC with parameters of its own"),
];

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
    /// ML-DSA-44 (FIPS 204, RFC 9881).
    MlDsa44,
    /// ML-DSA-65.
    MlDsa65,
    /// ML-DSA-87.
    MlDsa87,
    /// DSA (FIPS 186-4), with the length of its modulus in bits.
    Dsa {
        /// Length of the prime p.
        bits: u32,
    },
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

    /// Whether this is a DSA key.
    pub fn is_dsa(&self) -> bool {
        matches!(self, Self::Dsa { .. })
    }

    /// Whether this is a key on a curve that is not supported.
    pub fn is_other_curve(&self) -> bool {
        matches!(self, Self::Other { .. }) && self.to_string().starts_with("EC ")
    }

    /// Whether this is one of the algorithms that withstand a quantum computer, and that few programs know yet.
    pub fn is_post_quantum(&self) -> bool {
        matches!(self, Self::MlDsa44 | Self::MlDsa65 | Self::MlDsa87)
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
            Self::MlDsa44 => f.write_str("ML-DSA-44"),
            Self::MlDsa65 => f.write_str("ML-DSA-65"),
            Self::MlDsa87 => f.write_str("ML-DSA-87"),
            Self::Dsa { bits } => write!(f, "DSA {bits}"),
            Self::Other { oid } => {
                let name = NAMES.iter().find(|(known, _)| known == oid).map(|(_, name)| *name);
                f.write_str(name.unwrap_or(oid))
            }
        }
    }
}

/// A kind of key that can be generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeySpec {
    /// RSA; [`KeySpec::rsa`] checks the length.
    Rsa {
        /// Length of the modulus: 2048 to 8192, a multiple of 8.
        bits: u32,
    },
    /// NIST P-256.
    EcP256,
    /// NIST P-384.
    EcP384,
    /// NIST P-521.
    EcP521,
    /// Ed25519.
    Ed25519,
    /// ML-DSA-44.
    MlDsa44,
    /// ML-DSA-65.
    MlDsa65,
    /// ML-DSA-87.
    MlDsa87,
}

impl KeySpec {
    /// The kinds that are worth offering, with the usual lengths of RSA: those that every peer knows first.
    pub const ALL: [Self; 11] = [
        Self::EcP256,
        Self::EcP384,
        Self::Rsa { bits: 2048 },
        Self::Rsa { bits: 3072 },
        Self::Rsa { bits: 4096 },
        Self::EcP521,
        Self::Ed25519,
        Self::Rsa { bits: 8192 },
        Self::MlDsa44,
        Self::MlDsa65,
        Self::MlDsa87,
    ];

    /// RSA of this length; `None` unless it is 2048 to 8192 bits and a multiple of 8.
    pub const fn rsa(bits: u32) -> Option<Self> {
        if bits >= MIN_RSA_SIGN_BITS && bits <= MAX_RSA_BITS && bits.is_multiple_of(8) {
            Some(Self::Rsa { bits })
        } else {
            None
        }
    }

    /// The algorithm of a key of this kind.
    pub fn algorithm(self) -> KeyAlgorithm {
        match self {
            Self::Rsa { bits } => KeyAlgorithm::Rsa { bits },
            Self::EcP256 => KeyAlgorithm::EcP256,
            Self::EcP384 => KeyAlgorithm::EcP384,
            Self::EcP521 => KeyAlgorithm::EcP521,
            Self::Ed25519 => KeyAlgorithm::Ed25519,
            Self::MlDsa44 => KeyAlgorithm::MlDsa44,
            Self::MlDsa65 => KeyAlgorithm::MlDsa65,
            Self::MlDsa87 => KeyAlgorithm::MlDsa87,
        }
    }
}

impl fmt::Display for KeySpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.algorithm().fmt(f)
    }
}
