//! An authority says which key it has (RFC 5280 section 4.2.1.2).

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "subject-key-identifier",
    title: mark!("An authority says which key it has."),
    citation: "RFC 5280 section 4.2.1.2",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    let certificate = position.certificate;
    if position.role.is_end_entity() {
        said.skip(NotApplicable::OnlyAuthorities);
    } else if certificate.version() < 3 {
        said.skip(NotApplicable::OldVersion);
    } else if certificate.subject_key_identifier().is_none() {
        said.breaks(Rule::SubjectKeyIdentifierMissing);
    }
}
