//! How a server ends, with real peers that are slow.

use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use certwright_protocol::conversation::{ProbeFailure, ServerEvent};

use crate::common::process::{Process, hear};
use crate::common::{Pki, failure, s_server};
use crate::{hang, silent_peer};

/// Passes everything on to a peer, after a while.
fn slow_way(to: u16, delay: Duration) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut near, _) = listener.accept().unwrap();
        std::thread::sleep(delay);
        let mut far = TcpStream::connect(("127.0.0.1", to)).unwrap();
        let (mut near_in, mut far_out) = (near.try_clone().unwrap(), far.try_clone().unwrap());
        let there = std::thread::spawn(move || std::io::copy(&mut near_in, &mut far_out));
        let _ = std::io::copy(&mut far, &mut near);
        let _ = near.shutdown(std::net::Shutdown::Both);
        let _ = there.join();
    });
    port
}

#[tokio::test]
async fn what_runs_may_end_before_the_server_does() {
    let pki = Pki::new();
    let peer = s_server(&pki, "server", &[]);
    let slow = slow_way(peer.port, Duration::from_secs(3));
    let server = Process::start(pki.path(), &["--drain-seconds", "20"]);
    let mut socket = server.open(None).await.unwrap();
    hang(&mut socket, slow).await;
    assert_eq!(server.curl("/readyz", &[]).0, 200);
    server.signal("TERM");
    server.await_log("draining");
    let (status, fields, _) = server.curl("/readyz", &[]);
    assert!(status == 503 && fields.contains("retry-after"), "{fields}");
    assert_eq!(server.curl("/healthz", &[]).0, 200);
    let (status, fields) = server.open(None).await.unwrap_err();
    assert!(status == 503 && fields.contains("retry-after"), "{fields}");
    let mut events = Vec::new();
    while let Some(event) = hear(&mut socket).await {
        let over = matches!(event, ServerEvent::Ended { .. });
        events.push(event);
        if over {
            break;
        }
    }
    assert_eq!(failure(&events), None, "{events:?}");
    assert!(events.iter().any(|event| matches!(event, ServerEvent::HandshakeDone { .. })));
    drop(socket);
    let begun = Instant::now();
    assert_eq!(server.wait(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn what_does_not_end_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    for (drain, signals) in [("1", 1), ("600", 2)] {
        let (port, _peer) = silent_peer();
        let server = Process::start(folder.path(), &["--drain-seconds", drain]);
        let mut socket = server.open(None).await.unwrap();
        hang(&mut socket, port).await;
        for _ in 0..signals {
            server.signal("TERM");
            server.await_log("draining");
        }
        let ended = hear(&mut socket).await;
        assert_eq!(ended, Some(ServerEvent::Ended { failure: Some(ProbeFailure::Stopped) }));
        drop(socket);
        assert_eq!(server.wait(), Some(0));
    }
}
