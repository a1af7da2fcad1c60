//! Entries as the list and the details show them. Chains are shown as completed from the whole keystore.

use std::collections::HashMap;

use certwright_certs::Certificate;
use certwright_encoding::pem::to_pem;
use certwright_keys::private::CannotSign;
use certwright_keys::{PrivateKey, PublicKey};
use certwright_keystore::contents::{LockedEntry, LockedKind};
use certwright_keystore::duplicates::find_duplicates;
use certwright_keystore::entry::{Content, Entry};
use certwright_keystore::keystore::Keystore;
use certwright_keystore::reply::Issuers;
use certwright_protocol::view::{ChainState, EntryDetail, EntryKind, EntryView, PreviousView};

use super::{certificate, request, summary, weakness};
use crate::convert::count;
use certwright_language::t;

/// All entries of a keystore for the list.
pub(crate) fn entries(keystore: &Keystore) -> Vec<EntryView> {
    let issuers = Issuers::new(keystore);
    let mut same = HashMap::new();
    for group in find_duplicates(keystore) {
        for alias in &group.aliases {
            let others = group.aliases.iter().filter(|other| *other != alias).cloned().collect::<Vec<_>>();
            same.insert(alias.clone(), others);
        }
    }
    keystore
        .iter()
        .map(|entry| view(entry, &issuers, same.remove(&entry.alias).unwrap_or_default()).0)
        .collect()
}

/// An entry with all its facts.
pub(crate) fn detail(entry: &Entry, keystore: &Keystore) -> EntryDetail {
    let same_as = find_duplicates(keystore)
        .into_iter()
        .find(|group| group.aliases.contains(&entry.alias))
        .map(|group| group.aliases.into_iter().filter(|other| *other != entry.alias).collect())
        .unwrap_or_default();
    let (view, chain) = view(entry, &Issuers::new(keystore), same_as);
    let pair = entry.key_pair();
    let public = match &entry.content {
        Content::KeyPair(pair) => Some(pair.key.public_key().clone()),
        Content::TrustedCertificate(certificate) => certificate.public_key().ok(),
        Content::SecretKey(_) => None,
    };
    let signatures = pair.map(|pair| pair.key.x509_signatures()).unwrap_or_default();
    let can_issue = !signatures.is_empty() && entry.certificate().is_some_and(may_issue);
    EntryDetail {
        entry: view,
        certificates: chain.iter().map(certificate).collect(),
        request: pair.and_then(|pair| pair.request.as_ref()).map(|made| request(made, keystore)),
        previous: entry
            .previous
            .iter()
            .map(|previous| PreviousView {
                certificates: previous.chain.iter().map(certificate).collect(),
                replaced_ms: previous.replaced_ms,
            })
            .collect(),
        signatures: signatures.iter().map(|signature| signature.name().to_owned()).collect(),
        weakness: public.as_ref().and_then(weakness),
        public_key_pem: public.as_ref().map(public_key_pem),
        can_issue,
    }
}

/// An entry of a file that no password opened yet.
pub(crate) fn closed(entry: &LockedEntry) -> EntryView {
    let leaf = entry.chain.first();
    let (kind, key) = match entry.what {
        LockedKind::PrivateKey => {
            (EntryKind::KeyPair, leaf.map(|leaf| certificate(leaf).key).unwrap_or_default())
        }
        LockedKind::SecretKey => (EntryKind::SecretKey, String::new()),
    };
    let created_ms = entry.created_ms.unwrap_or_default();
    EntryView {
        alias: entry.alias.clone().unwrap_or_default(),
        kind,
        key,
        chain_state: match entry.chain.last() {
            None => ChainState::NoCertificate,
            Some(last) if !last.is_self_issued() => missing(last),
            Some(_) if entry.chain.len() == 1 => ChainState::SelfSigned,
            Some(_) => ChainState::Complete,
        },
        certificate: leaf.map(summary),
        chain_length: count(entry.chain.len()),
        requested_subject: None,
        locked: false,
        cannot_sign: None,
        same_as: Vec::new(),
        previous: 0,
        closed: true,
        created_ms,
        modified_ms: created_ms,
    }
}

/// The same with all that is known of it.
pub(crate) fn closed_detail(entry: &LockedEntry) -> EntryDetail {
    let public = entry.chain.first().and_then(|leaf| leaf.public_key().ok());
    EntryDetail {
        entry: closed(entry),
        certificates: entry.chain.iter().map(certificate).collect(),
        request: None,
        previous: Vec::new(),
        signatures: Vec::new(),
        weakness: public.as_ref().and_then(weakness),
        public_key_pem: public.as_ref().map(public_key_pem),
        can_issue: false,
    }
}

/// Whether a certificate lets its key sign others.
pub(crate) fn may_issue(certificate: &Certificate) -> bool {
    certificate.is_ca() && certificate.key_usage().is_none_or(|usage| usage.key_cert_sign())
}

/// Why a key signs nothing.
pub(crate) fn why_it_cannot_sign(key: &PrivateKey) -> Option<String> {
    Some(match key.cannot_sign()? {
        CannotSign::RsaTooSmall { bits, limit } => {
            t!("an RSA key of {bits} bits is too weak to sign with, {limit} is the least", bits, limit)
        }
        CannotSign::UnsupportedAlgorithm { .. } => {
            t!("Certwright does not sign with {key} keys", key = key.algorithm())
        }
    })
}

fn view(entry: &Entry, issuers: &Issuers<'_>, same_as: Vec<String>) -> (EntryView, Vec<Certificate>) {
    let (chain_state, chain) = match &entry.content {
        Content::KeyPair(pair) => match pair.chain.first() {
            Some(leaf) => {
                let (chain, missing_issuer) = issuers.complete_chain(leaf);
                let state = match (&missing_issuer, chain.last()) {
                    (Some(_), Some(last)) => missing(last),
                    _ if leaf.is_self_issued() => ChainState::SelfSigned,
                    _ => ChainState::Complete,
                };
                (state, chain)
            }
            None if pair.request.is_some() => (ChainState::Pending, Vec::new()),
            None => (ChainState::NoCertificate, Vec::new()),
        },
        Content::TrustedCertificate(trusted) => {
            let state = if trusted.is_self_issued() { ChainState::SelfSigned } else { ChainState::Complete };
            (state, vec![trusted.clone()])
        }
        Content::SecretKey(_) => (ChainState::NoCertificate, Vec::new()),
    };
    let (kind, key) = match &entry.content {
        Content::KeyPair(pair) => (EntryKind::KeyPair, pair.key.algorithm().to_string()),
        Content::TrustedCertificate(trusted) => {
            let key = trusted.public_key().map(|key| key.algorithm().to_string());
            (EntryKind::TrustedCertificate, key.unwrap_or_else(|_| t!("unreadable").into()))
        }
        Content::SecretKey(key) => (EntryKind::SecretKey, key.to_string()),
    };
    let pair = entry.key_pair();
    let view = EntryView {
        alias: entry.alias.clone(),
        kind,
        key,
        chain_state,
        certificate: entry.certificate().map(summary),
        chain_length: count(chain.len()),
        requested_subject: pair
            .and_then(|pair| pair.request.as_ref())
            .map(|request| request.subject().to_rfc4514()),
        locked: entry.locked,
        cannot_sign: pair.and_then(|pair| why_it_cannot_sign(&pair.key)),
        same_as,
        previous: count(entry.previous.len()),
        closed: false,
        created_ms: entry.created_ms,
        modified_ms: entry.modified_ms,
    };
    (view, chain)
}

fn missing(last: &Certificate) -> ChainState {
    ChainState::Incomplete { missing: last.issuer().to_rfc4514(), ca_issuers: last.ca_issuers_urls() }
}

fn public_key_pem(key: &PublicKey) -> String {
    to_pem("PUBLIC KEY", key.spki_der())
}
