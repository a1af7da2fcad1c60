//! A server that people expose, as a process: settings, HTTPS, tokens, targets, limits, audit log, metrics, drain.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

#[path = "../common/mod.rs"]
mod common;

mod ending;
mod https;
mod limits;
mod ranges;
mod record;
mod settings;
mod targets;
mod tokens;

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use certwright_protocol::conversation::{ServerEvent, ToServer, Versions};

use common::process::{Process, Socket, hear, say};
use common::target;

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
