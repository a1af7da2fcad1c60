//! A server that people expose, as a process: settings, HTTPS, tokens, limits, audit log, metrics, drain.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

mod common;

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use certwright_protocol::Password;
use certwright_protocol::conversation::{
    FromServer, ProbeFailure, Proxy, ProxyCredentials, ProxyKind, RefusedTarget, Route, ServerEvent, Target,
    ToServer, Versions,
};
use futures_util::{SinkExt, StreamExt};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio_rustls::TlsConnector;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use common::process::{Process, Socket, hear, probe, run, say, wait_until};
use common::{P256, Pki, failure, free_port, nginx, s_server, target};

const CI: &str = "0123456789abcdef0123456789abcdef";
const MONITORING: &str = "fedcba9876543210fedcba9876543210";
/// Makes strangers of everybody, and lets them probe this machine.
const EXPOSED: [&str; 4] = ["--host", "tools.example", "--allow", "127.0.0.0/8"];

fn write_secret(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
}

fn tokens(folder: &Path) -> String {
    let path = folder.join("tokens");
    write_secret(&path, &format!("# ours\nci {CI}\nmonitoring {MONITORING}\n"));
    path.display().to_string()
}

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}")
}

/// A port where connections are taken and nothing is said.
fn silent_peer() -> (u16, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    (listener.local_addr().unwrap().port(), listener)
}

/// Begins a probe that hangs, and waits until it is connected.
async fn hang(socket: &mut Socket, port: u16) {
    say(socket, &ToServer::Start(target(port, Versions::Both, true))).await;
    while !matches!(hear(socket).await.unwrap(), ServerEvent::Connected { .. }) {}
}

#[test]
fn settings_come_from_flags_environment_and_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    tokens(path);
    fs::write(path.join("c.toml"), "# ours\nmax-probes = 7\nmax-probes-per-client = 6\nprobe-seconds = 5\ntoken-file = \"tokens\"\ndeny = [\"10.0.0.0/8\"]\n").unwrap();
    let arguments = ["--config", "c.toml", "--max-probes", "9", "--check-config"];
    let environment = [
        ("CERTWRIGHT_MAX_PROBES", "8"),
        ("CERTWRIGHT_MAX_PROBES_PER_CLIENT", "5"),
        ("CERTWRIGHT_ALLOW", "127.0.0.0/8,fd00::/8"),
        ("CERTWRIGHT_REQUIRE_TOKEN", "true"),
    ];
    let (status, printed, errors) = run(path, &arguments, &environment);
    assert_eq!(status, 0, "{errors}");
    let line = |start: &str| {
        let line = printed
            .lines()
            .find(|line| line.starts_with(start))
            .unwrap_or_else(|| panic!("{start}: {printed}"));
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("max-probes ="), "max-probes = 9 # --max-probes");
    assert_eq!(line("max-probes-per"), "max-probes-per-client = 5 # CERTWRIGHT_MAX_PROBES_PER_CLIENT");
    assert_eq!(line("probe-seconds"), "probe-seconds = 5 # file, line 4");
    assert_eq!(line("drain-seconds"), "drain-seconds = 5 # default");
    assert_eq!(line("allow ="), "allow = [\"127.0.0.0/8\", \"fd00::/8\"] # CERTWRIGHT_ALLOW");
    assert_eq!(line("require-token"), "require-token = true # CERTWRIGHT_REQUIRE_TOKEN");
    assert_eq!(line("rate-per-client"), "rate-per-client = 0 # default");
    assert_eq!(line("# tls-cert"), "# tls-cert is not set");
    assert!(!printed.contains(CI), "{printed}");

    // What is printed is a file of settings.
    fs::write(path.join("again.toml"), &printed).unwrap();
    let (status, again, errors) = run(path, &["--config", "again.toml", "--check-config"], &[]);
    assert_eq!(status, 0, "{errors}");
    let values = |text: &str| {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| line.split('#').next().unwrap().trim().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(values(&again), values(&printed));

    // Where strangers are served, more is limited, and it is told who probes.
    let (_, printed, _) = run(path, &["--check-config", "--host", "tools.example"], &[]);
    assert!(
        printed.starts_with("# Strangers are served") && printed.contains("rate-per-client = 600"),
        "{printed}"
    );
    assert!(printed.contains("audit-log = \"stderr\""), "{printed}");
    assert_eq!(run(path, &["--check-config", "--audit-log", "audit.jsonl"], &[]).0, 0);
    assert!(!path.join("audit.jsonl").exists(), "looking at settings makes no file of another user");
    assert_eq!(run(path, &["--check-config", "--audit-log", "none/audit.jsonl"], &[]).0, 2);
}

#[test]
fn wrong_settings_are_told_in_a_sentence() {
    let pki = Pki::new();
    let path = pki.path();
    tokens(path);
    write_secret(&path.join("short"), "ci 0123456789\n");
    fs::set_permissions(path.join("server.key"), Permissions::from_mode(0o600)).unwrap();
    fs::copy(path.join("server.key"), path.join("open.key")).unwrap();
    fs::set_permissions(path.join("open.key"), Permissions::from_mode(0o644)).unwrap();
    fs::write(path.join("c.toml"), "\n\nmax-probs = 3\n").unwrap();
    fs::write(path.join("d.toml"), "allow = [\"10.0.0.0/8\",\n \"10.0.0.0/33\"]\n").unwrap();
    for (arguments, words) in [
        (&["--config", "c.toml"][..], "“c.toml”, line 3: \"max-probs\" is no setting; allowed are listen,"),
        (
            &["--config", "d.toml"],
            "“d.toml”, line 2: allow cannot be \"10.0.0.0/33\"; allowed is a range like",
        ),
        (&["--config", "none.toml"], "“none.toml” cannot be read"),
        (&["--tls-cert", "server.pem"], "tls-cert needs a tls-key"),
        (&["--tls-cert", "server.pem", "--tls-key", "open.key"], "its mode is 0644"),
        (
            &["--tls-cert", "server.pem", "--tls-key", "foreign-root.key"],
            "does not belong to the first certificate",
        ),
        (&["--tls-cert", "server.key", "--tls-key", "server.key"], "holds no certificate"),
        (&["--tls-cert", "server.pem", "--tls-key", "tokens"], "holds no private key"),
        (&["--token-file", "short"], "line 1: a token has from 32 to 512 characters"),
        (&["--require-token"], "require-token is of no use without a token-file"),
        (&["--audit-log", "none/audit.jsonl"], "cannot be opened"),
        (&["--max-probes", "0"], "a whole number from 1 to 256"),
    ] {
        let (status, printed, said) = run(path, arguments, &[]);
        assert_eq!((status, printed.as_str()), (2, ""), "{arguments:?}");
        assert!(said.contains(words), "{arguments:?}: {said}");
        assert!(!said.contains("0123456789"), "{said}");
    }
    let (status, _, said) = run(path, &[], &[("CERTWRIGHT_MAX_PROBES", "many")]);
    assert!(status == 2 && said.contains("a whole number from 1 to 256"), "{said}");
}

/// The subject of the certificate that the server shows, by openssl.
fn shown(server: &Process, arguments: &[&str]) -> String {
    let address = server.address.to_string();
    let output = Command::new("openssl")
        .args(["s_client", "-connect", &address, "-servername", "localhost"])
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn https_of_its_own() {
    let pki = Pki::new();
    let path = pki.path();
    let _ = fs::set_permissions(path.join("server.key"), Permissions::from_mode(0o640));
    let server = Process::start(path, &["--tls-cert", "server.pem", "--tls-key", "server.key"]);
    assert_eq!(server.scheme, "https");
    let trusting = ["--cacert", &pki.file("root.pem").display().to_string()];
    let (status, fields, body) = server.curl("/healthz", &trusting);
    assert_eq!((status, body.as_str()), (200, "ok"));
    assert!(fields.contains("content-security-policy") && !fields.contains("strict-transport-security"));
    for (version, expected) in [("-tls1_2", "Cipher is ECDHE"), ("-tls1_3", "Cipher is TLS_")] {
        assert!(shown(&server, &[version]).contains(expected), "{version}");
    }
    assert!(shown(&server, &["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]).contains("Cipher is (NONE)"));

    // Plain HTTP is told what it is, and a page of plain HTTP is not ours.
    let mut plain = TcpStream::connect(server.address).unwrap();
    write!(plain, "GET / HTTP/1.1\r\nHost: {}\r\n\r\n", server.address).unwrap();
    let mut answer = String::new();
    plain.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("write https://"), "{answer}");
    for (scheme, expected) in [("http", 403), ("https", 426)] {
        let origin = format!("Origin: {scheme}://{}", server.address);
        let (status, _, body) = server.curl(
            "/api/probe",
            &[&trusting[..], &["-H", &origin, "-H", "Connection: upgrade", "-H", "Upgrade: other"]].concat(),
        );
        assert!(status == expected || (expected == 426 && status == 400), "{scheme}: {status} {body}");
    }

    // Who does not shake hands is hung up on.
    let mut silent = TcpStream::connect(server.address).unwrap();
    silent.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    silent.write_all(&[0x16, 3, 1]).unwrap();
    let begun = Instant::now();
    assert_eq!(silent.read(&mut [0; 1]).unwrap_or_default(), 0);
    assert!((5..18).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_page_over_https_probes() {
    let pki = Pki::new();
    fs::set_permissions(pki.file("server.key"), Permissions::from_mode(0o600)).unwrap();
    let server = Process::start(pki.path(), &["--tls-cert", "server.pem", "--tls-key", "server.key"]);
    let peer = s_server(&pki, "server", &[]);

    let mut trusted = RootCertStore::empty();
    trusted.add(pki.der("root").into()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(trusted)
        .with_no_client_auth();
    let stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    let mut request = format!("wss://{}/api/probe", server.address).into_client_request().unwrap();
    request.headers_mut().insert("origin", format!("https://{}", server.address).parse().unwrap());
    let (mut socket, _) = client_async(request, stream).await.unwrap();
    let opening = ToServer::Start(target(peer.port, Versions::Both, true));
    socket.send(Message::text(serde_json::to_string(&opening).unwrap())).await.unwrap();
    loop {
        let message = socket.next().await.unwrap().unwrap().into_text().unwrap();
        let message: FromServer = serde_json::from_str(&message).unwrap();
        if let ServerEvent::Ended { failure } = message.event {
            assert_eq!(failure, None);
            break;
        }
    }
}

#[test]
fn a_certificate_is_replaced_under_load() {
    let pki = Pki::new();
    let path = pki.path();
    for name in ["first", "second"] {
        pki.issue(name, "root", P256, &["-addext", "subjectAltName=IP:127.0.0.1"]);
    }
    let replace = |name: &str, kind: &str| {
        let (from, to) = (format!("{name}.{kind}"), format!("used.{kind}"));
        fs::copy(path.join(from), path.join("new")).unwrap();
        fs::set_permissions(path.join("new"), Permissions::from_mode(0o600)).unwrap();
        fs::rename(path.join("new"), path.join(to)).unwrap();
    };
    replace("first", "pem");
    replace("first", "key");
    let server = Process::start(path, &["--tls-cert", "used.pem", "--tls-key", "used.key"]);
    let subject = |server: &Process| shown(server, &[]);
    assert!(subject(&server).contains("CN = first"));

    let (over, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let load: Vec<_> = (0..3)
        .map(|_| {
            let (over, done) = (Arc::clone(&over), Arc::clone(&done));
            let url = format!("https://{}/healthz", server.address);
            let root = pki.file("root.pem");
            std::thread::spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    let mut curl = Command::new("curl");
                    let output = curl
                        .args(["--silent", "--show-error", "--cacert"])
                        .arg(&root)
                        .arg(&url)
                        .output()
                        .unwrap();
                    assert_eq!(output.stdout, b"ok", "{}", String::from_utf8_lossy(&output.stderr));
                    done.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();

    // A certificate without its key: the pair from before stays.
    replace("second", "pem");
    server.await_log("stays in use");
    assert!(subject(&server).contains("CN = first"));
    // Its key comes later, and is noticed by itself.
    replace("second", "key");
    wait_until("the second certificate", || subject(&server).contains("CN = second"));
    // Nonsense changes nothing; told to look, the server looks at once.
    fs::write(path.join("used.pem"), "nonsense").unwrap();
    server.signal("HUP");
    server.await_log("holds no certificate in PEM form");
    assert!(subject(&server).contains("CN = second"));
    replace("first", "pem");
    replace("first", "key");
    server.signal("HUP");
    wait_until("the first certificate", || subject(&server).contains("CN = first"));

    let so_far = done.load(Ordering::Relaxed);
    wait_until("requests go on", || done.load(Ordering::Relaxed) > so_far + 5);
    over.store(true, Ordering::Relaxed);
    for thread in load {
        thread.join().expect("no request failed");
    }
    let said: Vec<_> = server.log().into_iter().filter(|line| line.contains("stays in use")).collect();
    assert_eq!(said.len(), 2, "each fault is told once: {said:?}");
    let (_, _, metrics) = server.curl("/metrics", &["--cacert", &pki.file("root.pem").display().to_string()]);
    assert!(metrics.contains("certwright_reload_failures_total{what=\"certificate\"} 2\n"), "{metrics}");
}

#[test]
fn scripts_need_a_token_where_strangers_are_served() {
    let folder = tempfile::tempdir().unwrap();
    let own = Process::start(folder.path(), &[]);
    assert_eq!(own.curl("/metrics", &[]).0, 200);

    let off = Process::start(folder.path(), &EXPOSED);
    for path in ["/metrics", "/api/new"] {
        let (status, fields, body) = off.curl(path, &["-H", &bearer(CI)]);
        assert_eq!(status, 403, "{path}");
        assert!(fields.contains("content-type: application/problem+json"), "{fields}");
        let problem: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert!(
            problem["detail"].as_str().unwrap().contains("token-file") && problem["status"] == 403,
            "{body}"
        );
    }
    assert_eq!(off.curl("/healthz", &[]).0, 200);

    let file = tokens(folder.path());
    for arguments in [&EXPOSED[..], &[]] {
        let server = Process::start(folder.path(), &[arguments, &["--token-file", &file]].concat());
        for (token, status, challenge) in [
            (None, 401, "www-authenticate: bearer realm=\"certwright\"\r"),
            (Some("0123456789abcdef0123456789abcdeF"), 401, "error=\"invalid_token\""),
            (Some(""), 401, "www-authenticate"),
            (Some(CI), 200, ""),
            (Some(MONITORING), 200, ""),
        ] {
            let field = token.map(bearer);
            let arguments: Vec<&str> = field.iter().flat_map(|field| ["-H", field]).collect();
            let (found, fields, body) = server.curl("/metrics", &arguments);
            assert_eq!(found, status, "{token:?}");
            assert!(fields.contains(challenge), "{fields}");
            assert!(token.is_none_or(|token| token.is_empty() || !body.contains(token)), "{body}");
        }
        // Another site cannot use a token that its page should know.
        let (status, ..) = server.curl("/metrics", &["-H", &bearer(CI), "-H", "Origin: http://evil.example"]);
        assert_eq!(status, 403);
    }
}

#[tokio::test]
async fn tokens_are_replaced_and_demanded() {
    let folder = tempfile::tempdir().unwrap();
    let file = tokens(folder.path());
    let server = Process::start(folder.path(), &["--token-file", &file, "--require-token"]);
    let status = |token: &str| server.curl("/", &["-H", &bearer(token)]).0;
    assert_eq!(server.curl("/", &[]).0, 401);
    assert_ne!(status(CI), 401);
    assert_eq!((server.curl("/healthz", &[]).0, server.curl("/readyz", &[]).0), (200, 200));
    assert_eq!(server.open(None).await.unwrap_err().0, 401, "the page needs one as well");
    assert!(server.open(Some(CI)).await.is_ok());

    write_secret(Path::new(&file), "ci too-short\n");
    server.signal("HUP");
    server.await_log("tokens not read again");
    assert_ne!(status(CI), 401);
    write_secret(Path::new(&file), &format!("monitoring {MONITORING}\n"));
    wait_until("the token is taken back", || status(CI) == 401);
    assert_ne!(status(MONITORING), 401);
    let log = server.log().join("\n");
    assert!(!log.contains(CI) && !log.contains("too-short"), "{log}");
}

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
    let held: Vec<_> = (0..4).map(|_| TcpStream::connect(server.address).unwrap()).collect();
    std::thread::sleep(Duration::from_millis(300));
    let (status, fields, _) = server.curl("/healthz", &[]);
    assert!(status == 429 && fields.contains("retry-after"), "{fields}");
    drop(held);
    wait_until("there is room again", || server.curl("/healthz", &[]).0 == 200);
}

/// Reads the metrics, strictly: names, labels, values, a type before each family, histograms that add up.
fn metrics(server: &Process) -> BTreeMap<String, f64> {
    let (status, fields, text) = server.curl("/metrics", &["-H", &bearer(CI)]);
    assert_eq!(status, 200);
    assert!(fields.contains("content-type: text/plain; version=0.0.4"), "{fields}");
    let (mut samples, mut types) = (BTreeMap::new(), BTreeMap::new());
    let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            assert!(matches!(kind, "counter" | "gauge" | "histogram") && is_name(name), "{line}");
            assert!(types.insert(name.to_owned(), kind.to_owned()).is_none(), "{line}");
        } else if !line.starts_with("# HELP ") {
            let (series, value) = line.rsplit_once(' ').unwrap();
            let name = series.split('{').next().unwrap();
            let family = ["_bucket", "_sum", "_count"].iter().find_map(|end| {
                name.strip_suffix(end)
                    .filter(|family| types.get(*family).is_some_and(|kind| kind == "histogram"))
            });
            let kind = &types[family.unwrap_or(name)];
            assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
            assert!(
                is_name(name) && samples.insert(series.to_owned(), value.parse().unwrap()).is_none(),
                "{line}"
            );
        }
    }
    for work in ["probe", "fetch"] {
        let family = format!("certwright_{work}_duration_seconds");
        let buckets = samples.iter().filter(|(series, _)| series.starts_with(&format!("{family}_bucket")));
        assert!(
            buckets.clone().count() > 10
                && buckets.clone().all(|(_, count)| *count <= samples[&format!("{family}_count")])
        );
        assert_eq!(samples[&format!("{family}_bucket{{le=\"+Inf\"}}")], samples[&format!("{family}_count")]);
    }
    samples
}

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
    wait_until("four lines", || lines().len() == 4);
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
    assert_eq!(metrics["certwright_probes_started_total"], 4.0);
    assert_eq!(metrics["certwright_fetches_ended_total{outcome=\"not_reached\"}"], 1.0);
    assert!(metrics["certwright_probe_received_bytes_total"] > 500.0);
}

#[tokio::test]
async fn the_operators_lists_hold() {
    let pki = Pki::new();
    let peer = s_server(&pki, "server", &[]);
    let port = peer.port.to_string();
    for (arguments, host, expected) in [
        (&["--allow-host", "localhost"][..], "localhost", None),
        (&["--allow-host", "*.example"], "localhost", Some(RefusedTarget::Denied)),
        (&["--allow-host", "localhost"], "127.0.0.1", Some(RefusedTarget::Denied)),
        (&["--allow-host", "localhost", "--allow", "127.0.0.1"], "127.0.0.1", None),
        (&["--deny-host", "LOCALHOST"], "localhost", Some(RefusedTarget::Denied)),
        (&["--deny", "127.0.0.0/8", "--allow", "127.0.0.0/8"], "127.0.0.1", Some(RefusedTarget::Denied)),
        // The name service knows such notations, and its answer is judged.
        (&["--deny", "127.0.0.0/8"], "2130706433", Some(RefusedTarget::Denied)),
        (&["--deny", "127.0.0.0/8"], "0x7f.1", Some(RefusedTarget::Denied)),
        (&["--deny", "127.0.0.0/8"], "::ffff:127.0.0.1", Some(RefusedTarget::Denied)),
        (&["--deny-port", "1-65535"], "127.0.0.1", Some(RefusedTarget::Denied)),
        (&["--allow-port", "443"], "127.0.0.1", Some(RefusedTarget::Denied)),
        (&["--allow-port", &port], "127.0.0.1", None),
        (&["--host", "tools.example"], "127.0.0.1", Some(RefusedTarget::Loopback)),
        (&["--trusted-proxy", "192.0.2.1"], "127.0.0.1", Some(RefusedTarget::Loopback)),
        (&["--allow", "0.0.0.0/0"], "169.254.169.254", Some(RefusedTarget::Metadata)),
    ] {
        let server = Process::start(pki.path(), arguments);
        let mut socket = server.open(None).await.unwrap();
        let events =
            probe(&mut socket, Target { host: host.into(), ..target(peer.port, Versions::Both, false) })
                .await;
        match (failure(&events), expected) {
            (None, None) => {}
            (Some(ProbeFailure::TargetRefused { reason, .. }), Some(expected)) => {
                assert_eq!(*reason, expected, "{arguments:?} {host}")
            }
            other => panic!("{arguments:?} {host}: {other:?}"),
        }
    }
}

/// A list holds wherever an address comes from: here from a redirect.
#[test]
fn lists_hold_for_redirects() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let there = format!("http://localhost:{port}/a.cer");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let answer = format!(
                "HTTP/1.1 302 Found\r\nLocation: {there}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    let url = format!(r#"{{"url":"http://127.0.0.1:{port}/"}}"#);
    for (arguments, words) in [(&["--deny-host", "localhost"][..], "\"denied\""), (&[], "too_many_redirects")]
    {
        let server = Process::start(folder.path(), arguments);
        let origin = format!("Origin: http://{}", server.address);
        let fetch = ["-H", "Content-Type: application/json", "-d", &url, "-H", &origin];
        let (status, _, body) = server.curl("/api/fetch", &fetch);
        assert!(status == 502 && body.contains(words), "{arguments:?}: {body}");
    }
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
