//! Name constraints are critical (RFC 5280 section 4.2.1.10).
//!
//! They are applied either way, and CA/Browser Forum baseline requirements 7.1.2.10.8 allow otherwise, so only who wants RFC 5280 as a whole demands this.

use certwright_certs::oid;

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "name-constraints-criticality",
    title: mark!("Name constraints are critical."),
    citation: "RFC 5280 section 4.2.1.10",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    match position.certificate.extensions().find(oid::NAME_CONSTRAINTS) {
        None => said.skip(NotApplicable::NoSuchExtension),
        Some(extension) if extension.critical => {}
        Some(extension) => {
            said.breaks(Rule::Criticality { extension: extension.oid.clone(), should_be_critical: true });
        }
    }
}
