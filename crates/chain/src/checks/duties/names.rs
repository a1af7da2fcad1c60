//! The certificate names its issuer (RFC 5280 section 4.1.2.4), and its subject or an alternative name (section 4.1.2.6).

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "names",
    title: mark!("The certificate names its issuer, and its subject in one of the two places."),
    citation: "RFC 5280 sections 4.1.2.4 and 4.1.2.6",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    let certificate = position.certificate;
    if certificate.issuer().is_empty() {
        said.breaks(Rule::IssuerMissing);
    }
    if certificate.subject().is_empty() && certificate.subject_alternative_names().is_empty() {
        said.breaks(Rule::NoName);
    }
}
