//! What is kept of a plan: what cannot be seen from the keystore.
//!
//! Names and other fields, who did what when, public certificates of both sides, and what probes saw. Everything stands under short words, so that two
//! copies of a plan are brought together word by word ([`super::merge`]). There is no secret in it. It is JSON, as a note of the keystore and in the
//! file for the other side ([`super::file`]); a note is read by the same rules as the file of a stranger. Refused: other versions, more or larger parts
//! than a plan of ours can have, certificates that cannot be read, names with control characters.

use std::collections::BTreeMap;

use certwright_certs::Certificate;
use certwright_protocol::Bytes;
use certwright_protocol::ui::{PlanKind, PlanSide};
use serde::{Deserialize, Serialize};

use super::seen::Seen;

/// The version that is written, and the only one that is read.
pub(crate) const VERSION: u32 = 1;
/// Most fields, marks, chains or sightings of a plan.
const MOST_PARTS: usize = 24;
/// Most certificates in one chain.
pub(super) const MOST_CERTIFICATES: usize = 20;
/// Most authorities that a server accepts, as a list of certificates.
pub(super) const MOST_AUTHORITIES: usize = 250;
/// Most lines of the log; the oldest go first.
pub(super) const MOST_LINES: usize = 300;
/// Longest value, in characters.
pub(super) const LONGEST_VALUE: usize = 200;
/// Longest word under which something stands.
const LONGEST_WORD: usize = 32;

/// A plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// The same on both sides: 16 hexadecimal digits.
    pub(crate) id: String,
    pub(crate) kind: PlanKind,
    /// Which side works with this keystore.
    pub(crate) mine: PlanSide,
    pub(crate) created_ms: i64,
    pub(crate) modified_ms: i64,
    /// What was filled in. Those that name entries of this keystore ([`is_own`]) stay here.
    pub(crate) fields: BTreeMap<String, String>,
    /// Steps that somebody said, or was seen, to have done.
    pub(crate) marks: BTreeMap<String, Mark>,
    /// Certificates, end-entity first: `client`, `server`, `new_client`, `new_server`, `intended` (an authority to be asked), and `accepted`
    /// (authorities, in any order).
    pub(crate) chains: BTreeMap<String, Vec<Certificate>>,
    /// What probes saw last, by step.
    pub(crate) seen: BTreeMap<String, Seen>,
    /// What was done, oldest first.
    pub(crate) log: Vec<Line>,
}

/// When a step was done, and which side says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    pub(crate) at_ms: i64,
    pub(crate) by: PlanSide,
}

/// A line of the log: a word of an event, which is worded when it is shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) at_ms: i64,
    /// Whether the client's side did it.
    pub(crate) client: bool,
    /// What: `begun`, `done`, `undone`, `packed`, `probed`, `opened`, `files`, `trusted`, `deleted`,
    /// `installed`, `put_back`.
    pub(crate) what: String,
    /// The step, or empty.
    pub(crate) step: String,
}

impl Plan {
    pub(crate) fn field(&self, key: &str) -> &str {
        self.fields.get(key).map_or("", String::as_str)
    }

    pub(crate) fn chain(&self, key: &str) -> &[Certificate] {
        self.chains.get(key).map_or(&[], Vec::as_slice)
    }

    /// The plan with nothing in it.
    pub(super) fn without_parts(&self) -> Self {
        Self {
            id: self.id.clone(),
            fields: BTreeMap::new(),
            marks: BTreeMap::new(),
            chains: BTreeMap::new(),
            seen: BTreeMap::new(),
            log: Vec::new(),
            ..*self
        }
    }

    pub(crate) fn note(&mut self, now_ms: i64, what: &str, step: &str) {
        let client = self.mine == PlanSide::Client;
        self.log.push(Line { at_ms: now_ms, client, what: what.into(), step: step.into() });
        let more = self.log.len().saturating_sub(MOST_LINES);
        self.log.drain(..more);
        self.modified_ms = now_ms;
    }
}

/// Whether a field names something of this keystore, and does not go to the other side.
pub(super) fn is_own(field: &str) -> bool {
    field.ends_with("entry")
}

/// As it is written.
#[derive(Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) version: u32,
    pub(super) id: String,
    pub(super) kind: PlanKind,
    pub(super) mine: PlanSide,
    pub(super) created_ms: i64,
    pub(super) modified_ms: i64,
    #[serde(default)]
    pub(super) fields: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) marks: BTreeMap<String, Mark>,
    #[serde(default)]
    pub(super) chains: BTreeMap<String, Vec<Bytes>>,
    #[serde(default)]
    pub(super) seen: BTreeMap<String, super::seen::Record>,
    #[serde(default)]
    pub(super) log: Vec<Line>,
}

impl From<&Plan> for Record {
    fn from(plan: &Plan) -> Self {
        Self {
            version: VERSION,
            id: plan.id.clone(),
            kind: plan.kind,
            mine: plan.mine,
            created_ms: plan.created_ms,
            modified_ms: plan.modified_ms,
            fields: plan.fields.clone(),
            marks: plan.marks.clone(),
            chains: plan.chains.iter().map(|(key, chain)| (key.clone(), to_der(chain))).collect(),
            seen: plan.seen.iter().map(|(key, seen)| (key.clone(), seen.into())).collect(),
            log: plan.log.clone(),
        }
    }
}

impl Record {
    /// The plan, if it keeps the rules.
    pub(super) fn plan(self) -> Option<Plan> {
        let is_id = |id: &str| id.len() == 16 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let parts = [self.fields.len(), self.marks.len(), self.chains.len(), self.seen.len()];
        let in_bounds = parts.into_iter().all(|count| count <= MOST_PARTS) && self.log.len() <= MOST_LINES;
        let mut times = [self.created_ms, self.modified_ms]
            .into_iter()
            .chain(self.marks.values().map(|mark| mark.at_ms))
            .chain(self.log.iter().map(|line| line.at_ms));
        if self.version != VERSION || !is_id(&self.id) || !in_bounds || !times.all(is_time) {
            return None;
        }
        let words: Vec<&String> = self
            .fields
            .keys()
            .chain(self.marks.keys())
            .chain(self.chains.keys())
            .chain(self.seen.keys())
            .chain(self.log.iter().flat_map(|line| [&line.what, &line.step]))
            .collect();
        if !words.into_iter().all(|word| is_word(word)) || !self.fields.values().all(|value| is_value(value))
        {
            return None;
        }
        let chains = self.chains.into_iter().map(|(key, chain)| {
            let most = most_certificates(&key)?;
            Some((key, from_der(&chain, most)?))
        });
        let seen = self.seen.into_iter().map(|(key, seen)| Some((key, seen.seen()?)));
        Some(Plan {
            id: self.id,
            kind: self.kind,
            mine: self.mine,
            created_ms: self.created_ms,
            modified_ms: self.modified_ms,
            fields: self.fields,
            marks: self.marks,
            chains: chains.collect::<Option<_>>()?,
            seen: seen.collect::<Option<_>>()?,
            log: self.log,
        })
    }
}

/// Whether this is a time between 1970 and the year 9999, in Unix milliseconds. The page's numbers are exact for these.
pub(super) fn is_time(ms: i64) -> bool {
    (0..=253_402_300_799_999).contains(&ms)
}

/// Whether a text can be a field's value: one line, not too long.
pub(super) fn is_value(text: &str) -> bool {
    text.chars().count() <= LONGEST_VALUE && !text.chars().any(is_unfit)
}

/// Control characters, and those that turn the direction of what is read.
pub(super) fn is_unfit(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}')
}

fn is_word(text: &str) -> bool {
    text.len() <= LONGEST_WORD
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

pub(super) fn to_der(chain: &[Certificate]) -> Vec<Bytes> {
    chain.iter().map(|certificate| Bytes::from(certificate.der())).collect()
}

/// How many certificates may stand under a word; `None` if none does.
pub(super) fn most_certificates(key: &str) -> Option<usize> {
    match key {
        "client" | "server" | "new_client" | "new_server" | "intended" => Some(MOST_CERTIFICATES),
        "accepted" => Some(MOST_AUTHORITIES),
        _ => None,
    }
}

pub(super) fn from_der(chain: &[Bytes], most: usize) -> Option<Vec<Certificate>> {
    if chain.len() > most {
        return None;
    }
    chain.iter().map(|der| Certificate::from_der(&der.0).ok()).collect()
}
