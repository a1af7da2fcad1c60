//! Walks over DER (X.690): one element after another, each with its place in the input.
//!
//! A cursor with expectations over [`certwright_encoding::der`], which refuses indefinite and non-minimal lengths. Knows nothing
//! of types, so that an element of a kind that no one has heard of can be stepped over. It never recurses: whoever descends does so to
//! a fixed depth.

use certwright_encoding::der::{self, DerErrorKind};

use crate::fault::{Fault, Problem};

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const ENUMERATED: u8 = 0x0a;
pub(crate) const UTF8_STRING: u8 = 0x0c;
pub(crate) const PRINTABLE_STRING: u8 = 0x13;
pub(crate) const TELETEX_STRING: u8 = 0x14;
pub(crate) const IA5_STRING: u8 = 0x16;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const UNIVERSAL_STRING: u8 = 0x1c;
pub(crate) const BMP_STRING: u8 = 0x1e;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// The identifier octet of a context-specific, primitive element.
pub(crate) const fn context(number: u8) -> u8 {
    0x80 | number
}

/// The identifier octet of a context-specific, constructed element.
pub(crate) const fn context_constructed(number: u8) -> u8 {
    0xa0 | number
}

/// One element.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tlv<'a> {
    /// The first identifier octet.
    pub(crate) tag: u8,
    /// Where the element begins.
    pub(crate) offset: usize,
    /// Header and content.
    pub(crate) whole: &'a [u8],
    /// Content only.
    pub(crate) content: &'a [u8],
}

impl<'a> Tlv<'a> {
    /// Where the content begins.
    pub(crate) fn content_offset(&self) -> usize {
        self.offset + (self.whole.len() - self.content.len())
    }

    /// The elements inside.
    pub(crate) fn elements(&self) -> Elements<'a> {
        Elements { rest: self.content, offset: self.content_offset() }
    }

    /// The fault `problem` at the place of this element.
    pub(crate) fn fault(&self, problem: Problem) -> Fault {
        Fault::at(self.offset, problem)
    }

    /// A BOOLEAN. Takes any octet but zero as true: DER wants 0xff, some issuers wrote 0x01.
    pub(crate) fn boolean(&self) -> Result<bool, Fault> {
        match self.content {
            [octet] => Ok(*octet != 0),
            _ => Err(self.fault(Problem::BadBoolean)),
        }
    }

    /// A non-negative INTEGER that fits 32 bits; greater ones become `u32::MAX`.
    pub(crate) fn small_integer(&self) -> Result<u32, Fault> {
        let (first, rest) = self.content.split_first().ok_or(self.fault(Problem::BadInteger))?;
        let padded = *first == 0 && rest.first().is_some_and(|next| next & 0x80 == 0);
        if first & 0x80 != 0 || padded {
            return Err(self.fault(Problem::BadInteger));
        }
        Ok(self.content.iter().try_fold(0u32, |value, octet| {
            value.checked_mul(256).and_then(|value| value.checked_add(u32::from(*octet)))
        }))
        .map(|value| value.unwrap_or(u32::MAX))
    }

    /// A BIT STRING: its octets and how many bits of the last one are unused.
    pub(crate) fn bit_string(&self) -> Result<(&'a [u8], u8), Fault> {
        match self.content.split_first() {
            Some((unused, octets)) if *unused < 8 && (*unused == 0 || !octets.is_empty()) => {
                Ok((octets, *unused))
            }
            _ => Err(self.fault(Problem::BadBitString)),
        }
    }
}

/// The elements of a structure, in order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elements<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Elements<'a> {
    /// The elements of `input`, whose first octet has offset 0.
    pub(crate) fn new(input: &'a [u8]) -> Self {
        Self { rest: input, offset: 0 }
    }

    /// The single element that `input` consists of, which must have the tag `tag`.
    pub(crate) fn single(input: &'a [u8], tag: u8) -> Result<Tlv<'a>, Fault> {
        let mut elements = Self::new(input);
        let element = elements.expect(tag)?;
        elements.finish()?;
        Ok(element)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next element, whatever it is.
    pub(crate) fn next(&mut self) -> Result<Tlv<'a>, Fault> {
        let read = der::Tlv::parse(self.rest, 0, self.rest.len()).map_err(|error| {
            let problem = match error.kind {
                DerErrorKind::Truncated | DerErrorKind::Overrun => Problem::Truncated,
                _ => Problem::BadLength,
            };
            Fault::at(self.offset, problem)
        })?;
        let tag = self.rest.first().copied().unwrap_or_default();
        let element = Tlv { tag, offset: self.offset, whole: read.bytes(), content: read.value() };
        self.rest = self.rest.get(read.content.end..).unwrap_or_default();
        self.offset += read.content.end;
        Ok(element)
    }

    /// The next element, which must have the tag `tag`.
    pub(crate) fn expect(&mut self, tag: u8) -> Result<Tlv<'a>, Fault> {
        let element = self.next()?;
        if element.tag != tag {
            return Err(element.fault(Problem::UnexpectedTag { found: element.tag, wanted: tag }));
        }
        Ok(element)
    }

    /// The next element if it has the tag `tag`.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Tlv<'a>>, Fault> {
        if self.rest.first() == Some(&tag) { self.next().map(Some) } else { Ok(None) }
    }

    /// Refuses anything that is left.
    pub(crate) fn finish(&self) -> Result<(), Fault> {
        if self.rest.is_empty() { Ok(()) } else { Err(Fault::at(self.offset, Problem::TrailingData)) }
    }
}

/// Appends an element to `out`.
pub(crate) fn push(out: &mut Vec<u8>, tag: u8, content: &[u8]) {
    out.push(tag);
    let length = content.len();
    if length < 0x80 {
        out.push(length as u8);
    } else {
        let octets = length.to_be_bytes();
        let significant: Vec<u8> = octets.into_iter().skip_while(|octet| *octet == 0).collect();
        out.push(0x80 | significant.len() as u8);
        out.extend_from_slice(&significant);
    }
    out.extend_from_slice(content);
}

/// An element as bytes.
pub(crate) fn to_element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() + 6);
    push(&mut out, tag, content);
    out
}

/// A non-negative INTEGER as bytes, from its big-endian octets.
pub(crate) fn to_unsigned_integer(magnitude: &[u8]) -> Vec<u8> {
    let leading = magnitude.iter().take_while(|octet| **octet == 0).count();
    let significant = magnitude.get(leading..).unwrap_or_default();
    // The highest bit is the sign.
    let positive = significant.first().is_some_and(|octet| octet & 0x80 == 0);
    let sign: &[u8] = if positive { &[] } else { &[0] };
    to_element(INTEGER, &[sign, significant].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_strict() {
        assert_eq!(Elements::single(&[0x04, 0x01, 0xaa], OCTET_STRING).unwrap().content, [0xaa]);
        for (input, problem) in [
            (&[0x04, 0x80, 0x00, 0x00][..], Problem::BadLength),
            (&[0x04, 0x81, 0x01, 0xaa], Problem::BadLength),
            (&[0x04, 0x82, 0x00, 0x80], Problem::BadLength),
            (&[0x04, 0x85, 1, 1, 1, 1, 1], Problem::BadLength),
            (&[0x04, 0x02, 0xaa], Problem::Truncated),
            (&[0x04], Problem::Truncated),
            (&[], Problem::Truncated),
            (&[0x1f, 0xff], Problem::Truncated),
        ] {
            assert_eq!(Elements::new(input).next().unwrap_err().problem, problem, "{input:02x?}");
        }
        assert_eq!(
            Elements::single(&[0x04, 0x00, 0x00], OCTET_STRING).unwrap_err(),
            Fault::at(2, Problem::TrailingData)
        );
    }

    #[test]
    fn long_elements_round_trip() {
        for size in [0, 127, 128, 255, 256, 70_000] {
            let element = to_element(SEQUENCE, &vec![7; size]);
            let read = Elements::single(&element, SEQUENCE).unwrap();
            assert_eq!(read.content.len(), size);
            assert_eq!(read.content_offset(), element.len() - size);
        }
    }

    #[test]
    fn unsigned_integers() {
        for (magnitude, element) in [
            (&[][..], &[2, 1, 0][..]),
            (&[0, 0], &[2, 1, 0]),
            (&[0, 0, 5], &[2, 1, 5]),
            (&[0x80], &[2, 2, 0, 0x80]),
            (&[0x7f, 0xff], &[2, 2, 0x7f, 0xff]),
        ] {
            assert_eq!(to_unsigned_integer(magnitude), element);
        }
    }

    #[test]
    fn small_integers() {
        let read = |content: &[u8]| {
            Elements::single(&to_element(INTEGER, content), INTEGER).unwrap().small_integer()
        };
        assert_eq!(read(&[0]).unwrap(), 0);
        assert_eq!(read(&[0, 0x80]).unwrap(), 128);
        assert_eq!(read(&[1, 0, 0, 0, 0]).unwrap(), u32::MAX);
        for bad in [&[][..], &[0xff], &[0, 1]] {
            assert_eq!(read(bad).unwrap_err().problem, Problem::BadInteger);
        }
    }
}
