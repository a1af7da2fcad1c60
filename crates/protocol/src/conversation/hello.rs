//! What our own ClientHello finds out about servers that the TLS library does not speak with: one hello, or a survey of versions and suites.
//!
//! Code points are those of IANA's "Transport Layer Security (TLS) Parameters".

use serde::{Deserialize, Serialize};

use super::TlsVersion;
use crate::Bytes;

/// What a ClientHello says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelloSpec {
    /// The highest version offered.
    pub version: TlsVersion,
    /// Cipher suites, most wanted first; empty for all that there are for the version.
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
}

fn yes() -> bool {
    true
}

/// What a ClientHello was answered with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
}

/// A ServerHello, and what followed in clear (all until ServerHelloDone up to TLS 1.2, nothing in TLS 1.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// DER certificates in the order sent.
    pub chain: Vec<Bytes>,
    /// Stapled OCSP response, DER.
    pub ocsp_staple: Option<Bytes>,
    /// Signed certificate timestamps (the list of RFC 6962 section 3.3), if it sent any in an extension.
    pub scts: Option<Bytes>,
    /// What it wants of a client, if it asked for a certificate.
    pub certificate_request: Option<CertificateRequestSeen>,
}

/// A CertificateRequest up to TLS 1.2 (RFC 5246 section 7.4.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[serde(default)]
pub struct SurveySpec {
    /// Versions to look at; empty for all.
    pub versions: Vec<TlsVersion>,
    /// Whether the suites of each version are found one by one; otherwise only whether the version is spoken.
    pub suites: bool,
    /// Whether the key exchange groups are found one by one.
    pub groups: bool,
    /// Most connections that it may take.
    pub connections: u32,
}

/// What was found out about a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyedVersion {
    /// Which.
    pub version: TlsVersion,
    /// Whether the server speaks it; `None` if that could not be found out.
    pub spoken: Option<bool>,
    /// Its suites, in the order in which the server prefers them among all.
    pub suites: Vec<SurveyedSuite>,
    /// Whether the server's order decides; `None` where that shows in nothing.
    pub server_order: Option<bool>,
}

/// A suite that the server speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// What a survey found besides versions and suites.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Survey {
    /// Key exchange groups that the server speaks, with their names by IANA; empty if they were not looked for.
    pub groups: Vec<(u16, String)>,
    /// Connections that were made.
    pub connections: u32,
    /// Whether the survey stopped at its limit of connections or time.
    pub cut_short: bool,
}
