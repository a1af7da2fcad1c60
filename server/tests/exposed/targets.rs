//! Targets that the operator closes, on every way to them.

use std::io::{Read, Write};
use std::net::{TcpListener, UdpSocket};
use std::path::Path;
use std::process::Command;

use certwright_protocol::Password;
use certwright_protocol::conversation::{
    ProbeFailure, Proxy, ProxyCredentials, ProxyKind, RefusedTarget, Route, Target, Versions,
};

use crate::common::daemons::{dnsmasq, microsocks};
use crate::common::process::{Process, probe};
use crate::common::{Pki, failure, s_server, target};
use crate::silent_peer;

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

/// A proxy is a target itself, and what is behind it is judged before it is asked for.
#[tokio::test]
async fn lists_hold_for_proxies() {
    let folder = tempfile::tempdir().unwrap();
    let (port, peer) = silent_peer();
    peer.set_nonblocking(true).unwrap();
    let proxy = Proxy { kind: ProxyKind::HttpConnect, host: "127.0.0.1".into(), port, credentials: None };
    let through = Route { proxy: Some(proxy), ..Route::default() };
    let port = port.to_string();
    for (arguments, expected) in [
        (&["--deny-host", "localhost"][..], RefusedTarget::Denied),
        (&["--deny-port", "443"], RefusedTarget::Denied),
        (&["--deny-port", &port], RefusedTarget::Denied),
        (&["--deny", "127.0.0.1"], RefusedTarget::Denied),
        (&["--host", "tools.example"], RefusedTarget::Loopback),
    ] {
        let server = Process::start(folder.path(), arguments);
        let mut socket = server.open(None).await.unwrap();
        let behind = Target { route: through.clone(), ..Target::new("localhost", 443) };
        let events = probe(&mut socket, behind).await;
        let Some(ProbeFailure::TargetRefused { reason, .. }) = failure(&events) else { panic!("{events:?}") };
        assert_eq!(*reason, expected, "{arguments:?}");
        assert!(peer.accept().is_err(), "{arguments:?}: nobody was connected to");
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

/// A name service that says something else every time: addresses of loopback, in turn. Needs port 53 of an address that nobody else uses.
fn changing_names(addresses: [[u8; 4]; 2]) -> std::io::Result<()> {
    let socket = UdpSocket::bind((NAME_SERVICE, 53))?;
    std::thread::spawn(move || {
        let (mut question, mut asked) = ([0; 512], 0);
        while let Ok((length, client)) = socket.recv_from(&mut question) {
            // RFC 1035 section 4.1: twelve octets of header, the name, its type and class.
            let Some(end) =
                question[12..length].iter().position(|octet| *octet == 0).map(|zero| 12 + zero + 5)
            else {
                continue;
            };
            let is_a = question[end - 4..end - 2] == [0, 1];
            let mut answer = question[..end].to_vec();
            answer[2..12].copy_from_slice(&[0x84, 0x80, 0, 1, 0, u8::from(is_a), 0, 0, 0, 0]);
            if is_a {
                // The name again, type A, class IN, to be forgotten at once.
                answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
                answer.extend(addresses[asked % 2]);
                asked += 1;
            }
            let _ = socket.send_to(&answer, client);
        }
    });
    Ok(())
}

const NAME_SERVICE: &str = "127.0.0.77";

/// What goes before a server that asks this name service alone. For that the test has to be allowed to mount a file over another, and to listen on port 53: as
/// root it is.
fn asking(name_service: &str, folder: &Path) -> [String; 5] {
    std::fs::write(folder.join("resolv.conf"), format!("nameserver {name_service}\n")).unwrap();
    std::fs::write(folder.join("nsswitch.conf"), "hosts: dns\n").unwrap();
    let mount = "mount --bind resolv.conf /etc/resolv.conf && mount --bind nsswitch.conf /etc/nsswitch.conf";
    let may_mount = Command::new("unshare").args(["--mount", "sh", "-c", mount]).current_dir(folder).status();
    assert!(
        may_mount.is_ok_and(|status| status.success()),
        "a mount namespace can be made: run this as root"
    );
    let run = format!("{mount} && exec \"$0\" \"$@\"");
    ["unshare".to_owned(), "--mount".to_owned(), "sh".to_owned(), "-c".to_owned(), run]
}

/// DNS rebinding: a name that is allowed when it is judged leads nowhere else when it is connected to.
#[tokio::test]
async fn a_name_that_changes_leads_only_where_it_was_judged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let within = asking(NAME_SERVICE, path);
    changing_names([[127, 0, 0, 1], [127, 0, 0, 2]]).expect("port 53 of an address of loopback is free");
    let pki = Pki::new();
    let peer = s_server(&pki, "server", &[]);
    let closed = TcpListener::bind(("127.0.0.2", peer.port)).unwrap();
    closed.set_nonblocking(true).unwrap();
    let server =
        Process::start_within(&within.each_ref().map(String::as_str), path, &["--deny", "127.0.0.2"]);
    let (mut reached, mut refused) = (0, 0);
    for _ in 0..20 {
        let mut socket = server.open(None).await.unwrap();
        let changing = Target { host: "changing.example".into(), ..target(peer.port, Versions::Both, false) };
        let events = probe(&mut socket, changing).await;
        match failure(&events) {
            None => reached += 1,
            Some(ProbeFailure::TargetRefused { reason: RefusedTarget::Denied, .. }) => refused += 1,
            other => panic!("{other:?}"),
        }
        assert!(closed.accept().is_err(), "nobody was connected to where it is closed");
    }
    assert_eq!((reached, refused), (10, 10));
}

/// The same with dnsmasq: somebody changes what a name stands for between two connections of one conversation, and between what was fetched before and
/// what is fetched now; directly, through a proxy, by the address in a certificate, and behind a redirect.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_is_changed_is_judged_anew_at_every_door() {
    const OPEN: &str = "127.0.0.1 erp.example ca.example";
    const CLOSED: &str = "127.0.0.2 erp.example ca.example";
    let pki = Pki::new();
    let names = dnsmasq(&pki, "127.0.0.78", OPEN, None);
    let peer = s_server(&pki, "server", &[]);
    let proxy = microsocks(&pki);
    let authority = publisher(std::fs::read(pki.file("root.pem")).unwrap());
    let closed = [peer.port, authority].map(|port| {
        let closed = TcpListener::bind(("127.0.0.2", port)).unwrap();
        closed.set_nonblocking(true).unwrap();
        closed
    });
    let nobody_came =
        || assert!(closed.iter().all(|closed| closed.accept().is_err()), "a closed one was reached");
    let within = asking("127.0.0.78", pki.path());
    let deny = ["--deny", "127.0.0.2", "--rate-per-client", "0"];
    let server = Process::start_within(&within.each_ref().map(String::as_str), pki.path(), &deny);
    let direct = Target { host: "erp.example".into(), ..target(peer.port, Versions::Both, false) };
    let credentials = ProxyCredentials { user: "me".into(), password: Password::new("hunter2") };
    let by_proxy = Proxy {
        kind: ProxyKind::Socks5,
        host: "127.0.0.1".into(),
        port: proxy.ports[0],
        credentials: Some(credentials),
    };
    let proxied = Target { route: Route { proxy: Some(by_proxy), ..Route::default() }, ..direct.clone() };
    let origin = format!("Origin: http://{}", server.address);
    let fetch = |host: &str, path: &str| {
        let url = format!(r#"{{"url":"http://{host}:{authority}/{path}"}}"#);
        server.curl("/api/fetch", &["-H", "Content-Type: application/json", "-d", &url, "-H", &origin])
    };

    let mut socket = server.open(None).await.unwrap();
    for there in [&direct, &proxied] {
        names.change(OPEN);
        assert_eq!(failure(&probe(&mut socket, there.clone()).await), None);
        names.change(CLOSED);
        let events = probe(&mut socket, there.clone()).await;
        let Some(ProbeFailure::TargetRefused { reason, .. }) = failure(&events) else { panic!("{events:?}") };
        assert_eq!(*reason, RefusedTarget::Denied);
        nobody_came();
    }
    for (host, path) in [("ca.example", "a.cer"), ("127.0.0.1", "redirect")] {
        names.change(OPEN);
        assert_eq!(fetch(host, path).0, 200, "{path}");
        names.change(CLOSED);
        let (status, _, body) = fetch(host, path);
        assert!(status == 502 && body.contains("\"denied\""), "{path}: {body}");
        nobody_came();
    }

    // One name with both addresses leads to the one that is open, and not to the other when that one is down.
    names.change(&format!("{OPEN}\n{CLOSED}"));
    for _ in 0..4 {
        for there in [&direct, &proxied] {
            assert_eq!(failure(&probe(&mut socket, there.clone()).await), None);
        }
        assert_eq!(fetch("ca.example", "a.cer").0, 200);
    }
    drop(peer);
    let events = probe(&mut socket, direct).await;
    assert!(matches!(failure(&events), Some(ProbeFailure::ConnectionRefused { .. })), "{events:?}");
    nobody_came();
}

/// A web server with a certificate in PEM, and an address that leads to the same by the name `ca.example`.
fn publisher(certificate: Vec<u8>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut asked = [0; 4096];
            let length = stream.read(&mut asked).unwrap_or_default();
            let (status, body) = if asked[..length].starts_with(b"GET /redirect ") {
                (format!("302 Found\r\nLocation: http://ca.example:{port}/a.cer"), &[][..])
            } else {
                ("200 OK".to_owned(), &certificate[..])
            };
            let head =
                format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(&[head.as_bytes(), body].concat());
        }
    });
    port
}
