//! Java's modified UTF-8 (`java.io.DataInput`): each UTF-16 unit by itself in one to three bytes, NUL in two.
//!
//! Refused, as Java does: forms of four bytes, continuation bytes out of place. Half a surrogate pair, which Java can
//! keep and Rust cannot, becomes U+FFFD.

/// Reads modified UTF-8.
///
/// # Errors
/// The offset of the byte that does not fit.
pub(crate) fn parse_modified_utf8(bytes: &[u8]) -> Result<String, usize> {
    let mut units = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    let continuation = |byte: u8| byte & 0xc0 == 0x80;
    loop {
        let at = bytes.len() - rest.len();
        rest = match *rest {
            [] => break,
            [byte @ ..0x80, ref rest @ ..] => {
                units.push(u16::from(byte));
                rest
            }
            [first @ 0xc0..0xe0, second, ref rest @ ..] if continuation(second) => {
                units.push(u16::from(first & 0x1f) << 6 | u16::from(second & 0x3f));
                rest
            }
            [first @ 0xe0..0xf0, second, third, ref rest @ ..]
                if continuation(second) && continuation(third) =>
            {
                let high = u16::from(first & 0x0f) << 12 | u16::from(second & 0x3f) << 6;
                units.push(high | u16::from(third & 0x3f));
                rest
            }
            _ => return Err(at),
        };
    }
    Ok(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

/// Writes modified UTF-8.
pub(crate) fn to_modified_utf8(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for unit in text.encode_utf16() {
        let [high, low] = unit.to_be_bytes();
        let continuation = 0x80 | low & 0x3f;
        match unit {
            0x01..0x80 => bytes.push(low),
            0 | 0x80..0x800 => bytes.extend([0xc0 | high << 2 | low >> 6, continuation]),
            _ => bytes.extend([0xe0 | high >> 4, 0x80 | (high & 0x0f) << 2 | low >> 6, continuation]),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forms_of_java() {
        assert_eq!(to_modified_utf8("a\0ä€"), [0x61, 0xc0, 0x80, 0xc3, 0xa4, 0xe2, 0x82, 0xac]);
        assert_eq!(to_modified_utf8("𝄞"), [0xed, 0xa0, 0xb4, 0xed, 0xb4, 0x9e]);
        assert_eq!(parse_modified_utf8(&[0xed, 0xa0, 0xb4]).as_deref(), Ok("\u{fffd}"));
        assert_eq!(parse_modified_utf8(b"a\0"), Ok("a\0".to_owned()));
        assert_eq!(parse_modified_utf8("a𝄞".as_bytes()), Err(1));
        assert_eq!(parse_modified_utf8(&[0x61, 0xc3]), Err(1));
        assert_eq!(parse_modified_utf8(&[0x61, 0x80]), Err(1));
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in any::<String>()) {
            prop_assert_eq!(parse_modified_utf8(&to_modified_utf8(&text)), Ok(text));
        }

        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            if let Err(offset) = parse_modified_utf8(&bytes) {
                prop_assert!(offset < bytes.len());
            }
        }
    }
}
