//! Whose request it is: the address of a client behind reverse proxies.
//!
//! Sources: RFC 7239 (`Forwarded`) and the older `X-Forwarded-For`. A field is believed only if the connection comes from a proxy that the
//! operator trusts, and only the one field that he names: a proxy passes on the other as the client wrote it. The list is read from its end, where
//! the nearest proxy wrote, as long as trusted proxies are named; what is no address ends it.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use axum::http::HeaderMap;
use ipnet::IpNet;

use crate::policy::unmapped;

/// Addresses of one request that are looked at.
const MOST_HOPS: usize = 32;

/// The field in which the operator's proxies name their client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProxyHeader {
    /// `X-Forwarded-For`: addresses with commas between them.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl fmt::Display for ProxyHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::XForwardedFor => "x-forwarded-for",
            Self::Forwarded => "forwarded",
        })
    }
}

impl FromStr for ProxyHeader {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::XForwardedFor, Self::Forwarded]
            .into_iter()
            .find(|header| header.to_string().eq_ignore_ascii_case(text))
            .ok_or("allowed is x-forwarded-for or forwarded")
    }
}

/// The reverse proxies that are believed.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies {
    /// Where they connect from.
    pub ranges: Vec<IpNet>,
    /// Where they write.
    pub header: ProxyHeader,
}

impl TrustedProxies {
    /// Whether this is the address of one.
    pub(crate) fn contain(&self, address: IpAddr) -> bool {
        let address = unmapped(address);
        self.ranges.iter().any(|range| range.contains(&address))
    }

    /// The client of a request that came over a connection from `peer`.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = unmapped(peer);
        if !self.contain(client) {
            return client;
        }
        for hop in self.hops(headers).into_iter().rev().take(MOST_HOPS) {
            let Some(address) = hop.and_then(parse_address) else { break };
            client = unmapped(address);
            if !self.contain(client) {
                break;
            }
        }
        client
    }

    /// What each proxy wrote, the nearest last; `None` for an element that names no client.
    fn hops<'h>(&self, headers: &'h HeaderMap) -> Vec<Option<&'h str>> {
        let mut hops = Vec::new();
        for value in headers.get_all(self.header.to_string()) {
            let Ok(value) = value.to_str() else {
                hops.push(None);
                continue;
            };
            // A quoted string with a comma in it is no address either way.
            hops.extend(value.split(',').map(|element| match self.header {
                ProxyHeader::XForwardedFor => Some(element.trim()),
                ProxyHeader::Forwarded => element.split(';').find_map(|pair| {
                    let (name, value) = pair.split_once('=')?;
                    name.trim().eq_ignore_ascii_case("for").then(|| value.trim().trim_matches('"'))
                }),
            }));
        }
        hops
    }
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:80`.
fn parse_address(text: &str) -> Option<IpAddr> {
    let bracketed = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    if let Some(inner) = bracketed {
        return inner.parse().ok().filter(IpAddr::is_ipv6);
    }
    text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn client(header: ProxyHeader, peer: &str, fields: &[(&'static str, &str)]) -> String {
        let ranges = ["127.0.0.0/8", "10.0.0.0/8", "fd00::/8"].map(|range| range.parse().unwrap()).to_vec();
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, value.parse().unwrap());
        }
        TrustedProxies { ranges, header }.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn the_nearest_that_is_no_proxy_is_the_client() {
        let field =
            |value: &str| client(ProxyHeader::XForwardedFor, "127.0.0.1", &[("x-forwarded-for", value)]);
        for (value, expected) in [
            ("192.0.2.1", "192.0.2.1"),
            ("192.0.2.9, 192.0.2.1", "192.0.2.1"),
            ("192.0.2.9, 192.0.2.1, 10.0.0.1", "192.0.2.1"),
            ("192.0.2.1:4711", "192.0.2.1"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("10.0.0.2, 10.0.0.1", "10.0.0.2"),
            ("192.0.2.9, unknown, 10.0.0.1", "10.0.0.1"),
            ("nonsense", "127.0.0.1"),
            ("", "127.0.0.1"),
        ] {
            assert_eq!(field(value), expected, "{value}");
        }
        let twice = [("x-forwarded-for", "192.0.2.9"), ("x-forwarded-for", "192.0.2.1")];
        assert_eq!(client(ProxyHeader::XForwardedFor, "::ffff:10.0.0.1", &twice), "192.0.2.1");
    }

    #[test]
    fn forwarded_is_read_where_it_is_named() {
        let field = |value: &str| client(ProxyHeader::Forwarded, "127.0.0.1", &[("forwarded", value)]);
        for (value, expected) in [
            ("for=192.0.2.1", "192.0.2.1"),
            ("For=\"[2001:db8::1]:80\";proto=https, for=10.0.0.1;by=10.0.0.2", "2001:db8::1"),
            ("proto=https", "127.0.0.1"),
            ("for=_hidden", "127.0.0.1"),
        ] {
            assert_eq!(field(value), expected, "{value}");
        }
        let other = [("x-forwarded-for", "192.0.2.66")];
        assert_eq!(client(ProxyHeader::Forwarded, "127.0.0.1", &other), "127.0.0.1");
    }

    proptest! {
        /// Whatever a field holds, it names an address or leaves the proxy's, and what stands before the client's address changes nothing.
        #[test]
        fn any_field_is_read(
            before in "[ -~]{0,80}",
            client_address in any::<IpAddr>().prop_filter("no proxy", |address| {
                !TrustedProxies { ranges: vec!["127.0.0.0/8".parse().unwrap()], ..TrustedProxies::default() }.contain(*address)
            }),
        ) {
            let ranges = vec!["127.0.0.0/8".parse().unwrap()];
            let proxy = IpAddr::from([127, 0, 0, 1]);
            for (header, name, element) in [
                (ProxyHeader::XForwardedFor, "x-forwarded-for", format!("{client_address}")),
                (ProxyHeader::Forwarded, "forwarded", format!("proto=https; for=\"{client_address}\"")),
            ] {
                let proxies = TrustedProxies { ranges: ranges.clone(), header };
                let mut headers = HeaderMap::new();
                headers.append(name, before.parse().unwrap());
                let _ = proxies.client(proxy, &headers);
                headers.append(name, element.parse().unwrap());
                prop_assert_eq!(proxies.client(proxy, &headers), unmapped(client_address));
            }
        }
    }

    #[test]
    fn strangers_are_not_believed() {
        let fields = [("x-forwarded-for", "192.0.2.66"), ("forwarded", "for=192.0.2.66")];
        assert_eq!(client(ProxyHeader::XForwardedFor, "192.0.2.1", &fields), "192.0.2.1");
        assert_eq!(client(ProxyHeader::Forwarded, "192.0.2.1", &fields), "192.0.2.1");
    }
}
