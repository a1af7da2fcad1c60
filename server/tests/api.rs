//! The API for scripts, asked by curl as scripts do, and compared with its own description.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says no by panicking"
)]

mod common;

use std::net::TcpListener;
use std::time::{Duration, Instant};

use certwright_protocol::conversation::ProbeFailure;
use certwright_protocol::report::{ProbeReport, ProbeVerdict};
use common::process::Process;
use common::{Pki, nginx, s_server};
use serde_json::{Value, json};

/// Asks for a probe; status and body.
fn ask(server: &Process, body: &Value, more: &[&str]) -> (u16, Value) {
    let text = body.to_string();
    let mut arguments = vec!["-X", "POST", "-H", "Content-Type: application/json", "--data-binary", &text];
    arguments.extend(more);
    let (status, _, body) = server.curl("/api/probe", &arguments);
    (status, serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}")))
}

/// The schema of this name in the description, with the others beside it.
fn schema(description: &Value, name: &str) -> jsonschema::Validator {
    let mut schema = description.clone();
    schema["$ref"] = json!(format!("#/components/schemas/{name}"));
    jsonschema::validator_for(&schema).unwrap()
}

#[test]
fn scripts_probe_and_get_what_is_described() {
    let pki = Pki::new();
    let server = Process::start(pki.path(), &[]);
    let (status, _, description) = server.curl("/api/openapi.json", &[]);
    let description: Value = serde_json::from_str(&description).unwrap();
    assert_eq!((status, &description["openapi"]), (200, &json!("3.1.0")));
    let (request, report, problem) = (
        schema(&description, "ApiProbe"),
        schema(&description, "ProbeReport"),
        schema(&description, "Problem"),
    );

    let root = std::fs::read_to_string(pki.file("root.pem")).unwrap();
    let asking = nginx(&pki, "ssl_verify_client on;");
    let plain = s_server(&pki, "server", &["-tls1_2"]);
    let closed = common::free_port();
    for (port, verdict) in
        [(asking.port, "certificate_demanded"), (plain.port, "reached"), (closed, "failed")]
    {
        let body = json!({
            "host": "localhost", "port": port, "starttls": "none", "route": { "family": "v4" }, "trust": { "certificates": [root] },
            "extent": { "diagnose": true },
        });
        assert!(request.is_valid(&body), "{:?}", request.iter_errors(&body).next());
        let (status, answer) = ask(&server, &body, &[]);
        assert_eq!((status, &answer["verdict"]["kind"]), (200, &json!(verdict)), "{answer}");
        let errors: Vec<String> = report
            .iter_errors(&answer)
            .map(|error| format!("{error} at {}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:?}");
        let read: ProbeReport = serde_json::from_value(answer).unwrap();
        assert_eq!(read.target.port, port);
    }
    // Without a word on trust, it is Mozilla's list.
    let (_, answer) = ask(&server, &json!({ "host": "localhost", "port": plain.port }), &[]);
    assert_eq!(answer["verdict"]["kind"], "server_not_trusted");

    for (body, status) in [
        (json!({}), 400),
        (json!({ "host": "a b" }), 400),
        (json!({ "host": "localhost", "port": 0 }), 400),
        (json!({ "host": "localhost", "key": "x" }), 400),
        (json!({ "host": "localhost", "trust": { "certificates": ["nothing"] } }), 400),
        (json!({ "host": "localhost", "trust": { "certificates": ["x".repeat(600_000)] } }), 413),
    ] {
        let text = body.to_string();
        let file = pki.file("body.json");
        std::fs::write(&file, &text).unwrap();
        let data = format!("@{}", file.display());
        let arguments = ["-X", "POST", "-H", "Content-Type: application/json", "--data-binary", &data];
        let (got, _, answer) = server.curl("/api/probe", &arguments);
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(got, status, "{answer}");
        assert!(problem.is_valid(&answer), "{answer}");
    }
    let plain_text = server.curl("/api/probe", &["-X", "POST", "-H", "Content-Type: text/plain", "-d", "{}"]);
    assert_eq!(plain_text.0, 415);
    let elsewhere = [
        "-X",
        "POST",
        "-H",
        "Content-Type: application/json",
        "-H",
        "Origin: https://evil.example",
        "-d",
        "{}",
    ];
    let from_elsewhere = server.curl("/api/probe", &elsewhere);
    assert_eq!(from_elsewhere.0, 403);
}

#[test]
fn a_server_for_strangers_asks_for_a_token_and_refuses_its_own_network() {
    let folder = tempfile::tempdir().unwrap();
    let token = "0123456789abcdef0123456789abcdef";
    let file = folder.path().join("tokens");
    std::fs::write(&file, format!("nightly {token}\n")).unwrap();
    std::process::Command::new("chmod").arg("600").arg(&file).status().unwrap();
    let server =
        Process::start(folder.path(), &["--host", "localhost", "--token-file", file.to_str().unwrap()]);
    let body = json!({ "host": "127.0.0.1", "port": 443 });
    assert_eq!(ask(&server, &body, &[]).0, 401);
    let authorization = format!("Authorization: Bearer {token}");
    let (status, answer) = ask(&server, &body, &["-H", &authorization]);
    assert_eq!(status, 200);
    let report: ProbeReport = serde_json::from_value(answer).unwrap();
    let failure = ProbeVerdict::Failed {
        failure: ProbeFailure::TargetRefused {
            address: "127.0.0.1".parse().unwrap(),
            reason: certwright_protocol::conversation::RefusedTarget::Loopback,
        },
    };
    assert_eq!(report.verdict, Some(failure));
}

#[test]
fn a_script_that_goes_frees_its_probe() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &[]);
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let gone = std::thread::spawn(move || {
        let (mut stream, _) = silent.accept().unwrap();
        let _ = std::io::Read::read_to_end(&mut stream, &mut Vec::new());
        Instant::now()
    });
    let body = json!({ "host": "127.0.0.1", "port": port }).to_string();
    let begun = Instant::now();
    let address = format!("http://{}/api/probe", server.address);
    let status = std::process::Command::new("curl")
        .args([
            "--silent",
            "--max-time",
            "1",
            "-X",
            "POST",
            "-H",
            "Content-Type: application/json",
            "-d",
            &body,
            &address,
        ])
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(28), "curl gives up");
    let ended = gone.join().unwrap();
    assert!(ended.duration_since(begun) < Duration::from_secs(5), "{:?}", ended.duration_since(begun));
}
