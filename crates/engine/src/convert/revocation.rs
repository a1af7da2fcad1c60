//! Why revocation lists and OCSP responses do not count, in a clause each.

use super::errors;
use certwright_chain::revocation::{Dismissal, Dismissed, Source};
use certwright_language::t;
use certwright_protocol::catalogue::format_time;

/// What a piece of evidence is.
pub(crate) fn evidence_name(source: Source) -> &'static str {
    match source {
        Source::Crl { .. } => t!("a revocation list"),
        Source::Delta { .. } => t!("a revocation list with its delta"),
        Source::Ocsp { .. } => t!("an OCSP response"),
    }
}

/// A piece of evidence that does not count, and why.
pub(crate) fn dismissed_words(dismissed: &Dismissed) -> String {
    format!("{} {}", evidence_name(dismissed.source), dismissal(&dismissed.why))
}

fn dismissal(why: &Dismissal) -> String {
    match why {
        Dismissal::WrongIssuer { issuer } => {
            t!("is by “{issuer}”, who is not the issuer", issuer = issuer.to_rfc4514())
        }
        Dismissal::NotIndirect => {
            t!("is for its own authority alone, and the certificate names somebody else’s").into()
        }
        Dismissal::OtherDistributionPoint { .. } => {
            t!("is for other distribution points than those of the certificate").into()
        }
        Dismissal::OnlyUserCertificates => t!("is about end-entities alone, and this is an authority").into(),
        Dismissal::OnlyCaCertificates => t!("is about authorities alone, and this is none").into(),
        Dismissal::OnlyAttributeCertificates => t!("is about attribute certificates alone").into(),
        Dismissal::NoNewReasons => t!("covers no reason that others do not cover").into(),
        Dismissal::NotYetValid { this_update } => {
            t!("is valid only from {this_update} on", this_update = format_time(*this_update))
        }
        Dismissal::OutOfDate { next_update: Some(next), .. } => {
            t!("is out of date since {next}", next = format_time(*next))
        }
        Dismissal::OutOfDate { this_update, next_update: None } => {
            t!("is too old, of {this_update}", this_update = format_time(*this_update))
        }
        Dismissal::NextUpdateMissing => t!("does not say when the next one comes").into(),
        Dismissal::CrlNumberMissing => t!("has no number").into(),
        Dismissal::Criticality { oid } => {
            t!(
                "has the extension {oid} critical that must not be, or the reverse",
                oid = oid.name_or_dotted()
            )
        }
        Dismissal::UnknownCriticalExtension { oid } => {
            t!("has the critical extension {oid}, which is not known here", oid = oid.name_or_dotted())
        }
        Dismissal::MalformedExtension { oid } => {
            t!("has the extension {oid}, which cannot be read", oid = oid.name_or_dotted())
        }
        Dismissal::DuplicateExtension { oid } => {
            t!("has the extension {oid} twice", oid = oid.name_or_dotted())
        }
        Dismissal::SignatureAlgorithmMismatch => {
            t!("says another algorithm inside its signature than outside").into()
        }
        Dismissal::DeltaWithoutBase => t!("is a difference to a complete list that is not at hand").into(),
        Dismissal::DeltaBaseTooNew => {
            t!("is a difference to a newer complete list than the one at hand").into()
        }
        Dismissal::DeltaNotNewer => t!("is not newer than the complete list").into(),
        Dismissal::DeltaOtherScope => t!("is a difference to a list of another scope or key").into(),
        Dismissal::SignerMissing => t!("is signed by somebody whose certificate is not at hand").into(),
        Dismissal::SignatureFalse => t!("has a signature that does not hold").into(),
        Dismissal::SignatureUnusable { error } => {
            t!("has a signature that cannot be checked ({error})", error = errors::signature(error))
        }
        Dismissal::SignerMayNotSignCrls => t!("is signed with a key whose usage lacks cRLSign").into(),
        Dismissal::SignerIsSubject => t!("is signed by the certificate’s own holder").into(),
        Dismissal::SignerUntrusted => {
            t!("is signed by somebody without a valid path to the same trust anchor").into()
        }
        Dismissal::SignerRevoked => t!("is signed by somebody whose certificate is revoked").into(),
        Dismissal::ResponderError { status } => t!("only tells an error ({status})", status = status.name()),
        Dismissal::ResponseTypeUnknown { oid } => {
            t!("is of the type {oid}, which is not known here", oid = oid.name_or_dotted())
        }
        Dismissal::OtherCertificate => t!("is about other certificates").into(),
        Dismissal::ResponderDoesNotKnow => t!("says that the responder does not know the certificate").into(),
        Dismissal::ResponderOfOtherIssuer { responder, .. } => {
            t!(
                "is by “{responder}”, whose certificate is from another issuer",
                responder = responder.to_rfc4514()
            )
        }
        Dismissal::ResponderLacksOcspSigning { responder } => {
            t!(
                "is by “{responder}”, whose certificate is not for OCSP signing",
                responder = responder.to_rfc4514()
            )
        }
        Dismissal::ResponderMayNotSign => t!("is by somebody whose key usage lacks digitalSignature").into(),
        Dismissal::ResponderNotValidNow { not_after, .. } => {
            t!(
                "is by somebody whose certificate is not valid at that time (until {not_after})",
                not_after = format_time(*not_after)
            )
        }
        Dismissal::ResponderCriticalExtension { oid } => {
            t!(
                "is by somebody whose certificate has the unknown critical extension {oid}",
                oid = oid.name_or_dotted()
            )
        }
        Dismissal::GivenUp => t!("was not looked at any more, since there are too many").into(),
    }
}
