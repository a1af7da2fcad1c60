//! Words for what the examination of a certificate finds: one entry a rule of `certwright-certs`, in the words' files by field.
//!
//! The sentences ask for a rule's facts by name, `{days}`. The page gets finished sentences and links none of this; only the engine calls
//! it.

mod certificate;
mod issuing;
mod keys;
mod names;

use super::{Explanation, format_time, listed};
use crate::t;

/// Rules that the words suit, title, what happened, what to try.
type Words = (&'static [&'static str], &'static str, &'static str, &'static str);

/// A fact of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LintFact {
    /// A text out of the certificate, or the name of something.
    Text(String),
    /// A count, a length or a limit.
    Number(i64),
    /// Unix seconds.
    Time(i64),
    /// The first of many texts.
    List {
        /// The first ones.
        items: Vec<String>,
        /// How many there are.
        total: usize,
    },
}

/// The finding of a rule in words; `None` for a rule that has none.
pub fn lint_in_words(rule: &str, facts: &[(&str, LintFact)]) -> Option<Explanation> {
    let (_, title, what_happened, what_to_try) = entries().find(|(rules, ..)| rules.contains(&rule))?;
    let filled = |template| filled(crate::language::text(template), facts);
    Some(Explanation::new(filled(title), filled(what_happened), filled(what_to_try)))
}

/// The rules that have words.
pub fn lints_with_words() -> impl Iterator<Item = &'static str> {
    entries().flat_map(|(rules, ..)| rules.iter().copied())
}

fn entries() -> impl Iterator<Item = &'static Words> {
    [certificate::WORDS, names::WORDS, keys::WORDS, issuing::WORDS].into_iter().flatten()
}

/// The sentence with its facts. One that is missing stays as it is written, so that it shows.
fn filled(template: &str, facts: &[(&str, LintFact)]) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else { break };
        out.push_str(before);
        match facts.iter().find(|(fact, _)| *fact == name) {
            Some((_, fact)) => out.push_str(&shown(fact)),
            None => out.extend(["{", name, "}"]),
        }
        rest = tail;
    }
    out + rest
}

fn shown(fact: &LintFact) -> String {
    match fact {
        LintFact::Text(text) => text.clone(),
        LintFact::Number(number) => number.to_string(),
        LintFact::Time(unix) => format_time(*unix),
        LintFact::List { items, total } => {
            let quoted: Vec<String> = items.iter().map(|item| format!("“{item}”")).collect();
            let more = total.saturating_sub(items.len());
            if more == 0 {
                listed(&quoted, quoted.len())
            } else {
                t!("{quoted} and {more} more", quoted = quoted.join(", "), more)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_filled_in() {
        let facts = [
            ("days", LintFact::Number(400)),
            ("names", LintFact::List { items: vec!["a".into(), "b".into()], total: 5 }),
        ];
        assert_eq!(filled("{days} of {names}: {else}.", &facts), "400 of “a”, “b” and 3 more: {else}.");
        assert_eq!(filled("{", &facts), "{");
    }

    #[test]
    fn each_rule_has_words_once() {
        let mut rules: Vec<&str> = lints_with_words().collect();
        rules.sort_unstable();
        let before = rules.len();
        rules.dedup();
        assert_eq!(rules.len(), before);
        for (_, title, what, _) in entries() {
            assert!(!title.ends_with('.') && what.ends_with('.'), "{title}");
        }
    }
}
