//! Signatures of the engine, as page and command line make them: the browser's half checks the handshake of real servers before it signs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

mod common;

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use certwright_engine::files::{Input, Passwords, anchors, client_keystore};
use certwright_engine::probe::Probe;
use certwright_protocol::conversation::{FromServer, HttpRequest, TlsVersion, Versions};
use certwright_protocol::report::{CertificateUse, ProbeReport, ProbeVerdict};
use certwright_protocol::ui::ProbePlan;
use certwright_protocol::ui::probe::SequenceView;
use certwright_server::conversation::run;
use certwright_server::policy::TargetPolicy;
use common::{P256, P384, Pki, RSA, nginx, s_server, short};
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use tokio::sync::mpsc;

const P521: &[&str] = &["ec", "-pkeyopt", "ec_paramgen_curve:P-521"];

/// Probes `localhost` with a client certificate, as the command line does.
async fn probe(pki: &Pki, port: u16, versions: Versions, client: &str) -> ProbeReport {
    let read = |name: String| std::fs::read(pki.file(&name)).unwrap();
    let (certificate, key, root) =
        (read(format!("{client}.pem")), read(format!("{client}.key")), read("root.pem".into()));
    let keystore = client_keystore((client, &certificate), (client, &key), None).unwrap();
    let trusted = anchors(&Input { name: "root.pem", bytes: &root }, &Passwords::none()).unwrap();
    let plan = ProbePlan { versions, http: HttpRequest::Never, ..ProbePlan::new("localhost", port) };
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap();
    let (mut probe, mut opening) = Probe::start(plan, &keystore, trusted, now * 1000).unwrap();
    probe.keep_steps(&mut opening);

    let (to_server, from_browser) = mpsc::channel(8);
    let (to_browser, mut from_server) = mpsc::channel::<FromServer>(8);
    let server = tokio::spawn(run(from_browser, to_browser, Arc::new(TargetPolicy::loopback()), short()));
    to_server.send(opening).await.unwrap();
    while let Some(message) = from_server.recv().await {
        if let Some(answer) = probe.receive(message, now, &mut UnwrapErr(SysRng)) {
            to_server.send(answer).await.unwrap();
        }
        if probe.is_over() {
            break;
        }
    }
    drop(to_server);
    server.await.unwrap();
    probe.report().clone()
}

fn assert_accepted(report: &ProbeReport, what: &str) {
    let used = report.client_authentication.used.as_ref();
    assert!(matches!(used, Some(CertificateUse::Accepted { .. })), "{what}: {used:?} {:?}", report.verdict);
    assert_eq!(report.verdict, Some(ProbeVerdict::Reached), "{what}");
}

/// Who said what, a line each: `> ClientHello`, `< Alert: …`, `- …`.
fn steps(report: &ProbeReport) -> Vec<String> {
    let view = SequenceView::of(report).unwrap();
    assert!(view.steps.is_sorted_by_key(|step| step.at_us), "{view:?}");
    let way = |from, to| match (from, to) {
        (1, 2) => ">",
        (2, 1) => "<",
        (0, _) | (_, 0) => "b",
        _ => "-",
    };
    view.steps.iter().map(|step| format!("{} {}", way(step.from, step.to), step.label)).collect()
}

#[tokio::test]
async fn what_openssl_and_the_probe_say_to_each_other_is_told_message_by_message() {
    let pki = Pki::new();
    pki.issue("client", "root", P256, &[]);
    let server = s_server(&pki, "server", DEMANDS);
    let has = |steps: &[String], wanted: &[&str]| {
        let mut rest = steps.iter();
        for wanted in wanted {
            assert!(rest.any(|step| step == wanted), "no {wanted:?} in order in {steps:#?}");
        }
    };
    let new = steps(&probe(&pki, server.port, Versions::Tls13, "client").await);
    has(
        &new,
        &[
            "> Connected",
            "> ClientHello",
            "< ServerHello",
            "< EncryptedExtensions",
            "< CertificateRequest",
            "< Certificate",
            "< CertificateVerify",
            "< Finished",
            "b Sign this handshake?",
            "b Signature",
            "> Certificate, CertificateVerify, Finished",
            "- TLS 1.3 stands",
        ],
    );
    let old = steps(&probe(&pki, server.port, Versions::Tls12, "client").await);
    has(
        &old,
        &[
            "> ClientHello",
            "< ServerHello",
            "< Certificate",
            "< ServerKeyExchange",
            "< CertificateRequest",
            "< ServerHelloDone",
            "b Signature",
            "> Certificate",
            "> ClientKeyExchange",
            "> CertificateVerify",
            "> ChangeCipherSpec",
            "> Finished",
            "< ChangeCipherSpec",
            "< Finished",
            "- TLS 1.2 stands",
        ],
    );
    // A server that shares no suite says so in an alert, in clear.
    let apart = s_server(&pki, "server", &["-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_SHA256"]);
    let refused = steps(&probe(&pki, apart.port, Versions::Both, "client").await);
    has(&refused, &["> ClientHello", "< Alert: handshake_failure"]);
}

const DEMANDS: &[&str] = &["-Verify", "3", "-verify_return_error"];

#[tokio::test]
async fn handshakes_signed_with_every_kind_of_server_key() {
    let pki = Pki::new();
    pki.issue("client", "root", P256, &[]);
    let names = ["-addext", "subjectAltName=DNS:localhost"];
    for (name, key, scheme) in [
        ("p256", P256, 0x0403),
        ("p384", P384, 0x0503),
        ("p521", P521, 0x0603),
        ("rsa", RSA, 0x0806),
        ("ed25519", &["ed25519"], 0x0807),
    ] {
        pki.issue(name, "root", key, &names);
        let server = s_server(&pki, name, DEMANDS);
        for (versions, version) in [
            (Versions::Tls12, TlsVersion::Tls12),
            (Versions::Tls13, TlsVersion::Tls13),
            (Versions::Both, TlsVersion::Tls13),
        ] {
            // TLS 1.2 ties the certificate's curve to the key exchange, where rustls has no P-521.
            if (name, version) == ("p521", TlsVersion::Tls12) {
                continue;
            }
            let report = probe(&pki, server.port, versions, "client").await;
            assert_accepted(&report, name);
            let checked = report.client_authentication.checked.unwrap();
            assert_eq!(checked.version, version, "{name}");
            // Only in TLS 1.3 the scheme says which curve.
            assert!(checked.server_scheme == scheme || version == TlsVersion::Tls12, "{name}: {checked:?}");
            assert!(checked.extended_master_secret && !checked.retried, "{name}: {checked:?}");
        }
    }
}

#[tokio::test]
async fn handshakes_of_every_form() {
    let pki = Pki::new();
    pki.issue("ec", "root", P256, &[]);
    pki.issue("rsa", "root", RSA, &[]);
    pki.issue("ed25519", "root", &["ed25519"], &[]);
    pki.issue("rsa-server", "root", RSA, &["-addext", "subjectAltName=DNS:localhost"]);
    // Certificates that fill several records, the last of them too large for one.
    let filler = format!("1.2.3.4=ASN1:UTF8:{}", "a".repeat(20_000));
    pki.issue("large", "root", P256, &["-addext", &filler]);
    let mut chain = std::fs::read(pki.file("server.pem")).unwrap();
    chain.extend(std::fs::read(pki.file("large.pem")).unwrap());
    std::fs::write(pki.file("chain.pem"), chain).unwrap();
    let long = pki.file("chain.pem").display().to_string();

    let forms: [(&str, &str, &[&str], Versions); 11] = [
        ("a second ClientHello", "server", &["-tls1_3", "-groups", "P-384"], Versions::Both),
        ("AES-256", "server", &["-ciphersuites", "TLS_AES_256_GCM_SHA384"], Versions::Both),
        ("AES-128", "server", &["-ciphersuites", "TLS_AES_128_GCM_SHA256"], Versions::Both),
        ("ChaCha20", "server", &["-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"], Versions::Both),
        (
            "a second ClientHello and SHA-256",
            "server",
            &["-groups", "P-384", "-ciphersuites", "TLS_AES_128_GCM_SHA256"],
            Versions::Tls13,
        ),
        ("padding", "server", &["-record_padding", "512"], Versions::Both),
        ("small records", "server", &["-max_send_frag", "512", "-split_send_frag", "512"], Versions::Both),
        ("small records in TLS 1.2", "server", &["-max_send_frag", "512"], Versions::Tls12),
        ("a large chain", "server", &["-cert_chain", &long], Versions::Both),
        ("a large chain in TLS 1.2", "server", &["-cert_chain", &long], Versions::Tls12),
        ("RSA-PSS in TLS 1.2", "rsa-server", &["-sigalgs", "rsa_pss_rsae_sha384"], Versions::Tls12),
    ];
    for (what, name, more, versions) in forms {
        let server = s_server(&pki, name, &[DEMANDS, more].concat());
        for client in ["ec", "rsa", "ed25519"] {
            // The options of this server are for both sides' signatures.
            if what == "RSA-PSS in TLS 1.2" && client != "rsa" {
                continue;
            }
            let report = probe(&pki, server.port, versions, client).await;
            assert_accepted(&report, &format!("{what}, {client}"));
            let checked = report.client_authentication.checked.unwrap();
            assert_eq!(checked.retried, what.contains("second ClientHello"), "{what}");
        }
    }
}

#[tokio::test]
async fn nginx_gets_its_signature() {
    let pki = Pki::new();
    pki.issue("ec", "root", P256, &[]);
    let server = nginx(&pki, "ssl_verify_client on; ssl_protocols TLSv1.2 TLSv1.3;");
    for versions in [Versions::Tls12, Versions::Tls13, Versions::Both] {
        let report = probe(&pki, server.port, versions, "ec").await;
        assert!(report.client_authentication.checked.is_some(), "{versions:?}: {report:?}");
        assert_accepted(&report, "nginx");
    }
}
