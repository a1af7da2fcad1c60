//! Signing requests, PKCS#10 (RFC 2986), with the extensions that are asked for in `extensionRequest` (RFC 2985 section 5.4.2).
//!
//! Made: subject, subject alternative names, key usage `digitalSignature` (for RSA also `keyEncipherment`, which TLS with static RSA
//! needs) and extended key usage. Read: any, with unknown attributes kept in the DER. Refuses a subject without attributes unless
//! there are alternative names, since such a certificate would name nobody.

use core::fmt;
use std::sync::Arc;

use certwright_keys::sign::SignError;
use certwright_keys::verify::VerifyError;
use certwright_keys::{PrivateKey, PublicKey, ReadKeyError};
use const_oid::ObjectIdentifier;
use der::asn1::{BitString, OctetString, SetOfVec};
use der::{Decode, Encode};
use rand_core::CryptoRng;
use x509_cert::ext::pkix::{ExtendedKeyUsage, KeyUsage, KeyUsages};
use x509_cert::request::{CertReq, CertReqInfo, ExtensionReq, Version};

use crate::certificate::SignatureAlgorithm;
use crate::certificate::reading::{parse_algorithm, parse_signature, verify};
use crate::extensions::{Extensions, KnownExtension, SubjectAlternativeName};
use crate::fault::{Fault, Problem};
use crate::name::Name;
use crate::oid::{self, Oid};
use crate::san::GeneralName;
use crate::tlv::{self, Elements, Tlv, context_constructed};

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
    attributes: Vec<Oid>,
    signature_algorithm: SignatureAlgorithm,
    signature: Vec<u8>,
}

/// What a request asks for beside subject and names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestedUsage {
    /// Extended key usage `clientAuth`.
    pub client_auth: bool,
    /// Extended key usage `serverAuth`.
    pub server_auth: bool,
}

impl RequestedUsage {
    /// A certificate with which a TLS client shows who it is.
    pub const CLIENT: Self = Self { client_auth: true, server_auth: false };
    /// A certificate for either side.
    pub const BOTH: Self = Self { client_auth: true, server_auth: true };
}

/// Why a request was not made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GenerateRequestError {
    /// Neither a subject nor an alternative name.
    #[error("neither subject nor alternative names")]
    NoName,
    /// An alternative name that a certificate cannot hold.
    #[error("malformed alternative name")]
    MalformedName,
    /// The key refused to sign.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The parts do not fit into DER, for example because they are too long.
    #[error("encoding: {0}")]
    Encode(der::ErrorKind),
}

impl From<der::Error> for GenerateRequestError {
    fn from(error: der::Error) -> Self {
        Self::Encode(error.kind())
    }
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

/// Makes a request for a certificate that is good for either side of TLS, see [`generate_request_for`].
///
/// # Errors
/// See [`GenerateRequestError`].
pub fn generate_request(
    key: &PrivateKey,
    subject: &Name,
    names: &[GeneralName],
    rng: &mut impl CryptoRng,
) -> Result<SigningRequest, GenerateRequestError> {
    generate_request_for(key, subject, names, RequestedUsage::BOTH, rng)
}

/// Makes a request and signs it with the key that it is for.
///
/// # Errors
/// See [`GenerateRequestError`].
pub fn generate_request_for(
    key: &PrivateKey,
    subject: &Name,
    names: &[GeneralName],
    usage: RequestedUsage,
    rng: &mut impl CryptoRng,
) -> Result<SigningRequest, GenerateRequestError> {
    if subject.is_empty() && names.is_empty() {
        return Err(GenerateRequestError::NoName);
    }
    if names.iter().any(|name| matches!(name, GeneralName::Malformed { .. })) {
        return Err(GenerateRequestError::MalformedName);
    }
    let mut attributes = SetOfVec::new();
    attributes.insert(ExtensionReq(requested_extensions(key, subject, names, usage)?).try_into()?)?;
    let info = CertReqInfo {
        version: Version::V1,
        subject: Decode::from_der(subject.der())?,
        public_key: Decode::from_der(key.public_key().spki_der())?,
        attributes,
    };
    let scheme = key.x509_scheme();
    let signature = key.sign(scheme, &info.to_der()?, rng)?;
    let algorithm = scheme.algorithm_identifier();
    let request = CertReq { info, algorithm, signature: BitString::from_bytes(&signature)? };
    let der = request.to_der()?;
    SigningRequest::from_der(&der).map_err(|_| GenerateRequestError::Encode(der::ErrorKind::Failed))
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

    /// All extensions that are asked for.
    pub fn extensions(&self) -> &Extensions {
        &self.0.extensions
    }

    /// The types of all attributes, in the order of the request.
    pub fn attributes(&self) -> &[Oid] {
        &self.0.attributes
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

    /// Checks that the request was signed with the key that it is for.
    ///
    /// # Errors
    /// Why that is not so.
    pub fn verify(&self) -> Result<(), VerifyRequestError> {
        let key = self.public_key()?;
        Ok(verify(&key, &self.0.signature_algorithm, &self.0.info, &self.0.signature)?)
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

fn requested_extensions(
    key: &PrivateKey,
    subject: &Name,
    names: &[GeneralName],
    usage: RequestedUsage,
) -> Result<Vec<x509_cert::ext::Extension>, der::Error> {
    let extension = |extn_id: ObjectIdentifier, critical: bool, value: Vec<u8>| {
        Ok::<_, der::Error>(x509_cert::ext::Extension {
            extn_id,
            critical,
            extn_value: OctetString::new(value)?,
        })
    };
    let mut extensions = Vec::new();
    if !names.is_empty() {
        // Critical if the subject is empty (RFC 5280 section 4.2.1.6).
        let names = SubjectAlternativeName(names.to_vec());
        extensions.push(extension(SubjectAlternativeName::OID, subject.is_empty(), names.to_value())?);
    }
    let mut key_usage = KeyUsages::DigitalSignature.into();
    if key.algorithm().is_rsa() {
        key_usage |= KeyUsages::KeyEncipherment;
    }
    extensions.push(extension(oid::KEY_USAGE, true, KeyUsage(key_usage).to_der()?)?);
    let purposes: Vec<ObjectIdentifier> =
        [(usage.client_auth, oid::CLIENT_AUTH), (usage.server_auth, oid::SERVER_AUTH)]
            .into_iter()
            .filter_map(|(wanted, purpose)| wanted.then_some(purpose))
            .collect();
    if !purposes.is_empty() {
        extensions.push(extension(oid::EXTENDED_KEY_USAGE, false, ExtendedKeyUsage(purposes).to_der()?)?);
    }
    Ok(extensions)
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

/// The types of all attributes, and the extensions of `extensionRequest` (also under the identifier that Microsoft gave it).
fn parse_attributes(set: &Tlv<'_>) -> Result<(Vec<Oid>, Vec<crate::extensions::Extension>), Fault> {
    const MICROSOFT_EXTENSION_REQUEST: ObjectIdentifier =
        ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.2.1.14");
    let mut oids = Vec::new();
    let mut extensions = Vec::new();
    let mut elements = set.elements();
    while !elements.is_empty() {
        let mut parts = elements.expect(tlv::SEQUENCE)?.elements();
        let oid = parts.expect(tlv::OID)?;
        let values = parts.expect(tlv::SET)?;
        parts.finish()?;
        let oid = Oid::from_der_content(oid.content).ok_or(oid.fault(Problem::BadOid))?;
        if oid == oid::EXTENSION_REQUEST || oid == MICROSOFT_EXTENSION_REQUEST {
            let mut values = values.elements();
            while !values.is_empty() {
                extensions.extend(Extensions::parse_list(&values.expect(tlv::SEQUENCE)?)?);
            }
        }
        oids.push(oid);
    }
    Ok((oids, extensions))
}
