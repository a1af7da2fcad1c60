//! Every signature of the path is made with an algorithm that is known here and that cannot be forged: MD2, MD4, MD5 and SHA-1 can be (RFC 6151,
//! RFC 6194, RFC 9155, CA/Browser Forum baseline requirements 7.1.3.2), and DSA is no longer approved (FIPS 186-5). Those who ask may
//! take SHA-1 and DSA nevertheless, by [`Algorithms::lenience`](crate::question::Algorithms::lenience). What the trust anchor's own signature
//! was made with is of no account.

use certwright_keys::verify::VerifyError;

use super::{CheckInfo, Examined, Findings, Run, signature};
use crate::failure::FailureKind;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "signature-algorithm",
    title: mark!("The certificate is signed with an algorithm that is known and cannot be forged."),
    citation: "RFC 5280 section 4.1.1.2, RFC 6194, RFC 9155, FIPS 186-5",
    run: Run::Path(check),
};

fn check(path: &Examined<'_>, findings: &mut Findings) {
    for (at, certificate) in path.all() {
        let name = || certificate.signature_algorithm().name();
        let Some((issuer, signature)) = path.certificates.get(at + 1).zip(path.signatures.get(at)) else {
            // Without the issuer the algorithm still tells whether its signature could be believed.
            findings.skip(
                at,
                if path.is_anchor(at) { NotApplicable::TrustAnchor } else { NotApplicable::NoIssuer },
            );
            continue;
        };
        let usable = issuer.public_key().is_ok_and(|key| !signature::is_unknown(&key));
        match signature {
            Ok(()) | Err(VerifyError::BadSignature | VerifyError::KeyMismatch) => {}
            Err(VerifyError::WeakAlgorithm { .. }) => {
                findings.fail(at, FailureKind::WeakAlgorithm { algorithm: name() });
            }
            Err(VerifyError::RetiredAlgorithm { .. }) => {
                findings.fail(at, FailureKind::RetiredAlgorithm { algorithm: name() });
            }
            // The check of keys says that the issuer's key is of no use.
            Err(VerifyError::WeakKey { .. }) => findings.skip(at, NotApplicable::SaidElsewhere),
            Err(VerifyError::UnsupportedAlgorithm { .. }) if !usable => {
                findings.skip(at, NotApplicable::SaidElsewhere);
            }
            Err(
                VerifyError::UnsupportedAlgorithm { .. }
                | VerifyError::BadParameters
                | VerifyError::ParametersMissing,
            ) => {
                findings.fail(at, FailureKind::UnsupportedAlgorithm { algorithm: name() });
            }
        }
    }
}
