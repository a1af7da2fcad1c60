//! What a survey found out about a server: versions, suites, groups and habits, and what is to be said about them. Facts alone; their words
//! stand in the catalogue.

use serde::{Deserialize, Serialize};

use crate::conversation::{CutShort, ProbeFailure, SurveyedFeature, SurveyedGroup, TlsVersion};
use crate::suites::{Strength, Weakness};

/// A survey. Complete unless `cut_short` or `failure` says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SurveyReport {
    /// The versions that were looked at, oldest first.
    pub versions: Vec<VersionReport>,
    /// Key exchange groups that the server speaks, in its order of preference.
    pub groups: Vec<SurveyedGroup>,
    /// Habits of the server, as far as they could be told.
    pub features: Vec<SurveyedFeature>,
    /// What is to be said about it, the worst first.
    pub remarks: Vec<SurveyRemark>,
    /// Connections that were made.
    pub connections: u32,
    /// Why it stopped before its end.
    pub cut_short: Option<CutShort>,
    /// Why it could not be done.
    pub failure: Option<ProbeFailure>,
}

/// A version of the protocol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VersionReport {
    /// Which.
    pub version: TlsVersion,
    /// Whether the server speaks it; `None` if that could not be found out.
    pub spoken: Option<bool>,
    /// Whether the server's order of suites decides; `None` where that shows in nothing.
    pub server_order: Option<bool>,
    /// Its suites, most preferred first.
    pub suites: Vec<SuiteReport>,
}

/// A suite that the server speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SuiteReport {
    /// Code point.
    pub code: u16,
    /// Name by IANA.
    pub name: String,
    /// The key exchange group that was used, by IANA's name, where one is named.
    pub group: Option<String>,
    /// Size of the Diffie-Hellman group in bits, for DHE.
    pub dh_bits: Option<u32>,
    /// What is wrong with it, the worst first.
    pub weaknesses: Vec<Weakness>,
    /// How it is to be seen.
    pub strength: Strength,
}

/// Something to be said about what a server speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum SurveyRemark {
    /// It speaks SSL 3.0 (RFC 7568).
    Ssl3,
    /// It speaks nothing newer than this.
    NothingNewer {
        /// The highest version, below TLS 1.2.
        version: TlsVersion,
    },
    /// It speaks TLS 1.0 or 1.1 beside something newer (RFC 8996).
    OldVersions {
        /// Which.
        versions: Vec<TlsVersion>,
    },
    /// TLS 1.0 and 1.1 are switched off.
    NoOldVersions,
    /// TLS 1.3 is not spoken.
    NoTls13,
    /// Some of its suites are weak.
    WeakSuites {
        /// What is wrong.
        weakness: Weakness,
        /// Their names.
        suites: Vec<String>,
        /// The smallest group in bits, where the group is what is wrong.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bits: Option<u32>,
    },
    /// No suite is weak.
    NoWeakSuites,
    /// A suite with forward secrecy is missing altogether.
    NoForwardSecrecy,
    /// A habit that is not good.
    BadHabit {
        /// Which, and how it showed.
        habit: SurveyedFeature,
    },
    /// It speaks a key exchange that holds against quantum computers.
    PostQuantum {
        /// The group's name.
        group: String,
    },
}
