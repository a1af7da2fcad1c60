//! Certificate policies and the addresses of revocation lists of an end-entity are not critical (CA/Browser Forum baseline requirements 7.1.2.7.6).

use certwright_certs::oid;

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "criticality",
    title: mark!(
        "Certificate policies and the addresses of revocation lists of an end-entity are not critical."
    ),
    citation: "Baseline Requirements 7.1.2.7.6",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    if !position.role.is_end_entity() {
        return said.skip(NotApplicable::OnlyEndEntity);
    }
    for extension in [oid::CERTIFICATE_POLICIES, oid::CRL_DISTRIBUTION_POINTS] {
        if position.certificate.extensions().find(extension).is_some_and(|found| found.critical) {
            said.breaks(Rule::Criticality { extension: extension.into(), should_be_critical: false });
        }
    }
}
