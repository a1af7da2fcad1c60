//! Where the end-entity has a key usage it allows what the key is used for: a TLS peer signs handshakes, or decrypts or agrees on keys in TLS
//! 1.2 (RFC 8446 section 4.4.2.2, RFC 5246 section 7.4.2); mail is signed, or keys are encrypted or agreed on (RFC 8550 section 4.4.2). Who asks may
//! demand more.

use certwright_certs::extensions::KeyUsage;

use super::{CheckInfo, Position, Run, Said};
use crate::failure::FailureKind;
use crate::question::Purpose;
use crate::verdict::NotApplicable;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "end-entity-key-usage",
    title: "The key usage of the end-entity allows what the key is used for.",
    citation: "RFC 5280 section 4.2.1.3, RFC 8446 section 4.4.2.2, RFC 8550 section 4.4.2",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    if !position.role.is_end_entity() {
        return said.skip(NotApplicable::OnlyEndEntity);
    }
    let wanted = position.question.key_usage;
    let any_of = match position.question.purpose {
        Purpose::ServerAuth => {
            KeyUsage::DIGITAL_SIGNATURE | KeyUsage::KEY_ENCIPHERMENT | KeyUsage::KEY_AGREEMENT
        }
        Purpose::ClientAuth => KeyUsage::DIGITAL_SIGNATURE | KeyUsage::KEY_AGREEMENT,
        Purpose::EmailProtection => {
            KeyUsage::DIGITAL_SIGNATURE
                | KeyUsage::NON_REPUDIATION
                | KeyUsage::KEY_ENCIPHERMENT
                | KeyUsage::KEY_AGREEMENT
        }
        Purpose::Any | Purpose::Other(_) if wanted.is_empty() => {
            return said.skip(NotApplicable::NotAsked);
        }
        Purpose::Any | Purpose::Other(_) => KeyUsage::EMPTY,
    };
    let Some(usage) = position.certificate.key_usage() else {
        return said.skip(NotApplicable::NoSuchExtension);
    };
    let found = || usage.names();
    if !any_of.is_empty() && usage.without(any_of) == usage {
        return said.fail(FailureKind::KeyUsage { needed: "digitalSignature", found: found() });
    }
    for needed in wanted.without(usage).names() {
        said.fail(FailureKind::KeyUsage { needed, found: found() });
    }
}
