//! JKS, Java's own keystore until Java 8 (OpenJDK, `sun.security.provider.JavaKeyStore`).
//!
//! Read: versions 1 and 2, with the password, or without it as far as the file is in clear; entries with passwords of
//! their own; keys of any algorithm, protected as in JKS, in JCEKS or as in PKCS#8. Written: version 2, aliases in lower
//! case and keys under the password of the store, as keytool does. Refused: another magic number or version, and what
//! runs over the end of the file, with the place.
//!
//! The file: `FEEDFEED`, version, number of entries; each with its tag, alias and date, then a key with its chain or a
//! certificate; at the end the SHA-1 of the password and all this. [`crate::jceks`] has the same frame.

mod frame;
mod protector;
mod read;
mod write;

use certwright_keys::secret::Passwords;
use thiserror::Error;

pub(crate) use write::{Protection, generate};
pub use write::{WriteJksError, generate_jks, is_password_for_keytool};

use crate::{contents::Contents, java_bytes::Broken};

/// First four bytes of a JKS file.
pub const JKS_MAGIC: u32 = 0xfeed_feed;
/// First four bytes of a JCEKS file.
pub const JCEKS_MAGIC: u32 = 0xcece_cece;

/// Why a JKS or JCEKS file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadJksError {
    /// The file begins with another number.
    #[error("another format, that begins with {magic:08x}")]
    OtherMagic {
        /// Its first four bytes.
        magic: u32,
    },
    /// Another version than 1 and 2.
    #[error("version {version}")]
    UnsupportedVersion {
        /// The version that the file states.
        version: u32,
    },
    /// None of the passwords is that of the store.
    #[error("wrong password")]
    WrongPassword,
    /// A password opens a key, and the digest of the store is not made with it: the file has been changed, or the
    /// store has another password than the key.
    #[error("the digest does not fit, and the password opens the key {alias:?}")]
    DigestMismatch {
        /// Alias of the key that opened.
        alias: String,
    },
    /// More entries or certificates than the limit.
    #[error("more than {limit} entries or certificates")]
    TooManyItems {
        /// Most entries and certificates together.
        limit: usize,
    },
    /// The structure is broken.
    #[error("malformed {part} at byte {offset}")]
    Malformed {
        /// What should have been there.
        part: &'static str,
        /// Where it begins, in bytes from the start of the file.
        offset: usize,
    },
}

impl From<Broken> for ReadJksError {
    fn from(Broken { part, offset }: Broken) -> Self {
        Self::Malformed { part, offset }
    }
}

/// Reads a JKS file. With no password the empty one is tried, and if it is not that, what is in clear is listed:
/// certificates with [`Remark::IntegrityNotChecked`](crate::contents::Remark::IntegrityNotChecked), keys as locked.
///
/// # Errors
/// See [`ReadJksError`]. A key that opens and cannot be used is no error, it is named in the result.
pub fn parse_jks(bytes: &[u8], passwords: &Passwords) -> Result<Contents, ReadJksError> {
    read::read(bytes, &[JKS_MAGIC], passwords)
}

/// As [`parse_jks`], for either magic number.
pub(crate) fn parse_either(bytes: &[u8], passwords: &Passwords) -> Result<Contents, ReadJksError> {
    read::read(bytes, &[JCEKS_MAGIC, JKS_MAGIC], passwords)
}
