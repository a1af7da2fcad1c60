//! A certificate that is not self-issued says which key signed it (RFC 5280 section 4.2.1.1).

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "authority-key-identifier",
    title: mark!("The certificate says which key signed it."),
    citation: "RFC 5280 section 4.2.1.1",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    let certificate = position.certificate;
    if certificate.is_self_issued() {
        said.skip(NotApplicable::SelfIssued);
    } else if certificate.authority_key_identifier().is_none() {
        said.breaks(Rule::AuthorityKeyIdentifierMissing);
    }
}
