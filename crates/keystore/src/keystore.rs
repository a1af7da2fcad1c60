//! The keystore: entries in the order in which they came.
//!
//! Cloning is cheap, since entries are shared, so a session keeps clones to undo. Every operation checks first and
//! changes afterwards: one that fails has changed nothing.
//!
//! A private key is never lost by accident: certificates are replaced under it, a new signing request leaves it as it is, and a
//! locked entry stays until it is unlocked.

use std::{collections::HashSet, sync::Arc};

use certwright_certs::{Certificate, SigningRequest};
use certwright_keys::PublicKey;

use crate::{
    alias::{AliasError, MAX_LENGTH, fold_alias, nearest_alias, parse_alias},
    entry::{Entry, EntryError, KeyPair},
    note::{Note, NoteError, NoteKind, Notes},
    profile::{self, Profile},
};

/// A keystore.
#[derive(Clone, Debug, Default)]
pub struct Keystore {
    slots: Vec<Slot>,
    profile: Profile,
    notes: Notes,
}

/// An entry, with its alias in the form in which aliases are compared.
#[derive(Clone, Debug)]
struct Slot {
    folded: Arc<str>,
    entry: Arc<Entry>,
}

impl Slot {
    fn new(entry: Entry) -> Self {
        Self { folded: fold_alias(&entry.alias).into(), entry: Arc::new(entry) }
    }
}

impl Keystore {
    /// A keystore without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// All entries in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        self.slots.iter().map(|slot| slot.entry.as_ref())
    }

    /// The entry with this alias, without regard to case and white space around it.
    pub fn find(&self, alias: &str) -> Option<&Entry> {
        self.position(alias).and_then(|at| self.slots.get(at)).map(|slot| slot.entry.as_ref())
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

    /// The rules that aliases follow which the user chooses from now on.
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// Changes these rules. Entries stay, whatever they are called.
    pub fn set_profile(&mut self, profile: Profile) {
        self.profile = profile;
    }

    /// The notes that are kept with it, in order.
    pub fn notes(&self) -> impl Iterator<Item = &Note> {
        self.notes.iter()
    }

    /// The note of this kind and name.
    pub fn note(&self, kind: NoteKind, name: &str) -> Option<&Note> {
        self.notes.find(kind, name)
    }

    /// Keeps a note, in place of the one of its kind and name.
    ///
    /// # Errors
    /// If it is too large, or there are too many.
    pub fn set_note(&mut self, note: Note) -> Result<(), NoteError> {
        self.notes.set(note)
    }

    /// Takes a note out.
    pub fn remove_note(&mut self, kind: NoteKind, name: &str) -> Option<Arc<Note>> {
        self.notes.remove(kind, name)
    }

    /// An alias that the user has chosen for a new entry, without white space around it.
    ///
    /// # Errors
    /// If the alias cannot be used, is reserved by the profile, or taken.
    pub fn choose_alias(&self, text: &str) -> Result<String, AliasError> {
        profile::parse_alias(self.profile, text)?;
        self.free_alias(text, None)
    }

    /// The entry, if it may leave the keystore as a whole. Certificates are public, so those of a locked entry may leave too, and so may
    /// a locked trusted certificate.
    ///
    /// # Errors
    /// If there is no such entry, or it holds a key and is locked.
    pub fn exportable(&self, alias: &str) -> Result<&Entry, EntryError> {
        match self.find(alias) {
            None => Err(EntryError::NotFound { alias: alias.to_owned() }),
            Some(entry) if entry.locked && entry.holds_key() => {
                Err(EntryError::Locked { alias: entry.alias.clone() })
            }
            Some(entry) => Ok(entry),
        }
    }

    /// Adds an entry at the end, its alias trimmed. The profile is not asked: see [`Keystore::choose_alias`].
    ///
    /// # Errors
    /// If the alias cannot be used or is taken, or the parts of a key pair do not belong together.
    pub fn insert(&mut self, mut entry: Entry) -> Result<(), EntryError> {
        entry.alias = self.free_alias(&entry.alias, None)?;
        entry.check()?;
        self.slots.push(Slot::new(entry));
        Ok(())
    }

    /// Puts `entry` in the place of the entry that has its alias (whose spelling is replaced too), or adds it.
    /// Gives the entry that was there.
    ///
    /// # Errors
    /// As [`Keystore::insert`], but for `Taken`; `Locked` if the entry that is there is.
    pub fn insert_or_replace(&mut self, mut entry: Entry) -> Result<Option<Arc<Entry>>, EntryError> {
        entry.alias = parse_alias(&entry.alias)?;
        entry.check()?;
        let slot = Slot::new(entry);
        match self.position(&slot.entry.alias).and_then(|at| self.slots.get_mut(at)) {
            Some(place) => {
                unlocked(&place.entry)?;
                Ok(Some(core::mem::replace(place, slot).entry))
            }
            None => {
                self.slots.push(slot);
                Ok(None)
            }
        }
    }

    /// Gives an entry another alias, which the user has chosen. Changing the case alone is possible.
    ///
    /// # Errors
    /// If there is no such entry, it is locked, or the new alias cannot be used, is reserved, or is taken by another.
    pub fn rename(&mut self, alias: &str, new_alias: &str, now_ms: i64) -> Result<(), EntryError> {
        let at = self.expect_unlocked(alias)?;
        let new_alias = self.free_alias(new_alias, Some(at))?;
        if self.position(&new_alias) != Some(at) {
            profile::parse_alias(self.profile, &new_alias)?;
        }
        self.update(at, now_ms, |entry| {
            entry.alias = new_alias;
            Ok(())
        })
    }

    /// Takes an entry out.
    ///
    /// # Errors
    /// If there is no such entry, or it is locked.
    pub fn remove(&mut self, alias: &str) -> Result<Arc<Entry>, EntryError> {
        let at = self.expect_unlocked(alias)?;
        Ok(self.slots.remove(at).entry)
    }

    /// Takes entries out, all or none; gives them in the order in which they stood. An alias may be named twice.
    ///
    /// # Errors
    /// If one of them is not there, or is locked.
    pub fn remove_many(&mut self, aliases: &[impl AsRef<str>]) -> Result<Vec<Arc<Entry>>, EntryError> {
        let mut positions = HashSet::new();
        for alias in aliases {
            positions.insert(self.expect_unlocked(alias.as_ref())?);
        }
        let (removed, kept): (Vec<_>, Vec<_>) =
            self.slots.drain(..).enumerate().partition(|(at, _)| positions.contains(at));
        self.slots = kept.into_iter().map(|(_, slot)| slot).collect();
        Ok(removed.into_iter().map(|(_, slot)| slot.entry).collect())
    }

    /// Locks an entry: see [`Entry::locked`].
    ///
    /// # Errors
    /// If there is no such entry.
    pub fn lock_entry(&mut self, alias: &str, now_ms: i64) -> Result<(), EntryError> {
        self.set_locked(&[alias], true, now_ms)
    }

    /// Unlocks an entry, which its owner may always do.
    ///
    /// # Errors
    /// If there is no such entry.
    pub fn unlock_entry(&mut self, alias: &str, now_ms: i64) -> Result<(), EntryError> {
        self.set_locked(&[alias], false, now_ms)
    }

    /// Locks or unlocks entries, all or none. Those that are so already are not changed.
    ///
    /// # Errors
    /// If one of them is not there.
    pub fn set_locked(
        &mut self,
        aliases: &[impl AsRef<str>],
        locked: bool,
        now_ms: i64,
    ) -> Result<(), EntryError> {
        let positions: Vec<usize> =
            aliases.iter().map(|alias| self.expect(alias.as_ref())).collect::<Result<_, _>>()?;
        for at in positions {
            if self.slots.get(at).is_some_and(|slot| slot.entry.locked != locked) {
                self.update(at, now_ms, |entry| {
                    entry.locked = locked;
                    Ok(())
                })?;
            }
        }
        Ok(())
    }

    /// Gives a key pair a chain (end-entity first) in place of the one it has, which goes into its history unless it merely grows. A
    /// signing request that was waiting is answered by this and goes.
    ///
    /// # Errors
    /// If there is no such key pair, or the first certificate is for another key.
    pub fn set_chain(&mut self, alias: &str, chain: Vec<Certificate>, now_ms: i64) -> Result<(), EntryError> {
        let at = self.expect(alias)?;
        self.update(at, now_ms, |entry| entry.replace_chain(chain, now_ms))
    }

    /// Gives a key pair a signing request to wait for, in place of the one it has. Its key and its certificates stay.
    ///
    /// # Errors
    /// If there is no such key pair, or the request is for another key.
    pub fn set_request(
        &mut self,
        alias: &str,
        request: SigningRequest,
        now_ms: i64,
    ) -> Result<(), EntryError> {
        let at = self.expect(alias)?;
        self.update(at, now_ms, |entry| {
            entry.key_pair_mut()?.request = Some(request);
            Ok(())
        })
    }

    /// Gives an entry earlier certificates of its history back (`index` in [`Entry::previous`]); those that it has go into the history.
    ///
    /// # Errors
    /// If there is no such entry, or it has no such history.
    pub fn restore_previous(&mut self, alias: &str, index: usize, now_ms: i64) -> Result<(), EntryError> {
        let at = self.expect(alias)?;
        self.update(at, now_ms, |entry| {
            let before = entry.take_previous(index)?;
            entry.push_previous(entry.certificates().to_vec(), now_ms);
            entry.set_certificates(before.chain)
        })
    }

    /// Drops earlier certificates from an entry's history (`index` in [`Entry::previous`]).
    ///
    /// # Errors
    /// If there is no such entry, it is locked, or has no such history.
    pub fn drop_previous(&mut self, alias: &str, index: usize, now_ms: i64) -> Result<(), EntryError> {
        let at = self.expect_unlocked(alias)?;
        self.update(at, now_ms, |entry| entry.take_previous(index).map(|_| ()))
    }

    /// An alias that can be used and is free and not reserved, as close to `suggestion` as possible: `name`, `name-2`, `name-3`, ….
    pub fn unique_alias(&self, suggestion: &str) -> String {
        let base = nearest_alias(profile::without_reserved_prefix(self.profile, suggestion), "entry");
        let taken: HashSet<&str> = self.slots.iter().map(|slot| slot.folded.as_ref()).collect();
        let is_free = |alias: &str| {
            !taken.contains(fold_alias(alias).as_str()) && self.profile.reserved(alias).is_none()
        };
        if is_free(&base) {
            return base;
        }
        // There are fewer entries and reserved names than numbers, so one is free.
        let mut number = 2_usize;
        loop {
            let suffix = format!("-{number}");
            let kept: String = base.chars().take(MAX_LENGTH - suffix.len()).collect();
            let alias = format!("{}{suffix}", kept.trim_end());
            if is_free(&alias) {
                return alias;
            }
            number += 1;
        }
    }

    /// Whether both hold the very same entries and notes in the same order, one being a clone of the other with nothing changed since.
    pub fn is_unchanged_since(&self, other: &Self) -> bool {
        self.profile == other.profile
            && self.notes.is_unchanged_since(&other.notes)
            && self.slots.len() == other.slots.len()
            && self.slots.iter().zip(&other.slots).all(|(a, b)| Arc::ptr_eq(&a.entry, &b.entry))
    }

    fn position(&self, alias: &str) -> Option<usize> {
        let folded = fold_alias(alias.trim());
        self.slots.iter().position(|slot| *slot.folded == *folded)
    }

    fn expect(&self, alias: &str) -> Result<usize, EntryError> {
        self.position(alias).ok_or_else(|| EntryError::NotFound { alias: alias.to_owned() })
    }

    fn expect_unlocked(&self, alias: &str) -> Result<usize, EntryError> {
        let at = self.expect(alias)?;
        self.slots.get(at).map_or(Ok(()), |slot| unlocked(&slot.entry))?;
        Ok(at)
    }

    /// `alias` trimmed, if no entry but the one at `except` has it.
    fn free_alias(&self, alias: &str, except: Option<usize>) -> Result<String, AliasError> {
        let alias = parse_alias(alias)?;
        match self.position(&alias).filter(|at| Some(*at) != except).and_then(|at| self.slots.get(at)) {
            Some(slot) => Err(AliasError::Taken { alias: slot.entry.alias.clone() }),
            None => Ok(alias),
        }
    }

    /// Makes the change to a copy, which takes the place once it has been found sound.
    fn update(
        &mut self,
        at: usize,
        now_ms: i64,
        change: impl FnOnce(&mut Entry) -> Result<(), EntryError>,
    ) -> Result<(), EntryError> {
        if let Some(place) = self.slots.get_mut(at) {
            let mut entry = Entry::clone(&place.entry);
            change(&mut entry)?;
            entry.check()?;
            entry.modified_ms = now_ms;
            *place = Slot::new(entry);
        }
        Ok(())
    }
}

fn unlocked(entry: &Entry) -> Result<(), EntryError> {
    if entry.locked { Err(EntryError::Locked { alias: entry.alias.clone() }) } else { Ok(()) }
}
