//! BER to DER (X.690, sections 8.1.3.6, 8.7.3 and 10), for the keystores and certificate bundles that Windows, NSS and
//! older Java libraries write: indefinite lengths become definite, lengths become shortest, octet strings in pieces are
//! put together. Elements that are DER already come out as they were.
//!
//! Not touched: the order of sets, pieces of other strings, pieces under an implicit tag (which cannot be told from a
//! structure without its schema). Refused: nesting deeper than [`MAX_DEPTH`], lengths above 4 bytes.

use std::borrow::Cow;

use crate::der::{DerError, DerErrorKind, Tlv};
use zeroize::Zeroize as _;

/// Deepest nesting that is converted.
pub const MAX_DEPTH: usize = 40;

/// A constructed element that is being converted.
struct Open {
    /// Its tag byte or bytes as they will be written.
    tag: Vec<u8>,
    /// Content so far.
    content: Vec<u8>,
    /// Where it ends; `None` while that is indefinite.
    end: Option<usize>,
    /// An octet string in pieces.
    pieces: bool,
    /// Where it starts, to report.
    start: usize,
}

impl Drop for Open {
    fn drop(&mut self) {
        // What is converted may have been decrypted before.
        self.content.zeroize();
    }
}

/// Gives `document` in DER, unchanged (and not copied) if it needs no change. Bytes after the element are refused.
///
/// # Errors
/// See [`DerErrorKind`].
pub fn to_der(document: &[u8]) -> Result<Cow<'_, [u8]>, DerError> {
    if is_definite(document)? {
        return Ok(Cow::Borrowed(document));
    }
    let mut stack: Vec<Open> = Vec::new();
    let mut at = 0;
    loop {
        // Close what ends here.
        while let Some(open) = stack.last() {
            let closed_by_mark = open.end.is_none() && document.get(at..at + 2) == Some(&[0, 0]);
            match open.end {
                Some(end) if at > end => return Err(error(open.start, DerErrorKind::Overrun)),
                Some(end) if at == end => {}
                _ if closed_by_mark => at += 2,
                _ => break,
            }
            let Some(closed) = stack.pop() else { break };
            match stack.last_mut() {
                Some(parent) if parent.pieces && closed.pieces => parent.content.extend(&closed.content),
                Some(parent) => push_element(&mut parent.content, &closed.tag, &closed.content),
                None if at == document.len() => {
                    let mut element = Vec::with_capacity(closed.content.len() + 8);
                    push_element(&mut element, &closed.tag, &closed.content);
                    return Ok(Cow::Owned(element));
                }
                None => return Err(error(at, DerErrorKind::TrailingData)),
            }
        }
        let limit = stack.iter().rev().find_map(|open| open.end).unwrap_or(document.len());
        let header = parse_header(document, at, limit)?;
        let pieces = stack.last().is_some_and(|open| open.pieces);
        if pieces && !matches!(header.tag, [0x04 | 0x24]) {
            return Err(error(at, DerErrorKind::Unexpected));
        }
        let start = at;
        at = header.content;
        if header.constructed {
            if stack.len() >= MAX_DEPTH {
                return Err(error(start, DerErrorKind::TooDeep));
            }
            let is_octets = header.tag == [0x24];
            let tag = if is_octets { vec![0x04] } else { header.tag.to_vec() };
            stack.push(Open { tag, content: Vec::new(), end: header.end, pieces: is_octets, start });
            continue;
        }
        let end = header.end.ok_or(error(start, DerErrorKind::BadHeader))?;
        let content = document.get(at..end).ok_or(error(start, DerErrorKind::Overrun))?;
        at = end;
        match stack.last_mut() {
            Some(parent) if pieces => parent.content.extend_from_slice(content),
            Some(parent) => push_element(&mut parent.content, header.tag, content),
            None if at == document.len() => {
                let mut element = Vec::new();
                push_element(&mut element, header.tag, content);
                return Ok(Cow::Owned(element));
            }
            None => return Err(error(at, DerErrorKind::TrailingData)),
        }
    }
}

/// Whether all lengths are definite and shortest and no octet string is in pieces.
fn is_definite(document: &[u8]) -> Result<bool, DerError> {
    let mut open = match Tlv::parse_document(document) {
        Ok(root) => vec![root.children()],
        Err(DerError { kind: DerErrorKind::Indefinite | DerErrorKind::BadHeader, .. }) => return Ok(false),
        Err(error) => return Err(error),
    };
    while let Some(children) = open.last_mut() {
        match children.next() {
            None => drop(open.pop()),
            Some(Ok(element)) if element.bytes().first() == Some(&0x24) => return Ok(false),
            Some(Ok(element)) if open.len() >= MAX_DEPTH => {
                return Err(error(element.header.start, DerErrorKind::TooDeep));
            }
            Some(Ok(element)) => open.push(element.children()),
            Some(Err(_)) => return Ok(false),
        }
    }
    Ok(true)
}

struct Header<'a> {
    tag: &'a [u8],
    constructed: bool,
    content: usize,
    end: Option<usize>,
}

fn parse_header(document: &[u8], at: usize, limit: usize) -> Result<Header<'_>, DerError> {
    let truncated = error(at, DerErrorKind::Truncated);
    let bytes = document.get(at..limit).ok_or(truncated)?;
    let first = *bytes.first().ok_or(truncated)?;
    let mut tag_length = 1;
    if first & 0x1f == 0x1f {
        // The last byte of a long tag has its highest bit clear; five bytes carry more than any real one.
        let rest = bytes.get(1..).unwrap_or_default().iter().take(5);
        tag_length += rest.clone().position(|byte| byte & 0x80 == 0).ok_or(truncated)? + 1;
    }
    let constructed = first & 0x20 != 0;
    let length_byte = *bytes.get(tag_length).ok_or(truncated)?;
    let tag = bytes.get(..tag_length).unwrap_or_default();
    let after = at + tag_length + 1;
    match length_byte {
        0x80 if constructed => Ok(Header { tag, constructed, content: after, end: None }),
        0x80 => Err(error(at, DerErrorKind::BadHeader)),
        short @ ..0x80 => end_of(at, after, short.into(), limit).map(|end| Header {
            tag,
            constructed,
            content: after,
            end: Some(end),
        }),
        long => {
            let count = usize::from(long & 0x7f);
            let digits = bytes.get(tag_length + 1..tag_length + 1 + count).ok_or(truncated)?;
            let significant = without_zeros(digits);
            if significant.len() > 4 {
                return Err(error(at, DerErrorKind::BadHeader));
            }
            let length = significant.iter().fold(0_u64, |length, digit| length << 8 | u64::from(*digit));
            let length = usize::try_from(length).map_err(|_| error(at, DerErrorKind::Overrun))?;
            let content = after + count;
            end_of(at, content, length, limit).map(|end| Header { tag, constructed, content, end: Some(end) })
        }
    }
}

/// Leading zeros of a length say nothing.
fn without_zeros(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().take_while(|byte| **byte == 0).count();
    digits.get(zeros..).unwrap_or_default()
}

fn end_of(at: usize, content: usize, length: usize, limit: usize) -> Result<usize, DerError> {
    content.checked_add(length).filter(|end| *end <= limit).ok_or(error(at, DerErrorKind::Overrun))
}

fn push_element(target: &mut Vec<u8>, tag: &[u8], content: &[u8]) {
    target.extend_from_slice(tag);
    let length = content.len().to_be_bytes();
    let significant = without_zeros(&length);
    match (content.len(), u8::try_from(significant.len())) {
        (0..0x80, _) => target.push(significant.first().copied().unwrap_or_default()),
        (_, count) => {
            target.push(0x80 | count.unwrap_or_default());
            target.extend_from_slice(significant);
        }
    }
    target.extend_from_slice(content);
}

fn error(offset: usize, kind: DerErrorKind) -> DerError {
    DerError { offset, kind }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::der::{Limits, tree};
    use proptest::prelude::*;

    #[test]
    fn der_is_left_alone() {
        for document in [&[0x30, 0x00][..], &[0x30, 0x03, 0x02, 0x01, 0x05], &[0x04, 0x01, 0x00]] {
            assert!(matches!(to_der(document), Ok(Cow::Borrowed(same)) if same == document));
        }
    }

    #[test]
    fn conversions() {
        for (ber, der) in [
            (&[0x30, 0x80, 0x02, 0x01, 0x05, 0, 0][..], &[0x30, 0x03, 0x02, 0x01, 0x05][..]),
            (&[0x30, 0x81, 0x03, 0x02, 0x01, 0x05], &[0x30, 0x03, 0x02, 0x01, 0x05]),
            (&[0x04, 0x82, 0x00, 0x01, 0x07], &[0x04, 0x01, 0x07]),
            (&[0x24, 0x80, 0x04, 0x01, 1, 0x04, 0x02, 2, 3, 0, 0], &[0x04, 0x03, 1, 2, 3]),
            (&[0x24, 0x07, 0x24, 0x80, 0x04, 0x01, 9, 0, 0], &[0x04, 0x01, 9]),
            (&[0x30, 0x80, 0xa0, 0x80, 0x24, 0x80, 0, 0, 0, 0, 0, 0], &[0x30, 0x04, 0xa0, 0x02, 0x04, 0x00]),
            (
                &[0x30, 0x09, 0x30, 0x80, 0x02, 0x01, 0x05, 0, 0, 0x05, 0x00],
                &[0x30, 0x07, 0x30, 3, 2, 1, 5, 5, 0],
            ),
        ] {
            assert_eq!(to_der(ber).as_deref(), Ok(der), "{ber:02x?}");
        }
    }

    #[test]
    fn long_content_gets_a_long_length() {
        let mut ber = vec![0x24, 0x80];
        for _ in 0..3 {
            ber.extend([0x04, 0x64]);
            ber.extend([7; 100]);
        }
        ber.extend([0, 0]);
        let der = to_der(&ber).unwrap();
        assert_eq!(der[..4], [0x04, 0x82, 0x01, 0x2c]);
        assert_eq!(der.len(), 304);
    }

    #[test]
    fn what_is_refused() {
        let kind = |document: &[u8]| to_der(document).unwrap_err().kind;
        assert_eq!(kind(&[0x30, 0x80, 0x02, 0x01]), DerErrorKind::Overrun);
        assert_eq!(kind(&[0x30, 0x80]), DerErrorKind::Truncated);
        assert_eq!(kind(&[0x30, 0x80, 0, 0, 0]), DerErrorKind::TrailingData);
        assert_eq!(kind(&[0x04, 0x80, 0, 0]), DerErrorKind::BadHeader);
        assert_eq!(kind(&[0x24, 0x80, 0x02, 0x01, 0, 0, 0]), DerErrorKind::Unexpected);
        assert_eq!(kind(&[0x30, 0x80].repeat(100)), DerErrorKind::TooDeep);
        assert_eq!(kind(&[0x30, 0x04, 0x30, 0x80, 0x05, 0x00]), DerErrorKind::Truncated);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = to_der(&bytes);
            let mut indefinite = vec![0x30, 0x80];
            indefinite.extend(&bytes);
            let _ = to_der(&indefinite);
        }

        #[test]
        fn indefinite_forms_of_der_come_back(pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 0..6)) {
            let mut ber = vec![0x30, 0x80];
            let mut plain = Vec::new();
            for piece in &pieces {
                ber.extend([0x24, 0x80]);
                for half in piece.chunks(7) {
                    push_element(&mut ber, &[0x04], half);
                }
                ber.extend([0, 0]);
                push_element(&mut plain, &[0x04], piece);
            }
            ber.extend([0, 0]);
            let mut der = Vec::new();
            push_element(&mut der, &[0x30], &plain);
            let converted = to_der(&ber).unwrap();
            prop_assert_eq!(converted.as_ref(), der.as_slice());
            prop_assert!(tree(&converted, Limits::default()).is_ok());
        }
    }
}
