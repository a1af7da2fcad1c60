//! Every certificate, the trust anchor too, is valid at the time of the question (RFC 5280 section 6.1.3 (a)(2)); both ends of the validity
//! belong to it (section 4.1.2.5).

use super::{CheckInfo, Position, Run, Said};
use crate::failure::FailureKind;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "validity",
    title: mark!("The certificate is valid at the time of the question."),
    citation: "RFC 5280 section 6.1.3 (a)(2)",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    let now = position.question.at;
    let (not_before, not_after) = (position.certificate.not_before(), position.certificate.not_after());
    if now < not_before {
        said.fail(FailureKind::NotYetValid { not_before, at: now });
    } else if now > not_after {
        said.fail(FailureKind::Expired { not_after, at: now });
    }
}
