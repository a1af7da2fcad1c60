//! PEM (RFC 7468, and the headers of RFC 1421 that OpenSSL's older encryption uses).
//!
//! Takes what people have: text before, between and after, CRLF, lost line breaks, `\n` spelled out, a missing
//! final newline, UTF-16 as Windows writes it. A block that is broken is reported with its offset and does not
//! hide the others. Refused within a block: bytes that are no base64, another label at the end, no end.

use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

use crate::{
    base64::{Base64Error, parse_base64, to_base64},
    text::utf16_to_utf8,
};

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";
/// Longest label, far above any that exists; what is longer is no label.
const MAX_LABEL: usize = 64;
/// How much of the text before a block is kept with it, in bytes.
const MAX_BEFORE: usize = 4096;

/// What was found in a text.
#[derive(Debug, Default)]
pub struct PemBlocks {
    /// The sound blocks in order.
    pub blocks: Vec<PemBlock>,
    /// What looked like a block and could not be read, in order.
    pub broken: Vec<BrokenBlock>,
}

/// One block. Its content is wiped on drop, as it may be a key.
#[derive(Clone, PartialEq, Eq)]
pub struct PemBlock {
    /// The label, such as `CERTIFICATE`.
    pub label: String,
    /// Headers such as `Proc-Type` and `DEK-Info`, in order.
    pub headers: Vec<(String, String)>,
    /// The decoded content.
    pub der: Vec<u8>,
    /// Where `-----BEGIN` starts, in bytes from the start of the text (as UTF-8).
    pub offset: usize,
    /// The text before it and after the block before that, at most the last 4 KiB: `openssl pkcs12` prints names there.
    /// What is no UTF-8 is taken for Latin-1.
    pub before: String,
}

impl PemBlock {
    /// Value of the first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

impl Drop for PemBlock {
    fn drop(&mut self) {
        self.der.zeroize();
    }
}

impl core::fmt::Debug for PemBlock {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("PemBlock")
            .field("label", &self.label)
            .field("bytes", &self.der.len())
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}

/// A block that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenBlock {
    /// Where `-----BEGIN` starts.
    pub offset: usize,
    /// The label, if that much could be read.
    pub label: Option<String>,
    /// What is wrong with it.
    pub error: PemError,
}

/// What is wrong with a block.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PemError {
    /// The first line does not close with five dashes.
    #[error("the first line is not complete")]
    BrokenBegin,
    /// The text ends, or another block begins, before this one is closed.
    #[error("no end line")]
    NoEnd,
    /// The last line names another label.
    #[error("the end line says {found}")]
    LabelMismatch {
        /// Label of the last line.
        found: String,
    },
    /// The content is no base64; offsets count from the start of the text.
    #[error(transparent)]
    Base64(#[from] Base64Error),
}

/// Finds all blocks in a text. Time and memory are linear in its length.
pub fn parse_pem(text: &[u8]) -> PemBlocks {
    let converted = utf16_to_utf8(text);
    let text = converted.as_ref().map_or(text, |text| text.as_slice());
    let mut found = PemBlocks::default();
    let mut at = 0;
    while let Some(begin) = find(text, BEGIN, at) {
        let (next, block) = parse_block(text, begin);
        match block {
            Ok(mut block) => {
                block.before = text_between(text, at, begin);
                found.blocks.push(block);
            }
            Err((label, error)) => found.broken.push(BrokenBlock { offset: begin, label, error }),
        }
        at = next;
    }
    found
}

/// Writes one block with lines of 64 characters and a final newline.
pub fn to_pem(label: &str, der: &[u8]) -> String {
    let body = Zeroizing::new(to_base64(der));
    let mut text = String::with_capacity(body.len() + body.len() / 64 + 2 * label.len() + 40);
    text.push_str("-----BEGIN ");
    text.push_str(label);
    text.push_str("-----\n");
    let mut rest = body.as_str();
    while !rest.is_empty() {
        // Base64 is ASCII, so every index is a character boundary.
        let (line, tail) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = tail;
    }
    text.push_str("-----END ");
    text.push_str(label);
    text.push_str("-----\n");
    text
}

/// As [`to_pem`], for a private key: the text is wiped on drop.
pub fn to_pem_secret(label: &str, der: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(to_pem(label, der))
}

type BlockError = (Option<String>, PemError);

/// Reads the block that begins at `begin`; gives also where to go on.
fn parse_block(text: &[u8], begin: usize) -> (usize, Result<PemBlock, BlockError>) {
    let label_start = begin + BEGIN.len();
    let Some((label, body_start)) = parse_label(text, label_start) else {
        return (label_start, Err((None, PemError::BrokenBegin)));
    };
    // The body has no dashes, so the first run of five ends it, one way or the other.
    let Some(body_end) = find(text, DASHES, body_start) else {
        return (text.len(), Err((Some(label), PemError::NoEnd)));
    };
    if text.get(body_end..body_end + END.len()) != Some(END) {
        return (body_end, Err((Some(label), PemError::NoEnd)));
    }
    let Some((end_label, next)) = parse_label(text, body_end + END.len()) else {
        return (body_end + END.len(), Err((Some(label), PemError::NoEnd)));
    };
    if end_label != label {
        return (next, Err((Some(label), PemError::LabelMismatch { found: end_label })));
    }
    let (headers, body) = split_headers(text.get(body_start..body_end).unwrap_or_default());
    let block = match parse_base64(body) {
        Ok(mut der) => Ok(PemBlock {
            label,
            headers,
            der: core::mem::take(&mut *der),
            offset: begin,
            before: String::new(),
        }),
        Err(Base64Error::InvalidByte { offset, byte }) => {
            let offset = body_end - body.len() + offset;
            Err((Some(label), PemError::Base64(Base64Error::InvalidByte { offset, byte })))
        }
        Err(error) => Err((Some(label), error.into())),
    };
    (next, block)
}

/// The label up to five dashes on the same line, and where the line goes on after them.
fn parse_label(text: &[u8], start: usize) -> Option<(String, usize)> {
    let window = text.get(start..text.len().min(start + MAX_LABEL + DASHES.len()))?;
    let length = find(window, DASHES, 0)?;
    let label = core::str::from_utf8(window.get(..length)?).ok()?;
    if label.chars().any(|c| c.is_control()) {
        return None;
    }
    Some((label.trim().to_owned(), start + length + DASHES.len()))
}

/// Takes off the headers of RFC 1421: `Name: value` lines up to an empty line.
fn split_headers(body: &[u8]) -> (Vec<(String, String)>, &[u8]) {
    let mut headers: Vec<(String, String)> = Vec::new();
    let mut rest = body;
    loop {
        let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
        let (line, tail) = rest.split_at(end);
        let text = core::str::from_utf8(line).unwrap_or_default();
        if let (Some((_, value)), true) = (headers.last_mut(), text.starts_with([' ', '\t'])) {
            if text.trim().is_empty() {
                return (headers, tail);
            }
            value.push_str(text.trim());
        } else if let Some((name, value)) = text.split_once(':') {
            headers.push((name.trim().to_owned(), value.trim().to_owned()));
        } else if text.trim().is_empty() && !tail.is_empty() {
            // The empty line after the headers, or the rest of the first line.
        } else {
            return (headers, rest);
        }
        rest = tail;
    }
}

/// The end of the text between two blocks.
fn text_between(text: &[u8], from: usize, to: usize) -> String {
    let between = text.get(from.max(to.saturating_sub(MAX_BEFORE))..to).unwrap_or_default();
    match core::str::from_utf8(between) {
        Ok(text) => text.to_owned(),
        Err(_) => between.iter().copied().map(char::from).collect(),
    }
}

/// Position of `needle` in `text`, not before `from`.
fn find(text: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    text.get(from..)?.windows(needle.len()).position(|window| window == needle).map(|at| at + from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ders(text: &str) -> Vec<Vec<u8>> {
        let found = parse_pem(text.as_bytes());
        assert_eq!(found.broken, [], "{text:?}");
        found.blocks.iter().map(|block| block.der.clone()).collect()
    }

    #[test]
    fn tolerated_forms() {
        let expected = vec![vec![1, 2, 3, 4]];
        for text in [
            "-----BEGIN X-----\nAQIDBA==\n-----END X-----\n",
            "-----BEGIN X-----\r\nAQID\r\nBA==\r\n-----END X-----",
            "subject=CN = a\n-----BEGIN X-----\nAQIDBA==\n-----END X-----\ntrailing words",
            "-----BEGIN X-----AQIDBA==-----END X-----",
            "-----BEGIN X-----\\nAQIDBA==\\n-----END X-----\\n",
            "  -----BEGIN X-----\n   AQIDBA==\n   -----END X-----",
            "-----BEGIN X-----\n\nAQIDBA==\n\n-----END X-----",
        ] {
            assert_eq!(ders(text), expected, "{text:?}");
        }
    }

    #[test]
    fn utf16_is_read() {
        let text = "-----BEGIN X-----\r\nAQIDBA==\r\n-----END X-----\r\n";
        let mut little = vec![0xff, 0xfe];
        little.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        let mut big = vec![0xfe, 0xff];
        big.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        for bytes in [little, big] {
            assert_eq!(parse_pem(&bytes).blocks[0].der, [1, 2, 3, 4]);
        }
    }

    #[test]
    fn headers_are_kept() {
        let text = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00FF\n\nAQIDBA==\n-----END RSA PRIVATE KEY-----\n";
        let found = parse_pem(text.as_bytes());
        assert_eq!(found.blocks[0].header("dek-info"), Some("AES-256-CBC,00FF"));
        assert_eq!(found.blocks[0].headers.len(), 2);
        assert_eq!(found.blocks[0].der, [1, 2, 3, 4]);
    }

    #[test]
    fn broken_blocks_do_not_hide_sound_ones() {
        let text = "-----BEGIN A-----\nAQID\n-----BEGIN B-----\nAQ*D\n-----END B-----\n\
                    -----BEGIN C-----\nAQIDBA==\n-----END C-----\n-----BEGIN D-----\nAQID\n-----END E-----\n\
                    -----BEGIN F";
        let found = parse_pem(text.as_bytes());
        assert_eq!(found.blocks.len(), 1);
        assert_eq!(found.blocks[0].label, "C");
        assert_eq!(found.blocks[0].offset, text.find("-----BEGIN C").unwrap());
        let star = text.find('*').unwrap();
        let errors: Vec<_> =
            found.broken.iter().map(|broken| (broken.label.as_deref(), &broken.error)).collect();
        assert_eq!(
            errors,
            [
                (Some("A"), &PemError::NoEnd),
                (Some("B"), &PemError::Base64(Base64Error::InvalidByte { offset: star, byte: b'*' })),
                (Some("D"), &PemError::LabelMismatch { found: "E".to_owned() }),
                (None, &PemError::BrokenBegin),
            ]
        );
    }

    #[test]
    fn many_openings_take_linear_time() {
        let text = b"-----BEGIN A-----\n".repeat(100_000);
        assert_eq!(parse_pem(&text).broken.len(), 100_000);
    }

    proptest! {
        #[test]
        fn written_blocks_are_read(der in proptest::collection::vec(any::<u8>(), 1..300), before in "[a-z \n]{0,40}") {
            let text = format!("{before}{}", to_pem("CERTIFICATE", &der));
            prop_assert!(text.lines().all(|line| line.len() <= 64 || before.contains(line)));
            prop_assert_eq!(ders(&text), vec![der]);
        }

        #[test]
        fn any_text_is_survived(text in "(-----|BEGIN |END |X|[A-Za-z0-9+/=:\\\\\n ]){0,60}") {
            parse_pem(text.as_bytes());
        }
    }
}
