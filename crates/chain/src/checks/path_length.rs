//! No authority has more intermediates below it than its path length constraint allows (RFC 5280 section 6.1.4 (l) and (m)). Self-issued
//! certificates are not counted, and neither is the end-entity. The budget bounds the intermediates of the whole path in the same way.

use super::{Findings, Path};
use crate::verdict::{Failure, FailureKind};

pub(super) fn check(path: &Path<'_>, findings: &mut Findings) {
    let mut below = 0u32;
    for (at, certificate) in path.issuers() {
        if let Ok(Some(constraints)) = &certificate.extensions().basic_constraints
            && let Some(allowed) = constraints.path_length
            && below > allowed
        {
            findings.add(at, FailureKind::PathTooLong { allowed });
        }
        if !certificate.is_self_issued() && !path.is_anchor(at) {
            below += 1;
        }
    }
    let allowed = path.question.budget.intermediates;
    if below > allowed {
        findings.failures.push(Failure { at: None, kind: FailureKind::PathTooLong { allowed } });
    }
}
