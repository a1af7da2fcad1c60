//! HTTPS of the server's own, by curl, openssl and a WebSocket; certificates that are replaced under load.

use std::fs::{self, Permissions};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use certwright_protocol::conversation::{FromServer, ServerEvent, ToServer, Versions};
use futures_util::{SinkExt, StreamExt};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio_rustls::TlsConnector;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::common::process::{Process, wait_until};
use crate::common::{P256, Pki, s_server, target};

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
