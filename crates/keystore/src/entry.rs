//! One entry of a keystore.

use certwright_certs::{Certificate, SigningRequest};
use certwright_keys::PrivateKey;
use thiserror::Error;

use crate::{alias::AliasError, secret_key::SecretKey};

/// Most earlier chains that an entry keeps; the oldest go first.
pub const MAX_PREVIOUS: usize = 20;

/// An entry: a key pair, a trusted certificate or a secret key under an alias.
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
    /// Whether it is locked: its key can be used and is never exported, and the entry is neither renamed, replaced nor removed. Signing
    /// requests and their replies are use.
    pub locked: bool,
    /// The certificates that it had before, newest first; at most [`MAX_PREVIOUS`].
    pub previous: Vec<Previous>,
}

/// Certificates that an entry had before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previous {
    /// The chain, end-entity first; of a trusted certificate that one alone. Never empty.
    pub chain: Vec<Certificate>,
    /// When others took their place, in milliseconds since 1970.
    pub replaced_ms: i64,
}

/// What an entry holds.
#[derive(Clone, Debug)]
pub enum Content {
    /// A private key with its certificates.
    KeyPair(KeyPair),
    /// A certificate that is trusted as an anchor.
    TrustedCertificate(Certificate),
    /// A symmetric key.
    SecretKey(SecretKey),
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
    /// The entry holds no key pair, and one is needed.
    #[error("entry {alias:?} is no key pair")]
    NotAKeyPair {
        /// Its alias.
        alias: String,
    },
    /// The entry is locked: what was asked for would give its key away or lose it.
    #[error("entry {alias:?} is locked")]
    Locked {
        /// Its alias.
        alias: String,
    },
    /// The entry has no such earlier certificates.
    #[error("entry {alias:?} has {kept} earlier chains, none at {index}")]
    NoSuchPrevious {
        /// Its alias.
        alias: String,
        /// The position that was asked for, from 0.
        index: usize,
        /// How many it keeps.
        kept: usize,
    },
    /// The first certificate of the chain (or of an earlier one) is for another key.
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
    /// What the entry keeps of its past cannot have been its own: an empty chain, or certificates beside a secret key.
    #[error("the past of {alias:?} is not its own")]
    ForeignPrevious {
        /// Its alias.
        alias: String,
    },
}

impl Entry {
    /// An entry that is made now, unlocked and without a past.
    pub fn new(alias: impl Into<String>, content: Content, now_ms: i64) -> Self {
        Self {
            alias: alias.into(),
            content,
            created_ms: now_ms,
            modified_ms: now_ms,
            locked: false,
            previous: Vec::new(),
        }
    }

    /// The key pair, if it is one.
    pub fn key_pair(&self) -> Option<&KeyPair> {
        match &self.content {
            Content::KeyPair(pair) => Some(pair),
            _ => None,
        }
    }

    /// The trusted certificate, if it is one.
    pub fn trusted_certificate(&self) -> Option<&Certificate> {
        match &self.content {
            Content::TrustedCertificate(certificate) => Some(certificate),
            _ => None,
        }
    }

    /// The symmetric key, if it is one.
    pub fn secret_key(&self) -> Option<&SecretKey> {
        match &self.content {
            Content::SecretKey(key) => Some(key),
            _ => None,
        }
    }

    /// Whether there is a key in it that nobody else may have.
    pub fn holds_key(&self) -> bool {
        match &self.content {
            Content::KeyPair(_) | Content::SecretKey(_) => true,
            Content::TrustedCertificate(_) => false,
        }
    }

    /// The certificate that stands for the entry: the end-entity's or the trusted one; none for a pending or secret key.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificates().first()
    }

    /// All certificates of the entry.
    pub fn certificates(&self) -> &[Certificate] {
        match &self.content {
            Content::KeyPair(pair) => &pair.chain,
            Content::TrustedCertificate(certificate) => core::slice::from_ref(certificate),
            Content::SecretKey(_) => &[],
        }
    }

    pub(crate) fn key_pair_mut(&mut self) -> Result<&mut KeyPair, EntryError> {
        match &mut self.content {
            Content::KeyPair(pair) => Ok(pair),
            _ => Err(EntryError::NotAKeyPair { alias: self.alias.clone() }),
        }
    }

    /// Gives a key pair another chain; the one it has is kept as a previous one, unless the new one merely continues it.
    pub(crate) fn replace_chain(
        &mut self,
        chain: Vec<Certificate>,
        replaced_ms: i64,
    ) -> Result<(), EntryError> {
        let pair = self.key_pair_mut()?;
        pair.request = None;
        let continues = chain.starts_with(&pair.chain);
        let before = core::mem::replace(&mut pair.chain, chain);
        if !continues {
            self.push_previous(before, replaced_ms);
        }
        Ok(())
    }

    /// Puts other certificates in the place of those that are there.
    pub(crate) fn set_certificates(&mut self, chain: Vec<Certificate>) -> Result<(), EntryError> {
        match (&mut self.content, chain.as_slice()) {
            (Content::KeyPair(pair), _) => pair.chain = chain,
            (Content::TrustedCertificate(place), [certificate]) => *place = certificate.clone(),
            _ => return Err(EntryError::ForeignPrevious { alias: self.alias.clone() }),
        }
        Ok(())
    }

    pub(crate) fn take_previous(&mut self, index: usize) -> Result<Previous, EntryError> {
        let kept = self.previous.len();
        if index >= kept {
            return Err(EntryError::NoSuchPrevious { alias: self.alias.clone(), index, kept });
        }
        Ok(self.previous.remove(index))
    }

    /// Keeps `chain` as what the entry had before, unless there is nothing to keep.
    pub(crate) fn push_previous(&mut self, chain: Vec<Certificate>, replaced_ms: i64) {
        if chain.is_empty() {
            return;
        }
        self.previous.insert(0, Previous { chain, replaced_ms });
        self.previous.truncate(MAX_PREVIOUS);
    }

    /// The parts belong together.
    pub(crate) fn check(&self) -> Result<(), EntryError> {
        let foreign = || EntryError::ForeignPrevious { alias: self.alias.clone() };
        let another_key = || EntryError::CertificateForAnotherKey { alias: self.alias.clone() };
        if self.previous.len() > MAX_PREVIOUS || self.previous.iter().any(|before| before.chain.is_empty()) {
            return Err(foreign());
        }
        match &self.content {
            Content::KeyPair(pair) => {
                let spki = pair.key.public_key().spki_der();
                let chains = core::iter::once(&pair.chain).chain(self.previous.iter().map(|b| &b.chain));
                if chains.filter_map(|chain| chain.first()).any(|leaf| leaf.spki_der() != spki) {
                    return Err(another_key());
                }
                if pair.request.as_ref().is_some_and(|request| request.spki_der() != spki) {
                    return Err(EntryError::RequestForAnotherKey { alias: self.alias.clone() });
                }
            }
            Content::TrustedCertificate(_) if self.previous.iter().any(|before| before.chain.len() != 1) => {
                return Err(foreign());
            }
            Content::SecretKey(_) if !self.previous.is_empty() => return Err(foreign()),
            Content::TrustedCertificate(_) | Content::SecretKey(_) => {}
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
