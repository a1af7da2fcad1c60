//! The data beside the project ends as it should: every case but the exceptions, each with its reason. An exception that passes
//! after all fails the test too. Where the data is absent, that is said.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may panic, and prints its measure"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use certwright_conformance::{Answer, Case, Suite, data, run};

/// Exceptions of a suite: the name of the case, and why it does not end as the data expects.
type Exceptions = &'static [(&'static str, &'static str)];

const LIMBO: Exceptions = &[
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

/// Cases that break duties of issuers only: private authorities break them often, so that they are noted and not refused.
const LIMBO_NOTED: &[&str] = &[
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

const PKITS: Exceptions = &[
    (
        "4.5.2 Invalid Basic Self-Issued Old With New Test2",
        "the end-entity is revoked, and revocation is not looked at",
    ),
    (
        "4.5.5 Invalid Basic Self-Issued New With Old Test5",
        "the end-entity is revoked, and revocation is not looked at",
    ),
    (
        "4.5.7 Invalid Basic Self-Issued CRL Signing Key Test7",
        "the end-entity is revoked, and revocation is not looked at",
    ),
    (
        "4.7.4 Invalid keyUsage Critical cRLSign False Test4",
        "the authority may not sign the revocation list, which is not read",
    ),
    ("4.7.5 Invalid keyUsage Not Critical cRLSign False Test5", "as before"),
];

const PATHS: Exceptions = &[
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

/// All suites of the data beside the project, run once.
static SUITES: LazyLock<Vec<Suite>> = LazyLock::new(|| match data() {
    Some(folder) => {
        let suites = run(&folder);
        for suite in &suites {
            println!("{suite}");
        }
        assert!(!suites.is_empty(), "there are no cases in {}", folder.display());
        suites
    }
    None => {
        println!("conformance: there is no data beside the project: all suites are skipped");
        Vec::new()
    }
});

fn suites(beginning: &str) -> impl Iterator<Item = &'static Suite> {
    SUITES.iter().filter(move |suite| suite.name.starts_with(beginning))
}

/// Compares with those exceptions that are in the data, so that other parts of a corpus can be run as well.
fn assert_exceptions(suite: &Suite, exceptions: Exceptions, noted: &[&str]) {
    let there: BTreeSet<&str> = suite.cases.iter().map(|case| case.id.as_str()).collect();
    let expected: BTreeSet<&str> =
        exceptions.iter().map(|(id, _)| *id).chain(noted.iter().copied()).collect();
    let expected: BTreeSet<&str> = expected.intersection(&there).copied().collect();
    let failed: BTreeMap<&str, &Case> = suite.failed().map(|case| (case.id.as_str(), case)).collect();
    let others: Vec<&&Case> =
        failed.iter().filter(|(id, _)| !expected.contains(*id)).map(|(_, case)| case).collect();
    assert!(others.is_empty(), "{}: {others:#?}", suite.name);
    let after_all: Vec<&&str> = expected.iter().filter(|id| !failed.contains_key(**id)).collect();
    assert!(after_all.is_empty(), "{}: these pass after all: {after_all:?}", suite.name);
    assert!(suite.count(Answer::Passed) > 0, "{suite}");
}

#[test]
fn limbo() {
    for suite in suites("limbo ") {
        let is_strict = suite.name.ends_with(", strict");
        assert_exceptions(suite, LIMBO, if is_strict { &[] } else { LIMBO_NOTED });
        for case in suite.failed().filter(|case| LIMBO_NOTED.contains(&case.id.as_str())) {
            assert!(case.why.starts_with("trusted, noted [("), "no note for {}: {}", case.id, case.why);
        }
    }
}

#[test]
fn pkits() {
    suites("pkits").for_each(|suite| assert_exceptions(suite, PKITS, &[]));
}

#[test]
fn paths() {
    suites("paths").for_each(|suite| assert_exceptions(suite, PATHS, &[]));
}

#[test]
fn wycheproof() {
    for suite in suites("wycheproof-") {
        assert_eq!(suite.failed().count(), 0, "{:#?}", suite.failed().collect::<Vec<_>>());
    }
    // All of the data beside the project is supported.
    let skipped =
        suites("wycheproof-").flat_map(|suite| &suite.cases).filter(|case| case.answer == Answer::Skipped);
    let skipped: Vec<&Case> = skipped.collect();
    if std::env::var_os("CERTWRIGHT_CONFORMANCE").is_none() {
        assert!(skipped.is_empty(), "{skipped:#?}");
    }
}

#[test]
fn keystores() {
    for suite in suites("keystores/") {
        assert_eq!(suite.failed().count(), 0, "{:#?}", suite.failed().collect::<Vec<_>>());
        assert_eq!(suite.count(Answer::Skipped), 0, "{:#?}", suite.cases);
    }
}
