//! Writes names as RFC 4514 section 2 wants them, and in the two other forms that people meet. What [`to_rfc4514`] and [`to_slash`] write,
//! [`Name::parse_rfc4514`] reads as an equal name.

use super::{Attribute, Name, attribute_type};
use crate::tlv;

pub(super) fn to_rfc4514(name: &Name) -> String {
    let rdns: Vec<&[Attribute]> = name.rdns().collect();
    rdns.iter().rev().map(|rdn| to_rdn(rdn, escape)).collect::<Vec<_>>().join(",")
}

pub(super) fn to_reversed(name: &Name) -> String {
    name.rdns().map(|rdn| to_rdn(rdn, escape)).collect::<Vec<_>>().join(", ")
}

pub(super) fn to_slash(name: &Name) -> String {
    let escape = |text: &str| escape(text).replace('/', "\\/");
    name.rdns().map(|rdn| format!("/{}", to_rdn(rdn, escape))).collect()
}

fn to_rdn(rdn: &[Attribute], escape: impl Fn(&str) -> String) -> String {
    rdn.iter().map(|attribute| to_text(attribute, &escape)).collect::<Vec<_>>().join("+")
}

fn to_text(attribute: &Attribute, escape: impl Fn(&str) -> String) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_forms() {
        let name = Name::parse_rfc4514("CN=a/b\\, c+OU=d,O=Example GmbH,C=DE").unwrap();
        // DER puts the shorter attribute of an RDN first.
        assert_eq!(name.to_reversed(), "C=DE, O=Example GmbH, OU=d+CN=a/b\\, c");
        assert_eq!(name.to_slash(), "/C=DE/O=Example GmbH/OU=d+CN=a\\/b\\, c");
        assert_eq!(Name::parse_rfc4514(&name.to_slash()).unwrap(), name);
        assert_eq!(Name::empty().to_slash(), "");
    }
}
