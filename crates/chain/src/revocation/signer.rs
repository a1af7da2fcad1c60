//! Who signed a revocation list, and whether he may (RFC 5280 section 6.3.3 (f) and (g)).

use certwright_certs::{Certificate, Crl};
use certwright_keys::PublicKey;
use certwright_keys::verify::{Lenience, VerifyError};

use super::notes::Notes;
use super::{Desk, Dismissal, Inquiry, SignerPath, Status, lists};

/// The key with which the list is signed, if its holder may sign it.
pub(super) fn find(inquiry: &Inquiry<'_>, crl: &Crl, desk: &mut Desk<'_>) -> Result<PublicKey, Dismissal> {
    let mut candidates: Vec<&Certificate> = Vec::new();
    if inquiry.issuer.subject() == crl.issuer() {
        candidates.push(inquiry.issuer);
    }
    for certificate in inquiry.certificates.iter().copied() {
        if !desk.pay_for_comparison() {
            return Err(Dismissal::GivenUp);
        }
        if certificate.subject() == crl.issuer() && certificate != inquiry.issuer {
            candidates.push(certificate);
        }
    }
    let wanted = crl.authority_key_identifier().and_then(|identifier| identifier.key_identifier.as_deref());
    // Key identifiers only decide who is tried first.
    candidates.sort_by_key(|candidate| match (wanted, candidate.subject_key_identifier()) {
        (Some(wanted), Some(own)) => wanted != own,
        _ => false,
    });
    let mut failure = Dismissal::SignerMissing;
    for candidate in candidates {
        match check(inquiry, crl, candidate, desk) {
            Ok(key) => return Ok(key),
            Err(Dismissal::GivenUp) => return Err(Dismissal::GivenUp),
            Err(why) if why.progress() > failure.progress() => failure = why,
            Err(_) => {}
        }
    }
    Err(failure)
}

fn check(
    inquiry: &Inquiry<'_>,
    crl: &Crl,
    signer: &Certificate,
    desk: &mut Desk<'_>,
) -> Result<PublicKey, Dismissal> {
    let key = inquiry.key_of(signer)?;
    verify(crl, &key, inquiry.lenience, desk)?;
    let may_sign = match &signer.extensions().key_usage {
        Ok(Some(usage)) => usage.crl_sign(),
        Ok(None) => true,
        Err(_) => false,
    };
    if !may_sign {
        return Err(Dismissal::SignerMayNotSignCrls);
    }
    if signer == inquiry.issuer {
        // It is in the path that is judged.
        return Ok(key);
    }
    if signer == inquiry.certificate {
        return Err(Dismissal::SignerIsSubject);
    }
    match desk.signers.validate(signer) {
        SignerPath::Valid if is_revoked(inquiry, signer, desk) => Err(Dismissal::SignerRevoked),
        SignerPath::Valid => Ok(key),
        SignerPath::Invalid => Err(Dismissal::SignerUntrusted),
        SignerPath::GivenUp => {
            desk.gave_up = true;
            Err(Dismissal::GivenUp)
        }
    }
}

/// Checks the signature of a list, and pays for it if it has not been checked before.
pub(super) fn verify(
    crl: &Crl,
    key: &PublicKey,
    lenience: Lenience,
    desk: &mut Desk<'_>,
) -> Result<(), Dismissal> {
    let answer = match crl.verified_with(key, lenience) {
        Some(answer) => answer,
        None if desk.pay_for_signature() => crl.verify_signature_leniently(key, lenience),
        None => return Err(Dismissal::GivenUp),
    };
    answer.map_err(to_dismissal)
}

pub(super) fn to_dismissal(error: VerifyError) -> Dismissal {
    match error {
        VerifyError::BadSignature | VerifyError::KeyMismatch => Dismissal::SignatureFalse,
        error => Dismissal::SignatureUnusable { error },
    }
}

/// Whether a list says that somebody who signs lists or responses is revoked. That nothing is known about him is no obstacle.
pub(super) fn is_revoked(inquiry: &Inquiry<'_>, signer: &Certificate, desk: &mut Desk<'_>) -> bool {
    if desk.for_signer {
        return false;
    }
    let mut issuers: Vec<&Certificate> = Vec::new();
    for certificate in inquiry.certificates.iter().copied().chain([inquiry.issuer]) {
        if !desk.pay_for_comparison() {
            return false;
        }
        if certificate.subject() == signer.issuer()
            && certificate != signer
            && !issuers.contains(&certificate)
        {
            issuers.push(certificate);
        }
    }
    desk.for_signer = true;
    let revoked = issuers.into_iter().any(|issuer| {
        let issued = desk.pay_for_signature()
            && inquiry
                .key_of(issuer)
                .is_ok_and(|key| signer.verify_signature_leniently(&key, inquiry.lenience).is_ok());
        let working_key = inquiry.working_key.filter(|_| issuer == inquiry.issuer);
        let question = Inquiry { certificate: signer, issuer, working_key, ..*inquiry };
        issued && matches!(lists::consult(&question, desk, &mut Notes::default()), Status::Revoked { .. })
    });
    desk.for_signer = false;
    revoked
}
