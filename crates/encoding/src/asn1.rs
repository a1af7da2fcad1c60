//! ASN.1 element by element, for looking at (X.690): DER and BER, without a schema.
//!
//! BER is accepted and marked: indefinite lengths, lengths and tags that are not the shortest, strings in pieces. Encodings inside an OCTET
//! STRING or BIT STRING are opened if they make up its whole content and are well-formed. What is broken becomes an element that says so, and
//! reading goes on behind its parent; what follows the first element is read as further ones. Never fails; stops at [`MAX_ELEMENTS`]
//! and does not open what lies deeper than [`MAX_DEPTH`].

use core::ops::Range;

use crate::der::{Class, DerErrorKind, Tag};

/// Most elements that are read.
pub const MAX_ELEMENTS: usize = 20_000;
/// Deepest nesting; the outermost element has depth 0.
pub const MAX_DEPTH: usize = 64;

/// An element of a [`read`] document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Levels above it.
    pub depth: usize,
    /// Where its identifier octet stands.
    pub offset: usize,
    /// Octets of identifier and length; 0 if they cannot be read.
    pub header: usize,
    /// Octets of its content, without the mark that ends an indefinite length; cut where the surrounding element ends.
    pub length: usize,
    /// Its tag.
    pub tag: Tag,
    /// Whether it is the outermost element of an encoding that was opened inside an OCTET STRING or BIT STRING.
    pub nested: bool,
    /// How it differs from DER.
    pub oddities: Vec<Oddity>,
    /// What is broken about it: with `Overrun` its content is cut, with all others there is no header and the content is the rest of its
    /// parent.
    pub fault: Option<DerErrorKind>,
}

impl Element {
    /// Where its content stands in the document.
    pub fn content(&self) -> Range<usize> {
        let start = self.offset + self.header;
        start..start + self.length
    }
}

/// How an element differs from DER.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// Its end is marked, not counted.
    IndefiniteLength,
    /// The length takes more octets than it needs.
    LengthNotShortest,
    /// The tag takes more octets than it needs.
    TagNotShortest,
    /// A string in pieces.
    StringInPieces,
    /// A primitive type that is said to be made of parts, or the reverse.
    WrongForm,
}

/// A document, element by element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Elements {
    /// The elements, each before those within it.
    pub elements: Vec<Element>,
    /// Where reading stopped because there are more than [`MAX_ELEMENTS`].
    pub stopped_at: Option<usize>,
    /// Whether something lies deeper than [`MAX_DEPTH`] and was not opened.
    pub too_deep: bool,
}

/// An element whose parts are being read.
struct Open {
    index: usize,
    /// Where it ends, or has to end at the latest.
    end: usize,
    indefinite: bool,
}

/// Reads all elements of a document.
pub fn read(document: &[u8]) -> Elements {
    let mut read = Elements::default();
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    let mut nested = false;
    loop {
        at = close(document, &mut read, &mut open, at);
        let end = open.last().map_or(document.len(), |open| open.end);
        if at >= end {
            return read;
        }
        if read.elements.len() >= MAX_ELEMENTS {
            read.stopped_at = Some(at);
            return read;
        }
        let depth = open.len();
        let header = match Header::read(document, at, end) {
            Ok(header) => header,
            Err(fault) => {
                read.elements.push(broken(document, at, end, depth, nested, fault));
                at = end;
                nested = false;
                continue;
            }
        };
        let start = at + header.size;
        let wanted = header.length.and_then(|length| start.checked_add(length)).unwrap_or(end);
        let overruns = wanted > end
            || (header.length.is_some() && start.checked_add(header.length.unwrap_or(0)).is_none());
        let content_end = wanted.min(end);
        let index = read.elements.len();
        read.elements.push(Element {
            depth,
            offset: at,
            header: header.size,
            length: content_end - start,
            tag: header.tag,
            nested,
            oddities: header.oddities(),
            fault: overruns.then_some(DerErrorKind::Overrun),
        });
        nested = false;
        let parts = if header.tag.constructed {
            Some(start)
        } else {
            opened_at(document, header.tag, start, content_end).inspect(|_| nested = true)
        };
        match parts {
            Some(from) if depth < MAX_DEPTH => {
                open.push(Open { index, end: content_end, indefinite: header.length.is_none() });
                at = from;
            }
            Some(_) => {
                read.too_deep = true;
                nested = false;
                at = content_end;
            }
            None => at = content_end,
        }
    }
}

/// Closes what ends at `at`, and says where to go on.
fn close(document: &[u8], read: &mut Elements, open: &mut Vec<Open>, mut at: usize) -> usize {
    while let Some(innermost) = open.last() {
        let marked =
            innermost.indefinite && at + 2 <= innermost.end && document.get(at..at + 2) == Some(&[0, 0]);
        if !marked && at < innermost.end {
            break;
        }
        if let Some(element) = read.elements.get_mut(innermost.index).filter(|_| innermost.indefinite) {
            element.length = at - (element.offset + element.header);
            if !marked {
                element.fault = Some(DerErrorKind::Overrun);
            }
        }
        at = if marked { at + 2 } else { innermost.end };
        open.pop();
    }
    at
}

fn broken(
    document: &[u8],
    at: usize,
    end: usize,
    depth: usize,
    nested: bool,
    fault: DerErrorKind,
) -> Element {
    let first = document.get(at).copied().unwrap_or_default();
    let tag = Tag { class: class_of(first), constructed: first & 0x20 != 0, number: u32::from(first & 0x1f) };
    Element {
        depth,
        offset: at,
        header: 0,
        length: end - at,
        tag,
        nested,
        oddities: Vec::new(),
        fault: Some(fault),
    }
}

/// Where the encoding inside a string begins, if it makes up the whole string.
fn opened_at(document: &[u8], tag: Tag, start: usize, end: usize) -> Option<usize> {
    match tag {
        Tag::OCTET_STRING => is_one_encoding(document, start, end).then_some(start),
        // The first octet counts unused bits. A signature that begins like a SEQUENCE by chance does not end like one.
        Tag::BIT_STRING => {
            let begins = document.get(start..start + 2) == Some(&[0, 0x30]);
            (begins && is_one_encoding(document, start + 1, end)).then_some(start + 1)
        }
        _ => None,
    }
}

/// Whether the octets are one well-formed element. Looks at each element within once, and at no more than [`MAX_ELEMENTS`].
fn is_one_encoding(document: &[u8], start: usize, end: usize) -> bool {
    if end.saturating_sub(start) < 2 {
        return false;
    }
    let mut open: Vec<(usize, bool)> = Vec::new();
    let mut at = start;
    for count in 0..MAX_ELEMENTS {
        while let Some((inner_end, indefinite)) = open.last().copied() {
            let marked = indefinite && document.get(at..at + 2) == Some(&[0, 0]) && at + 2 <= inner_end;
            if marked {
                at += 2;
            } else if indefinite || at < inner_end {
                break;
            }
            open.pop();
        }
        if open.is_empty() && count > 0 {
            return at == end;
        }
        let limit = open.last().map_or(end, |(inner_end, _)| *inner_end);
        let Ok(header) = Header::read(document, at, limit) else { return false };
        let content = at + header.size;
        let Some(content_end) = header.length.map_or(Some(limit), |length| content.checked_add(length))
        else {
            return false;
        };
        if content_end > limit || !is_plausible(document, &header, content, content_end) {
            return false;
        }
        at = if header.tag.constructed { content } else { content_end };
        if header.tag.constructed {
            if open.len() >= MAX_DEPTH {
                return false;
            }
            open.push((content_end, header.length.is_none()));
        }
    }
    false
}

/// Whether a primitive element can have such a content: octets by chance often look like a tag and a length.
fn is_plausible(document: &[u8], header: &Header, start: usize, end: usize) -> bool {
    let content = document.get(start..end).unwrap_or_default();
    if header.tag.class != Class::Universal {
        return header.tag.class == Class::ContextSpecific;
    }
    match (header.tag.number, header.tag.constructed) {
        (0 | 14 | 15 | 31.., _) => false,
        (1, false) => matches!(content, [_]),
        (2 | 10, false) => !content.is_empty(),
        (3, false) => matches!(content.first(), Some(0..=7)),
        (5, false) => content.is_empty(),
        (6, false) => content.last().is_some_and(|last| last & 0x80 == 0),
        (12, false) => core::str::from_utf8(content).is_ok(),
        (18..=23 | 24 | 26, false) => {
            content.iter().all(|octet| *octet >= 0x20 || octet.is_ascii_whitespace())
        }
        (16 | 17, constructed) => constructed,
        _ => true,
    }
}

struct Header {
    tag: Tag,
    size: usize,
    /// `None` if indefinite.
    length: Option<usize>,
    shortest_length: bool,
    shortest_tag: bool,
}

impl Header {
    fn read(document: &[u8], at: usize, end: usize) -> Result<Self, DerErrorKind> {
        let mut octets = document.get(at..end).unwrap_or_default().iter().copied();
        let mut size = 0;
        let mut next = || {
            size += 1;
            octets.next().ok_or(DerErrorKind::Truncated)
        };
        let first = next()?;
        let (mut number, mut shortest_tag) = (u32::from(first & 0x1f), true);
        if number == 0x1f {
            number = 0;
            loop {
                let octet = next()?;
                shortest_tag &= number != 0 || octet != 0x80;
                number = number.checked_mul(128).ok_or(DerErrorKind::BadHeader)? | u32::from(octet & 0x7f);
                if octet & 0x80 == 0 {
                    break;
                }
            }
            shortest_tag &= number >= 0x1f;
        }
        let constructed = first & 0x20 != 0;
        let mut shortest_length = true;
        let length = match next()? {
            short @ 0..=0x7f => Some(usize::from(short)),
            0x80 if constructed => None,
            0x80 | 0xff => return Err(DerErrorKind::BadHeader),
            long => {
                let mut length = 0_usize;
                for position in 0..long & 0x7f {
                    let octet = next()?;
                    shortest_length &= position > 0 || octet != 0;
                    length = length.checked_mul(256).ok_or(DerErrorKind::BadHeader)? | usize::from(octet);
                }
                shortest_length &= length >= 0x80;
                Some(length)
            }
        };
        let tag = Tag { class: class_of(first), constructed, number };
        Ok(Self { tag, size, length, shortest_length, shortest_tag })
    }

    fn oddities(&self) -> Vec<Oddity> {
        let is_universal = self.tag.class == Class::Universal;
        let is_string = is_universal && matches!(self.tag.number, 3 | 4 | 12 | 18..=30);
        let is_structure = is_universal && matches!(self.tag.number, 8 | 11 | 16 | 17);
        let is_simple = is_universal && matches!(self.tag.number, 1 | 2 | 5 | 6 | 9 | 10 | 13);
        let wrong = if self.tag.constructed { is_simple } else { is_structure };
        [
            (self.length.is_none(), Oddity::IndefiniteLength),
            (!self.shortest_length, Oddity::LengthNotShortest),
            (!self.shortest_tag, Oddity::TagNotShortest),
            (is_string && self.tag.constructed, Oddity::StringInPieces),
            (wrong, Oddity::WrongForm),
        ]
        .into_iter()
        .filter_map(|(is_so, oddity)| is_so.then_some(oddity))
        .collect()
    }
}

fn class_of(first: u8) -> Class {
    match first >> 6 {
        0 => Class::Universal,
        1 => Class::Application,
        2 => Class::ContextSpecific,
        _ => Class::Private,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shape(document: &[u8]) -> Vec<(usize, usize, usize, usize)> {
        read(document).elements.iter().map(|e| (e.depth, e.offset, e.header, e.length)).collect()
    }

    #[test]
    fn encodings_in_strings_are_opened_with_their_offsets() {
        // SEQUENCE { OCTET STRING { SEQUENCE { INTEGER 5 } }, BIT STRING { SEQUENCE {} }, OCTET STRING 01 02 }
        let document = [0x30, 16, 4, 5, 0x30, 3, 2, 1, 5, 3, 3, 0, 0x30, 0, 4, 2, 1, 2];
        assert_eq!(
            shape(&document),
            [
                (0, 0, 2, 16),
                (1, 2, 2, 5),
                (2, 4, 2, 3),
                (3, 6, 2, 1),
                (1, 9, 2, 3),
                (2, 12, 2, 0),
                (1, 14, 2, 2)
            ]
        );
        let nested: Vec<bool> = read(&document).elements.iter().map(|e| e.nested).collect();
        assert_eq!(nested, [false, false, true, false, false, true, false]);
    }

    #[test]
    fn ber_is_read_and_marked() {
        let document = [0x30, 0x80, 0x24, 0x80, 4, 1, 7, 0, 0, 2, 0x81, 1, 5, 0, 0];
        let elements = read(&document).elements;
        assert_eq!(shape(&document), [(0, 0, 2, 11), (1, 2, 2, 3), (2, 4, 2, 1), (1, 9, 3, 1)]);
        assert_eq!(elements[0].oddities, [Oddity::IndefiniteLength]);
        assert_eq!(elements[1].oddities, [Oddity::IndefiniteLength, Oddity::StringInPieces]);
        assert_eq!(elements[3].oddities, [Oddity::LengthNotShortest]);
        assert!(elements.iter().all(|e| e.fault.is_none()));
    }

    #[test]
    fn what_is_broken_hides_nothing_else() {
        // The inner SEQUENCE has an INTEGER that runs over; the INTEGER behind it is read all the same.
        let document = [0x30, 8, 0x30, 3, 2, 9, 1, 2, 1, 5];
        let elements = read(&document).elements;
        assert_eq!(elements[2].fault, Some(DerErrorKind::Overrun));
        assert_eq!((elements[2].length, elements[3].offset, elements[3].depth), (1, 7, 1));
        let cut = read(&document[..6]).elements;
        assert_eq!(cut[0].fault, Some(DerErrorKind::Overrun));
        assert_eq!(read(&[0x30, 1, 0x1f]).elements[1].fault, Some(DerErrorKind::Truncated));
        assert_eq!(read(&[0x30, 0x80, 2, 1, 1]).elements[0].fault, Some(DerErrorKind::Overrun));
        assert_eq!(shape(&[5, 0, 5, 0]), [(0, 0, 2, 0), (0, 2, 2, 0)]);
    }

    #[test]
    fn work_is_bounded() {
        let many = [5, 0].repeat(MAX_ELEMENTS + 1);
        assert_eq!(read(&many).stopped_at, Some(2 * MAX_ELEMENTS));
        assert!(read(&[0x30, 0x80].repeat(1000)).too_deep);
        assert_eq!(read(&[0x30, 0x80].repeat(1000)).elements.len(), MAX_DEPTH + 1);
    }

    proptest! {
        #[test]
        fn elements_lie_within_their_parents(document in proptest::collection::vec(any::<u8>(), 0..300)) {
            let read = read(&document);
            let mut parents: Vec<Range<usize>> = core::iter::once(0..document.len()).collect();
            for element in &read.elements {
                parents.truncate(element.depth + 1);
                let around = parents.last().unwrap().clone();
                prop_assert!(element.offset >= around.start && element.content().end <= around.end);
                parents.push(element.content());
            }
        }
    }
}
