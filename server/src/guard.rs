//! Who may use the server: keeps other web sites out, and no client may take it all.
//!
//! Three attacks by way of the user's own browser are refused. DNS rebinding, where a foreign name is pointed at this server's
//! address: the Host field must name this server. Cross-site WebSockets, which the same-origin policy does not stop: the Origin must
//! be this server's. Cross-site requests to the API: fetch metadata (W3C) must not say so.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::policy::unmapped;

/// Which names in the Host field are this server's.
#[derive(Debug, Clone)]
pub struct HostNames {
    any_address: bool,
    names: Vec<String>,
}

impl HostNames {
    /// For a server bound to `listening`, which its operator also calls `names`. On loopback these are `localhost` and the loopback
    /// addresses, elsewhere every IP address: rebinding needs a name.
    pub fn new(listening: IpAddr, names: &[String]) -> Self {
        let mut names: Vec<_> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
        if listening.is_loopback() {
            names.push("localhost".to_owned());
        }
        Self { any_address: !listening.is_loopback(), names }
    }

    /// Whether the Host field, with any port, is this server's.
    fn contain(&self, authority: &Authority) -> bool {
        let host = authority.host();
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        match bare.parse::<IpAddr>() {
            Ok(address) => self.any_address || unmapped(address).is_loopback() || self.has_name(bare),
            Err(_) => self.has_name(host.trim_end_matches('.')),
        }
    }

    fn has_name(&self, host: &str) -> bool {
        self.names.iter().any(|name| name.eq_ignore_ascii_case(host))
    }
}

/// Refuses requests whose Host is not this server's, and to `/api/` those of other sites.
pub(crate) async fn check_request(
    State(hosts): State<Arc<HostNames>>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let Some(host) = only_value(headers, &header::HOST).and_then(parse_authority) else {
        return (StatusCode::BAD_REQUEST, "The request names no host.\n").into_response();
    };
    if !hosts.contain(&host) {
        return (StatusCode::MISDIRECTED_REQUEST, "This server does not answer to that name.\n")
            .into_response();
    }
    if request.uri().path().starts_with("/api/") {
        let site = headers.get("sec-fetch-site").map(|value| value.as_bytes());
        if !matches!(site, None | Some(b"same-origin" | b"none")) || !origin_is(headers, &host) {
            return (StatusCode::FORBIDDEN, "Other sites may not use this server.\n").into_response();
        }
    }
    next.run(request).await
}

/// Whether the Origin field (RFC 6454) is there and names the same host and port as `host`.
fn origin_is(headers: &HeaderMap, host: &Authority) -> bool {
    let Some(origin) = only_value(headers, &header::ORIGIN) else { return false };
    let (default_port, rest) = if let Some(rest) = origin.strip_prefix("http://") {
        (80, rest)
    } else if let Some(rest) = origin.strip_prefix("https://") {
        (443, rest)
    } else {
        return false;
    };
    parse_authority(rest).is_some_and(|origin| {
        origin.host().eq_ignore_ascii_case(host.host())
            && origin.port_u16().unwrap_or(default_port) == host.port_u16().unwrap_or(default_port)
    })
}

fn only_value<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

fn parse_authority(text: &str) -> Option<Authority> {
    let authority: Authority = text.parse().ok()?;
    let port_is_whole = authority.as_str().len() == authority.host().len() || authority.port_u16().is_some();
    (!authority.as_str().contains('@') && port_is_whole).then_some(authority)
}

/// Counts the probes that are running, in all and for each client.
#[derive(Debug)]
pub(crate) struct Gate {
    all: Arc<Semaphore>,
    limit: u32,
    limit_per_client: u32,
    clients: Mutex<HashMap<IpAddr, u32>>,
}

impl Gate {
    pub(crate) fn new(limit: u32, limit_per_client: u32) -> Self {
        Self {
            all: Arc::new(Semaphore::new(limit as usize)),
            limit,
            limit_per_client,
            clients: Mutex::new(HashMap::new()),
        }
    }

    /// A place for one more probe, or the limit that is reached.
    pub(crate) fn enter(self: &Arc<Self>, client: IpAddr) -> Result<Place, u32> {
        let client = counted_as(client);
        let permit = Arc::clone(&self.all).try_acquire_owned().map_err(|_| self.limit)?;
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let running = clients.entry(client).or_insert(0);
        if *running >= self.limit_per_client {
            return Err(self.limit_per_client);
        }
        *running += 1;
        Ok(Place { gate: Arc::clone(self), client, _permit: permit })
    }

    /// Waits until no probe is running.
    pub(crate) async fn empty(&self) {
        // The semaphore is never closed.
        let _ = self.all.acquire_many(self.limit).await;
    }
}

/// One running probe; gives its place back when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    gate: Arc<Gate>,
    client: IpAddr,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut clients = self.gate.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = clients.get_mut(&self.client) {
            *running -= 1;
            if *running == 0 {
                clients.remove(&self.client);
            }
        }
    }
}

/// An IPv6 client owns a /64 and could take a new address for every probe, so the whole network counts as one.
fn counted_as(client: IpAddr) -> IpAddr {
    match unmapped(client) {
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) >> 64 << 64).into()),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(listening: &str, names: &[&str], host: &str) -> bool {
        let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
        parse_authority(host)
            .is_some_and(|host| HostNames::new(listening.parse().unwrap(), &names).contain(&host))
    }

    #[test]
    fn loopback_answers_to_its_own_names() {
        for host in ["127.0.0.1", "127.0.0.1:8787", "[::1]:1", "localhost:8787", "LOCALHOST", "localhost."] {
            assert!(contains("127.0.0.1", &[], host), "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:8787",
            "localhost.evil.example",
            "127.0.0.1.nip.io",
            "192.168.1.1",
            "a@localhost",
            "localhost:x",
            "localhost:99999",
            "",
        ] {
            assert!(!contains("127.0.0.1", &[], host), "{host}");
        }
    }

    #[test]
    fn elsewhere_it_answers_to_addresses_and_given_names() {
        for host in ["192.0.2.1:8787", "[2001:db8::1]", "tools.example", "Tools.Example:443"] {
            assert!(contains("0.0.0.0", &["tools.example"], host), "{host}");
        }
        for host in ["localhost", "evil.example", "x.tools.example"] {
            assert!(!contains("0.0.0.0", &["tools.example"], host), "{host}");
        }
    }

    #[test]
    fn origin_must_be_the_same_host_and_port() {
        let same = |origin: &str, host: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ORIGIN, origin.parse().unwrap());
            origin_is(&headers, &parse_authority(host).unwrap())
        };
        assert!(same("http://localhost:8787", "localhost:8787"));
        assert!(same("http://[::1]:8787", "[::1]:8787"));
        assert!(same("https://tools.example", "tools.example"));
        assert!(same("https://tools.example", "tools.example:443"));
        assert!(same("http://tools.example:80", "tools.example"));
        for (origin, host) in [
            ("http://localhost:8788", "localhost:8787"),
            ("http://evil.example", "localhost:8787"),
            ("http://localhost", "localhost:8787"),
            ("http://localhost:8787@evil.example", "localhost:8787"),
            ("null", "localhost:8787"),
            ("file://", "localhost:8787"),
            ("chrome-extension://localhost:8787", "localhost:8787"),
        ] {
            assert!(!same(origin, host), "{origin}");
        }
        assert!(!origin_is(&HeaderMap::new(), &parse_authority("localhost").unwrap()));
    }

    #[test]
    fn places_are_limited_and_come_back() {
        let gate = Arc::new(Gate::new(3, 2));
        let (here, there): (IpAddr, IpAddr) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let first = gate.enter(here).unwrap();
        let _second = gate.enter(here).unwrap();
        assert_eq!(gate.enter(here).unwrap_err(), 2);
        let _third = gate.enter(there).unwrap();
        assert_eq!(gate.enter(there).unwrap_err(), 3);
        drop(first);
        let _fourth = gate.enter(here).unwrap();
    }

    #[test]
    fn an_ipv6_network_is_one_client() {
        let gate = Arc::new(Gate::new(3, 1));
        let _place = gate.enter("2001:db8::1".parse().unwrap()).unwrap();
        assert_eq!(gate.enter("2001:db8::2".parse().unwrap()).unwrap_err(), 1);
        let _other = gate.enter("2001:db8:0:1::1".parse().unwrap()).unwrap();
    }
}
