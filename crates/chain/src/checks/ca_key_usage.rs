//! Where an issuer has a key usage it allows to sign certificates (RFC 5280 section 6.1.4 (n)).

use super::{CheckInfo, Position, Run, Said};
use crate::failure::FailureKind;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "authority-key-usage",
    title: mark!("The key usage of an issuer allows to sign certificates."),
    citation: "RFC 5280 section 6.1.4 (n)",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    if position.role.is_end_entity() {
        return said.skip(NotApplicable::OnlyAuthorities);
    }
    match position.certificate.key_usage() {
        None => said.skip(NotApplicable::NoSuchExtension),
        Some(usage) if usage.key_cert_sign() => {}
        Some(usage) => said.fail(FailureKind::KeyUsage { needed: "keyCertSign", found: usage.names() }),
    }
}
