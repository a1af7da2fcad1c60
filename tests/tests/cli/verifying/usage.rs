//! How `certwright verify` is asked: files of every form, standard input, what is refused, and what its text has in it.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use certwright_tests::openssl;
use certwright_tests::program::program;

use super::pki::{CA, LEAF, Pki};

#[test]
fn chains_come_in_every_form() {
    let pki = Pki::new();
    let word = |name: &str| pki.word(name);
    openssl::run(["x509", "-in", &word("@leaf.pem"), "-outform", "DER", "-out", &word("@leaf.der")]);
    openssl::run(["crl2pkcs7", "-nocrl", "-certfile", &word("@bundle.pem"), "-out", &word("@chain.p7b")]);
    fs::write(pki.desk().path("password"), "a password").unwrap();
    pki.desk().set_mode("password", 0o600);
    openssl::run([
        "pkcs12",
        "-export",
        "-inkey",
        &word("@leaf.key"),
        "-in",
        &word("@leaf.pem"),
        "-certfile",
        &word("@int.pem"),
        "-passout",
        "pass:a password",
        "-out",
        &word("@store.p12"),
    ]);
    let pem = fs::read_to_string(pki.desk().path("leaf.pem")).unwrap();
    // As nginx hands it on: `$ssl_client_escaped_cert`.
    let escaped = pem
        .replace('\n', "%0A")
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D")
        .replace(' ', "%20");
    fs::write(pki.desk().path("header"), escaped).unwrap();
    for chain in [
        "@leaf.der @int.pem",
        "@chain.p7b",
        "@store.p12 --password-file @password",
        "@header @int.pem",
        "@int.pem @leaf.pem",
    ] {
        pki.judgement(&format!("{chain} --trust @root.pem --host erp.example.com"), 0);
    }
    let mut child = Command::new(program())
        .args(["verify", "-", "--trust", &word("@root.pem")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let bundle = fs::read(pki.desk().path("bundle.pem")).unwrap();
    child.stdin.take().unwrap().write_all(&bundle).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn what_cannot_be_judged_is_status_2() {
    let pki = Pki::new();
    fs::write(pki.desk().path("text"), "There is nothing in here.\n").unwrap();
    for (arguments, word) in [
        ("@no-such-file.pem --trust @root.pem", "no-such-file.pem"),
        ("@leaf.key --trust @root.pem", "leaf.key"),
        ("@text --trust @root.pem", "text"),
        ("@leaf.pem --trust @text", "text"),
        ("@leaf.pem --trust @no-such-file.pem", "no-such-file.pem"),
        ("@leaf.pem --trust @root.pem --crl @int.pem", "revocation list"),
        ("@leaf.pem --trust @root.pem --ocsp @int.pem", "OCSP response"),
        ("@leaf.pem --trust @root.pem --at yesterday", "2026-11-21T07:33:00Z"),
        ("@leaf.pem --trust @root.pem --policy anything", "2.23.140.1.2.1"),
        ("@leaf.pem --trust @root.pem --purpose baking", "client"),
        ("@leaf.pem --trust @root.pem --host a_b@@c", "a_b@@c"),
        ("--trust @root.pem", "CHAIN"),
    ] {
        let output = pki.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments}: {output:?}");
        let words = String::from_utf8(output.stderr).unwrap();
        assert!(words.contains(word), "{arguments}: {words}");
        assert!(output.stdout.is_empty(), "{arguments}");
    }
}

#[test]
fn the_text_tells_verdict_path_and_checks() {
    let pki = Pki::new();
    let words = pki.words("@leaf.pem @int.pem --trust @root.pem --host other.example.com --checks", 1);
    let order = [
        "What to try: ",
        "\nRules ",
        "\nTrusted ",
        "\n✗ Path: ",
        "\n  1 ✗ erp",
        "\n  2 ✓ Intermediate",
        "\n  3 ✓ Root",
        "\nFailures\n",
        "\nChecks\n",
        "RFC 5280 section 6.1.3",
        "\nWhat the other side must hold\n",
    ];
    let places: Vec<usize> =
        order.iter().map(|part| words.find(part).unwrap_or_else(|| panic!("{part} in {words}"))).collect();
    assert!(places.is_sorted(), "{words}");
    for part in ["other.example.com", "erp.example.com", "root.pem"] {
        assert!(words.contains(part), "{part} in {words}");
    }
    let words = pki.words("@leaf.pem --trust @root.pem", 1);
    assert!(
        words.contains("Intermediate") && !words.contains("Checks"),
        "what is missing has a name: {words}"
    );
}

/// The same chain is good for a private authority and not for a public server, whose certificate needs more.
#[test]
fn rules_are_chosen() {
    let pki = Pki::new();
    // No name of a public server has an underscore.
    let names = LEAF.replace("DNS:erp", "DNS:erp_test.example.com,DNS:erp");
    pki.issue("underscore", "int", "/O=Example/CN=erp", &names);
    let chain = "@underscore.pem @int.pem --trust @root.pem --host erp.example.com";
    for profile in ["auto", "private"] {
        let judgement = pki.judgement(&format!("{chain} --profile {profile}"), 0);
        assert!(judgement.profile.starts_with("Private PKI"), "{judgement:?}");
    }
    let judgement = pki.judgement(&format!("{chain} --profile tls-server"), 1);
    assert!(judgement.profile.starts_with("TLS server"), "{judgement:?}");
    let citations: Vec<&str> = judgement.paths[0].checks.iter().map(|row| row.citation.as_str()).collect();
    assert!(citations.iter().any(|citation| citation.contains("Baseline Requirements")), "{citations:?}");
}

/// Two roots with a cross-certificate between them: two paths, the trusted one first, and the other one on demand.
#[test]
fn all_paths_can_be_seen() {
    let pki = Pki::new();
    // `root`, certified by `other` too.
    fs::copy(pki.desk().path("root.key"), pki.desk().path("cross.key")).unwrap();
    pki.issue("cross", "other", "/O=Example/CN=Root", CA);
    let chain = "@leaf.pem @int.pem @cross.pem --trust @root.pem --trust @other.pem";
    let judgement = pki.judgement(chain, 0);
    assert_eq!(judgement.paths.len(), 2, "{judgement:?}");
    let brief = pki.words(chain, 0);
    assert!(brief.contains("1 more path was found; --all-paths"), "{brief}");
    let all = pki.words(&format!("{chain} --all-paths"), 0);
    assert_eq!(all.matches("Path: ").count(), 2, "{all}");
}
