//! The keystore: entries in the order in which they came.
//!
//! Cloning is cheap, since entries are shared, so a session keeps clones to undo. Every operation checks first and
//! changes afterwards: one that fails has changed nothing.

use std::sync::Arc;

use certwright_certs::{Certificate, SigningRequest};
use certwright_keys::PublicKey;

use crate::{
    alias::{AliasError, nearest_alias, parse_alias, same_alias},
    entry::{Content, Entry, EntryError, KeyPair},
};

/// A keystore.
#[derive(Clone, Debug, Default)]
pub struct Keystore {
    entries: Vec<Arc<Entry>>,
}

impl Keystore {
    /// A keystore without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// All entries in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        self.entries.iter().map(Arc::as_ref)
    }

    /// The entry with this alias, without regard to case and white space around it.
    pub fn find(&self, alias: &str) -> Option<&Entry> {
        self.position(alias).and_then(|at| self.entries.get(at)).map(Arc::as_ref)
    }

    /// The first key pair with this public key.
    pub fn find_by_public_key(&self, key: &PublicKey) -> Option<&Entry> {
        self.key_pairs().find(|(_, pair)| pair.key.public_key() == key).map(|(entry, _)| entry)
    }

    /// All key pairs in order.
    pub fn key_pairs(&self) -> impl Iterator<Item = (&Entry, &KeyPair)> {
        self.iter().filter_map(|entry| Some((entry, entry.key_pair()?)))
    }

    /// The trusted certificates in order.
    pub fn trust_anchors(&self) -> impl Iterator<Item = &Certificate> {
        self.iter().filter_map(Entry::trusted_certificate)
    }

    /// The first entry that holds this very certificate as trusted.
    pub fn find_trusted(&self, certificate: &Certificate) -> Option<&Entry> {
        self.iter().find(|entry| entry.trusted_certificate() == Some(certificate))
    }

    /// Adds an entry at the end, its alias trimmed.
    ///
    /// # Errors
    /// If the alias cannot be used or is taken, or the parts of a key pair do not belong together.
    pub fn insert(&mut self, mut entry: Entry) -> Result<(), EntryError> {
        entry.alias = self.free_alias(&entry.alias, None)?;
        entry.check()?;
        self.entries.push(Arc::new(entry));
        Ok(())
    }

    /// Puts `entry` in the place of the entry that has its alias (whose spelling is replaced too), or adds it.
    /// Gives the entry that was there.
    ///
    /// # Errors
    /// As [`Keystore::insert`], but for `Taken`.
    pub fn insert_or_replace(&mut self, mut entry: Entry) -> Result<Option<Arc<Entry>>, EntryError> {
        entry.alias = parse_alias(&entry.alias)?;
        entry.check()?;
        let entry = Arc::new(entry);
        match self.position(&entry.alias).and_then(|at| self.entries.get_mut(at)) {
            Some(place) => Ok(Some(core::mem::replace(place, entry))),
            None => {
                self.entries.push(entry);
                Ok(None)
            }
        }
    }

    /// Gives an entry another alias. Changing the case alone is possible.
    ///
    /// # Errors
    /// If there is no such entry, or the new alias cannot be used or is taken by another.
    pub fn rename(&mut self, alias: &str, new_alias: &str, now_ms: i64) -> Result<(), EntryError> {
        let at = self.expect(alias)?;
        let new_alias = self.free_alias(new_alias, Some(at))?;
        self.update(at, now_ms, |entry| entry.alias = new_alias);
        Ok(())
    }

    /// Takes an entry out.
    ///
    /// # Errors
    /// If there is no such entry.
    pub fn remove(&mut self, alias: &str) -> Result<Arc<Entry>, EntryError> {
        let at = self.expect(alias)?;
        Ok(self.entries.remove(at))
    }

    /// Gives a key pair a chain (end-entity first) in place of the one it has. A signing request that was waiting
    /// is answered by this and goes.
    ///
    /// # Errors
    /// If there is no such key pair, or the first certificate is for another key.
    pub fn set_chain(&mut self, alias: &str, chain: Vec<Certificate>, now_ms: i64) -> Result<(), EntryError> {
        self.update_key_pair(alias, now_ms, |pair| {
            pair.chain = chain;
            pair.request = None;
        })
    }

    /// Gives a key pair a signing request to wait for, in place of the one it has.
    ///
    /// # Errors
    /// If there is no such key pair, or the request is for another key.
    pub fn set_request(
        &mut self,
        alias: &str,
        request: SigningRequest,
        now_ms: i64,
    ) -> Result<(), EntryError> {
        self.update_key_pair(alias, now_ms, |pair| pair.request = Some(request))
    }

    /// An alias that can be used and is free, as close to `suggestion` as possible: `name`, `name-2`, `name-3`, ….
    pub fn unique_alias(&self, suggestion: &str) -> String {
        let base = nearest_alias(suggestion, "entry");
        if self.position(&base).is_none() {
            return base;
        }
        // There are fewer entries than numbers, so one is free.
        let mut number = 2_usize;
        loop {
            let suffix = format!("-{number}");
            let kept: String = base.chars().take(crate::alias::MAX_LENGTH - suffix.len()).collect();
            let alias = format!("{}{suffix}", kept.trim_end());
            if self.position(&alias).is_none() {
                return alias;
            }
            number += 1;
        }
    }

    fn position(&self, alias: &str) -> Option<usize> {
        let alias = alias.trim();
        self.entries.iter().position(|entry| same_alias(&entry.alias, alias))
    }

    fn expect(&self, alias: &str) -> Result<usize, EntryError> {
        self.position(alias).ok_or_else(|| EntryError::NotFound { alias: alias.to_owned() })
    }

    /// `alias` trimmed, if no entry but the one at `except` has it.
    fn free_alias(&self, alias: &str, except: Option<usize>) -> Result<String, AliasError> {
        let alias = parse_alias(alias)?;
        match self.position(&alias) {
            Some(at) if Some(at) != except => {
                let taken = self.entries.get(at).map(|entry| entry.alias.clone()).unwrap_or_default();
                Err(AliasError::Taken { alias: taken })
            }
            _ => Ok(alias),
        }
    }

    fn update_key_pair(
        &mut self,
        alias: &str,
        now_ms: i64,
        change: impl FnOnce(&mut KeyPair),
    ) -> Result<(), EntryError> {
        let at = self.expect(alias)?;
        let Some(place) = self.entries.get_mut(at) else {
            return Err(EntryError::NotFound { alias: alias.to_owned() });
        };
        // The change is made to a copy, which takes the place once it has been found sound.
        let mut entry = Entry::clone(place);
        match &mut entry.content {
            Content::KeyPair(pair) => change(pair),
            Content::TrustedCertificate(_) => return Err(EntryError::NotAKeyPair { alias: entry.alias }),
        }
        entry.check()?;
        entry.modified_ms = now_ms;
        *place = Arc::new(entry);
        Ok(())
    }

    fn update(&mut self, at: usize, now_ms: i64, change: impl FnOnce(&mut Entry)) {
        if let Some(place) = self.entries.get_mut(at) {
            let mut entry = Entry::clone(place);
            change(&mut entry);
            entry.modified_ms = now_ms;
            *place = Arc::new(entry);
        }
    }
}
