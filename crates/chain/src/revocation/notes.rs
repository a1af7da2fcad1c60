//! What did not count and why, one reason for each piece of evidence: the one that tells most.

use std::collections::HashMap;

use super::{Answer, Dismissal, Dismissed, MAX_DISMISSED, Source, Status};

#[derive(Default)]
pub(super) struct Notes(HashMap<Source, Dismissal>);

impl Notes {
    /// Evidence that is tried in several ways keeps the reason of the way on which it came furthest.
    pub(super) fn dismiss(&mut self, source: Source, why: Dismissal) {
        let known = self.0.get(&source).map(Dismissal::progress);
        if known.is_none_or(|known| known < why.progress()) {
            self.0.insert(source, why);
        }
    }

    /// It counts after all.
    pub(super) fn forget(&mut self, source: Source) {
        self.0.remove(&source);
    }

    pub(super) fn any_about_certificate(&self) -> bool {
        self.0.values().any(|why| !why.is_about_others())
    }

    pub(super) fn answer(self, status: Status) -> Answer {
        let mut dismissed: Vec<Dismissed> =
            self.0.into_iter().map(|(source, why)| Dismissed { source, why }).collect();
        dismissed.sort_by_key(|dismissed| (core::cmp::Reverse(dismissed.why.progress()), dismissed.source));
        dismissed.truncate(MAX_DISMISSED);
        Answer { status, dismissed }
    }
}
