//! Signing requests, PKCS#10 (RFC 2986), with the extensions that are asked for in `extensionRequest` (RFC 2985 section 5.4.2).
//!
//! Read: any, signed with any algorithm, under either PEM label, with the extensions also under the identifier that Microsoft gave them;
//! all attributes are kept. Made: see [`RequestSpec`].

mod attribute;
mod generate;
mod spec;

use core::fmt;
use std::sync::Arc;

use certwright_keys::verify::{Lenience, VerifyError};
use certwright_keys::{PublicKey, ReadKeyError};

use crate::certificate::SignatureAlgorithm;
use crate::certificate::reading::{parse_algorithm, parse_signature, verify};
use crate::extensions::{BasicConstraints, ExtendedKeyUsage, Extension, Extensions, KeyUsage};
use crate::fault::{Fault, Problem};
use crate::name::Name;
use crate::oid::{self, Oid};
use crate::san::GeneralName;
use crate::tlv::{self, Elements, Tlv, context_constructed};

pub use crate::content::ContentError;
pub use crate::purpose::Purpose;
pub use attribute::RequestAttribute;
pub use generate::GenerateRequestError;
pub use spec::RequestSpec;

/// The greatest request that is read, in octets.
pub const MAX_SIZE: usize = 1024 * 1024;

/// A signing request. Cheap to clone; equal if its DER is.
#[derive(Clone)]
pub struct SigningRequest(Arc<Inner>);

struct Inner {
    der: Vec<u8>,
    info: Vec<u8>,
    subject: Name,
    spki: Vec<u8>,
    extensions: Extensions,
    attributes: Vec<RequestAttribute>,
    signature_algorithm: SignatureAlgorithm,
    signature: Vec<u8>,
}

/// Why bytes are no signing request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadRequestError {
    /// No octets at all.
    #[error("empty")]
    Empty,
    /// More than [`MAX_SIZE`] octets.
    #[error("{size} octets are too many")]
    TooLarge {
        /// How many.
        size: usize,
    },
    /// A PEM text without a signing request.
    #[error("no signing request in the PEM text")]
    NoRequest,
    /// The structure breaks.
    #[error("{field}: {fault}")]
    Malformed {
        /// The field of RFC 2986 in which it breaks.
        field: &'static str,
        /// Where and why.
        fault: Fault,
    },
}

/// Why the signature of a request does not show that the requester has the key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyRequestError {
    /// The key cannot be read.
    #[error(transparent)]
    Key(#[from] ReadKeyError),
    /// The signature does not hold.
    #[error(transparent)]
    Signature(#[from] VerifyError),
}

impl SigningRequest {
    /// Reads one DER request that makes up all of `der`.
    ///
    /// # Errors
    /// Where the structure breaks.
    pub fn from_der(der: &[u8]) -> Result<Self, ReadRequestError> {
        parse(der).map(|inner| Self(Arc::new(inner)))
    }

    /// Reads the first block `CERTIFICATE REQUEST` or `NEW CERTIFICATE REQUEST` of a PEM text.
    ///
    /// # Errors
    /// If there is none, or where its structure breaks.
    pub fn from_pem(text: &[u8]) -> Result<Self, ReadRequestError> {
        let found = certwright_encoding::pem::parse_pem(text);
        let request = found.blocks.iter().find(|block| block.label.ends_with("CERTIFICATE REQUEST"));
        Self::from_der(&request.ok_or(ReadRequestError::NoRequest)?.der)
    }

    /// The bytes that were read or made.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// The request as PEM, `-----BEGIN CERTIFICATE REQUEST-----`.
    pub fn to_pem(&self) -> String {
        certwright_encoding::pem::to_pem("CERTIFICATE REQUEST", self.der())
    }

    /// Who asks.
    pub fn subject(&self) -> &Name {
        &self.0.subject
    }

    /// The alternative names that are asked for.
    pub fn subject_alternative_names(&self) -> &[GeneralName] {
        match &self.0.extensions.subject_alternative_name {
            Ok(Some(names)) => &names.0,
            _ => &[],
        }
    }

    /// The key usage that is asked for; `None` if it is absent or broken.
    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.0.extensions.key_usage.clone().ok().flatten()
    }

    /// The extended key usage that is asked for; `None` if it is absent or broken.
    pub fn extended_key_usage(&self) -> Option<&ExtendedKeyUsage> {
        self.0.extensions.extended_key_usage.as_ref().ok().and_then(Option::as_ref)
    }

    /// The basic constraints that are asked for; `None` if they are absent or broken.
    pub fn basic_constraints(&self) -> Option<&BasicConstraints> {
        self.0.extensions.basic_constraints.as_ref().ok().and_then(Option::as_ref)
    }

    /// The challenge password (RFC 2985 section 5.4.1), which everyone who sees the request can read; `None` if it is absent or no text.
    pub fn challenge_password(&self) -> Option<String> {
        self.attribute(oid::CHALLENGE_PASSWORD)?.values.first().and_then(|value| attribute::to_text(value))
    }

    /// All extensions that are asked for.
    pub fn extensions(&self) -> &Extensions {
        &self.0.extensions
    }

    /// All attributes, in the order of the request.
    pub fn attributes(&self) -> &[RequestAttribute] {
        &self.0.attributes
    }

    /// The first attribute of a type.
    pub fn attribute(&self, oid: const_oid::ObjectIdentifier) -> Option<&RequestAttribute> {
        self.0.attributes.iter().find(|attribute| attribute.oid == oid)
    }

    /// The DER SubjectPublicKeyInfo.
    pub fn spki_der(&self) -> &[u8] {
        &self.0.spki
    }

    /// The key that the certificate is wanted for.
    ///
    /// # Errors
    /// If the key is malformed. A key of an unknown algorithm is no error.
    pub fn public_key(&self) -> Result<PublicKey, ReadKeyError> {
        PublicKey::from_spki_der(self.spki_der())
    }

    /// How the request is signed.
    pub fn signature_algorithm(&self) -> &SignatureAlgorithm {
        &self.0.signature_algorithm
    }

    /// The octets of the signature.
    pub fn signature(&self) -> &[u8] {
        &self.0.signature
    }

    /// Checks that the request was signed with the key that it is for.
    ///
    /// # Errors
    /// Why that is not so.
    pub fn verify(&self) -> Result<(), VerifyRequestError> {
        self.verify_leniently(Lenience::default())
    }

    /// As [`SigningRequest::verify`], and believes algorithms that prove nothing today, if it is told to.
    ///
    /// # Errors
    /// As [`SigningRequest::verify`].
    pub fn verify_leniently(&self, lenience: Lenience) -> Result<(), VerifyRequestError> {
        let key = self.public_key()?;
        Ok(verify(&key, &self.0.signature_algorithm, &self.0.info, &self.0.signature, lenience)?)
    }
}

impl PartialEq for SigningRequest {
    fn eq(&self, other: &Self) -> bool {
        self.0.der == other.0.der
    }
}

impl Eq for SigningRequest {}

impl fmt::Debug for SigningRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningRequest({})", self.subject())
    }
}

fn parse(der: &[u8]) -> Result<Inner, ReadRequestError> {
    if der.is_empty() {
        return Err(ReadRequestError::Empty);
    }
    if der.len() > MAX_SIZE {
        return Err(ReadRequestError::TooLarge { size: der.len() });
    }
    let within = |field: &'static str| move |fault: Fault| ReadRequestError::Malformed { field, fault };
    let request = Elements::single(der, tlv::SEQUENCE).map_err(within("CertificationRequest"))?;
    let mut parts = request.elements();
    let info = parts.expect(tlv::SEQUENCE).map_err(within("certificationRequestInfo"))?;
    let signature_algorithm = parse_algorithm(&mut parts).map_err(within("signatureAlgorithm"))?;
    let (signature, unused_bits) = parse_signature(&mut parts).map_err(within("signature"))?;
    if unused_bits {
        return Err(within("signature")(Fault::at(signature.start, Problem::BadBitString)));
    }
    parts.finish().map_err(within("CertificationRequest"))?;

    let mut fields = info.elements();
    // Some requesters write version 3 as they know it from certificates; nothing depends on it.
    fields.expect(tlv::INTEGER).map_err(within("version"))?;
    let subject =
        fields.expect(tlv::SEQUENCE).and_then(|name| Name::from_element(&name)).map_err(within("subject"))?;
    let spki = fields.expect(tlv::SEQUENCE).map_err(within("subjectPKInfo"))?;
    // RFC 2986 wants the attributes even if there are none; some requesters leave them out.
    let attributes = fields.optional(context_constructed(0)).map_err(within("attributes"))?;
    fields.finish().map_err(within("certificationRequestInfo"))?;
    let (attributes, extensions) = attributes
        .map_or_else(|| Ok(Default::default()), |set| parse_attributes(&set))
        .map_err(within("attributes"))?;
    Ok(Inner {
        info: info.whole.to_vec(),
        subject,
        spki: spki.whole.to_vec(),
        extensions: Extensions::new(extensions),
        attributes,
        signature_algorithm,
        signature: der.get(signature).unwrap_or_default().to_vec(),
        der: der.to_vec(),
    })
}

/// All attributes, and the extensions that they ask for. Several lists are read as one.
fn parse_attributes(set: &Tlv<'_>) -> Result<(Vec<RequestAttribute>, Vec<Extension>), Fault> {
    let mut attributes = Vec::new();
    let mut extensions = Vec::new();
    let mut elements = set.elements();
    while !elements.is_empty() {
        let mut parts = elements.expect(tlv::SEQUENCE)?.elements();
        let oid = parts.expect(tlv::OID)?;
        let set = parts.expect(tlv::SET)?;
        parts.finish()?;
        let oid = Oid::from_der_content(oid.content).ok_or(oid.fault(Problem::BadOid))?;
        let mut values = Vec::new();
        let mut inside = set.elements();
        while !inside.is_empty() {
            let value = inside.next()?;
            if attribute::asks_for_extensions(&oid) {
                if value.tag != tlv::SEQUENCE {
                    let problem = Problem::UnexpectedTag { found: value.tag, wanted: tlv::SEQUENCE };
                    return Err(value.fault(problem));
                }
                extensions.extend(Extensions::parse_list(&value)?);
            }
            values.push(value.whole.to_vec());
        }
        attributes.push(RequestAttribute { oid, values });
    }
    Ok((attributes, extensions))
}
