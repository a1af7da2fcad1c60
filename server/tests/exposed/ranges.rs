//! Ranges that are closed, at every door: probes of the page and of scripts, `connect_to`, proxies as targets and as ways to them, fetches and
//! redirects. Which ranges there are is the policy's own test; here each door is shown to ask it, however the address is written.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use certwright_protocol::conversation::{Endpoint, ProbeFailure, Proxy, ProxyKind, Route, Target};
use certwright_protocol::fetch::FetchFailure;
use serde_json::{Value, json};

use crate::common::failure;
use crate::common::process::{Process, probe};
use crate::{CI, bearer, tokens};

/// An address of each range that strangers do not reach, addresses that hide in others, and other ways of writing them; with the reason that is given.
const CLOSED: &[(&str, &str)] = &[
    ("0.0.0.0", "unspecified"),
    ("0.1.2.3", "unspecified"),
    ("10.1.2.3", "private"),
    ("100.64.0.1", "private"),
    ("127.0.0.1", "loopback"),
    ("127.255.255.254", "loopback"),
    ("169.254.1.1", "link_local"),
    ("172.31.255.254", "private"),
    ("192.0.0.8", "reserved"),
    ("192.0.2.1", "reserved"),
    ("192.31.196.1", "reserved"),
    ("192.52.193.1", "reserved"),
    ("192.88.99.1", "reserved"),
    ("192.168.0.1", "private"),
    ("192.175.48.1", "reserved"),
    ("198.19.255.254", "reserved"),
    ("198.51.100.1", "reserved"),
    ("203.0.113.1", "reserved"),
    ("224.0.0.1", "multicast"),
    ("239.255.255.250", "multicast"),
    ("240.0.0.1", "reserved"),
    ("255.255.255.255", "multicast"),
    ("::", "unspecified"),
    ("::1", "loopback"),
    ("::127.0.0.1", "reserved"),
    ("::ffff:127.0.0.1", "loopback"),
    ("::ffff:7f00:1", "loopback"),
    ("::ffff:0:127.0.0.1", "reserved"),
    ("64:ff9b::7f00:1", "loopback"),
    ("64:ff9b::10.0.0.1", "private"),
    ("64:ff9b:1::7f00:1", "reserved"),
    ("100::1", "reserved"),
    ("2001::1", "reserved"),
    ("2001:db8::1", "reserved"),
    ("2002:7f00:1::1", "reserved"),
    ("2620:4f:8000::1", "reserved"),
    ("3fff::1", "reserved"),
    ("5f00::1", "reserved"),
    ("fc00::1", "private"),
    ("fd12::1", "private"),
    ("fe80::1", "link_local"),
    ("fec0::1", "private"),
    ("ff02::1", "multicast"),
    // Decimal, octal, hexadecimal, and with fewer parts (inet_aton).
    ("2130706433", "loopback"),
    ("0x7f000001", "loopback"),
    ("0x7f.1", "loopback"),
    ("0177.0.0.1", "loopback"),
    ("127.1", "loopback"),
    ("167837953", "private"),
    ("localhost", "loopback"),
];

const METADATA: [&str; 13] = [
    "169.254.169.254",
    "169.254.170.2",
    "169.254.170.23",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "fd00:ec2::254",
    "fd00:ec2::23",
    "fd20:ce::254",
    "2852039166",
    "0xa9fea9fe",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
];

/// An address that is opened, for what leads to the closed ones.
const OPEN: &str = "127.0.0.9";

/// A web server that sends everybody elsewhere.
struct Redirector {
    port: u16,
    to: Arc<Mutex<String>>,
}

impl Redirector {
    fn start() -> Self {
        let listener = TcpListener::bind((OPEN, 0)).unwrap();
        let redirector = Self { port: listener.local_addr().unwrap().port(), to: Arc::default() };
        let to = Arc::clone(&redirector.to);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let _ = stream.read(&mut [0; 4096]);
                let answer = format!(
                    "HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                    to.lock().unwrap()
                );
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        redirector
    }
}

/// A server with its token for scripts.
struct Doors {
    server: Process,
    redirector: Redirector,
    proxy: TcpListener,
}

impl Doors {
    fn open(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let tokens = tokens(folder.path());
        let arguments = [&["--token-file", &tokens, "--rate-per-client", "0"], arguments].concat();
        let proxy = TcpListener::bind((OPEN, 0)).unwrap();
        proxy.set_nonblocking(true).unwrap();
        Self { server: Process::start(folder.path(), &arguments), redirector: Redirector::start(), proxy }
    }

    fn through_proxy(&self, kind: ProxyKind) -> Route {
        let port = self.proxy.local_addr().unwrap().port();
        let proxy = Proxy { kind, host: OPEN.into(), port, credentials: None };
        Route { proxy: Some(proxy), ..Route::default() }
    }

    /// Why the page's probe is refused.
    async fn page(&self, target: Target) -> Option<Value> {
        let mut socket = self.server.open(None).await.unwrap();
        let events = probe(&mut socket, target).await;
        match failure(&events) {
            Some(ProbeFailure::TargetRefused { reason, .. }) => Some(json!(reason)),
            _ => panic!("{events:?}"),
        }
    }

    /// Why a script's probe is refused.
    fn script(&self, target: &Target) -> Value {
        let body = json!({ "host": target.host, "port": target.port, "route": target.route }).to_string();
        let authorization = bearer(CI);
        let json = "Content-Type: application/json";
        let (status, _, answer) =
            self.server.curl("/api/probe", &["-H", &authorization, "-H", json, "-d", &body]);
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(status, 200, "{answer}");
        let failure = &answer["verdict"]["failure"];
        assert_eq!(failure["kind"], "target_refused", "{answer}");
        failure["reason"].clone()
    }

    /// Why a fetch is refused.
    fn fetch(&self, url: &str) -> Value {
        let origin = format!("Origin: http://{}", self.server.address);
        let (body, json) = (json!({ "url": url }).to_string(), "Content-Type: application/json");
        let (_, _, answer) = self.server.curl("/api/fetch", &["-H", json, "-d", &body, "-H", &origin]);
        match serde_json::from_str(&answer) {
            Ok(FetchFailure::NotReached { failure: ProbeFailure::TargetRefused { reason, .. } }) => {
                json!(reason)
            }
            _ => panic!("{url}: {answer}"),
        }
    }

    /// Asks for the address at every door.
    async fn all_are_closed_to(&self, host: &str, reason: &str) {
        let target = Target::new(host, 443);
        assert_eq!(self.page(target.clone()).await.unwrap(), reason, "{host}: the page");
        assert_eq!(self.script(&target), reason, "{host}: scripts");
        let instead = Endpoint { host: host.into(), port: 443 };
        let led = Route { connect_to: Some(instead), ..Route::default() };
        let led = Target { route: led, ..Target::new("example.com", 443) };
        assert_eq!(self.page(led.clone()).await.unwrap(), reason, "{host}: connect_to of the page");
        assert_eq!(self.script(&led), reason, "{host}: connect_to of scripts");
        for kind in [ProxyKind::HttpConnect, ProxyKind::Socks5] {
            let behind = Target { route: self.through_proxy(kind), ..target.clone() };
            assert_eq!(self.page(behind.clone()).await.unwrap(), reason, "{host}: behind a proxy");
            assert_eq!(self.script(&behind), reason, "{host}: behind a proxy, scripts");
            let proxy = Proxy { kind, host: host.into(), port: 3128, credentials: None };
            let through = Route { proxy: Some(proxy), ..Route::default() };
            let through = Target { route: through, ..Target::new(OPEN, 443) };
            assert_eq!(self.page(through).await.unwrap(), reason, "{host}: as a proxy");
        }
        let written = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        for url in [format!("http://{written}/a.cer"), format!("https://{written}/a.crl")] {
            assert_eq!(self.fetch(&url), reason, "{url}");
            *self.redirector.to.lock().unwrap() = url.clone();
            let here = format!("http://{OPEN}:{}/", self.redirector.port);
            assert_eq!(self.fetch(&here), reason, "redirected to {url}");
        }
        assert!(self.proxy.accept().is_err(), "{host}: the proxy was not asked");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_find_every_range_closed_at_every_door() {
    let doors = Doors::open(&["--host", "tools.example", "--allow", OPEN]);
    for (host, reason) in CLOSED {
        doors.all_are_closed_to(host, reason).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_is_closed_to_everybody_whatever_is_allowed() {
    let everything = ["--allow", "0.0.0.0/0", "--allow", "::/0"];
    for arguments in [&everything[..], &[&["--host", "tools.example"], &everything[..]].concat()] {
        let doors = Doors::open(arguments);
        for host in METADATA {
            doors.all_are_closed_to(host, "metadata").await;
        }
    }
}
