//! OCSP responses (RFC 6960 section 4.2): reading one and saying what is in it.
//!
//! Reads the response type `id-pkix-ocsp-basic`, the only one that is in use; another type and a response that only tells an error are kept as
//! such. Refuses what is not the structure of a response, more than [`MAX_SIZE`] octets, and anything after the end.
//! [`OcspRequest`] reads what is asked of a responder.

mod cert_id;
mod describe;
mod reading;
mod request;

use core::fmt;
use core::hash::{Hash, Hasher};
use core::ops::Range;
use std::sync::{Arc, OnceLock};

use certwright_keys::PublicKey;
use certwright_keys::verify::{Lenience, VerifyError};

use crate::certificate::{Certificate, SignatureAlgorithm, reading::verify};
use crate::extensions::{Extensions, ReasonCode};
use crate::fault::Fault;
use crate::name::Name;
use crate::oid::Oid;

pub use cert_id::CertId;
pub use request::OcspRequest;

/// The greatest response that is read, in octets.
pub const MAX_SIZE: usize = 4 * 1024 * 1024;

/// An OCSP response. Cheap to clone; equal if its DER is.
#[derive(Clone)]
pub struct OcspResponse(Arc<Inner>);

struct Inner {
    der: Vec<u8>,
    status: ResponseStatus,
    body: Body,
}

/// What a response holds beside its status.
enum Body {
    /// Nothing: only an error has been told.
    None,
    Basic(Box<BasicResponse>),
    /// Something of another type.
    Other(Oid),
}

/// How the responder took the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResponseStatus {
    /// It answers.
    Successful,
    /// It could not read the request.
    MalformedRequest,
    /// It failed.
    InternalError,
    /// It is busy.
    TryLater,
    /// The request must be signed.
    SignatureRequired,
    /// It does not answer who asked, or not about this certificate.
    Unauthorized,
    /// A number without a meaning.
    Other(u32),
}

impl ResponseStatus {
    /// The name in RFC 6960; a number without a meaning as `4`.
    pub fn name(self) -> String {
        let name = match self {
            Self::Successful => "successful",
            Self::MalformedRequest => "malformedRequest",
            Self::InternalError => "internalError",
            Self::TryLater => "tryLater",
            Self::SignatureRequired => "sigRequired",
            Self::Unauthorized => "unauthorized",
            Self::Other(number) => return number.to_string(),
        };
        name.to_owned()
    }
}

/// The signed answer, `BasicOCSPResponse`.
pub struct BasicResponse {
    der: Vec<u8>,
    tbs: Range<usize>,
    responder: ResponderId,
    produced_at: i64,
    responses: Vec<SingleResponse>,
    extensions: Extensions,
    signature_algorithm: SignatureAlgorithm,
    signature: Range<usize>,
    unused_signature_bits: bool,
    certificates: Vec<Certificate>,
    unreadable_certificates: usize,
    /// The first key that was tried, and what came of it.
    verified: OnceLock<(PublicKey, Lenience, Result<(), VerifyError>)>,
}

/// Who signed a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponderId {
    /// The subject of the signer's certificate.
    Name(Name),
    /// The SHA-1 hash of the signer's key (the bits of the BIT STRING).
    Key(Vec<u8>),
}

impl ResponderId {
    /// True if this is the holder of the certificate.
    pub fn is(&self, certificate: &Certificate) -> bool {
        match self {
            Self::Name(name) => certificate.subject() == name,
            Self::Key(hash) => cert_id::key_hash::<sha1::Sha1>(certificate).is_some_and(|own| own == *hash),
        }
    }
}

/// What is said about one certificate.
#[derive(Clone, Debug)]
pub struct SingleResponse {
    /// Which certificate it is about.
    pub cert_id: CertId,
    /// What is said.
    pub status: CertStatus,
    /// When the responder knew that, in seconds since 1970.
    pub this_update: i64,
    /// When it knows more at the latest, in seconds since 1970; `None` if it may at any time.
    pub next_update: Option<i64>,
    /// Its extensions.
    pub extensions: Extensions,
}

/// The status of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CertStatus {
    /// It is not revoked, which does not mean that it was ever issued.
    Good,
    /// It is revoked.
    Revoked {
        /// Since when, in seconds since 1970.
        at: i64,
        /// Why.
        reason: Option<ReasonCode>,
    },
    /// The responder does not know the certificate.
    Unknown,
}

/// Why bytes are no OCSP response or request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadOcspError {
    /// No octets at all.
    #[error("empty")]
    Empty,
    /// More than [`MAX_SIZE`] octets.
    #[error("{size} octets are too many")]
    TooLarge {
        /// How many.
        size: usize,
    },
    /// The structure breaks.
    #[error("{field}: {fault}")]
    Malformed {
        /// The field of RFC 6960 in which it breaks.
        field: &'static str,
        /// Where and why. Within the signed answer, octets from its start.
        fault: Fault,
    },
}

impl OcspResponse {
    /// Reads one DER response that makes up all of `der`, as it comes from a responder or in a TLS handshake.
    ///
    /// # Errors
    /// Where the structure breaks.
    pub fn from_der(der: &[u8]) -> Result<Self, ReadOcspError> {
        reading::parse(der).map(|inner| Self(Arc::new(inner)))
    }

    /// The bytes that were read.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// How the responder took the request.
    pub fn status(&self) -> ResponseStatus {
        self.0.status
    }

    /// The signed answer; `None` if an error was told, or it is of a type that nobody uses.
    pub fn basic(&self) -> Option<&BasicResponse> {
        match &self.0.body {
            Body::Basic(basic) => Some(basic),
            _ => None,
        }
    }

    /// The type of an answer that cannot be read.
    pub fn other_type(&self) -> Option<&Oid> {
        match &self.0.body {
            Body::Other(oid) => Some(oid),
            _ => None,
        }
    }
}

impl BasicResponse {
    /// The DER of `tbsResponseData`, which the signature covers.
    pub fn tbs_der(&self) -> &[u8] {
        self.slice(&self.tbs)
    }

    /// Who signed.
    pub fn responder(&self) -> &ResponderId {
        &self.responder
    }

    /// When it was signed, in seconds since 1970.
    pub fn produced_at(&self) -> i64 {
        self.produced_at
    }

    /// What is said about which certificates.
    pub fn responses(&self) -> &[SingleResponse] {
        &self.responses
    }

    /// What is said about one certificate; the newest, if there is more.
    pub fn find(&self, certificate: &Certificate, issuer: &Certificate) -> Option<&SingleResponse> {
        let mut identity = cert_id::Identity::new(certificate, issuer);
        let about_it = self.responses.iter().filter(|response| identity.is(&response.cert_id));
        about_it.max_by_key(|response| response.this_update)
    }

    /// The extensions of the answer as a whole.
    pub fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// Certificates that help to check the signature.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// How many more certificates there are that cannot be read.
    pub fn unreadable_certificates(&self) -> usize {
        self.unreadable_certificates
    }

    /// How it is signed.
    pub fn signature_algorithm(&self) -> &SignatureAlgorithm {
        &self.signature_algorithm
    }

    /// The octets of the signature.
    pub fn signature(&self) -> &[u8] {
        self.slice(&self.signature)
    }

    /// Checks the signature with a key. Looks at nothing else.
    ///
    /// # Errors
    /// Why the signature does not hold.
    pub fn verify_signature(&self, key: &PublicKey) -> Result<(), VerifyError> {
        self.verify_signature_leniently(key, Lenience::default())
    }

    /// As [`BasicResponse::verify_signature`], and believes algorithms that prove nothing today, if it is told to.
    ///
    /// # Errors
    /// Why the signature does not hold.
    pub fn verify_signature_leniently(&self, key: &PublicKey, lenience: Lenience) -> Result<(), VerifyError> {
        if let Some(answer) = self.verified_with(key, lenience) {
            return answer;
        }
        let answer = if self.unused_signature_bits {
            Err(VerifyError::BadSignature)
        } else {
            verify(key, self.signature_algorithm(), self.tbs_der(), self.signature(), lenience)
        };
        self.verified.get_or_init(|| (key.clone(), lenience, answer.clone()));
        answer
    }

    /// What [`BasicResponse::verify_signature_leniently`] says, if it is known without work.
    pub fn verified_with(&self, key: &PublicKey, lenience: Lenience) -> Option<Result<(), VerifyError>> {
        let (tried, by, answer) = self.verified.get()?;
        (tried == key && *by == lenience).then(|| answer.clone())
    }

    fn slice(&self, range: &Range<usize>) -> &[u8] {
        // The ranges were made from this very buffer.
        self.der.get(range.clone()).unwrap_or_default()
    }
}

impl PartialEq for OcspResponse {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.der == other.0.der
    }
}

impl Eq for OcspResponse {}

impl Hash for OcspResponse {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.der.hash(state);
    }
}

impl fmt::Debug for OcspResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.basic().map_or(0, |basic| basic.responses.len());
        write!(f, "OcspResponse({}, {count} certificates)", self.status().name())
    }
}
