//! PKCS#12 (RFC 7292), the `.p12` and `.pfx` files of Java, OpenSSL, Windows and browsers.
//!
//! Read: DER and BER; integrity by the MAC of PKCS#12 with SHA-1 and SHA-2, by PBMAC1 (RFC 9579), or none; contents in
//! clear or encrypted with PBES2 or the schemes of PKCS#12 itself; any number of keys and certificates, Java's trusted
//! certificates and symmetric keys. Several passwords are tried, each in the encodings that programs use. Written: for a
//! [`Pkcs12Target`]. Refused, by identifier: the public-key modes, which no one uses. What is encrypted in an unknown way is
//! named, and the rest is read.

mod bags;
mod mac;
mod password;
mod read;
mod secret;
mod structures;
mod target;
#[cfg(test)]
mod tests;
mod view;
mod write;

use certwright_encoding::der::DerError;
use certwright_keys::password_based::DecryptError;
use thiserror::Error;

pub use read::parse_pkcs12;
pub use target::{PasswordTrouble, Pkcs12Target, is_password_for_java};
pub use write::{WritePkcs12Error, generate_pkcs12};

/// Why a PKCS#12 file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadPkcs12Error {
    /// A password is needed, and none was given (the empty one has been tried).
    #[error("a password is needed")]
    NeedsPassword,
    /// The password is wrong.
    #[error("wrong password")]
    WrongPassword,
    /// An algorithm of the file's encryption or integrity is not supported.
    #[error("unsupported algorithm {oid}")]
    UnsupportedAlgorithm {
        /// Dotted object identifier.
        oid: String,
    },
    /// The file asks for too many iterations.
    #[error("password derivation too expensive: {iterations} iterations")]
    TooExpensive {
        /// Iterations of the derivation that was too much.
        iterations: u64,
    },
    /// Another version than 3, the only one there is.
    #[error("version is not 3")]
    UnsupportedVersion,
    /// The structure is broken.
    #[error("malformed {part}")]
    Malformed {
        /// Which structure of RFC 7292.
        part: &'static str,
        /// Where in the file, if that can be said: inside of encrypted or converted parts it cannot.
        offset: Option<usize>,
    },
}

impl ReadPkcs12Error {
    /// A structure that is broken at some place inside another.
    fn malformed(part: &'static str) -> impl Fn(DerError) -> Self {
        move |_| Self::Malformed { part, offset: None }
    }

    fn decrypting(part: &'static str) -> impl Fn(DecryptError) -> Self {
        move |error| match error {
            DecryptError::UnsupportedAlgorithm { oid } => Self::UnsupportedAlgorithm { oid },
            DecryptError::TooExpensive { iterations } => Self::TooExpensive { iterations },
            DecryptError::Malformed => Self::Malformed { part, offset: None },
            DecryptError::WrongPassword => Self::WrongPassword,
        }
    }
}
