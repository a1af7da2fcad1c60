//! Name constraints stand in certificates of authorities only (RFC 5280 section 4.2.1.10).
//!
//! That section wants them critical too; CA/Browser Forum baseline requirements 7.1.2.10.8 allow otherwise, and they are applied either way.

use certwright_certs::oid;

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use crate::verdict::NotApplicable;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "name-constraints-form",
    title: "The end-entity has no name constraints.",
    citation: "RFC 5280 section 4.2.1.10",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    if !position.role.is_end_entity() {
        said.skip(NotApplicable::OnlyEndEntity);
    } else if position.certificate.extensions().find(oid::NAME_CONSTRAINTS).is_some() {
        said.breaks(Rule::NameConstraintsInEndEntity);
    }
}
