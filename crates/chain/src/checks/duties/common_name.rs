//! The common name of a server's certificate does not pass for an alternative name that it is not (CA/Browser Forum baseline requirements 7.1.4.3).
//!
//! That section wants every common name among the alternative names, character for character; those that are no host name or address at all are too frequent
//! in private certificates to tell anything. Refused: addresses in another than their canonical form (RFC 5952), and internationalised host names
//! that are not among the alternative names.

use core::net::IpAddr;

use certwright_certs::{Certificate, GeneralName};

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use crate::verdict::NotApplicable;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "common-name",
    title: "The common name does not pass for an alternative name that it is not.",
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
    let is_a_name =
        |name: &GeneralName| matches!(name, GeneralName::Dns(name) if name.eq_ignore_ascii_case(common_name));
    let lower = common_name.to_ascii_lowercase();
    let internationalised = lower.split('.').any(|label| label.starts_with("xn--"));
    match parse_sloppily(common_name) {
        Some(address) => address.to_string() != common_name,
        None => internationalised && !names.iter().any(is_a_name),
    }
}

/// An address, also with the leading zeros that RFC 3986 forbids in IPv4 addresses.
fn parse_sloppily(text: &str) -> Option<IpAddr> {
    let numbers: Option<Vec<u8>> = text
        .split('.')
        .map(|part| if part.bytes().all(|octet| octet.is_ascii_digit()) { part.parse().ok() } else { None })
        .collect();
    match numbers.as_deref() {
        Some([a, b, c, d]) => Some(IpAddr::from([*a, *b, *c, *d])),
        _ => text.parse().ok(),
    }
}
