//! Probes of peers that do not get as far as TLS, or not through it, and of targets that are refused.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

mod common;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use certwright_protocol::conversation::{
    PlainProtocol, ProbeFailure, RefusedTarget, ServerEvent, Target, ToServer, Versions,
};
use certwright_server::conversation::{Limits, run};
use certwright_server::policy::TargetPolicy;
use common::{Browser, P256, Pki, failure, free_port, kinds, probe, probe_with, s_server, short, target};
use tokio::sync::mpsc;

/// A server that takes one connection and does this with it.
fn scripted(script: impl FnOnce(TcpStream) + Send + 'static) -> (u16, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let thread = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        script(stream);
    });
    (port, thread)
}

/// Answers the first thing it reads, and hangs up when the other side does.
fn answering(answer: impl Into<Vec<u8>>) -> (u16, JoinHandle<()>) {
    let answer = answer.into();
    scripted(move |mut stream| {
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(&answer);
        let _ = stream.read_to_end(&mut Vec::new());
    })
}

async fn failure_of(port: u16, limits: Limits) -> ProbeFailure {
    let target = target(port, Versions::Both, true);
    let events = probe_with(target, Browser::HasNone, TargetPolicy::loopback(), limits).await;
    failure(&events).cloned().unwrap_or_else(|| panic!("{events:?}"))
}

fn hurried() -> Limits {
    Limits { total: Duration::from_millis(800), ..short() }
}

fn alert(code: u8) -> Vec<u8> {
    vec![0x15, 3, 1, 0, 2, 2, code]
}

#[tokio::test]
async fn a_closed_port() {
    let port = free_port();
    let ProbeFailure::ConnectionRefused { address } = failure_of(port, short()).await else { panic!() };
    assert_eq!(address.port(), port);
}

#[tokio::test]
async fn a_silent_port() {
    let (port, peer) = scripted(|mut stream| {
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let begun = Instant::now();
    assert_eq!(
        failure_of(port, hurried()).await,
        ProbeFailure::HandshakeTimedOut { received: 0, seconds: 1 }
    );
    assert!(begun.elapsed() < Duration::from_secs(2));
    peer.join().unwrap();
}

/// One byte now and then must not keep a probe alive.
#[tokio::test]
async fn a_trickle() {
    let (port, peer) = scripted(|mut stream| {
        let hello = [22, 3, 3, 0x10, 0, 2, 0, 0x0f, 0xfc];
        let rest = std::iter::repeat(0);
        for byte in hello.into_iter().chain(rest) {
            if stream.write_all(&[byte]).is_err() {
                return;
            }
            std::thread::sleep(Duration::from_millis(40));
        }
    });
    let begun = Instant::now();
    let failure = failure_of(port, hurried()).await;
    assert!(matches!(failure, ProbeFailure::HandshakeTimedOut { received: 5.., .. }), "{failure:?}");
    assert!(begun.elapsed() < Duration::from_secs(2));
    peer.join().unwrap();
}

#[tokio::test]
async fn hanging_up() {
    let (port, peer) = scripted(|mut stream| {
        let _ = stream.read(&mut [0; 4096]);
    });
    assert_eq!(failure_of(port, short()).await, ProbeFailure::HungUp { received: 0, reset: false });
    peer.join().unwrap();

    let (port, peer) = scripted(|mut stream| {
        let _ = stream.read(&mut [0; 4096]);
        stream.write_all(&[22, 3, 3, 0, 100, 2, 0]).unwrap();
    });
    assert_eq!(failure_of(port, short()).await, ProbeFailure::HungUp { received: 7, reset: false });
    peer.join().unwrap();

    // Closing with unread bytes sends a reset.
    let (port, peer) = scripted(|stream| {
        let _ = stream.peek(&mut [0; 1]);
    });
    assert_eq!(failure_of(port, short()).await, ProbeFailure::HungUp { received: 0, reset: true });
    peer.join().unwrap();
}

#[tokio::test]
async fn other_protocols() {
    for (answer, looks_like) in [
        (&b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"[..], PlainProtocol::Http),
        (b"<html><body>no</body></html>", PlainProtocol::Http),
        (b"\x00\x01\x02\x03garbage", PlainProtocol::Unknown),
        (b"\x16\x16\x16\x16", PlainProtocol::Unknown),
        (b"HELLO\r\n", PlainProtocol::Unknown),
    ] {
        let (port, peer) = answering(answer);
        assert_eq!(failure_of(port, short()).await, ProbeFailure::NotTls { looks_like }, "{answer:?}");
        peer.join().unwrap();
    }
}

/// These servers speak first.
#[tokio::test]
async fn greetings() {
    for (greeting, looks_like) in [
        (&b"SSH-2.0-OpenSSH_9.2p1\r\n"[..], PlainProtocol::Ssh),
        (b"220 mail.example ESMTP Postfix\r\n", PlainProtocol::SmtpOrFtp),
        (b"* OK [CAPABILITY IMAP4rev1] ready\r\n", PlainProtocol::Imap),
        (b"+OK ready\r\n", PlainProtocol::Pop3),
    ] {
        let (port, peer) = scripted(move |mut stream| {
            // In two pieces, as it may happen.
            stream.write_all(&greeting[..1]).unwrap();
            std::thread::sleep(Duration::from_millis(100));
            stream.write_all(&greeting[1..]).unwrap();
            let _ = stream.read_to_end(&mut Vec::new());
        });
        assert_eq!(failure_of(port, short()).await, ProbeFailure::NotTls { looks_like });
        peer.join().unwrap();
    }
}

#[tokio::test]
async fn alerts_before_anything_else() {
    for (code, expected) in [
        (40, ProbeFailure::Alert { code: 40, after_certificate: false }),
        (112, ProbeFailure::Alert { code: 112, after_certificate: false }),
        (70, ProbeFailure::VersionTooOld),
    ] {
        let (port, peer) = answering(alert(code));
        assert_eq!(failure_of(port, short()).await, expected);
        peer.join().unwrap();
    }
    // Hanging up right behind the alert, with the ClientHello unread, does not hide it.
    let (port, peer) = scripted(|mut stream| {
        let _ = stream.peek(&mut [0; 1]);
        stream.write_all(&alert(40)).unwrap();
    });
    let failure = failure_of(port, short()).await;
    assert_eq!(failure, ProbeFailure::Alert { code: 40, after_certificate: false });
    peer.join().unwrap();
}

#[tokio::test]
async fn an_old_server_hello() {
    let mut hello = vec![2, 0, 0, 38, 3, 1];
    hello.extend([7; 32]);
    hello.extend([0, 0, 0x2f, 0]);
    let mut record = vec![22, 3, 1, 0, hello.len() as u8];
    record.extend(&hello);
    let (port, peer) = answering(record);
    assert_eq!(failure_of(port, short()).await, ProbeFailure::VersionTooOld);
    peer.join().unwrap();
}

#[tokio::test]
async fn a_broken_protocol() {
    let (port, peer) = answering([22, 3, 3, 0, 4, 99, 0, 0, 0]);
    let failure = failure_of(port, short()).await;
    assert!(matches!(failure, ProbeFailure::ProtocolViolation { .. }), "{failure:?}");
    peer.join().unwrap();
}

#[tokio::test]
async fn a_flood() {
    let (port, peer) = scripted(|mut stream| {
        // Warnings without end would be TLS.
        let warning = [0x15, 3, 3, 0, 2, 1, 112].repeat(1000);
        while stream.write_all(&warning).is_ok() {}
    });
    let failure = failure_of(port, Limits { handshake_bytes: 20, ..short() }).await;
    assert_eq!(failure, ProbeFailure::HandshakeTooLarge { bytes: 20 });
    peer.join().unwrap();
}

fn to(host: &str, port: u16) -> Target {
    Target::new(host, port)
}

#[tokio::test]
async fn what_is_no_target() {
    for (host, port, field) in
        [("a b", 443, "host"), ("", 443, "host"), ("a\r\nb", 443, "host"), ("localhost", 0, "port")]
    {
        let events = probe(to(host, port), Browser::HasNone).await;
        assert_eq!(failure(&events), Some(&ProbeFailure::BadTarget { field: field.to_owned() }));
        assert_eq!(kinds(&events), ["ended"]);
    }
}

#[tokio::test]
async fn an_unknown_name() {
    let events = probe(to("no-such-host.invalid", 443), Browser::HasNone).await;
    let host = "no-such-host.invalid".to_owned();
    // Without any name service the answer is that there is none.
    assert!(
        failure(&events) == Some(&ProbeFailure::NameNotFound { host: host.clone() })
            || failure(&events) == Some(&ProbeFailure::NameServiceFailed { host, timed_out: false }),
        "{events:?}"
    );
}

/// However loopback is written, it is refused to strangers, and nothing is connected to.
#[tokio::test]
async fn refused_targets() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    for (host, reason) in [
        ("127.0.0.1", RefusedTarget::Loopback),
        ("localhost", RefusedTarget::Loopback),
        ("127.1", RefusedTarget::Loopback),
        ("0x7f.1", RefusedTarget::Loopback),
        ("2130706433", RefusedTarget::Loopback),
        ("::ffff:127.0.0.1", RefusedTarget::Loopback),
        ("::ffff:7f00:1", RefusedTarget::Loopback),
        ("64:ff9b::7f00:1", RefusedTarget::Loopback),
        ("169.254.169.254", RefusedTarget::Metadata),
        ("0xa9fea9fe", RefusedTarget::Metadata),
        ("10.0.0.1", RefusedTarget::Private),
        ("0.0.0.0", RefusedTarget::Unspecified),
    ] {
        let events = probe_with(to(host, port), Browser::HasNone, TargetPolicy::global(), short()).await;
        assert!(
            matches!(failure(&events), Some(ProbeFailure::TargetRefused { reason: said, .. }) if *said == reason),
            "{host}: {events:?}"
        );
        let ServerEvent::Resolved { addresses } = &events[0] else { panic!("{events:?}") };
        assert!(addresses.iter().all(|address| address.refused == Some(reason)), "{host}: {events:?}");
        assert!(!kinds(&events).contains(&"connecting"));
    }
    assert!(listener.accept().is_err());

    let own = SocketAddr::from(([127, 0, 0, 1], port));
    let policy = TargetPolicy::loopback().never_itself(own);
    let events = probe_with(to("127.0.0.1", port), Browser::HasNone, policy, short()).await;
    let itself = ProbeFailure::TargetRefused { address: own.ip(), reason: RefusedTarget::Itself };
    assert_eq!(failure(&events), Some(&itself));
}

/// A conversation whose messages the test sends by itself.
fn conversation(
    limits: Limits,
) -> (mpsc::Sender<ToServer>, mpsc::Receiver<certwright_protocol::conversation::FromServer>) {
    let (to_server, from_browser) = mpsc::channel(8);
    let (to_browser, from_server) = mpsc::channel(8);
    tokio::spawn(run(from_browser, to_browser, Arc::new(TargetPolicy::loopback()), limits));
    (to_server, from_server)
}

#[tokio::test]
async fn stop_frees_the_socket() {
    for by_closing in [false, true] {
        let (port, peer) = scripted(|mut stream| {
            let _ = stream.read_to_end(&mut Vec::new());
        });
        let (to_server, mut from_server) = conversation(short());
        to_server.send(ToServer::Start(target(port, Versions::Both, true))).await.unwrap();
        while !matches!(from_server.recv().await.unwrap().event, ServerEvent::Connected { .. }) {}
        tokio::time::sleep(Duration::from_millis(100)).await;
        let begun = Instant::now();
        if by_closing {
            drop(to_server);
        } else {
            to_server.send(ToServer::Stop).await.unwrap();
        }
        let ended = from_server.recv().await.unwrap().event;
        assert_eq!(ended, ServerEvent::Ended { failure: Some(ProbeFailure::Stopped) });
        assert!(from_server.recv().await.is_none());
        tokio::task::spawn_blocking(move || peer.join().unwrap()).await.unwrap();
        assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    }
}

/// The thread is inside a callback of rustls then, not at the socket.
#[tokio::test]
async fn stop_while_a_question_is_open() {
    let pki = Pki::new();
    let server = s_server(&pki, "server", &["-Verify", "3"]);
    let (to_server, mut from_server) = conversation(short());
    to_server.send(ToServer::Start(target(server.port, Versions::Both, true))).await.unwrap();
    while !matches!(from_server.recv().await.unwrap().event, ServerEvent::CertificateRequested { .. }) {}
    let begun = Instant::now();
    to_server.send(ToServer::Stop).await.unwrap();
    let ended = from_server.recv().await.unwrap().event;
    assert_eq!(ended, ServerEvent::Ended { failure: Some(ProbeFailure::Stopped) });
    assert!(begun.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn answers_that_nobody_asked_for_are_dropped() {
    let pki = Pki::new();
    pki.issue("ec", "root", P256, &[]);
    let server = s_server(&pki, "server", &["-Verify", "3", "-verify_return_error"]);
    let (to_server, mut from_server) = conversation(short());
    to_server.send(ToServer::Start(target(server.port, Versions::Both, false))).await.unwrap();
    let signature = ToServer::Signature { signature: vec![1, 2, 3].into() };
    to_server.send(signature.clone()).await.unwrap();
    to_server.send(ToServer::NoCertificate).await.unwrap();
    let browser = pki.client("ec", &[0x0403]);
    let mut events = Vec::new();
    while let Some(message) = from_server.recv().await {
        if let Some(answer) = browser.answer(&message.event) {
            to_server.send(answer).await.unwrap();
            to_server.send(signature.clone()).await.unwrap();
        }
        events.push(message.event);
    }
    assert_eq!(failure(&events), None, "{events:?}");
    assert!(kinds(&events).contains(&"done"));
}

#[tokio::test]
async fn it_begins_with_start_or_not_at_all() {
    let (to_server, mut from_server) = conversation(short());
    to_server.send(ToServer::NoCertificate).await.unwrap();
    let ended = from_server.recv().await.unwrap().event;
    assert_eq!(ended, ServerEvent::Ended { failure: Some(ProbeFailure::ServerLost) });

    let (_to_server, mut from_server) = conversation(Limits { start: Duration::from_millis(100), ..short() });
    let ended = from_server.recv().await.unwrap().event;
    assert_eq!(ended, ServerEvent::Ended { failure: Some(ProbeFailure::BrowserSilent { seconds: 1 }) });
}
