//! The audit log and the metrics: what they say, and what they must not.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use certwright_protocol::Password;
use certwright_protocol::conversation::{
    ProbeFailure, Proxy, ProxyCredentials, ProxyKind, Route, ServerEvent, Target, ToServer, Versions,
};

use crate::common::process::{Process, hear, probe, say, wait_until};
use crate::common::{Pki, failure, free_port, nginx, target};
use crate::{CI, EXPOSED, hang, metrics, silent_peer, tokens};

#[tokio::test]
async fn who_probed_what_is_told_without_secrets() {
    let pki = Pki::new();
    let file = tokens(pki.path());
    let log = pki.file("audit.jsonl");
    let server = Process::start(
        pki.path(),
        &[
            &EXPOSED[..],
            &[
                "--token-file",
                &file,
                "--audit-log",
                &log.display().to_string(),
                "--trusted-proxy",
                "127.0.0.1",
            ],
            &["--deny-host", "*.closed.example,metadata.closed"],
        ]
        .concat(),
    );
    let peer = nginx(&pki, "");
    let mut socket = server.open(Some(CI)).await.unwrap();
    let events = probe(&mut socket, target(peer.port, Versions::Both, true)).await;
    assert_eq!(failure(&events), None, "{events:?}");
    // A second connection in the same conversation, by a proxy that is closed, with a password.
    let credentials =
        ProxyCredentials { user: "proxy-user".into(), password: Password::new("proxy-secret-1") };
    let closed = free_port();
    let proxy = Proxy {
        kind: ProxyKind::HttpConnect,
        host: "127.0.0.1".into(),
        port: closed,
        credentials: Some(credentials),
    };
    let by_proxy =
        Target { route: Route { proxy: Some(proxy), ..Route::default() }, ..Target::new("erp.example", 443) };
    assert!(failure(&probe(&mut socket, by_proxy).await).is_some());
    drop(socket);
    let mut socket = server.open(None).await.unwrap();
    let events = probe(&mut socket, Target::new("a\r\n{\"kind\":\"forged\"}\u{202e}", 443)).await;
    assert!(matches!(failure(&events), Some(ProbeFailure::BadTarget { .. })), "{events:?}");
    drop(socket);
    // Who opens a second connection before the first has ended would have one without a line.
    let (silent, _held) = silent_peer();
    let mut socket = server.open(None).await.unwrap();
    hang(&mut socket, silent).await;
    say(&mut socket, &ToServer::Start(Target::new("hidden.example", 443))).await;
    let lost = ServerEvent::Ended { failure: Some(ProbeFailure::ServerLost) };
    assert_eq!(hear(&mut socket).await, Some(lost));
    drop(socket);
    let url = format!(r#"{{"url":"http://127.0.0.1:{closed}/path-secret-2?query=secret-3"}}"#);
    let origin = format!("Origin: http://{}", server.address);
    let fetch = [
        "-H",
        "Content-Type: application/json",
        "-d",
        &url,
        "-H",
        &origin,
        "-H",
        "X-Forwarded-For: 198.51.100.9, 192.0.2.7",
    ];
    assert_eq!(server.curl("/api/fetch", &fetch).0, 502);

    let lines = || -> Vec<serde_json::Value> {
        let text = fs::read_to_string(&log).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    wait_until("five lines", || lines().len() == 5);
    let text = fs::read_to_string(&log).unwrap();
    for secret in [
        "proxy-secret",
        "proxy-user",
        "path-secret",
        "secret-3",
        CI,
        "BEGIN",
        "\u{202e}",
        "\\u{d}\\u{a}{\"kind\":\"forged\"}\n",
    ] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    assert!(text.is_ascii());
    assert_eq!(fs::metadata(&log).unwrap().permissions().mode() & 0o777, 0o600);
    let lines_now = lines();
    let by_outcome = |kind: &str, outcome: &str| {
        lines_now
            .iter()
            .find(|line| line["kind"] == kind && line["outcome"] == outcome)
            .unwrap_or_else(|| panic!("{outcome}: {text}"))
    };
    let good = by_outcome("probe", "complete");
    assert_eq!(
        (&good["token"], &good["host"], &good["port"], &good["protocol"]),
        (&"ci".into(), &"localhost".into(), &peer.port.into(), &"tls".into())
    );
    assert_eq!(good["address"], format!("127.0.0.1:{}", peer.port));
    assert_eq!(good["client"], "127.0.0.1");
    assert!(good["received"].as_u64().unwrap() > 500 && good["sent"].as_u64().unwrap() > 100, "{good}");
    assert!(good["time"].as_str().unwrap().ends_with('Z'));
    let proxied = lines_now.iter().find(|line| line["proxy"].is_string()).unwrap();
    assert_eq!(
        (&proxied["proxy"], &proxied["host"]),
        (&format!("127.0.0.1:{closed}").into(), &"erp.example".into())
    );
    assert_eq!(by_outcome("probe", "bad_target")["token"], serde_json::Value::Null);
    let fetched = by_outcome("fetch", "not_reached");
    assert_eq!(
        (&fetched["client"], &fetched["protocol"], &fetched["host"]),
        (&"192.0.2.7".into(), &"http".into(), &"127.0.0.1".into())
    );
    assert!(
        server.log().iter().all(|line| !line.contains("erp.example")),
        "the server's own log names no targets"
    );

    // Moved away and opened anew.
    fs::rename(&log, pki.file("audit.1")).unwrap();
    server.signal("HUP");
    wait_until("a new file", || log.exists());
    let mut socket = server.open(None).await.unwrap();
    let events = probe(&mut socket, Target::new("metadata.closed", 443)).await;
    assert!(failure(&events).is_some());
    wait_until("a line in it", || lines().len() == 1);

    let metrics = metrics(&server);
    assert_eq!(metrics["certwright_probes_ended_total{outcome=\"complete\"}"], 1.0);
    assert_eq!(metrics["certwright_probes_started_total"], 5.0);
    assert_eq!(metrics["certwright_fetches_ended_total{outcome=\"not_reached\"}"], 1.0);
    assert!(metrics["certwright_probe_received_bytes_total"] > 500.0);
}
