//! The server over HTTP and WebSocket: guard, security fields, caching, limits, end.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

mod common;

use std::io::Read;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use certwright_protocol::conversation::{
    AfterHandshake, FromServer, MAX_MESSAGE, ProbeFailure, ServerEvent, Target, ToServer, Versions,
};
use certwright_server::app::Config;
use certwright_server::conversation::Limits;
use certwright_server::policy::Lists;
use common::http::{Answer, Server, start, start_on};
use common::{Browser, P256, Pki, failure, kinds, nginx, s_server, short, target};
use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

type Socket = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

impl Server {
    async fn upgrade(
        &self,
        host: &str,
        origin: Option<&str>,
        more: &[(&'static str, &str)],
    ) -> Result<Socket, u16> {
        let mut request = format!("ws://{}/api/probe", self.address).into_client_request().unwrap();
        let fields = request.headers_mut();
        fields.insert("host", host.parse().unwrap());
        if let Some(origin) = origin {
            fields.insert("origin", origin.parse().unwrap());
        }
        for (name, value) in more {
            fields.insert(*name, value.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((socket, _)) => Ok(socket),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    async fn open(&self) -> Socket {
        let host = self.address.to_string();
        self.upgrade(&host, Some(&format!("http://{host}")), &[]).await.unwrap()
    }
}

async fn say(socket: &mut Socket, message: &ToServer) {
    socket.send(Message::text(serde_json::to_string(message).unwrap())).await.unwrap();
}

/// The next event, or `None` once the server has closed.
async fn hear(socket: &mut Socket) -> Option<ServerEvent> {
    loop {
        let next = tokio::time::timeout(Duration::from_secs(10), socket.next()).await.expect("it goes on");
        match next? {
            Ok(Message::Text(text)) => return Some(serde_json::from_str::<FromServer>(&text).unwrap().event),
            Ok(Message::Close(_)) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

async fn converse(socket: &mut Socket, target: Target, browser: &Browser) -> Vec<ServerEvent> {
    say(socket, &ToServer::Start(target)).await;
    let mut events = Vec::new();
    while let Some(event) = hear(socket).await {
        if let Some(answer) = browser.answer(&event) {
            say(socket, &answer).await;
        }
        let over = matches!(event, ServerEvent::Ended { .. });
        events.push(event);
        if over {
            break;
        }
    }
    events
}

fn config() -> Config {
    Config { limits: short(), drain: Duration::ZERO, ..Config::default() }
}

/// A port where a connection is taken and nothing is said; tells when the connection has ended.
fn silent_peer() -> (u16, std::thread::JoinHandle<Instant>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read_to_end(&mut Vec::new());
        Instant::now()
    });
    (port, thread)
}

/// Starts a probe of a silent peer and waits until it is connected.
async fn hang(socket: &mut Socket) -> std::thread::JoinHandle<Instant> {
    let (port, peer) = silent_peer();
    say(socket, &ToServer::Start(target(port, Versions::Both, true))).await;
    while !matches!(hear(socket).await.unwrap(), ServerEvent::Connected { .. }) {}
    peer
}

#[tokio::test]
async fn a_probe_over_the_websocket() {
    let pki = Pki::new();
    pki.issue("ec", "root", P256, &[]);
    let server = start(config()).await;
    let peer = nginx(&pki, "ssl_verify_client on;");
    let mut socket = server.open().await;
    let events =
        converse(&mut socket, target(peer.port, Versions::Both, true), &pki.client("ec", &[0x0403])).await;
    assert_eq!(failure(&events), None, "{events:?}");
    assert!(kinds(&events).contains(&"signature"));
    let answered = |event: &ServerEvent| match event {
        ServerEvent::AfterHandshake {
            sign: AfterHandshake::Http { status, complaint: None, status_line, server },
        } => {
            *status == 200
                && status_line == "HTTP/1.1 200 OK"
                && server.as_ref().is_some_and(|name| name.starts_with("nginx"))
        }
        _ => false,
    };
    assert!(events.iter().any(answered), "{events:?}");

    let peer = s_server(&pki, "server", &["-Verify", "3", "-verify_return_error"]);
    let mut socket = server.open().await;
    let events = converse(&mut socket, target(peer.port, Versions::Tls13, false), &Browser::HasNone).await;
    let sign = AfterHandshake::Alert { code: 116 };
    assert!(events.contains(&ServerEvent::AfterHandshake { sign }), "{events:?}");
    server.stop().await;
}

#[tokio::test]
async fn other_names_are_refused() {
    let server = start(config()).await;
    let port = server.address.port();
    for host in [
        format!("127.0.0.1:{port}"),
        format!("localhost:{port}"),
        format!("[::1]:{port}"),
        "localhost".into(),
    ] {
        let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        assert_eq!(Answer(server.raw(request).await).status(), 200, "{host}");
    }
    for (fields, status) in [
        (format!("Host: evil.example:{port}\r\n"), 421),
        ("Host: 127.0.0.1.evil.example\r\n".to_owned(), 421),
        ("Host: 192.168.1.1\r\n".to_owned(), 421),
        (String::new(), 400),
        (format!("Host: localhost:{port}\r\nHost: evil.example\r\n"), 400),
    ] {
        for path in ["/", "/healthz", "/api/probe"] {
            let request = format!("GET {path} HTTP/1.1\r\n{fields}Connection: close\r\n\r\n");
            let answer = Answer(server.raw(request).await);
            assert_eq!(answer.status(), status, "{path} {fields:?}");
            assert!(answer.field("content-security-policy").is_some());
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn websockets_of_other_sites_are_refused() {
    let server = start(config()).await;
    let host = server.address.to_string();
    let own = format!("http://{host}");
    assert!(server.upgrade(&host, Some(&own), &[]).await.is_ok());
    assert!(server.upgrade(&host, Some(&own), &[("sec-fetch-site", "same-origin")]).await.is_ok());
    let refused = |answer: Result<Socket, u16>| answer.err();
    assert_eq!(refused(server.upgrade(&host, None, &[]).await), Some(403));
    for origin in ["http://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1", "ftp://127.0.0.1"]
    {
        assert_eq!(refused(server.upgrade(&host, Some(origin), &[]).await), Some(403), "{origin}");
    }
    for site in ["cross-site", "same-site"] {
        let fields = [("sec-fetch-site", site)];
        assert_eq!(refused(server.upgrade(&host, Some(&own), &fields).await), Some(403), "{site}");
    }
    // Rebinding: name and origin agree with each other, and neither is ours.
    let rebound = server.upgrade("evil.example", Some("http://evil.example"), &[]).await;
    assert_eq!(refused(rebound), Some(421));
    server.stop().await;
}

#[tokio::test]
async fn bound_elsewhere_it_serves_strangers() {
    let config = Config { hosts: vec!["tools.example".to_owned()], ..config() };
    let server = start_on("0.0.0.0:0", config).await;
    let (port, _) = (server.address.port(), ());
    for (host, status) in
        [("tools.example", 200), ("192.0.2.1:1", 200), ("localhost", 421), ("evil.example", 421)]
    {
        let request = format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        assert_eq!(Answer(server.raw(request).await).status(), status, "{host}");
    }
    let mut socket = server.open().await;
    let events = converse(&mut socket, target(port, Versions::Both, true), &Browser::HasNone).await;
    assert!(matches!(failure(&events), Some(ProbeFailure::TargetRefused { .. })), "{events:?}");
    server.stop().await;
}

/// Behind a reverse proxy on the same machine the users are strangers too, and the server does not probe itself in any case.
#[tokio::test]
async fn targets_follow_from_who_is_served() {
    let local: SocketAddr = "127.0.0.1:8787".parse().unwrap();
    let private: SocketAddr = "10.0.0.1:443".parse().unwrap();
    assert!(Config::default().policy(local).refusal(private).is_none());
    assert!(Config::default().policy(local).refusal(local).is_some());
    let named = Config { hosts: vec!["tools.example".to_owned()], ..Config::default() };
    assert!(named.policy(local).refusal(private).is_some());
    let allowed =
        Config { lists: Lists { allow: vec!["10.0.0.0/8".parse().unwrap()], ..Lists::default() }, ..named };
    assert!(allowed.policy(local).refusal(private).is_none());
    assert!(Config::default().policy("0.0.0.0:8787".parse().unwrap()).refusal(private).is_some());
}

#[tokio::test]
async fn every_answer_carries_the_security_fields() {
    let server = start(config()).await;
    for (path, status) in
        [("/", 200), ("/healthz", 200), ("/nothing", 404), ("/../Cargo.toml", 404), ("/api/probe", 403)]
    {
        let answer = server.get(path, "").await;
        assert_eq!(answer.status(), status, "{path}");
        let policy = answer.field("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe-inline") && policy.contains("connect-src 'self'"));
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"));
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.field(name), Some(value), "{path}");
        }
        assert!(answer.field("permissions-policy").is_some());
    }
    assert_eq!(server.get("/healthz", "").await.body(), "ok");
    server.stop().await;
}

#[tokio::test]
async fn files_are_negotiated_and_cached() {
    let server = start(config()).await;
    let page = server.get("/", "Accept-Encoding: gzip, br\r\n").await;
    assert_eq!(page.field("content-encoding"), Some("br"));
    assert_eq!(page.field("vary"), Some("Accept-Encoding"));
    assert_eq!(page.field("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.field("cache-control"), Some("no-cache"));
    assert_eq!(page.body(), "brotli");
    let etag = page.field("etag").unwrap();
    let again = server.get("/", &format!("Accept-Encoding: br\r\nIf-None-Match: {etag}\r\n")).await;
    assert_eq!((again.status(), again.body()), (304, ""));
    let plain = server.get("/", &format!("If-None-Match: {etag}\r\n")).await;
    assert_eq!(plain.status(), 200);
    assert!(plain.body().starts_with("<!doctype html>"));

    let script = server.get("/app-0123456789abcdef.js", "").await;
    assert_eq!(script.field("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(script.field("content-type"), Some("text/javascript; charset=utf-8"));
    let wasm = server.get("/app-0123456789abcdef_bg.wasm", "").await;
    assert_eq!(wasm.field("content-type"), Some("application/wasm"));

    let head = format!("HEAD / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.address);
    let head = Answer(server.raw(head).await);
    assert_eq!((head.status(), head.body()), (200, ""));
    let post = format!(
        "POST / HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        server.address
    );
    let post = Answer(server.raw(post).await);
    assert_eq!((post.status(), post.field("allow")), (405, Some("GET, HEAD")));
    server.stop().await;
}

#[tokio::test]
async fn no_more_probes_than_allowed() {
    for (config, limit) in
        [(Config { max_probes: 2, ..config() }, 2), (Config { max_probes_per_client: 1, ..config() }, 1)]
    {
        let server = start(config).await;
        let mut running = Vec::new();
        for _ in 0..limit {
            let mut socket = server.open().await;
            let peer = hang(&mut socket).await;
            running.push((socket, peer));
        }
        let mut refused = server.open().await;
        let ended = hear(&mut refused).await;
        assert_eq!(ended, Some(ServerEvent::Ended { failure: Some(ProbeFailure::Busy { limit }) }));
        assert_eq!(hear(&mut refused).await, None);

        // One that ends makes room.
        let (mut socket, _peer) = running.pop().unwrap();
        say(&mut socket, &ToServer::Stop).await;
        assert_eq!(
            hear(&mut socket).await,
            Some(ServerEvent::Ended { failure: Some(ProbeFailure::Stopped) })
        );
        while hear(&mut socket).await.is_some() {}
        let mut again = server.open().await;
        hang(&mut again).await;
        server.stop().await;
    }
}

#[tokio::test]
async fn a_dropped_websocket_frees_the_socket() {
    let server = start(Config { max_probes: 1, ..config() }).await;
    let mut socket = server.open().await;
    let peer = hang(&mut socket).await;
    let begun = Instant::now();
    drop(socket);
    let ended = tokio::task::spawn_blocking(|| peer.join().unwrap()).await.unwrap();
    assert!(ended - begun < Duration::from_secs(1));
    tokio::time::sleep(Duration::from_millis(200)).await;
    hang(&mut server.open().await).await;
    server.stop().await;
}

#[tokio::test]
async fn what_is_no_message_ends_the_conversation() {
    let server = start(config()).await;
    for message in [
        Message::text("nonsense"),
        Message::text(r#"{"kind":"start"}"#),
        Message::text(r#"{"kind":"no_certificate"}"#),
        Message::binary(vec![1, 2, 3]),
    ] {
        let mut socket = server.open().await;
        socket.send(message.clone()).await.unwrap();
        let ended = hear(&mut socket).await;
        let lost = ServerEvent::Ended { failure: Some(ProbeFailure::ServerLost) };
        assert_eq!(ended, Some(lost), "{message:?}");
        assert_eq!(hear(&mut socket).await, None);
    }
    let mut socket = server.open().await;
    // The server may hang up before it has read all of it.
    let _ = socket.send(Message::text(" ".repeat(MAX_MESSAGE + 1))).await;
    assert_eq!(hear(&mut socket).await, None);
    server.stop().await;
}

#[tokio::test]
async fn an_idle_websocket_is_closed() {
    let limits = Limits { start: Duration::from_millis(200), ..short() };
    let server = start(Config { limits, ..Config::default() }).await;
    let mut socket = server.open().await;
    let silent = ProbeFailure::BrowserSilent { seconds: 1 };
    assert_eq!(hear(&mut socket).await, Some(ServerEvent::Ended { failure: Some(silent) }));
    assert_eq!(hear(&mut socket).await, None);
    server.stop().await;
}

#[tokio::test]
async fn the_server_does_not_probe_itself() {
    let server = start(config()).await;
    let port = server.address.port();
    let mut socket = server.open().await;
    let events = converse(&mut socket, target(port, Versions::Both, true), &Browser::HasNone).await;
    assert!(matches!(failure(&events), Some(ProbeFailure::TargetRefused { .. })), "{events:?}");
    server.stop().await;
}

#[tokio::test]
async fn the_end_stops_running_probes() {
    let server = start(config()).await;
    let mut socket = server.open().await;
    let peer = hang(&mut socket).await;
    let idle = TcpStream::connect(server.address).unwrap();
    let begun = Instant::now();
    let (heard, ()) = tokio::join!(
        async {
            let ended = hear(&mut socket).await;
            while hear(&mut socket).await.is_some() {}
            ended
        },
        server.stop()
    );
    assert_eq!(heard, Some(ServerEvent::Ended { failure: Some(ProbeFailure::Stopped) }));
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    tokio::task::spawn_blocking(|| peer.join().unwrap()).await.unwrap();
    drop(idle);
}
