//! Cases, how they end, and how they are counted.

use std::fmt;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::{Duration, Instant};

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// As the data expects.
    Passed,
    /// Accepted, and the data expects a refusal.
    AcceptedWrongly,
    /// Refused, and the data expects it to be accepted, or to be refused for another reason.
    RefusedWrongly,
    /// Not tried, for it is about something that is not supported.
    Skipped,
}

impl Answer {
    /// Of what is expected and what happened.
    pub(crate) fn new(expected: bool, accepted: bool) -> Self {
        match (expected, accepted) {
            (true, true) | (false, false) => Self::Passed,
            (false, true) => Self::AcceptedWrongly,
            (true, false) => Self::RefusedWrongly,
        }
    }
}

/// A case that was tried, or skipped.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name in the data.
    pub id: String,
    /// How it ended.
    pub answer: Answer,
    /// What was found, or why it was skipped.
    pub why: String,
    /// How long it took.
    pub took: Duration,
}

impl Case {
    pub(crate) fn new(id: impl Into<String>, answer: Answer, why: impl Into<String>) -> Self {
        Self { id: id.into(), answer, why: why.into(), took: Duration::ZERO }
    }

    pub(crate) fn skipped(id: impl Into<String>, why: impl Into<String>) -> Self {
        Self::new(id, Answer::Skipped, why)
    }
}

/// The cases of one file or folder.
#[derive(Clone, Debug)]
pub struct Suite {
    /// Its name, made of the names of folder and file.
    pub name: String,
    /// Its cases.
    pub cases: Vec<Case>,
    /// Figures of parts of it, for who asks for more.
    pub details: Vec<String>,
}

impl Suite {
    pub(crate) fn new(name: impl Into<String>, cases: Vec<Case>) -> Self {
        Self { name: name.into(), cases, details: Vec::new() }
    }

    /// How many cases ended so.
    pub fn count(&self, answer: Answer) -> usize {
        self.cases.iter().filter(|case| case.answer == answer).count()
    }

    /// The cases that ended otherwise than the data expects.
    pub fn failed(&self) -> impl Iterator<Item = &Case> {
        self.cases
            .iter()
            .filter(|case| matches!(case.answer, Answer::AcceptedWrongly | Answer::RefusedWrongly))
    }

    /// A suite of a file that cannot be read.
    pub(crate) fn unreadable(name: impl Into<String>, why: impl fmt::Display) -> Self {
        let name = name.into();
        Self::new(name.clone(), vec![Case::skipped(name, why.to_string())])
    }
}

impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: passed {}, accepted wrongly {}, refused wrongly {}, skipped {}",
            self.name,
            self.count(Answer::Passed),
            self.count(Answer::AcceptedWrongly),
            self.count(Answer::RefusedWrongly),
            self.count(Answer::Skipped),
        )
    }
}

/// Tries every item, on all processors; the cases come in the order of the items. A panic is a case that failed.
pub(crate) fn try_all<T: Sync>(
    items: &[T],
    name: impl Fn(&T) -> String + Sync,
    one: impl Fn(&T) -> Case + Sync,
) -> Vec<Case> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let guarded = |item: &T| {
        let begun = Instant::now();
        let case = catch_unwind(AssertUnwindSafe(|| one(item)))
            .unwrap_or_else(|_| Case::new(name(item), Answer::RefusedWrongly, "panicked"));
        Case { took: begun.elapsed(), ..case }
    };
    // Each thread takes every so manieth item, since the costly ones are neighbours.
    let mut cases: Vec<(usize, Case)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|first| {
                let guarded = &guarded;
                scope.spawn(move || {
                    let own = items.iter().enumerate().skip(first).step_by(threads);
                    own.map(|(at, item)| (at, guarded(item))).collect::<Vec<_>>()
                })
            })
            .collect();
        workers.into_iter().filter_map(|worker| worker.join().ok()).flatten().collect()
    });
    cases.sort_by_key(|(at, _)| *at);
    cases.into_iter().map(|(_, case)| case).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_tried_in_order_and_a_panic_is_a_failure() {
        let items: Vec<u32> = (0..100).collect();
        let cases = try_all(&items, u32::to_string, |item| {
            assert_ne!(*item, 7);
            Case::new(item.to_string(), Answer::new(item % 2 == 0, true), "")
        });
        let suite = Suite::new("numbers", cases);
        assert_eq!(
            suite.to_string(),
            "numbers: passed 50, accepted wrongly 49, refused wrongly 1, skipped 0"
        );
        assert!(suite.cases.iter().zip(&items).all(|(case, item)| case.id == item.to_string()));
    }
}
