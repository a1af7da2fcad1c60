//! Where the end-entity has a key usage it holds those that the question names (RFC 5280 section 4.2.1.3).

use super::{CheckInfo, Position, Run, Said};
use crate::failure::FailureKind;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "asked-key-usage",
    title: mark!("The key usage of the end-entity holds what was asked for."),
    citation: "RFC 5280 section 4.2.1.3",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    let wanted = position.question.key_usage;
    if !position.role.is_end_entity() {
        return said.skip(NotApplicable::OnlyEndEntity);
    }
    if wanted.is_empty() {
        return said.skip(NotApplicable::NotAsked);
    }
    let Some(usage) = position.certificate.key_usage() else {
        return said.skip(NotApplicable::NoSuchExtension);
    };
    for needed in wanted.without(usage).names() {
        said.fail(FailureKind::KeyUsage { needed, found: usage.names() });
    }
}
