//! What the examination of certificates and keys finds, in words: brings the facts of `certwright-certs` and `certwright-keys` to the
//! sentences of `certwright-protocol`.

use certwright_certs::lint::{Finding, Value};
use certwright_keys::weak::WeakKey;
use certwright_language::t;
use certwright_protocol::Explanation;
use certwright_protocol::catalogue::{LintFact, lint_in_words};

/// A finding in words.
pub fn explain(finding: &Finding) -> Explanation {
    let facts: Vec<(&str, LintFact)> =
        finding.facts.0.iter().map(|(name, value)| (*name, fact(value))).collect();
    in_words(finding.rule.id, &facts)
}

/// A weakness of a key in words, for a key that no certificate is at hand for.
pub fn explain_weak_key(weakness: &WeakKey) -> Explanation {
    let exponent = |text: String| vec![("exponent", LintFact::Text(text))];
    let (rule, facts) = match weakness {
        WeakKey::Roca => ("key-roca", Vec::new()),
        WeakKey::Debian(process) => (
            "key-debian",
            vec![
                ("process", LintFact::Number(process.number.into())),
                ("processor", LintFact::Text(process.processor.name().to_owned())),
            ],
        ),
        WeakKey::ClosePrimes { .. } => ("key-close-primes", Vec::new()),
        WeakKey::SmallFactor { factor } => {
            ("key-small-factor", vec![("factor", LintFact::Number((*factor).into()))])
        }
        WeakKey::Pattern { .. } => ("key-patterned", Vec::new()),
        WeakKey::BrokenExponent => ("rsa-exponent-broken", exponent(t!("even, or 1").into())),
        WeakKey::SmallExponent { exponent: small } => ("rsa-exponent-small", exponent(small.to_string())),
        WeakKey::LargeExponent { bits } => {
            ("rsa-exponent-large", exponent(t!("a number of {bits} bits", bits)))
        }
    };
    in_words(rule, &facts)
}

/// A common prime in words; `others` are what the keys that share it are called.
pub fn explain_shared_prime(others: &[String]) -> Explanation {
    let names = LintFact::List { items: others.to_vec(), total: others.len() };
    in_words("key-shared-prime", &[("names", names)])
}

fn in_words(rule: &str, facts: &[(&str, LintFact)]) -> Explanation {
    // Each rule has words, which a test of this crate sees to.
    lint_in_words(rule, facts).unwrap_or_else(|| Explanation {
        title: rule.to_owned(),
        what_happened: String::new(),
        what_to_try: String::new(),
    })
}

fn fact(value: &Value) -> LintFact {
    match value {
        Value::Text(text) => LintFact::Text(text.clone()),
        Value::Number(number) => LintFact::Number(*number),
        Value::Time(unix) => LintFact::Time(*unix),
        Value::List { items, total } => LintFact::List { items: items.clone(), total: *total },
    }
}
