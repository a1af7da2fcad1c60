//! The frame of JKS and JCEKS: entries and digest, with nothing opened yet.

use certwright_keys::Password;
use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

use super::ReadJksError;
use crate::{
    java_bytes::{Broken, Input},
    java_entries::{MAX_ITEMS, RawCertificate},
    java_stream::StreamError,
    jceks::sealed::{Sealed, parse_sealed},
};

/// Bytes of the digest at the end.
const DIGEST: usize = 20;
/// What the digest covers between password and entries.
const WHITENER: &[u8] = b"Mighty Aphrodite";

pub(super) const PRIVATE_KEY: u32 = 1;
pub(super) const TRUSTED_CERTIFICATE: u32 = 2;
pub(super) const SECRET_KEY: u32 = 3;

/// A whole file.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    pub(super) entries: Vec<RawEntry<'a>>,
    /// Everything that the digest covers.
    body: &'a [u8],
    digest: &'a [u8],
    /// Entries that cannot be found, and where they begin.
    pub(super) unread: Option<(u32, usize)>,
    /// Bytes after the digest, and where they begin.
    pub(super) trailing: Option<(usize, usize)>,
}

/// One entry.
#[derive(Debug)]
pub(super) struct RawEntry<'a> {
    pub(super) alias: String,
    pub(super) created_ms: i64,
    pub(super) content: RawContent<'a>,
}

/// What is in an entry.
#[derive(Debug)]
pub(super) enum RawContent<'a> {
    PrivateKey { protected: &'a [u8], chain: Vec<RawCertificate<'a>> },
    Trusted(RawCertificate<'a>),
    Secret(Sealed<'a>),
}

impl<'a> Frame<'a> {
    pub(super) fn read(bytes: &'a [u8], magics: &[u32]) -> Result<Self, ReadJksError> {
        let mut input = Input::new(bytes);
        let magic = input.u32("magic number")?;
        if !magics.contains(&magic) {
            return Err(ReadJksError::OtherMagic { magic });
        }
        let version = input.u32("version")?;
        if !matches!(version, 1 | 2) {
            return Err(ReadJksError::UnsupportedVersion { version });
        }
        let count = input.u32("number of entries")?;
        let mut entries = Vec::new();
        let mut items = 0;
        let mut unread = None;
        for number in 0..count {
            let (entry, end) = RawEntry::read(&mut input, bytes, version, &mut items)?;
            entries.push(entry);
            if end == EntryEnd::Unknown {
                unread = Some((count - number - 1, input.position()));
                break;
            }
        }
        if unread.is_some() {
            // The digest is the last thing in the file, wherever the entries end.
            let end = input.left().saturating_sub(DIGEST);
            input.bytes(end, "entries")?;
        }
        let body = bytes.get(..input.position()).unwrap_or_default();
        let digest = input.bytes(DIGEST, "digest")?;
        let trailing = (input.left() > 0).then(|| (input.position(), input.left()));
        Ok(Self { entries, body, digest, unread, trailing })
    }

    /// Whether the store was written with this password and not changed since.
    pub(super) fn is_whole(&self, password: &Password) -> bool {
        to_digest(password, self.body) == self.digest
    }
}

/// The digest of a store.
pub(super) fn to_digest(password: &Password, body: &[u8]) -> [u8; DIGEST] {
    let digest = Sha1::new_with_prefix(to_utf16(password)).chain_update(WHITENER).chain_update(body);
    digest.finalize().into()
}

/// A password in UTF-16, as the digest and the protection of keys take it.
pub(super) fn to_utf16(password: &Password) -> Zeroizing<Vec<u8>> {
    // Room for all of it, so that no reallocation leaves a copy behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(password.as_str().len() * 2));
    for unit in password.as_str().encode_utf16() {
        bytes.extend_from_slice(&unit.to_be_bytes());
    }
    bytes
}

/// Whether the next entry can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EntryEnd {
    Known,
    Unknown,
}

impl<'a> RawEntry<'a> {
    fn read(
        input: &mut Input<'a>,
        bytes: &'a [u8],
        version: u32,
        items: &mut usize,
    ) -> Result<(Self, EntryEnd), ReadJksError> {
        count(items)?;
        let tag_at = input.broken("entry tag");
        let tag = input.u32("entry tag")?;
        if !(PRIVATE_KEY..=SECRET_KEY).contains(&tag) {
            return Err(tag_at.into());
        }
        let alias = input.text("alias")?;
        let created_ms = input.i64("date")?;
        let mut end = EntryEnd::Known;
        let content = match tag {
            PRIVATE_KEY => {
                let protected = input.counted("private key")?;
                let mut chain = Vec::new();
                for _ in 0..input.u32("length of the chain")? {
                    count(items)?;
                    chain.push(read_certificate(input, version)?);
                }
                RawContent::PrivateKey { protected, chain }
            }
            TRUSTED_CERTIFICATE => RawContent::Trusted(read_certificate(input, version)?),
            _ => match parse_sealed(bytes, input.position()) {
                Ok((sealed, at)) => {
                    *input = Input::starting_at(bytes, at);
                    RawContent::Secret(sealed)
                }
                Err(StreamError::Opaque { class }) => {
                    end = EntryEnd::Unknown;
                    RawContent::Secret(Sealed::Foreign { class })
                }
                Err(StreamError::Broken(broken)) => return Err(broken.into()),
            },
        };
        Ok((Self { alias, created_ms, content }, end))
    }
}

/// Counts an entry or certificate.
fn count(items: &mut usize) -> Result<(), ReadJksError> {
    *items += 1;
    if *items > MAX_ITEMS { Err(ReadJksError::TooManyItems { limit: MAX_ITEMS }) } else { Ok(()) }
}

/// In version 1 the type of a certificate is not said.
fn read_certificate<'a>(input: &mut Input<'a>, version: u32) -> Result<RawCertificate<'a>, Broken> {
    if version == 1 { RawCertificate::read_untyped(input) } else { RawCertificate::read_typed(input) }
}
