//! Where a key usage is given it allows what the key is used for: an issuer signs certificates (RFC 5280 section 6.1.4 (n)), a TLS end-entity signs
//! handshakes, or decrypts or agrees on keys in TLS 1.2 (RFC 8446 section 4.4.2.2, RFC 5246 section 7.4.2).

use super::{Findings, Path};
use crate::question::Purpose;
use crate::verdict::FailureKind;

pub(super) fn check(path: &Path<'_>, findings: &mut Findings) {
    if let Some(usage) = path.leaf().and_then(|leaf| leaf.key_usage()) {
        let allowed = match path.question.purpose {
            Purpose::ServerAuth => {
                usage.digital_signature() || usage.key_encipherment() || usage.key_agreement()
            }
            Purpose::ClientAuth => usage.digital_signature() || usage.key_agreement(),
            Purpose::Any => true,
        };
        if !allowed {
            findings.add(0, FailureKind::KeyUsage { needed: "digitalSignature", found: usage.names() });
        }
    }
    for (at, certificate) in path.issuers() {
        if let Some(usage) = certificate.key_usage()
            && !usage.key_cert_sign()
        {
            findings.add(at, FailureKind::KeyUsage { needed: "keyCertSign", found: usage.names() });
        }
    }
}
