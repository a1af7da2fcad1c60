//! What happened in the main connection of a probe, in order and with times: the facts of a sequence diagram. Kept only where somebody will look at it.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use crate::conversation::{AfterHandshake, ProbeFailure, SeenKind, TlsVersion};

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Step {
    /// Microseconds since the server took up the probe.
    pub at_us: u64,
    /// What happened.
    pub what: StepKind,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum StepKind {
    /// The name was looked up.
    Resolved {
        /// How many addresses it has.
        addresses: u32,
    },
    /// TCP stands.
    Connected {
        /// With whom.
        remote: SocketAddr,
    },
    /// The proxy connected to the target.
    Proxied {
        /// What it said.
        said: String,
    },
    /// The server said something in clear before TLS.
    Greeted {
        /// Its first line.
        text: String,
    },
    /// The server agreed to begin with TLS.
    UpgradeAgreed,
    /// A message of the handshake.
    Message {
        /// Whether the client sent it.
        from_client: bool,
        /// What it is.
        what: SeenKind,
        /// Its octets.
        octets: u32,
    },
    /// The browser was asked for a certificate.
    CertificateAsked,
    /// The browser chose one.
    CertificateChosen {
        /// Alias of the entry.
        alias: String,
    },
    /// The browser has none for this.
    NoCertificate,
    /// The browser was asked for a signature over the handshake.
    SignatureAsked,
    /// It signed.
    Signed,
    /// It did not.
    Declined,
    /// TLS stands.
    HandshakeDone {
        /// In which version.
        version: TlsVersion,
    },
    /// What the server did then.
    After {
        /// The first sign.
        sign: AfterHandshake,
    },
    /// It ended before that.
    Failed {
        /// Why.
        failure: ProbeFailure,
    },
}
