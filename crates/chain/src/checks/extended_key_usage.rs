//! Where an extended key usage is given it contains the purpose or `anyExtendedKeyUsage` (RFC 5280 section 4.2.1.12). In an issuer, the trust anchor
//! too, it bounds what may be certified below, as every TLS library has it (CA/Browser Forum baseline requirements 7.1.2.10.6, "nesting").
//! Where it has to be is a part of the question. One that is absent stands for every purpose, as the RFC and every TLS library have it, but for the
//! end-entities of public servers, which owe one (7.1.2.7.6).

use certwright_certs::Oid;

use super::{CheckInfo, Position, Role, Run, Said};
use crate::failure::FailureKind;
use crate::profile::Profile;
use crate::question::ExtendedKeyUsageRule;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "extended-key-usage",
    title: mark!("The extended key usage, also that of every authority above, allows the purpose."),
    citation: "RFC 5280 section 4.2.1.12, Baseline Requirements 7.1.2.7.6 and 7.1.2.10.6",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    let Some(purpose) = position.question.purpose.extended_key_usage() else {
        return said.skip(NotApplicable::NotAsked);
    };
    if !position.role.is_end_entity()
        && position.question.extended_key_usage == ExtendedKeyUsageRule::EndEntityAlone
    {
        return said.skip(NotApplicable::OnlyEndEntity);
    }
    let needed = || Oid::from(purpose).name_or_dotted();
    match position.certificate.extended_key_usages() {
        None if is_required(position) => {
            said.fail(FailureKind::ExtendedKeyUsage { needed: needed(), found: Vec::new() });
        }
        None => said.skip(NotApplicable::NoSuchExtension),
        Some(usages) if usages.allows(purpose) => {}
        Some(usages) => {
            said.fail(FailureKind::ExtendedKeyUsage { needed: needed(), found: usages.names() });
        }
    }
}

fn is_required(position: &Position<'_>) -> bool {
    let question = position.question;
    match position.role {
        Role::EndEntity { .. } => {
            question.extended_key_usage >= ExtendedKeyUsageRule::InEndEntity
                || question.profile == Profile::TlsServer
        }
        Role::Intermediate => question.extended_key_usage == ExtendedKeyUsageRule::BelowAnchor,
        Role::Anchor => false,
    }
}
