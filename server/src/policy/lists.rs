//! The operator's lists: ranges that are opened, and addresses, names and ports that are closed.
//!
//! `allow` opens ranges that strangers do not reach otherwise, and nothing else does. All other lists only close: what is in a `deny` list is
//! refused, and where names or ports are allowed, the others are refused. Denying wins. A name is compared with the patterns as it was asked
//! for; a target that was written as an address has no name, so where names are allowed it has to be in an allowed range.
//!
//! A name is no protection by itself, since its owner says where it leads: the address that it leads to is judged all the same.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

/// See the module.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lists {
    /// Ranges that are opened.
    pub allow: Vec<IpNet>,
    /// Ranges that are closed.
    pub deny: Vec<IpNet>,
    /// If there are any: the names that may be asked for.
    pub allow_host: Vec<HostPattern>,
    /// Names that may not be asked for.
    pub deny_host: Vec<HostPattern>,
    /// If there are any: the ports that may be connected to.
    pub allow_port: Vec<Ports>,
    /// Ports that may not be connected to.
    pub deny_port: Vec<Ports>,
}

impl Lists {
    /// Whether the address is in a range that is opened.
    pub(super) fn open(&self, address: IpAddr) -> bool {
        self.allow.iter().any(|range| range.contains(&address))
    }

    /// Whether the target is closed. `address` is what will be connected to.
    pub(super) fn close(&self, name: Option<&str>, address: IpAddr, port: u16) -> bool {
        let name_matches = |patterns: &[HostPattern]| {
            name.is_some_and(|name| patterns.iter().any(|pattern| pattern.matches(name)))
        };
        let port_matches = |ranges: &[Ports]| ranges.iter().any(|range| range.contains(port));
        let denied = self.deny.iter().any(|range| range.contains(&address))
            || name_matches(&self.deny_host)
            || port_matches(&self.deny_port);
        let name_allowed = self.allow_host.is_empty()
            || if name.is_some() { name_matches(&self.allow_host) } else { self.open(address) };
        let port_allowed = self.allow_port.is_empty() || port_matches(&self.allow_port);
        denied || !name_allowed || !port_allowed
    }
}

/// A host name (`erp.example`), or all names below one (`*.corp.example`, at any depth, without `corp.example` itself).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPattern {
    below: bool,
    name: String,
}

impl HostPattern {
    fn matches(&self, name: &str) -> bool {
        let name = name.strip_suffix('.').unwrap_or(name).as_bytes();
        let own = self.name.as_bytes();
        if !self.below {
            return name.eq_ignore_ascii_case(own);
        }
        let split = name.len().checked_sub(own.len()).and_then(|at| name.split_at_checked(at));
        split.is_some_and(|(front, end)| {
            front.len() > 1 && front.ends_with(b".") && end.eq_ignore_ascii_case(own)
        })
    }
}

/// It is neither a host name in A-labels nor `*.` and one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAPattern;

impl fmt::Display for NotAPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("allowed is a host name like erp.example, or *.example for all names below it (names beyond ASCII as xn--…; for addresses use allow and deny)")
    }
}

impl std::error::Error for NotAPattern {}

impl FromStr for HostPattern {
    type Err = NotAPattern;

    fn from_str(text: &str) -> Result<Self, NotAPattern> {
        let (below, rest) = match text.strip_prefix("*.") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let name = rest.strip_suffix('.').unwrap_or(rest);
        let is_label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        };
        let is_name = name.len() <= 253 && name.split('.').all(is_label) && name.parse::<IpAddr>().is_err();
        if is_name { Ok(Self { below, name: name.to_ascii_lowercase() }) } else { Err(NotAPattern) }
    }
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { below, name } = self;
        write!(f, "{}{name}", if *below { "*." } else { "" })
    }
}

/// A port (`443`) or a range of them (`8000-8999`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    first: u16,
    last: u16,
}

impl Ports {
    fn contains(self, port: u16) -> bool {
        (self.first..=self.last).contains(&port)
    }
}

/// It is neither a port nor a range of ports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotPorts;

impl fmt::Display for NotPorts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("allowed is a port from 1 to 65535, or a range like 8000-8999")
    }
}

impl std::error::Error for NotPorts {}

impl FromStr for Ports {
    type Err = NotPorts;

    fn from_str(text: &str) -> Result<Self, NotPorts> {
        let port = |text: &str| text.parse::<u16>().ok().filter(|port| *port != 0).ok_or(NotPorts);
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let (first, last) = (port(first)?, port(last)?);
        if first <= last { Ok(Self { first, last }) } else { Err(NotPorts) }
    }
}

impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last { self.first.fmt(f) } else { write!(f, "{}-{}", self.first, self.last) }
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use certwright_protocol::conversation::RefusedTarget;

    use super::super::TargetPolicy;
    use super::*;

    fn patterns(texts: &[&str]) -> Vec<HostPattern> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn patterns_match_whole_labels() {
        let one: HostPattern = "ERP.example.".parse().unwrap();
        for (name, expected) in [
            ("erp.example", true),
            ("Erp.Example.", true),
            ("x.erp.example", false),
            ("erp.example.org", false),
        ] {
            assert_eq!(one.matches(name), expected, "{name}");
        }
        let below: HostPattern = "*.corp.example".parse().unwrap();
        for (name, expected) in [
            ("a.corp.example", true),
            ("a.b.CORP.example.", true),
            ("corp.example", false),
            (".corp.example", false),
            ("evilcorp.example", false),
            ("a.corp.example.org", false),
        ] {
            assert_eq!(below.matches(name), expected, "{name}");
        }
        for wrong in
            ["", "*", "*.", "a.*.b", "**.a", "a b", "bücher", "10.0.0.1", "*.10.0.0.1", "::1", "a..b"]
        {
            assert_eq!(wrong.parse::<HostPattern>(), Err(NotAPattern), "{wrong}");
        }
        assert_eq!(below.to_string(), "*.corp.example");
    }

    #[test]
    fn ports_are_one_or_a_range() {
        let range: Ports = "8000-8999".parse().unwrap();
        assert!(
            range.contains(8000) && range.contains(8999) && !range.contains(7999) && !range.contains(9000)
        );
        for wrong in ["", "0", "65536", "-", "1-", "-1", "2-1", "1-2-3", "a", " 1"] {
            assert_eq!(wrong.parse::<Ports>(), Err(NotPorts), "{wrong}");
        }
        assert_eq!(range.to_string(), "8000-8999");
    }

    #[test]
    fn denying_wins_and_metadata_stay_closed() {
        let at = |text: &str| text.parse::<SocketAddr>().unwrap();
        let lists = Lists {
            allow: vec!["0.0.0.0/0".parse().unwrap(), "::/0".parse().unwrap()],
            deny: vec!["10.1.0.0/16".parse().unwrap()],
            deny_host: patterns(&["*.secret.example"]),
            deny_port: vec!["25".parse().unwrap()],
            allow_host: patterns(&["*.example"]),
            ..Lists::default()
        };
        for policy in [TargetPolicy::global(), TargetPolicy::loopback()] {
            let policy = policy.with_lists(lists.clone());
            let refusal = |name: &str, target: &str| policy.refusal_of(Some(name), at(target));
            assert_eq!(refusal("a.example", "10.2.0.1:443"), None);
            assert_eq!(refusal("a.example", "10.1.0.1:443"), Some(RefusedTarget::Denied));
            assert_eq!(refusal("a.example", "[::ffff:10.1.0.1]:443"), Some(RefusedTarget::Denied));
            assert_eq!(refusal("a.secret.example", "10.2.0.1:443"), Some(RefusedTarget::Denied));
            assert_eq!(refusal("a.example.org", "10.2.0.1:443"), Some(RefusedTarget::Denied));
            assert_eq!(refusal("a.example", "10.2.0.1:25"), Some(RefusedTarget::Denied));
            assert_eq!(refusal("a.example", "169.254.169.254:80"), Some(RefusedTarget::Metadata));
            assert_eq!(policy.refusal(at("[fd00:ec2::254]:80")), Some(RefusedTarget::Metadata));
        }
    }

    #[test]
    fn a_list_of_names_or_ports_is_all_there_is() {
        let at = |text: &str| text.parse::<SocketAddr>().unwrap();
        let lists = Lists {
            allow: vec!["10.0.0.0/8".parse().unwrap()],
            allow_host: patterns(&["erp.example"]),
            allow_port: vec!["443".parse().unwrap()],
            ..Lists::default()
        };
        let policy = TargetPolicy::global().with_lists(lists);
        assert_eq!(policy.refusal_of(Some("erp.example"), at("8.8.8.8:443")), None);
        assert_eq!(policy.refusal_of(Some("erp.example"), at("8.8.8.8:444")), Some(RefusedTarget::Denied));
        assert_eq!(policy.refusal_of(Some("a.example"), at("8.8.8.8:443")), Some(RefusedTarget::Denied));
        assert_eq!(policy.refusal(at("8.8.8.8:443")), Some(RefusedTarget::Denied));
        assert_eq!(policy.refusal(at("10.0.0.1:443")), None);
        // A name that is allowed opens nothing.
        assert_eq!(
            policy.refusal_of(Some("erp.example"), at("192.168.0.1:443")),
            Some(RefusedTarget::Private)
        );
    }
}
