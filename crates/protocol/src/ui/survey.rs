//! A survey as the page shows it: finished words and tones, made by the worker of a [`SurveyReport`](crate::report::SurveyReport).

use serde::{Deserialize, Serialize};

use super::Told;
use super::inspect::Tone;

/// What a server speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyView {
    /// In a sentence: `TLS 1.2 and TLS 1.3, 12 cipher suites`.
    pub summary: String,
    /// What is to be said, the worst first.
    pub remarks: Vec<(Tone, Told)>,
    /// The versions, newest first.
    pub versions: Vec<VersionRow>,
    /// Key exchange groups, most preferred first, each with its versions: `x25519 (TLS 1.3)`.
    pub groups: Vec<String>,
    /// Habits.
    pub features: Vec<FeatureRow>,
    /// How many connections it took, and why it stopped if it did.
    pub note: String,
}

/// A version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRow {
    /// A word that does not change: `tls12`.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// `spoken, in the server's order`.
    pub state: String,
    /// How that is meant.
    pub tone: Tone,
    /// Its suites, most preferred first.
    pub suites: Vec<SuiteRow>,
}

/// A suite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuiteRow {
    /// Code point: `0xc02f`.
    pub code: String,
    /// Name by IANA.
    pub name: String,
    /// The group, or the size of the group; may be empty.
    pub detail: String,
    /// What is wrong with it, in a few words; may be empty.
    pub remark: String,
    /// How it is to be seen.
    pub tone: Tone,
}

/// A habit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureRow {
    /// A word that does not change: `session_tickets`.
    pub name: String,
    /// What it is.
    pub label: String,
    /// Whether it has it.
    pub value: String,
    /// How that is meant.
    pub tone: Tone,
}
