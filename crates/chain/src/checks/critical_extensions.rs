//! Every critical extension is known and processed (RFC 5280 sections 4.2, 6.1.4 (o) and 6.1.5 (f)).
//!
//! Extensions that section 4.2 wants not to be critical and that have no bearing on validity count as unknown where they are, as other
//! validators have it. Microsoft's application policies are taken where an extended key usage, which they repeat, is there to be processed.

use certwright_certs::extensions::Extension;
use certwright_certs::oid;
use const_oid::ObjectIdentifier;

use super::{CheckInfo, Position, Run, Said};
use crate::failure::FailureKind;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "critical-extensions",
    title: mark!("Every critical extension is known and processed."),
    citation: "RFC 5280 sections 4.2, 6.1.4 (o) and 6.1.5 (f)",
    run: Run::Certificate(check),
};

const PROCESSED: &[ObjectIdentifier] = &[
    oid::BASIC_CONSTRAINTS,
    oid::KEY_USAGE,
    oid::EXTENDED_KEY_USAGE,
    oid::SUBJECT_ALTERNATIVE_NAME,
    oid::NAME_CONSTRAINTS,
    oid::CERTIFICATE_POLICIES,
    oid::POLICY_MAPPINGS,
    oid::POLICY_CONSTRAINTS,
    oid::INHIBIT_ANY_POLICY,
    // It tells where revocation lists are; the check of revocation reads it.
    oid::CRL_DISTRIBUTION_POINTS,
];

fn check(position: &Position<'_>, said: &mut Said) {
    let extensions = position.certificate.extensions();
    let has_usage = matches!(extensions.extended_key_usage, Ok(Some(_)));
    let is_processed = |extension: &&Extension| {
        PROCESSED.iter().any(|oid| extension.oid == *oid)
            || (has_usage && extension.oid == oid::MICROSOFT_APPLICATION_POLICIES)
    };
    let critical = extensions.all.iter().filter(|extension| extension.critical);
    for extension in critical.filter(|extension| !is_processed(extension)) {
        said.fail(FailureKind::UnknownCriticalExtension { oid: extension.oid.clone() });
    }
}
