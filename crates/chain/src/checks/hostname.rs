//! The end-entity certificate is for the host that was meant (RFC 9525).
//!
//! Only the subject alternative name counts, never the common name. Host names compare without regard to case; `*` stands for
//! exactly one label, only as the whole leftmost one, and only before two labels or more. Addresses match addresses only.

use core::net::IpAddr;

use certwright_certs::{Certificate, GeneralName};

use super::{Findings, Path};
use crate::question::Host;
use crate::verdict::FailureKind;

pub(super) fn check(path: &Path<'_>, findings: &mut Findings) {
    let (Some(host), Some(leaf)) = (&path.question.host, path.leaf()) else { return };
    if leaf.subject_alternative_names().iter().any(|name| matches_name(host, name)) {
        return;
    }
    let names = leaf
        .subject_alternative_names()
        .iter()
        .filter(|name| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_)))
        .cloned()
        .collect();
    let common_name_would_match = common_name_matches(host, leaf);
    findings.add(0, FailureKind::HostMismatch { host: host.clone(), names, common_name_would_match });
}

/// True if a certificate with this alternative name is one for this host.
pub fn matches_name(host: &Host, name: &GeneralName) -> bool {
    let address = match host {
        Host::Ip(address) => Some(*address),
        Host::Dns(text) => text.parse::<IpAddr>().ok(),
    };
    match (host, address, name) {
        (_, Some(address), GeneralName::Ip(presented)) => address == *presented,
        (Host::Dns(host), None, GeneralName::Dns(presented)) => matches_dns(host, presented),
        _ => false,
    }
}

fn matches_dns(host: &str, presented: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    if !is_host_name(host) {
        return false;
    }
    match presented.strip_prefix("*.") {
        Some(parent) => {
            let Some((label, rest)) = host.split_once('.') else { return false };
            !label.is_empty()
                && parent.contains('.')
                && is_host_name(parent)
                && rest.eq_ignore_ascii_case(parent)
        }
        None => is_host_name(presented) && host.eq_ignore_ascii_case(presented),
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
