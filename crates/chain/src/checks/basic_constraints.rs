//! Every issuer is a certification authority (RFC 5280 section 6.1.4 (k)) and has a name (section 4.1.2.6), by which it is chained.
//!
//! A certificate of version 1 or 2 cannot say so: as a self-issued trust anchor it is taken for an authority, since the user trusts it as
//! one; anywhere else it is refused.

use super::{CheckInfo, Position, Role, Run, Said};
use crate::failure::FailureKind;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "basic-constraints",
    title: mark!("Who issues certificates is a certification authority."),
    citation: "RFC 5280 section 6.1.4 (k)",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    let certificate = position.certificate;
    if position.role.is_end_entity() {
        return said.skip(NotApplicable::OnlyAuthorities);
    }
    let old = certificate.version() < 3 && position.role != Role::Anchor;
    // A broken extension is reported as such by another check, and is no proof of being an authority.
    if old || !certificate.is_ca() || certificate.subject().is_empty() {
        said.fail(FailureKind::NotACa);
    }
}
