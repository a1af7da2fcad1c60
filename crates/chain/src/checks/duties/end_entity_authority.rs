//! The end-entity is no certification authority (CA/Browser Forum baseline requirements 7.1.2.7.8).

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "end-entity-authority",
    title: mark!("The end-entity is no certification authority."),
    citation: "Baseline Requirements 7.1.2.7.8",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    if !position.role.is_end_entity() {
        said.skip(NotApplicable::OnlyEndEntity);
    } else if position.role.is_trusted() {
        // Who trusts the very certificate of a server trusts it for what it is.
        said.skip(NotApplicable::TrustAnchor);
    } else if position.certificate.is_ca() {
        said.breaks(Rule::EndEntityIsCa);
    }
}
