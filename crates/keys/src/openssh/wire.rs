//! SSH's data types (RFC 4251, section 5): `uint32`, `string` and `mpint`.

use zeroize::Zeroizing;

use crate::error::ReadKeyError;

/// Reads from the front. Every length is checked against what is there.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(super) fn u32(&mut self) -> Result<u32, ReadKeyError> {
        let (number, rest) = self.rest.split_first_chunk().ok_or(ReadKeyError::Malformed { offset: None })?;
        self.rest = rest;
        Ok(u32::from_be_bytes(*number))
    }

    pub(super) fn string(&mut self) -> Result<&'a [u8], ReadKeyError> {
        let malformed = ReadKeyError::Malformed { offset: None };
        let length = usize::try_from(self.u32()?).map_err(|_| malformed.clone())?;
        let (string, rest) = self.rest.split_at_checked(length).ok_or(malformed)?;
        self.rest = rest;
        Ok(string)
    }

    /// A string that is a name.
    pub(super) fn text(&mut self) -> Result<&'a str, ReadKeyError> {
        let name = core::str::from_utf8(self.string()?).ok();
        name.filter(|name| name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_graphic()))
            .ok_or(ReadKeyError::Malformed { offset: None })
    }

    /// A number that is not negative.
    pub(super) fn mpint(&mut self) -> Result<&'a [u8], ReadKeyError> {
        match self.string()? {
            [first, ..] if *first >= 0x80 => Err(ReadKeyError::InvalidKey),
            bytes => Ok(bytes),
        }
    }
}

/// Writes to a buffer that wipes itself. (It grows by doubling, so each copy that is left behind is wiped here too.)
#[derive(Default)]
pub(super) struct Writer(Zeroizing<Vec<u8>>);

impl Writer {
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        let needed = self.0.len() + bytes.len();
        if needed > self.0.capacity() {
            let mut larger = Zeroizing::new(Vec::with_capacity(needed.next_power_of_two().max(1024)));
            larger.extend_from_slice(&self.0);
            self.0 = larger;
        }
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn string(&mut self, bytes: &[u8]) {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.bytes(&length.to_be_bytes());
        self.bytes(bytes);
    }

    /// A number without its leading zeros, and with one if it would look negative.
    pub(super) fn mpint(&mut self, bytes: &[u8]) {
        let bytes = crate::rsa_numbers::trimmed(bytes);
        if bytes.first().is_some_and(|first| *first >= 0x80) {
            self.string(&Zeroizing::new([&[0], bytes].concat()));
        } else {
            self.string(bytes);
        }
    }

    /// Fills up to whole blocks with 1, 2, 3, ….
    pub(super) fn pad(&mut self, block: usize) {
        let missing = self.0.len().next_multiple_of(block) - self.0.len();
        let padding: Vec<u8> = (1..=u8::MAX).take(missing).collect();
        self.bytes(&padding);
    }

    pub(super) fn finish(self) -> Zeroizing<Vec<u8>> {
        self.0
    }
}
