//! Limits of clients and of all, as scripts and the page are told of them.

use std::cell::RefCell;
use std::net::TcpStream;

use certwright_protocol::conversation::{ProbeFailure, ServerEvent, Versions};

use crate::common::process::{Process, hear, probe, wait_until};
use crate::common::{Pki, failure, s_server, target};
use crate::{CI, hang, metrics, silent_peer, tokens};

#[tokio::test]
async fn limits_are_told_to_scripts_and_to_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let file = tokens(folder.path());
    let (port, _peer) = silent_peer();

    // All together: 503.
    let server = Process::start(folder.path(), &["--token-file", &file, "--max-probes", "1"]);
    let mut running = server.open(None).await.unwrap();
    hang(&mut running, port).await;
    let (status, fields) = server.open(Some(CI)).await.unwrap_err();
    assert!(status == 503 && fields.contains("\"retry-after\": \"5\""), "{status} {fields}");
    let mut page = server.open(None).await.unwrap();
    let busy = ProbeFailure::Busy { limit: 1 };
    assert_eq!(hear(&mut page).await, Some(ServerEvent::Ended { failure: Some(busy) }));
    let origin = format!("Origin: http://{}", server.address);
    let fetch = ["-H", "Content-Type: application/json", "-d", r#"{"url":"http://127.0.0.1:1/"}"#];
    let (status, fields, body) = server.curl("/api/fetch", &[&fetch[..], &["-H", &origin]].concat());
    assert!(status == 503 && fields.contains("retry-after: 5") && body.contains("busy"), "{fields}{body}");

    // One client: 429.
    let server = Process::start(
        folder.path(),
        &["--token-file", &file, "--max-probes-per-client", "1", "--rate-per-client", "3"],
    );
    let mut running = server.open(Some(CI)).await.unwrap();
    hang(&mut running, port).await;
    let (status, fields) = server.open(Some(CI)).await.unwrap_err();
    assert!(status == 429 && fields.contains("\"retry-after\": \"5\""), "{status} {fields}");
    drop(running);
    wait_until("room again", || metrics(&server)["certwright_probes_open"] == 0.0);
    let origin = format!("Origin: http://{}", server.address);
    for _ in 0..2 {
        assert_eq!(server.curl("/api/fetch", &[&fetch[..], &["-H", &origin]].concat()).0, 502);
    }
    let (status, fields) = server.open(Some(CI)).await.unwrap_err();
    assert!(status == 429 && fields.contains("\"retry-after\""), "{status} {fields}");
    let mut page = server.open(None).await.unwrap();
    let ended = hear(&mut page).await;
    assert!(
        matches!(
            ended,
            Some(ServerEvent::Ended { failure: Some(ProbeFailure::Throttled { seconds: 1..=60 }) })
        ),
        "{ended:?}"
    );
    // What stands in a field that nobody was told to believe changes nothing.
    let elsewhere = ["-H", &origin, "-H", "X-Forwarded-For: 192.0.2.1"];
    assert_eq!(server.curl("/api/fetch", &[&fetch[..], &elsewhere].concat()).0, 429);
    let metrics = metrics(&server);
    assert_eq!(metrics["certwright_refused_total{reason=\"client_busy\"}"], 1.0);
    assert_eq!(metrics["certwright_refused_total{reason=\"client_rate\"}"], 3.0);
}

#[tokio::test]
async fn octets_and_connections_are_limited() {
    let pki = Pki::new();
    let peer = s_server(&pki, "server", &[]);
    let server = Process::start(
        pki.path(),
        &["--max-bytes-per-client-minute", "600", "--max-connections-per-client", "4"],
    );
    let mut socket = server.open(None).await.unwrap();
    assert_eq!(failure(&probe(&mut socket, target(peer.port, Versions::Both, true)).await), None);
    // A probe's next connection is one too many as well.
    let events = probe(&mut socket, target(peer.port, Versions::Both, true)).await;
    assert!(matches!(failure(&events), Some(ProbeFailure::Throttled { .. })), "{events:?}");
    drop(socket);
    wait_until("it is paid for", || metrics(&server)["certwright_connections_open"] <= 1.0);
    let mut page = server.open(None).await.unwrap();
    let ended = hear(&mut page).await;
    assert!(
        matches!(ended, Some(ServerEvent::Ended { failure: Some(ProbeFailure::Throttled { .. }) })),
        "{ended:?}"
    );
    drop(page);

    wait_until("the page is gone", || metrics(&server)["certwright_connections_open"] <= 1.0);
    // Until the page's own connection is gone, one of four may be refused.
    let held = RefCell::new(Vec::new());
    wait_until("all places are taken", || {
        held.borrow_mut().extend((0..4).map(|_| TcpStream::connect(server.address).unwrap()));
        server.curl("/healthz", &[]).0 == 429
    });
    let (status, fields, _) = server.curl("/healthz", &[]);
    assert!(status == 429 && fields.contains("retry-after"), "{fields}");
    drop(held);
    wait_until("there is room again", || server.curl("/healthz", &[]).0 == 200);
}

/// A script's probe of several connections ends with the one by which the share is used up, and what was found out until then is told.
#[test]
fn a_scripts_probe_makes_no_connection_too_many() {
    let pki = Pki::new();
    let peer = s_server(&pki, "server", &[]);
    let server = Process::start(pki.path(), &["--max-bytes-per-client-minute", "600"]);
    let asked = format!(r#"{{"host":"127.0.0.1","port":{},"extent":{{"resumption":true}}}}"#, peer.port);
    let script = ["-H", "Content-Type: application/json", "-d", &asked];
    let (status, _, body) = server.curl("/api/probe", &script);
    assert_eq!(status, 200, "{body}");
    let report: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(report["verdict"]["kind"], "server_not_trusted", "{body}");
    assert_eq!(report["resumption"], serde_json::Value::Null, "the second connection was made: {body}");
    assert_eq!(server.curl("/api/probe", &script).0, 429);
}

/// Behind a proxy that is trusted every client has limits of its own, and does not choose who it is.
#[test]
fn clients_are_told_apart_behind_a_proxy() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &["--trusted-proxy", "127.0.0.1", "--rate-per-client", "2"]);
    let origin = format!("Origin: http://{}", server.address);
    let status = |client: &str| {
        let client = format!("X-Forwarded-For: {client}");
        let fetch = [
            "-H",
            "Content-Type: application/json",
            "-d",
            r#"{"url":"http://127.0.0.1:1/"}"#,
            "-H",
            &origin,
            "-H",
            &client,
        ];
        server.curl("/api/fetch", &fetch).0
    };
    assert_eq!([status("192.0.2.1"), status("192.0.2.1"), status("192.0.2.1")], [502, 502, 429]);
    assert_eq!(status("192.0.2.2"), 502);
    assert_eq!(status("192.0.2.3, 192.0.2.1"), 429, "what the client wrote itself is not believed");
    assert_eq!([status("2001:db8::1"), status("2001:db8::2"), status("2001:db8::3")], [502, 502, 429]);
}
