//! Where the end-entity has a key usage it allows what the key is used for: a TLS peer signs handshakes, or decrypts or agrees on keys in TLS
//! 1.2 (RFC 8446 section 4.4.2.2, RFC 5246 section 7.4.2); mail is signed, or keys are encrypted or agreed on (RFC 8550 section 4.4.2). Usages that
//! are asked for by name are a check of their own.

use certwright_certs::extensions::KeyUsage;

use super::{CheckInfo, Position, Run, Said};
use crate::failure::FailureKind;
use crate::question::Purpose;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "end-entity-key-usage",
    title: mark!("The key usage of the end-entity allows what the key is used for."),
    citation: "RFC 8446 section 4.4.2.2, RFC 5246 section 7.4.2, RFC 8550 section 4.4.2",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    if !position.role.is_end_entity() {
        return said.skip(NotApplicable::OnlyEndEntity);
    }
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
        Purpose::Any | Purpose::Other(_) => return said.skip(NotApplicable::NotAsked),
    };
    let Some(usage) = position.certificate.key_usage() else {
        return said.skip(NotApplicable::NoSuchExtension);
    };
    if usage.without(any_of) == usage {
        said.fail(FailureKind::KeyUsage { needed: "digitalSignature", found: usage.names() });
    }
}
