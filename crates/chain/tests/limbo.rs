//! Path validation cases of x509-limbo and BetterTLS, read from `CERTWRIGHT_CONFORMANCE` or `../shared/conformance` beside the project.
//!
//! Cases of features that the validator does not claim (revocation lists) are skipped. Where the data is absent, the tests say so.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic, and prints its measure")]

use std::collections::BTreeSet;
use std::path::PathBuf;

use certwright_certs::Certificate;
use certwright_chain::{Anchor, Budget, Host, Profile, Purpose, Question, Verdict, judge_with};
use serde::Deserialize;

#[derive(Deserialize)]
struct Limbo {
    testcases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    features: Vec<String>,
    validation_kind: String,
    trusted_certs: Vec<String>,
    untrusted_intermediates: Vec<String>,
    peer_certificate: String,
    validation_time: Option<String>,
    expected_result: String,
    expected_peer_name: Option<PeerName>,
    extended_key_usage: Vec<String>,
    max_chain_depth: Option<u32>,
}

#[derive(Deserialize)]
struct PeerName {
    kind: String,
    value: String,
}

/// Cases whose expectation is not met on purpose, with the reason. One that is met after all fails the test too.
const EXCEPTIONS: &[(&str, &str)] = &[
    (
        "rfc5280::nc::permitted-dns-match-noncritical",
        "conflicts with webpki::nc::permitted-dns-match-noncritical; name constraints are applied, critical or not",
    ),
    (
        "rfc5280::ca-as-leaf",
        "conflicts with webpki::ca-as-leaf; its key usage allows no signature in a handshake",
    ),
    (
        "webpki::san::public-suffix-private-namespace-wildcard-san",
        "needs the public suffix list, which knows nothing of private networks",
    ),
];

/// Cases that break duties of issuers only: private authorities break them often, so that the tolerant profile notes them.
const NOTED_IF_TOLERANT: &[&str] = &[
    "rfc5280::aki::leaf-missing-aki",
    "rfc5280::aki::intermediate-missing-aki",
    "rfc5280::aki::cross-signed-root-missing-aki",
    "rfc5280::nc::not-allowed-in-ee-noncritical",
    "rfc5280::serial::zero",
    "rfc5280::ski::root-missing-ski",
    "rfc5280::ski::intermediate-missing-ski",
    "rfc5280::root-non-critical-basic-constraints",
    "rfc5280::leaf-ku-keycertsign",
    "webpki::aki::root-with-aki-missing-keyidentifier",
    "webpki::aki::root-with-aki-authoritycertissuer",
    "webpki::aki::root-with-aki-all-fields",
    "webpki::aki::root-with-aki-ski-mismatch",
    "webpki::cn::ipv4-leading-zeros-mismatch",
    "webpki::cn::ipv6-uncompressed-mismatch",
    "webpki::cn::ipv6-non-rfc5952-mismatch",
    "webpki::cn::punycode-not-in-san",
    "webpki::eku::ee-anyeku",
    "webpki::eku::ee-critical-eku",
    "webpki::eku::root-has-eku",
    "webpki::san::san-critical-with-nonempty-subject",
    "webpki::forbidden-rsa-not-divisible-by-8-in-root",
    "webpki::ee-basicconstraints-ca",
];

#[derive(Default)]
struct Score {
    passed: usize,
    accepted_wrongly: Vec<String>,
    /// Those of them that break a rule of which there is a note.
    noted: Vec<String>,
    refused_wrongly: Vec<String>,
    skipped: usize,
}

fn load(file: &str) -> Option<Vec<Case>> {
    let folder = std::env::var_os("CERTWRIGHT_CONFORMANCE").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance"),
        PathBuf::from,
    );
    let path = folder.join("limbo").join(file);
    match std::fs::read(&path) {
        Ok(json) => Some(serde_json::from_slice::<Limbo>(&json).unwrap().testcases),
        Err(error) => {
            println!("limbo {file}: skipped, {}: {error}", path.display());
            None
        }
    }
}

fn run(file: &str, profile: Profile) -> Option<Score> {
    let cases = load(file)?;
    let mut score = Score::default();
    for case in &cases {
        if case.features.iter().any(|feature| feature == "has-crl") {
            score.skipped += 1;
            continue;
        }
        let verdict = judge_case(case, profile);
        let trusted = verdict.as_ref().is_some_and(|verdict| verdict.trusted);
        if let Some(verdict) = &verdict {
            assert_eq!(verdict.trusted, verdict.failures.is_empty(), "{}", case.id);
            if trusted && !verdict.notes.broken_rules.is_empty() {
                score.noted.push(case.id.clone());
            }
        }
        match (case.expected_result == "SUCCESS", trusted) {
            (true, true) | (false, false) => score.passed += 1,
            (false, true) => score.accepted_wrongly.push(case.id.clone()),
            (true, false) => {
                println!("refused {}: {:?}", case.id, verdict.map(|verdict| verdict.failures));
                score.refused_wrongly.push(case.id.clone());
            }
        }
    }
    println!(
        "limbo {} ({profile:?}): passed {}, accepted wrongly {}, refused wrongly {}, skipped {}",
        file.trim_end_matches(".json"),
        score.passed,
        score.accepted_wrongly.len(),
        score.refused_wrongly.len(),
        score.skipped,
    );
    Some(score)
}

/// `None` if a certificate cannot be read, which refuses the chain.
fn judge_case(case: &Case, profile: Profile) -> Option<Verdict> {
    let read = |pem: &String| {
        let blocks = certwright_encoding::pem::parse_pem(pem.as_bytes()).blocks;
        Certificate::from_der(&blocks.first()?.der).ok()
    };
    let mut certificates = vec![read(&case.peer_certificate)?];
    certificates.extend(case.untrusted_intermediates.iter().filter_map(read));
    let anchors: Vec<Anchor> = case
        .trusted_certs
        .iter()
        .filter_map(read)
        .map(|certificate| Anchor { label: certificate.display_name(), certificate })
        .collect();
    let host = case.expected_peer_name.as_ref().and_then(|name| match name.kind.as_str() {
        "DNS" => Some(Host::Dns(name.value.clone())),
        "IP" => Some(Host::Ip(name.value.parse().unwrap())),
        _ => None,
    });
    let purpose = match (case.validation_kind.as_str(), case.extended_key_usage.first().map(String::as_str)) {
        (_, Some("clientAuth")) | ("CLIENT", None) => Purpose::ClientAuth,
        _ => Purpose::ServerAuth,
    };
    let mut budget = Budget::default();
    if let Some(depth) = case.max_chain_depth {
        budget.intermediates = depth;
    }
    let at = seconds(case.validation_time.as_deref().unwrap_or("2026-11-19T00:00:00+00:00"));
    Some(judge_with(
        &Question { certificates: &certificates, extra: &[], anchors: &anchors, at, host, purpose, budget },
        profile,
    ))
}

/// RFC 3339 in UTC as seconds since 1970; fractions are cut off.
fn seconds(text: &str) -> i64 {
    let number = |from: usize, to: usize| text[from..to].parse::<i64>().unwrap();
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let days: i64 = (1970..year).map(|year| if leap(year) { 366 } else { 365 }).sum::<i64>()
        + lengths.iter().take(month as usize - 1).sum::<i64>()
        + day
        - 1;
    days * 86_400 + number(11, 13) * 3_600 + number(14, 16) * 60 + number(17, 19)
}

/// Compares with the exceptions among the cases that are there, so that other parts of the corpus can be run as well.
fn assert_exceptions(score: &Score, tolerated: &[&str]) {
    let exceptions = EXCEPTIONS.iter().map(|(id, _)| *id).chain(tolerated.iter().copied());
    let expected: BTreeSet<&str> = exceptions.collect();
    let failed: BTreeSet<&str> =
        score.accepted_wrongly.iter().chain(&score.refused_wrongly).map(String::as_str).collect();
    assert_eq!(failed, expected);
}

#[test]
fn core_strict() {
    let Some(score) = run("core.json", Profile::Strict) else { return };
    assert_exceptions(&score, &[]);
    assert!(score.passed >= 130, "{}", score.passed);
}

#[test]
fn core_tolerant() {
    let Some(score) = run("core.json", Profile::Tolerant) else { return };
    assert_exceptions(&score, NOTED_IF_TOLERANT);
    for id in NOTED_IF_TOLERANT {
        assert!(score.noted.iter().any(|noted| noted == id), "no note for {id}");
    }
}

#[test]
fn bettertls() {
    for profile in [Profile::Tolerant, Profile::Strict] {
        let Some(score) = run("bettertls.json", profile) else { return };
        assert_eq!((score.accepted_wrongly.len(), score.refused_wrongly.len(), score.skipped), (0, 0, 0));
    }
}
