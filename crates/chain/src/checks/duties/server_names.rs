//! A server's certificate has alternative names (CA/Browser Forum baseline requirements 7.1.2.7.12).

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "server-names",
    title: mark!("A server’s certificate has alternative names."),
    citation: "Baseline Requirements 7.1.2.7.12",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    if !position.role.is_end_entity() {
        said.skip(NotApplicable::OnlyEndEntity);
    } else if position.certificate.subject_alternative_names().is_empty() {
        said.breaks(Rule::AlternativeNameMissing);
    }
}
