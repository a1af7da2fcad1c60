//! Reads the target's host: a DNS name in A-labels (RFC 1123, and underscores, which occur) or an IP address.
//!
//! Refuses everything that is neither, so that no blank, control character or bracket gets further than here. Short forms of
//! IPv4 addresses (`127.1`, `0x7f.1`, `2130706433`) are names as far as this file is concerned: the name service may know them,
//! and what it answers is judged like any other answer.

use std::fmt;
use std::net::IpAddr;

use certwright_protocol::conversation::ProbeFailure;
use rustls::pki_types::{DnsName, ServerName};

/// A checked host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Host {
    /// An IP address.
    Address(IpAddr),
    /// Something for the name service.
    Name(String),
}

impl Host {
    /// Checks host and port.
    pub(crate) fn parse(host: &str, port: u16) -> Result<Self, ProbeFailure> {
        let bad = |field: &str| ProbeFailure::BadTarget { field: field.to_owned() };
        if port == 0 {
            return Err(bad("port"));
        }
        if let Ok(address) = host.parse::<IpAddr>() {
            return Ok(Self::Address(address));
        }
        if is_name(host) { Ok(Self::Name(host.to_owned())) } else { Err(bad("host")) }
    }

    /// The name for Server Name Indication (RFC 6066 section 3), which knows DNS names only. Where there is none, rustls is given the
    /// address, `connected`.
    pub(crate) fn server_name(&self, connected: IpAddr) -> ServerName<'static> {
        match self {
            Self::Address(address) => ServerName::IpAddress((*address).into()),
            Self::Name(name) => match DnsName::try_from(name.clone()) {
                Ok(name) => ServerName::DnsName(name),
                Err(_) => ServerName::IpAddress(connected.into()),
            },
        }
    }

    /// The value of HTTP's Host field (RFC 9110 section 7.2) for `port`.
    pub(super) fn to_http_host(&self, port: u16) -> String {
        let host = match self {
            Self::Address(IpAddr::V6(address)) => format!("[{address}]"),
            Self::Address(IpAddr::V4(address)) => address.to_string(),
            Self::Name(name) => name.trim_end_matches('.').to_owned(),
        };
        if port == 443 { host } else { format!("{host}:{port}") }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Name(name) => f.write_str(name),
        }
    }
}

fn is_name(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    name.len() <= 253
        && name.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(host: &str, port: u16) -> Result<Host, ProbeFailure> {
        Host::parse(host, port)
    }

    #[test]
    fn names_and_addresses_pass() {
        assert_eq!(parse("127.0.0.1", 1), Ok(Host::Address("127.0.0.1".parse().unwrap())));
        assert_eq!(parse("::1", 65535), Ok(Host::Address("::1".parse().unwrap())));
        for name in
            ["localhost", "a.b", "xn--bcher-kva.example", "_dmarc.example.", "0x7f.1", "2130706433", "127.1"]
        {
            assert_eq!(parse(name, 443), Ok(Host::Name(name.to_owned())), "{name}");
        }
        assert!(parse(&vec!["a".repeat(49); 5].join("."), 443).is_ok());
    }

    #[test]
    fn the_rest_is_refused() {
        let long = vec!["a".repeat(50); 5].join(".");
        let label = "a".repeat(64);
        for host in [
            "",
            ".",
            "a..b",
            ".a",
            "a b",
            "a\r\nb",
            "a\0b",
            "[::1]",
            "fe80::1%eth0",
            "a/b",
            "a@b",
            "a:1",
            "bücher",
            "*.a",
            long.as_str(),
            label.as_str(),
        ] {
            assert_eq!(
                parse(host, 443),
                Err(ProbeFailure::BadTarget { field: "host".to_owned() }),
                "{host:?}"
            );
        }
        assert_eq!(parse("a", 0), Err(ProbeFailure::BadTarget { field: "port".to_owned() }));
    }

    #[test]
    fn only_dns_names_are_indicated() {
        let connected = "127.0.0.1".parse().unwrap();
        let name = |host: &str| parse(host, 443).unwrap().server_name(connected);
        assert!(matches!(name("a.example"), ServerName::DnsName(_)));
        assert!(matches!(name("::1"), ServerName::IpAddress(_)));
        assert!(matches!(name("2130706433"), ServerName::IpAddress(_)));
    }

    #[test]
    fn http_host_has_brackets_and_port_where_due() {
        let host = |host: &str, port| parse(host, port).unwrap().to_http_host(port);
        assert_eq!(host("a.example", 443), "a.example");
        assert_eq!(host("a.example.", 8443), "a.example:8443");
        assert_eq!(host("::1", 8443), "[::1]:8443");
    }
}
