//! Every critical extension is known and processed (RFC 5280 sections 4.2 and 6.1.5 (f)).
//!
//! Certificate policies are accepted as the initial policy is `anyPolicy`; critical extensions that restrict policies are known and not
//! processed. Policy constraints are refused even if they are not critical, which section 4.2.1.11 forbids: they may demand a policy.
//! Extensions that section 4.2 wants not to be critical and that have no bearing on validity count as unknown where they are, as other
//! validators have it.

use certwright_certs::oid;
use const_oid::ObjectIdentifier;

use super::{Findings, Path};
use crate::verdict::FailureKind;

const PROCESSED: &[ObjectIdentifier] = &[
    oid::BASIC_CONSTRAINTS,
    oid::KEY_USAGE,
    oid::EXTENDED_KEY_USAGE,
    oid::SUBJECT_ALTERNATIVE_NAME,
    oid::NAME_CONSTRAINTS,
    oid::CERTIFICATE_POLICIES,
    // It tells where revocation lists are, and revocation is not a question here.
    oid::CRL_DISTRIBUTION_POINTS,
];

const NOT_PROCESSED: &[ObjectIdentifier] =
    &[oid::POLICY_CONSTRAINTS, oid::POLICY_MAPPINGS, oid::INHIBIT_ANY_POLICY];

pub(super) fn check(path: &Path<'_>, findings: &mut Findings) {
    for (at, certificate) in path.all() {
        for extension in certificate
            .extensions()
            .all
            .iter()
            .filter(|extension| extension.critical || extension.oid == oid::POLICY_CONSTRAINTS)
        {
            let is_in = |list: &[ObjectIdentifier]| list.iter().any(|oid| extension.oid == *oid);
            let oid = extension.oid.clone();
            if is_in(NOT_PROCESSED) {
                findings.add(at, FailureKind::UnsupportedCritical { oid });
            } else if !is_in(PROCESSED) {
                findings.add(at, FailureKind::UnknownCriticalExtension { oid });
            }
        }
    }
}
