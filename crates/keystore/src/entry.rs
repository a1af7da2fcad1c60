//! One entry of a keystore.

use certwright_certs::{Certificate, SigningRequest};
use certwright_keys::PrivateKey;
use thiserror::Error;

use crate::alias::AliasError;

/// An entry: a key pair or a trusted certificate under an alias.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Unique in its keystore without regard to case.
    pub alias: String,
    /// What it holds.
    pub content: Content,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: i64,
    /// When it was last changed, in milliseconds since 1970.
    pub modified_ms: i64,
}

/// What an entry holds.
#[derive(Clone, Debug)]
pub enum Content {
    /// A private key with its certificates.
    KeyPair(KeyPair),
    /// A certificate that is trusted as an anchor.
    TrustedCertificate(Certificate),
}

/// A private key with the certificates for it.
#[derive(Clone, Debug)]
pub struct KeyPair {
    /// The key.
    pub key: PrivateKey,
    /// The chain, end-entity first; empty while no certificate has been issued.
    pub chain: Vec<Certificate>,
    /// The signing request that waits for its reply, if any.
    pub request: Option<SigningRequest>,
}

/// Why an entry cannot be what it should be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EntryError {
    /// The alias cannot be used.
    #[error(transparent)]
    Alias(#[from] AliasError),
    /// No entry has this alias.
    #[error("no entry {alias:?}")]
    NotFound {
        /// The alias that was asked for.
        alias: String,
    },
    /// The entry holds a trusted certificate, and a key pair is needed.
    #[error("entry {alias:?} is no key pair")]
    NotAKeyPair {
        /// Its alias.
        alias: String,
    },
    /// The first certificate of the chain is for another key.
    #[error("the certificate is for another key than that of {alias:?}")]
    CertificateForAnotherKey {
        /// Alias of the key.
        alias: String,
    },
    /// The signing request is for another key.
    #[error("the signing request is for another key than that of {alias:?}")]
    RequestForAnotherKey {
        /// Alias of the key.
        alias: String,
    },
}

impl Entry {
    /// The key pair, if it is one.
    pub fn key_pair(&self) -> Option<&KeyPair> {
        match &self.content {
            Content::KeyPair(pair) => Some(pair),
            Content::TrustedCertificate(_) => None,
        }
    }

    /// The trusted certificate, if it is one.
    pub fn trusted_certificate(&self) -> Option<&Certificate> {
        match &self.content {
            Content::KeyPair(_) => None,
            Content::TrustedCertificate(certificate) => Some(certificate),
        }
    }

    /// The certificate that stands for the entry: the end-entity's or the trusted one; none for a pending key.
    pub fn certificate(&self) -> Option<&Certificate> {
        match &self.content {
            Content::KeyPair(pair) => pair.chain.first(),
            Content::TrustedCertificate(certificate) => Some(certificate),
        }
    }

    /// All certificates of the entry.
    pub fn certificates(&self) -> &[Certificate] {
        match &self.content {
            Content::KeyPair(pair) => &pair.chain,
            Content::TrustedCertificate(certificate) => core::slice::from_ref(certificate),
        }
    }

    /// The parts belong together.
    pub(crate) fn check(&self) -> Result<(), EntryError> {
        let Some(pair) = self.key_pair() else { return Ok(()) };
        let spki = pair.key.public_key().spki_der();
        if pair.chain.first().is_some_and(|leaf| leaf.spki_der() != spki) {
            return Err(EntryError::CertificateForAnotherKey { alias: self.alias.clone() });
        }
        if pair.request.as_ref().is_some_and(|request| request.spki_der() != spki) {
            return Err(EntryError::RequestForAnotherKey { alias: self.alias.clone() });
        }
        Ok(())
    }
}

impl KeyPair {
    /// A key without a certificate.
    pub fn new(key: PrivateKey) -> Self {
        Self { key, chain: Vec::new(), request: None }
    }

    /// Whether no certificate has been issued yet.
    pub fn is_pending(&self) -> bool {
        self.chain.is_empty()
    }
}
