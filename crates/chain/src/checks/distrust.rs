//! No certificate of the path, the trust anchor too, is on the list of what is never trusted, such as an operating system keeps
//! (RFC 5280 section 6.1: a path ends in what the user trusts).

use super::{CheckInfo, Position, Run, Said};
use crate::failure::FailureKind;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "distrust",
    title: mark!("The certificate is not on the list of what is never trusted."),
    citation: "RFC 5280 section 6.1",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    if position.question.distrusted.is_empty() {
        said.skip(NotApplicable::NotAsked);
    } else if position.question.distrusted.contains(position.certificate) {
        said.fail(FailureKind::Distrusted);
    }
}
