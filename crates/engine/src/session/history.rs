//! Undo and redo: the keystores before and after each change. A keystore is cheap to keep, because its entries are shared.

use certwright_keystore::keystore::Keystore;

/// Changes that can be undone; older ones are forgotten.
const MOST: usize = 100;

#[derive(Clone, Default)]
pub(super) struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
}

/// A change's name, and the keystore on the other side of it.
#[derive(Clone)]
struct Step {
    name: String,
    keystore: Keystore,
}

impl History {
    pub(super) fn record(&mut self, name: String, before: Keystore) {
        if self.done.len() >= MOST {
            self.done.remove(0);
        }
        self.done.push(Step { name, keystore: before });
        self.undone.clear();
    }

    pub(super) fn undo(&mut self, now: &Keystore) -> Option<Keystore> {
        exchange(&mut self.done, &mut self.undone, now)
    }

    pub(super) fn redo(&mut self, now: &Keystore) -> Option<Keystore> {
        exchange(&mut self.undone, &mut self.done, now)
    }

    pub(super) fn undo_name(&self) -> Option<String> {
        self.done.last().map(|step| step.name.clone())
    }

    pub(super) fn redo_name(&self) -> Option<String> {
        self.undone.last().map(|step| step.name.clone())
    }
}

fn exchange(from: &mut Vec<Step>, to: &mut Vec<Step>, now: &Keystore) -> Option<Keystore> {
    let Step { name, keystore } = from.pop()?;
    to.push(Step { name, keystore: now.clone() });
    Some(keystore)
}
