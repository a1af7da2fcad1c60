//! The common name of a server's certificate does not pass for an alternative name that it is not (CA/Browser Forum baseline requirements 7.1.4.3).
//!
//! That section wants every common name among the alternative names, character for character; those that are no host name or address at all are too frequent
//! in private certificates to tell anything. Refused: addresses in another than their canonical form (RFC 5952), internationalised host names that are not among them, and other spellings of one that is.

use core::net::IpAddr;

use certwright_certs::{Certificate, GeneralName, to_a_labels};

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "common-name",
    title: mark!("The common name does not pass for an alternative name that it is not."),
    citation: "Baseline Requirements 7.1.4.3",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    if !position.role.is_end_entity() {
        return said.skip(NotApplicable::OnlyEndEntity);
    }
    let certificate = position.certificate;
    if let Some(common_name) = certificate.subject().common_name()
        && is_misleading(&common_name, certificate)
    {
        said.breaks(Rule::MisleadingCommonName { common_name });
    }
}

fn is_misleading(common_name: &str, certificate: &Certificate) -> bool {
    let names = certificate.subject_alternative_names();
    if let Some(address) = parse_sloppily(common_name) {
        return address.to_string() != common_name;
    }
    let host_names = || {
        names.iter().filter_map(|name| match name {
            GeneralName::Dns(text) => Some(text.as_str()),
            _ => None,
        })
    };
    if host_names().any(|name| name == common_name) {
        return false;
    }
    // Another spelling of an alternative name, or an internationalised host name that is none.
    let Some(canonical) = canonical(common_name) else { return false };
    let internationalised = canonical.contains('.') && canonical.split('.').any(is_a_label);
    internationalised || host_names().filter_map(self::canonical).any(|name| name == canonical)
}

fn is_a_label(label: &str) -> bool {
    label.starts_with("xn--")
}

/// A host name in small A-labels without a final dot; `None` if it is none.
fn canonical(text: &str) -> Option<String> {
    let text = text.strip_suffix('.').unwrap_or(text);
    if text.contains(char::is_whitespace) {
        return None;
    }
    to_a_labels(text).map(|text| text.to_ascii_lowercase())
}

/// An address, also with the leading zeros and the hexadecimal numbers that RFC 3986 forbids in IPv4 addresses.
fn parse_sloppily(text: &str) -> Option<IpAddr> {
    let number = |part: &str| match part.strip_prefix("0x").or_else(|| part.strip_prefix("0X")) {
        Some(digits) => u8::from_str_radix(digits, 16).ok(),
        None if part.bytes().all(|octet| octet.is_ascii_digit()) => part.parse().ok(),
        None => None,
    };
    let numbers: Option<Vec<u8>> = text.split('.').map(number).collect();
    match numbers.as_deref() {
        Some([a, b, c, d]) => Some(IpAddr::from([*a, *b, *c, *d])),
        _ => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        let address = |text: &str| parse_sloppily(text).map(|address| address.to_string());
        assert_eq!(address("192.168.001.001").as_deref(), Some("192.168.1.1"));
        assert_eq!(address("0xc0.0xa8.0x1.1").as_deref(), Some("192.168.1.1"));
        assert_eq!(address("2001:0DB8::1").as_deref(), Some("2001:db8::1"));
        assert_eq!(address("a.b.c.d"), None);
        assert_eq!(address("256.1.1.1"), None);
        assert_eq!(canonical("Bücher.example.").as_deref(), Some("xn--bcher-kva.example"));
        assert_eq!(canonical("Example Incorporated"), None);
    }
}
