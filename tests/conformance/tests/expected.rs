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

const LIMBO: Exceptions = &[(
    "webpki::san::public-suffix-private-namespace-wildcard-san",
    "needs the public suffix list, which grows daily and knows nothing of private networks",
)];

const PATHS: Exceptions = &[
    (
        "intermediate-and-target-wrong-signature/main.test",
        "both false signatures are named, not only the upper one",
    ),
    ("intermediate-invalid-spki/main.test", "the end-entity has expired as well, which does not go unsaid"),
    (
        "target-and-intermediate/distrusted-root-expired.test",
        "the other certificates are not valid yet, which does not go unsaid",
    ),
    (
        "target-eku-many/mlsclientauth.test",
        "the rules of the GSMA for key usages of messaging clients are not known here; refused for the other reasons",
    ),
    ("target-eku-none/mlsclientauth.test", "as before"),
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
fn assert_exceptions(suite: &Suite, exceptions: Exceptions) {
    let there: BTreeSet<&str> = suite.cases.iter().map(|case| case.id.as_str()).collect();
    let expected: BTreeSet<&str> = exceptions.iter().map(|(id, _)| *id).collect();
    let expected: BTreeSet<&str> = expected.intersection(&there).copied().collect();
    let failed: BTreeMap<&str, &Case> = suite.failed().map(|case| (case.id.as_str(), case)).collect();
    let others: Vec<&&Case> =
        failed.iter().filter(|(id, _)| !expected.contains(*id)).map(|(_, case)| case).collect();
    assert!(others.is_empty(), "{}: {others:#?}", suite.name);
    let after_all: Vec<&&str> = expected.iter().filter(|id| !failed.contains_key(**id)).collect();
    assert!(after_all.is_empty(), "{}: these pass after all: {after_all:?}", suite.name);
    assert!(suite.count(Answer::Passed) > 0, "{suite}");
    assert_eq!(suite.count(Answer::Skipped), 0, "{suite}");
}

#[test]
fn limbo() {
    suites("limbo ").for_each(|suite| assert_exceptions(suite, LIMBO));
}

#[test]
fn pkits() {
    suites("pkits").for_each(|suite| assert_exceptions(suite, &[]));
}

#[test]
fn paths() {
    for suite in suites("paths") {
        assert_exceptions(suite, PATHS);
        // Where the reasons differ the answer is the same.
        let right = format!("right answer, whatever the reasons: {0} of {0}", suite.cases.len());
        assert_eq!(suite.details, [right]);
    }
}

#[test]
fn wycheproof() {
    for suite in suites("wycheproof") {
        assert_eq!(suite.failed().count(), 0, "{:#?}", suite.failed().collect::<Vec<_>>());
        // All of the data beside the project is supported.
        if std::env::var_os("CERTWRIGHT_CONFORMANCE").is_none() {
            assert_eq!(suite.count(Answer::Skipped), 0, "{suite}");
        }
    }
}

#[test]
fn keystores() {
    for suite in suites("keystores/") {
        assert_eq!(suite.failed().count(), 0, "{:#?}", suite.failed().collect::<Vec<_>>());
        assert_eq!(suite.count(Answer::Skipped), 0, "{:#?}", suite.cases);
    }
}
