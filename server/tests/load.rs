//! `certwright serve` under load, as a process of its own: many probes at once against slow peers while others are served, many in a row, and pages that go
//! away in the middle. What is left over is counted in `/proc`: sockets, threads, memory.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says no by panicking"
)]
#![allow(clippy::print_stdout, reason = "the figures are of interest")]

mod common;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use certwright_protocol::conversation::{ServerEvent, ToServer, Versions};
use common::process::{Process, Socket, hear, probe, say, wait_until};
use common::{Pki, failure, nginx, target};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinSet;

/// Probes that are open at once.
const AT_ONCE: usize = 200;
const RAISED: [&str; 4] = ["--max-probes", "256", "--max-probes-per-client", "256"];

/// Probes in a row, and those before them, after which memory does not grow any more.
const IN_A_ROW: usize = 10_000;
const WARM_UP: usize = 1_000;

/// What a process holds.
#[derive(Debug, Clone, Copy)]
struct Holds {
    files: usize,
    threads: usize,
    kilobytes: u64,
}

fn holds(server: &Process) -> Holds {
    let folder = format!("/proc/{}", server.id());
    let count = |what: &str| std::fs::read_dir(format!("{folder}/{what}")).unwrap().count();
    let status = std::fs::read_to_string(format!("{folder}/status")).unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let kilobytes = resident.trim().trim_end_matches(" kB").parse().unwrap();
    Holds { files: count("fd"), threads: count("task"), kilobytes }
}

/// Probes that the server says are running.
fn open_probes(server: &Process) -> usize {
    let (status, _, metrics) = server.curl("/metrics", &[]);
    assert_eq!(status, 200);
    let line = metrics.lines().find_map(|line| line.strip_prefix("certwright_probes_open ")).unwrap();
    line.parse().unwrap()
}

/// A peer that accepts and then sends an octet each second: a record that never becomes complete.
fn dribbling_peer() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    listener.set_nonblocking(true).unwrap();
    std::thread::spawn(move || {
        // A handshake record of 16 KB (RFC 8446 section 5.1) with a ServerHello as long.
        let octets = [0x16, 3, 3, 0x40, 0, 2, 0, 0x3f, 0xfc, 3, 3];
        let mut streams: Vec<(TcpStream, usize)> = Vec::new();
        loop {
            while let Ok((stream, _)) = listener.accept() {
                stream.set_nonblocking(true).unwrap();
                streams.push((stream, 0));
            }
            streams.retain_mut(|(stream, sent)| {
                *sent += 1;
                stream.write_all(&[octets.get(*sent - 1).copied().unwrap_or(0)]).is_ok()
            });
            std::thread::sleep(Duration::from_secs(1));
        }
    });
    port
}

/// Begins a probe and waits until it is connected.
async fn begin(server: &Process, port: u16) -> Socket {
    let mut socket = server.open(None).await.unwrap();
    say(&mut socket, &ToServer::Start(target(port, Versions::Both, false))).await;
    while !matches!(hear(&mut socket).await.unwrap(), ServerEvent::Connected { .. }) {}
    socket
}

/// How long a probe of a good server takes.
async fn good(server: &Process, port: u16) -> Duration {
    let begun = Instant::now();
    let mut socket = server.open(None).await.unwrap();
    let events = probe(&mut socket, target(port, Versions::Both, false)).await;
    assert_eq!(failure(&events), None, "{events:?}");
    begun.elapsed()
}

async fn median_of_good(server: &Process, port: u16) -> Duration {
    let mut times = Vec::new();
    for _ in 0..9 {
        times.push(good(server, port).await);
    }
    times.sort();
    times[times.len() / 2]
}

#[tokio::test]
async fn two_hundred_slow_peers_keep_nobody_waiting_and_leave_nothing() {
    let pki = Pki::new();
    let peer = nginx(&pki, "");
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let slow = [silent.local_addr().unwrap().port(), dribbling_peer()];
    let server = Process::start(pki.path(), &RAISED);
    let alone = median_of_good(&server, peer.port).await;
    let before = holds(&server);

    let mut sockets = Vec::new();
    for number in 0..AT_ONCE {
        sockets.push(begin(&server, slow[number % 2]).await);
    }
    assert_eq!(open_probes(&server), AT_ONCE);
    let during = holds(&server);
    // The WebSocket and the connection to the peer, which two file descriptors may hold.
    assert!((2 * AT_ONCE..5 * AT_ONCE).contains(&(during.files - before.files)), "{before:?} {during:?}");
    let beside = median_of_good(&server, peer.port).await;
    assert!(beside < 5 * alone + Duration::from_millis(250), "{beside:?} beside the others, {alone:?} alone");
    let each = during.kilobytes.saturating_sub(before.kilobytes) as f64 / AT_ONCE as f64;
    let files = (during.files - before.files) as f64 / AT_ONCE as f64;
    println!(
        "{AT_ONCE} open probes: {each:.0} KB and {files:.1} files each; a good one takes {alone:?} alone, {beside:?} beside them"
    );
    assert!(each < 250.0, "{each} KB for each probe: {before:?} {during:?}");

    // Half of the pages go, without a word; then all.
    let gone = Instant::now();
    sockets.truncate(AT_ONCE / 2);
    wait_until("half are free", || open_probes(&server) == AT_ONCE / 2);
    drop(sockets);
    wait_until("all are free", || open_probes(&server) == 0 && holds(&server).files <= before.files);
    println!("all are free {:?} after that", gone.elapsed());
    // Threads that have nothing to do end after ten seconds.
    wait_until("the threads are gone", || holds(&server).threads <= before.threads + 2);
}

#[tokio::test]
async fn a_page_that_goes_frees_its_probe_within_a_second() {
    let pki = Pki::new();
    let server = Process::start(pki.path(), &[]);
    let before = holds(&server);
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let mut fastest = Duration::MAX;
    // A machine may be busy once.
    for _ in 0..3 {
        let socket = begin(&server, port).await;
        let (mut stream, _) = silent.accept().unwrap();
        let seen = std::thread::spawn(move || {
            let _ = stream.read_to_end(&mut Vec::new());
            Instant::now()
        });
        let gone = Instant::now();
        drop(socket);
        let closed = seen.join().unwrap();
        wait_until("its files are closed", || holds(&server).files <= before.files);
        fastest = fastest.min(closed.max(Instant::now()).duration_since(gone));
    }
    println!("a page goes: all is free {fastest:?} after that");
    assert!(fastest < Duration::from_secs(1), "{fastest:?}");
    assert_eq!(open_probes(&server), 0);
}

/// `POST /api/probe` on a connection of its own; the verdict.
async fn ask(server: &Process, body: &Value) -> Value {
    let body = body.to_string();
    let address = server.address;
    let request = format!(
        "POST /api/probe HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let report: Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"));
    report["verdict"]["kind"].clone()
}

/// Makes so many probes, eight at a time: those of pages and those of scripts in turn.
async fn row(server: &Arc<Process>, port: u16, root: &str, count: usize) {
    let made = Arc::new(AtomicUsize::new(0));
    let mut workers = JoinSet::new();
    for _ in 0..8 {
        let (server, made) = (Arc::clone(server), Arc::clone(&made));
        let script = json!({ "host": "localhost", "port": port, "route": { "family": "v4" }, "trust": { "certificates": [root] } });
        workers.spawn(async move {
            loop {
                match made.fetch_add(1, Ordering::Relaxed) {
                    number if number >= count => return,
                    number if number % 2 == 0 => assert_eq!(ask(&server, &script).await, "reached"),
                    _ => {
                        good(&server, port).await;
                    }
                }
            }
        });
    }
    while let Some(ended) = workers.join_next().await {
        ended.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_in_a_row_leave_nothing_behind() {
    let pki = Pki::new();
    let peer = nginx(&pki, "");
    let root = std::fs::read_to_string(pki.file("root.pem")).unwrap();
    let server = Arc::new(Process::start(pki.path(), &[]));
    let idle = holds(&server);
    row(&server, peer.port, &root, WARM_UP).await;
    let warm = holds(&server);
    let begun = Instant::now();
    row(&server, peer.port, &root, IN_A_ROW).await;
    let after = holds(&server);
    println!(
        "{IN_A_ROW} probes in a row in {:?}: {} KB resident before, {} KB after",
        begun.elapsed(),
        warm.kilobytes,
        after.kilobytes
    );
    assert!(after.kilobytes < warm.kilobytes + 10 * 1024, "{warm:?} {after:?}");
    wait_until("no socket is left", || open_probes(&server) == 0 && holds(&server).files <= idle.files);
    wait_until("no thread is left", || holds(&server).threads <= idle.threads + 2);
}
