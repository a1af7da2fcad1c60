//! Writes names as RFC 4514 section 2 wants them. What it writes, [`Name::parse_rfc4514`] reads as an equal name.

use super::{Attribute, Name, attribute_type};
use crate::tlv;

pub(super) fn to_rfc4514(name: &Name) -> String {
    let rdns: Vec<&[Attribute]> = name.rdns().collect();
    let written = rdns.iter().rev().map(|rdn| {
        let attributes: Vec<String> = rdn.iter().map(to_text).collect();
        attributes.join("+")
    });
    written.collect::<Vec<_>>().join(",")
}

fn to_text(attribute: &Attribute) -> String {
    // A type without a name gets the encoded value, so that reading it back restores the string type (RFC 4514 section 2.4).
    match (attribute_type::attribute_short_name(&attribute.oid), attribute.text()) {
        (Some(short), Some(text)) => format!("{short}={}", escape(&text)),
        (short, _) => {
            let element = tlv::to_element(attribute.tag, &attribute.value);
            let hex: String = element.iter().map(|octet| format!("{octet:02x}")).collect();
            match short {
                Some(short) => format!("{short}=#{hex}"),
                None => format!("{}=#{hex}", attribute.oid),
            }
        }
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let last = text.chars().count().saturating_sub(1);
    for (index, c) in text.chars().enumerate() {
        match c {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => out.extend(['\\', c]),
            '#' if index == 0 => out.extend(['\\', c]),
            ' ' if index == 0 || index == last => out.extend(['\\', c]),
            // Control characters would vanish or break the line of whoever shows the name, and other white space at an end is
            // taken for padding.
            c if c.is_control() || (c.is_whitespace() && (index == 0 || index == last)) => {
                let mut octets = [0; 4];
                for octet in c.encode_utf8(&mut octets).bytes() {
                    out.push_str(&format!("\\{octet:02x}"));
                }
            }
            c => out.push(c),
        }
    }
    out
}
