//! Names of tags, and values in a few words.

use certwright_certs::Oid;
use certwright_encoding::der::{Class, Tag};

use super::fields::Shape;

/// Most octets that are shown of a value; the hex beside it has all.
const MOST_OCTETS: usize = 24;
/// Most characters that are shown of a string.
const MOST_CHARACTERS: usize = 120;

/// `SEQUENCE`, `[0]`, `[APPLICATION 1]`.
pub(super) fn tag_name(tag: Tag) -> String {
    const NAMES: [&str; 31] = [
        "END-OF-CONTENTS",
        "BOOLEAN",
        "INTEGER",
        "BIT STRING",
        "OCTET STRING",
        "NULL",
        "OBJECT IDENTIFIER",
        "ObjectDescriptor",
        "EXTERNAL",
        "REAL",
        "ENUMERATED",
        "EMBEDDED PDV",
        "UTF8String",
        "RELATIVE-OID",
        "TIME",
        "",
        "SEQUENCE",
        "SET",
        "NumericString",
        "PrintableString",
        "TeletexString",
        "VideotexString",
        "IA5String",
        "UTCTime",
        "GeneralizedTime",
        "GraphicString",
        "VisibleString",
        "GeneralString",
        "UniversalString",
        "CHARACTER STRING",
        "BMPString",
    ];
    let number = tag.number;
    let known =
        usize::try_from(number).ok().and_then(|number| NAMES.get(number)).filter(|name| !name.is_empty());
    match (tag.class, known) {
        (Class::Universal, Some(name)) => (*name).to_owned(),
        (Class::Universal, None) => format!("[UNIVERSAL {number}]"),
        (Class::Application, _) => format!("[APPLICATION {number}]"),
        (Class::ContextSpecific, _) => format!("[{number}]"),
        (Class::Private, _) => format!("[PRIVATE {number}]"),
    }
}

/// A primitive element's value.
pub(super) fn value(tag: Tag, content: &[u8], shape: &Shape) -> String {
    if tag.class != Class::Universal {
        // An implicit tag hides the type, which only the standard tells.
        return if matches!(shape, Shape::Bits(_)) { bits(content, shape) } else { text_or_hex(content) };
    }
    match tag.number {
        1 => match content {
            [0] => "FALSE".into(),
            [0xff] => "TRUE".into(),
            [_] => format!("TRUE ({})", hex(content)),
            _ => hex(content),
        },
        2 | 10 => integer(content),
        3 => bits(content, shape),
        5 => String::new(),
        6 => Oid::from_der_content(content).map_or_else(|| hex(content), |oid| oid.to_string()),
        12 | 18..=22 | 25..=27 => quoted(&String::from_utf8_lossy(content)),
        23 | 24 => time(content).unwrap_or_else(|| quoted(&String::from_utf8_lossy(content))),
        28 => {
            let units = content
                .chunks_exact(4)
                .map(|unit| unit.iter().fold(0, |code, octet| code << 8 | u32::from(*octet)));
            quoted(&units.map(|code| char::from_u32(code).unwrap_or('\u{fffd}')).collect::<String>())
        }
        30 => {
            let units = content
                .chunks_exact(2)
                .map(|unit| unit.iter().fold(0_u16, |code, octet| code << 8 | u16::from(*octet)));
            quoted(&char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect::<String>())
        }
        _ => hex(content),
    }
}

/// Decimal and hex; long ones in hex with their size.
fn integer(content: &[u8]) -> String {
    let Some(first) = content.first() else { return String::new() };
    if content.len() > 16 {
        let significant = if *first == 0 { content.get(1..).unwrap_or_default() } else { content };
        let high = significant.first().copied().unwrap_or_default();
        let size = significant.len() * 8 - usize::try_from(high.leading_zeros()).unwrap_or_default();
        return format!("{} ({size} bits)", hex(content));
    }
    let start = if *first & 0x80 == 0 { 0 } else { -1 };
    let number = content.iter().fold(start, |number: i128, octet| number << 8 | i128::from(*octet));
    if (-128..=127).contains(&number) { number.to_string() } else { format!("{number} ({})", hex(content)) }
}

/// Named bits by their names (X.680 section 22), others in hex.
fn bits(content: &[u8], shape: &Shape) -> String {
    let Some((unused, octets)) = content.split_first() else { return String::new() };
    if let Shape::Bits(names) = shape {
        let is_set =
            |number: usize| octets.get(number / 8).is_some_and(|octet| octet & (0x80 >> (number % 8)) != 0);
        let set = names.iter().enumerate().filter(|(number, _)| is_set(*number)).map(|(_, name)| *name);
        return set.collect::<Vec<_>>().join(", ");
    }
    let size = (octets.len() * 8).saturating_sub(usize::from(*unused));
    format!("{} ({size} bits)", hex(octets))
}

/// UTCTime and GeneralizedTime (RFC 5280 section 4.1.2.5) as `2026-11-21 07:33:00 UTC`.
fn time(content: &[u8]) -> Option<String> {
    let text = core::str::from_utf8(content).ok()?;
    let digits =
        text.strip_suffix('Z').filter(|digits| digits.bytes().all(|octet| octet.is_ascii_digit()))?;
    let (year, rest) = match digits.len() {
        10 | 12 => {
            let (year, rest) = digits.split_at_checked(2)?;
            (format!("{}{year}", if year < "50" { "20" } else { "19" }), rest)
        }
        14 => digits.split_at_checked(4).map(|(year, rest)| (year.to_owned(), rest))?,
        _ => return None,
    };
    let part = |at: usize| rest.get(at..at + 2);
    let seconds = part(8).map_or(String::new(), |seconds| format!(":{seconds}"));
    Some(format!("{year}-{}-{} {}:{}{seconds} UTC", part(0)?, part(2)?, part(4)?, part(6)?))
}

fn text_or_hex(content: &[u8]) -> String {
    match core::str::from_utf8(content) {
        Ok(text) if !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic() || c == ' ') => {
            quoted(text)
        }
        _ => hex(content),
    }
}

fn quoted(text: &str) -> String {
    let shown: String =
        text.chars().take(MOST_CHARACTERS).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if shown.chars().count() < text.chars().count() {
        format!("“{shown}…”")
    } else {
        format!("“{shown}”")
    }
}

fn hex(octets: &[u8]) -> String {
    let shown: Vec<String> = octets.iter().take(MOST_OCTETS).map(|octet| format!("{octet:02X}")).collect();
    let more = if octets.len() > MOST_OCTETS { "…" } else { "" };
    shown.join(":") + more
}
