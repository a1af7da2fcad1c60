//! The failures that BoringSSL's `pki/testdata` expects, per certificate: is not only the answer right but also the reason?
//!
//! Read from `CERTWRIGHT_CONFORMANCE` or `../shared/conformance` beside the project; where the data is absent, the test says so.
//! Skipped: purposes that this validator does not know, cases about certificate policies, distrust, and end-entities as anchors, for which
//! BoringSSL has more than one meaning. What BoringSSL does not demand of a trust anchor is taken out of the comparison.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic, and prints its measure")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use certwright_certs::Certificate;
use certwright_chain::{Anchor, Budget, FailureKind, Purpose, Question, judge};

/// Cases that are answered otherwise on purpose, with the reason. One that is answered as expected fails the test too.
const EXCEPTIONS: &[(&str, &str)] = &[
    (
        "incorrect-trust-anchor/main.test",
        "the anchor has another name, so the issuer is missing and no signature is false",
    ),
    (
        "intermediate-and-target-wrong-signature/main.test",
        "both false signatures are named, not only the upper one",
    ),
    ("intermediate-invalid-spki/main.test", "the end-entity has expired as well, which does not go unsaid"),
    (
        "issuer-and-subject-not-byte-for-byte-equal/anchor.test",
        "its signatures use SHA-1, and its keys are short",
    ),
    ("issuer-and-subject-not-byte-for-byte-equal/target.test", "its signatures use SHA-1"),
    (
        "target-not-end-entity/main.test",
        "a key that may not sign handshakes is refused (RFC 8446 section 4.4.2.2)",
    ),
    ("target-serverauth-various-keyusages/ec-decipherOnly.test", "as before"),
    ("target-serverauth-various-keyusages/rsa-decipherOnly.test", "as before"),
];

/// 2021-10-05T12:00:00Z, which BoringSSL calls the default.
const DEFAULT_TIME: i64 = 1_633_435_200;

struct Case {
    chain: Vec<Option<Certificate>>,
    trust: String,
    at: i64,
    purpose: Purpose,
    expected: BTreeSet<(usize, String)>,
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

fn load(test: &Path) -> Option<Case> {
    let text = std::fs::read_to_string(test).unwrap();
    let purpose = match field(&text, "key_purpose")? {
        "SERVER_AUTH" => Purpose::ServerAuth,
        "CLIENT_AUTH" => Purpose::ClientAuth,
        "ANY_EKU" => Purpose::Any,
        _ => return None,
    };
    let trust = field(&text, "last_cert_trust")?;
    if !trust.starts_with("TRUSTED_ANCHOR") || test.to_string_lossy().contains("polic") {
        return None;
    }
    let pem = std::fs::read(test.parent()?.join(field(&text, "chain")?)).unwrap();
    let chain: Vec<Option<Certificate>> = certwright_encoding::pem::parse_pem(&pem)
        .blocks
        .iter()
        .filter(|block| block.label == "CERTIFICATE")
        .map(|block| Certificate::from_der(&block.der).ok())
        .collect();
    let at = match field(&text, "utc_time")? {
        "DEFAULT" => DEFAULT_TIME,
        time => seconds(time),
    };
    let mut expected = BTreeSet::new();
    let mut index = 0;
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("----- Certificate i=") {
            index = rest.split(' ').next()?.parse().unwrap();
        } else if let Some(error) = line.strip_prefix("ERROR: ") {
            expected.insert((index, error.to_owned()));
        }
    }
    if chain.len() < 2 {
        return None;
    }
    Some(Case { chain, trust: trust.to_owned(), at, purpose, expected })
}

/// `YYMMDDHHMMSSZ` as seconds since 1970, for years from 2000 on.
fn seconds(text: &str) -> i64 {
    let number = |from: usize| text.get(from..from + 2).unwrap().parse::<i64>().unwrap();
    let (year, month, day) = (2000 + number(0), number(2), number(4));
    let leap = |year: i64| year % 4 == 0;
    let lengths = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let before: i64 = (2000..year).map(|year| if leap(year) { 366 } else { 365 }).sum();
    let months: i64 = lengths.iter().take(month as usize - 1).sum();
    946_684_800 + (before + months + day - 1) * 86_400 + number(6) * 3_600 + number(8) * 60 + number(10)
}

/// The words of BoringSSL for a failure.
fn words(kind: &FailureKind) -> String {
    match kind {
        FailureKind::BadSignature | FailureKind::IssuerKeyDiffers { .. } => "VerifySignedData failed".into(),
        FailureKind::Expired { .. } => "Time is after notAfter".into(),
        FailureKind::NotYetValid { .. } => "Time is before notBefore".into(),
        FailureKind::ExtendedKeyUsage { needed: "serverAuth", .. } => {
            "The extended key usage does not include server auth".into()
        }
        FailureKind::ExtendedKeyUsage { .. } => "The extended key usage does not include client auth".into(),
        FailureKind::UnknownCriticalExtension { .. } => "Unconsumed critical extension".into(),
        FailureKind::NotACa => "Basic Constraints indicates not a CA".into(),
        FailureKind::KeyUsage { needed: "keyCertSign", .. } => "keyCertSign bit is not set".into(),
        FailureKind::MalformedKey => "Couldn't parse SubjectPublicKeyInfo".into(),
        FailureKind::WeakAlgorithm { algorithm } if algorithm.starts_with("RSA ") => {
            "Unacceptable public key".into()
        }
        FailureKind::WeakAlgorithm { .. } => "Unacceptable signature algorithm".into(),
        other => format!("{other:?}"),
    }
}

#[test]
fn failures_are_those_that_boringssl_expects() {
    let folder = std::env::var_os("CERTWRIGHT_CONFORMANCE").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance"),
        PathBuf::from,
    );
    let Ok(folders) = std::fs::read_dir(folder.join("paths")) else {
        println!("paths: skipped, {} is not there", folder.join("paths").display());
        return;
    };
    let (mut passed, mut skipped, mut failed) = (0, 0, BTreeSet::new());
    let mut tests: Vec<PathBuf> = folders
        .flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap())
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "test"))
        .collect();
    tests.sort();
    for test in tests {
        let name = test.strip_prefix(folder.join("paths")).unwrap().display().to_string();
        let Some(case) = load(&test) else {
            skipped += 1;
            continue;
        };
        let chain: Vec<Certificate> = case.chain.iter().flatten().cloned().collect();
        let anchors: Vec<Anchor> = chain
            .last()
            .into_iter()
            .map(|last| Anchor { label: "anchor".into(), certificate: last.clone() })
            .collect();
        let verdict = judge(&Question {
            certificates: &chain,
            extra: &[],
            anchors: &anchors,
            at: case.at,
            host: None,
            purpose: case.purpose,
            budget: Budget::default(),
        });
        let last = chain.len() - 1;
        let counts = |at: usize, kind: &FailureKind| {
            let time = matches!(kind, FailureKind::Expired { .. } | FailureKind::NotYetValid { .. });
            at != last || case.trust.contains(if time { "EXPIRATION" } else { "CONSTRAINTS" })
        };
        let found: BTreeSet<(usize, String)> = verdict
            .failures
            .iter()
            .map(|failure| (failure.at.unwrap_or(0), &failure.kind))
            .filter(|(at, kind)| counts(*at, kind))
            .map(|(at, kind)| (at, words(kind)))
            .collect();
        // To lack basic constraints and to be none by them is the same failure here.
        let expected: BTreeSet<(usize, String)> = case
            .expected
            .into_iter()
            .map(|(at, error)| {
                (at, error.replace("Does not have Basic Constraints", "Basic Constraints indicates not a CA"))
            })
            .collect();
        if found == expected {
            passed += 1;
        } else {
            if !EXCEPTIONS.iter().any(|(exception, _)| *exception == name) {
                println!("{name} ({}): expected {expected:?}, found {:?}", case.trust, verdict.failures);
            }
            failed.insert(name);
        }
    }
    println!("paths: passed {passed}, failed {}, skipped {skipped}", failed.len());
    assert_eq!(failed, EXCEPTIONS.iter().map(|(name, _)| (*name).to_owned()).collect());
}
