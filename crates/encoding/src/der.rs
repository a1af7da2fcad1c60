//! DER as a tree of tag, length and value with byte ranges (X.690, sections 8.1 and 10.1).
//!
//! For looking at a structure without knowing its schema: recognising files, and pointing at bytes. Refused:
//! indefinite lengths (BER, told apart as such), lengths above 4 bytes, tag numbers above 2^28, content that
//! runs over its parent. Depth and number of elements are bounded by the caller's [`Limits`].

use core::ops::Range;

use thiserror::Error;

/// Class of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The types of ASN.1 itself.
    Universal,
    /// Application-wide.
    Application,
    /// Field `[n]` of the surrounding structure.
    ContextSpecific,
    /// Private use.
    Private,
}

/// A tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its class.
    pub class: Class,
    /// Whether the content is made of further elements.
    pub constructed: bool,
    /// Its number within the class.
    pub number: u32,
}

impl Tag {
    /// `BOOLEAN`.
    pub const BOOLEAN: Self = Self::universal(1, false);
    /// `INTEGER`.
    pub const INTEGER: Self = Self::universal(2, false);
    /// `BIT STRING`.
    pub const BIT_STRING: Self = Self::universal(3, false);
    /// `OCTET STRING`.
    pub const OCTET_STRING: Self = Self::universal(4, false);
    /// `OBJECT IDENTIFIER`.
    pub const OBJECT_IDENTIFIER: Self = Self::universal(6, false);
    /// `ENUMERATED`.
    pub const ENUMERATED: Self = Self::universal(10, false);
    /// `SEQUENCE` and `SEQUENCE OF`.
    pub const SEQUENCE: Self = Self::universal(16, true);
    /// `SET` and `SET OF`.
    pub const SET: Self = Self::universal(17, true);
    /// `UTCTime`.
    pub const UTC_TIME: Self = Self::universal(23, false);
    /// `GeneralizedTime`.
    pub const GENERALIZED_TIME: Self = Self::universal(24, false);

    const fn universal(number: u32, constructed: bool) -> Self {
        Self { class: Class::Universal, constructed, number }
    }

    /// Field `[number]`, constructed (explicit, or implicit over a structure).
    pub const fn context(number: u32) -> Self {
        Self { class: Class::ContextSpecific, constructed: true, number }
    }

    /// Field `[number]`, primitive (implicit over a string or number).
    pub const fn context_primitive(number: u32) -> Self {
        Self { class: Class::ContextSpecific, constructed: false, number }
    }
}

/// One element: where its header and content stand in the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tlv<'a> {
    /// The tag.
    pub tag: Tag,
    /// Bytes of tag and length.
    pub header: Range<usize>,
    /// Bytes of the content.
    pub content: Range<usize>,
    document: &'a [u8],
}

/// What is wrong, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{kind:?} at byte {offset}")]
pub struct DerError {
    /// Offset in the document of the element that is wrong.
    pub offset: usize,
    /// What is wrong with it.
    pub kind: DerErrorKind,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DerErrorKind {
    /// The document ends within a header.
    Truncated,
    /// The content runs over the end of its parent, or of the document.
    Overrun,
    /// An indefinite length: BER, not DER.
    Indefinite,
    /// A length or tag that is not in its shortest form, or beyond what is supported.
    BadHeader,
    /// Bytes after the end of the outermost element.
    TrailingData,
    /// Nested deeper than the limit.
    TooDeep,
    /// More elements than the limit.
    TooMany,
    /// Another element than the one that belongs here, or none.
    Unexpected,
}

/// Bounds on [`tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Deepest nesting; the outermost element has depth 0.
    pub depth: usize,
    /// Most elements.
    pub elements: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 64, elements: 100_000 }
    }
}

impl<'a> Tlv<'a> {
    /// Reads the element at `offset`, which ends at `end` of the document or before.
    ///
    /// # Errors
    /// See [`DerErrorKind`].
    pub fn parse(document: &'a [u8], offset: usize, end: usize) -> Result<Self, DerError> {
        let element = Self::parse_header(document, offset, end)?;
        if element.content.end > end {
            return Err(DerError { offset, kind: DerErrorKind::Overrun });
        }
        Ok(element)
    }

    /// As [`Tlv::parse`], but content that runs over the end is cut there: for looking into truncated files.
    ///
    /// # Errors
    /// See [`DerErrorKind`].
    pub fn parse_truncated(document: &'a [u8], offset: usize, end: usize) -> Result<Self, DerError> {
        let mut element = Self::parse_header(document, offset, end)?;
        element.content.end = element.content.end.min(end);
        Ok(element)
    }

    /// The whole document as one element.
    ///
    /// # Errors
    /// `TrailingData` if the element ends before the document.
    pub fn parse_document(document: &'a [u8]) -> Result<Self, DerError> {
        let element = Self::parse(document, 0, document.len())?;
        if element.content.end < document.len() {
            return Err(DerError { offset: element.content.end, kind: DerErrorKind::TrailingData });
        }
        Ok(element)
    }

    /// Bytes of the content.
    pub fn value(&self) -> &'a [u8] {
        self.document.get(self.content.clone()).unwrap_or_default()
    }

    /// All bytes of the element.
    pub fn bytes(&self) -> &'a [u8] {
        self.document.get(self.header.start..self.content.end).unwrap_or_default()
    }

    /// The elements within; none for a primitive element.
    pub fn children(&self) -> Children<'a> {
        let end = self.content.end;
        let at = if self.tag.constructed { self.content.start } else { end };
        Children { document: self.document, at, end, truncated: false }
    }

    /// As [`Tlv::children`], cutting the last at the end.
    pub fn children_truncated(&self) -> Children<'a> {
        Children { truncated: true, ..self.children() }
    }

    fn parse_header(document: &'a [u8], offset: usize, end: usize) -> Result<Self, DerError> {
        let fail = |kind| DerError { offset, kind };
        let bytes = document.get(offset..end).ok_or(fail(DerErrorKind::Truncated))?;
        let mut rest = bytes.iter().copied();
        let mut next = || rest.next().ok_or(fail(DerErrorKind::Truncated));
        let first = next()?;
        let mut number = u32::from(first & 0x1f);
        let mut length_of_header = 2;
        if number == 0x1f {
            number = 0;
            loop {
                let byte = next()?;
                length_of_header += 1;
                if length_of_header > 6 || (number == 0 && byte == 0x80) {
                    return Err(fail(DerErrorKind::BadHeader));
                }
                number = number << 7 | u32::from(byte & 0x7f);
                if byte & 0x80 == 0 {
                    break;
                }
            }
            if number < 0x1f {
                return Err(fail(DerErrorKind::BadHeader));
            }
        }
        let class = match first >> 6 {
            0 => Class::Universal,
            1 => Class::Application,
            2 => Class::ContextSpecific,
            _ => Class::Private,
        };
        let length = match next()? {
            short @ 0..=0x7f => usize::from(short),
            0x80 => return Err(fail(DerErrorKind::Indefinite)),
            long @ 0x81..=0x84 => {
                let mut length = 0_usize;
                for _ in 0..long - 0x80 {
                    length = length << 8 | usize::from(next()?);
                    length_of_header += 1;
                }
                let shortest = match long {
                    0x81 => 0x80,
                    0x82 => 0x100,
                    0x83 => 0x1_0000,
                    _ => 0x100_0000,
                };
                if length < shortest {
                    return Err(fail(DerErrorKind::BadHeader));
                }
                length
            }
            _ => return Err(fail(DerErrorKind::BadHeader)),
        };
        let start = offset + length_of_header;
        let content_end = start.checked_add(length).ok_or(fail(DerErrorKind::Overrun))?;
        let tag = Tag { class, constructed: first & 0x20 != 0, number };
        Ok(Self { tag, header: offset..start, content: start..content_end, document })
    }
}

/// Iterator over the elements within an element; ends after the first error.
#[derive(Clone, Debug)]
pub struct Children<'a> {
    document: &'a [u8],
    at: usize,
    end: usize,
    truncated: bool,
}

impl<'a> Iterator for Children<'a> {
    type Item = Result<Tlv<'a>, DerError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let child = if self.truncated {
            Tlv::parse_truncated(self.document, self.at, self.end)
        } else {
            Tlv::parse(self.document, self.at, self.end)
        };
        self.at = child.as_ref().map_or(self.end, |child| child.content.end);
        Some(child)
    }
}

/// The fields of a structure, taken one after the other by tag.
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    rest: core::iter::Peekable<Children<'a>>,
    /// Where to report a field that is missing.
    end: usize,
}

impl<'a> Fields<'a> {
    /// The fields of `document`, which is one element with this tag.
    ///
    /// # Errors
    /// See [`DerErrorKind`].
    pub fn of_document(document: &'a [u8], tag: Tag) -> Result<Self, DerError> {
        Self::of(&Tlv::parse_document(document)?, tag)
    }

    /// The fields of `element`, which has this tag.
    ///
    /// # Errors
    /// `Unexpected` if it has another.
    pub fn of(element: &Tlv<'a>, tag: Tag) -> Result<Self, DerError> {
        if element.tag != tag {
            return Err(DerError { offset: element.header.start, kind: DerErrorKind::Unexpected });
        }
        Ok(Self { rest: element.children().peekable(), end: element.content.end })
    }

    /// The next field, which has this tag.
    ///
    /// # Errors
    /// `Unexpected` if it has another or there is none.
    pub fn expect(&mut self, tag: Tag) -> Result<Tlv<'a>, DerError> {
        let end = self.end;
        self.optional(tag)?.ok_or_else(|| {
            let offset = match self.rest.peek() {
                Some(Ok(element)) => element.header.start,
                _ => end,
            };
            DerError { offset, kind: DerErrorKind::Unexpected }
        })
    }

    /// The next field if it has this tag.
    ///
    /// # Errors
    /// If the next field is broken.
    pub fn optional(&mut self, tag: Tag) -> Result<Option<Tlv<'a>>, DerError> {
        match self.rest.peek() {
            Some(Ok(element)) if element.tag == tag => self.any(),
            Some(Err(error)) => Err(*error),
            _ => Ok(None),
        }
    }

    /// The next field, whatever it is.
    ///
    /// # Errors
    /// If the next field is broken.
    pub fn any(&mut self) -> Result<Option<Tlv<'a>>, DerError> {
        self.rest.next().transpose()
    }

    /// All fields have been taken.
    ///
    /// # Errors
    /// `Unexpected` if there is another.
    pub fn finish(mut self) -> Result<(), DerError> {
        match self.any()? {
            None => Ok(()),
            Some(element) => Err(DerError { offset: element.header.start, kind: DerErrorKind::Unexpected }),
        }
    }
}

/// An element of a [`tree`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node<'a> {
    /// Levels above it.
    pub depth: usize,
    /// The element.
    pub element: Tlv<'a>,
}

/// All elements of a document, each before those within it.
///
/// # Errors
/// The first error in the document, or the limit that was passed.
pub fn tree(document: &[u8], limits: Limits) -> Result<Vec<Node<'_>>, DerError> {
    let root = Tlv::parse_document(document)?;
    let mut nodes = Vec::new();
    let mut open = vec![root.children()];
    nodes.push(Node { depth: 0, element: root });
    while let Some(children) = open.last_mut() {
        let Some(element) = children.next() else {
            open.pop();
            continue;
        };
        let element = element?;
        let depth = open.len();
        if depth > limits.depth {
            return Err(DerError { offset: element.header.start, kind: DerErrorKind::TooDeep });
        }
        if nodes.len() >= limits.elements {
            return Err(DerError { offset: element.header.start, kind: DerErrorKind::TooMany });
        }
        open.push(element.children());
        nodes.push(Node { depth, element });
    }
    Ok(nodes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ranges_and_depths() {
        // SEQUENCE { INTEGER 5, [0] { NULL } }
        let document = [0x30, 0x07, 0x02, 0x01, 0x05, 0xa0, 0x02, 0x05, 0x00];
        let nodes = tree(&document, Limits::default()).unwrap();
        let shape: Vec<_> = nodes
            .iter()
            .map(|node| (node.depth, node.element.header.start, node.element.content.clone()))
            .collect();
        assert_eq!(shape, [(0, 0, 2..9), (1, 2, 4..5), (1, 5, 7..9), (2, 7, 9..9)]);
        assert_eq!(nodes[1].element.tag, Tag::INTEGER);
        assert_eq!(nodes[1].element.value(), [5]);
        assert_eq!(nodes[2].element.tag, Tag::context(0));
        assert_eq!(nodes[2].element.bytes(), [0xa0, 0x02, 0x05, 0x00]);
    }

    #[test]
    fn what_is_refused() {
        let kind = |document: &[u8]| tree(document, Limits::default()).map(|_| ()).unwrap_err();
        let error = |offset, kind| DerError { offset, kind };
        assert_eq!(kind(&[]), error(0, DerErrorKind::Truncated));
        assert_eq!(kind(&[0x30]), error(0, DerErrorKind::Truncated));
        assert_eq!(kind(&[0x30, 0x80, 0, 0]), error(0, DerErrorKind::Indefinite));
        assert_eq!(kind(&[0x30, 0x03, 0x02, 0x01]), error(0, DerErrorKind::Overrun));
        assert_eq!(kind(&[0x30, 0x03, 0x02, 0x02, 0x01]), error(2, DerErrorKind::Overrun));
        assert_eq!(kind(&[0x30, 0x00, 0x00]), error(2, DerErrorKind::TrailingData));
        assert_eq!(kind(&[0x04, 0x81, 0x01, 0x00]), error(0, DerErrorKind::BadHeader));
        assert_eq!(kind(&[0x04, 0x85, 1, 1, 1, 1, 1]), error(0, DerErrorKind::BadHeader));
        assert_eq!(kind(&[0x1f, 0x80, 0x01, 0x00]), error(0, DerErrorKind::BadHeader));
    }

    #[test]
    fn nesting_is_bounded() {
        let mut document = Vec::new();
        for _ in 0..100 {
            let mut outer = vec![0x30];
            match u8::try_from(document.len()) {
                Ok(length @ ..0x80) => outer.push(length),
                Ok(length) => outer.extend([0x81, length]),
                Err(_) => outer.extend([0x82, (document.len() >> 8) as u8, document.len() as u8]),
            }
            outer.append(&mut document);
            document = outer;
        }
        assert_eq!(tree(&document, Limits::default()).unwrap_err().kind, DerErrorKind::TooDeep);
        assert_eq!(
            tree(&document, Limits { depth: 100, elements: 50 }).unwrap_err().kind,
            DerErrorKind::TooMany
        );
        assert_eq!(tree(&document, Limits { depth: 100, elements: 100 }).unwrap().len(), 100);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(document in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(nodes) = tree(&document, Limits::default()) {
                prop_assert_eq!(nodes[0].element.bytes(), document.as_slice());
            }
        }
    }
}
