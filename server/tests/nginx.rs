//! Probes of nginx, which finishes every handshake and refuses client certificates only in HTTP.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

mod common;

use certwright_protocol::conversation::{AfterHandshake, HttpComplaint, ServerEvent, Versions};
use common::{Browser, P256, Pki, RSA, failure, kinds, nginx, probe, target};

async fn http(port: u16, versions: Versions, browser: Browser) -> (u16, Option<HttpComplaint>) {
    let events = probe(target(port, versions, true), browser).await;
    assert_eq!(failure(&events), None, "{events:?}");
    assert!(kinds(&events).contains(&"requested"));
    let after = events.iter().find_map(|event| match event {
        ServerEvent::AfterHandshake { sign: AfterHandshake::Http { status, complaint, .. } } => {
            Some((*status, *complaint))
        }
        _ => None,
    });
    after.unwrap_or_else(|| panic!("{events:?}"))
}

#[tokio::test]
async fn accepted_missing_and_refused() {
    let pki = Pki::new();
    pki.issue("ec", "root", P256, &[]);
    pki.issue("rsa", "root", RSA, &[]);
    pki.issue("stranger", "foreign-root", P256, &[]);
    let peer = nginx(&pki, "ssl_protocols TLSv1.2 TLSv1.3; ssl_verify_client on;");
    for versions in [Versions::Tls12, Versions::Tls13] {
        let accepted = http(peer.port, versions, pki.client("ec", &[0x0403])).await;
        assert_eq!(accepted, (200, None), "{versions:?}");
        let accepted = http(peer.port, versions, pki.client("rsa", &[0x0804])).await;
        assert_eq!(accepted, (200, None), "{versions:?}");
        let missing = http(peer.port, versions, Browser::HasNone).await;
        assert_eq!(missing, (400, Some(HttpComplaint::CertificateMissing)), "{versions:?}");
        let refused = http(peer.port, versions, pki.client("stranger", &[0x0403])).await;
        assert_eq!(refused, (400, Some(HttpComplaint::CertificateRefused)), "{versions:?}");
    }
}

#[tokio::test]
async fn optional_is_no_complaint() {
    let pki = Pki::new();
    let peer = nginx(&pki, "ssl_verify_client optional;");
    assert_eq!(http(peer.port, Versions::Both, Browser::HasNone).await, (200, None));
}

#[tokio::test]
async fn error_pages_with_the_real_status() {
    let pki = Pki::new();
    pki.issue("stranger", "foreign-root", P256, &[]);
    let peer = nginx(
        &pki,
        "ssl_verify_client on; error_page 495 =495 /refused; error_page 496 =496 /missing;\n\
         location = /refused { internal; return 495 'x'; } location = /missing { internal; return 496 'x'; }",
    );
    let (_, complaint) = http(peer.port, Versions::Both, Browser::HasNone).await;
    assert_eq!(complaint, Some(HttpComplaint::CertificateMissing));
    let (_, complaint) = http(peer.port, Versions::Both, pki.client("stranger", &[0x0403])).await;
    assert_eq!(complaint, Some(HttpComplaint::CertificateRefused));
}

#[tokio::test]
async fn no_request_no_question() {
    let pki = Pki::new();
    let peer = nginx(&pki, "ssl_verify_client off;");
    let events = probe(target(peer.port, Versions::Both, true), Browser::HasNone).await;
    assert_eq!(failure(&events), None);
    let sign = AfterHandshake::NotAwaited;
    assert!(events.contains(&ServerEvent::AfterHandshake { sign }), "{events:?}");
}

/// Without HTTP the ticket is all that nginx says, and it says it to everybody.
#[tokio::test]
async fn a_ticket_is_seen_where_http_is_not_asked() {
    let pki = Pki::new();
    let peer = nginx(&pki, "ssl_protocols TLSv1.3; ssl_verify_client on;");
    let events = probe(target(peer.port, Versions::Both, false), Browser::HasNone).await;
    let sign = AfterHandshake::SessionTicket;
    assert!(events.contains(&ServerEvent::AfterHandshake { sign }), "{events:?}");
}
