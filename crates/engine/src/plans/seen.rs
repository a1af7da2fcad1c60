//! What a probe saw, as far as a plan needs it: the server's chain, what it asks of a client, and what became of the client's certificate.

use certwright_certs::{Certificate, Name};
use certwright_protocol::Bytes;
use certwright_protocol::catalogue::Explanation;
use certwright_protocol::report::diagnosis::Diagnosis;
use certwright_protocol::report::{CertificateUse, ProbeReport, ProbeVerdict};
use serde::{Deserialize, Serialize};

use super::model::{MOST_CERTIFICATES, from_der, is_time, is_unfit, is_value, to_der};

/// Most names of authorities that are kept of a server's request.
const MOST_NAMES: usize = 500;
/// Longest text that is kept, in characters.
const LONGEST_TEXT: usize = 2_000;

/// What a probe saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) at_ms: i64,
    /// As the server sent it, its own certificate first; empty if it came to none.
    pub(crate) chain: Vec<Certificate>,
    /// Whether the server asked for a client certificate; `None` if it did not come to that.
    pub(crate) requested: Option<bool>,
    /// The authorities that it accepts, RFC 4514.
    pub(crate) authorities: Vec<String>,
    /// What became of the client's certificate.
    pub(crate) outcome: Outcome,
    /// SHA-256 of the client's certificate that was shown, hex.
    pub(crate) shown: Option<String>,
    /// The verdict's kind.
    pub(crate) verdict: String,
    /// The verdict in words, in the language of that day; not of a probe of the other side.
    words: Option<Explanation>,
    /// Why it did not end well, without the evidence: told in the language of whoever reads it.
    diagnosis: Option<Diagnosis>,
}

/// What became of the client's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// The server accepted it.
    Accepted,
    /// The server took it and said nothing.
    Undetermined,
    /// The server refused it.
    Refused,
    /// None was shown.
    NotUsed,
}

impl Seen {
    /// Of a report that is complete. `fingerprint` gives the SHA-256 of an entry's certificate, by alias.
    pub(crate) fn of(report: &ProbeReport, fingerprint: impl Fn(&str) -> Option<String>) -> Self {
        let sent = report.chain.iter().flat_map(|chain| &chain.sent).take(MOST_CERTIFICATES);
        let client = &report.client_authentication;
        let is_good = report.verdict.as_ref().is_some_and(ProbeVerdict::is_good);
        let diagnosis = report.diagnosis.as_ref().filter(|_| !is_good);
        let (outcome, alias) = match &client.used {
            Some(CertificateUse::Accepted { alias, .. }) => (Outcome::Accepted, Some(alias)),
            Some(CertificateUse::Undetermined { alias }) => (Outcome::Undetermined, Some(alias)),
            Some(CertificateUse::Refused { alias, .. }) => (Outcome::Refused, Some(alias)),
            Some(CertificateUse::NotUsed { .. }) | None => (Outcome::NotUsed, None),
        };
        Self {
            at_ms: report.started_ms,
            chain: sent.filter_map(|view| Certificate::from_der(&view.der.0).ok()).collect(),
            requested: client.requested,
            authorities: client
                .authorities
                .iter()
                .filter(|name| is_name(name))
                .take(MOST_NAMES)
                .cloned()
                .collect(),
            outcome,
            shown: alias.and_then(|alias| fingerprint(alias)),
            verdict: report.verdict.as_ref().map_or("", ProbeVerdict::kind).to_owned(),
            words: diagnosis.map(Diagnosis::explain).or_else(|| report.explain()).or_else(|| Some(unsaid())),
            diagnosis: diagnosis.map(|found| Diagnosis { evidence: Vec::new(), ..found.clone() }),
        }
    }

    /// The names of the authorities that the server accepts.
    pub(crate) fn names(&self) -> Vec<Name> {
        self.authorities.iter().filter_map(|text| Name::parse_rfc4514(text).ok()).collect()
    }

    /// The verdict in words; `None` of a probe of the other side.
    pub(crate) fn told(&self) -> Option<Explanation> {
        let words = self.words.as_ref()?;
        Some(self.diagnosis.as_ref().map_or_else(|| words.clone(), Diagnosis::explain))
    }

    /// As it goes to the other side, or comes from there.
    pub(crate) fn without_words(&mut self) {
        self.words = None;
        self.diagnosis = None;
    }

    /// Whether a probe of this side saw it; the words of others are not taken over.
    pub(crate) fn is_own(&self) -> bool {
        self.words.is_some()
    }

    /// Whether TLS came as far as the server's chain.
    pub(crate) fn reached(&self) -> bool {
        !self.chain.is_empty()
    }
}

/// The words of a probe that was broken off before its verdict.
fn unsaid() -> Explanation {
    Explanation { title: String::new(), what_happened: String::new(), what_to_try: String::new() }
}

/// As it is written.
#[derive(Serialize, Deserialize)]
pub(crate) struct Record {
    at_ms: i64,
    #[serde(default)]
    chain: Vec<Bytes>,
    requested: Option<bool>,
    #[serde(default)]
    authorities: Vec<String>,
    outcome: Outcome,
    shown: Option<String>,
    verdict: String,
    words: Option<Explanation>,
    /// JSON in a text, so that what a later version writes otherwise costs the words and not the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    diagnosis: Option<String>,
}

impl From<&Seen> for Record {
    fn from(seen: &Seen) -> Self {
        Self {
            at_ms: seen.at_ms,
            chain: to_der(&seen.chain),
            requested: seen.requested,
            authorities: seen.authorities.clone(),
            outcome: seen.outcome,
            shown: seen.shown.clone(),
            verdict: seen.verdict.clone(),
            words: seen.words.clone(),
            diagnosis: seen
                .diagnosis
                .as_ref()
                .and_then(|found| serde_json::to_string(found).ok())
                .filter(|text| is_text(text)),
        }
    }
}

impl Record {
    pub(super) fn seen(self) -> Option<Seen> {
        let words: Vec<&String> = match &self.words {
            Some(words) => vec![&words.title, &words.what_happened, &words.what_to_try],
            None => Vec::new(),
        };
        let texts_fit = self.authorities.len() <= MOST_NAMES
            && words.into_iter().all(|text| is_text(text))
            && self.shown.iter().chain([&self.verdict]).all(|word| is_value(word));
        if !texts_fit || !is_time(self.at_ms) {
            return None;
        }
        Some(Seen {
            at_ms: self.at_ms,
            chain: from_der(&self.chain, MOST_CERTIFICATES)?,
            requested: self.requested,
            authorities: self.authorities.into_iter().filter(|name| is_name(name)).collect(),
            outcome: self.outcome,
            shown: self.shown,
            verdict: self.verdict,
            words: self.words,
            diagnosis: self
                .diagnosis
                .filter(|text| is_text(text))
                .and_then(|text| serde_json::from_str(&text).ok()),
        })
    }
}

/// Whether a name can be shown: a stranger may have written it.
fn is_name(text: &str) -> bool {
    is_text(text) && !text.chars().any(is_unfit)
}

fn is_text(text: &str) -> bool {
    text.chars().count() <= LONGEST_TEXT
}
