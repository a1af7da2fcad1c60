//! The words for everything that can go wrong: what happened, and what to try.
//!
//! One file a topic. Every variant of [`crate::Problem`], [`crate::conversation::ProbeFailure`], [`crate::fetch::FetchFailure`],
//! [`crate::view::ChainFailureReason`], [`crate::report::CertificateUse`] and [`crate::report::ProbeVerdict`] has its own sentence, in words
//! that a newcomer follows, naming the machine that is meant. Nothing else in the project words an error for a user.

mod alerts;
mod before_tls;
mod causes;
mod chains;
mod dates;
mod failures;
mod fetches;
mod handshakes;
mod lints;
mod page;
mod probes;
mod problems;
mod sequence;
mod stores;
mod survey;
mod verdicts;
mod who;

use serde::{Deserialize, Serialize};

use crate::t;
pub use alerts::{alert_likely_cause, alert_name};
pub use dates::format_time;
pub use lints::{LintFact, lint_in_words, lints_with_words};
pub use probes::{addresses_summary, demand_words};
pub use who::Who;

/// A problem or a result in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// A few words, without full stop.
    pub title: String,
    /// What happened: one or two sentences.
    pub what_happened: String,
    /// What to try; empty if there is nothing to do.
    pub what_to_try: String,
}

impl Explanation {
    fn new(
        title: impl Into<String>,
        what_happened: impl Into<String>,
        what_to_try: impl Into<String>,
    ) -> Self {
        Self { title: title.into(), what_happened: what_happened.into(), what_to_try: what_to_try.into() }
    }
}

/// A list for a sentence: `a, b and c`, at most `most` items and then "and N more".
fn listed(items: &[String], most: usize) -> String {
    let shown: Vec<&str> = items.iter().take(most).map(String::as_str).collect();
    let more = items.len().saturating_sub(shown.len());
    match (shown.split_last(), more) {
        (None, _) => t!("none").into(),
        (Some((only, [])), 0) => (*only).into(),
        (Some((last, first)), 0) => t!("{first} and {last}", first = first.join(", "), last),
        (Some(_), more) => t!("{shown} and {more} more", shown = shown.join(", "), more),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_sentences() {
        let names = |n: usize| (0..n).map(|i| format!("n{i}")).collect::<Vec<_>>();
        assert_eq!(listed(&names(0), 3), "none");
        assert_eq!(listed(&names(1), 3), "n0");
        assert_eq!(listed(&names(3), 3), "n0, n1 and n2");
        assert_eq!(listed(&names(5), 3), "n0, n1, n2 and 2 more");
    }
}
