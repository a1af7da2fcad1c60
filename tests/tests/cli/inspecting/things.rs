//! `certwright inspect` of what is no file of keys and certificates: revocation lists, OCSP responses, text around things, headers, any ASN.1; and its
//! ways to show them.

use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};

use certwright_protocol::report::Inspection;
use certwright_protocol::ui::inspect::{Comparison, ThingKind};
use certwright_tests::openssl;
use certwright_tests::program::program;
use serde::de::DeserializeOwned;

use crate::verifying::pki::{LEAF, Pki};

fn run(pki: &Pki, arguments: &str) -> Output {
    pki.desk().run(&format!("inspect {arguments}"))
}

fn text(pki: &Pki, arguments: &str, status: i32) -> String {
    let output = run(pki, arguments);
    assert_eq!(output.status.code(), Some(status), "{arguments}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn json<T: DeserializeOwned>(pki: &Pki, arguments: &str, status: i32) -> T {
    let text = text(pki, &format!("{arguments} --json"), status);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{arguments}: {error}: {text}"))
}

/// Revocation list, OCSP response and request, and what else the tests look at.
fn things() -> Pki {
    let pki = Pki::new();
    pki.open_register("int");
    pki.crl("int");
    pki.ocsp("leaf", "int");
    pki
}

#[test]
fn everything_of_the_world_of_certificates_is_recognised() {
    let pki = things();
    fs::write(pki.desk().path("odd.der"), [0x30, 0x06, 0x02, 0x01, 0x05, 0x0c, 0x01, b'x']).unwrap();
    for (file, kind) in [
        ("int.crl", ThingKind::Crl),
        ("leaf.ocspresp", ThingKind::OcspResponse),
        ("leaf.ocspreq", ThingKind::OcspRequest),
        ("leaf.csr", ThingKind::Request),
        ("leaf.pem", ThingKind::Certificate),
        ("leaf.key", ThingKind::PrivateKey),
        ("odd.der", ThingKind::Asn1),
    ] {
        let found: Vec<Inspection> = json(&pki, &format!("@{file}"), 0);
        let kinds: Vec<ThingKind> = found[0].things.iter().map(|thing| thing.kind).collect();
        assert_eq!(kinds, [kind], "{file}: {found:?}");
        assert!(found[0].problem.is_none() && found[0].sources.len() == 1, "{file}: {found:?}");
        let words = text(&pki, &format!("@{file}"), 0);
        assert!(words.contains(&pki.word(&format!("@{file}"))), "{words}");
    }
    assert!(text(&pki, "@int.crl", 0).contains("Revocation list"));
}

#[test]
fn standard_input_is_read() {
    let pki = Pki::new();
    let openssl_text = openssl::run(["x509", "-in", &pki.word("@leaf.pem"), "-text"]);
    let mut child = Command::new(program())
        .args(["inspect", "-", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&openssl_text).unwrap();
    let output = child.wait_with_output().unwrap();
    let found: Vec<Inspection> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    let kinds: Vec<ThingKind> = found[0].things.iter().map(|thing| thing.kind).collect();
    assert_eq!(kinds, [ThingKind::Certificate], "{found:?}");
}

#[test]
fn text_is_that_of_openssl() {
    let pki = Pki::new();
    for (file, arguments) in [("leaf.pem", "x509"), ("leaf.csr", "req")] {
        let ours = text(&pki, &format!("@{file} --text"), 0);
        let theirs = openssl::text([arguments, "-in", &pki.word(&format!("@{file}")), "-noout", "-text"]);
        // OpenSSL 3.0 writes this heading also where nothing follows.
        let wanted = |line: &&str| line.ends_with(':') && *line != "Requested Extensions:";
        for line in theirs.lines().map(str::trim).filter(wanted) {
            assert!(ours.lines().any(|our| our.trim() == line), "{file}: {line:?} in {ours}");
        }
    }
}

#[test]
fn encodings_are_told_element_by_element() {
    let pki = Pki::new();
    let ours = text(&pki, "@leaf.pem --asn1", 0);
    // openssl's outermost element: `0:d=0  hl=4 l= 400 cons: SEQUENCE`.
    let theirs = openssl::text(["asn1parse", "-in", &pki.word("@leaf.pem")]);
    let outermost = theirs.lines().next().unwrap();
    let (header, length) = (
        outermost.split("hl=").nth(1).unwrap().split_whitespace().next().unwrap(),
        outermost.split("l=").nth(2).unwrap().split_whitespace().next().unwrap(),
    );
    assert!(ours.contains(&format!(" 0 {header:>2}+{length}")), "{outermost}: {ours}");
    for part in ["SEQUENCE", "tbsCertificate", "subjectAltName", "erp.example.com"] {
        assert!(ours.contains(part), "{part} in {ours}");
    }
    let found: Vec<Inspection> = json(&pki, "@leaf.pem --asn1", 0);
    assert_eq!(found[0].trees.len(), 1);
}

#[test]
fn quality_is_told() {
    let pki = Pki::new();
    pki.key("short", &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"]);
    pki.issue("short", "int", "/CN=short", LEAF);
    let words = text(&pki, "@short.pem --lint", 1);
    assert!(words.contains("grave"), "{words}");
    let found: Vec<Inspection> = json(&pki, "@short.pem --lint", 1);
    assert!(!found[0].sheets[0].findings.is_empty());
}

#[test]
fn certificates_are_compared() {
    let pki = Pki::new();
    pki.issue(
        "renewed",
        "int",
        "/O=Example/CN=erp",
        &LEAF.replace("DNS:erp.example.com", "DNS:new.example.com"),
    );
    let words = text(&pki, "--compare @leaf.pem @renewed.pem", 1);
    for part in ["leaf.pem", "renewed.pem", "- ", "erp.example.com", "new.example.com"] {
        assert!(words.contains(part), "{part} in {words}");
    }
    let comparison: Comparison = json(&pki, "--compare @leaf.pem @renewed.pem", 1);
    assert!(!comparison.summary.is_empty() && comparison.sections.iter().any(|section| section.differs));
    let same: Comparison = json(&pki, "--compare @leaf.pem @bundle.pem", 0);
    assert!(same.sections.iter().all(|section| !section.differs));
    for wrong in
        ["--compare @leaf.pem", "--compare @leaf.pem @int.pem @root.pem", "--compare @leaf.pem @leaf.key"]
    {
        assert_eq!(run(&pki, wrong).status.code(), Some(2), "{wrong}");
    }
}
