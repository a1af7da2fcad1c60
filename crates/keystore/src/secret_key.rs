//! A symmetric key, as Java keeps them in its keystores.

use core::fmt;

use certwright_keys::SecretBytes;

/// A symmetric key with the name of its algorithm. Wiped on drop; its debug output is redacted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretKey {
    /// The name that Java gives the algorithm: `AES`, `DESede`, `HmacSHA256`.
    pub algorithm: String,
    /// The key itself.
    pub bytes: SecretBytes,
}

impl SecretKey {
    /// A key of this algorithm.
    pub fn new(algorithm: impl Into<String>, bytes: SecretBytes) -> Self {
        Self { algorithm: algorithm.into(), bytes }
    }

    /// Length in bits, of which some (the parity bits of DES) may not count.
    pub fn bits(&self) -> usize {
        self.bytes.len().saturating_mul(8)
    }
}

impl fmt::Display for SecretKey {
    /// Algorithm and length: `AES 256`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.algorithm, self.bits())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_without_the_key() {
        let key = SecretKey::new("AES", SecretBytes::new(b"0123456789abcdef".to_vec()));
        assert_eq!(key.to_string(), "AES 128");
        let debug = format!("{key:?}");
        assert!(debug.contains("redacted") && !debug.contains("48") && !debug.contains("0123"));
    }
}
