//! Reading PKCS#12: the outer structure, integrity, and the parts within.

use std::borrow::Cow;

use certwright_encoding::{
    ber::to_der,
    der::{DerError, DerErrorKind, Fields, Tag, Tlv},
};
use certwright_keys::{ReadKeyError, secret::Passwords};
use der::asn1::ObjectIdentifier;

use super::{
    ReadPkcs12Error,
    bags::Bags,
    mac,
    password::Opener,
    structures::{DATA, ENCRYPTED_DATA},
};
use crate::contents::{Contents, Remark, UnusableKey};

/// Reads a PKCS#12 file: with the first password that fits its MAC, and every key with the first that fits the key. Without
/// a password the empty one is tried, and if that is wrong, what stands there in clear is shown.
///
/// # Errors
/// See [`ReadPkcs12Error`]. A single key that cannot be used is no error, it is named in the result.
pub fn parse_pkcs12(bytes: &[u8], passwords: &Passwords) -> Result<Contents, ReadPkcs12Error> {
    let file = to_der(bytes).map_err(outermost(bytes))?;
    // Positions in a file that had to be converted from BER would mislead.
    let place = |part| {
        let exact = matches!(file, Cow::Borrowed(_));
        move |error: DerError| ReadPkcs12Error::Malformed { part, offset: exact.then_some(error.offset) }
    };
    let mut fields = Fields::of_document(&file, Tag::SEQUENCE).map_err(place("PFX"))?;
    let version = fields.expect(Tag::INTEGER).map_err(place("PFX"))?;
    if version.value() != [3] {
        return Err(ReadPkcs12Error::UnsupportedVersion);
    }
    let auth_safe = fields.expect(Tag::SEQUENCE).map_err(place("PFX"))?;
    let mac_data = fields.optional(Tag::SEQUENCE).map_err(place("PFX"))?;
    fields.finish().map_err(place("PFX"))?;
    let (content_type, content) = content_info(&auth_safe).map_err(place("authSafe"))?;
    if content_type != DATA {
        return Err(ReadPkcs12Error::UnsupportedAlgorithm { oid: content_type.to_string() });
    }
    if content.tag != Tag::OCTET_STRING {
        return Err(place("authSafe")(unexpected(&content)));
    }
    // A file that is broken says so before it asks for a password.
    let broken = ReadPkcs12Error::malformed("AuthenticatedSafe");
    let safe = to_der(content.value()).map_err(&broken)?;
    let parts = parse_parts(&safe)?;

    let mut opener = Opener::new(passwords);
    let integrity = check_integrity(mac_data.as_ref(), content.value(), &mut opener);
    let integrity = match integrity? {
        Integrity::Wrong if !passwords.is_empty() => return Err(ReadPkcs12Error::WrongPassword),
        Integrity::Wrong => {
            opener.give_up();
            Integrity::Wrong
        }
        other => other,
    };
    let mut bags = Bags::new(&mut opener);
    let mut hidden = Hidden::default();
    for part in &parts {
        match part {
            Part::Clear(contents) => bags.read(contents)?,
            Part::Encrypted { algorithm, ciphertext } => {
                match bags.decrypt(algorithm.bytes(), ciphertext, "EncryptedData", is_safe_contents) {
                    Ok(Some(opened)) => bags.read(opened.plain.as_bytes())?,
                    Ok(None) => hidden.encrypted = true,
                    Err(ReadPkcs12Error::UnsupportedAlgorithm { oid }) => hidden.unsupported.push(oid),
                    Err(error) => return Err(error),
                }
            }
            Part::Other(oid) => hidden.unsupported.push(oid.to_string()),
        }
    }
    let is_proven = matches!(integrity, Integrity::Proven) || bags.has_decrypted();
    let is_locked = hidden.encrypted || bags.has_locked();
    if is_locked && !is_proven && !passwords.is_empty() {
        return Err(ReadPkcs12Error::WrongPassword);
    }
    let mut contents = bags.finish();
    if is_nothing(&contents) {
        if is_locked && passwords.is_empty() {
            return Err(ReadPkcs12Error::NeedsPassword);
        }
        if contents.locked.is_empty() {
            return Err(match (contents.unusable_keys.pop(), hidden.unsupported.pop()) {
                (Some(UnusableKey { error: ReadKeyError::TooExpensive { iterations }, .. }), _) => {
                    ReadPkcs12Error::TooExpensive { iterations }
                }
                (Some(UnusableKey { error: ReadKeyError::UnsupportedAlgorithm { oid }, .. }), _)
                | (None, Some(oid)) => ReadPkcs12Error::UnsupportedAlgorithm { oid },
                (Some(unusable), _) => {
                    contents.unusable_keys.push(unusable);
                    return Ok(contents);
                }
                (None, None) => return Ok(contents),
            });
        }
    }
    let integrity = match integrity {
        Integrity::Proven => None,
        Integrity::Absent => Some(Remark::NoMac),
        Integrity::Wrong => Some(Remark::IntegrityNotChecked),
        Integrity::Unsupported(oid) => Some(Remark::UnsupportedMac { oid }),
    };
    let hidden = hidden.into_remarks();
    contents.remarks.splice(0..0, integrity.into_iter().chain(hidden));
    Ok(contents)
}

/// What is known of a file's integrity.
enum Integrity {
    /// A password fits the MAC.
    Proven,
    /// No password fits the MAC.
    Wrong,
    /// There is no MAC.
    Absent,
    /// The MAC is made with this algorithm.
    Unsupported(String),
}

fn check_integrity(
    mac_data: Option<&Tlv<'_>>,
    content: &[u8],
    opener: &mut Opener,
) -> Result<Integrity, ReadPkcs12Error> {
    let Some(mac_data) = mac_data else { return Ok(Integrity::Absent) };
    let stored = match mac::parse(mac_data) {
        Err(ReadPkcs12Error::UnsupportedAlgorithm { oid }) => return Ok(Integrity::Unsupported(oid)),
        other => other?,
    };
    let verify = |password: &_, budget: &mut _| stored.verify(content, password, budget);
    match opener.find(stored.is_own_scheme(), verify) {
        Ok(true) => Ok(Integrity::Proven),
        Ok(false) => Ok(Integrity::Wrong),
        Err(ReadPkcs12Error::UnsupportedAlgorithm { oid }) => Ok(Integrity::Unsupported(oid)),
        Err(error) => Err(error),
    }
}

/// What the passwords do not open, or nothing would.
#[derive(Default)]
struct Hidden {
    /// A part that none of the passwords opens.
    encrypted: bool,
    /// Algorithms of parts that cannot be read.
    unsupported: Vec<String>,
}

impl Hidden {
    fn into_remarks(mut self) -> impl Iterator<Item = Remark> {
        self.unsupported.dedup();
        let encrypted = self.encrypted.then_some(Remark::EncryptedPartHidden);
        encrypted.into_iter().chain(self.unsupported.into_iter().map(|oid| Remark::UnsupportedPart { oid }))
    }
}

/// Whether nothing is shown but names.
fn is_nothing(contents: &Contents) -> bool {
    contents.is_empty()
        && contents.others.is_empty()
        && contents.locked.iter().all(|locked| locked.chain.is_empty())
}

/// One `ContentInfo` of `AuthenticatedSafe`.
enum Part<'a> {
    /// In clear.
    Clear(&'a [u8]),
    /// Encrypted with a password.
    Encrypted { algorithm: Tlv<'a>, ciphertext: Cow<'a, [u8]> },
    /// Of another type, such as encrypted for a certificate.
    Other(ObjectIdentifier),
}

/// `AuthenticatedSafe ::= SEQUENCE OF ContentInfo`.
fn parse_parts(safe: &[u8]) -> Result<Vec<Part<'_>>, ReadPkcs12Error> {
    let broken = ReadPkcs12Error::malformed("AuthenticatedSafe");
    let mut fields = Fields::of_document(safe, Tag::SEQUENCE).map_err(&broken)?;
    let mut parts = Vec::new();
    while let Some(part) = fields.any().map_err(&broken)? {
        let (content_type, content) = content_info(&part).map_err(&broken)?;
        parts.push(match content_type {
            DATA if content.tag == Tag::OCTET_STRING => Part::Clear(content.value()),
            DATA => return Err(broken(unexpected(&content))),
            ENCRYPTED_DATA => {
                parse_encrypted(&content).map_err(ReadPkcs12Error::malformed("EncryptedData"))?
            }
            other => Part::Other(other),
        });
    }
    Ok(parts)
}

/// `EncryptedData` (RFC 5652, section 8).
fn parse_encrypted<'a>(content: &Tlv<'a>) -> Result<Part<'a>, DerError> {
    let mut fields = Fields::of(content, Tag::SEQUENCE)?;
    fields.expect(Tag::INTEGER)?;
    let info = fields.expect(Tag::SEQUENCE)?;
    let mut fields = Fields::of(&info, Tag::SEQUENCE)?;
    fields.expect(Tag::OBJECT_IDENTIFIER)?;
    let algorithm = fields.expect(Tag::SEQUENCE)?;
    let ciphertext = fields.any()?.ok_or_else(|| unexpected(&info))?;
    Ok(Part::Encrypted { algorithm, ciphertext: implicit_octets(&ciphertext)? })
}

/// Whether something decrypted looks like `SafeContents`.
fn is_safe_contents(plain: &[u8]) -> bool {
    to_der(plain).is_ok_and(|plain| Fields::of_document(&plain, Tag::SEQUENCE).is_ok())
}

/// The type and content of a `ContentInfo`.
fn content_info<'a>(info: &Tlv<'a>) -> Result<(ObjectIdentifier, Tlv<'a>), DerError> {
    let mut fields = Fields::of(info, Tag::SEQUENCE)?;
    let content_type = fields.expect(Tag::OBJECT_IDENTIFIER)?;
    let content = explicit(&fields.expect(Tag::context(0))?)?;
    Ok((object_identifier(&content_type).ok_or(unexpected(&content_type))?, content))
}

/// The one element within an explicit tag.
pub(super) fn explicit<'a>(outer: &Tlv<'a>) -> Result<Tlv<'a>, DerError> {
    outer.children().next().unwrap_or(Err(unexpected(outer)))
}

/// `[0] IMPLICIT OCTET STRING`, in one piece or (in BER) in several.
fn implicit_octets<'a>(field: &Tlv<'a>) -> Result<Cow<'a, [u8]>, DerError> {
    if field.tag == Tag::context_primitive(0) {
        return Ok(Cow::Borrowed(field.value()));
    }
    let mut pieces = Fields::of(field, Tag::context(0))?;
    let mut whole = Vec::new();
    while let Some(piece) = pieces.any()? {
        if piece.tag != Tag::OCTET_STRING {
            return Err(unexpected(&piece));
        }
        whole.extend_from_slice(piece.value());
    }
    Ok(Cow::Owned(whole))
}

/// A small non-negative `INTEGER`.
pub(super) fn integer(element: &Tlv<'_>) -> Option<u64> {
    let digits = element.value();
    let negative = digits.first()? & 0x80 != 0;
    let significant = digits.iter().skip_while(|digit| **digit == 0).count();
    if negative {
        return None;
    }
    // Above 8 bytes the number is beyond any use, so the largest one stands for it.
    if significant > 8 {
        return Some(u64::MAX);
    }
    Some(digits.iter().fold(0, |number, digit| number << 8 | u64::from(*digit)))
}

pub(super) fn object_identifier(element: &Tlv<'_>) -> Option<ObjectIdentifier> {
    ObjectIdentifier::from_bytes(element.value()).ok()
}

pub(super) fn unexpected(element: &Tlv<'_>) -> DerError {
    DerError { offset: element.header.start, kind: DerErrorKind::Unexpected }
}

fn outermost(bytes: &[u8]) -> impl Fn(DerError) -> ReadPkcs12Error {
    let length = bytes.len();
    move |error| ReadPkcs12Error::Malformed { part: "PFX", offset: Some(error.offset.min(length)) }
}
