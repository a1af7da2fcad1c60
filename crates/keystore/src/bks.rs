//! BKS, the keystore of Bouncy Castle and of Android (Bouncy Castle, `BcKeyStoreSpi`), read only.
//!
//! Read: versions 0 to 2, with the password, or without it as far as the file is in clear. The file: version, salt and
//! iterations; entries with alias, date, chain and content; at the end an HMAC-SHA1 under a key that is derived as in
//! PKCS#12, of which versions 0 and 1 take 16 bits by mistake. Keys are sealed with 3DES as in PKCS#12. [`crate::uber`] holds
//! the same entries. Refused: other versions, and what runs over the end of the file, with the place.

mod entries;

use certwright_keys::{
    Password,
    password_based::{
        Budget, DecryptError, EncodedPassword,
        pkcs12_kdf::{Purpose, derive},
    },
    secret::Passwords,
};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use thiserror::Error;

pub(crate) use entries::{Entries, Reader};

use crate::{
    contents::{Contents, Remark},
    java_bytes::{Broken, Input},
};

/// Why a BKS or UBER file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadBksError {
    /// A version that is not supported.
    #[error("version {version}")]
    UnsupportedVersion {
        /// The version that the file states.
        version: u32,
    },
    /// A password is needed (UBER; what is in clear in BKS is listed without).
    #[error("a password is needed")]
    NeedsPassword,
    /// None of the passwords is that of the store.
    #[error("wrong password")]
    WrongPassword,
    /// A password opens what is within, and the store's digest does not fit: it has been changed, or (in BKS) the store has
    /// another password than the key.
    #[error("the digest does not fit, and the password opens what is within")]
    DigestMismatch,
    /// The file asks for too many iterations.
    #[error("password derivation too expensive: {iterations} iterations")]
    TooExpensive {
        /// Iterations of the derivation that was too much.
        iterations: u64,
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

impl From<Broken> for ReadBksError {
    fn from(Broken { part, offset }: Broken) -> Self {
        Self::Malformed { part, offset }
    }
}

/// What a file of either kind begins with.
pub(crate) struct Head<'a> {
    pub(crate) version: u32,
    pub(crate) salt: &'a [u8],
    pub(crate) iterations: u32,
}

impl<'a> Head<'a> {
    pub(crate) fn read(input: &mut Input<'a>) -> Result<Self, ReadBksError> {
        let version = input.u32("version")?;
        if version > 2 {
            return Err(ReadBksError::UnsupportedVersion { version });
        }
        let salt = input.counted("salt")?;
        let broken = input.broken("iterations");
        let iterations = input.u32("iterations")?;
        if iterations == 0 {
            return Err(broken.into());
        }
        Ok(Self { version, salt, iterations })
    }

    /// Takes the cost of one derivation.
    pub(crate) fn spend(&self, budget: &mut Budget) -> Result<(), ReadBksError> {
        budget.spend(self.iterations.into()).map_err(|error| match error {
            DecryptError::TooExpensive { iterations } => ReadBksError::TooExpensive { iterations },
            _ => ReadBksError::TooExpensive { iterations: self.iterations.into() },
        })
    }
}

/// A password as Bouncy Castle takes it: in UTF-16 with a terminating NUL, but for the empty one, which is nothing.
pub(crate) fn to_encoded(password: &Password) -> EncodedPassword {
    if password.is_empty() { EncodedPassword::nothing() } else { EncodedPassword::new(password) }
}

/// Reads a BKS file. With no password the empty one is tried, and if it is not that, what is in clear is listed:
/// certificates with [`Remark::IntegrityNotChecked`], keys as locked.
///
/// # Errors
/// See [`ReadBksError`]. A key that opens and cannot be used is no error, it is named in the result.
pub fn parse_bks(bytes: &[u8], passwords: &Passwords) -> Result<Contents, ReadBksError> {
    let mut input = Input::new(bytes);
    let head = Head::read(&mut input)?;
    let start = input.position();
    let entries = Entries::read(&mut input)?;
    let body = bytes.get(start..input.position()).unwrap_or_default();
    let code = input.bytes(20, "integrity code")?;
    let trailing = (input.left() > 0).then(|| (input.position(), input.left()));

    let mut budget = Budget::default();
    let empty = Passwords::from(Password::new(""));
    let given = if passwords.is_empty() { &empty } else { passwords };
    let mut of_store = None;
    for password in given {
        if is_whole(&head, body, code, password, &mut budget)? {
            of_store = Some(password);
            break;
        }
    }
    if of_store.is_none() && !passwords.is_empty() {
        let opens = passwords.iter().any(|password| entries.opens_first(password, &mut budget));
        return Err(if opens { ReadBksError::DigestMismatch } else { ReadBksError::WrongPassword });
    }
    let mut reader = Reader::new(of_store, passwords, budget);
    if of_store.is_none() {
        reader.contents.remarks.push(Remark::IntegrityNotChecked);
    }
    reader.read(entries);
    if let Some((offset, count)) = trailing {
        reader.push_trailing(offset, count);
    }
    Ok(reader.contents)
}

/// Whether the store was written with this password and not changed since.
fn is_whole(
    head: &Head<'_>,
    body: &[u8],
    code: &[u8],
    password: &Password,
    budget: &mut Budget,
) -> Result<bool, ReadBksError> {
    head.spend(budget)?;
    // The first versions took the number of bytes for one of bits.
    let length = if head.version == 2 { 20 } else { 2 };
    let password = to_encoded(password);
    let key =
        derive::<Sha1>(Purpose::Mac, password.bmp.as_bytes(), head.salt, head.iterations.into(), length);
    let Ok(mac) = Hmac::<Sha1>::new_from_slice(&key) else { return Ok(false) };
    Ok(mac.chain_update(body).verify_slice(code).is_ok())
}
