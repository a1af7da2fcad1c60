//! Every certificate, the trust anchor too, is valid at the time of the question (RFC 5280 section 6.1.3 (a)(2)); both ends of the validity
//! belong to it (section 4.1.2.5).

use super::{Findings, Path};
use crate::verdict::FailureKind;

pub(super) fn check(path: &Path<'_>, findings: &mut Findings) {
    let now = path.question.at;
    for (at, certificate) in path.all() {
        let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
        if now < not_before {
            findings.add(at, FailureKind::NotYetValid { not_before, at: now });
        } else if now > not_after {
            findings.add(at, FailureKind::Expired { not_after, at: now });
        }
    }
}
