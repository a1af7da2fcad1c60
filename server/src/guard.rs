//! Who may use the server: keeps other web sites out, asks scripts for their token, and lets nobody begin when the server is about to end.
//!
//! Three attacks by way of the user's own browser are refused. DNS rebinding, where a foreign name is pointed at this server's
//! address: the Host field must name this server. Cross-site WebSockets, which the same-origin policy does not stop: the Origin must
//! be this server's. Cross-site requests to the API: fetch metadata (W3C) must not say so.
//!
//! What a path asks for is decided in one place ([`access`]), for every path: a new route below `/api/` is for scripts, and needs a token, until
//! it is named there.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use certwright_protocol::fetch::FETCH_PATH;

use crate::policy::unmapped;
use crate::problem::Problem;
use crate::tokens::Refusal;
use crate::work::{Caller, Commons};

/// Which names in the Host field are this server's.
#[derive(Debug, Clone)]
pub struct HostNames {
    any_address: bool,
    names: Vec<String>,
    /// Whether the server itself speaks HTTPS, so that a page of ours came by it.
    secure: bool,
}

impl HostNames {
    /// For a server bound to `listening`, which its operator also calls `names`. On loopback these are `localhost` and the loopback
    /// addresses, elsewhere every IP address: rebinding needs a name.
    pub fn new(listening: IpAddr, names: &[String], secure: bool) -> Self {
        let mut names: Vec<_> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
        if listening.is_loopback() {
            names.push("localhost".to_owned());
        }
        Self { any_address: !listening.is_loopback(), names, secure }
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

/// Where the metrics are.
pub(crate) const METRICS_PATH: &str = "/metrics";

/// Who may ask for what is behind a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Whoever watches over the server.
    Anybody,
    /// Whoever looks at the page: files.
    Reader,
    /// The page, which says by its Origin that it is ours; and scripts with a token.
    Page,
    /// Scripts: with a token, unless the server is its user's own and has none.
    Script,
}

fn access(method: &Method, path: &str) -> Access {
    match path {
        "/healthz" | "/readyz" => Access::Anybody,
        "/api/openapi.json" => Access::Reader,
        "/api/probe" if method == Method::GET => Access::Page,
        FETCH_PATH => Access::Page,
        METRICS_PATH => Access::Script,
        _ if path.starts_with("/api/") => Access::Script,
        _ => Access::Reader,
    }
}

/// What the guard knows.
#[derive(Debug)]
pub(crate) struct Guard {
    pub(crate) hosts: HostNames,
    pub(crate) commons: Arc<Commons>,
}

/// The address at the other end of the connection, an extension of every request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Lets a request pass, with its [`Caller`], or refuses it: if its Host is not this server's, if another site made it, if a token is missing,
/// if the server takes no new work.
pub(crate) async fn check_request(
    State(guard): State<Arc<Guard>>,
    Extension(Peer(peer)): Extension<Peer>,
    mut request: Request,
    next: Next,
) -> Response {
    let address = guard.commons.proxies.client(peer.ip(), request.headers());
    match guard.caller(&request, address) {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(refused) => {
            guard.commons.metrics.refuse(refused.kind());
            refused.into_response()
        }
    }
}

impl Guard {
    /// Who asks, if he may.
    fn caller(&self, request: &Request, address: IpAddr) -> Result<Caller, Refused> {
        let headers = request.headers();
        let host = only_value(headers, &header::HOST).and_then(parse_authority).ok_or(Refused::NoHost)?;
        if !self.hosts.contain(&host) {
            return Err(Refused::OtherName);
        }
        let access = access(request.method(), request.uri().path());
        let token = match access {
            Access::Anybody => None,
            Access::Reader if self.commons.require_token => Some(self.token(headers)?),
            Access::Reader => None,
            Access::Page | Access::Script => {
                let origin = self.origin(headers, &host)?;
                match (access, origin) {
                    (Access::Page, Origin::Ours) if !self.commons.require_token => None,
                    // A script that uses the page's routes has to show that somebody let it.
                    (Access::Page, Origin::None) if !headers.contains_key(header::AUTHORIZATION) => {
                        return Err(Refused::OtherSite);
                    }
                    (Access::Page, _) => Some(self.token(headers)?),
                    _ => self.commons.tokens.authorise(headers).map_err(Refused::Token)?,
                }
            }
        };
        let is_work = matches!(access, Access::Page | Access::Script) && request.uri().path() != METRICS_PATH;
        if is_work && !self.commons.life.is_serving() {
            let seconds = u32::try_from(self.commons.drain.as_secs()).unwrap_or(u32::MAX).max(1);
            return Err(Refused::Ending { seconds });
        }
        Ok(Caller { address, token })
    }

    fn token(&self, headers: &HeaderMap) -> Result<Arc<str>, Refused> {
        self.commons.tokens.named(headers).map_err(Refused::Token)
    }

    /// Where a request to the API comes from; an error if from another site.
    fn origin(&self, headers: &HeaderMap, host: &Authority) -> Result<Origin, Refused> {
        let site = headers.get("sec-fetch-site").map(|value| value.as_bytes());
        if !matches!(site, None | Some(b"same-origin" | b"none")) {
            return Err(Refused::OtherSite);
        }
        if !headers.contains_key(header::ORIGIN) {
            return Ok(Origin::None);
        }
        if origin_is(headers, host, self.hosts.secure) { Ok(Origin::Ours) } else { Err(Refused::OtherSite) }
    }
}

/// Where a request comes from.
enum Origin {
    /// Our own page.
    Ours,
    /// No page: browsers name one with every WebSocket and every `POST`.
    None,
}

/// Why a request does not pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refused {
    /// It names no host, or several.
    NoHost,
    /// It is for another server.
    OtherName,
    /// Another site made it.
    OtherSite,
    /// A token is missing or wrong.
    Token(Refusal),
    /// The server takes no new work.
    Ending { seconds: u32 },
}

impl Refused {
    /// The reason's name in the metrics.
    fn kind(self) -> &'static str {
        match self {
            Self::NoHost | Self::OtherName => "host",
            Self::OtherSite => "origin",
            Self::Token(refusal) => refusal.kind(),
            Self::Ending { .. } => "ending",
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::NoHost => (StatusCode::BAD_REQUEST, "The request names no host.\n").into_response(),
            Self::OtherName => {
                (StatusCode::MISDIRECTED_REQUEST, "This server does not answer to that name.\n")
                    .into_response()
            }
            Self::OtherSite => {
                (StatusCode::FORBIDDEN, "Other sites may not use this server.\n").into_response()
            }
            Self::Token(refusal) => refusal.into_response(),
            Self::Ending { seconds } => Problem::ending(seconds).into_response(),
        }
    }
}

/// Whether the Origin field (RFC 6454) is there and names the same host and port as `host`; by HTTPS, if the server is `secure`.
fn origin_is(headers: &HeaderMap, host: &Authority, secure: bool) -> bool {
    let Some(origin) = only_value(headers, &header::ORIGIN) else { return false };
    let (default_port, rest) = if let Some(rest) = origin.strip_prefix("http://").filter(|_| !secure) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(listening: &str, names: &[&str], host: &str) -> bool {
        let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
        parse_authority(host)
            .is_some_and(|host| HostNames::new(listening.parse().unwrap(), &names, false).contain(&host))
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
    fn a_page_of_an_https_server_came_by_https() {
        let mut headers = HeaderMap::new();
        let host = parse_authority("tools.example:8443").unwrap();
        for (origin, expected) in [("https://tools.example:8443", true), ("http://tools.example:8443", false)]
        {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
            assert_eq!(origin_is(&headers, &host, true), expected, "{origin}");
        }
    }

    #[test]
    fn what_is_not_named_is_for_scripts() {
        for (method, path, expected) in [
            (Method::GET, "/", Access::Reader),
            (Method::GET, "/healthz", Access::Anybody),
            (Method::GET, "/api/probe", Access::Page),
            (Method::POST, "/api/probe", Access::Script),
            (Method::POST, "/api/fetch", Access::Page),
            (Method::GET, "/api/new", Access::Script),
            (Method::GET, "/metrics", Access::Script),
        ] {
            assert_eq!(access(&method, path), expected, "{method} {path}");
        }
    }

    #[test]
    fn origin_must_be_the_same_host_and_port() {
        let same = |origin: &str, host: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ORIGIN, origin.parse().unwrap());
            origin_is(&headers, &parse_authority(host).unwrap(), false)
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
        assert!(!origin_is(&HeaderMap::new(), &parse_authority("localhost").unwrap(), false));
    }
}
