//! What can be wrong with a key that is read, private or public.

use thiserror::Error;

/// Why a key could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadKeyError {
    /// There is no key in the input.
    #[error("no key in the input")]
    NoKey,
    /// The key is encrypted and no password was given.
    #[error("the key is encrypted: a password is needed")]
    NeedsPassword,
    /// The key does not decrypt with this password.
    #[error("wrong password")]
    WrongPassword,
    /// An algorithm (of the key, of its curve, or of its encryption) that is not supported.
    #[error("unsupported algorithm {oid}")]
    UnsupportedAlgorithm {
        /// Dotted object identifier.
        oid: String,
    },
    /// A key whose public half is not beside it, and that is not understood well enough to compute it.
    #[error("the public half of a key of algorithm {oid} is not known")]
    PublicKeyUnknown {
        /// Dotted object identifier (of the curve, for a key on another curve).
        oid: String,
    },
    /// An EC key whose curve is given by its equation, and that is none of the curves with a name here.
    #[error("EC key on a curve without a name")]
    ExplicitCurve,
    /// A cipher, key derivation or kind of key that has a name in place of an object identifier (OpenSSH, JWK).
    #[error("unsupported algorithm {name}")]
    UnsupportedName {
        /// The name as the file gives it.
        name: String,
    },
    /// A cipher of the pre-PKCS#8 encryption of OpenSSL's PEM (`DEK-Info`) that is not supported.
    #[error("unsupported PEM encryption {cipher}")]
    UnsupportedPemEncryption {
        /// Name of the cipher as the `DEK-Info` header gives it.
        cipher: String,
    },
    /// An RSA key with more than two primes.
    #[error("RSA key with more than two primes")]
    MultiPrime,
    /// The encoding is broken.
    #[error("malformed key{}", offset.map(|at| format!(" at byte {at}")).unwrap_or_default())]
    Malformed {
        /// Where in the (decrypted) DER structure, if known.
        offset: Option<usize>,
    },
    /// The encoding is sound, the numbers in it do not make a key.
    #[error("the numbers do not make a key")]
    InvalidKey,
    /// Private and public half, both in the input, do not belong together.
    #[error("the private key does not fit the public key beside it")]
    Mismatch,
    /// Deriving the key from the password would take too long, or too much memory.
    #[error("password derivation too expensive: {iterations} iterations")]
    TooExpensive {
        /// PBKDF2 iterations, or for scrypt its N.
        iterations: u64,
    },
    /// An RSA modulus longer than the limit.
    #[error("RSA key of {bits} bits, more than {limit}")]
    KeyTooLarge {
        /// Length of the modulus.
        bits: u32,
        /// Longest modulus that is accepted.
        limit: u32,
    },
    /// An RSA modulus shorter than what is still considered safe to sign with.
    #[error("RSA key of {bits} bits, less than {limit}")]
    KeyTooSmall {
        /// Length of the modulus.
        bits: u32,
        /// Shortest modulus that is accepted.
        limit: u32,
    },
}

impl From<der::Error> for ReadKeyError {
    fn from(error: der::Error) -> Self {
        Self::Malformed { offset: error.position().and_then(|at| usize::try_from(u32::from(at)).ok()) }
    }
}
