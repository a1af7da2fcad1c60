//! Makes signing requests. They are read back before they are given away.
//!
//! Refuses a request that names nobody, names that break the rules of their kind, extensions twice, and keys that cannot sign.

use certwright_keys::PrivateKey;
use certwright_keys::sign::SignError;
use rand_core::CryptoRng;

use crate::content::{Content, ContentError};
use crate::extensions::Extensions;
use crate::key_identifier::KeyIdentifier;
use crate::name::strings;
use crate::oid::{self, Oid};
use crate::signed::{choose_signature, to_signed};
use crate::tlv::{self, context_constructed};

use super::{ReadRequestError, RequestSpec, SigningRequest, VerifyRequestError};

/// The most characters of a challenge password (RFC 2985 appendix A, `pkcs-9-ub-challengePassword`).
const MAX_CHALLENGE_PASSWORD: usize = 255;

/// Why a request was not made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GenerateRequestError {
    /// What is asked for cannot be.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// A challenge password that is empty or longer than 255 characters.
    #[error("challenge password of {characters} characters")]
    BadChallengePassword {
        /// How many it has.
        characters: usize,
    },
    /// The key cannot sign, or not in the way that was asked for.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// What was made cannot be read, because it is too large.
    #[error(transparent)]
    ReadBack(#[from] ReadRequestError),
    /// What was made does not verify: the two halves of the key do not fit.
    #[error(transparent)]
    Verify(#[from] VerifyRequestError),
}

impl SigningRequest {
    /// Makes a request and signs it with the key that it is for.
    ///
    /// # Errors
    /// See [`GenerateRequestError`].
    pub fn generate(
        key: &PrivateKey,
        spec: &RequestSpec,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, GenerateRequestError> {
        let signature = choose_signature(key, spec.signature)?;
        let info = to_info(key, spec)?;
        let request = Self::from_der(&to_signed(&info, key, signature, rng)?)?;
        request.verify()?;
        Ok(request)
    }
}

/// `CertificationRequestInfo`
fn to_info(key: &PrivateKey, spec: &RequestSpec) -> Result<Vec<u8>, GenerateRequestError> {
    let identifier = spec.subject_key_identifier.then(|| KeyIdentifier::default().of(key.public_key()));
    let content = Content {
        subject: &spec.subject,
        alternative_names: &spec.alternative_names,
        key_usage: spec.key_usage,
        extended_key_usage: &spec.extended_key_usage,
        basic_constraints: spec.basic_constraints.as_ref(),
        subject_key_identifier: identifier,
        extra: &spec.extra,
    };
    let extensions = content.to_extensions()?;
    let mut attributes = Vec::new();
    if let Some(password) = &spec.challenge_password {
        attributes.push(to_attribute(&oid::CHALLENGE_PASSWORD.into(), &to_challenge_password(password)?));
    }
    if !extensions.is_empty() {
        attributes.push(to_attribute(&oid::EXTENSION_REQUEST.into(), &Extensions::to_list(&extensions)));
    }
    // The elements of a SET OF stand in the order of their encodings (X.690 section 11.6).
    attributes.sort();
    let mut info = tlv::to_unsigned_integer(&[0]);
    info.extend_from_slice(spec.subject.der());
    info.extend_from_slice(key.public_key().spki_der());
    tlv::push(&mut info, context_constructed(0), &attributes.concat());
    Ok(tlv::to_element(tlv::SEQUENCE, &info))
}

fn to_attribute(oid: &Oid, value: &[u8]) -> Vec<u8> {
    let mut content = oid.to_der();
    tlv::push(&mut content, tlv::SET, value);
    tlv::to_element(tlv::SEQUENCE, &content)
}

/// RFC 2985 section 5.4.1 prefers PrintableString.
fn to_challenge_password(password: &str) -> Result<Vec<u8>, GenerateRequestError> {
    let characters = password.chars().count();
    if characters == 0 || characters > MAX_CHALLENGE_PASSWORD {
        return Err(GenerateRequestError::BadChallengePassword { characters });
    }
    let printable = password.chars().all(strings::is_printable);
    let tag = if printable { tlv::PRINTABLE_STRING } else { tlv::UTF8_STRING };
    Ok(tlv::to_element(tag, password.as_bytes()))
}
