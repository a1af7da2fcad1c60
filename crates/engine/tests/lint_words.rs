//! Every rule has its words, and no words are left without a rule or a fact.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

#[path = "../../certs/tests/lint/cases.rs"]
mod cases;
#[path = "../../certs/tests/lint/made.rs"]
mod made;
#[path = "../../certs/tests/support/mod.rs"]
mod support;

use std::collections::BTreeSet;

use certwright_certs::lint::{LintContext, lint, rules};
use certwright_engine::findings::{explain, explain_shared_prime, explain_weak_key};
use certwright_keys::weak::{DebianProcess, Processor, SeedFile, WeakKey};
use certwright_protocol::catalogue::lints_with_words;

/// What is said of several keys at once is no rule for one certificate.
const SHARED_PRIME: &str = "key-shared-prime";

#[test]
fn each_rule_has_its_words() {
    let rules: BTreeSet<&str> = rules().map(|rule| rule.id).chain([SHARED_PRIME]).collect();
    let words: BTreeSet<&str> = lints_with_words().collect();
    assert_eq!(rules, words);
}

#[test]
fn the_words_have_all_their_facts() {
    let workshop = made::Workshop::new();
    for case in cases::cases() {
        let certificate = workshop.make(&case.recipe);
        let findings = lint(&certificate, LintContext { at: case.at, scope: case.scope, role: case.role });
        assert!(findings.iter().any(|finding| finding.rule.id == case.rule), "{}", case.rule);
        for finding in findings {
            let words = explain(&finding);
            for text in [&words.title, &words.what_happened, &words.what_to_try] {
                assert!(!text.contains(['{', '}']), "{}: {text}", finding.rule.id);
            }
        }
    }
}

#[test]
fn weak_keys_have_words() {
    for weakness in [
        WeakKey::Roca,
        WeakKey::Debian(DebianProcess { processor: Processor::I386, seed_file: SeedFile::Read, number: 1 }),
        WeakKey::ClosePrimes { steps: 1 },
        WeakKey::SmallFactor { factor: 3 },
        WeakKey::Pattern { period: 1 },
        WeakKey::BrokenExponent,
        WeakKey::SmallExponent { exponent: 3 },
        WeakKey::LargeExponent { bits: 40 },
    ] {
        let words = explain_weak_key(&weakness);
        assert!(words.what_happened.ends_with('.') && !words.what_happened.contains('{'), "{words:?}");
    }
    let words = explain_shared_prime(&["a".into(), "b".into()]);
    assert!(words.what_happened.contains("“a” and “b”"), "{words:?}");
}
