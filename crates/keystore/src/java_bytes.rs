//! Numbers, strings and lengths as Java's `DataOutputStream` writes them: big-endian, each string with its length in
//! two bytes and in modified UTF-8. What the keystores of Java and Bouncy Castle are made of.
//!
//! Nothing is allocated for a length that the file states: bytes are given as slices of the file.

use crate::java_utf::{parse_modified_utf8, to_modified_utf8};

/// A field that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// What should have been there.
    pub(crate) part: &'static str,
    /// Where it begins, in bytes from the start of the input.
    pub(crate) offset: usize,
}

/// Bytes that are read from front to back.
#[derive(Clone, Debug)]
pub(crate) struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Input<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The same bytes from another place on.
    pub(crate) fn starting_at(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// How many bytes have been read.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// How many are left.
    pub(crate) fn left(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    /// A field of this name at the next byte, that is wrong.
    pub(crate) fn broken(&self, part: &'static str) -> Broken {
        Broken { part, offset: self.at }
    }

    pub(crate) fn bytes(&mut self, length: usize, part: &'static str) -> Result<&'a [u8], Broken> {
        let end = self.at.checked_add(length).ok_or(self.broken(part))?;
        let bytes = self.bytes.get(self.at..end).ok_or(self.broken(part))?;
        self.at = end;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self, part: &'static str) -> Result<[u8; N], Broken> {
        let broken = self.broken(part);
        self.bytes(N, part)?.try_into().map_err(|_| broken)
    }

    pub(crate) fn u8(&mut self, part: &'static str) -> Result<u8, Broken> {
        self.array(part).map(u8::from_be_bytes)
    }

    pub(crate) fn u16(&mut self, part: &'static str) -> Result<u16, Broken> {
        self.array(part).map(u16::from_be_bytes)
    }

    pub(crate) fn u32(&mut self, part: &'static str) -> Result<u32, Broken> {
        self.array(part).map(u32::from_be_bytes)
    }

    pub(crate) fn u64(&mut self, part: &'static str) -> Result<u64, Broken> {
        self.array(part).map(u64::from_be_bytes)
    }

    pub(crate) fn i64(&mut self, part: &'static str) -> Result<i64, Broken> {
        self.array(part).map(i64::from_be_bytes)
    }

    /// Bytes with their number in four bytes before them.
    pub(crate) fn counted(&mut self, part: &'static str) -> Result<&'a [u8], Broken> {
        let broken = self.broken(part);
        let length = self.u32(part)?;
        let length = usize::try_from(length).map_err(|_| broken)?;
        self.bytes(length, part).map_err(|_| broken)
    }

    /// The bytes of a string (`readUTF`).
    pub(crate) fn raw_text(&mut self, part: &'static str) -> Result<&'a [u8], Broken> {
        let broken = self.broken(part);
        let length = self.u16(part)?;
        self.bytes(length.into(), part).map_err(|_| broken)
    }

    /// A string (`readUTF`).
    pub(crate) fn text(&mut self, part: &'static str) -> Result<String, Broken> {
        let bytes = self.raw_text(part)?;
        let start = self.at - bytes.len();
        parse_modified_utf8(bytes).map_err(|offset| Broken { part, offset: start + offset })
    }
}

/// A string with its length (`writeUTF`); `None` if it is longer than the length can say.
pub(crate) fn to_counted_text(text: &str) -> Option<Vec<u8>> {
    let bytes = to_modified_utf8(text);
    let length = u16::try_from(bytes.len()).ok()?;
    Some([&length.to_be_bytes(), bytes.as_slice()].concat())
}

/// Bytes with their number in four bytes before them; `None` if there are more than the number can say.
pub(crate) fn push_counted(output: &mut Vec<u8>, bytes: &[u8]) -> Option<()> {
    output.extend(u32::try_from(bytes.len()).ok()?.to_be_bytes());
    output.extend_from_slice(bytes);
    Some(())
}
