//! Every certificate but the last is signed with the key of the next (RFC 5280 section 6.1.3 (a)(1)), with an algorithm that cannot be forged.

use certwright_keys::verify::VerifyError;

use super::{Findings, Path};
use crate::verdict::FailureKind;

pub(super) fn check(path: &Path<'_>, findings: &mut Findings) {
    for ((at, certificate), signature) in path.all().zip(path.signatures) {
        let name = || certificate.signature_algorithm().name();
        let Err(error) = signature else { continue };
        findings.add(
            at,
            match error {
                VerifyError::BadSignature | VerifyError::KeyMismatch => FailureKind::BadSignature,
                VerifyError::WeakAlgorithm { .. } => FailureKind::WeakAlgorithm { algorithm: name() },
                VerifyError::WeakKey { bits } => {
                    FailureKind::WeakAlgorithm { algorithm: format!("RSA {bits}") }
                }
                VerifyError::UnsupportedAlgorithm { .. } | VerifyError::BadParameters => {
                    FailureKind::UnsupportedAlgorithm { algorithm: name() }
                }
            },
        );
    }
}
