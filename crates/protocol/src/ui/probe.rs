//! A probe as the page shows it: the report's facts in finished words, made by the worker of a [`ProbeReport`](crate::report::ProbeReport).

use serde::{Deserialize, Serialize};

use super::Told;
use super::inspect::Tone;
use super::survey::SurveyView;
use crate::report::{KeyFit, Phase};
use crate::view::{CertificateView, ChainLink};

/// A probe, as far as it goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeSheet {
    /// The host that was probed.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Phases in order.
    pub phases: Vec<Phase>,
    /// The verdict, when the main connection has ended. Further connections may follow.
    pub verdict: Option<VerdictView>,
    /// Why it did not end well, once that is known.
    pub diagnosis: Option<DiagnosisView>,
    /// What each address of the name shows, if that was looked into.
    pub addresses: Vec<AddressRow>,
    /// What is said above the addresses: `2 of 3 addresses show another certificate.` Empty without addresses.
    pub addresses_summary: String,
    /// Whether a client certificate was used, once that is known.
    pub client: Option<ClientUseView>,
    /// The server's chain.
    pub chain: Option<ServedChain>,
    /// What was agreed on, and with whom.
    pub facts: Vec<ProbeFact>,
    /// What the server accepts of a client, if it asked for a certificate.
    pub accepts: Option<AcceptedView>,
    /// Every version, suite and habit of the server, if that was asked for.
    pub survey: Option<SurveyView>,
    /// What happened step by step, once the main connection has ended.
    pub sequence: Option<SequenceView>,
}

/// What happened in a connection, as a sequence diagram shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequenceView {
    /// Who takes part: the browser, the Certwright server, the server that was called.
    pub parties: Vec<String>,
    /// In order of time.
    pub steps: Vec<SequenceStep>,
}

/// A message between two parties, or something that happened at one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequenceStep {
    /// Microseconds since the probe was taken up.
    pub at_us: u64,
    /// Place in [`SequenceView::parties`] of who sent it.
    pub from: u8,
    /// Place of whom it went to; the same where nothing was sent.
    pub to: u8,
    /// How it is meant.
    pub tone: Tone,
    /// Its kind in a word that does not change: `message`.
    pub kind: String,
    /// What it is: `ClientHello`.
    pub label: String,
    /// What it says, or how long it is; may be empty.
    pub detail: String,
}

/// Why a probe did not end well, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiagnosisView {
    /// The cause: its kind and its words.
    pub told: Told,
    /// Who has to act, in a word that does not change: `you`, `server_owner`, `network`.
    pub who: String,
    /// The same for people: `the server’s owner`.
    pub who_words: String,
    /// Whether it is certain, or only the most likely cause.
    pub certain: bool,
    /// Whether title and text differ from those of the verdict, so that they are worth showing.
    pub says_more: bool,
    /// What was tried, a line each: `Without SNI: the handshake was done in TLS 1.3, certificate of “other.example”.`
    pub evidence: Vec<String>,
    /// Said below the evidence if the budget ended it; empty otherwise.
    pub cut_short: String,
}

/// What one address of the name shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressRow {
    /// Which.
    pub address: String,
    /// How it is meant.
    pub tone: Tone,
    /// The verdict's title.
    pub verdict: String,
    /// The certificate: name, validity, the beginning of its fingerprint. Empty if none was seen.
    pub certificate: String,
    /// SHA-256 of the certificate; empty if none was seen.
    pub sha256: String,
}

/// The verdict in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerdictView {
    /// How it is meant.
    pub tone: Tone,
    /// Its kind and its words.
    pub told: Told,
    /// The kind of the failure, if it came to one.
    pub failure: Option<String>,
}

/// Client certificate used: yes and how it went, or no and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientUseView {
    /// How it is meant.
    pub tone: Tone,
    /// Its kind and its words.
    pub told: Told,
    /// Whether the verdict has told the remedy already.
    pub remedy_told: bool,
    /// Why it was not used, in a word.
    pub why: Option<String>,
    /// How the server refused, in a word.
    pub by: Option<String>,
    /// How it is known that the server accepted, in a word.
    pub evidence: Option<String>,
    /// The alert's code.
    pub code: Option<u8>,
    /// The HTTP status.
    pub status: Option<u16>,
}

/// The server's chain and what is thought of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServedChain {
    /// Whether a path to a trust anchor passed every check.
    pub trusted: bool,
    /// The best path, end-entity first. A missing issuer is a link of its own.
    pub path: Vec<ChainLink>,
    /// What failed, most telling first, each with its place in the path; empty if trusted.
    pub failures: Vec<(Option<u32>, Told)>,
    /// Whether the verdict has told the remedy of the first failure already.
    pub remedy_told: bool,
    /// What is odd without being wrong.
    pub remarks: Vec<Told>,
    /// The certificates as the server sent them.
    pub sent: Vec<CertificateView>,
}

/// A fact about the connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeFact {
    /// A word that does not change: `cipher`.
    pub name: String,
    /// What it is.
    pub label: String,
    /// Its value, a line for each.
    pub value: String,
}

/// What the server accepts of a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedView {
    /// In a few words: `2 authorities, 11 signature schemes`.
    pub summary: String,
    /// The authorities, RFC 4514; empty when it names none (any).
    pub authorities: Vec<String>,
    /// The signature schemes by their RFC 8446 names.
    pub schemes: Vec<String>,
    /// Which of the user's keys it would take.
    pub keys: Vec<KeyFit>,
}
