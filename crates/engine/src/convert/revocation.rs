//! Why revocation lists and OCSP responses do not count, in a clause each.

use certwright_chain::revocation::{Dismissal, Dismissed, Source};
use certwright_protocol::catalogue::format_time;

/// What a piece of evidence is.
pub(crate) fn evidence_name(source: Source) -> &'static str {
    match source {
        Source::Crl { .. } => "a revocation list",
        Source::Delta { .. } => "a revocation list with its delta",
        Source::Ocsp { .. } => "an OCSP response",
    }
}

/// A piece of evidence that does not count, and why.
pub(crate) fn dismissed_words(dismissed: &Dismissed) -> String {
    format!("{} {}", evidence_name(dismissed.source), dismissal(&dismissed.why))
}

fn dismissal(why: &Dismissal) -> String {
    match why {
        Dismissal::WrongIssuer { issuer } => {
            format!("is by “{}”, who is not the issuer", issuer.to_rfc4514())
        }
        Dismissal::NotIndirect => {
            "is for its own authority alone, and the certificate names somebody else’s".into()
        }
        Dismissal::OtherDistributionPoint { .. } => {
            "is for other distribution points than those of the certificate".into()
        }
        Dismissal::OnlyUserCertificates => "is about end-entities alone, and this is an authority".into(),
        Dismissal::OnlyCaCertificates => "is about authorities alone, and this is none".into(),
        Dismissal::OnlyAttributeCertificates => "is about attribute certificates alone".into(),
        Dismissal::NoNewReasons => "covers no reason that others do not cover".into(),
        Dismissal::NotYetValid { this_update } => {
            format!("is valid only from {} on", format_time(*this_update))
        }
        Dismissal::OutOfDate { next_update: Some(next), .. } => {
            format!("is out of date since {}", format_time(*next))
        }
        Dismissal::OutOfDate { this_update, next_update: None } => {
            format!("is too old, of {}", format_time(*this_update))
        }
        Dismissal::NextUpdateMissing => "does not say when the next one comes".into(),
        Dismissal::CrlNumberMissing => "has no number".into(),
        Dismissal::Criticality { oid } => {
            format!("has the extension {} critical that must not be, or the reverse", oid.name_or_dotted())
        }
        Dismissal::UnknownCriticalExtension { oid } => {
            format!("has the critical extension {}, which is not known here", oid.name_or_dotted())
        }
        Dismissal::MalformedExtension { oid } => {
            format!("has the extension {}, which cannot be read", oid.name_or_dotted())
        }
        Dismissal::DuplicateExtension { oid } => format!("has the extension {} twice", oid.name_or_dotted()),
        Dismissal::SignatureAlgorithmMismatch => {
            "says another algorithm inside its signature than outside".into()
        }
        Dismissal::DeltaWithoutBase => "is a difference to a complete list that is not at hand".into(),
        Dismissal::DeltaBaseTooNew => "is a difference to a newer complete list than the one at hand".into(),
        Dismissal::DeltaNotNewer => "is not newer than the complete list".into(),
        Dismissal::DeltaOtherScope => "is a difference to a list of another scope or key".into(),
        Dismissal::SignerMissing => "is signed by somebody whose certificate is not at hand".into(),
        Dismissal::SignatureFalse => "has a signature that does not hold".into(),
        Dismissal::SignatureUnusable { error } => format!("has a signature that cannot be checked ({error})"),
        Dismissal::SignerMayNotSignCrls => "is signed with a key whose usage lacks cRLSign".into(),
        Dismissal::SignerIsSubject => "is signed by the certificate’s own holder".into(),
        Dismissal::SignerUntrusted => {
            "is signed by somebody without a valid path to the same trust anchor".into()
        }
        Dismissal::SignerRevoked => "is signed by somebody whose certificate is revoked".into(),
        Dismissal::ResponderError { status } => format!("only tells an error ({})", status.name()),
        Dismissal::ResponseTypeUnknown { oid } => {
            format!("is of the type {}, which is not known here", oid.name_or_dotted())
        }
        Dismissal::OtherCertificate => "is about other certificates".into(),
        Dismissal::ResponderDoesNotKnow => "says that the responder does not know the certificate".into(),
        Dismissal::ResponderOfOtherIssuer { responder, .. } => {
            format!("is by “{}”, whose certificate is from another issuer", responder.to_rfc4514())
        }
        Dismissal::ResponderLacksOcspSigning { responder } => {
            format!("is by “{}”, whose certificate is not for OCSP signing", responder.to_rfc4514())
        }
        Dismissal::ResponderMayNotSign => "is by somebody whose key usage lacks digitalSignature".into(),
        Dismissal::ResponderNotValidNow { not_after, .. } => {
            format!(
                "is by somebody whose certificate is not valid at that time (until {})",
                format_time(*not_after)
            )
        }
        Dismissal::ResponderCriticalExtension { oid } => {
            format!(
                "is by somebody whose certificate has the unknown critical extension {}",
                oid.name_or_dotted()
            )
        }
        Dismissal::GivenUp => "was not looked at any more, since there are too many".into(),
    }
}
