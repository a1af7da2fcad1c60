//! What the keystores hold after each change, kept beside the page.

use std::collections::BTreeMap;

/// Number of the browser's own keystore.
pub(crate) const HOME: u64 = 0;

/// What a row says of its entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) kind: String,
    pub(crate) state: String,
    pub(crate) locked: bool,
}

/// Entries by alias.
pub(crate) type Store = BTreeMap<String, Entry>;

/// All open keystores by number, and which one is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Model {
    pub(crate) stores: BTreeMap<u64, Store>,
    pub(crate) shown: u64,
}

impl Model {
    pub(crate) fn new() -> Self {
        Self { stores: BTreeMap::from([(HOME, Store::new())]), shown: HOME }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.stores[&self.shown]
    }

    pub(crate) fn store_mut(&mut self) -> &mut Store {
        self.stores.get_mut(&self.shown).expect("the keystore that is shown is open")
    }

    /// Aliases of the shown keystore whose entries are as wished.
    pub(crate) fn aliases(&self, wished: impl Fn(&Entry) -> bool) -> Vec<String> {
        self.store().iter().filter(|(_, entry)| wished(entry)).map(|(alias, _)| alias.clone()).collect()
    }
}

/// Models after each change, the present one among them.
#[derive(Debug)]
pub(crate) struct History {
    states: Vec<Model>,
    at: usize,
    changes: usize,
}

impl History {
    pub(crate) fn new() -> Self {
        Self { states: vec![Model::new()], at: 0, changes: 0 }
    }

    pub(crate) fn now(&self) -> &Model {
        &self.states[self.at]
    }

    /// What is shown is no part of a change, so it holds for all states in which it is there.
    pub(crate) fn show(&mut self, store: u64) {
        self.states[self.at].shown = store;
    }

    pub(crate) fn change(&mut self, change: impl FnOnce(&mut Model)) {
        let mut next = self.now().clone();
        change(&mut next);
        self.states.truncate(self.at + 1);
        self.states.push(next);
        self.at += 1;
        self.changes += 1;
    }

    pub(crate) fn can_undo(&self) -> bool {
        self.at > 0
    }

    pub(crate) fn can_redo(&self) -> bool {
        self.at + 1 < self.states.len()
    }

    pub(crate) fn undo(&mut self) {
        self.go(self.at - 1);
    }

    pub(crate) fn redo(&mut self) {
        self.go(self.at + 1);
    }

    pub(crate) fn changes(&self) -> usize {
        self.changes
    }

    fn go(&mut self, to: usize) {
        let shown = self.now().shown;
        self.at = to;
        self.show(if self.now().stores.contains_key(&shown) { shown } else { HOME });
    }
}
