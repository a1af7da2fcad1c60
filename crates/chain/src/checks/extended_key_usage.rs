//! Where an extended key usage is given it contains the purpose or `anyExtendedKeyUsage` (RFC 5280 section 4.2.1.12). In an issuer, the trust anchor
//! too, it bounds what may be certified below, as every TLS library has it (CA/Browser Forum baseline requirements 7.1.2.2, "nesting").

use super::{Findings, Path};
use crate::verdict::FailureKind;

pub(super) fn check(path: &Path<'_>, findings: &mut Findings) {
    let Some((purpose, needed)) = path.question.purpose.extended_key_usage() else { return };
    for (at, certificate) in path.all() {
        if let Some(usages) = certificate.extended_key_usages()
            && !usages.allows(purpose)
        {
            findings.add(at, FailureKind::ExtendedKeyUsage { needed, found: usages.names() });
        }
    }
}
