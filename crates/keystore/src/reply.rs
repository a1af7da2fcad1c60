//! What a CA sends back for a signing request: certificates in any order, with or without the root, perhaps with
//! others among them.
//!
//! The key is found by its public key, never by name. Planning is apart from applying, so that the user sees first
//! what will happen. A reply whose chain is incomplete is still taken, since the certificate in it is right; what is
//! missing is told.

use std::collections::HashSet;

use certwright_certs::{Certificate, Name};
use thiserror::Error;

use crate::{
    entry::{Entry, EntryError},
    keystore::Keystore,
    path::Pool,
};

/// What a reply will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyOutcome {
    /// The key pair that it is for.
    pub alias: String,
    /// The chain that the key pair gets, end-entity first.
    pub chain: Vec<Certificate>,
    /// The issuer that is missing to complete the chain; `None` if it reaches a root.
    pub missing_issuer: Option<Name>,
    /// Certificates of the reply that are not in the chain.
    pub unused: Vec<Certificate>,
}

/// Why a reply cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReplyError {
    /// There is no certificate in it.
    #[error("no certificates in the reply")]
    NoCertificates,
    /// No key pair of the keystore fits any of the certificates.
    #[error("no key fits the reply")]
    NoKeyFits {
        /// Subjects of the certificates (of end-entities if there are any).
        subjects: Vec<String>,
    },
    /// Certificates for several key pairs: which is meant has to be said.
    #[error("the reply fits several keys")]
    AmbiguousKey {
        /// Their aliases.
        aliases: Vec<String>,
    },
    /// The reply fits, and not the key pair that was named.
    #[error("the reply is for other keys than that of {alias:?}")]
    OtherKey {
        /// The key pair that was named.
        alias: String,
        /// Those that the reply fits.
        fits: Vec<String>,
    },
    /// There is no key pair of this alias.
    #[error(transparent)]
    Entry(#[from] EntryError),
}

/// Finds the key pair that the reply is for, and puts its chain in order.
///
/// # Errors
/// See [`ReplyError`].
pub fn plan_reply(keystore: &Keystore, certificates: &[Certificate]) -> Result<ReplyOutcome, ReplyError> {
    let mut fitting = fitting_entries(keystore, certificates)?;
    if fitting.len() > 1 {
        // The chain of an authority of one's own fits that authority's entry too, and is no news there.
        let is_news = |entry: &&Entry| {
            certificates.iter().any(|certificate| {
                entry.certificate() != Some(certificate)
                    && entry
                        .key_pair()
                        .is_some_and(|pair| pair.key.public_key().spki_der() == certificate.spki_der())
            })
        };
        if fitting.iter().any(is_news) {
            fitting.retain(is_news);
        }
    }
    match fitting.as_slice() {
        [] => Err(no_key_fits(certificates)),
        [entry] => Ok(plan(keystore, entry, certificates)),
        several => Err(ReplyError::AmbiguousKey { aliases: aliases(several) }),
    }
}

/// As [`plan_reply`], for the key pair that the user has chosen.
///
/// # Errors
/// See [`ReplyError`].
pub fn plan_reply_for(
    keystore: &Keystore,
    alias: &str,
    certificates: &[Certificate],
) -> Result<ReplyOutcome, ReplyError> {
    let chosen = keystore.find(alias).ok_or_else(|| EntryError::NotFound { alias: alias.to_owned() })?;
    if chosen.key_pair().is_none() {
        return Err(EntryError::NotAKeyPair { alias: chosen.alias.clone() }.into());
    }
    let fitting = fitting_entries(keystore, certificates)?;
    if fitting.iter().any(|entry| entry.alias == chosen.alias) {
        return Ok(plan(keystore, chosen, certificates));
    }
    match fitting.as_slice() {
        [] => Err(no_key_fits(certificates)),
        others => Err(ReplyError::OtherKey { alias: chosen.alias.clone(), fits: aliases(others) }),
    }
}

/// Gives the key pair the chain that was planned.
///
/// # Errors
/// If the keystore has changed since, so that the key pair is not there any more.
pub fn apply_reply(keystore: &mut Keystore, outcome: &ReplyOutcome, now_ms: i64) -> Result<(), EntryError> {
    keystore.set_chain(&outcome.alias, outcome.chain.clone(), now_ms)
}

/// The path from `leaf` towards a root, from `certificates` and whatever the keystore has, and the name of the issuer
/// that is missing, if any.
pub fn complete_chain(
    keystore: &Keystore,
    leaf: &Certificate,
    certificates: &[Certificate],
) -> (Vec<Certificate>, Option<Name>) {
    Issuers::with_others(keystore, certificates).complete_chain(leaf)
}

/// A keystore's certificates, prepared for many questions about who issued what: for one alone [`complete_chain`] is as good.
pub struct Issuers<'a>(Pool<'a>);

impl<'a> Issuers<'a> {
    /// The certificates of all entries.
    pub fn new(keystore: &'a Keystore) -> Self {
        Self::with_others(keystore, &[])
    }

    /// The certificates of all entries, and others.
    pub fn with_others(keystore: &'a Keystore, others: &'a [Certificate]) -> Self {
        Self(Pool::new(others.iter().chain(keystore.iter().flat_map(Entry::certificates))))
    }

    /// The path from `leaf` towards a root, and the name of the issuer that is missing, if any.
    pub fn complete_chain(&self, leaf: &Certificate) -> (Vec<Certificate>, Option<Name>) {
        let chain = self.0.path_from(leaf);
        let missing = chain.last().filter(|last| !self.0.is_root(last)).map(|last| last.issuer().clone());
        (chain, missing)
    }
}

fn plan(keystore: &Keystore, entry: &Entry, certificates: &[Certificate]) -> ReplyOutcome {
    let fits = |certificate: &&Certificate| {
        entry.key_pair().is_some_and(|pair| pair.key.public_key().spki_der() == certificate.spki_der())
    };
    // Of several for the same key the newest is the reply, the others come along from an earlier time.
    let leaf = certificates.iter().filter(fits).max_by_key(|leaf| (leaf.not_before(), leaf.not_after()));
    let (chain, missing_issuer) =
        leaf.map_or_else(Default::default, |leaf| complete_chain(keystore, leaf, certificates));
    let mut seen: HashSet<[u8; 32]> = chain.iter().map(Certificate::fingerprint_sha256).collect();
    let unused = certificates
        .iter()
        .filter(|certificate| seen.insert(certificate.fingerprint_sha256()))
        .cloned()
        .collect();
    ReplyOutcome { alias: entry.alias.clone(), chain, missing_issuer, unused }
}

fn fitting_entries<'a>(
    keystore: &'a Keystore,
    certificates: &[Certificate],
) -> Result<Vec<&'a Entry>, ReplyError> {
    if certificates.is_empty() {
        return Err(ReplyError::NoCertificates);
    }
    let fitting = keystore.key_pairs().filter(|(_, pair)| {
        let spki = pair.key.public_key().spki_der();
        certificates.iter().any(|certificate| certificate.spki_der() == spki)
    });
    Ok(fitting.map(|(entry, _)| entry).collect())
}

fn no_key_fits(certificates: &[Certificate]) -> ReplyError {
    let subjects = |only_leaves: bool| -> Vec<String> {
        let wanted = certificates.iter().filter(|certificate| !(only_leaves && certificate.is_ca()));
        wanted.map(|certificate| certificate.subject().to_rfc4514()).collect()
    };
    let leaves = subjects(true);
    ReplyError::NoKeyFits { subjects: if leaves.is_empty() { subjects(false) } else { leaves } }
}

fn aliases(entries: &[&Entry]) -> Vec<String> {
    entries.iter().map(|entry| entry.alias.clone()).collect()
}
