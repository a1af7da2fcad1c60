//! Issuing certificates (RFC 5280): a small certification authority of one's own, and self-signed certificates.
//!
//! [`issue`] signs a request. What the request asks for is granted as far as [`IssueSpec::honour`] says so; identifiers, serial number,
//! issuer and validity are the issuer's affair. It refuses a request whose own signature is wrong or whose key is weak, an issuer that is no
//! CA or whose path length is used up, a key that is not the issuer's, and a validity that leaves the issuer's.
//! [`generate_self_signed`] makes a certificate that is its own issuer. Both read back what they made and check the signature.

mod granted;
mod self_signed;
mod to_be_signed;

use certwright_keys::sign::SignError;
use certwright_keys::verify::VerifyError;
use certwright_keys::{KeyAlgorithm, PrivateKey, PublicKey, ReadKeyError, X509Signature};
use rand_core::CryptoRng;

use crate::certificate::{Certificate, ReadCertificateError};
use crate::content::{Content, ContentError};
use crate::extensions::{AuthorityKeyIdentifier, BasicConstraints, Extension, KeyUsage, ReadExtensionError};
use crate::key_identifier::KeyIdentifier;
use crate::key_strength::{Strength, Weakness, strength};
use crate::name::Name;
use crate::oid::{self, Oid};
use crate::purpose::Purpose;
use crate::request::{SigningRequest, VerifyRequestError};
use crate::san::GeneralName;

use granted::Granted;
use to_be_signed::ToBeSigned;

pub use self_signed::{SelfSignedSpec, generate_self_signed};
pub use to_be_signed::MAX_SERIAL_OCTETS;

/// A day in seconds.
const DAY: i64 = 86_400;
/// For how many days an end-entity is certified unless told otherwise.
pub const END_ENTITY_DAYS: i64 = 365;
/// For how many days a certification authority is certified unless told otherwise: ten years.
pub const AUTHORITY_DAYS: i64 = 3_652;

/// What a CA grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueSpec {
    /// The serial number, big-endian, positive, up to 20 octets; `None` for 20 random octets.
    pub serial: Option<Vec<u8>>,
    /// The first second of the validity, since 1970. Clocks differ: a few minutes before now saves trouble.
    pub not_before: i64,
    /// The last second of the validity, since 1970.
    pub not_after: i64,
    /// What is done with a validity that leaves the issuer's.
    pub outside_issuers_validity: OutsideValidity,
    /// The subject; `None` for that of the request.
    pub subject: Option<Name>,
    /// The alternative names, instead of those that are asked for; `None` for these, if they are honoured.
    pub alternative_names: Option<Vec<GeneralName>>,
    /// The key usage where none is asked for or honoured.
    pub key_usage: Option<KeyUsage>,
    /// The purposes where none are asked for or honoured.
    pub extended_key_usage: Vec<Oid>,
    /// Whether the subject becomes a CA, unless the request decides that.
    pub is_ca: bool,
    /// How many intermediates may follow below the new CA; `None` for as many as the issuer has left.
    pub path_length: Option<u8>,
    /// What is taken from the request.
    pub honour: Vec<Honour>,
    /// Further extensions, for example where the issuer's revocation list is.
    pub extra: Vec<Extension>,
    /// How to sign; `None` is the default of the issuer's key.
    pub signature: Option<X509Signature>,
    /// How the subject key identifier is made.
    pub key_identifier: KeyIdentifier,
}

/// An extension that is taken from the request if it is there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Honour {
    /// The alternative names.
    SubjectAlternativeNames,
    /// The key usage. Without being a CA nobody gets the usages of one.
    KeyUsage,
    /// The purposes.
    ExtendedKeyUsage,
    /// Whether the subject is a CA, with the shorter of the path lengths.
    BasicConstraints,
    /// Any other extension as it stands in the request, critical or not. Key identifiers are never taken over.
    Other(Oid),
}

impl Honour {
    /// What stands for an extension.
    pub fn from_oid(oid: &Oid) -> Self {
        match () {
            () if *oid == oid::SUBJECT_ALTERNATIVE_NAME => Self::SubjectAlternativeNames,
            () if *oid == oid::KEY_USAGE => Self::KeyUsage,
            () if *oid == oid::EXTENDED_KEY_USAGE => Self::ExtendedKeyUsage,
            () if *oid == oid::BASIC_CONSTRAINTS => Self::BasicConstraints,
            () => Self::Other(oid.clone()),
        }
    }
}

/// What is done with a validity that leaves the issuer's, which no verifier would accept to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OutsideValidity {
    /// Nothing is issued.
    #[default]
    Refuse,
    /// It is cut to the issuer's.
    Clamp,
}

/// Why no certificate was issued.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssueError {
    /// The requester did not show that they have the key.
    #[error("request: {0}")]
    Request(#[from] VerifyRequestError),
    /// An extension that is honoured cannot be read.
    #[error("request: {0}")]
    RequestedExtension(ReadExtensionError),
    /// The key to be certified is weak.
    #[error("weak key: {why}")]
    WeakKey {
        /// What makes it weak.
        why: Weakness,
    },
    /// The issuer's certificate is not that of a CA.
    #[error("the issuer is no certification authority")]
    IssuerIsNoCa,
    /// The issuer's certificate has no subject to be named by.
    #[error("the issuer has no name")]
    IssuerHasNoName,
    /// The key usage of the issuer's certificate does not allow signing certificates.
    #[error("the issuer's key usage lacks keyCertSign")]
    IssuerMayNotSignCertificates,
    /// An extension of the issuer's certificate that decides what it may issue cannot be read.
    #[error("issuer: {0}")]
    IssuersExtension(ReadExtensionError),
    /// The key in the issuer's certificate cannot be read.
    #[error("issuer: {0}")]
    IssuersKey(ReadKeyError),
    /// The private key is not the one of the issuer's certificate.
    #[error("the key ({key}) is not that of the issuer's certificate ({certificate})")]
    IssuerKeyMismatch {
        /// Algorithm of the private key.
        key: KeyAlgorithm,
        /// Algorithm of the key in the certificate.
        certificate: KeyAlgorithm,
    },
    /// The issuer may certify end-entities, but no further CA: its path length is 0.
    #[error("the issuer's path length is used up")]
    PathLengthExhausted,
    /// More intermediates are wanted below the new CA than the issuer has left.
    #[error("path length {wanted}, at most {most}")]
    PathLengthTooLong {
        /// The path length that is wanted.
        wanted: u32,
        /// The path length that is left.
        most: u32,
    },
    /// An end-entity would have the issuer's own name, so that no chain could tell them apart.
    #[error("the subject is the issuer")]
    SubjectIsIssuer,
    /// The validity leaves the issuer's, or does not even meet it.
    #[error(
        "validity {not_before} to {not_after} leaves the issuer's, {issuer_not_before} to {issuer_not_after}"
    )]
    NotInIssuersValidity {
        /// First second that is wanted.
        not_before: i64,
        /// Last second that is wanted.
        not_after: i64,
        /// First second of the issuer's certificate.
        issuer_not_before: i64,
        /// Last second of the issuer's certificate.
        issuer_not_after: i64,
    },
    /// The validity ends before it begins, or lies outside the years 0 to 9999.
    #[error("impossible validity {not_before} to {not_after}")]
    BadValidity {
        /// First second.
        not_before: i64,
        /// Last second.
        not_after: i64,
    },
    /// A serial number that is zero or takes more than 20 octets.
    #[error("bad serial number of {octets} octets")]
    BadSerial {
        /// How many octets it takes.
        octets: usize,
    },
    /// What the certificate should say cannot be.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// The key cannot sign, or not in the way that was asked for.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// What was made cannot be read, because it is too large.
    #[error(transparent)]
    ReadBack(#[from] ReadCertificateError),
    /// What was made does not verify with the issuer's key.
    #[error(transparent)]
    Verify(#[from] VerifyError),
}

impl IssueSpec {
    /// For an end-entity: one year from `not_before`, the usages of `purpose` for a key of `algorithm` unless the request asks for others;
    /// alternative names and usages are honoured.
    pub fn for_purpose(purpose: Purpose, algorithm: &KeyAlgorithm, not_before: i64) -> Self {
        Self {
            serial: None,
            not_before,
            not_after: last_second(not_before, END_ENTITY_DAYS),
            outside_issuers_validity: OutsideValidity::default(),
            subject: None,
            alternative_names: None,
            key_usage: Some(purpose.key_usage(algorithm)),
            extended_key_usage: purpose.extended_key_usage(),
            is_ca: false,
            path_length: None,
            honour: vec![Honour::SubjectAlternativeNames, Honour::KeyUsage, Honour::ExtendedKeyUsage],
            extra: Vec::new(),
            signature: None,
            key_identifier: KeyIdentifier::default(),
        }
    }

    /// For an intermediate CA: ten years from `not_before`, signing certificates and revocation lists; nothing of the request is
    /// honoured but its subject and key.
    pub fn for_authority(path_length: Option<u8>, not_before: i64) -> Self {
        Self {
            serial: None,
            not_before,
            not_after: last_second(not_before, AUTHORITY_DAYS),
            outside_issuers_validity: OutsideValidity::default(),
            subject: None,
            alternative_names: None,
            key_usage: Some(AUTHORITY_USAGE),
            extended_key_usage: Vec::new(),
            is_ca: true,
            path_length,
            honour: Vec::new(),
            extra: Vec::new(),
            signature: None,
            key_identifier: KeyIdentifier::default(),
        }
    }
}

/// What a CA does with its key.
const AUTHORITY_USAGE: KeyUsage = KeyUsage::KEY_CERT_SIGN.and(KeyUsage::CRL_SIGN);

/// Signs a request as `issuer`.
///
/// # Errors
/// See [`IssueError`].
pub fn issue(
    request: &SigningRequest,
    issuer: &Certificate,
    issuer_key: &PrivateKey,
    spec: &IssueSpec,
    rng: &mut impl CryptoRng,
) -> Result<Certificate, IssueError> {
    request.verify()?;
    let key = request.public_key().map_err(VerifyRequestError::Key)?;
    refuse_weak(&key)?;
    let (issuers_key, path_left) = check_issuer(issuer, issuer_key)?;
    let granted = Granted::new(request, spec).map_err(IssueError::RequestedExtension)?;
    let constraints = constraints(&granted, path_left)?;
    let subject = spec.subject.as_ref().unwrap_or(request.subject());
    if subject == issuer.subject() && !constraints.ca {
        return Err(IssueError::SubjectIsIssuer);
    }
    if constraints.ca && subject.is_empty() {
        // Certificates below a CA name it by its subject (RFC 5280 section 4.1.2.6).
        return Err(ContentError::NoName.into());
    }
    let (not_before, not_after) = validity(spec, issuer)?;
    // As it stands in the issuer's certificate, however it was made (RFC 5280 section 4.2.1.1).
    let authority = match issuer.subject_key_identifier() {
        Some(identifier) => identifier.to_vec(),
        None => KeyIdentifier::default().of(&issuers_key),
    };
    let mut extra = granted.extra;
    extra.extend(spec.extra.iter().cloned());
    let content = Content {
        subject,
        alternative_names: &granted.alternative_names,
        key_usage: granted.key_usage,
        extended_key_usage: &granted.extended_key_usage,
        basic_constraints: Some(&constraints),
        subject_key_identifier: Some(spec.key_identifier.of(&key)),
        extra: &extra,
    };
    let to_be_signed = ToBeSigned {
        serial: spec.serial.as_deref(),
        issuer: issuer.subject(),
        not_before,
        not_after,
        subject,
        key: &key,
        issuers_key: &issuers_key,
        extensions: with_authority(&content, authority)?,
    };
    to_be_signed.sign(issuer_key, spec.signature, rng)
}

/// The extensions of the content, with the authority key identifier.
fn with_authority(content: &Content<'_>, authority: Vec<u8>) -> Result<Vec<Extension>, ContentError> {
    let mut extensions = content.to_extensions()?;
    let oid = Oid::from(oid::AUTHORITY_KEY_IDENTIFIER);
    if extensions.iter().any(|extension| extension.oid == oid) {
        return Err(ContentError::DuplicateExtension { oid });
    }
    let identifier = AuthorityKeyIdentifier { key_identifier: Some(authority), issuer: None, serial: None };
    extensions.push(Extension { oid, critical: false, value: identifier.to_value() });
    Ok(extensions)
}

fn refuse_weak(key: &PublicKey) -> Result<(), IssueError> {
    match strength(key) {
        Strength::Weak { why } => Err(IssueError::WeakKey { why }),
        _ => Ok(()),
    }
}

/// That the issuer may sign certificates with this key: the key as its certificate has it, and its path length.
fn check_issuer(issuer: &Certificate, key: &PrivateKey) -> Result<(PublicKey, Option<u32>), IssueError> {
    let extensions = issuer.extensions();
    let constraints = extensions.basic_constraints.as_ref();
    let path_length = constraints.map_err(|error| IssueError::IssuersExtension(error.clone()))?.as_ref();
    if !issuer.is_ca() {
        return Err(IssueError::IssuerIsNoCa);
    }
    if issuer.subject().is_empty() {
        return Err(IssueError::IssuerHasNoName);
    }
    let usage = extensions.key_usage.as_ref().map_err(|error| IssueError::IssuersExtension(error.clone()))?;
    if usage.is_some_and(|usage| !usage.key_cert_sign()) {
        return Err(IssueError::IssuerMayNotSignCertificates);
    }
    let certified = issuer.public_key().map_err(IssueError::IssuersKey)?;
    let own = key.public_key();
    // The parameters of the algorithm may be written in more than one way.
    if certified.algorithm() != own.algorithm() || certified.key_bits() != own.key_bits() {
        return Err(IssueError::IssuerKeyMismatch {
            key: own.algorithm(),
            certificate: certified.algorithm(),
        });
    }
    Ok((certified, path_length.and_then(|constraints| constraints.path_length)))
}

/// The basic constraints, with a path length that the issuer has left (RFC 5280 section 4.2.1.9).
fn constraints(granted: &Granted, path_left: Option<u32>) -> Result<BasicConstraints, IssueError> {
    if !granted.is_ca {
        return Ok(BasicConstraints { ca: false, path_length: None });
    }
    let most = match path_left {
        None => None,
        Some(left) => Some(left.checked_sub(1).ok_or(IssueError::PathLengthExhausted)?),
    };
    if let (Some(wanted), Some(most)) = (granted.decided_path_length, most)
        && wanted > most
    {
        return Err(IssueError::PathLengthTooLong { wanted, most });
    }
    let lengths = [granted.decided_path_length, granted.requested_path_length, most];
    Ok(BasicConstraints { ca: true, path_length: lengths.into_iter().flatten().min() })
}

fn validity(spec: &IssueSpec, issuer: &Certificate) -> Result<(i64, i64), IssueError> {
    let (from, to) = (spec.not_before, spec.not_after);
    if from > to {
        return Err(IssueError::BadValidity { not_before: from, not_after: to });
    }
    let clamped = (from.max(issuer.not_before()), to.min(issuer.not_after()));
    let acceptable = match spec.outside_issuers_validity {
        OutsideValidity::Refuse => clamped == (from, to),
        OutsideValidity::Clamp => clamped.0 <= clamped.1,
    };
    if acceptable {
        return Ok(clamped);
    }
    Err(IssueError::NotInIssuersValidity {
        not_before: from,
        not_after: to,
        issuer_not_before: issuer.not_before(),
        issuer_not_after: issuer.not_after(),
    })
}

/// The last second of a validity of so many days; `notAfter` belongs to it (RFC 5280 section 4.1.2.5).
fn last_second(not_before: i64, days: i64) -> i64 {
    not_before.saturating_add(days * DAY - 1)
}
