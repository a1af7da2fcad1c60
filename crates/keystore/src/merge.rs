//! Bringing the entries of one keystore into another, with a result for each of them.
//!
//! Modelled on the upload of a keystore in the Keystore Monitor of SAP Integration Suite: add or replace, overwriting if that is wished.
//! Planning is apart from applying, so that the user sees first what will happen; applying does everything or nothing. Refused for an
//! entry by itself: an alias that is reserved, taken or impossible, and whatever would change a locked entry.

use std::collections::{HashMap, HashSet};

use thiserror::Error;

use crate::{
    alias::{AliasError, fold_alias, parse_alias, same_alias},
    duplicates::Holders,
    entry::{Content, Entry, EntryError, KeyPair},
    keystore::Keystore,
};

/// What happens to entries that are there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeMode {
    /// All stay as they are: only new aliases are added.
    AddOnly,
    /// Those whose alias comes again are overwritten, if that is wished; the others stay as they are.
    AddOrReplace,
    /// Those whose alias comes again are overwritten, the others are removed. Locked ones and those with reserved aliases stay.
    Replace,
}

/// What a merge will do; see [`plan_merge`].
#[derive(Clone, Debug)]
pub struct MergePlan {
    before: Keystore,
    steps: Vec<Step>,
    rows: Vec<MergeRow>,
}

/// What becomes of one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeRow {
    /// Its alias: as the keystore spells it, if it has one of that alias, else as it came.
    pub alias: String,
    /// What.
    pub result: MergeResult,
    /// Aliases of other entries of the keystore that hold the same private key, trusted certificate or secret key.
    pub same_as: Vec<String>,
    /// Whether a private or secret key of the keystore is gone afterwards.
    pub key_lost: bool,
}

/// What becomes of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergeResult {
    /// It is new.
    Created,
    /// It was there and is another now. Where the key stayed the same, the old certificates are in its history, and so is a trusted
    /// certificate in whose place another has come.
    Updated,
    /// It was there, and nothing new has come.
    Unchanged,
    /// It did not come into the keystore. If there is one of its alias, that stays.
    NotImported {
        /// Why.
        reason: NotImported,
    },
    /// It was there, and is not any more.
    Removed,
    /// It was not among those that came and stays all the same: it is locked, has a reserved alias, or was [kept](MergePlan::keep).
    Kept,
}

/// Why an entry does not come into the keystore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotImported {
    /// Another entry has its alias, and overwriting was not wished.
    AliasTaken,
    /// The entry that has its alias is locked.
    Locked,
    /// Its alias cannot be used, or is reserved by the keystore's profile.
    Alias(AliasError),
    /// Another that came before it has the same alias, perhaps in other case.
    AliasTwice,
    /// Its parts do not belong together.
    Unsound(EntryError),
}

/// Why a plan cannot be applied.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MergeError {
    /// The keystore is not the one any more for which the plan was made.
    #[error("the keystore has changed since the merge was planned")]
    KeystoreChanged,
    /// A step is refused. This does not happen to a plan for the same keystore.
    #[error(transparent)]
    Entry(#[from] EntryError),
}

#[derive(Clone, Debug)]
enum Step {
    /// A new entry, or one in the place of that which has its alias.
    Put(Entry),
    Remove(String),
}

impl MergePlan {
    /// What becomes of each entry: first those that come, in their order, then those of the keystore that do not.
    pub fn rows(&self) -> &[MergeRow] {
        &self.rows
    }

    /// Leaves an entry where it is that would be removed: what comes under its alias could not be read, for example.
    pub fn keep(&mut self, alias: &str) {
        self.steps.retain(|step| !matches!(step, Step::Remove(removed) if same_alias(removed, alias)));
        for row in &mut self.rows {
            if row.result == MergeResult::Removed && same_alias(&row.alias, alias) {
                row.result = MergeResult::Kept;
                row.key_lost = false;
            }
        }
    }

    /// Whether the keystore will be the same.
    pub fn changes_nothing(&self) -> bool {
        self.steps.is_empty()
    }
}

/// Finds out what becomes of each entry. `overwrite` is about [`MergeMode::AddOrReplace`] alone.
pub fn plan_merge<'a>(
    keystore: &Keystore,
    incoming: impl IntoIterator<Item = &'a Entry>,
    mode: MergeMode,
    overwrite: bool,
) -> MergePlan {
    let overwrite = match mode {
        MergeMode::AddOnly => false,
        MergeMode::AddOrReplace => overwrite,
        MergeMode::Replace => true,
    };
    let mut planner = Planner {
        keystore,
        by_alias: keystore.iter().map(|entry| (fold_alias(&entry.alias), entry)).collect(),
        holders: Holders::new(keystore),
        come: HashSet::new(),
        steps: Vec::new(),
        rows: Vec::new(),
    };
    for entry in incoming {
        planner.come(entry, overwrite);
    }
    if mode == MergeMode::Replace {
        planner.remove_others();
    }
    MergePlan { before: keystore.clone(), steps: planner.steps, rows: planner.rows }
}

/// Does what was planned, all or nothing.
///
/// # Errors
/// If the keystore has changed since the plan was made.
pub fn apply_merge(keystore: &mut Keystore, plan: &MergePlan, now_ms: i64) -> Result<(), MergeError> {
    if !keystore.is_unchanged_since(&plan.before) {
        return Err(MergeError::KeystoreChanged);
    }
    let mut merged = keystore.clone();
    for step in &plan.steps {
        match step {
            Step::Remove(alias) => {
                merged.remove(alias)?;
            }
            Step::Put(entry) => {
                let mut entry = match merged.find(&entry.alias) {
                    Some(present) => combine(present, entry, now_ms).unwrap_or_else(|| present.clone()),
                    None => entry.clone(),
                };
                entry.modified_ms = now_ms;
                merged.insert_or_replace(entry)?;
            }
        }
    }
    *keystore = merged;
    Ok(())
}

struct Planner<'a> {
    keystore: &'a Keystore,
    by_alias: HashMap<String, &'a Entry>,
    holders: Holders<'a>,
    /// Aliases that came, folded.
    come: HashSet<String>,
    steps: Vec<Step>,
    rows: Vec<MergeRow>,
}

impl Planner<'_> {
    fn come(&mut self, entry: &Entry, overwrite: bool) {
        let (alias, result) = self.judge(entry, overwrite);
        let present = self.by_alias.get(&fold_alias(&alias)).copied();
        let updated = result == MergeResult::Updated;
        if updated || result == MergeResult::Created {
            self.steps.push(Step::Put(Entry { alias: alias.clone(), ..entry.clone() }));
        }
        let same_as = self.holders.of(entry).iter().filter(|other| !same_alias(other, &alias));
        self.rows.push(MergeRow {
            same_as: same_as.map(|&other| other.to_owned()).collect(),
            key_lost: updated
                && present.is_some_and(|present| present.holds_key() && !same_key(present, entry)),
            alias,
            result,
        });
    }

    /// The alias of its row, and what becomes of the entry.
    fn judge(&mut self, entry: &Entry, overwrite: bool) -> (String, MergeResult) {
        let refused = |reason| MergeResult::NotImported { reason };
        let alias = match parse_alias(&entry.alias) {
            Ok(alias) => alias,
            Err(error) => return (entry.alias.clone(), refused(NotImported::Alias(error))),
        };
        let folded = fold_alias(&alias);
        let present = self.by_alias.get(&folded).copied();
        let alias = present.map_or(alias, |present| present.alias.clone());
        if !self.come.insert(folded) {
            return (alias, refused(NotImported::AliasTwice));
        }
        let result = match (entry.check(), present) {
            (Err(error), _) => refused(NotImported::Unsound(error)),
            (Ok(()), Some(present)) if combine(present, entry, 0).is_none() => MergeResult::Unchanged,
            (Ok(()), present) => match (self.keystore.profile().reserved(&alias), present) {
                (Some(reserved), _) => {
                    refused(NotImported::Alias(AliasError::Reserved { alias: alias.clone(), reserved }))
                }
                (None, None) => MergeResult::Created,
                (None, Some(present)) if present.locked => refused(NotImported::Locked),
                (None, Some(_)) if !overwrite => refused(NotImported::AliasTaken),
                (None, Some(_)) => MergeResult::Updated,
            },
        };
        (alias, result)
    }

    fn remove_others(&mut self) {
        for entry in self.keystore.iter().filter(|entry| !self.come.contains(&fold_alias(&entry.alias))) {
            let kept = entry.locked || self.keystore.profile().reserved(&entry.alias).is_some();
            if !kept {
                self.steps.push(Step::Remove(entry.alias.clone()));
            }
            let result = if kept { MergeResult::Kept } else { MergeResult::Removed };
            let key_lost = !kept && entry.holds_key();
            self.rows.push(MergeRow { alias: entry.alias.clone(), result, same_as: Vec::new(), key_lost });
        }
    }
}

/// What `present` becomes when `entry` comes under its alias; `None` if nothing new comes.
fn combine(present: &Entry, entry: &Entry, now_ms: i64) -> Option<Entry> {
    let mut combined = present.clone();
    match (&mut combined.content, &entry.content) {
        (Content::KeyPair(pair), Content::KeyPair(new)) if is_same_key(pair, new) => {
            // The beginning of the chain that is there, or none at all, says nothing new.
            let chain_is_news = !pair.chain.starts_with(&new.chain);
            let request_is_news = new.request.is_some() && new.request != pair.request;
            if !chain_is_news && !request_is_news {
                return None;
            }
            if chain_is_news {
                combined.replace_chain(new.chain.clone(), now_ms).ok()?;
            }
            if let (Ok(pair), true) = (combined.key_pair_mut(), request_is_news) {
                pair.request.clone_from(&new.request);
            }
        }
        (Content::TrustedCertificate(old), Content::TrustedCertificate(new)) => {
            if old == new {
                return None;
            }
            let old = core::mem::replace(old, new.clone());
            combined.push_previous(vec![old], now_ms);
        }
        (Content::SecretKey(old), Content::SecretKey(new)) if old == new => return None,
        _ => return Some(Entry { alias: combined.alias, ..entry.clone() }),
    }
    combined.locked |= entry.locked;
    Some(combined)
}

fn same_key(a: &Entry, b: &Entry) -> bool {
    match (&a.content, &b.content) {
        (Content::KeyPair(a), Content::KeyPair(b)) => is_same_key(a, b),
        (Content::SecretKey(a), Content::SecretKey(b)) => a.bytes == b.bytes,
        _ => false,
    }
}

fn is_same_key(a: &KeyPair, b: &KeyPair) -> bool {
    a.key.public_key() == b.key.public_key()
}
