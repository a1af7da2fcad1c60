//! `certwright` as a process: the server, and the files of the command line.

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

fn run(folder: &std::path::Path, arguments: &str) -> std::process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certwright"));
    command.args(arguments.split(' ')).current_dir(folder).stdin(Stdio::null());
    command.output().unwrap()
}

#[test]
fn a_key_is_written_for_its_owner_and_read_from_nobody_else() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key.pem");
    let made = run(folder.path(), "key new --type ec-p256 --out key.pem");
    assert_eq!(made.status.code(), Some(0), "{made:?}");
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);

    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o640)).unwrap();
    let request = "request new --key key.pem --subject CN=client --out client.csr";
    let refused = run(folder.path(), request);
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("mode 0640") && said.trim_end().ends_with("chmod 600 key.pem"), "{said}");
    assert!(!folder.path().join("client.csr").exists());

    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(run(folder.path(), request).status.code(), Some(0));
    let again = run(folder.path(), request);
    let said = String::from_utf8(again.stderr).unwrap();
    assert_eq!(again.status.code(), Some(2));
    assert!(said.contains("“client.csr” is there already"), "{said}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn a_password_may_come_through_a_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_certwright"));
    command.args(["key", "new", "--type", "ed25519", "--out", "key.pem", "--password-file", "/dev/stdin"]);
    let mut child = command
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"secret of the pipe\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let key = std::fs::read_to_string(folder.path().join("key.pem")).unwrap();
    assert!(key.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
}
