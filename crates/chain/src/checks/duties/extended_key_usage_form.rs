//! The extended key usage of a TLS end-entity is not critical and holds neither `anyExtendedKeyUsage` nor usages that have nothing to do with TLS
//! (CA/Browser Forum baseline requirements 7.1.2.7.6 and 7.1.2.7.10).

use certwright_certs::{Oid, oid};
use const_oid::ObjectIdentifier;

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "extended-key-usage-form",
    title: mark!("The extended key usage of a TLS end-entity is not critical and holds usages of TLS alone."),
    citation: "Baseline Requirements 7.1.2.7.6 and 7.1.2.7.10",
    run: Run::Certificate(check),
};

/// What must not stand beside `serverAuth`.
const FOREIGN: &[ObjectIdentifier] =
    &[oid::CODE_SIGNING, oid::EMAIL_PROTECTION, oid::TIME_STAMPING, oid::OCSP_SIGNING];

fn check(position: &Position<'_>, said: &mut Said) {
    if !position.role.is_end_entity() {
        return said.skip(NotApplicable::OnlyEndEntity);
    }
    let certificate = position.certificate;
    let Some(usages) = certificate.extended_key_usages() else {
        return said.skip(NotApplicable::NoSuchExtension);
    };
    let critical =
        certificate.extensions().find(oid::EXTENDED_KEY_USAGE).is_some_and(|extension| extension.critical);
    if critical || usages.0.iter().any(|usage| *usage == oid::ANY_EXTENDED_KEY_USAGE) {
        said.breaks(Rule::EndEntityExtendedKeyUsage);
    }
    let is_foreign = |usage: &&Oid| FOREIGN.iter().any(|foreign| *usage == foreign);
    for usage in usages.0.iter().filter(is_foreign) {
        said.breaks(Rule::MixedExtendedKeyUsage { usage: usage.clone() });
    }
}
