//! Many hosts: a list that is probed one host after the other, several at a time, and a row of a table for each.
//!
//! A row is plain data, finished in the worker: the page sorts, filters and draws it, the command line prints it, and both compare it with the row
//! of an earlier run.

use serde::{Deserialize, Serialize};

use super::inspect::Tone;
use crate::conversation::StartTls;

/// Most hosts of one list.
pub const MAX_HOSTS: usize = 10_000;

/// A host of a list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HostTarget {
    /// Host name (A-labels) or IP address, without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// What is spoken before TLS.
    #[serde(default)]
    pub starttls: StartTls,
    /// What Server Name Indication says instead of the host.
    #[serde(default)]
    pub server_name: Option<String>,
}

/// A list of hosts as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostList {
    /// The hosts in order, each once.
    pub hosts: Vec<HostTarget>,
    /// Lines that name no host: the line's number, from 1, and what is wrong with it, in a sentence.
    pub wrong: Vec<(u32, String)>,
    /// Lines that name a host a second time.
    pub repeated: u32,
}

/// A row of the table: one host, and what its probe found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostRow {
    /// Which host.
    pub target: HostTarget,
    /// How it is meant; `None` until the probe is over.
    pub tone: Option<Tone>,
    /// The verdict's kind, or that of the failure or the cause: a word that does not change.
    pub verdict: String,
    /// The verdict in a few words.
    pub title: String,
    /// What happened, in a sentence.
    pub what_happened: String,
    /// What to try; empty if nothing is to be done.
    pub what_to_try: String,
    /// What people call the owner of the server's certificate.
    pub subject: Option<String>,
    /// What people call its issuer.
    pub issuer: Option<String>,
    /// Valid until and including, Unix seconds.
    pub not_after: Option<i64>,
    /// Whole days until then; negative when it has expired.
    pub days_left: Option<i64>,
    /// SHA-256 of the server's certificate, hex with colons.
    pub sha256: Option<String>,
    /// TLS version, for example `TLS 1.3`.
    pub version: Option<String>,
    /// IANA name of the cipher suite.
    pub cipher_suite: Option<String>,
    /// Whether a client certificate was asked for.
    pub client_certificate: Option<bool>,
    /// The address that was reached.
    pub address: Option<String>,
    /// How long the probe took, in milliseconds.
    pub took_ms: u64,
    /// What is other than in the run before, each in a few words.
    #[serde(default)]
    pub changes: Vec<String>,
}

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostsFormat {
    /// A table for spreadsheets (RFC 4180).
    Csv,
    /// A JSON array of [`HostRow`].
    Json,
}
