//! Every issuer is a certification authority (RFC 5280 section 6.1.4 (k)) and has a name (section 4.1.2.6), by which it is chained.
//!
//! A certificate of version 1 or 2 cannot say so: as a self-issued trust anchor it is taken for an authority, since the user trusts it as
//! one; anywhere else it is refused.

use super::{Findings, Path};
use crate::verdict::FailureKind;

pub(super) fn check(path: &Path<'_>, findings: &mut Findings) {
    for (at, certificate) in path.issuers() {
        let old = certificate.version() < 3 && !path.is_anchor(at);
        // A broken extension is reported as such by another check, and is no proof of being an authority.
        if old || !certificate.is_ca() || certificate.subject().is_empty() {
            findings.add(at, FailureKind::NotACa);
        }
    }
}
