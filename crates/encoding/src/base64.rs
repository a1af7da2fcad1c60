//! Bare base64 (RFC 4648, section 4) as people paste it.
//!
//! Ignored: white space of any kind, literal `\n` and `\r` as they stand in JSON and environment variables,
//! missing padding. Refused: any other byte, and lengths that no encoder produces.
//! Decoding is done in constant time, for keys come this way too, and the buffers in between are wiped.

use base64ct::{Base64, Base64Unpadded, Encoding};
use thiserror::Error;
use zeroize::Zeroizing;

/// Why text is not base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Base64Error {
    /// A byte outside the alphabet.
    #[error("byte {byte:#04x} at {offset} is not base64")]
    InvalidByte {
        /// Where the byte stands in the input.
        offset: usize,
        /// The byte.
        byte: u8,
    },
    /// The number of characters, the padding or the last bits fit no encoding.
    #[error("truncated base64")]
    Truncated,
    /// There is nothing to decode.
    #[error("no base64")]
    Empty,
}

/// Decodes base64. The result is wiped on drop, as it may be a key.
///
/// # Errors
/// See [`Base64Error`].
pub fn parse_base64(text: &[u8]) -> Result<Zeroizing<Vec<u8>>, Base64Error> {
    let mut characters = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut padding = 0;
    let mut bytes = text.iter().copied().enumerate().peekable();
    while let Some((offset, byte)) = bytes.next() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => characters.push(byte),
            b'=' if padding < 2 => padding += 1,
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => {}
            b'\\' if matches!(bytes.peek(), Some((_, b'n' | b'r'))) => {
                bytes.next();
            }
            _ => return Err(Base64Error::InvalidByte { offset, byte }),
        }
    }
    if characters.is_empty() {
        return Err(Base64Error::Empty);
    }
    if padding > 0 && (characters.len() + padding) % 4 != 0 {
        return Err(Base64Error::Truncated);
    }
    // One buffer of the right size, so that no reallocation leaves a copy behind.
    let mut decoded = Zeroizing::new(vec![0; characters.len() / 4 * 3 + 3]);
    let length = Base64Unpadded::decode(characters.as_slice(), &mut decoded)
        .map_err(|_| Base64Error::Truncated)?
        .len();
    decoded.truncate(length);
    Ok(decoded)
}

/// Decodes base64 that is perhaps several pieces, one after the other and each with its own padding, as people paste
/// several certificates. The pieces are put together: DER says itself where each ends.
///
/// # Errors
/// See [`Base64Error`].
pub fn parse_base64_pieces(text: &[u8]) -> Result<Zeroizing<Vec<u8>>, Base64Error> {
    let mut whole = Zeroizing::new(Vec::with_capacity(text.len() / 4 * 3 + 3));
    let mut start = 0;
    while start < text.len() {
        let rest = text.get(start..).unwrap_or_default();
        // A piece ends after its padding, which white space may break.
        let padding = rest.iter().position(|byte| *byte == b'=').unwrap_or(rest.len());
        let is_filling = |byte: &&u8| **byte == b'=' || byte.is_ascii_whitespace();
        let end = padding + rest.iter().skip(padding).take_while(is_filling).count();
        let piece = rest.get(..end).unwrap_or_default();
        let decoded = parse_base64(piece).map_err(|error| match error {
            Base64Error::InvalidByte { offset, byte } => {
                Base64Error::InvalidByte { offset: start + offset, byte }
            }
            other => other,
        })?;
        whole.extend_from_slice(&decoded);
        start += end;
    }
    if whole.is_empty() { Err(Base64Error::Empty) } else { Ok(whole) }
}

/// Encodes as one line of padded base64.
pub fn to_base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_and_padding_do_not_matter() {
        for text in ["AAEC/w==", "AAEC/w", " AA\r\nEC\t/w==\n", "AAEC\\n/w==\\r\\n", "A A E C / w = ="] {
            assert_eq!(parse_base64(text.as_bytes()).unwrap().as_slice(), [0, 1, 2, 0xff], "{text:?}");
        }
        assert_eq!(to_base64(&[0, 1, 2, 0xff]), "AAEC/w==");
    }

    #[test]
    fn pieces_are_put_together() {
        for text in ["AAEC/w==AAEC/w==", "AAEC/w==\r\nAAEC/w=\n=\n", "AAEC/w==\n\nAAEC/w", "AAEC\n/wABAv8="] {
            let decoded = parse_base64_pieces(text.as_bytes()).unwrap();
            assert_eq!(decoded.as_slice(), [0, 1, 2, 0xff, 0, 1, 2, 0xff], "{text:?}");
        }
        assert_eq!(parse_base64_pieces(b""), Err(Base64Error::Empty));
        assert_eq!(
            parse_base64_pieces(b"AAEC/w==A-"),
            Err(Base64Error::InvalidByte { offset: 9, byte: b'-' })
        );
        assert_eq!(
            parse_base64_pieces(b"AAEC/w==="),
            Err(Base64Error::InvalidByte { offset: 8, byte: b'=' })
        );
    }

    #[test]
    fn what_is_refused() {
        assert_eq!(parse_base64(b""), Err(Base64Error::Empty));
        assert_eq!(parse_base64(b" \n"), Err(Base64Error::Empty));
        assert_eq!(parse_base64(b"AAEC/"), Err(Base64Error::Truncated));
        assert_eq!(parse_base64(b"AAEC/w="), Err(Base64Error::Truncated));
        assert_eq!(parse_base64(b"AA-C"), Err(Base64Error::InvalidByte { offset: 2, byte: b'-' }));
        assert_eq!(parse_base64(b"AA==AA"), Err(Base64Error::InvalidByte { offset: 4, byte: b'A' }));
    }
}
