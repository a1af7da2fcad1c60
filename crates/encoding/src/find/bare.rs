//! Runs of base64 and hex that are DER or PEM, with anything around them.
//!
//! Base64 (RFC 4648; URL-safe too) of DER begins with `M`, of PEM with `LS0tLS1CRUdJTi`. The header of the DER tells how many characters belong
//! to it. Inside a run white space and `\n` spelled out may stand; a line that goes on with something else ends it.

use core::ops::Range;

use zeroize::Zeroizing;

use super::{Writing, decoded, hex};
use crate::der::{Tag, Tlv};

/// `-----BEGIN ` in base64, as far as what follows does not change it.
const PEM_IN_BASE64: &[u8] = b"LS0tLS1CRUdJTi";
/// `{"` in base64, with which the header of a JOSE object begins.
const JSON_IN_BASE64: &[u8] = b"eyJ";
/// The smallest encoding that is looked for, in octets: shorter ones are found in any text.
const SHORTEST: usize = 24;

/// A run that was decoded.
pub(super) struct Run {
    pub(super) octets: Zeroizing<Vec<u8>>,
    pub(super) writing: Writing,
    /// Where it begins in the text.
    pub(super) offset: usize,
    /// Whether it is text that was wrapped in base64.
    pub(super) is_text: bool,
}

/// The runs in a part of a text. Gives up, with what was found, when much more was decoded in vain than the text is long: a text can be made
/// so that a run begins everywhere and ends nowhere.
pub(super) fn runs(text: &[u8], part: Range<usize>) -> Vec<Run> {
    let mut found = Vec::new();
    let mut at = part.start;
    let mut work = 0;
    let most = 8 * part.len() + 100_000;
    while work < most
        && let Some(rest) = text.get(at..part.end).filter(|rest| !rest.is_empty())
    {
        let begins_word = at == 0 || !text.get(at - 1).is_some_and(|octet| is_base64(*octet));
        let run = if begins_word || hex::may_begin(text, at) {
            run_at(text, rest, at, begins_word, &mut work)
        } else {
            None
        };
        match run {
            Some((run, length)) => {
                found.push(run);
                at += length.max(1);
            }
            None => at += 1,
        }
    }
    found
}

fn run_at(text: &[u8], rest: &[u8], at: usize, begins_word: bool, work: &mut usize) -> Option<(Run, usize)> {
    if let Some((octets, length, is_dump)) = hex::parse_at(text, rest, at, work) {
        let writing = if is_dump { Writing::HexDump } else { Writing::Hex };
        return Some((Run { octets, writing, offset: at, is_text: false }, length));
    }
    if !begins_word {
        return None;
    }
    if rest.starts_with(PEM_IN_BASE64) {
        let (characters, length) = characters(rest, usize::MAX);
        *work += length;
        let octets = decoded(&characters)?;
        return Some((Run { octets, writing: Writing::Base64, offset: at, is_text: true }, length));
    }
    if !matches!(rest, [b'M', b'A'..=b'I', ..]) {
        return None;
    }
    // The first 12 characters hold any header of DER with a length up to 4 octets.
    let (head, _) = characters(rest, 12);
    let size = element_size(&decoded(&head)?)?;
    let (body, length) = characters(rest, size.checked_mul(4)?.div_ceil(3));
    *work += length;
    let mut octets = decoded(&body)?;
    octets.truncate(size);
    is_encoding(&octets)
        .then_some((Run { octets, writing: Writing::Base64, offset: at, is_text: false }, length))
}

/// The characters of base64 from the beginning of `text`, at most `most`, and how far they go. URL-safe ones come as the others.
fn characters(text: &[u8], most: usize) -> (Zeroizing<Vec<u8>>, usize) {
    let mut taken = Zeroizing::new(Vec::with_capacity(most.min(text.len())));
    let (mut at, mut end) = (0, 0);
    while let Some(octet) = text.get(at).filter(|_| taken.len() < most) {
        match octet {
            b'-' => taken.push(b'+'),
            b'_' => taken.push(b'/'),
            octet if is_base64(*octet) => taken.push(*octet),
            b'\\' if matches!(text.get(at + 1), Some(b'n' | b'r' | b't')) => {
                at += 2;
                continue;
            }
            b' ' | b'\t' | b'\r' => {
                at += 1;
                continue;
            }
            b'\n' if next_line_goes_on(text.get(at + 1..).unwrap_or_default()) => {
                at += 1;
                continue;
            }
            _ => break,
        }
        at += 1;
        end = at;
    }
    (taken, end)
}

/// Whether a line is base64 and nothing else up to its end, or as far as anyone needs to look.
fn next_line_goes_on(text: &[u8]) -> bool {
    let line = text.iter().take(200).copied().take_while(|octet| *octet != b'\n');
    let mut any = false;
    for octet in line.skip_while(|octet| matches!(octet, b' ' | b'\t')) {
        any |= is_base64(octet);
        if !(is_base64(octet) || matches!(octet, b'=' | b'\r' | b'-' | b'_' | b'"' | b'\'' | b',' | b'<')) {
            return false;
        }
        // What closes the value ends the run there.
        if matches!(octet, b'"' | b'\'' | b',' | b'<') {
            return any;
        }
    }
    any
}

/// The size of the DER element that begins so.
fn element_size(head: &[u8]) -> Option<usize> {
    let element = Tlv::parse_truncated(head, 0, head.len()).ok()?;
    let length = match head.get(1)? {
        short @ 0..=0x7f => usize::from(*short),
        long => {
            let digits = head.get(2..2 + usize::from(long & 0x7f))?;
            digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit))
        }
    };
    let size = element.header.len().checked_add(length)?;
    (size >= SHORTEST && element.tag == Tag::SEQUENCE).then_some(size)
}

/// Whether octets that begin like DER are: what is in the outermost element is well-formed too.
pub(super) fn is_encoding(octets: &[u8]) -> bool {
    let Ok(root) = Tlv::parse_document(octets) else { return false };
    let mut children = root.children();
    root.tag == Tag::SEQUENCE && children.clone().next().is_some() && children.all(|child| child.is_ok())
}

/// The size of the whole element that begins `octets`, for runs of other writings.
pub(super) fn size_of(octets: &[u8]) -> Option<usize> {
    element_size(octets)
}

fn is_base64(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/')
}

/// The decoded parts of JOSE compact objects in a line, with where they stand.
pub(super) fn jose_parts(line: &[u8]) -> Vec<(Zeroizing<Vec<u8>>, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = 0;
    let is_url_safe = |octet: &u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_');
    while let Some(start) = position(line, JSON_IN_BASE64, at) {
        let length = line.iter().skip(start).take_while(|octet| is_url_safe(octet)).count();
        let word = line.get(start..start + length).unwrap_or_default();
        let standard: Zeroizing<Vec<u8>> = Zeroizing::new(
            word.iter()
                .map(|octet| match octet {
                    b'-' => b'+',
                    b'_' => b'/',
                    other => *other,
                })
                .collect(),
        );
        // Others hold nothing that is looked for, and keep their place in the line.
        if let Some(json) = decoded(&standard).filter(|json| position(json, b"\"x5c\"", 0).is_some()) {
            found.push((json, start..start + length));
        }
        at = start + length.max(1);
    }
    found
}

fn position(text: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    text.get(from..)?.windows(needle.len()).position(|window| window == needle).map(|at| from + at)
}
