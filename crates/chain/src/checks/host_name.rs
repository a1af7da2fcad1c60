//! The end-entity certificate is for the host that was meant (RFC 9525).
//!
//! Only the subject alternative name counts, never the common name. Host names compare without regard to case, and as A-labels: a host in
//! U-labels is converted first (UTS #46). `*` stands for exactly one label, only as the whole leftmost one, and only before two labels or
//! more. Addresses match addresses only. What is registered under a public suffix such as `co.uk` is not known here.

use core::net::IpAddr;
use std::borrow::Cow;

use certwright_certs::{Certificate, GeneralName, to_a_labels};

use super::{CheckInfo, Position, Run, Said};
use crate::failure::FailureKind;
use crate::question::Host;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "host-name",
    title: mark!("The end-entity is for the host that was meant."),
    citation: "RFC 9525",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    if !position.role.is_end_entity() {
        return said.skip(NotApplicable::OnlyEndEntity);
    }
    let Some(host) = &position.question.host else { return said.skip(NotApplicable::NotAsked) };
    let leaf = position.certificate;
    let wanted = Wanted::new(host);
    if leaf.subject_alternative_names().iter().any(|name| wanted.matches(name)) {
        return;
    }
    let names = leaf
        .subject_alternative_names()
        .iter()
        .filter(|name| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_)))
        .cloned()
        .collect();
    let common_name_would_match = common_name_matches(host, leaf);
    said.fail(FailureKind::HostMismatch { host: host.clone(), names, common_name_would_match });
}

/// True if a certificate with this alternative name is one for this host.
pub fn matches_name(host: &Host, name: &GeneralName) -> bool {
    Wanted::new(host).matches(name)
}

/// A host in the form in which certificates name it.
enum Wanted<'a> {
    Address(IpAddr),
    /// Without a final dot, in A-labels.
    Dns(Cow<'a, str>),
    /// Text that no certificate can name.
    Nothing,
}

impl<'a> Wanted<'a> {
    fn new(host: &'a Host) -> Self {
        let text = match host {
            Host::Ip(address) => return Self::Address(*address),
            Host::Dns(text) => text.as_str(),
        };
        if let Ok(address) = text.parse() {
            return Self::Address(address);
        }
        let Some(ascii) = to_a_labels(text) else { return Self::Nothing };
        let ascii = match ascii {
            Cow::Borrowed(text) => Cow::Borrowed(text.strip_suffix('.').unwrap_or(text)),
            Cow::Owned(text) => Cow::Owned(text.strip_suffix('.').map(str::to_owned).unwrap_or(text)),
        };
        if is_host_name(&ascii) { Self::Dns(ascii) } else { Self::Nothing }
    }

    fn matches(&self, name: &GeneralName) -> bool {
        match (self, name) {
            (Self::Address(address), GeneralName::Ip(presented)) => address == presented,
            (Self::Dns(host), GeneralName::Dns(presented)) => matches_dns(host, presented),
            _ => false,
        }
    }
}

/// `host` is a host name in A-labels without a final dot.
fn matches_dns(host: &str, presented: &str) -> bool {
    match presented.strip_prefix("*.") {
        Some(parent) => {
            let Some((_, rest)) = host.split_once('.') else { return false };
            parent.contains('.') && rest.eq_ignore_ascii_case(parent)
        }
        None => host.eq_ignore_ascii_case(presented),
    }
}

/// Labels of 1 to 63 letters, digits, `-` and (as found in private networks) `_`; 253 characters in all.
fn is_host_name(name: &str) -> bool {
    let label = |label: &str| {
        let allowed = |octet: u8| octet.is_ascii_alphanumeric() || octet == b'-' || octet == b'_';
        (1..=63).contains(&label.len()) && label.bytes().all(allowed)
    };
    name.len() <= 253 && name.split('.').all(label)
}

fn common_name_matches(host: &Host, leaf: &Certificate) -> bool {
    let Some(common_name) = leaf.subject().common_name() else { return false };
    let common_name = common_name.trim();
    let as_name = match common_name.parse::<IpAddr>() {
        Ok(address) => GeneralName::Ip(address),
        Err(_) => GeneralName::Dns(common_name.to_owned()),
    };
    matches_name(host, &as_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dns(host: &str, presented: &str) -> bool {
        matches_name(&Host::Dns(host.into()), &GeneralName::Dns(presented.into()))
    }

    #[test]
    fn host_names() {
        for (host, presented) in [
            ("example.com", "example.com"),
            ("EXAMPLE.com.", "example.COM"),
            ("localhost", "localhost"),
            ("a.example.com", "*.example.com"),
            ("xn--n3h.example.com", "*.example.com"),
            ("my_host.example.com", "*.example.com"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("BÜCHER.example.", "XN--bcher-kva.example"),
            ("bücher.example.com", "*.example.com"),
        ] {
            assert!(dns(host, presented), "{host} {presented}");
        }
        for (host, presented) in [
            ("example.com", "www.example.com"),
            ("a.b.example.com", "*.example.com"),
            ("example.com", "*.example.com"),
            (".example.com", "*.example.com"),
            ("baz.example.com", "ba*.example.com"),
            ("baz.example.com", "*z.example.com"),
            ("a.b.example.com", "a.*.example.com"),
            ("a.b.c.example.com", "*.*.example.com"),
            ("example.com", "*.com"),
            ("com", "*"),
            ("*.example.com", "*.example.com"),
            ("example.com", "example.com."),
            ("example.com", ".example.com"),
            ("example.com", "example.com\0.evil"),
            ("", ""),
            ("example..com", "example..com"),
        ] {
            assert!(!dns(host, presented), "{host} {presented}");
        }
    }

    #[test]
    fn addresses() {
        let ip = |host: &str, presented: &str| {
            matches_name(&Host::Ip(host.parse().unwrap()), &GeneralName::Ip(presented.parse().unwrap()))
        };
        assert!(ip("10.0.0.1", "10.0.0.1"));
        assert!(ip("::1", "0:0::1"));
        assert!(!ip("10.0.0.1", "10.0.0.2"));
        assert!(!ip("::ffff:10.0.0.1", "10.0.0.1"));
        assert!(!matches_name(&Host::Ip("10.0.0.1".parse().unwrap()), &GeneralName::Dns("10.0.0.1".into())));
        assert!(!dns("10.0.0.1", "10.0.0.1"));
        assert!(matches_name(&Host::Dns("10.0.0.1".into()), &GeneralName::Ip("10.0.0.1".parse().unwrap())));
    }
}
