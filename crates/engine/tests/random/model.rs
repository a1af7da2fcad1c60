//! What the keystores hold after each change, kept beside the session in the plainest way: maps, and a list of all states.

use std::collections::{BTreeMap, BTreeSet};

/// An entry as far as the model knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its alias as it is spelled.
    pub(crate) alias: String,
    /// Its public key, PEM.
    pub(crate) key: String,
    /// Subject of its certificate, or of its request; empty if it has neither. No two requests and certificates have the same.
    pub(crate) subject: String,
    /// How far its chain goes, as a word.
    pub(crate) state: &'static str,
    pub(crate) locked: bool,
}

/// Entries by alias, which differ in more than case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Entries(BTreeMap<String, Entry>);

impl Entries {
    pub(crate) fn get(&self, alias: &str) -> Option<&Entry> {
        self.0.get(&alias.to_lowercase())
    }

    pub(crate) fn get_mut(&mut self, alias: &str) -> Option<&mut Entry> {
        self.0.get_mut(&alias.to_lowercase())
    }

    /// Returns whether the alias was free.
    pub(crate) fn insert(&mut self, entry: Entry) -> bool {
        self.0.insert(entry.alias.to_lowercase(), entry).is_none()
    }

    pub(crate) fn remove(&mut self, alias: &str) -> Option<Entry> {
        self.0.remove(&alias.to_lowercase())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.0.values()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Aliases of entries that are as wished.
    pub(crate) fn aliases(&self, wished: impl Fn(&Entry) -> bool) -> Vec<String> {
        self.iter().filter(|entry| wished(entry)).map(|entry| entry.alias.clone()).collect()
    }

    /// What two changed copies of a keystore come to: what one of them changed is as it has it, and what both changed is there twice. Which
    /// alias the second gets is looked up in what the session has come to.
    pub(crate) fn together(base: &Self, ours: &Self, theirs: &Self, actual: &Self) -> Self {
        let aliases: BTreeSet<&String> = ours.0.keys().chain(theirs.0.keys()).collect();
        let (mut all, mut second) = (Self::default(), Vec::new());
        for alias in aliases {
            let (base, ours, theirs) = (base.0.get(alias), ours.0.get(alias), theirs.0.get(alias));
            let there = match (ours, theirs) {
                (Some(ours), Some(theirs))
                    if base != Some(ours) && base != Some(theirs) && ours != theirs =>
                {
                    second.push(ours.clone());
                    Some(theirs)
                }
                (Some(_), Some(_)) => {
                    if base == ours {
                        theirs
                    } else {
                        ours
                    }
                }
                // Deleted by one of them: it is gone if the other left it as it was.
                (one, None) | (None, one) => one.filter(|_| base != one),
            };
            if let Some(entry) = there {
                all.0.insert(alias.clone(), entry.clone());
            }
        }
        for entry in second {
            let is_it = |other: &&Entry| {
                all.get(&other.alias).is_none()
                    && Entry { alias: entry.alias.clone(), ..(*other).clone() } == entry
            };
            let found =
                actual.iter().find(is_it).unwrap_or_else(|| panic!("{entry:?} is lost: {actual:?}")).clone();
            all.insert(found);
        }
        all
    }
}

/// A keystore beside the browser's own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Sheet {
    pub(crate) entries: Entries,
    pub(crate) changed: bool,
}

/// All that is open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Work {
    pub(crate) home: Entries,
    pub(crate) sheets: BTreeMap<u32, Sheet>,
}

/// What one tab has open, with its changes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Model {
    pub(crate) now: Work,
    /// States before and after each change.
    pub(crate) done: Vec<(Work, Work)>,
    pub(crate) undone: Vec<(Work, Work)>,
}

impl Model {
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut Work)) {
        let before = self.now.clone();
        change(&mut self.now);
        self.done.push((before, self.now.clone()));
        self.undone.clear();
    }

    /// Takes back the last change; `actual` is what the session has come to.
    pub(crate) fn undo(&mut self, actual: &Entries) {
        let (before, after) = self.done.pop().expect("there is a change");
        self.turn(&after, &before, actual);
        self.undone.push((before, after));
    }

    pub(crate) fn redo(&mut self, actual: &Entries) {
        let (before, after) = self.undone.pop().expect("there is an undone change");
        self.turn(&before, &after, actual);
        self.done.push((before, after));
    }

    fn turn(&mut self, from: &Work, to: &Work, actual: &Entries) {
        let home = Entries::together(&from.home, &to.home, &self.now.home, actual);
        self.now = Work { home, sheets: to.sheets.clone() };
    }
}
