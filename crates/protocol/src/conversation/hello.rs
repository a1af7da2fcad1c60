//! What our own ClientHello finds out about servers that the TLS library does not speak with: one hello, or a survey of versions and suites.
//!
//! Code points are those of IANA's "Transport Layer Security (TLS) Parameters".

use serde::{Deserialize, Serialize};

use super::TlsVersion;
use crate::Bytes;

/// What a ClientHello says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HelloSpec {
    /// The highest version offered. Whatever is below is offered too, as a ClientHello does.
    pub version: TlsVersion,
    /// Whether TLS 1.3 is offered alone. Before TLS 1.3 there is no way to say that.
    #[serde(default, skip_serializing_if = "is_false")]
    pub alone: bool,
    /// Cipher suites, most wanted first; empty for the usual ones of these versions.
    #[serde(default)]
    pub suites: Vec<u16>,
    /// Key exchange groups; empty for the usual ones.
    #[serde(default)]
    pub groups: Vec<u16>,
    /// Whether extensions are sent at all. Some very old servers stumble over them.
    #[serde(default = "yes")]
    pub extensions: bool,
    /// Pads the ClientHello (RFC 7685) to at least this many octets; 0 for none.
    #[serde(default)]
    pub padded_to: u16,
    /// Whether it says that a higher version was tried before (RFC 7507).
    #[serde(default, skip_serializing_if = "is_false")]
    pub fallback: bool,
    /// Whether compression is offered (RFC 3749).
    #[serde(default, skip_serializing_if = "is_false")]
    pub compression: bool,
    /// Whether an extension is sent that nobody knows (RFC 8701).
    #[serde(default, skip_serializing_if = "is_false")]
    pub unknown_extension: bool,
}

impl HelloSpec {
    /// A ClientHello up to this version with everything else as usual.
    pub fn new(version: TlsVersion) -> Self {
        Self {
            version,
            alone: false,
            suites: Vec::new(),
            groups: Vec::new(),
            extensions: true,
            padded_to: 0,
            fallback: false,
            compression: false,
            unknown_extension: false,
        }
    }
}

fn yes() -> bool {
    true
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// What a ClientHello was answered with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum HelloAnswer {
    /// A ServerHello, and as much of what follows as is in clear.
    ServerHello(Box<ServerHelloSeen>),
    /// An alert.
    Alert {
        /// Whether it was fatal.
        fatal: bool,
        /// Code (RFC 8446 section 6).
        code: u8,
    },
    /// A message of SSL 2.0 (RFC 6101 appendix E), which nothing newer answers with.
    Ssl2,
}

/// A ServerHello, and what followed in clear (all until ServerHelloDone up to TLS 1.2, nothing in TLS 1.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServerHelloSeen {
    /// The version agreed on.
    pub version: TlsVersion,
    /// The cipher suite.
    pub suite: u16,
    /// The compression method; 0 is none.
    pub compression: u8,
    /// Whether it was a HelloRetryRequest.
    pub retry: bool,
    /// The key exchange group, where one is named.
    pub group: Option<u16>,
    /// Size of the Diffie-Hellman group in bits, for DHE.
    pub dh_bits: Option<u32>,
    /// Scheme of the server's signature (TLS 1.2), where there is one.
    pub scheme: Option<u16>,
    /// The extensions that it answered with.
    pub extensions: Vec<u16>,
    /// The protocol picked in ALPN, cleaned.
    pub alpn: Option<String>,
    /// DER certificates in the order sent, up to 64.
    pub chain: Vec<Bytes>,
    /// Stapled OCSP response, DER.
    pub ocsp_staple: Option<Bytes>,
    /// Signed certificate timestamps (the list of RFC 6962 section 3.3), if it sent any in an extension.
    pub scts: Option<Bytes>,
    /// What it wants of a client, if it asked for a certificate.
    pub certificate_request: Option<CertificateRequestSeen>,
    /// Whether its part of the handshake was read to the end: ServerHelloDone, in TLS 1.3 the ServerHello. Otherwise it hung up, fell silent,
    /// broke the protocol or sent too much after the ServerHello.
    pub complete: bool,
}

/// A CertificateRequest up to TLS 1.2 (RFC 5246 section 7.4.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CertificateRequestSeen {
    /// ClientCertificateType code points.
    pub types: Vec<u8>,
    /// Signature schemes; empty before TLS 1.2.
    pub schemes: Vec<u16>,
    /// DER distinguished names of the authorities that it accepts; empty means that it names none.
    pub authorities: Vec<Bytes>,
}

/// What a survey looks for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct SurveySpec {
    /// Versions to look at; empty for all.
    pub versions: Vec<TlsVersion>,
    /// Whether the suites of each version are found one by one; otherwise only whether the version is spoken.
    pub suites: bool,
    /// Whether the key exchange groups are found one by one.
    pub groups: bool,
    /// Whether habits are looked for ([`Feature`]).
    pub features: bool,
    /// Most connections that it may take; 0 for as many as the server allows.
    pub connections: u32,
}

impl SurveySpec {
    /// Everything.
    pub fn everything() -> Self {
        Self { versions: Vec::new(), suites: true, groups: true, features: true, connections: 0 }
    }
}

/// What was found out about a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SurveyedVersion {
    /// Which.
    pub version: TlsVersion,
    /// Whether the server speaks it; `None` if that could not be found out.
    pub spoken: Option<bool>,
    /// Its suites, in the order in which the server prefers them; where the client's order decides, the usual ones first.
    pub suites: Vec<SurveyedSuite>,
    /// Whether the server's order decides; `None` where that shows in nothing.
    pub server_order: Option<bool>,
}

/// A suite that the server speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SurveyedSuite {
    /// Code point.
    pub code: u16,
    /// Name by IANA.
    pub name: String,
    /// The group that was used, where one is named.
    pub group: Option<u16>,
    /// Size of the Diffie-Hellman group in bits, for DHE.
    pub dh_bits: Option<u32>,
}

/// A key exchange group that the server speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SurveyedGroup {
    /// Code point.
    pub code: u16,
    /// Name by IANA.
    pub name: String,
    /// In which versions: TLS 1.3, and the highest one before it.
    pub versions: Vec<TlsVersion>,
}

/// A habit of servers that a survey looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// It answers the client's word on renegotiation (RFC 5746), up to TLS 1.2.
    SecureRenegotiation,
    /// It ties the keys to the whole handshake (RFC 7627), up to TLS 1.2.
    ExtendedMasterSecret,
    /// It gives out session tickets (RFC 5077), up to TLS 1.2.
    SessionTickets,
    /// It staples an OCSP response (RFC 6066 section 8), up to TLS 1.2.
    OcspStaple,
    /// It sends certificate timestamps in an extension (RFC 6962 section 3.3.1), up to TLS 1.2.
    CertificateTimestamps,
    /// It compresses before it encrypts (CRIME).
    Compression,
    /// It stops clients that were made to fall back to an older version (RFC 7507).
    FallbackProtection,
    /// It refuses a ClientHello without Server Name Indication.
    ServerNameRequired,
    /// It does not answer a ClientHello of this many octets (`detail`), but a smaller one.
    LargeHelloRefused,
    /// It does not answer a ClientHello that offers TLS 1.3, but one without.
    NewVersionRefused,
    /// It does not answer a ClientHello with an extension that nobody knows, but one without.
    UnknownExtensionRefused,
}

/// Whether a server has a habit. What could not be told is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SurveyedFeature {
    /// Which.
    pub feature: Feature,
    /// Whether it has it.
    pub found: bool,
    /// A number to it: octets, or the alert's code with [`Feature::ServerNameRequired`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<u32>,
}

/// Why a survey stopped before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CutShort {
    /// It had made as many connections as it may.
    Connections,
    /// Its time was up.
    Time,
    /// The server no longer takes connections, or hangs up on what it answered before: it counts them.
    Refused,
    /// The server fell silent.
    Silence,
}

/// What a survey found besides versions and suites.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Survey {
    /// Key exchange groups that the server speaks, in its order of preference; empty if they were not looked for.
    pub groups: Vec<SurveyedGroup>,
    /// Habits, as far as they could be told.
    pub features: Vec<SurveyedFeature>,
    /// Connections that were made.
    pub connections: u32,
    /// Why the survey stopped before its end; what it found by then still holds.
    pub cut_short: Option<CutShort>,
}
