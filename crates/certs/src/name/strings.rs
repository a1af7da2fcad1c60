//! The string types of names (RFC 5280 section 4.1.2.4, DirectoryString, IA5String) as text, and the folding by which they compare.
//!
//! TeletexString is read as ISO 8859-1, which is what issuers put there. Refuses octets that the type does not allow.

use crate::fault::{Fault, Problem};
use crate::tlv::{self, Elements, Tlv};

/// The next element, which must be a character string of any type.
pub(crate) fn expect(elements: &mut Elements<'_>) -> Result<String, Fault> {
    let element = elements.next()?;
    to_text(element.tag, element.content).ok_or(element.fault(Problem::BadText))
}

/// A character string of the type `tag` under another tag.
pub(crate) fn implicit(element: &Tlv<'_>, tag: u8) -> Result<String, Fault> {
    to_text(tag, element.content).ok_or(element.fault(Problem::BadText))
}

/// The character string that `input` consists of.
pub(crate) fn single(input: &[u8]) -> Result<String, Fault> {
    let mut elements = Elements::new(input);
    let text = expect(&mut elements)?;
    elements.finish()?;
    Ok(text)
}

/// The text of a value, or `None`.
pub(crate) fn to_text(tag: u8, value: &[u8]) -> Option<String> {
    const NUMERIC_STRING: u8 = 0x12;
    const VISIBLE_STRING: u8 = 0x1a;
    match tag {
        tlv::UTF8_STRING => String::from_utf8(value.to_vec()).ok(),
        // Issuers put `@`, `*` and `_` into PrintableString although it has none of them.
        tlv::PRINTABLE_STRING | tlv::IA5_STRING | NUMERIC_STRING | VISIBLE_STRING => {
            value.is_ascii().then(|| value.iter().map(|octet| char::from(*octet)).collect())
        }
        tlv::TELETEX_STRING => Some(value.iter().map(|octet| char::from(*octet)).collect()),
        tlv::BMP_STRING => {
            let (units, rest) = value.as_chunks::<2>();
            let units: Vec<u16> = units.iter().map(|unit| u16::from_be_bytes(*unit)).collect();
            if rest.is_empty() { String::from_utf16(&units).ok() } else { None }
        }
        tlv::UNIVERSAL_STRING => {
            let (units, rest) = value.as_chunks::<4>();
            if !rest.is_empty() {
                return None;
            }
            units.iter().map(|unit| char::from_u32(u32::from_be_bytes(*unit))).collect()
        }
        _ => None,
    }
}

/// True for the characters of PrintableString (X.680 section 41.4).
pub(crate) fn is_printable(c: char) -> bool {
    c.is_ascii_alphanumeric() || " '()+,-./:=?".contains(c)
}

/// Lower case, no white space at the ends, one space for each run of white space (RFC 5280 section 7.1).
pub(super) fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_string_type() {
        assert_eq!(to_text(tlv::UTF8_STRING, "Zürich".as_bytes()).unwrap(), "Zürich");
        assert_eq!(to_text(tlv::TELETEX_STRING, b"Z\xfcrich").unwrap(), "Zürich");
        assert_eq!(to_text(tlv::BMP_STRING, b"\0Z\0\xfc").unwrap(), "Zü");
        assert_eq!(to_text(tlv::UNIVERSAL_STRING, b"\0\x01\xf6\x1c").unwrap(), "\u{1f61c}");
        assert_eq!(to_text(tlv::UTF8_STRING, b"\xff"), None);
        assert_eq!(to_text(tlv::PRINTABLE_STRING, b"\xfc"), None);
        assert_eq!(to_text(tlv::BMP_STRING, b"\0Z\0"), None);
        assert_eq!(to_text(tlv::UNIVERSAL_STRING, b"\0\xff\xff\xff"), None);
        assert_eq!(to_text(tlv::INTEGER, b"1"), None);
    }

    #[test]
    fn folding() {
        assert_eq!(fold("  A\t B  ÄÖ "), "a b äö");
        assert_eq!(fold(" "), "");
    }
}
