//! Self-signed certificates: of a root CA, or of an end-entity that its peers trust directly.

use certwright_keys::{KeyAlgorithm, PrivateKey, X509Signature};
use rand_core::CryptoRng;

use crate::certificate::Certificate;
use crate::content::{Content, ContentError};
use crate::extensions::{BasicConstraints, Extension, KeyUsage};
use crate::key_identifier::KeyIdentifier;
use crate::name::Name;
use crate::oid::Oid;
use crate::purpose::Purpose;
use crate::request::RequestSpec;
use crate::san::GeneralName;

use super::to_be_signed::ToBeSigned;
use super::{
    AUTHORITY_DAYS, AUTHORITY_USAGE, END_ENTITY_DAYS, IssueError, last_second, refuse_weak, with_authority,
};

/// What a self-signed certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelfSignedSpec {
    /// The subject, which is the issuer too.
    pub subject: Name,
    /// The alternative names.
    pub alternative_names: Vec<GeneralName>,
    /// The serial number, big-endian, positive, up to 20 octets; `None` for 20 random octets.
    pub serial: Option<Vec<u8>>,
    /// The first second of the validity, since 1970. Clocks differ: a few minutes before now saves trouble.
    pub not_before: i64,
    /// The last second of the validity, since 1970.
    pub not_after: i64,
    /// The key usage.
    pub key_usage: Option<KeyUsage>,
    /// The purposes of the extended key usage.
    pub extended_key_usage: Vec<Oid>,
    /// Whether this is a CA.
    pub is_ca: bool,
    /// How many intermediates may follow below a CA.
    pub path_length: Option<u8>,
    /// Further extensions.
    pub extra: Vec<Extension>,
    /// How to sign; `None` is the default of the key.
    pub signature: Option<X509Signature>,
    /// How the key identifiers are made.
    pub key_identifier: KeyIdentifier,
}

impl SelfSignedSpec {
    /// For an end-entity with a key of `algorithm`: one year from `not_before`.
    pub fn for_purpose(subject: Name, purpose: Purpose, algorithm: &KeyAlgorithm, not_before: i64) -> Self {
        Self {
            subject,
            alternative_names: Vec::new(),
            serial: None,
            not_before,
            not_after: last_second(not_before, END_ENTITY_DAYS),
            key_usage: Some(purpose.key_usage(algorithm)),
            extended_key_usage: purpose.extended_key_usage(),
            is_ca: false,
            path_length: None,
            extra: Vec::new(),
            signature: None,
            key_identifier: KeyIdentifier::default(),
        }
    }

    /// For a root CA: ten years from `not_before`, signing certificates and revocation lists.
    pub fn for_authority(subject: Name, path_length: Option<u8>, not_before: i64) -> Self {
        Self {
            subject,
            alternative_names: Vec::new(),
            serial: None,
            not_before,
            not_after: last_second(not_before, AUTHORITY_DAYS),
            key_usage: Some(AUTHORITY_USAGE),
            extended_key_usage: Vec::new(),
            is_ca: true,
            path_length,
            extra: Vec::new(),
            signature: None,
            key_identifier: KeyIdentifier::default(),
        }
    }

    /// What a request would ask for, granted: for one year from `not_before`, for a CA ten.
    pub fn from_request_spec(spec: &RequestSpec, not_before: i64) -> Self {
        let is_ca = spec.basic_constraints.as_ref().is_some_and(|constraints| constraints.ca);
        let path_length = spec.basic_constraints.as_ref().and_then(|constraints| constraints.path_length);
        let days = if is_ca { AUTHORITY_DAYS } else { END_ENTITY_DAYS };
        Self {
            subject: spec.subject.clone(),
            alternative_names: spec.alternative_names.clone(),
            serial: None,
            not_before,
            not_after: last_second(not_before, days),
            key_usage: spec.key_usage,
            extended_key_usage: spec.extended_key_usage.clone(),
            is_ca,
            path_length: path_length.map(|length| u8::try_from(length).unwrap_or(u8::MAX)),
            extra: spec.extra.clone(),
            signature: spec.signature,
            key_identifier: KeyIdentifier::default(),
        }
    }
}

/// Makes a certificate of a key, signed with that key.
///
/// # Errors
/// See [`IssueError`].
pub fn generate_self_signed(
    key: &PrivateKey,
    spec: &SelfSignedSpec,
    rng: &mut impl CryptoRng,
) -> Result<Certificate, IssueError> {
    refuse_weak(key.public_key())?;
    if spec.subject.is_empty() {
        // The issuer must have a name, whatever the alternative names are (RFC 5280 section 4.1.2.4).
        return Err(ContentError::NoName.into());
    }
    let identifier = spec.key_identifier.of(key.public_key());
    let constraints = BasicConstraints { ca: spec.is_ca, path_length: spec.path_length.map(u32::from) };
    let content = Content {
        subject: &spec.subject,
        alternative_names: &spec.alternative_names,
        key_usage: spec.key_usage,
        extended_key_usage: &spec.extended_key_usage,
        basic_constraints: Some(&constraints),
        subject_key_identifier: Some(identifier.clone()),
        extra: &spec.extra,
    };
    let to_be_signed = ToBeSigned {
        serial: spec.serial.as_deref(),
        issuer: &spec.subject,
        not_before: spec.not_before,
        not_after: spec.not_after,
        subject: &spec.subject,
        key: key.public_key(),
        issuers_key: key.public_key(),
        extensions: with_authority(&content, identifier)?,
    };
    to_be_signed.sign(key, spec.signature, rng)
}
