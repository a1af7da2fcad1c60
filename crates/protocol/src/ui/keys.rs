//! Which keys can be made.

use serde::{Deserialize, Serialize};

/// Which key to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum KeyChoice {
    /// RSA.
    Rsa {
        /// Bits of the modulus, 2048 to 8192.
        bits: u32,
    },
    /// EC P-256.
    EcP256,
    /// EC P-384.
    EcP384,
    /// EC P-521.
    EcP521,
    /// Ed25519.
    Ed25519,
    /// ML-DSA-44 (FIPS 204, RFC 9881).
    MlDsa44,
    /// ML-DSA-65.
    MlDsa65,
    /// ML-DSA-87.
    MlDsa87,
}
