//! Undo and redo, over all open keystores. A state is cheap to keep, because its entries are shared.
//!
//! A step knows the states before and after its change. Where the keystore of the browser has changed in between without the user's doing
//! (another tab saved it), undoing takes back only what the step did.

use super::sync::three_way;
use super::workspace::Workspace;

/// Changes that can be undone; older ones are forgotten.
const MOST: usize = 1_000;
/// Places of entries that all states together may take, some 24 bytes each. In a keystore of a few hundred entries it does not come to this; in one of
/// thousands fewer changes are kept,
const MOST_PLACES: usize = 1_000_000;
/// but these always.
const LEAST: usize = 100;

#[derive(Clone, Default)]
pub(super) struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
}

/// A change's name, and what was before and after it.
#[derive(Clone)]
struct Step {
    name: String,
    before: Workspace,
    after: Workspace,
}

impl History {
    pub(super) fn record(&mut self, name: String, before: Workspace, after: Workspace) {
        self.done.push(Step { name, before, after });
        self.undone.clear();
        while self.done.len() > MOST || (self.done.len() > LEAST && self.places() > MOST_PLACES) {
            self.done.remove(0);
        }
    }

    fn places(&self) -> usize {
        self.done.iter().map(|step| step.before.places() + step.after.places()).sum()
    }

    pub(super) fn undo(&mut self, now: &Workspace) -> Option<Workspace> {
        let step = self.done.pop()?;
        let state = turn(&step.after, &step.before, now);
        self.undone.push(step);
        Some(state)
    }

    pub(super) fn redo(&mut self, now: &Workspace) -> Option<Workspace> {
        let step = self.undone.pop()?;
        let state = turn(&step.before, &step.after, now);
        self.done.push(step);
        Some(state)
    }

    pub(super) fn undo_name(&self) -> Option<String> {
        self.done.last().map(|step| step.name.clone())
    }

    pub(super) fn redo_name(&self) -> Option<String> {
        self.undone.last().map(|step| step.name.clone())
    }
}

/// What leads `from` to `to`, done to `now`.
fn turn(from: &Workspace, to: &Workspace, now: &Workspace) -> Workspace {
    Workspace { home: three_way(&from.home, &to.home, &now.home), sheets: to.sheets.clone() }
}
