//! Why a revocation list or an OCSP response does not count for a certificate.

use certwright_certs::ocsp::ResponseStatus;
use certwright_certs::{GeneralName, Name, Oid};
use certwright_keys::verify::VerifyError;

use super::Source;

/// A piece of evidence that does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dismissed {
    /// Which.
    pub source: Source,
    /// Why.
    pub why: Dismissal,
}

/// Why a piece of evidence does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dismissal {
    /// The list is by somebody else than the certificate's issuer, or than whom the certificate names instead (RFC 5280 section 6.3.3 (b)(1)).
    WrongIssuer {
        /// Who issued the list.
        issuer: Name,
    },
    /// The certificate says that somebody else issues the lists, and the list does not say that it is for several authorities (section 6.3.3 (b)(1)).
    NotIndirect,
    /// The list is for other distribution points than those of the certificate (section 6.3.3 (b)(2)(i)).
    OtherDistributionPoint {
        /// The names of the list's distribution point.
        names: Vec<GeneralName>,
    },
    /// The list is about end-entity certificates only, and the certificate is an authority's (section 6.3.3 (b)(2)(ii)).
    OnlyUserCertificates,
    /// The list is about certificates of authorities only, and the certificate is none (section 6.3.3 (b)(2)(iii)).
    OnlyCaCertificates,
    /// The list is about attribute certificates only (section 6.3.3 (b)(2)(iv)).
    OnlyAttributeCertificates,
    /// The list covers no reason that others, which count, do not cover (section 6.3.3 (e)).
    NoNewReasons,
    /// The list or response is not yet valid.
    NotYetValid {
        /// When it was made, in seconds since 1970.
        this_update: i64,
    },
    /// There is a newer one by now.
    OutOfDate {
        /// When it was made, in seconds since 1970.
        this_update: i64,
        /// When the next was announced, in seconds since 1970; `None` for a response without one that is too old.
        next_update: Option<i64>,
    },
    /// The list does not say when the next one comes (section 5.1.2.5).
    NextUpdateMissing,
    /// The list has no CRL number (section 5.2.3).
    CrlNumberMissing,
    /// An extension of the list is critical that must not be (section 5.2.3), or the other way round (sections 5.2.4, 5.2.5).
    Criticality {
        /// Its type.
        oid: Oid,
    },
    /// A critical extension, of the list or response or of an entry, that this program does not know (section 5.2).
    UnknownCriticalExtension {
        /// Its type.
        oid: Oid,
    },
    /// The value of an extension cannot be read.
    MalformedExtension {
        /// Its type.
        oid: Oid,
    },
    /// An extension occurs more than once (section 4.2).
    DuplicateExtension {
        /// Its type.
        oid: Oid,
    },
    /// Another algorithm stands inside the signature than outside (section 5.1.1.2).
    SignatureAlgorithmMismatch,
    /// The list is a delta CRL, and there is no complete list that it goes with (section 5.2.4).
    DeltaWithoutBase,
    /// The delta CRL is the difference to a newer list than the complete one that is at hand (section 6.3.3 (c)).
    DeltaBaseTooNew,
    /// The delta CRL is not newer than the complete list (section 5.2.4).
    DeltaNotNewer,
    /// The delta CRL is for another scope or by another key than the complete list (section 6.3.3 (c)).
    DeltaOtherScope,
    /// No certificate of the signer is at hand.
    SignerMissing,
    /// The signature does not hold with the key of any certificate that bears the signer's name.
    SignatureFalse,
    /// The signature's algorithm is weak or not known, or the key of the signer is.
    SignatureUnusable {
        /// Why it cannot be checked.
        error: VerifyError,
    },
    /// The signer's key usage has no `cRLSign` (section 6.3.3 (f)).
    SignerMayNotSignCrls,
    /// The only signer is the holder of the certificate, who cannot vouch for himself.
    SignerIsSubject,
    /// The signer's certificate has no valid path to the anchor of the certificate's own path (section 6.3.3 (f)).
    SignerUntrusted,
    /// The signer's certificate is revoked.
    SignerRevoked,
    /// The OCSP response only tells an error.
    ResponderError {
        /// Which.
        status: ResponseStatus,
    },
    /// The OCSP response is of a type that this program does not know.
    ResponseTypeUnknown {
        /// Its type.
        oid: Oid,
    },
    /// The OCSP response is about other certificates.
    OtherCertificate,
    /// The responder does not know the certificate.
    ResponderDoesNotKnow,
    /// The certificate of the responder was not issued by the certificate's issuer itself (RFC 6960 section 4.2.2.2).
    ResponderOfOtherIssuer {
        /// Who signed the response.
        responder: Name,
        /// Who issued the certificate of the responder.
        issuer: Name,
    },
    /// The certificate of the responder lacks the extended key usage `OCSPSigning` (RFC 6960 section 4.2.2.2).
    ResponderLacksOcspSigning {
        /// Who signed the response.
        responder: Name,
    },
    /// The certificate of the responder has a key usage without `digitalSignature`.
    ResponderMayNotSign,
    /// The certificate of the responder is expired or not yet valid.
    ResponderNotValidNow {
        /// The first second in which it is valid, since 1970.
        not_before: i64,
        /// The last second in which it is valid, since 1970.
        not_after: i64,
    },
    /// The certificate of the responder has a critical extension that this program does not know.
    ResponderCriticalExtension {
        /// Its type.
        oid: Oid,
    },
    /// [`Work`](super::Work) was used up before it was looked at.
    GivenUp,
}

impl Dismissal {
    /// True if the evidence is about other certificates, so that it is none for this one.
    pub fn is_about_others(&self) -> bool {
        matches!(
            self,
            Self::WrongIssuer { .. }
                | Self::OtherCertificate
                | Self::ResponderError { .. }
                | Self::ResponseTypeUnknown { .. }
                | Self::NotIndirect
                | Self::OtherDistributionPoint { .. }
                | Self::OnlyUserCertificates
                | Self::OnlyCaCertificates
                | Self::OnlyAttributeCertificates
        )
    }

    /// How far the evidence came before it was dismissed: what came further is more telling.
    pub(super) fn progress(&self) -> u8 {
        match self {
            Self::WrongIssuer { .. } | Self::OtherCertificate => 0,
            Self::ResponderError { .. } | Self::ResponseTypeUnknown { .. } => 1,
            Self::NotIndirect
            | Self::OtherDistributionPoint { .. }
            | Self::OnlyUserCertificates
            | Self::OnlyCaCertificates
            | Self::OnlyAttributeCertificates => 2,
            Self::NoNewReasons | Self::DeltaNotNewer | Self::DeltaOtherScope => 3,
            Self::GivenUp => 4,
            Self::DeltaWithoutBase | Self::DeltaBaseTooNew => 5,
            Self::NotYetValid { .. } | Self::OutOfDate { .. } | Self::NextUpdateMissing => 6,
            Self::CrlNumberMissing | Self::Criticality { .. } => 7,
            Self::UnknownCriticalExtension { .. }
            | Self::MalformedExtension { .. }
            | Self::DuplicateExtension { .. }
            | Self::SignatureAlgorithmMismatch => 8,
            Self::SignerMissing => 9,
            Self::SignatureFalse | Self::SignatureUnusable { .. } => 10,
            Self::ResponderOfOtherIssuer { .. }
            | Self::ResponderLacksOcspSigning { .. }
            | Self::ResponderMayNotSign
            | Self::ResponderNotValidNow { .. }
            | Self::ResponderCriticalExtension { .. }
            | Self::SignerIsSubject
            | Self::SignerMayNotSignCrls => 11,
            Self::SignerUntrusted | Self::SignerRevoked => 12,
            Self::ResponderDoesNotKnow => 13,
        }
    }
}
