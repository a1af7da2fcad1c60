//! Every certificate but the last is signed with the key of the next (RFC 5280 section 6.1.3 (a)(1)), with an algorithm that cannot be forged.

use certwright_certs::Certificate;
use certwright_keys::KeyAlgorithm;
use certwright_keys::verify::VerifyError;

use super::{Findings, Path};
use crate::verdict::FailureKind;

pub(super) fn check(path: &Path<'_>, findings: &mut Findings) {
    let edges = path.all().zip(path.certificates.iter().skip(1)).zip(path.signatures);
    for (((at, certificate), issuer), signature) in edges {
        let algorithm = || certificate.signature_algorithm().name();
        let Err(error) = signature else { continue };
        match error {
            VerifyError::BadSignature | VerifyError::KeyMismatch if key_differs(certificate, issuer) => {
                let (issuer, ca_issuers_urls) = (certificate.issuer().clone(), certificate.ca_issuers_urls());
                findings.add(at, FailureKind::IssuerKeyDiffers { issuer, ca_issuers_urls });
            }
            VerifyError::BadSignature | VerifyError::KeyMismatch => {
                findings.add(at, FailureKind::BadSignature)
            }
            VerifyError::WeakAlgorithm { .. } => {
                findings.add(at, FailureKind::WeakAlgorithm { algorithm: algorithm() });
            }
            // The check of keys says that the issuer's key is of no use.
            VerifyError::WeakKey { .. } => {}
            VerifyError::UnsupportedAlgorithm { .. } if !has_usable_key(issuer) => {}
            VerifyError::UnsupportedAlgorithm { .. } | VerifyError::BadParameters => {
                findings.add(at, FailureKind::UnsupportedAlgorithm { algorithm: algorithm() });
            }
        }
    }
}

/// Whether `issuer` signed `certificate`. A key that is malformed or of an unknown kind tells nothing, so that is no false signature.
pub(crate) fn verify(certificate: &Certificate, issuer: &Certificate) -> Result<(), VerifyError> {
    match issuer.public_key() {
        Ok(key) if has_usable_key(issuer) => certificate.verify_signature(&key),
        _ => {
            Err(VerifyError::UnsupportedAlgorithm { oid: certificate.signature_algorithm().oid.to_string() })
        }
    }
}

fn has_usable_key(certificate: &Certificate) -> bool {
    certificate.public_key().is_ok_and(|key| !matches!(key.algorithm(), KeyAlgorithm::Other { .. }))
}

/// The key identifiers say that another key is meant (RFC 5280 section 4.2.1.1).
fn key_differs(certificate: &Certificate, issuer: &Certificate) -> bool {
    match (certificate.authority_key_identifier(), issuer.subject_key_identifier()) {
        (Some(wanted), Some(found)) => wanted != found,
        _ => false,
    }
}
