//! What is this file? Recognised by content, never by name.
//!
//! Recognition looks at the shape only and forgives a cut-off end, so that the reader of the format can say
//! what exactly is wrong. It never fails: what nothing fits is [`Kind::Text`] or [`Kind::Unknown`].

use crate::{
    base64::parse_base64_pieces,
    der::{Tag, Tlv},
    text::{utf16_to_utf8, without_mark},
};

/// What a file looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// PEM text with at least one `-----BEGIN`.
    Pem,
    /// An X.509 certificate in DER.
    Certificate,
    /// A PKCS#10 signing request in DER.
    CertificateRequest,
    /// A certificate revocation list in DER.
    CertificateList,
    /// An OCSP response in DER.
    OcspResponse,
    /// An OCSP request in DER.
    OcspRequest,
    /// PKCS#7 or CMS.
    Pkcs7,
    /// PKCS#12.
    Pkcs12,
    /// A sequence of certificates (`application/pkix-pkipath`).
    PkiPath,
    /// An unencrypted PKCS#8 private key in DER.
    Pkcs8,
    /// An encrypted PKCS#8 private key in DER.
    Pkcs8Encrypted,
    /// A PKCS#1 RSA private key in DER.
    Pkcs1,
    /// A SEC 1 EC private key in DER.
    Sec1,
    /// A public key in DER (`SubjectPublicKeyInfo` or PKCS#1).
    PublicKey,
    /// A Java keystore.
    Jks,
    /// A Java keystore of the JCE kind.
    Jceks,
    /// A keystore of Bouncy Castle, version 1 or 2.
    Bks,
    /// A keystore of Bouncy Castle that is encrypted as a whole.
    Uber,
    /// A private key of OpenSSH.
    OpenSshKey,
    /// A public key of OpenSSH: `ssh-rsa AAAA…`, or the same between `---- BEGIN SSH2 PUBLIC KEY ----` (RFC 4716).
    SshPublicKey,
    /// A private key of PuTTY.
    PuttyKey,
    /// A JSON Web Key, or a set of them (RFC 7517).
    Jwk,
    /// Base64 of something binary, without PEM's lines around it.
    Base64,
    /// Well-formed DER of another kind.
    OtherDer,
    /// A web page, often an error page or a log-in form that was saved in place of the file.
    Html,
    /// Something of OpenPGP, in armour.
    Pgp,
    /// A ZIP archive, which office documents and Java archives are too.
    Zip,
    /// No bytes at all, or white space only.
    Empty,
    /// Some other text.
    Text,
    /// None of all this.
    Unknown,
}

/// Says what a file looks like.
pub fn recognise(bytes: &[u8]) -> Kind {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Kind::Empty;
    }
    match bytes {
        [0xfe, 0xed, 0xfe, 0xed, ..] => return Kind::Jks,
        [0xce, 0xce, 0xce, 0xce, ..] => return Kind::Jceks,
        [b'P', b'K', 3, 4, ..] => return Kind::Zip,
        [0x30, ..] => {
            if let Some(kind) = recognise_der(bytes) {
                return kind;
            }
        }
        [0, 0, 0, 0..=2, 0, 0, 0, 20, ..] => {
            if let Some(kind) = recognise_bouncy_castle(bytes) {
                return kind;
            }
        }
        _ if bytes.starts_with(b"openssh-key-v1\0") => return Kind::OpenSshKey,
        _ => {}
    }
    match utf16_to_utf8(bytes) {
        Some(text) => recognise_text(&text),
        None => recognise_text(bytes),
    }
}

fn recognise_text(bytes: &[u8]) -> Kind {
    if contains(bytes, b"-----BEGIN OPENSSH PRIVATE KEY-----") && count(bytes, b"-----BEGIN ") == 1 {
        return Kind::OpenSshKey;
    }
    let start = without_mark(bytes).trim_ascii_start();
    if start.is_empty() {
        return Kind::Empty;
    }
    if contains(bytes, b"-----BEGIN ") {
        return if contains(bytes, b"-----BEGIN PGP ") { Kind::Pgp } else { Kind::Pem };
    }
    let head = start.get(..start.len().min(64)).unwrap_or_default().to_ascii_lowercase();
    let begins = |openings: &[&[u8]]| openings.iter().any(|opening| head.starts_with(opening));
    if begins(&[b"<!doctype", b"<html", b"<head", b"<body", b"<?xml", b"<!--"]) {
        return Kind::Html;
    }
    if begins(&[b"ssh-", b"ecdsa-sha2-", b"sk-ssh-", b"sk-ecdsa-", b"---- begin ssh2 public key"]) {
        return Kind::SshPublicKey;
    }
    if begins(&[b"putty-user-key-file-"]) {
        return Kind::PuttyKey;
    }
    if begins(&[b"{"]) && (contains(start, b"\"kty\"") || contains(start, b"\"keys\"")) {
        return Kind::Jwk;
    }
    // A word can be base64 by chance; what people paste starts with a DER sequence or a Java keystore.
    if let Ok(decoded) = parse_base64_pieces(start) {
        let binary = recognise_binary(&decoded);
        if decoded.len() >= 16 && binary {
            return Kind::Base64;
        }
    }
    match core::str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(|c| c.is_control() && !c.is_ascii_whitespace()) => Kind::Text,
        _ => Kind::Unknown,
    }
}

fn recognise_binary(bytes: &[u8]) -> bool {
    match bytes {
        [0xfe, 0xed, 0xfe, 0xed, ..] | [0xce, 0xce, 0xce, 0xce, ..] => true,
        [0x30, ..] => recognise_der(bytes).is_some(),
        [0, 0, 0, 0..=2, 0, 0, 0, 20, ..] => recognise_bouncy_castle(bytes).is_some(),
        _ => false,
    }
}

/// Both kinds begin with their version, a salt of 20 bytes and a number of iterations. Then one has its first entry in
/// clear, and the other is encrypted.
fn recognise_bouncy_castle(bytes: &[u8]) -> Option<Kind> {
    let (iterations, rest) = bytes.get(28..)?.split_first_chunk()?;
    if u32::from_be_bytes(*iterations) == 0 {
        return None;
    }
    let in_clear = match rest {
        [] => false,
        // No entry at all, and the integrity code.
        [0, rest @ ..] => rest.len() <= 20,
        // An entry of one of the four types: its name, then a date of which the first bytes are zero for 9 000 years.
        [1..=4, high, low, rest @ ..] => {
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            let name = rest.get(..length.min(rest.len())).unwrap_or_default();
            let date = rest.get(length..length + 2).unwrap_or(&[0, 0]);
            !name.iter().any(u8::is_ascii_control) && date == [0, 0]
        }
        [1..=4, ..] => true,
        _ => false,
    };
    Some(if in_clear { Kind::Bks } else { Kind::Uber })
}

const PKCS7: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];

/// Recognises a structure by its first elements; `None` if it is no DER at all.
fn recognise_der(bytes: &[u8]) -> Option<Kind> {
    let Ok(root) = Tlv::parse_truncated(bytes, 0, bytes.len()) else {
        return recognise_ber(bytes);
    };
    let fields: Vec<Tlv<'_>> = root.children_truncated().take(10).map_while(Result::ok).collect();
    let tags: Vec<Tag> = fields.iter().map(|field| field.tag).collect();
    if let Some(kind) = recognise_fields(&fields, &tags) {
        return Some(kind);
    }
    Tlv::parse_document(bytes).ok().filter(|root| !root.value().is_empty()).map(|_| Kind::OtherDer)
}

/// BER with indefinite lengths, or longer ones than needed, is as old as these two formats, and still written by some.
fn recognise_ber(bytes: &[u8]) -> Option<Kind> {
    let length_bytes = match bytes.get(1)? {
        long @ 0x81..=0x88 => usize::from(long & 0x7f),
        _ => 0,
    };
    let rest = bytes.get(2 + length_bytes..)?;
    match rest {
        [0x06, 0x09, oid @ ..] if oid.starts_with(PKCS7) => Some(Kind::Pkcs7),
        [0x02, 0x01, 0x03, 0x30, ..] => Some(Kind::Pkcs12),
        _ => None,
    }
}

fn recognise_fields(fields: &[Tlv<'_>], tags: &[Tag]) -> Option<Kind> {
    const INTEGER: Tag = Tag::INTEGER;
    const SEQUENCE: Tag = Tag::SEQUENCE;
    const OCTETS: Tag = Tag::OCTET_STRING;
    let first = fields.first()?;
    match *tags {
        [Tag::OBJECT_IDENTIFIER, ..] if first.value().starts_with(PKCS7) => Some(Kind::Pkcs7),
        [Tag::ENUMERATED, ref rest @ ..] if rest.is_empty() || *rest == [Tag::context(0)] => {
            Some(Kind::OcspResponse)
        }
        [INTEGER, SEQUENCE, ..] if first.value() == [3] => Some(Kind::Pkcs12),
        [INTEGER, SEQUENCE, OCTETS, ..] => Some(Kind::Pkcs8),
        [INTEGER, OCTETS, ..] if first.value() == [1] => Some(Kind::Sec1),
        [INTEGER, INTEGER, INTEGER, INTEGER, ..] => Some(Kind::Pkcs1),
        [INTEGER, INTEGER] if first.value().len() >= 64 => Some(Kind::PublicKey),
        [SEQUENCE, OCTETS] if starts_with_oid(first) => Some(Kind::Pkcs8Encrypted),
        [SEQUENCE, Tag::BIT_STRING] if starts_with_oid(first) => Some(Kind::PublicKey),
        [SEQUENCE] | [SEQUENCE, _] if asks_for_status(first) => Some(Kind::OcspRequest),
        [SEQUENCE, ..] => recognise_signed(first).or_else(|| {
            // A path holds whole certificates, so the outer shape is found one level deeper.
            let inner = first.children_truncated().next()?.ok()?;
            (inner.tag == SEQUENCE && recognise_signed(&inner) == Some(Kind::Certificate))
                .then_some(Kind::PkiPath)
        }),
        _ => None,
    }
}

/// The part of a certificate, request or revocation list that is signed.
fn recognise_signed(signed: &Tlv<'_>) -> Option<Kind> {
    const SEQUENCE: Tag = Tag::SEQUENCE;
    let fields: Vec<Tlv<'_>> = signed.children_truncated().take(6).map_while(Result::ok).collect();
    let tags: Vec<Tag> = fields.iter().map(|field| field.tag).collect();
    let is_time = |tag: Tag| tag == Tag::UTC_TIME || tag == Tag::GENERALIZED_TIME;
    match tags.as_slice() {
        [version, Tag::INTEGER, SEQUENCE, ..] if *version == Tag::context(0) => Some(Kind::Certificate),
        [Tag::INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, ..] => Some(Kind::Certificate),
        [Tag::INTEGER, SEQUENCE, SEQUENCE, time, ..] | [SEQUENCE, SEQUENCE, time, ..] if is_time(*time) => {
            Some(Kind::CertificateList)
        }
        [Tag::INTEGER, SEQUENCE, SEQUENCE, ..] => Some(Kind::CertificateRequest),
        _ => None,
    }
}

/// The part of an OCSP request that may be signed: version and requestor, then a list of which the first names a certificate by hashes.
fn asks_for_status(request: &Tlv<'_>) -> bool {
    let list =
        request.children_truncated().take(3).map_while(Result::ok).find(|field| field.tag == Tag::SEQUENCE);
    let Some(certificate) = list
        .and_then(|list| list.children_truncated().next()?.ok())
        .and_then(|one| one.children_truncated().next()?.ok())
    else {
        return false;
    };
    let tags: Vec<Tag> =
        certificate.children_truncated().take(5).map_while(Result::ok).map(|field| field.tag).collect();
    tags == [Tag::SEQUENCE, Tag::OCTET_STRING, Tag::OCTET_STRING, Tag::INTEGER]
}

fn starts_with_oid(element: &Tlv<'_>) -> bool {
    matches!(element.children_truncated().next(), Some(Ok(child)) if child.tag == Tag::OBJECT_IDENTIFIER)
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

fn count(bytes: &[u8], needle: &[u8]) -> usize {
    bytes.windows(needle.len()).filter(|window| *window == needle).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn by_content() {
        assert_eq!(recognise(b""), Kind::Empty);
        assert_eq!(recognise(b" \r\n"), Kind::Empty);
        assert_eq!(recognise(b"\xfe\xed\xfe\xed\0\0\0\x02"), Kind::Jks);
        assert_eq!(recognise(b"\xce\xce\xce\xce\0\0\0\x02"), Kind::Jceks);
        let bouncy_castle = |version, rest: &[u8]| {
            recognise(&[&[0, 0, 0, version, 0, 0, 0, 20], [7; 20].as_slice(), &[0, 0, 4, 0], rest].concat())
        };
        assert_eq!(bouncy_castle(2, b"\x01\0\x02ab\0\0\x01\xa1\xfd\xc1\x22\x16"), Kind::Bks);
        assert_eq!(bouncy_castle(2, b"\x01\0\x02ab\0\0"), Kind::Bks);
        assert_eq!(bouncy_castle(1, &[0; 21]), Kind::Bks);
        assert_eq!(bouncy_castle(1, &[0; 32]), Kind::Uber);
        assert_eq!(bouncy_castle(1, b"\x01\0\x02ab\x01\0\x01\xa1\xfd\xc1\x22\x16"), Kind::Uber);
        assert_eq!(bouncy_castle(3, &[0; 21]), Kind::Unknown);
        assert_eq!(recognise(b"<!DOCTYPE html><title>Sign in</title>"), Kind::Html);
        assert_eq!(recognise(b"words\n-----BEGIN CERTIFICATE-----\n"), Kind::Pem);
        assert_eq!(recognise(b"-----BEGIN OPENSSH PRIVATE KEY-----\n"), Kind::OpenSshKey);
        assert_eq!(recognise(b"PK\x03\x04\x14\0"), Kind::Zip);
        assert_eq!(recognise(b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n"), Kind::Pgp);
        assert_eq!(recognise(b"PuTTY-User-Key-File-3: ssh-ed25519\n"), Kind::PuttyKey);
        assert_eq!(recognise(b"ssh-ed25519 AAAA me@here\n"), Kind::SshPublicKey);
        assert_eq!(recognise(b"---- BEGIN SSH2 PUBLIC KEY ----\n"), Kind::SshPublicKey);
        assert_eq!(recognise(b"\xef\xbb\xbf {\"kty\": \"EC\"}"), Kind::Jwk);
        assert_eq!(recognise(b"{\"keys\": []}"), Kind::Jwk);
        assert_eq!(recognise(b"{\"a\": 1}"), Kind::Text);
        assert_eq!(recognise(b"\xff\xfe \0\r\0\n\0"), Kind::Empty);
        assert_eq!(recognise(b"\xff\xfe<\0h\0t\0m\0l\0>\0"), Kind::Html);
        assert_eq!(recognise(b"hello, world"), Kind::Text);
        assert_eq!(recognise(b"aGVsbG8gd29ybGQgaGVsbG8gd29ybGQ="), Kind::Text);
        assert_eq!(recognise(b"\x00\x01\x02"), Kind::Unknown);
        assert_eq!(recognise(&[0x30, 0x03, 0x02, 0x01, 0x05]), Kind::OtherDer);
        assert_eq!(recognise(&[0x30, 0x80, 0x02, 0x01, 0x03, 0x30, 0x80]), Kind::Pkcs12);
        assert_eq!(recognise(&[0x30, 0x84, 0, 0, 0, 7, 0x02, 0x01, 0x03, 0x30, 0x80]), Kind::Pkcs12);
        assert_eq!(recognise(b"0"), Kind::Text);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            recognise(&bytes);
            let mut sequence = vec![0x30, 0x81, 0xc8];
            sequence.extend(&bytes);
            recognise(&sequence);
        }
    }
}
