//! The key is RSA or on P-256, P-384 or P-521 (CA/Browser Forum baseline requirements 6.1.5).
//!
//! ML-DSA, Ed25519 and Ed448 keys work in TLS between those who agree on them, and are refused here all the same: no public authority may certify them.

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "key-kind",
    title: mark!("The key is RSA or on P-256, P-384 or P-521."),
    citation: "Baseline Requirements 6.1.5",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    match position.certificate.public_key().map(|key| key.algorithm()) {
        Ok(algorithm) if algorithm.is_rsa() || algorithm.is_ec() => {}
        // The check of keys refuses malformed ones already.
        Err(_) => said.skip(NotApplicable::SaidElsewhere),
        Ok(algorithm) => said.breaks(Rule::KeyKind { algorithm: algorithm.to_string() }),
    }
}
