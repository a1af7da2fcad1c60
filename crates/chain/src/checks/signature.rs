//! Every certificate but the last is signed with the key of the next (RFC 5280 section 6.1.3 (a)(1)).
//!
//! A signature whose algorithm cannot be verified is not called false: the check of algorithms says what is wrong with it. A DSA key may leave its
//! parameters to the key above (RFC 5280 section 6.1.4 (e), RFC 3279 section 2.3.2), so such a signature is verified once the path is known.

use certwright_certs::Certificate;
use certwright_keys::verify::VerifyError;
use certwright_keys::{KeyAlgorithm, PublicKey};

use super::{CheckInfo, Examined, Findings, Run};
use crate::failure::FailureKind;
use crate::question::Algorithms;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "signature",
    title: mark!("The certificate is signed with the key of its issuer."),
    citation: "RFC 5280 section 6.1.3 (a)(1)",
    run: Run::Path(check),
};

fn check(path: &Examined<'_>, findings: &mut Findings) {
    for (at, certificate) in path.all() {
        let Some((issuer, signature)) = path.certificates.get(at + 1).zip(path.signatures.get(at)) else {
            let anchor = path.is_anchor(at);
            findings.skip(at, if anchor { NotApplicable::TrustAnchor } else { NotApplicable::NoIssuer });
            continue;
        };
        match signature {
            // Whether it is to be believed, the check of algorithms says.
            Ok(()) | Err(VerifyError::RetiredAlgorithm { .. }) => {}
            Err(VerifyError::BadSignature | VerifyError::KeyMismatch) if key_differs(certificate, issuer) => {
                let (issuer, ca_issuers_urls) = (certificate.issuer().clone(), certificate.ca_issuers_urls());
                findings.fail(at, FailureKind::IssuerKeyDiffers { issuer, ca_issuers_urls });
            }
            Err(VerifyError::BadSignature | VerifyError::KeyMismatch) => {
                findings.fail(at, FailureKind::BadSignature);
            }
            Err(_) => findings.skip(at, NotApplicable::SaidElsewhere),
        }
    }
}

/// Whether `issuer` signed `certificate`. A key that is malformed or of an unknown kind tells nothing, so that is no false signature.
pub(crate) fn verify(
    certificate: &Certificate,
    issuer: &Certificate,
    algorithms: Algorithms,
) -> Result<(), VerifyError> {
    let unknown =
        || VerifyError::UnsupportedAlgorithm { oid: certificate.signature_algorithm().oid.to_string() };
    let key = issuer.public_key().map_err(|_| unknown())?;
    if is_unknown(&key) {
        return Err(unknown());
    }
    certificate.verify_signature_leniently(&key, algorithms.lenience)
}

/// The key of the first certificate of `path`, which goes on to its issuers, with the parameters that it takes from them. `None` if it cannot be
/// read, or if none of them gives it any.
pub(crate) fn working_key(path: &[&Certificate]) -> Option<PublicKey> {
    let (certificate, issuers) = path.split_first()?;
    let key = certificate.public_key().ok()?;
    if !key.lacks_parameters() {
        return Some(key);
    }
    for issuer in issuers {
        let above = issuer.public_key().ok()?;
        if !above.lacks_parameters() {
            return key.with_parameters_of(&above);
        }
    }
    None
}

/// No signature of such a key can be verified.
pub(crate) fn is_unknown(key: &PublicKey) -> bool {
    matches!(key.algorithm(), KeyAlgorithm::Other { .. }) && !key.can_verify()
}

/// The key identifiers say that another key is meant (RFC 5280 section 4.2.1.1).
fn key_differs(certificate: &Certificate, issuer: &Certificate) -> bool {
    match (certificate.authority_key_identifier(), issuer.subject_key_identifier()) {
        (Some(wanted), Some(found)) => wanted != found,
        _ => false,
    }
}
