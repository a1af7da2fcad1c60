//! What OCSP responses say about a certificate (RFC 6960 sections 3.2 and 4.2.2.2).
//!
//! A response counts if the issuer of the certificate signed it, or somebody to whom that very issuer gave a certificate for it with the extended key
//! usage `OCSPSigning`. There are no responders that are trusted besides.

use certwright_certs::extensions::{Extension, Extensions};
use certwright_certs::ocsp::{BasicResponse, CertStatus, ResponseStatus, SingleResponse};
use certwright_certs::{Certificate, OcspResponse, Oid, oid};
use const_oid::ObjectIdentifier;

use super::notes::Notes;
use super::{Desk, Dismissal, Inquiry, Source, Status, signer};

/// How old a response without `nextUpdate` may be, in seconds: as long as any may be valid (CA/Browser Forum, baseline requirements
/// section 4.9.10).
const MAX_AGE: i64 = 10 * 86_400;

/// Extensions that may be critical: they do not change what the status means.
const KNOWN: &[ObjectIdentifier] = &[
    oid::OCSP_NONCE,
    oid::OCSP_CRL_REFERENCE,
    oid::OCSP_ARCHIVE_CUTOFF,
    oid::OCSP_SIGNED_CERTIFICATE_TIMESTAMPS,
];

/// Extensions of a responder's certificate that may be critical: they are looked at, or bear on nothing that a responder does.
const KNOWN_OF_RESPONDER: &[ObjectIdentifier] = &[
    oid::BASIC_CONSTRAINTS,
    oid::KEY_USAGE,
    oid::EXTENDED_KEY_USAGE,
    oid::SUBJECT_ALTERNATIVE_NAME,
    oid::CERTIFICATE_POLICIES,
    oid::CRL_DISTRIBUTION_POINTS,
    oid::OCSP_NO_CHECK,
];

/// What the responses say, if one counts: the first that says revoked, or else the first that says good.
pub(super) fn consult(inquiry: &Inquiry<'_>, desk: &mut Desk<'_>, notes: &mut Notes) -> Option<Status> {
    let mut good = None;
    for (index, response) in inquiry.ocsp.iter().enumerate() {
        let source = Source::Ocsp { index };
        match try_response(inquiry, response, desk) {
            Ok(CertStatus::Revoked { at, reason }) => {
                let reason = reason.unwrap_or_default();
                return Some(Status::Revoked { by: source, at, reason, invalidity_date: None });
            }
            Ok(CertStatus::Good) => good = good.or(Some(source)),
            Ok(CertStatus::Unknown) => notes.dismiss(source, Dismissal::ResponderDoesNotKnow),
            Err(why) => notes.dismiss(source, why),
        }
    }
    good.map(|source| Status::Good { by: vec![source] })
}

fn try_response(
    inquiry: &Inquiry<'_>,
    response: &OcspResponse,
    desk: &mut Desk<'_>,
) -> Result<CertStatus, Dismissal> {
    if response.status() != ResponseStatus::Successful {
        return Err(Dismissal::ResponderError { status: response.status() });
    }
    let Some(basic) = response.basic() else {
        return Err(match response.other_type() {
            Some(oid) => Dismissal::ResponseTypeUnknown { oid: oid.clone() },
            None => Dismissal::OtherCertificate,
        });
    };
    for _ in basic.responses() {
        if !desk.pay_for_comparison() {
            return Err(Dismissal::GivenUp);
        }
    }
    let found = basic.find(inquiry.certificate, inquiry.issuer);
    let single = found.ok_or(Dismissal::OtherCertificate)?;
    for extensions in [basic.extensions(), &single.extensions] {
        if let Some(oid) = unknown_critical(extensions, KNOWN) {
            return Err(Dismissal::UnknownCriticalExtension { oid });
        }
    }
    check_times(single, inquiry.at)?;
    check_signer(inquiry, basic, desk)?;
    Ok(single.status)
}

fn unknown_critical(extensions: &Extensions, known: &[ObjectIdentifier]) -> Option<Oid> {
    let unknown =
        |extension: &&Extension| extension.critical && !known.iter().any(|known| extension.oid == *known);
    extensions.all.iter().find(unknown).map(|extension| extension.oid.clone())
}

fn check_times(single: &SingleResponse, at: i64) -> Result<(), Dismissal> {
    let &SingleResponse { this_update, next_update, .. } = single;
    let last = next_update.unwrap_or(this_update.saturating_add(MAX_AGE));
    if this_update > at {
        Err(Dismissal::NotYetValid { this_update })
    } else if last < at {
        Err(Dismissal::OutOfDate { this_update, next_update })
    } else {
        Ok(())
    }
}

fn check_signer(inquiry: &Inquiry<'_>, basic: &BasicResponse, desk: &mut Desk<'_>) -> Result<(), Dismissal> {
    let mut failure = Dismissal::SignerMissing;
    let candidates = basic.certificates().iter().chain(inquiry.certificates.iter().copied());
    for candidate in [inquiry.issuer].into_iter().chain(candidates) {
        if !desk.pay_for_comparison() {
            return Err(Dismissal::GivenUp);
        }
        if !basic.responder().is(candidate) {
            continue;
        }
        match check_candidate(inquiry, basic, candidate, desk) {
            Ok(()) => return Ok(()),
            Err(Dismissal::GivenUp) => return Err(Dismissal::GivenUp),
            Err(why) if why.progress() > failure.progress() => failure = why,
            Err(_) => {}
        }
    }
    Err(failure)
}

fn check_candidate(
    inquiry: &Inquiry<'_>,
    basic: &BasicResponse,
    responder: &Certificate,
    desk: &mut Desk<'_>,
) -> Result<(), Dismissal> {
    let (key, lenience) = (inquiry.key_of(responder)?, inquiry.lenience);
    let answer = match basic.verified_with(&key, lenience) {
        Some(answer) => answer,
        None if desk.pay_for_signature() => basic.verify_signature_leniently(&key, lenience),
        None => return Err(Dismissal::GivenUp),
    };
    answer.map_err(signer::to_dismissal)?;
    if responder == inquiry.issuer {
        return Ok(());
    }
    if responder == inquiry.certificate {
        return Err(Dismissal::SignerIsSubject);
    }
    check_delegation(inquiry, responder, desk)
}

/// The issuer made the responder one, with the key by which it also signed the certificate.
fn check_delegation(
    inquiry: &Inquiry<'_>,
    responder: &Certificate,
    desk: &mut Desk<'_>,
) -> Result<(), Dismissal> {
    let name = || responder.subject().clone();
    let issued = responder.issuer() == inquiry.issuer.subject() && {
        if !desk.pay_for_signature() {
            return Err(Dismissal::GivenUp);
        }
        let key = inquiry.key_of(inquiry.issuer)?;
        responder.verify_signature_leniently(&key, inquiry.lenience).is_ok()
    };
    if !issued {
        let issuer = responder.issuer().clone();
        return Err(Dismissal::ResponderOfOtherIssuer { responder: name(), issuer });
    }
    if !responder
        .extended_key_usages()
        .is_some_and(|usages| usages.0.iter().any(|usage| *usage == oid::OCSP_SIGNING))
    {
        return Err(Dismissal::ResponderLacksOcspSigning { responder: name() });
    }
    let may_sign = match &responder.extensions().key_usage {
        Ok(Some(usage)) => usage.digital_signature(),
        Ok(None) => true,
        Err(_) => false,
    };
    if !may_sign {
        return Err(Dismissal::ResponderMayNotSign);
    }
    let (not_before, not_after) = (responder.not_before(), responder.not_after());
    if inquiry.at < not_before || inquiry.at > not_after {
        return Err(Dismissal::ResponderNotValidNow { not_before, not_after });
    }
    if let Some(oid) = unknown_critical(responder.extensions(), KNOWN_OF_RESPONDER) {
        return Err(Dismissal::ResponderCriticalExtension { oid });
    }
    let unchecked = responder.extensions().find(oid::OCSP_NO_CHECK).is_some();
    if !unchecked && signer::is_revoked(inquiry, responder, desk) {
        return Err(Dismissal::SignerRevoked);
    }
    Ok(())
}
