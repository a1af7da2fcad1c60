//! Text as Windows saves it: UTF-16 with a byte order mark (what Notepad calls Unicode, and what `>` of the older
//! PowerShell writes), to UTF-8.
//!
//! Broken surrogates become U+FFFD. Without a byte order mark nothing is guessed.

use zeroize::Zeroizing;

/// The text in UTF-8 if it is UTF-16 with a byte order mark, otherwise `None`. It is wiped on drop, as it may hold a key.
pub fn utf16_to_utf8(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (read, units): (fn([u8; 2]) -> u16, _) = match text {
        [0xff, 0xfe, units @ ..] => (u16::from_le_bytes, units),
        [0xfe, 0xff, units @ ..] => (u16::from_be_bytes, units),
        _ => return None,
    };
    let units = units.chunks_exact(2).map(|pair| match pair {
        [first, second] => read([*first, *second]),
        _ => 0,
    });
    // Three bytes for two are the most, so that no reallocation leaves a copy behind.
    let mut narrowed = Zeroizing::new(Vec::with_capacity(text.len() / 2 * 3));
    for character in char::decode_utf16(units) {
        let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
        narrowed.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
    Some(narrowed)
}

/// Without the byte order mark that Windows puts before UTF-8.
pub fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_orders_and_nothing_else() {
        let text = "Schlüssel ლ 𝄞\r\n";
        let mut little = vec![0xff, 0xfe];
        little.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        let mut big = vec![0xfe, 0xff];
        big.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        for bytes in [little, big] {
            assert_eq!(utf16_to_utf8(&bytes).unwrap().as_slice(), text.as_bytes());
        }
        assert_eq!(utf16_to_utf8(text.as_bytes()), None);
        assert_eq!(utf16_to_utf8(&[0xff, 0xfe, 0x00, 0xd8, 0x41]).unwrap().as_slice(), "\u{fffd}".as_bytes());
        assert_eq!(without_mark("\u{feff}a".as_bytes()), b"a");
    }
}
