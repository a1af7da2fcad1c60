//! No authority has more intermediates below it than its path length constraint allows (RFC 5280 section 6.1.4 (l) and (m)). Self-issued
//! certificates are not counted, and neither is the end-entity. The budget bounds the intermediates of the whole path in the same way.

use certwright_certs::Certificate;

use super::{CheckInfo, Examined, Findings, Run};
use crate::failure::FailureKind;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "path-length",
    title: mark!("No authority has more intermediates below it than it allows."),
    citation: "RFC 5280 section 6.1.4 (l) and (m)",
    run: Run::Path(check),
};

fn check(path: &Examined<'_>, findings: &mut Findings) {
    let mut below = 0u32;
    for (at, certificate) in path.all() {
        if at == 0 {
            findings.skip(at, NotApplicable::OnlyAuthorities);
            continue;
        }
        match limit(certificate) {
            _ if path.is_exempt(at) => findings.skip(at, NotApplicable::TrustAnchor),
            None => findings.skip(at, NotApplicable::NoSuchExtension),
            Some(allowed) if below > allowed => findings.fail(at, FailureKind::PathTooLong { allowed }),
            Some(_) => {}
        }
        if !certificate.is_self_issued() && !path.is_anchor(at) {
            below += 1;
        }
    }
    let allowed = path.question.budget.intermediates;
    if below > allowed {
        findings.fail_path(FailureKind::PathTooLong { allowed });
    }
}

/// The intermediates that an authority allows below it.
pub(crate) fn limit(certificate: &Certificate) -> Option<u32> {
    certificate.extensions().basic_constraints.as_ref().ok()?.as_ref()?.path_length
}
