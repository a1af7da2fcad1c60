//! Reads the record layer (RFC 5246 section 6.2.1, RFC 8446 section 5.1) in clear, from bytes as they come.
//!
//! Refuses records of more than 2^14 + 2048 octets, of unknown types and of other major versions than 3. An answer of SSL 2.0
//! (RFC 6101 appendix E) is recognised.

/// What a record holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// ChangeCipherSpec: from here on nothing is in clear.
    ChangeCipherSpec,
    /// An alert.
    Alert,
    /// Handshake messages, or parts of them.
    Handshake,
    /// Application data, or in TLS 1.3 anything encrypted.
    Data,
}

/// A record in clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) content: Content,
    pub(super) payload: Vec<u8>,
}

/// What is no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoRecord {
    /// It cannot be TLS at all.
    NotTls,
    /// It is an answer of SSL 2.0.
    Ssl2,
    /// A record is longer than may be.
    TooLong {
        /// What it says.
        length: u16,
    },
}

const HEADER: usize = 5;
const LONGEST: u16 = 16 * 1024 + 2048;

/// Bytes on their way to records. Holds one record at most, and what came with it.
#[derive(Debug, Default)]
pub(super) struct Records {
    bytes: Vec<u8>,
    /// How far they have been read.
    at: usize,
    seen: bool,
}

impl Records {
    /// Takes what came.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.at);
        self.at = 0;
        self.bytes.extend(bytes);
    }

    /// The next record, once it is whole.
    pub(super) fn next(&mut self) -> Result<Option<Record>, NoRecord> {
        if !self.seen && !self.begins_like_tls()? {
            return Ok(None);
        }
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let Some((&[kind, major, _, high, low], rest)) = rest.split_first_chunk::<HEADER>() else {
            return Ok(None);
        };
        let length = u16::from_be_bytes([high, low]);
        let content = match kind {
            20 => Content::ChangeCipherSpec,
            21 => Content::Alert,
            22 => Content::Handshake,
            23 => Content::Data,
            _ => return Err(NoRecord::NotTls),
        };
        if major != 3 {
            return Err(NoRecord::NotTls);
        }
        if length > LONGEST {
            return Err(NoRecord::TooLong { length });
        }
        let Some(payload) = rest.get(..usize::from(length)) else { return Ok(None) };
        self.at += HEADER + payload.len();
        self.seen = true;
        let payload = payload.to_vec();
        Ok(Some(Record { content, payload }))
    }

    /// Tells what can be no TLS, before a header is there. `false` for what may yet be an answer of SSL 2.0.
    fn begins_like_tls(&self) -> Result<bool, NoRecord> {
        match *self.bytes.as_slice() {
            // Two octets of length with the highest bit set, then SERVER-HELLO with version 2, or ERROR with its code.
            [length, _, 4, _, _, 0, 2, ..] if length & 0x80 != 0 => Err(NoRecord::Ssl2),
            [0x80, 3, 0, 0, 1..=6, ..] => Err(NoRecord::Ssl2),
            [length, _, 4, ..] if length & 0x80 != 0 && self.bytes.len() < 7 => Ok(false),
            [0x80] | [0x80, 3] | [0x80, 3, 0] | [0x80, 3, 0, 0] => Ok(false),
            [length] | [length, _] if length & 0x80 != 0 => Ok(false),
            [20..=23, 3, ..] | [20..=23] | [] => Ok(true),
            _ => Err(NoRecord::NotTls),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Option<Record>, NoRecord> {
        let mut records = Records::default();
        for byte in bytes {
            records.feed(&[*byte]);
            match records.next() {
                Ok(None) => {}
                other => return other,
            }
        }
        Ok(None)
    }

    #[test]
    fn records_come_byte_by_byte() {
        let record = Record { content: Content::Alert, payload: vec![2, 40] };
        assert_eq!(read(&[21, 3, 1, 0, 2, 2, 40]), Ok(Some(record)));
        assert_eq!(read(&[21, 3, 1, 0, 2, 2]), Ok(None));
    }

    #[test]
    fn several_in_one_read() {
        let mut records = Records::default();
        records.feed(&[22, 3, 3, 0, 1, 9, 22, 3, 3, 0, 0, 21, 3]);
        let handshake = |payload: &[u8]| Record { content: Content::Handshake, payload: payload.to_vec() };
        assert_eq!(records.next(), Ok(Some(handshake(&[9]))));
        assert_eq!(records.next(), Ok(Some(handshake(&[]))));
        assert_eq!(records.next(), Ok(None));
    }

    #[test]
    fn what_is_no_record() {
        assert_eq!(read(b"HTTP/1.1 400"), Err(NoRecord::NotTls));
        assert_eq!(read(&[22, 3, 3, 0xff, 0xff]), Err(NoRecord::TooLong { length: 0xffff }));
        assert_eq!(read(&[22, 2, 3]), Err(NoRecord::NotTls));
        assert_eq!(read(&[0x80, 3, 0, 0, 1]), Err(NoRecord::Ssl2));
        assert_eq!(read(&[0x84, 0x0b, 4, 0, 1, 0, 2, 3]), Err(NoRecord::Ssl2));
        assert_eq!(read(&[0x84, 0x0b, 4, 0, 1, 9, 9, 3]), Err(NoRecord::NotTls));
        assert_eq!(read(&[0xff, 0xfd, 0x18]), Err(NoRecord::NotTls));
    }
}
