//! Name constraints stand in certificates of authorities only, and their host names begin with a label (RFC 5280 section 4.2.1.10).
//!
//! That section wants them critical too, which is a check of its own. A host name that
//! begins with a dot is applied to the names below it, as those who write it mean it.

use certwright_certs::extensions::{ConstraintBase, Subtree};
use certwright_certs::oid;

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "name-constraints-form",
    title: mark!("Only authorities have name constraints, and their host names begin with a label."),
    citation: "RFC 5280 section 4.2.1.10",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    let extensions = position.certificate.extensions();
    if extensions.find(oid::NAME_CONSTRAINTS).is_none() {
        return said.skip(NotApplicable::NoSuchExtension);
    }
    if position.role.is_end_entity() {
        return said.breaks(Rule::NameConstraintsInEndEntity);
    }
    let Ok(Some(constraints)) = &extensions.name_constraints else {
        return said.skip(NotApplicable::SaidElsewhere);
    };
    let dotted = |subtree: &Subtree| match &subtree.base {
        ConstraintBase::Dns(text) if text.starts_with('.') => Some(text.clone()),
        _ => None,
    };
    if let Some(base) = constraints.permitted.iter().chain(&constraints.excluded).find_map(dotted) {
        said.breaks(Rule::NameConstraintForm { base });
    }
}
