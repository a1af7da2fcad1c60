//! Where an extended key usage is given it contains the purpose or `anyExtendedKeyUsage` (RFC 5280 section 4.2.1.12). In an issuer, the trust anchor
//! too, it bounds what may be certified below, as every TLS library has it (CA/Browser Forum baseline requirements 7.1.2.10.6, "nesting").

use certwright_certs::Oid;

use super::{CheckInfo, Position, Run, Said};
use crate::failure::FailureKind;
use crate::verdict::NotApplicable;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "extended-key-usage",
    title: "The extended key usage, also that of every authority above, allows the purpose.",
    citation: "RFC 5280 section 4.2.1.12, Baseline Requirements 7.1.2.10.6",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    let Some(purpose) = position.question.purpose.extended_key_usage() else {
        return said.skip(NotApplicable::NotAsked);
    };
    match position.certificate.extended_key_usages() {
        None => said.skip(NotApplicable::NoSuchExtension),
        Some(usages) if usages.allows(purpose) => {}
        Some(usages) => {
            let needed = Oid::from(purpose).name_or_dotted();
            said.fail(FailureKind::ExtendedKeyUsage { needed, found: usages.names() });
        }
    }
}
