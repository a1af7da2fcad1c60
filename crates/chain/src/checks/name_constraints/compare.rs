//! How a name lies to a subtree (RFC 5280 section 4.2.1.10), kind by kind.

use core::net::IpAddr;

use certwright_certs::GeneralName;
use certwright_certs::extensions::ConstraintBase;

/// How a name lies to a subtree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// The subtree is about another kind of name.
    OtherKind,
    /// There is no rule for this kind, or the name is malformed.
    NoRule,
    /// All that the name stands for is within.
    Within,
    /// Some of what the name stands for (being a wildcard) is within.
    Overlaps,
    /// Nothing is within.
    Outside,
}

impl From<bool> for Relation {
    fn from(within: bool) -> Self {
        if within { Self::Within } else { Self::Outside }
    }
}

/// The number of the name's alternative in GeneralName.
pub(super) fn number_of(name: &GeneralName) -> u8 {
    match name {
        GeneralName::Other { .. } | GeneralName::UserPrincipalName(_) => 0,
        GeneralName::Email(_) => 1,
        GeneralName::Dns(_) => 2,
        GeneralName::DirectoryName(_) => 4,
        GeneralName::Uri(_) => 6,
        GeneralName::Ip(_) => 7,
        GeneralName::RegisteredId(_) => 8,
        GeneralName::Unsupported { number, .. } | GeneralName::Malformed { number, .. } => *number,
    }
}

fn base_number(base: &ConstraintBase) -> u8 {
    match base {
        ConstraintBase::Email(_) => 1,
        ConstraintBase::Dns(_) => 2,
        ConstraintBase::DirectoryName(_) => 4,
        ConstraintBase::Uri(_) => 6,
        ConstraintBase::Ip { .. } => 7,
        ConstraintBase::Unsupported { number } | ConstraintBase::Malformed { number, .. } => *number,
    }
}

pub(super) fn relation(name: &GeneralName, base: &ConstraintBase) -> Relation {
    if number_of(name) != base_number(base) {
        return Relation::OtherKind;
    }
    match (name, base) {
        (GeneralName::Dns(name), ConstraintBase::Dns(base)) => dns(name, base),
        (GeneralName::Ip(address), ConstraintBase::Ip { address: base, prefix }) => {
            in_range(*address, *base, *prefix).into()
        }
        (GeneralName::Email(mailbox), ConstraintBase::Email(base)) => email(mailbox, base),
        (GeneralName::Uri(uri), ConstraintBase::Uri(base)) => match uri_host(uri) {
            Some(host) => host_or_domain(host, base).into(),
            // A URI without a host name cannot satisfy a constraint on host names.
            None => Relation::NoRule,
        },
        (GeneralName::DirectoryName(name), ConstraintBase::DirectoryName(base)) => {
            name.is_within(base).into()
        }
        _ => Relation::NoRule,
    }
}

/// `base` stands for itself and all names below it; with a leading dot only for those below.
fn dns(name: &str, base: &str) -> Relation {
    let name = name.strip_suffix('.').unwrap_or(name);
    match name.strip_prefix("*.") {
        None => at_or_below(name, base).into(),
        // The wildcard stands for one label, so all its names lie below its parent.
        Some(parent) if at_or_below(parent, base.strip_prefix('.').unwrap_or(base)) => Relation::Within,
        Some(parent) => {
            let base = base.strip_prefix('.').unwrap_or(base);
            let is_child = base.split_once('.').is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(parent));
            if is_child { Relation::Overlaps } else { Relation::Outside }
        }
    }
}

fn at_or_below(name: &str, base: &str) -> bool {
    match base.strip_prefix('.') {
        Some(domain) => below(name, domain),
        None => base.is_empty() || name.eq_ignore_ascii_case(base) || below(name, base),
    }
}

/// `name` ends in `.` and `domain`, and has something before it.
fn below(name: &str, domain: &str) -> bool {
    let Some(split) = name.len().checked_sub(domain.len()) else { return false };
    match (name.get(..split), name.get(split..)) {
        (Some(head), Some(tail)) => {
            head.len() > 1 && head.ends_with('.') && tail.eq_ignore_ascii_case(domain)
        }
        _ => false,
    }
}

fn in_range(address: IpAddr, base: IpAddr, prefix: u8) -> bool {
    let (address, base, width) = match (address, base) {
        (IpAddr::V4(address), IpAddr::V4(base)) => {
            (u128::from(address.to_bits()), u128::from(base.to_bits()), 32)
        }
        (IpAddr::V6(address), IpAddr::V6(base)) => (address.to_bits(), base.to_bits(), 128),
        _ => return false,
    };
    let ignored = width - u32::from(prefix).min(width);
    address.checked_shr(ignored).unwrap_or(0) == base.checked_shr(ignored).unwrap_or(0)
}

/// `a@b` is that mailbox, `b` any mailbox on that host, `.b` any on a host below. The part before `@` keeps its case.
fn email(mailbox: &str, base: &str) -> Relation {
    let Some((local, host)) = mailbox.rsplit_once('@') else { return Relation::NoRule };
    match base.rsplit_once('@') {
        Some((base_local, base_host)) => (local == base_local && host.eq_ignore_ascii_case(base_host)).into(),
        None => host_or_domain(host, base).into(),
    }
}

fn host_or_domain(host: &str, base: &str) -> bool {
    match base.strip_prefix('.') {
        Some(domain) => below(host, domain),
        None => base.is_empty() || host.eq_ignore_ascii_case(base),
    }
}

/// The host name in the authority of a URI (RFC 3986 section 3.2), if there is one and it is no address.
fn uri_host(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if host.starts_with('[') {
        return None;
    }
    let host = host.split(':').next()?;
    let host = host.strip_suffix('.').unwrap_or(host);
    (!host.is_empty() && host.parse::<IpAddr>().is_err()).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dns_subtrees() {
        use Relation::{Outside, Overlaps, Within};
        for (name, base, expected) in [
            ("example.com", "example.com", Within),
            ("A.Example.com", "example.COM", Within),
            ("a.b.example.com", "example.com", Within),
            ("badexample.com", "example.com", Outside),
            ("example.com", "a.example.com", Outside),
            ("anything", "", Within),
            ("example.com", ".example.com", Outside),
            ("a.example.com", ".example.com", Within),
            ("*.example.com", "example.com", Within),
            ("*.example.com", ".example.com", Within),
            ("*.example.com", "com", Within),
            ("*.example.com", "bar.example.com", Overlaps),
            ("*.example.com", "a.bar.example.com", Outside),
            ("*.example.com", "other.com", Outside),
        ] {
            assert_eq!(dns(name, base), expected, "{name} {base}");
        }
    }

    #[test]
    fn other_kinds() {
        assert!(
            host_or_domain("b.c", "b.c")
                && !host_or_domain("a.b.c", "b.c")
                && host_or_domain("a.b.c", ".b.c")
        );
        assert_eq!(email("a@B.c", "a@b.c"), Relation::Within);
        assert_eq!(email("A@b.c", "a@b.c"), Relation::Outside);
        assert_eq!(email("a@b.c", "b.c"), Relation::Within);
        assert_eq!(email("a@x.b.c", "b.c"), Relation::Outside);
        assert_eq!(email("nobody", "b.c"), Relation::NoRule);
        assert_eq!(uri_host("https://u:p@h.example:1/a?b#c"), Some("h.example"));
        for without in ["urn:a:b", "https://[::1]/", "https://10.0.0.1/", "file:///a", "mailto:a@b.c"] {
            assert_eq!(uri_host(without), None, "{without}");
        }
        let range = |address: &str, base: &str, prefix| {
            in_range(address.parse().unwrap(), base.parse().unwrap(), prefix)
        };
        assert!(range("10.1.2.3", "10.0.0.0", 8) && !range("11.1.2.3", "10.0.0.0", 8));
        assert!(range("1.2.3.4", "0.0.0.0", 0) && range("::1", "::1", 128) && !range("::1", "::2", 128));
        assert!(!range("::1", "0.0.0.0", 0) && range("ff::", "::", 0));
    }
}
