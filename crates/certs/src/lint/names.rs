//! Rules for the subject alternative name as a whole (RFC 5280 section 4.2.1.6, RFC 9525, BR section 7.1.2.7.12). Host names have a file of
//! their own.

use core::net::IpAddr;

use super::Concerns::{Every, TlsServer};
use super::{Examined, Facts, Outcome, Rule};
use crate::oid;
use crate::san::GeneralName;

pub(super) const RULES: &[Rule] = &[
    Rule::error("san-missing", "RFC 9525 section 2, BR 7.1.2.7.12", TlsServer, |x| {
        Outcome::finding_if(!x.has(oid::SUBJECT_ALTERNATIVE_NAME), Facts::none)
    }),
    Rule::error("san-empty", "RFC 5280 section 4.2.1.6", Every, |x| {
        match x.extension(oid::SUBJECT_ALTERNATIVE_NAME) {
            None => Outcome::NotApplicable,
            Some(extension) => Outcome::finding_if(extension.value == [0x30, 0], Facts::none),
        }
    }),
    Rule::error("san-malformed", "RFC 5280 section 4.2.1.6", Every, |x| {
        of_names(x, |name| matches!(name, GeneralName::Malformed { .. }))
    }),
    Rule::error("san-email-malformed", "RFC 5321 section 4.1.2", Every, |x| {
        of_names(x, |name| matches!(name, GeneralName::Email(text) if !is_mailbox(text)))
    }),
    Rule::error("san-uri-malformed", "RFC 5280 section 4.2.1.6", Every, |x| {
        of_names(x, |name| matches!(name, GeneralName::Uri(text) if !is_uri(text)))
    }),
    Rule::error("san-type-not-permitted", "BR 7.1.2.7.12", TlsServer, |x| {
        of_names(x, |name| {
            !matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_) | GeneralName::Malformed { .. })
        })
    })
    .public(),
    Rule::error("san-ip-reserved", "BR 4.2.2, 7.1.2.7.12", TlsServer, |x| {
        of_names(x, |name| matches!(name, GeneralName::Ip(address) if is_reserved(*address)))
    })
    .public()
    .since(2015, 11, 1),
    Rule::notice("san-repeated", "RFC 5280 section 4.2.1.6", Every, |x| {
        let mut names: Vec<String> = x
            .certificate
            .subject_alternative_names()
            .iter()
            .map(|name| name.to_string().to_lowercase())
            .collect();
        names.sort();
        let mut repeated: Vec<String> = names
            .windows(2)
            .filter_map(|pair| if let [a, b] = pair { (a == b).then(|| a.clone()) } else { None })
            .collect();
        repeated.dedup();
        Outcome::of_list("names", repeated)
    }),
    Rule::error("san-not-critical", "RFC 5280 section 4.2.1.6", Every, |x| {
        if x.certificate.subject().is_empty() {
            x.criticality(oid::SUBJECT_ALTERNATIVE_NAME, true)
        } else {
            Outcome::NotApplicable
        }
    }),
    Rule::warning("san-critical", "RFC 5280 section 4.2.1.6", Every, |x| {
        if x.certificate.subject().is_empty() {
            Outcome::NotApplicable
        } else {
            x.criticality(oid::SUBJECT_ALTERNATIVE_NAME, false)
        }
    }),
];

fn of_names(x: &Examined<'_>, wrong: impl Fn(&GeneralName) -> bool) -> Outcome {
    let names = x.certificate.subject_alternative_names();
    if names.is_empty() {
        return Outcome::NotApplicable;
    }
    Outcome::of_list("names", names.iter().filter(|name| wrong(name)).map(ToString::to_string))
}

/// One `@` between a local part without spaces and a host name.
pub(super) fn is_mailbox(text: &str) -> bool {
    match text.rsplit_once('@') {
        Some((local, host)) => {
            !local.is_empty()
                && local.bytes().all(|octet| octet.is_ascii_graphic() && !b"<>@,;:".contains(&octet))
                && super::host_names::faults(host).is_empty()
        }
        None => false,
    }
}

/// A scheme, a colon, and something after it, all graphic ASCII: the URI must not be relative.
pub(super) fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"+-.".contains(&octet))
        && !rest.is_empty()
        && rest != "//"
        && text.bytes().all(|octet| octet.is_ascii_graphic())
}

/// Addresses that IANA marks as reserved or of local use (the special-purpose address registries of RFC 6890).
pub(super) fn is_reserved(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_documentation()
                || v4.is_multicast()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 198 && (b == 18 || b == 19))
                || (a, b, c) == (192, 0, 0)
        }
        IpAddr::V6(v6) => match v6.segments() {
            [0x2001, 0xdb8, ..] | [0x3fff, 0..0x1000, ..] => true,
            // Only 2000::/3 is global unicast.
            [first, ..] => first & 0xe000 != 0x2000,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for reserved in [
            "10.0.0.1",
            "100.64.1.1",
            "127.0.0.1",
            "192.0.2.1",
            "255.255.255.255",
            "::1",
            "fd00::1",
            "2001:db8::1",
        ] {
            assert!(is_reserved(reserved.parse().unwrap()), "{reserved}");
        }
        for global in ["1.1.1.1", "100.63.0.1", "198.20.0.1", "2606:4700::1111"] {
            assert!(!is_reserved(global.parse().unwrap()), "{global}");
        }
    }

    #[test]
    fn mailboxes_and_uris() {
        assert!(is_mailbox("a.b+c@example.com") && is_uri("urn:a:b") && is_uri("spiffe://a/b"));
        for bad in ["a", "@b.c", "a b@c.d", "a@b@c.d", "a@", "<a>@b.c"] {
            assert!(!is_mailbox(bad), "{bad}");
        }
        for bad in ["example.com", "//a/b", "http:", "http://", "1a:b", "http://a b"] {
            assert!(!is_uri(bad), "{bad}");
        }
    }
}
