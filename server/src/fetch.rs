//! Fetches a missing certificate or revocation list for the page, which cannot do it itself: the addresses in certificates (RFC 5280
//! sections 4.2.1.13 and 4.2.2.1) are mostly `http://` ones on other hosts, without CORS.
//!
//! It is no proxy. Only `GET`, with nothing from the browser but the address; `http` and `https` alone, without user names; every address is
//! asked of the [target policy](crate::policy) and connected to as it was judged, also after each of at most three redirects; and only
//! what looks like a certificate, list or response, whole, is passed on ([`content`]). Whatever its media type says.
//!
//! What comes is not trusted: the page believes it when a signature says so. So the certificates of `https` servers are not checked, as
//! little as plain `http` would check them, and most of them could not be: the chain that would prove them may be what is missing.
//!
//! Failures are told as they are, as those of a probe. Of who may not be reached they tell nothing: addresses that the policy refuses are refused
//! before a packet is sent. The others may be probed at every port anyway, and whether a web server of theirs has a file, it tells everybody.

mod client;
mod content;
mod route;

use std::time::{Duration, Instant};

use certwright_protocol::conversation::ProbeFailure;
use certwright_protocol::fetch::{FetchFailure, MAX_ADDRESS};
use tokio::time::timeout_at;
use url::{Host as UrlHost, Url};

use crate::Meter;
use crate::conversation::connect;
use crate::conversation::seconds;
use crate::conversation::target::Host;
use crate::policy::TargetPolicy;
use client::{Fetched, Reply};

pub(crate) use route::take;

/// What fetching may cost.
#[derive(Debug, Clone)]
pub struct Limits {
    /// For everything together: names, connections, redirects, the file.
    pub total: Duration,
    /// For the browser to take the file.
    pub delivery: Duration,
    /// Redirects that are followed.
    pub redirects: u32,
    /// Octets of the file. Certificates have a few thousand, but the revocation lists of large authorities have over ten million.
    pub octets: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            total: Duration::from_secs(10),
            delivery: Duration::from_secs(60),
            redirects: 3,
            octets: 16 * 1024 * 1024,
        }
    }
}

/// What is at `address`, if it is something to be passed on.
async fn fetch(
    address: &str,
    policy: &TargetPolicy,
    limits: &Limits,
    meter: &Meter,
) -> Result<Fetched, FetchFailure> {
    let until = Instant::now() + limits.total;
    match timeout_at(until.into(), follow(address, policy, limits, meter, until)).await {
        Ok(fetched) => fetched,
        Err(_) => Err(FetchFailure::TimedOut { seconds: seconds(limits.total) }),
    }
}

async fn follow(
    address: &str,
    policy: &TargetPolicy,
    limits: &Limits,
    meter: &Meter,
    until: Instant,
) -> Result<Fetched, FetchFailure> {
    let mut target = Target::parse(address, None)?;
    for _ in 0..=limits.redirects {
        let stream = target.connect(policy, until).await?;
        match client::get(&target, stream, limits.octets, meter).await? {
            Reply::Content(fetched) => {
                return if content::may_pass(&fetched.octets) {
                    Ok(fetched)
                } else {
                    Err(FetchFailure::NotACertificate)
                };
            }
            Reply::Elsewhere(location) => target = Target::parse(&location, Some(&target.url))?,
        }
    }
    Err(FetchFailure::TooManyRedirects { limit: limits.redirects })
}

/// An address that may be asked for.
struct Target {
    url: Url,
    host: Host,
    port: u16,
}

impl Target {
    /// Reads an address; one in a redirect may be relative to `base` (RFC 9110 section 10.2.2).
    fn parse(address: &str, base: Option<&Url>) -> Result<Self, FetchFailure> {
        let bad = || FetchFailure::BadAddress;
        if address.len() > MAX_ADDRESS {
            return Err(bad());
        }
        let url = Url::options().base_url(base).parse(address).map_err(|_| bad())?;
        if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some()
        {
            return Err(bad());
        }
        let port = url.port_or_known_default().filter(|port| *port != 0).ok_or_else(bad)?;
        let host = match url.host().ok_or_else(bad)? {
            UrlHost::Ipv4(address) => Host::Address(address.into()),
            UrlHost::Ipv6(address) => Host::Address(address.into()),
            // DNS may not have such a name at all.
            UrlHost::Domain(name) => Host::parse(name, port).map_err(|_| bad())?,
        };
        Ok(Self { url, host, port })
    }

    /// Resolves, has every address judged, and connects to one of those that were allowed.
    async fn connect(
        &self,
        policy: &TargetPolicy,
        until: Instant,
    ) -> Result<std::net::TcpStream, FetchFailure> {
        let not_reached = |failure| FetchFailure::NotReached { failure };
        let left = until.saturating_duration_since(Instant::now());
        let found = connect::resolve(self.host.clone(), self.port, left).await.map_err(not_reached)?;
        let judged = connect::judge(&self.host, found, policy);
        if let (true, Some((address, reason))) = (judged.allowed.is_empty(), judged.first_refused) {
            return Err(not_reached(ProbeFailure::TargetRefused { address, reason }));
        }
        let mut open = judged.allowed;
        open.retain(|&address| policy.may_fetch_from(address));
        if open.is_empty() {
            return Err(FetchFailure::PortRefused { port: self.port });
        }
        let left = until.saturating_duration_since(Instant::now());
        let (stream, _) = connect::connect(&open, until, left, None).await.map_err(not_reached)?;
        Ok(stream)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(address: &str, base: Option<&str>) -> Option<(String, Host, u16)> {
        let base = base.map(|base| Url::parse(base).unwrap());
        let target = Target::parse(address, base.as_ref()).ok()?;
        Some((target.url.to_string(), target.host, target.port))
    }

    #[test]
    fn addresses_of_certificates_are_read() {
        let name = |name: &str| Host::Name(name.to_owned());
        let written = |text: &str| Host::Address(text.parse().unwrap());
        for (address, expected) in [
            ("http://ca.example/a.cer", ("http://ca.example/a.cer", name("ca.example"), 80)),
            (
                "HTTPS://CA.example:8443/a.crl?x=1",
                ("https://ca.example:8443/a.crl?x=1", name("ca.example"), 8443),
            ),
            // As authorities under Windows write it.
            ("http://pki/My CA(1).crt", ("http://pki/My%20CA(1).crt", name("pki"), 80)),
            ("http://bücher.example/", ("http://xn--bcher-kva.example/", name("xn--bcher-kva.example"), 80)),
            ("http://[::1]:81/", ("http://[::1]:81/", written("::1"), 81)),
            // Short forms are addresses, and judged as such.
            ("http://2130706433/", ("http://127.0.0.1/", written("127.0.0.1"), 80)),
            ("http://0x7f.1/", ("http://127.0.0.1/", written("127.0.0.1"), 80)),
        ] {
            let (url, host, port) = parse(address, None).unwrap();
            assert_eq!((url.as_str(), host, port), expected, "{address}");
        }
    }

    #[test]
    fn redirects_may_be_relative() {
        let base = Some("https://ca.example/certs/a.cer");
        assert_eq!(parse("b.cer", base).unwrap().0, "https://ca.example/certs/b.cer");
        assert_eq!(parse("//other.example/b", base).unwrap().0, "https://other.example/b");
        assert_eq!(parse("http://ca.example/b", base).unwrap().2, 80);
        assert!(parse("file:///etc/passwd", base).is_none());
    }

    #[test]
    fn other_addresses_are_refused() {
        let long = format!("http://a.example/{}", "a".repeat(MAX_ADDRESS));
        for address in [
            "",
            "a.cer",
            "//ca.example/a.cer",
            "ldap://ca.example/cn=ca?cACertificate",
            "ftp://ca.example/a.cer",
            "file:///etc/passwd",
            "http://",
            "http://user@ca.example/",
            "http://:password@ca.example/",
            "http://ca.example:0/",
            "http://127.0.0.1:0/",
            "http://ca.example:65536/",
            "http://a..b/",
            "http://exa mple/",
            "http://[fe80::1%25eth0]/",
            &long,
        ] {
            assert!(parse(address, None).is_none(), "{address}");
        }
    }
}
