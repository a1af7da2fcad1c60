//! `certwright serve` as a process.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn certwright(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_certwright"))
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn it_says_where_it_is_and_ends_on_a_signal() {
    for signal in ["-INT", "-TERM"] {
        let mut server = certwright(&["serve", "--listen", "127.0.0.1:0"]);
        let mut out = BufReader::new(server.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("http://").unwrap().strip_suffix('/').unwrap();
        let address: SocketAddr = address.parse().unwrap();

        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.ends_with("ok"));

        assert!(Command::new("kill").args([signal, &server.id().to_string()]).status().unwrap().success());
        let begun = Instant::now();
        assert_eq!(server.wait().unwrap().code(), Some(0));
        assert!(begun.elapsed() < Duration::from_secs(5));
        let mut rest = String::new();
        out.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "", "one line on standard output and no more");
    }
}

#[test]
fn a_taken_port_is_said_in_a_sentence() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let output = certwright(&["serve", "--listen", &address.to_string()]).wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains(&format!("Port {} on 127.0.0.1 is taken", address.port())), "{said}");
    assert!(output.stdout.is_empty());
}

#[test]
fn wrong_usage_is_status_2() {
    for arguments in [
        &[][..],
        &["serve", "--listen", "nonsense"],
        &["serve", "--allow", "10.0.0.0/99"],
        &["serve", "--max-probes", "0"],
        &["serve", "--nonsense"],
    ] {
        let output = certwright(arguments).wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty());
    }
}
