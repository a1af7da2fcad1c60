//! Fetching of certificates and revocation lists: what is passed on, what is refused, and who may ask. The other side is a socket that answers
//! as it is told, and openssl and nginx where TLS is spoken.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

mod common;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use certwright_protocol::conversation::{ProbeFailure, RefusedTarget};
use certwright_protocol::fetch::{FETCH_PATH, FetchFailure, FetchRequest};
use certwright_server::app::Config;
use certwright_server::fetch::Limits;
use certwright_server::policy::Lists;
use common::http::{Answer, Server, start};
use common::{Pki, free_port, nginx, openssl, s_server};

/// What came for a fetch.
#[derive(Debug, PartialEq, Eq)]
enum Fetched {
    Octets(Vec<u8>),
    Failure(u16, FetchFailure),
}

use Fetched::{Failure, Octets};

/// Asks as the page does.
async fn fetch(server: &Server, url: &str) -> Fetched {
    let address = server.address;
    let body = serde_json::to_string(&FetchRequest { url: url.to_owned() }).unwrap();
    let request =
        request(address, &format!("Origin: http://{address}\r\nContent-Type: application/json\r\n"), &body);
    let octets = tokio::task::spawn_blocking(move || exchange(address, &request)).await.unwrap();
    let split = octets.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    let head = Answer(String::from_utf8(octets[..split].to_vec()).unwrap());
    let body = &octets[split..];
    assert!(head.field("content-security-policy").is_some());
    match (head.status(), head.field("content-type")) {
        (200, Some("application/octet-stream")) => {
            assert_eq!(head.field("content-length"), Some(body.len().to_string().as_str()));
            Octets(body.to_vec())
        }
        (status, Some("application/json")) => Failure(status, serde_json::from_slice(body).unwrap()),
        other => panic!("{other:?}"),
    }
}

fn request(address: SocketAddr, fields: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {FETCH_PATH} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n{fields}\r\n{body}"
    )
}

fn exchange(address: SocketAddr, request: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    answer
}

/// A peer that answers one connection with these octets, and tells what it was asked.
fn says(answer: impl Into<Vec<u8>>) -> (u16, std::thread::JoinHandle<String>) {
    let answer = answer.into();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let asked = read_head(&mut stream);
        // The other side may hang up before it has read everything.
        let _ = stream.write_all(&answer);
        asked
    });
    (port, thread)
}

fn not_reached(failure: ProbeFailure) -> Fetched {
    Failure(502, FetchFailure::NotReached { failure })
}

fn bad(failure: FetchFailure) -> Fetched {
    Failure(502, failure)
}

/// A peer that answers every connection by the path that is asked for, until the tests end.
fn publisher(answers: Vec<(String, Vec<u8>)>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let asked = read_head(&mut stream);
            let path = asked.split(' ').nth(1).unwrap_or_default();
            let answer = answers.iter().find(|(known, _)| known == path).map(|(_, answer)| answer.as_slice());
            let _ =
                stream.write_all(answer.unwrap_or(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
        }
    });
    port
}

/// A peer that says something every tenth of a second, and does not get far.
fn slow_peer() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut rest = file(&[0x30; 1000]).into_iter();
        while rest.next().is_some_and(|byte| stream.write_all(&[byte]).is_ok()) {
            std::thread::sleep(Duration::from_millis(100));
        }
    });
    port
}

/// Everything up to the blank line.
fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

fn file(octets: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n", octets.len());
    [head.as_bytes(), octets].concat()
}

fn redirect(status: u16, location: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n").into_bytes()
}

fn at(path: &str, answer: Vec<u8>) -> (String, Vec<u8>) {
    (path.to_owned(), answer)
}

#[tokio::test]
async fn certificates_are_fetched_in_every_form() {
    let pki = Pki::new();
    let pkcs7 = ["crl2pkcs7", "-nocrl", "-certfile", "root.pem", "-outform", "DER"];
    let (der, pem, pkcs7) =
        (pki.der("root"), std::fs::read(pki.file("root.pem")).unwrap(), openssl(pki.path(), &pkcs7));
    let port = publisher(vec![
        at("/root.cer", file(&der)),
        at("/root.cer?x=1", file(&der)),
        at("/root.pem", file(&pem)),
        at("/root.p7c", file(&pkcs7)),
        at("/My%20CA(1).crt", file(&der)),
    ]);
    let server = start(Config::default()).await;
    for (path, octets) in [
        ("root.cer", &der),
        ("root.cer?x=1#fragment", &der),
        ("root.pem", &pem),
        ("root.p7c", &pkcs7),
        ("My CA(1).crt", &der),
    ] {
        let fetched = fetch(&server, &format!("http://127.0.0.1:{port}/{path}")).await;
        assert_eq!(fetched, Octets(octets.clone()), "{path}");
    }
    let by_name = fetch(&server, &format!("http://localhost:{port}/root.cer")).await;
    assert_eq!(by_name, Octets(der));
    server.stop().await;
}

#[tokio::test]
async fn https_is_spoken_with_anybody() {
    let pki = Pki::new();
    std::fs::write(pki.file("root.cer"), pki.der("root")).unwrap();
    let server = start(Config::default()).await;
    for version in ["-tls1_2", "-tls1_3"] {
        // Its certificate is of an authority that nobody knows.
        let peer = s_server(&pki, "server", &["-WWW", version]);
        for host in ["localhost", "127.0.0.1"] {
            let fetched = fetch(&server, &format!("https://{host}:{}/root.cer", peer.port)).await;
            assert_eq!(fetched, Octets(pki.der("root")), "{host} {version}");
        }
        let missing = fetch(&server, &format!("https://localhost:{}/no-such-file", peer.port)).await;
        assert_eq!(missing, bad(FetchFailure::NotACertificate), "openssl says that with status 200");
    }
    let plain = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = plain.local_addr().unwrap().port();
    std::thread::spawn(move || plain.accept().unwrap().0.write_all(b"220 mail.example ESMTP\r\n"));
    let fetched = fetch(&server, &format!("https://127.0.0.1:{port}/root.cer")).await;
    assert!(matches!(fetched, Failure(502, FetchFailure::TlsFailed { .. })), "{fetched:?}");
    server.stop().await;
}

#[tokio::test]
async fn nginx_publishes_a_certificate() {
    let pki = Pki::new();
    std::fs::write(pki.file("root.cer"), pki.der("root")).unwrap();
    let lines = format!(
        "root {}; location = /root.cer {{ }} location = /moved {{ return 302 https://$http_host/root.cer; }}",
        pki.path().display()
    );
    let peer = nginx(&pki, &lines);
    let server = start(Config::default()).await;
    for path in ["root.cer", "moved"] {
        let fetched = fetch(&server, &format!("https://localhost:{}/{path}", peer.port)).await;
        assert_eq!(fetched, Octets(pki.der("root")), "{path}");
    }
    // A page of text, and the answer of an HTTPS port to plain HTTP.
    let page = fetch(&server, &format!("https://localhost:{}/", peer.port)).await;
    assert_eq!(page, bad(FetchFailure::NotACertificate));
    let plain = fetch(&server, &format!("http://localhost:{}/root.cer", peer.port)).await;
    assert_eq!(plain, bad(FetchFailure::Status { status: 400 }));
    server.stop().await;
}

#[tokio::test]
async fn only_certificates_and_lists_are_passed_on() {
    let pki = Pki::new();
    let packed =
        std::process::Command::new("gzip").arg("-c").arg(pki.file("root.pem")).output().unwrap().stdout;
    let gzip = [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n".as_slice(), &packed].concat();
    let key = ["pkcs8", "-topk8", "-nocrypt", "-in", "root.key", "-outform", "DER"];
    let port = publisher(vec![
        at("/page", file(b"<!doctype html><title>A web page</title>")),
        at("/key.pem", file(&std::fs::read(pki.file("root.key")).unwrap())),
        at("/key.der", file(&openssl(pki.path(), &key))),
        at("/packed", gzip),
        at("/nothing", file(b"")),
    ]);
    let server = start(Config::default()).await;
    for path in ["page", "key.pem", "key.der", "packed", "nothing"] {
        let fetched = fetch(&server, &format!("http://127.0.0.1:{port}/{path}")).await;
        assert_eq!(fetched, bad(FetchFailure::NotACertificate), "{path}");
    }
    let missing = fetch(&server, &format!("http://127.0.0.1:{port}/no-such-file")).await;
    assert_eq!(missing, bad(FetchFailure::Status { status: 404 }));
    server.stop().await;
}

#[tokio::test]
async fn the_other_side_learns_nothing_about_the_browser() {
    let (port, asked) = says(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nSet-Cookie: a=b\r\n\r\n2\r\n0\x02\r\n2;x=y\r\n0\0\r\n0\r\nTrailer: x\r\n\r\n",
    );
    let server = start(Config::default()).await;
    let address = server.address;
    let body = format!(r#"{{"url":"http://127.0.0.1:{port}/a%0d%0aX:%20y?b c"}}"#);
    let fields = format!(
        "Origin: http://{address}\r\nContent-Type: application/json\r\nCookie: secret=1\r\nAuthorization: Basic c2VjcmV0\r\nReferer: http://{address}/x\r\nX-Own: 1\r\n"
    );
    let request = request(address, &fields, &body);
    let answer = tokio::task::spawn_blocking(move || exchange(address, &request)).await.unwrap();
    // The pieces were put together, and nothing else of the answer is passed on.
    assert!(answer.ends_with(b"\r\n\r\n0\x020\0"), "{}", String::from_utf8_lossy(&answer));
    assert!(!String::from_utf8_lossy(&answer).to_ascii_lowercase().contains("set-cookie"));
    let asked = asked.join().unwrap();
    assert_eq!(
        asked.to_ascii_lowercase(),
        format!(
            "get /a%0d%0ax:%20y?b%20c http/1.1\r\nhost: 127.0.0.1:{port}\r\nuser-agent: certwright\r\naccept: */*\r\n\
             accept-encoding: identity\r\nconnection: close\r\n\r\n"
        )
    );
    server.stop().await;
}

#[tokio::test]
async fn redirects_are_followed_and_judged() {
    let pki = Pki::new();
    let port = publisher(vec![
        at("/root.cer", file(&pki.der("root"))),
        at("/1", redirect(302, "/2")),
        at("/2", redirect(301, "root.cer")),
        at("/3", redirect(303, "/1")),
        at("/4", redirect(308, "/3")),
        at("/loop", redirect(307, "/loop")),
        at("/file", redirect(302, "file:///etc/passwd")),
        at("/user", redirect(302, "http://a@127.0.0.1/")),
        at("/metadata", redirect(302, "http://169.254.169.254/latest/")),
        at("/zero", redirect(302, "http://0.0.0.0/")),
    ]);
    let server = start(Config::default()).await;
    let url = |path: &str| format!("http://127.0.0.1:{port}/{path}");
    assert_eq!(fetch(&server, &url("1")).await, Octets(pki.der("root")));
    assert_eq!(fetch(&server, &url("3")).await, Octets(pki.der("root")));
    assert_eq!(fetch(&server, &url("4")).await, bad(FetchFailure::TooManyRedirects { limit: 3 }));
    assert_eq!(fetch(&server, &url("loop")).await, bad(FetchFailure::TooManyRedirects { limit: 3 }));
    for path in ["file", "user"] {
        assert_eq!(fetch(&server, &url(path)).await, Failure(400, FetchFailure::BadAddress), "{path}");
    }
    for (path, address, reason) in [
        ("metadata", "169.254.169.254", RefusedTarget::Metadata),
        ("zero", "0.0.0.0", RefusedTarget::Unspecified),
    ] {
        let refused = ProbeFailure::TargetRefused { address: address.parse().unwrap(), reason };
        assert_eq!(fetch(&server, &url(path)).await, not_reached(refused), "{path}");
    }
    // The server does not fetch from itself, also when it is sent there.
    let own = server.address;
    let (port, _) = says(redirect(302, &format!("http://{own}/")));
    let itself = ProbeFailure::TargetRefused { address: own.ip(), reason: RefusedTarget::Itself };
    assert_eq!(fetch(&server, &format!("http://127.0.0.1:{port}/")).await, not_reached(itself));
    server.stop().await;
}

/// Whoever serves strangers fetches from global addresses and from what the operator allows, also where a redirect or a name leads there.
#[tokio::test]
async fn strangers_are_kept_from_this_network() {
    let pki = Pki::new();
    let port = publisher(vec![at("/root.cer", file(&pki.der("root")))]);
    let hosts = vec!["tools.example".to_owned()];
    let server = start(Config { hosts: hosts.clone(), ..Config::default() }).await;
    let loopback = ProbeFailure::TargetRefused {
        address: "127.0.0.1".parse().unwrap(),
        reason: RefusedTarget::Loopback,
    };
    for host in ["127.0.0.1", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"] {
        let fetched = fetch(&server, &format!("http://{host}:{port}/root.cer")).await;
        assert_eq!(fetched, not_reached(loopback.clone()), "{host}");
    }
    let named = fetch(&server, &format!("http://localhost:{port}/root.cer")).await;
    assert!(
        matches!(
            &named,
            Failure(_, FetchFailure::NotReached { failure: ProbeFailure::TargetRefused { .. } })
        ),
        "{named:?}"
    );
    // An address that may be connected to, at a port that may not. No packet is sent there.
    let begun = Instant::now();
    let mail = fetch(&server, "http://8.8.8.8:25/").await;
    assert_eq!(mail, bad(FetchFailure::PortRefused { port: 25 }));
    assert!(begun.elapsed() < Duration::from_secs(1));
    server.stop().await;

    let lists = Lists { allow: vec!["127.0.0.1/32".parse().unwrap()], ..Lists::default() };
    let server = start(Config { hosts, lists, ..Config::default() }).await;
    assert_eq!(fetch(&server, &format!("http://127.0.0.1:{port}/root.cer")).await, Octets(pki.der("root")));
    let (port, _) = says(redirect(302, "http://127.0.0.2/"));
    let refused = ProbeFailure::TargetRefused {
        address: "127.0.0.2".parse().unwrap(),
        reason: RefusedTarget::Loopback,
    };
    assert_eq!(fetch(&server, &format!("http://127.0.0.1:{port}/")).await, not_reached(refused));
    server.stop().await;
}

#[tokio::test]
async fn large_files_end_at_the_limit() {
    let server =
        start(Config { fetch: Limits { octets: 3_000_000, ..Limits::default() }, ..Config::default() }).await;
    let list = |content: usize| {
        let mut octets = vec![0x30, 0x83];
        octets.extend(&u32::try_from(content).unwrap().to_be_bytes()[1..]);
        octets.push(0x30);
        octets.resize(5 + content, 0);
        octets
    };
    let whole = list(3_000_000 - 5);
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", whole.len());
    let (port, _) = says([head.as_bytes(), &whole].concat());
    assert_eq!(fetch(&server, &format!("http://127.0.0.1:{port}/")).await, Octets(whole));

    let too_large = || bad(FetchFailure::TooLarge { limit: 3_000_000 });
    // Announced; nothing of it is read.
    let (port, _) = says("HTTP/1.1 200 OK\r\nContent-Length: 3000001\r\n\r\n");
    assert_eq!(fetch(&server, &format!("http://127.0.0.1:{port}/")).await, too_large());
    // Not announced.
    let (port, _) = says([b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &list(4_000_000)].concat());
    assert_eq!(fetch(&server, &format!("http://127.0.0.1:{port}/")).await, too_large());
    server.stop().await;
}

#[tokio::test]
async fn slow_and_odd_peers_come_to_an_end() {
    let total = Duration::from_secs(2);
    let server = start(Config { fetch: Limits { total, ..Limits::default() }, ..Config::default() }).await;
    let begun = Instant::now();
    let slow = slow_peer();
    let fetched = fetch(&server, &format!("http://127.0.0.1:{slow}/")).await;
    assert_eq!(fetched, Failure(504, FetchFailure::TimedOut { seconds: 2 }));
    // Nobody answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    for scheme in ["http", "https"] {
        let fetched = fetch(&server, &format!("{scheme}://127.0.0.1:{port}/")).await;
        assert_eq!(fetched, Failure(504, FetchFailure::TimedOut { seconds: 2 }), "{scheme}");
    }
    assert!(begun.elapsed() < 4 * total, "{:?}", begun.elapsed());

    for (answer, expected) in [
        ("", FetchFailure::BrokenOff),
        ("220 mail.example ESMTP\r\n", FetchFailure::BrokenOff),
        ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0\x02", FetchFailure::BrokenOff),
        ("HTTP/1.1 204 No Content\r\n\r\n", FetchFailure::Status { status: 204 }),
        ("HTTP/1.1 206 Partial Content\r\nContent-Length: 0\r\n\r\n", FetchFailure::Status { status: 206 }),
    ] {
        let (port, _) = says(answer);
        assert_eq!(fetch(&server, &format!("http://127.0.0.1:{port}/")).await, bad(expected), "{answer}");
    }
    let (port, _) = says("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(
        fetch(&server, &format!("http://127.0.0.1:{port}/")).await,
        Failure(400, FetchFailure::BadAddress)
    );
    let (port, _) = says(format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(4_000_000)));
    assert_eq!(fetch(&server, &format!("http://127.0.0.1:{port}/")).await, bad(FetchFailure::BrokenOff));

    let closed = free_port();
    let address = SocketAddr::from(([127, 0, 0, 1], closed));
    assert_eq!(
        fetch(&server, &format!("http://127.0.0.1:{closed}/")).await,
        not_reached(ProbeFailure::ConnectionRefused { address })
    );
    server.stop().await;
}

#[tokio::test]
async fn other_sites_may_not_have_anything_fetched() {
    let server = start(Config::default()).await;
    let address = server.address;
    let body = r#"{"url":"http://127.0.0.1:1/"}"#;
    let json = "Content-Type: application/json\r\n";
    let own = format!("Origin: http://{address}\r\n");
    for (fields, body, status) in [
        (format!("{own}{json}"), body, 502),
        (format!("{own}Content-Type: application/json; charset=utf-8\r\n"), body, 502),
        (json.to_owned(), body, 403),
        (format!("{json}Origin: http://evil.example\r\n"), body, 403),
        (format!("{json}Origin: null\r\n"), body, 403),
        (format!("{own}{json}Sec-Fetch-Site: cross-site\r\n"), body, 403),
        // What a form of another site could send.
        (format!("{own}Content-Type: text/plain\r\n"), body, 415),
        (own.clone(), body, 415),
        (format!("{own}{json}"), "{}", 400),
        (format!("{own}{json}"), "nonsense", 400),
        (format!("{own}{json}"), r#"{"url":"ftp://127.0.0.1/"}"#, 400),
    ] {
        let answer = Answer(server.raw(request(address, &fields, body)).await);
        assert_eq!(answer.status(), status, "{fields}{body}");
    }
    let long = format!(r#"{{"url":"http://127.0.0.1/{}"}}"#, "a".repeat(100_000));
    assert_eq!(Answer(server.raw(request(address, &format!("{own}{json}"), &long)).await).status(), 400);
    let get = server.get(FETCH_PATH, &own).await;
    assert_eq!(get.status(), 405);
    let rebound = request(address, json, body).replace(&address.to_string(), "evil.example");
    assert_eq!(Answer(server.raw(rebound).await).status(), 421);
    server.stop().await;
}

#[tokio::test]
async fn no_more_fetches_than_allowed() {
    let server = start(Config { max_probes_per_client: 1, ..Config::default() }).await;
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let second = async {
        let (held, _) = tokio::task::spawn_blocking(move || silent.accept().unwrap()).await.unwrap();
        let fetched = fetch(&server, "http://127.0.0.1:1/").await;
        assert_eq!(fetched, Failure(429, FetchFailure::Busy { limit: 1 }));
        drop(held);
    };
    let (first, ()) = tokio::join!(fetch(&server, &url), second);
    assert_eq!(first, bad(FetchFailure::BrokenOff));
    assert_eq!(
        fetch(&server, "ftp://a/").await,
        Failure(400, FetchFailure::BadAddress),
        "there is room again"
    );
    server.stop().await;
}

#[tokio::test]
async fn the_end_stops_running_fetches() {
    let server = start(Config { drain: Duration::ZERO, ..Config::default() }).await;
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, url) = (server.address, format!("http://{}/", silent.local_addr().unwrap()));
    let body = serde_json::to_string(&FetchRequest { url }).unwrap();
    let fields = format!("Origin: http://{address}\r\nContent-Type: application/json\r\n");
    let request = request(address, &fields, &body);
    let asking = tokio::task::spawn_blocking(move || exchange(address, &request));
    let _held = tokio::task::spawn_blocking(move || silent.accept().unwrap()).await.unwrap();
    let begun = Instant::now();
    server.stop().await;
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    let answer = String::from_utf8(asking.await.unwrap()).unwrap();
    assert!(answer.starts_with("HTTP/1.1 503") && answer.ends_with(r#"{"kind":"stopped"}"#), "{answer}");
}

/// A browser that does not take its file loses it, and its place is free again.
#[tokio::test]
async fn files_that_nobody_takes_are_dropped() {
    let limits = Limits { delivery: Duration::from_millis(500), ..Limits::default() };
    let server = start(Config { fetch: limits, max_probes_per_client: 1, ..Config::default() }).await;
    let mut octets = vec![0x30, 0x83, 0xe0, 0, 0, 0x30];
    octets.resize(5 + 0xe0_0000, 0);
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", octets.len());
    let (port, _) = says([head.as_bytes(), &octets].concat());
    let address = server.address;
    let body = format!(r#"{{"url":"http://127.0.0.1:{port}/"}}"#);
    let fields = format!("Origin: http://{address}\r\nContent-Type: application/json\r\n");
    let request = request(address, &fields, &body);
    let taken = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.read_exact(&mut [0; 12]).unwrap();
        std::thread::sleep(Duration::from_millis(1500));
        let mut rest = Vec::new();
        // The connection breaks: less came than was announced.
        let _ = stream.read_to_end(&mut rest);
        rest.len()
    });
    tokio::time::sleep(Duration::from_millis(1200)).await;
    assert_eq!(fetch(&server, "ftp://a/").await, Failure(400, FetchFailure::BadAddress), "its place is free");
    assert!(taken.await.unwrap() < 0xe0_0000);
    server.stop().await;
}
