//! What comes between TCP and TLS, with real daemons of every protocol and real proxies; and with scripted peers for what those don't do.
//!
//! NNTP has no daemon here that is small enough: a scripted greeting leads to a real TLS server. It is the same for octets that come one by one.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::{Duration, Instant};

use certwright_protocol::Password;
use certwright_protocol::conversation::{
    AfterHandshake, HttpRequest, PlainProtocol, ProbeFailure, Proxy, ProxyCredentials, ProxyFault, ProxyKind,
    ProxyProtocol, RefusedTarget, ServerEvent, StartTls, StartTlsFault, Target,
};
use certwright_server::conversation::Limits;
use certwright_server::policy::{Lists, TargetPolicy};
use common::daemons::{
    dovecot, haproxy, inspircd, mariadb, microsocks, needs_root, postfix, postgresql, prosody, slapd,
    stunnel, tinyproxy, vsftpd,
};
use common::process::{self, Process};
use common::{Browser, Pki, failure, free_port, kinds, probe_with, s_server, short};

fn target(port: u16, starttls: StartTls) -> Target {
    Target { starttls, http: HttpRequest::Never, ..Target::new("localhost", port) }
}

fn limits() -> Limits {
    Limits { before_tls: Duration::from_secs(3), proxy: Duration::from_secs(5), ..short() }
}

async fn events_of(target: Target) -> Vec<ServerEvent> {
    probe_with(target, Browser::HasNone, TargetPolicy::loopback(), limits()).await
}

/// The events of a probe that has to reach TLS.
async fn reached(target: Target) -> Vec<ServerEvent> {
    let events = events_of(target).await;
    assert_eq!(failure(&events), None, "{events:?}");
    assert!(kinds(&events).contains(&"done"), "{events:?}");
    events
}

fn greeting(events: &[ServerEvent]) -> &str {
    let greetings = events.iter().filter_map(|event| match event {
        ServerEvent::Greeting { text } => Some(text.as_str()),
        _ => None,
    });
    let [greeting] = greetings.collect::<Vec<_>>()[..] else { panic!("{events:?}") };
    greeting
}

/// Speaks the protocol, and returns the greeting.
async fn greeting_of(port: u16, protocol: StartTls) -> String {
    let events = reached(target(port, protocol)).await;
    let order = kinds(&events);
    let place = |kind: &str| order.iter().position(|other| *other == kind);
    assert!(place("greeting") < place("upgrade") && place("upgrade") < place("chain"), "{order:?}");
    greeting(&events).to_owned()
}

/// Speaks the protocol, which has to fail; returns why, and what was said.
async fn fault_of(port: u16, protocol: StartTls) -> (StartTlsFault, String) {
    let events = events_of(target(port, protocol)).await;
    match failure(&events) {
        Some(ProbeFailure::StartTlsFailed { protocol: spoken, fault, said }) => {
            assert_eq!(*spoken, protocol);
            assert!(said.chars().count() <= 200 && !said.chars().any(char::is_control), "{said:?}");
            assert!(!kinds(&events).contains(&"upgrade"));
            (fault.clone(), said.clone())
        }
        _ => panic!("{events:?}"),
    }
}

async fn looks_like(port: u16, protocol: StartTls) -> PlainProtocol {
    match fault_of(port, protocol).await {
        (StartTlsFault::OtherProtocol { looks_like }, _) => looks_like,
        other => panic!("{protocol:?}: {other:?}"),
    }
}

async fn not_tls(port: u16) -> PlainProtocol {
    let events = events_of(target(port, StartTls::None)).await;
    match failure(&events) {
        Some(ProbeFailure::NotTls { looks_like }) => *looks_like,
        _ => panic!("{events:?}"),
    }
}

#[tokio::test]
async fn smtp_of_postfix() {
    needs_root("postfix");
    let pki = Pki::new();
    let peer = postfix(&pki);
    let [plain, without, submission, behind] = peer.ports[..] else { panic!() };
    assert_eq!(greeting_of(plain, StartTls::Smtp).await, "220 mail.test ESMTP Postfix");
    assert!(greeting_of(submission, StartTls::Smtp).await.contains("ESMTP"));
    let (fault, said) = fault_of(without, StartTls::Smtp).await;
    assert_eq!(fault, StartTlsFault::NotOffered);
    assert!(said.starts_with("250"), "{said}");
    // Other protocols are told apart from the greeting alone, also those that begin with a question of ours.
    for protocol in [
        StartTls::Ftp,
        StartTls::Imap,
        StartTls::Pop3,
        StartTls::XmppClient,
        StartTls::Postgres,
        StartTls::Ldap,
    ] {
        assert_eq!(looks_like(plain, protocol).await, PlainProtocol::SmtpOrFtp, "{protocol:?}");
    }
    assert_eq!(not_tls(plain).await, PlainProtocol::SmtpOrFtp);
    // Behind a load balancer: with the header it greets us, without one it waits for it.
    for version in [ProxyProtocol::V1, ProxyProtocol::V2] {
        let mut target = target(behind, StartTls::Smtp);
        target.route.proxy_protocol = Some(version);
        assert!(greeting(&reached(target).await).contains("Postfix"), "{version:?}");
    }
    assert_eq!(fault_of(behind, StartTls::Smtp).await.0, StartTlsFault::TimedOut { seconds: 3 });
}

#[tokio::test]
async fn mail_of_dovecot() {
    needs_root("dovecot");
    let pki = Pki::new();
    let (with, without) = (dovecot(&pki, true), dovecot(&pki, false));
    let protocols = [StartTls::Imap, StartTls::Pop3, StartTls::Sieve, StartTls::Lmtp];
    for (protocol, (&with, &without)) in protocols.into_iter().zip(with.ports.iter().zip(&without.ports)) {
        // ManageSieve greets with its capabilities, of which the program is the first.
        assert!(greeting_of(with, protocol).await.contains("Dovecot"), "{protocol:?}");
        assert_eq!(fault_of(without, protocol).await.0, StartTlsFault::NotOffered, "{protocol:?}");
    }
    let [imap, pop3, sieve, lmtp, imaps] = with.ports[..] else { panic!() };
    assert_eq!(looks_like(imap, StartTls::Smtp).await, PlainProtocol::Imap);
    assert_eq!(looks_like(pop3, StartTls::Imap).await, PlainProtocol::Pop3);
    assert_eq!(looks_like(sieve, StartTls::Pop3).await, PlainProtocol::Sieve);
    assert_eq!(looks_like(lmtp, StartTls::Smtp).await, PlainProtocol::SmtpOrFtp);
    assert_eq!(not_tls(sieve).await, PlainProtocol::Sieve);
    // TLS from the start waits for the client.
    reached(target(imaps, StartTls::None)).await;
    assert_eq!(fault_of(imaps, StartTls::Imap).await.0, StartTlsFault::TimedOut { seconds: 3 });
}

#[tokio::test]
async fn ftp_of_vsftpd() {
    needs_root("vsftpd");
    let pki = Pki::new();
    let (with, without) = (vsftpd(&pki, true), vsftpd(&pki, false));
    assert!(greeting_of(with.ports[0], StartTls::Ftp).await.starts_with("220 (vsFTPd"));
    let (fault, said) = fault_of(without.ports[0], StartTls::Ftp).await;
    assert_eq!(fault, StartTlsFault::NotOffered);
    assert!(said.starts_with("530"), "{said}");
    assert_eq!(looks_like(with.ports[0], StartTls::Smtp).await, PlainProtocol::SmtpOrFtp);
    assert_eq!(looks_like(with.ports[0], StartTls::Nntp).await, PlainProtocol::SmtpOrFtp);
}

#[tokio::test]
async fn ldap_of_slapd() {
    let pki = Pki::new();
    let (with, without) = (slapd(&pki, true), slapd(&pki, false));
    assert_eq!(greeting_of(with.ports[0], StartTls::Ldap).await, "");
    let (fault, said) = fault_of(without.ports[0], StartTls::Ldap).await;
    assert!(matches!(fault, StartTlsFault::NotOffered | StartTlsFault::Refused), "{fault:?}");
    assert!(!said.is_empty());
    reached(target(with.ports[1], StartTls::None)).await;
    let (fault, _) = fault_of(with.ports[1], StartTls::Ldap).await;
    assert!(matches!(fault, StartTlsFault::TlsAlready | StartTlsFault::HungUp), "{fault:?}");
}

#[tokio::test]
async fn postgres() {
    let pki = Pki::new();
    let (with, without) = (postgresql(&pki, true), postgresql(&pki, false));
    assert_eq!(greeting_of(with.ports[0], StartTls::Postgres).await, "");
    assert_eq!(fault_of(without.ports[0], StartTls::Postgres).await.0, StartTlsFault::NotOffered);
    // It waits for the client, or hangs up when that says something else.
    let (fault, _) = fault_of(with.ports[0], StartTls::Mysql).await;
    assert_eq!(fault, StartTlsFault::TimedOut { seconds: 3 });
}

#[tokio::test]
async fn mysql_of_mariadb() {
    let pki = Pki::new();
    let (with, without) = (mariadb(&pki, true), mariadb(&pki, false));
    let port = with.ports[0];
    assert!(greeting_of(port, StartTls::Mysql).await.contains("MariaDB"));
    let (fault, said) = fault_of(without.ports[0], StartTls::Mysql).await;
    assert_eq!(fault, StartTlsFault::NotOffered);
    assert!(said.contains("MariaDB"), "{said}");
    assert_eq!(looks_like(port, StartTls::Smtp).await, PlainProtocol::Mysql);
    assert_eq!(not_tls(port).await, PlainProtocol::Mysql);
    // Ten connections are open, and one that administrators have in reserve.
    let _taken: Vec<TcpStream> = (0..14).map(|_| TcpStream::connect(("127.0.0.1", port)).unwrap()).collect();
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        let events = events_of(target(port, StartTls::Mysql)).await;
        if let Some(ProbeFailure::StartTlsFailed { fault, said, .. }) = failure(&events) {
            assert_eq!(*fault, StartTlsFault::Refused);
            assert!(said.contains("Too many connections"), "{said}");
            break;
        }
        assert!(Instant::now() < until, "{events:?}");
    }
}

#[tokio::test]
async fn xmpp_of_prosody() {
    let pki = Pki::new();
    let (with, without) = (prosody(&pki, true), prosody(&pki, false));
    let [client, server] = with.ports[..] else { panic!() };
    for (port, protocol) in [(client, StartTls::XmppClient), (server, StartTls::XmppServer)] {
        assert!(greeting_of(port, protocol).await.contains("localhost"), "{protocol:?}");
    }
    for (port, protocol) in without.ports.iter().zip([StartTls::XmppClient, StartTls::XmppServer]) {
        assert_eq!(fault_of(*port, protocol).await.0, StartTlsFault::NotOffered, "{protocol:?}");
    }
    let stranger = Target { host: "127.0.0.1".into(), ..target(client, StartTls::XmppClient) };
    let events = events_of(stranger).await;
    let refused = ProbeFailure::StartTlsFailed {
        protocol: StartTls::XmppClient,
        fault: StartTlsFault::Refused,
        said: "host-unknown".into(),
    };
    assert_eq!(failure(&events), Some(&refused));
    let (fault, _) = fault_of(client, StartTls::Smtp).await;
    assert_eq!(fault, StartTlsFault::TimedOut { seconds: 3 });
}

#[tokio::test]
async fn irc_of_inspircd() {
    let pki = Pki::new();
    let (with, without) = (inspircd(&pki, true), inspircd(&pki, false));
    greeting_of(with.ports[0], StartTls::Irc).await;
    assert_eq!(fault_of(without.ports[0], StartTls::Irc).await.0, StartTlsFault::NotOffered);
}

#[tokio::test]
async fn a_load_balancers_header() {
    let pki = Pki::new();
    let peer = haproxy(&pki);
    for version in [ProxyProtocol::V1, ProxyProtocol::V2] {
        let mut target = Target { http: HttpRequest::Head, ..Target::new("localhost", peer.ports[0]) };
        target.route.proxy_protocol = Some(version);
        let events = reached(target).await;
        let Some(local) = events.iter().find_map(|event| match event {
            ServerEvent::Connected { local, .. } => Some(*local),
            _ => None,
        }) else {
            panic!()
        };
        // It answers with the address that the header named: our own.
        if let Some(ServerEvent::AfterHandshake { sign: AfterHandshake::Http { server: Some(server), .. } }) =
            events.iter().find(|event| matches!(event, ServerEvent::AfterHandshake { .. }))
        {
            assert_eq!(*server, local.to_string());
        }
    }
    let events = events_of(target(peer.ports[0], StartTls::None)).await;
    assert!(matches!(failure(&events), Some(ProbeFailure::HungUp { .. })), "{events:?}");
}

/// Another program's idea of the same protocols.
#[tokio::test]
async fn starttls_by_stunnel() {
    let pki = Pki::new();
    let greets = scripted(|mut stream| {
        let _ = stream.write_all(b"220 backend.test ESMTP\r\n");
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let waits = scripted(|mut stream| drop(stream.read_to_end(&mut Vec::new())));
    let peer = stunnel(&pki, greets, waits);
    let [smtp, postgres] = peer.ports[..] else { panic!() };
    assert!(greeting_of(smtp, StartTls::Smtp).await.contains("220 backend.test"));
    assert_eq!(greeting_of(postgres, StartTls::Postgres).await, "");
    assert_eq!(looks_like(smtp, StartTls::Imap).await, PlainProtocol::SmtpOrFtp);
}

fn proxy(kind: ProxyKind, port: u16, user: &str, password: &str) -> Option<Proxy> {
    let credentials = ProxyCredentials { user: user.into(), password: Password::new(password) };
    let credentials = Some(credentials).filter(|_| !user.is_empty());
    Some(Proxy { kind, host: "127.0.0.1".into(), port, credentials })
}

async fn proxy_fault(target: Target) -> ProxyFault {
    let events = events_of(target).await;
    match failure(&events) {
        Some(ProbeFailure::ProxyFailed { fault, .. }) => fault.clone(),
        _ => panic!("{events:?}"),
    }
}

/// The password, as it is and in base64 with the user before it.
const SECRETS: [&str; 2] = ["hunter2", "bWU6aHVudGVyMg"];

#[tokio::test]
async fn through_real_proxies() {
    let pki = Pki::new();
    let server = s_server(&pki, "server", &[]);
    let mail = scripted_to(
        server.port,
        &[(b"", b"220 mail.test ESMTP\r\n"), (b"\n", b"250 STARTTLS\r\n"), (b"\n", b"220 go\r\n")],
    );
    let balanced = haproxy(&pki);
    let closed = free_port();
    let http = tinyproxy(&pki, &[server.port, closed, mail, balanced.ports[0]]);
    let socks = microsocks(&pki);
    for (kind, port) in [(ProxyKind::HttpConnect, http.ports[0]), (ProxyKind::Socks5, socks.ports[0])] {
        let through = |to: u16, user: &str, password: &str| {
            let mut target = target(to, StartTls::None);
            target.route.proxy = proxy(kind, port, user, password);
            target
        };
        let events = reached(through(server.port, "me", "hunter2")).await;
        let order = kinds(&events);
        assert!(order.starts_with(&["resolved", "connecting", "connected", "proxied", "chain"]), "{order:?}");
        let shown = format!("{events:?}{}", serde_json::to_string(&events).unwrap());
        assert!(SECRETS.iter().all(|secret| !shown.contains(secret)), "{shown}");

        for (user, password) in [("", ""), ("me", "hunter3"), ("you", "hunter2")] {
            let fault = proxy_fault(through(server.port, user, password)).await;
            assert_eq!(fault, ProxyFault::AuthenticationRequired, "{kind:?} {user}");
        }
        let fault = proxy_fault(through(closed, "me", "hunter2")).await;
        assert!(matches!(fault, ProxyFault::TargetUnreachable { .. }), "{fault:?}");
        // STARTTLS, and the header of the PROXY protocol, behind the tunnel.
        let events = reached(Target { starttls: StartTls::Smtp, ..through(mail, "me", "hunter2") }).await;
        assert_eq!(greeting(&events), "220 mail.test ESMTP");
        let mut behind = through(balanced.ports[0], "me", "hunter2");
        behind.route.proxy_protocol = Some(ProxyProtocol::V1);
        reached(behind).await;
    }
    let mut elsewhere = target(free_port(), StartTls::None);
    elsewhere.route.proxy = proxy(ProxyKind::HttpConnect, http.ports[0], "me", "hunter2");
    let fault = proxy_fault(elsewhere).await;
    assert!(matches!(fault, ProxyFault::Forbidden { .. }), "{fault:?}");
    // One of a kind spoken to as the other, and what is no proxy at all.
    for (kind, port) in [
        (ProxyKind::HttpConnect, socks.ports[0]),
        (ProxyKind::Socks5, http.ports[0]),
        (ProxyKind::HttpConnect, server.port),
        (ProxyKind::Socks5, server.port),
    ] {
        let mut target = target(server.port, StartTls::None);
        target.route.proxy = proxy(kind, port, "me", "hunter2");
        let fault = proxy_fault(target).await;
        assert!(
            matches!(fault, ProxyFault::NotThatKind | ProxyFault::HungUp | ProxyFault::TimedOut { .. }),
            "{kind:?} {fault:?}"
        );
    }
    let mut silent = target(server.port, StartTls::None);
    silent.route.proxy = proxy(ProxyKind::HttpConnect, closed, "", "");
    let events = events_of(silent).await;
    assert!(matches!(failure(&events), Some(ProbeFailure::ConnectionRefused { .. })));
}

/// All that a server writes about a probe through a proxy, to its log, its audit log and the browser: without the password.
#[tokio::test]
async fn a_proxys_password_is_in_no_log() {
    let pki = Pki::new();
    let peer = s_server(&pki, "server", &[]);
    let http = tinyproxy(&pki, &[peer.port]);
    let audit = pki.file("audit.jsonl");
    let server = Process::start(pki.path(), &["--audit-log", &audit.display().to_string()]);
    let mut heard = String::new();
    for (user, password, to) in
        [("me", "hunter2", peer.port), ("you", "hunter2", peer.port), ("me", "hunter2", free_port())]
    {
        let mut socket = server.open(None).await.unwrap();
        let mut target = target(to, StartTls::None);
        target.route.proxy = proxy(ProxyKind::HttpConnect, http.ports[0], user, password);
        let events = process::probe(&mut socket, target).await;
        assert!(kinds(&events).contains(&"connected"), "{events:?}");
        heard.push_str(&format!("{events:?}{}", serde_json::to_string(&events).unwrap()));
    }
    let lines = || std::fs::read_to_string(&audit).unwrap_or_default();
    process::wait_until("three lines", || lines().lines().count() >= 3);
    heard.push_str(&lines());
    heard.push_str(&server.log().join("\n"));
    assert!(lines().contains("127.0.0.1"), "{}", lines());
    assert!(SECRETS.iter().all(|secret| !heard.contains(secret)), "{heard}");
}

/// What a proxy is told: the name where the policy closes nothing, otherwise the address that was judged.
#[tokio::test]
async fn names_are_left_to_a_proxy_only_where_nothing_is_closed() {
    let told = async |policy: TargetPolicy, host: &str| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut line = String::new();
            BufReader::new(&stream).read_line(&mut line).unwrap();
            stream.write_all(b"HTTP/1.1 403 no\r\n\r\n").unwrap();
            line
        });
        let mut target = Target::new(host, 4433);
        target.route.proxy = proxy(ProxyKind::HttpConnect, port, "", "");
        let events = probe_with(target, Browser::HasNone, policy, limits()).await;
        if let Some(ProbeFailure::TargetRefused { .. }) = failure(&events) {
            assert!(!kinds(&events).contains(&"connecting"), "{events:?}");
            // Nobody comes; the thread ends with a connection of ours.
            TcpStream::connect(("127.0.0.1", port)).unwrap();
            heard.join().unwrap();
            return format!("{:?}", failure(&events).unwrap());
        }
        heard.join().unwrap()
    };
    let lists = Lists { deny_port: vec!["25".parse().unwrap()], ..Lists::default() };
    let open = TargetPolicy::loopback;
    assert_eq!(told(open(), "localhost").await, "CONNECT localhost:4433 HTTP/1.1\r\n");
    assert_eq!(told(open(), "nobody.invalid").await, "CONNECT nobody.invalid:4433 HTTP/1.1\r\n");
    assert_eq!(told(open(), "127.1").await, "CONNECT 127.0.0.1:4433 HTTP/1.1\r\n");
    let listed = told(open().with_lists(lists), "localhost").await;
    assert!(
        ["CONNECT [::1]:4433 HTTP/1.1\r\n", "CONNECT 127.0.0.1:4433 HTTP/1.1\r\n"].contains(&listed.as_str()),
        "{listed}"
    );
    let strangers = || TargetPolicy::global().allow(["127.0.0.0/8".parse().unwrap()]);
    assert_eq!(told(strangers(), "127.0.0.1").await, "CONNECT 127.0.0.1:4433 HTTP/1.1\r\n");
    assert!(told(strangers(), "10.0.0.1").await.contains("Private"));
    for metadata in [
        "169.254.169.254",
        "0xa9fea9fe",
        "169.254.43518",
        "2852039166",
        "::ffff:169.254.169.254",
        "metadata.google.internal",
    ] {
        assert!(told(open(), metadata).await.contains("Metadata"), "{metadata}");
    }
    let deny = Lists { deny_port: vec!["4433".parse().unwrap()], ..Lists::default() };
    assert!(told(open().with_lists(deny), "127.0.0.1").await.contains("Denied"));
    // The proxy itself is a target too.
    let mut target = Target::new("localhost", 443);
    target.route.proxy =
        Some(Proxy { kind: ProxyKind::Socks5, host: "169.254.169.254".into(), port: 80, credentials: None });
    let events = events_of(target).await;
    assert!(matches!(
        failure(&events),
        Some(ProbeFailure::TargetRefused { reason: RefusedTarget::Metadata, .. })
    ));
}

/// Answers in a fixed order, each after something with the first octets in it has come; then the connection goes on at this port.
fn scripted_to(port: u16, answers: &'static [(&'static [u8], &'static [u8])]) -> u16 {
    scripted(move |mut stream| {
        for (awaited, answer) in answers {
            if !awaited.is_empty() {
                let _ = stream.read(&mut [0; 4096]);
            }
            for octet in *answer {
                stream.write_all(&[*octet]).unwrap();
            }
        }
        let mut server = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let (mut back, mut forth) = (server.try_clone().unwrap(), stream.try_clone().unwrap());
        std::thread::spawn(move || std::io::copy(&mut back, &mut forth));
        let _ = std::io::copy(&mut stream, &mut server);
    })
}

/// A server that does this with every connection, each on a thread of its own, as long as the test runs.
fn scripted(script: impl Fn(TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let script = std::sync::Arc::new(script);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            let script = std::sync::Arc::clone(&script);
            std::thread::spawn(move || script(stream));
        }
    });
    port
}

#[tokio::test]
async fn nntp_octet_by_octet() {
    let pki = Pki::new();
    let server = s_server(&pki, "server", &[]);
    let port = scripted_to(
        server.port,
        &[
            (b"", b"200 news.test ready\r\n"),
            (b"\n", b"101 list\r\nVERSION 2\r\nSTARTTLS\r\n.\r\n"),
            (b"\n", b"382 go\r\n"),
        ],
    );
    assert_eq!(greeting_of(port, StartTls::Nntp).await, "200 news.test ready");
}

fn all() -> impl Iterator<Item = StartTls> {
    StartTls::ALL.into_iter().filter(|protocol| *protocol != StartTls::None)
}

#[tokio::test]
async fn silence_and_hang_ups() {
    let silent = scripted(|mut stream| drop(stream.read_to_end(&mut Vec::new())));
    let gone = scripted(drop);
    let slow = scripted(|mut stream| {
        while stream.write_all(b"2").is_ok() {
            std::thread::sleep(Duration::from_millis(100));
        }
    });
    for protocol in all() {
        let patience = Limits { before_tls: Duration::from_millis(300), ..limits() };
        let begun = Instant::now();
        let events = probe_with(
            target(silent, protocol),
            Browser::HasNone,
            TargetPolicy::loopback(),
            patience.clone(),
        )
        .await;
        let timed_out = StartTlsFault::TimedOut { seconds: 1 };
        let expected =
            ProbeFailure::StartTlsFailed { protocol, fault: timed_out.clone(), said: String::new() };
        assert_eq!(failure(&events), Some(&expected));
        assert!(begun.elapsed() < Duration::from_secs(5));
        assert_eq!(fault_of(gone, protocol).await.0, StartTlsFault::HungUp, "{protocol:?}");
        // One octet now and then keeps no step alive.
        let events =
            probe_with(target(slow, protocol), Browser::HasNone, TargetPolicy::loopback(), patience).await;
        let Some(ProbeFailure::StartTlsFailed { fault, .. }) = failure(&events) else { panic!("{events:?}") };
        assert!([timed_out, StartTlsFault::Malformed].contains(fault), "{protocol:?} {fault:?}");
        assert!(begun.elapsed() < Duration::from_secs(10));
    }
}

/// Hangs up after each part of the way.
#[tokio::test]
async fn hang_ups_in_between() {
    let steps: [&[u8]; 3] = [b"220 mail.test ESMTP\r\n", b"250-mail.test\r\n250 STARTTLS\r\n", b"220 go\r\n"];
    for count in 0..=3 {
        let port = scripted(move |mut stream| {
            for (at, step) in steps.iter().take(count).enumerate() {
                if at > 0 {
                    let _ = stream.read(&mut [0; 512]);
                }
                stream.write_all(step).unwrap();
            }
            if count > 0 {
                let _ = stream.read(&mut [0; 512]);
            }
        });
        let events = events_of(target(port, StartTls::Smtp)).await;
        match failure(&events) {
            Some(ProbeFailure::StartTlsFailed { fault, .. }) if count < 3 => {
                assert_eq!(*fault, StartTlsFault::HungUp)
            }
            Some(ProbeFailure::HungUp { received: 0, .. }) if count == 3 => {}
            other => panic!("{count}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn endless_and_garbage() {
    let endless = scripted(|mut stream| {
        let block = [b'x'; 64 * 1024];
        for _ in 0..160 {
            if stream.write_all(&block).is_err() {
                break;
            }
        }
    });
    let lines = scripted(|mut stream| while stream.write_all(&b"220-more\r\n".repeat(1000)).is_ok() {});
    for protocol in all() {
        let (fault, said) = fault_of(endless, protocol).await;
        assert!(
            matches!(fault, StartTlsFault::Malformed | StartTlsFault::HungUp),
            "{protocol:?} {fault:?} {said}"
        );
    }
    assert_eq!(fault_of(lines, StartTls::Smtp).await.0, StartTlsFault::Malformed);
    let garbage = scripted(|mut stream| {
        let _ = stream.write_all(&[0xf7, 0, 1, 2, 0xff, 0x80, b'\n', 27, b'[', b'J', b'\n']);
        let _ = stream.read_to_end(&mut Vec::new());
    });
    for protocol in all() {
        let (fault, _) = fault_of(garbage, protocol).await;
        assert!(
            matches!(fault, StartTlsFault::Malformed | StartTlsFault::TimedOut { .. }),
            "{protocol:?} {fault:?}"
        );
    }
}

/// Whoever is on the way puts octets behind the agreement (CVE-2011-0411), in the same segment or in one of its own.
#[tokio::test]
async fn clear_text_behind_the_agreement() {
    for apart in [false, true] {
        let port = scripted(move |mut stream| {
            stream.write_all(b"220 mail.test ESMTP\r\n").unwrap();
            let _ = stream.read(&mut [0; 512]);
            stream.write_all(b"250 STARTTLS\r\n").unwrap();
            let _ = stream.read(&mut [0; 512]);
            if apart {
                // Before the agreement is read, as it were: nothing is sent by the client in between.
                stream.set_nodelay(true).unwrap();
                stream.write_all(b"220 go\r").unwrap();
                std::thread::sleep(Duration::from_millis(50));
                stream.write_all(b"\n250 injected\r\n").unwrap();
            } else {
                stream.write_all(b"220 go\r\n250 injected\r\n").unwrap();
            }
            let mut rest = Vec::new();
            let _ = stream.read_to_end(&mut rest);
            assert!(rest.is_empty(), "no ClientHello comes");
        });
        assert_eq!(fault_of(port, StartTls::Smtp).await, (StartTlsFault::ClearAfterAgreement, String::new()));
    }
}

#[tokio::test]
async fn greetings_are_clean() {
    let port = scripted(|mut stream| {
        let _ = stream.write_all(b"220-\x1b[2J\0evil\x07 \xe2\x80\xaename\r\n");
        let _ = stream.write_all(&b"220-and so on, and so on, and so on\r\n".repeat(100));
        let _ = stream.write_all(b"220 ESMTP\r\n");
        let _ = stream.read(&mut [0; 512]);
        let _ = stream.write_all(b"502 \x1b]0;title\x07no\r\n");
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let events = events_of(target(port, StartTls::Smtp)).await;
    let text = greeting(&events);
    assert!(text.len() <= 1024 && text.contains("evil"), "{text:?}");
    assert!(text.chars().all(|c| c == '\n' || (!c.is_control() && c != '\u{202e}')), "{text:?}");
    let Some(ProbeFailure::StartTlsFailed { said, .. }) = failure(&events) else { panic!("{events:?}") };
    assert!(said.contains("no") && !said.chars().any(char::is_control), "{said:?}");
}

#[tokio::test]
async fn tls_answers_where_something_else_was_expected() {
    let pki = Pki::new();
    let server = s_server(&pki, "server", &[]);
    for protocol in [StartTls::Postgres, StartTls::Ldap, StartTls::XmppClient, StartTls::Irc] {
        let (fault, _) = fault_of(server.port, protocol).await;
        assert!(
            matches!(
                fault,
                StartTlsFault::TlsAlready | StartTlsFault::HungUp | StartTlsFault::TimedOut { .. }
            ),
            "{protocol:?} {fault:?}"
        );
    }
}

/// The command line: the port's usual protocol is told, a proxy's password comes from a file and is in nothing that is printed.
#[tokio::test]
async fn on_the_command_line() {
    let pki = Pki::new();
    let server = s_server(&pki, "server", &[]);
    let mail = scripted_to(
        server.port,
        &[(b"", b"220 mail.test ESMTP\r\n"), (b"\n", b"250 STARTTLS\r\n"), (b"\n", b"220 go\r\n")],
    );
    let http = tinyproxy(&pki, &[server.port, mail]);
    let file = pki.file("password");
    std::fs::write(&file, "hunter2\n").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let (file, root) = (file.display().to_string(), pki.file("root.pem").display().to_string());
    let proxy = format!("http://me@127.0.0.1:{}", http.ports[0]);
    let run = |arguments: Vec<String>| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_certwright")).arg("probe").args(arguments).output().unwrap();
        let text = |octets: Vec<u8>| String::from_utf8(octets).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let base = |more: &[&str]| -> Vec<String> {
        let all = [&["--trust", root.as_str(), "--no-http"], more].concat();
        all.into_iter().map(str::to_owned).collect()
    };
    let to = format!("localhost:{mail}");
    let (status, out, errors) =
        run(base(&[&to, "--starttls", "smtp", "--proxy", &proxy, "--proxy-password-file", &file]));
    assert_eq!(status, Some(0), "{out}{errors}");
    for part in ["220 mail.test ESMTP", "Before TLS          SMTP", "Through the proxy", "HTTP 127.0.0.1:"] {
        assert!(out.contains(part), "{part}: {out}");
    }
    let (_, json, _) =
        run(base(&[&to, "--starttls", "smtp", "--proxy", &proxy, "--proxy-password-file", &file, "--json"]));
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["greeting"], "220 mail.test ESMTP");
    assert_eq!(report["target"]["starttls"], "smtp");
    assert!(report["proxied"].as_str().unwrap().contains("200"), "{json}");
    for text in [out, json] {
        assert!(SECRETS.iter().all(|secret| !text.contains(secret)), "{text}");
    }
    // The target is another machine than the one that is connected to.
    let elsewhere = format!("127.0.0.1:{}", server.port);
    let (status, out, _) =
        run(base(&["localhost:25", "--starttls", "none", "--connect-to", &elsewhere, "-4", "--tls", "1.2"]));
    assert_eq!(status, Some(0), "{out}");
    assert!(out.contains("TLS 1.2"), "{out}");
    let (status, out, _) = run(base(&["localhost:25", "--connect-to", &elsewhere]));
    assert_eq!(status, Some(1));
    assert!(out.contains("SMTP, as usual on port 25"), "{out}");
    for bad in [
        vec!["--proxy", "http://me:hunter2@p.example:1"],
        vec!["--starttls", "gopher"],
        vec!["--tls", "1.1"],
        vec!["-4", "-6"],
    ] {
        let (status, out, errors) = run(base(&[&[to.as_str()], bad.as_slice()].concat()));
        assert_eq!((status, out.as_str()), (Some(2), ""), "{bad:?}");
        assert!(!errors.is_empty() && !errors.contains("hunter2"), "{errors}");
    }
}

/// A name that holds a line feed gets nowhere.
#[tokio::test]
async fn no_line_feeds_in_names() {
    let unused: SocketAddr = ([127, 0, 0, 1], free_port()).into();
    for host in ["a\r\nRCPT TO:<x>", "a\nb", "a'b", "a>b", "a b"] {
        let target = Target { host: host.into(), ..target(unused.port(), StartTls::XmppClient) };
        let events = events_of(target).await;
        assert!(matches!(failure(&events), Some(ProbeFailure::BadTarget { .. })), "{events:?}");
        let mut through = self::target(unused.port(), StartTls::None);
        through.route.proxy =
            Some(Proxy { kind: ProxyKind::HttpConnect, host: host.into(), port: 1, credentials: None });
        assert!(matches!(failure(&events_of(through).await), Some(ProbeFailure::BadTarget { .. })));
    }
    for (user, password) in [("me\r\nX: y", "p"), ("m:e", "p"), ("me", "hunter2\r\nX: y"), ("me", "p\0")] {
        let mut through = target(unused.port(), StartTls::None);
        through.route.proxy = proxy(ProxyKind::HttpConnect, unused.port(), user, password);
        let events = events_of(through).await;
        assert!(matches!(failure(&events), Some(ProbeFailure::BadTarget { .. })), "{events:?}");
        assert!(!format!("{events:?}").contains("hunter2"));
    }
}
