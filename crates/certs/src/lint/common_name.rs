//! Rules for the common name beside the subject alternative name (BR section 7.1.4.3, RFC 9525 section 2).

use core::net::IpAddr;
use std::collections::HashSet;

use super::Concerns::TlsServer;
use super::{Examined, Facts, Outcome, Rule};
use crate::name::Attribute;
use crate::oid;
use crate::san::GeneralName;

pub(super) const RULES: &[Rule] = &[
    Rule::error("common-name-not-in-san", "BR 7.1.4.3", TlsServer, |x| missing(x, |_| true)).public(),
    Rule::warning("common-name-host-not-in-san", "RFC 9525 section 2", TlsServer, |x| {
        missing(x, looks_like_host)
    })
    .private(),
    Rule::error("common-name-repeated", "BR 7.1.4.3", TlsServer, repeated).public(),
    Rule::notice("common-name-several", "RFC 9525 section 2", TlsServer, repeated).private(),
];

fn common_names(x: &Examined<'_>) -> Vec<String> {
    let attributes = x.certificate.subject().attributes();
    attributes.filter(|attribute| attribute.oid == oid::COMMON_NAME).filter_map(Attribute::text).collect()
}

/// Where there is no subject alternative name at all, that is said already.
fn missing(x: &Examined<'_>, concerned: impl Fn(&str) -> bool) -> Outcome {
    let names = common_names(x);
    if names.is_empty() || !x.has(oid::SUBJECT_ALTERNATIVE_NAME) {
        return Outcome::NotApplicable;
    }
    // A set, for a certificate may hold a hundred thousand of either.
    let alternatives: HashSet<String> = x
        .certificate
        .subject_alternative_names()
        .iter()
        .filter_map(|alternative| match alternative {
            GeneralName::Dns(host) => Some(host.to_ascii_lowercase()),
            GeneralName::Ip(address) => Some(address.to_string()),
            _ => None,
        })
        .collect();
    let is_there = |name: &str| {
        let address = name.parse::<IpAddr>().map(|address| address.to_string());
        alternatives.contains(&address.unwrap_or_else(|_| name.to_ascii_lowercase()))
    };
    Outcome::of_list("names", names.into_iter().filter(|name| concerned(name) && !is_there(name)))
}

fn repeated(x: &Examined<'_>) -> Outcome {
    let names = common_names(x);
    Outcome::finding_if(names.len() > 1, || Facts::of("names", names))
}

fn looks_like_host(name: &str) -> bool {
    name.contains('.') && super::host_names::faults(name).is_empty() || name.parse::<IpAddr>().is_ok()
}
