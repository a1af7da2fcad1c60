//! Probes of `openssl s_server`: client authentication in both versions, refusals, and servers that are odd.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

mod common;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use certwright_protocol::conversation::{AfterHandshake, ProbeFailure, ServerEvent, TlsVersion, Versions};
use certwright_server::conversation::Limits;
use certwright_server::policy::TargetPolicy;
use common::{
    Browser, P256, P384, Pki, RSA, failure, kinds, openssl, probe, probe_with, s_server, short, target,
};

const ECDSA_P256: u16 = 0x0403;
const ECDSA_P384: u16 = 0x0503;
const RSA_PKCS1: u16 = 0x0401;
const RSA_PSS: u16 = 0x0804;

const DEMANDS: &[&str] = &["-Verify", "3", "-verify_return_error"];

fn after(events: &[ServerEvent]) -> Option<&AfterHandshake> {
    events.iter().find_map(|event| match event {
        ServerEvent::AfterHandshake { sign } => Some(sign),
        _ => None,
    })
}

fn done(events: &[ServerEvent]) -> (TlsVersion, &str) {
    events
        .iter()
        .find_map(|event| match event {
            ServerEvent::HandshakeDone { version, cipher_suite, .. } => {
                Some((*version, cipher_suite.as_str()))
            }
            _ => None,
        })
        .unwrap_or_else(|| panic!("{events:?}"))
}

#[tokio::test]
async fn accepted_with_every_kind_of_key() {
    let pki = Pki::new();
    pki.issue("ec", "root", P256, &[]);
    pki.issue("ec384", "root", P384, &[]);
    pki.issue("rsa", "root", RSA, &[]);
    let server = s_server(&pki, "server", DEMANDS);
    for (version, name, schemes, agreed) in [
        (Versions::Tls13, "ec", &[ECDSA_P256][..], ECDSA_P256),
        (Versions::Tls13, "ec384", &[ECDSA_P384], ECDSA_P384),
        (Versions::Tls13, "rsa", &[RSA_PKCS1, RSA_PSS], RSA_PSS),
        (Versions::Tls12, "ec", &[ECDSA_P256], ECDSA_P256),
        (Versions::Tls12, "ec384", &[ECDSA_P384], ECDSA_P384),
        (Versions::Tls12, "rsa", &[RSA_PKCS1, RSA_PSS], RSA_PKCS1),
        (Versions::Tls12, "rsa", &[RSA_PSS, RSA_PKCS1], RSA_PSS),
    ] {
        let events = probe(target(server.port, version, false), pki.client(name, schemes)).await;
        assert_eq!(failure(&events), None, "{version:?} {name}: {events:?}");
        let wanted = events.iter().find_map(|event| match event {
            ServerEvent::SignatureWanted { scheme, .. } => Some(*scheme),
            _ => None,
        });
        assert_eq!(wanted, Some(agreed), "{version:?} {name}");
        let expected = if version == Versions::Tls13 {
            assert_eq!(done(&events).0, TlsVersion::Tls13);
            assert!(done(&events).1.starts_with("TLS_AES_"), "{events:?}");
            AfterHandshake::SessionTicket
        } else {
            assert_eq!(done(&events).0, TlsVersion::Tls12);
            assert!(done(&events).1.starts_with("TLS_ECDHE_ECDSA_WITH_"), "{events:?}");
            AfterHandshake::NotAwaited
        };
        assert_eq!(after(&events), Some(&expected), "{version:?} {name}");
    }
}

#[tokio::test]
async fn events_come_in_order_and_are_complete() {
    let pki = Pki::new();
    pki.issue("ec", "root", P256, &[]);
    let server = s_server(&pki, "server", DEMANDS);
    let events = probe(target(server.port, Versions::Both, false), pki.client("ec", &[ECDSA_P256])).await;
    let mut kinds = kinds(&events);
    kinds.retain(|&kind| kind != "connecting");
    assert_eq!(
        kinds,
        ["resolved", "connected", "requested", "chain", "signature", "done", "after", "ended"],
        "{events:?}"
    );
    for event in &events {
        match event {
            ServerEvent::ServerChain { certificates, ocsp_staple } => {
                assert_eq!(certificates.first().unwrap().0, pki.der("server"));
                assert_eq!(*ocsp_staple, None);
            }
            ServerEvent::CertificateRequested { authorities, schemes } => {
                assert_eq!(authorities.len(), 1);
                assert!(authorities[0].0.windows(9).any(|window| window == b"Test root"));
                assert!(schemes.contains(&ECDSA_P256) && schemes.contains(&RSA_PSS));
            }
            ServerEvent::SignatureWanted { message, .. } => {
                let mut start = vec![b' '; 64];
                start.extend(b"TLS 1.3, client CertificateVerify\0");
                assert!(message.0.starts_with(&start));
                assert!(matches!(message.0.len() - start.len(), 32 | 48));
            }
            ServerEvent::HandshakeDone { group, alpn, .. } => {
                assert_eq!(group.as_deref(), Some("x25519"));
                assert_eq!(*alpn, None);
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn tls12_signs_the_transcript_that_names_the_host() {
    let pki = Pki::new();
    pki.issue("ec", "root", P256, &[]);
    let server = s_server(&pki, "server", DEMANDS);
    let events = probe(target(server.port, Versions::Tls12, false), pki.client("ec", &[ECDSA_P256])).await;
    let message = events.iter().find_map(|event| match event {
        ServerEvent::SignatureWanted { message, .. } => Some(&message.0),
        _ => None,
    });
    let message = message.unwrap();
    assert_eq!(message.first(), Some(&1), "begins with a ClientHello");
    assert!(message.windows(9).any(|window| window == b"localhost"));
    let certificate = pki.der("server");
    assert!(message.windows(certificate.len()).any(|window| window == certificate));
}

#[tokio::test]
async fn demanded_and_not_given() {
    let pki = Pki::new();
    let server = s_server(&pki, "server", DEMANDS);
    let events = probe(target(server.port, Versions::Tls13, false), Browser::HasNone).await;
    assert_eq!(after(&events), Some(&AfterHandshake::Alert { code: 116 }), "{events:?}");
    assert_eq!(failure(&events), None);
    let events = probe(target(server.port, Versions::Tls12, false), Browser::HasNone).await;
    assert_eq!(failure(&events), Some(&ProbeFailure::Alert { code: 40, after_certificate: false }));
    assert!(kinds(&events).contains(&"chain"));
}

#[tokio::test]
async fn refused_because_of_its_issuer() {
    let pki = Pki::new();
    pki.issue("stranger", "foreign-root", P256, &[]);
    let server = s_server(&pki, "server", DEMANDS);
    let stranger = || pki.client("stranger", &[ECDSA_P256]);
    // Not once but often: the refusal races with our own writes.
    for _ in 0..5 {
        let events = probe(target(server.port, Versions::Tls13, false), stranger()).await;
        assert!(matches!(after(&events), Some(AfterHandshake::Alert { code: 20 | 48 })), "{events:?}");
        assert_eq!(failure(&events), None);
        let events = probe(target(server.port, Versions::Tls12, false), stranger()).await;
        assert!(
            matches!(failure(&events), Some(ProbeFailure::Alert { code: 20 | 48, after_certificate: true })),
            "{events:?}"
        );
    }
}

#[tokio::test]
async fn a_signature_by_another_key_is_refused() {
    let pki = Pki::new();
    pki.issue("one", "root", P256, &[]);
    pki.issue("other", "root", P256, &[]);
    let server = s_server(&pki, "server", DEMANDS);
    let mixed =
        Browser::Signs { chain: vec![pki.der("one")], key: pki.file("other.key"), schemes: vec![ECDSA_P256] };
    let events = probe(target(server.port, Versions::Tls13, false), mixed.clone()).await;
    assert_eq!(after(&events), Some(&AfterHandshake::Alert { code: 51 }), "{events:?}");
    let events = probe(target(server.port, Versions::Tls12, false), mixed).await;
    assert_eq!(failure(&events), Some(&ProbeFailure::Alert { code: 51, after_certificate: true }));
}

#[tokio::test]
async fn nothing_of_the_certificate_is_sent_after_a_decline() {
    let pki = Pki::new();
    pki.issue("ec", "root", P256, &[]);
    for version in [Versions::Tls12, Versions::Tls13] {
        let server = s_server(&pki, "server", &["-Verify", "3", "-msg"]);
        let browser = pki.client("ec", &[ECDSA_P256]).declining();
        let events = probe(target(server.port, version, false), browser).await;
        assert_eq!(failure(&events), Some(&ProbeFailure::SignatureDeclined));
        assert!(kinds(&events).contains(&"chain"));
        // Once the second ClientHello is in the log, all of the first connection is.
        let again = probe(target(server.port, version, false), Browser::HasNone).await;
        assert!(kinds(&again).contains(&"requested"));
        let until = Instant::now() + Duration::from_secs(5);
        let received = loop {
            let log = server.log.lock().unwrap().clone();
            let lines: Vec<_> = log.into_iter().filter(|line| line.starts_with("<<<")).collect();
            let hellos: Vec<_> = (0..lines.len()).filter(|&at| lines[at].ends_with("ClientHello")).collect();
            if let &[first, second] = hellos.as_slice() {
                break lines[first..second].to_vec();
            }
            assert!(Instant::now() < until, "{lines:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        assert!(!received.iter().any(|line| line.contains("Certificate")), "{version:?}: {received:?}");
    }
}

#[tokio::test]
async fn a_silent_browser_ends_the_probe() {
    let pki = Pki::new();
    let server = s_server(&pki, "server", DEMANDS);
    let limits = Limits { browser: Duration::from_millis(300), ..short() };
    for version in [Versions::Tls12, Versions::Tls13] {
        let events = probe_with(
            target(server.port, version, false),
            Browser::IsSilent,
            TargetPolicy::loopback(),
            limits.clone(),
        )
        .await;
        assert_eq!(failure(&events), Some(&ProbeFailure::BrowserSilent { seconds: 1 }));
    }
}

#[tokio::test]
async fn a_server_that_asks_for_nothing_is_not_waited_for() {
    let pki = Pki::new();
    let server = s_server(&pki, "server", &[]);
    let events = probe(target(server.port, Versions::Both, true), Browser::HasNone).await;
    assert_eq!(failure(&events), None);
    assert_eq!(after(&events), Some(&AfterHandshake::NotAwaited));
    assert!(!kinds(&events).contains(&"requested"));
}

#[tokio::test]
async fn a_server_that_says_nothing_more_leaves_it_open() {
    let pki = Pki::new();
    pki.issue("ec", "root", P256, &[]);
    let server = s_server(&pki, "server", &["-Verify", "3", "-num_tickets", "0"]);
    let events = probe(target(server.port, Versions::Tls13, false), pki.client("ec", &[ECDSA_P256])).await;
    assert!(matches!(after(&events), Some(AfterHandshake::Silent { waited_ms: 600..1500 })), "{events:?}");
    assert_eq!(failure(&events), None);
}

#[tokio::test]
async fn versions_that_do_not_meet() {
    let pki = Pki::new();
    let old = s_server(&pki, "server", &["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"]);
    let events = probe(target(old.port, Versions::Both, false), Browser::HasNone).await;
    assert_eq!(failure(&events), Some(&ProbeFailure::VersionTooOld));

    let new = s_server(&pki, "server", &["-tls1_3"]);
    let events = probe(target(new.port, Versions::Tls12, false), Browser::HasNone).await;
    assert_eq!(failure(&events), Some(&ProbeFailure::NothingInCommon { what: "TLS version".to_owned() }));
}

#[tokio::test]
async fn no_cipher_in_common_is_the_servers_alert() {
    let pki = Pki::new();
    pki.issue("rsa", "root", RSA, &[]);
    let server = s_server(&pki, "rsa", &["-tls1_2", "-cipher", "AES128-SHA"]);
    let events = probe(target(server.port, Versions::Both, false), Browser::HasNone).await;
    assert_eq!(failure(&events), Some(&ProbeFailure::Alert { code: 40, after_certificate: false }));
}

/// A certificate that cannot sign as the server wishes is not sent; the browser learns the wish and can say why.
#[tokio::test]
async fn schemes_that_the_key_does_not_have() {
    let pki = Pki::new();
    pki.issue("ec", "root", P256, &[]);
    let only = ["-tls1_3", "-Verify", "3", "-client_sigalgs", "rsa_pss_pss_sha256"];
    let server = s_server(&pki, "server", &only);
    let events = probe(target(server.port, Versions::Both, false), pki.client("ec", &[ECDSA_P256])).await;
    let wish = events.iter().find_map(|event| match event {
        ServerEvent::CertificateRequested { schemes, .. } => Some(schemes.clone()),
        _ => None,
    });
    assert_eq!(wish, Some(vec![0x0809]));
    assert!(!kinds(&events).contains(&"signature"));
    assert_eq!(after(&events), Some(&AfterHandshake::Alert { code: 116 }), "{events:?}");
}

/// Certificates that webpki refuses to read, and keys that aws-lc refuses to use.
#[tokio::test]
async fn odd_server_certificates_are_probed_all_the_same() {
    let pki = Pki::new();
    pki.issue("critical", "root", P256, &["-addext", "1.2.3.4=critical,ASN1:NULL"]);
    pki.issue("short", "root", &["rsa:1024"], &[]);
    pki.issue("tiny", "root", &["rsa:512"], &[]);
    pki.issue("ed25519", "root", &["ed25519"], &[]);
    pki.issue("p521", "root", &["ec", "-pkeyopt", "ec_paramgen_curve:P-521"], &[]);
    // Without extensions `openssl x509 -req` makes version 1.
    openssl(pki.path(), &["req", "-new", "-key", "server.key", "-subj", "/CN=old", "-out", "v1.csr"]);
    let v1 = [
        "x509",
        "-req",
        "-in",
        "v1.csr",
        "-CA",
        "root.pem",
        "-CAkey",
        "root.key",
        "-CAcreateserial",
        "-out",
        "v1.pem",
    ];
    openssl(pki.path(), &v1);
    std::fs::copy(pki.file("server.key"), pki.file("v1.key")).unwrap();

    for name in ["critical", "short", "ed25519", "p521", "v1"] {
        let server = s_server(&pki, name, &["-cipher", "DEFAULT@SECLEVEL=0"]);
        for version in [Versions::Tls12, Versions::Tls13] {
            // TLS 1.2 ties the certificate's curve to the key exchange, where rustls has no P-521.
            if name == "p521" && version == Versions::Tls12 {
                continue;
            }
            let events = probe(target(server.port, version, false), Browser::HasNone).await;
            assert_eq!(failure(&events), None, "{name} {version:?}: {events:?}");
        }
    }
    let server =
        s_server(&pki, "tiny", &["-tls1_2", "-cipher", "DEFAULT@SECLEVEL=0", "-sigalgs", "RSA+SHA256"]);
    let events = probe(target(server.port, Versions::Both, false), Browser::HasNone).await;
    assert!(
        matches!(failure(&events), Some(ProbeFailure::NothingInCommon { what }) if what.contains("512")),
        "{events:?}"
    );
    assert!(kinds(&events).contains(&"chain"));
}

/// A man in the middle who changes the last byte of the signature in ServerKeyExchange.
#[tokio::test]
async fn a_wrong_signature_of_the_server_is_noticed() {
    let pki = Pki::new();
    pki.issue("short", "root", &["rsa:1024"], &[]);
    for name in ["server", "short"] {
        let server = s_server(&pki, name, &["-tls1_2", "-cipher", "DEFAULT@SECLEVEL=0"]);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let middle = std::thread::spawn(move || {
            let (mut browser, _) = listener.accept().unwrap();
            let mut peer = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
            let mut buffer = [0; 16384];
            let length = browser.read(&mut buffer).unwrap();
            peer.write_all(&buffer[..length]).unwrap();
            let mut flight = Vec::new();
            // The flight ends with ServerHelloDone, which is empty.
            while !flight.ends_with(&[14, 0, 0, 0]) {
                let length = peer.read(&mut buffer).unwrap();
                assert_ne!(length, 0);
                flight.extend(&buffer[..length]);
            }
            spoil_key_exchange(&mut flight);
            browser.write_all(&flight).unwrap();
            let _ = browser.read(&mut buffer);
            drop(server);
        });
        let events = probe(target(port, Versions::Both, false), Browser::HasNone).await;
        assert_eq!(failure(&events), Some(&ProbeFailure::ServerSignatureWrong), "{name}: {events:?}");
        assert!(kinds(&events).contains(&"chain"));
        middle.join().unwrap();
    }
}

fn spoil_key_exchange(flight: &mut [u8]) {
    let mut record = 0;
    while record + 5 < flight.len() {
        let end = record + 5 + usize::from(u16::from_be_bytes([flight[record + 3], flight[record + 4]]));
        let mut message = record + 5;
        while message + 4 <= end {
            let length =
                u32::from_be_bytes([0, flight[message + 1], flight[message + 2], flight[message + 3]]);
            let next = message + 4 + length as usize;
            if flight[message] == 12 {
                flight[next - 1] ^= 1;
                return;
            }
            message = next;
        }
        record = end;
    }
    panic!("no ServerKeyExchange");
}
