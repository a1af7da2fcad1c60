//! What a request asks for, and how to ask for the same as before.

use core::fmt;
use std::collections::HashSet;

use certwright_keys::{KeyAlgorithm, X509Signature};

use crate::certificate::Certificate;
use crate::extensions::{BasicConstraints, ExtendedKeyUsage, Extension, Extensions, KeyUsage};
use crate::name::Name;
use crate::oid::{self, Oid};
use crate::purpose::Purpose;
use crate::san::GeneralName;

use super::SigningRequest;

/// What a request asks for. Prints without the challenge password.
#[derive(Clone, PartialEq, Eq)]
pub struct RequestSpec {
    /// The subject; its bytes go into the request as they are.
    pub subject: Name,
    /// The alternative names.
    pub alternative_names: Vec<GeneralName>,
    /// The key usage.
    pub key_usage: Option<KeyUsage>,
    /// The purposes of the extended key usage.
    pub extended_key_usage: Vec<Oid>,
    /// To be a certification authority, or expressly not to be one.
    pub basic_constraints: Option<BasicConstraints>,
    /// 1 to 255 characters that the certificate can be revoked with. They stand in the request for all to read.
    pub challenge_password: Option<String>,
    /// Other extensions, as they are.
    pub extra: Vec<Extension>,
    /// How to sign; `None` is the default of the key.
    pub signature: Option<X509Signature>,
    /// Whether the identifier of the key is asked for, as keytool and Windows do.
    pub subject_key_identifier: bool,
}

/// Extensions that speak about the issuer or are made by it: asking for those of an older certificate would be wrong.
const OF_THE_ISSUER: [const_oid::ObjectIdentifier; 23] = [
    oid::SUBJECT_KEY_IDENTIFIER,
    oid::AUTHORITY_KEY_IDENTIFIER,
    oid::AUTHORITY_INFORMATION_ACCESS,
    oid::CRL_DISTRIBUTION_POINTS,
    oid::FRESHEST_CRL,
    oid::ISSUER_ALTERNATIVE_NAME,
    oid::CERTIFICATE_POLICIES,
    oid::POLICY_MAPPINGS,
    oid::POLICY_CONSTRAINTS,
    oid::INHIBIT_ANY_POLICY,
    oid::NAME_CONSTRAINTS,
    oid::SIGNED_CERTIFICATE_TIMESTAMPS,
    oid::PRECERTIFICATE_POISON,
    oid::PRIVATE_KEY_USAGE_PERIOD,
    oid::QC_STATEMENTS,
    oid::MICROSOFT_CA_VERSION,
    oid::MICROSOFT_PREVIOUS_CA_HASH,
    oid::NETSCAPE_COMMENT,
    oid::NETSCAPE_BASE_URL,
    oid::NETSCAPE_REVOCATION_URL,
    oid::NETSCAPE_CA_REVOCATION_URL,
    oid::NETSCAPE_CA_POLICY_URL,
    oid::ENTRUST_VERSION,
];

impl RequestSpec {
    /// A request for a purpose with a key of an algorithm; without names as yet.
    pub fn for_purpose(purpose: Purpose, algorithm: &KeyAlgorithm) -> Self {
        Self {
            subject: Name::empty(),
            alternative_names: Vec::new(),
            key_usage: Some(purpose.key_usage(algorithm)),
            extended_key_usage: purpose.extended_key_usage(),
            basic_constraints: None,
            challenge_password: None,
            extra: Vec::new(),
            signature: None,
            subject_key_identifier: true,
        }
    }

    /// A request for another certificate like this one: the subject byte for byte, all alternative names, the usages, and every other
    /// extension that a requester may ask for. Left out is what the issuer decides (identifiers, addresses, policies, time stamps).
    pub fn like_certificate(certificate: &Certificate) -> Self {
        Self::like(certificate.subject(), certificate.extensions())
    }

    /// A request for the same as another one, also with its challenge password.
    pub fn like_request(request: &SigningRequest) -> Self {
        let spec = Self::like(request.subject(), request.extensions());
        Self { challenge_password: request.challenge_password(), ..spec }
    }

    /// Drops the usages that a key of this algorithm cannot have: encrypting is for RSA alone (RFC 8410, RFC 8813, RFC 9881).
    pub fn fit_to(&mut self, algorithm: &KeyAlgorithm) {
        if algorithm.is_rsa() {
            return;
        }
        let fitting =
            |usage: KeyUsage| usage.without(KeyUsage::KEY_ENCIPHERMENT | KeyUsage::DATA_ENCIPHERMENT);
        self.key_usage = self.key_usage.map(fitting).filter(|usage| !usage.is_empty());
    }

    fn like(subject: &Name, extensions: &Extensions) -> Self {
        let mut spec = Self {
            subject: subject.clone(),
            alternative_names: Vec::new(),
            key_usage: None,
            extended_key_usage: Vec::new(),
            basic_constraints: None,
            challenge_password: None,
            extra: Vec::new(),
            signature: None,
            subject_key_identifier: true,
        };
        // Where an extension cannot be read, its bytes are asked for instead.
        let mut read = Vec::new();
        if let Ok(Some(names)) = &extensions.subject_alternative_name {
            spec.alternative_names.clone_from(&names.0);
            read.push(oid::SUBJECT_ALTERNATIVE_NAME);
        }
        if let Ok(Some(usage)) = extensions.key_usage {
            spec.key_usage = Some(usage).filter(|usage| !usage.is_empty());
            read.push(oid::KEY_USAGE);
        }
        if let Ok(Some(ExtendedKeyUsage(purposes))) = &extensions.extended_key_usage {
            spec.extended_key_usage.clone_from(purposes);
            read.push(oid::EXTENDED_KEY_USAGE);
        }
        if let Ok(Some(constraints)) = &extensions.basic_constraints {
            let path_length = constraints.path_length.filter(|_| constraints.ca);
            spec.basic_constraints = Some(BasicConstraints { ca: constraints.ca, path_length });
            read.push(oid::BASIC_CONSTRAINTS);
        }
        let mut seen = HashSet::new();
        for extension in &extensions.all {
            let is = |oid: &const_oid::ObjectIdentifier| extension.oid == *oid;
            if !read.iter().any(is) && !OF_THE_ISSUER.iter().any(is) && seen.insert(&extension.oid) {
                spec.extra.push(extension.clone());
            }
        }
        spec
    }
}

impl fmt::Debug for RequestSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestSpec")
            .field("subject", &self.subject)
            .field("alternative_names", &self.alternative_names)
            .field("key_usage", &self.key_usage)
            .field("extended_key_usage", &self.extended_key_usage)
            .field("basic_constraints", &self.basic_constraints)
            .field("challenge_password", &self.challenge_password.as_ref().map(|_| "redacted"))
            .field("extra", &self.extra)
            .field("signature", &self.signature)
            .field("subject_key_identifier", &self.subject_key_identifier)
            .finish()
    }
}
