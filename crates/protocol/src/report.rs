//! The report of a probe: grows while the probe runs, and is the `--json` output of `certwright probe`.

pub mod diagnosis;
pub mod sequence;
mod survey;

use std::net::{IpAddr, SocketAddr};

use diagnosis::Diagnosis;
use serde::{Deserialize, Serialize};

use crate::conversation::{
    AfterHandshake, HttpComplaint, ProbeFailure, ResolvedAddress, StartTls, Target, TlsVersion,
};
use crate::handshake::{CheckedHandshake, HandshakeFault};
use crate::problem::Problem;
use crate::ui::inspect::{Asn1Tree, Sheet, Source, Thing};
use crate::view::{CertificateView, ChainState, ChainView, EntryKind, FileRemark, RequestView};
pub use survey::{SuiteReport, SurveyRemark, SurveyReport, VersionReport};

/// What a probe found. Complete when `verdict` is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProbeReport {
    /// Where the probe went.
    pub target: Target,
    /// When it began, Unix milliseconds.
    pub started_ms: i64,
    /// Whether the server's chain had to be trusted before a client certificate is used.
    pub validate: bool,
    /// Phases in order.
    pub phases: Vec<Phase>,
    /// Addresses of the name.
    pub addresses: Vec<ResolvedAddress>,
    /// Our end of the connection.
    pub local: Option<SocketAddr>,
    /// Their end.
    pub remote: Option<SocketAddr>,
    /// What the proxy said when it had connected to the target, if there is one.
    #[serde(default)]
    pub proxied: Option<String>,
    /// What the server said in clear before TLS, with line feeds between its lines; empty for protocols whose greeting is nothing to read.
    #[serde(default)]
    pub greeting: Option<String>,
    /// TLS version.
    pub version: Option<TlsVersion>,
    /// IANA name of the cipher suite.
    pub cipher_suite: Option<String>,
    /// Key exchange group.
    pub group: Option<String>,
    /// Protocol picked in ALPN.
    pub alpn: Option<String>,
    /// The server's chain, with the verdict of the trust store.
    pub chain: Option<ChainView>,
    /// Whether the server stapled an OCSP response.
    pub ocsp_stapled: bool,
    /// What the server wants to see of a client.
    pub client_authentication: ClientAuthentication,
    /// What came first after the handshake.
    pub after_handshake: Option<AfterHandshake>,
    /// What the stapled OCSP response says, if one was sent.
    #[serde(default)]
    pub staple: Option<Staple>,
    /// What transparency logs promised about the server's certificate: in itself, and in the stapled OCSP response. Whether the logs' signatures hold is
    /// not checked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timestamps: Vec<LogTimestamp>,
    /// Whether the server asked for a client certificate again after the handshake.
    #[serde(default)]
    pub asked_again: Option<AskedAgain>,
    /// Whether a client certificate is required or only asked for, if that was looked into and could be told.
    #[serde(default)]
    pub demand: Option<Demand>,
    /// Whether a session was resumed, if that was looked into.
    #[serde(default)]
    pub resumption: Option<ResumptionSeen>,
    /// What each address of the name shows, if that was looked into.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub every_address: Vec<AddressReport>,
    /// The verdict, when the main connection has ended. Further connections may follow.
    pub verdict: Option<ProbeVerdict>,
    /// Why it did not end well, once that was found out.
    #[serde(default)]
    pub diagnosis: Option<Diagnosis>,
    /// Every version, suite and habit of the server, if that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub survey: Option<SurveyReport>,
    /// Connections that were made.
    #[serde(default)]
    pub connections: u32,
    /// What happened in the main connection step by step, if that was to be kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<sequence::Step>,
}

/// What a stapled OCSP response (RFC 6066 section 8) says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum Staple {
    /// It is valid, and the certificate is not revoked.
    Good {
        /// Until when it counts, Unix seconds, if it says so.
        next_update: Option<i64>,
    },
    /// The certificate is revoked.
    Revoked {
        /// Unix seconds.
        since: i64,
    },
    /// It does not count: it is out of date, about another certificate, signed by somebody else, or an error.
    Unusable,
    /// It cannot be read.
    Unreadable,
    /// The chain is not known up to the issuer, so it could not be checked.
    NotChecked,
}

/// A signed certificate timestamp (RFC 6962 section 3.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LogTimestamp {
    /// Where it was.
    pub place: TimestampPlace,
    /// The log's name, if it is known.
    pub log: Option<String>,
    /// SHA-256 of the log's public key, in hexadecimal digits.
    pub log_id: String,
    /// When the log promised it, Unix seconds.
    pub at: i64,
}

/// Where a signed certificate timestamp was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TimestampPlace {
    /// In the server's certificate.
    Certificate,
    /// In the stapled OCSP response.
    Staple,
}

/// How a server asked for a client certificate after the handshake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AskedAgain {
    /// By a HelloRequest (TLS 1.2).
    Renegotiation,
    /// By post-handshake authentication (TLS 1.3).
    AfterHandshake,
}

/// Whether a client certificate has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Demand {
    /// The server refuses who has none.
    Required,
    /// It is asked for, and the connection stands without one too.
    Optional,
    /// It is not asked for in the handshake.
    NotAskedFor,
    /// It is asked for after the handshake, for what was requested.
    AskedForLater,
}

/// What became of the wish to resume a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ResumptionSeen {
    /// The server resumed it.
    Resumed,
    /// It was not: the server gave no session or did not take it back, and did the whole handshake again.
    NotResumed,
    /// The second connection failed.
    Failed,
}

/// What one address of the name shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AddressReport {
    /// Which.
    pub address: IpAddr,
    /// What people call the server's certificate.
    pub certificate: Option<String>,
    /// SHA-256 of the server's certificate, upper-case hex with colons.
    pub sha256: Option<String>,
    /// Valid until and including, Unix seconds.
    pub not_after: Option<i64>,
    /// Whether the chain is trusted.
    pub trusted: bool,
    /// The version agreed on.
    pub version: Option<TlsVersion>,
    /// The verdict on this address.
    pub verdict: ProbeVerdict,
}

/// A phase of the probe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Phase {
    /// Which.
    pub name: PhaseName,
    /// How it stands.
    pub state: PhaseState,
    /// How long it took, in microseconds, once it is over.
    pub took_us: Option<u64>,
}

/// The phases of a probe, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PhaseName {
    /// Name to addresses.
    Resolve,
    /// TCP.
    Connect,
    /// The proxy connects to the target. Only there if a proxy is used.
    Proxy,
    /// What is spoken in clear before TLS. Only there if something is.
    StartTls,
    /// TLS until the server asks for a certificate, or to its end.
    Handshake,
    /// Choosing the certificate and signing.
    ClientAuthentication,
    /// Reading on.
    AfterHandshake,
}

impl PhaseName {
    /// All, in order.
    pub const ALL: [Self; 7] = [
        Self::Resolve,
        Self::Connect,
        Self::Proxy,
        Self::StartTls,
        Self::Handshake,
        Self::ClientAuthentication,
        Self::AfterHandshake,
    ];

    /// Whether a probe of this target has such a phase.
    pub fn is_in(self, target: &Target) -> bool {
        match self {
            Self::Proxy => target.route.proxy.is_some(),
            Self::StartTls => target.starttls != StartTls::None,
            _ => true,
        }
    }

    /// Whether every probe has such a phase.
    pub fn is_always(self) -> bool {
        !matches!(self, Self::Proxy | Self::StartTls)
    }
}

/// How a phase stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PhaseState {
    /// Not begun.
    Waiting,
    /// Under way.
    Running,
    /// Over, and good.
    Done,
    /// Over, and not good.
    Failed,
    /// Not needed.
    Skipped,
}

/// What the server wants of a client, and what was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientAuthentication {
    /// Whether it asked for a certificate; `None` while that is unknown.
    pub requested: Option<bool>,
    /// The authorities that it accepts, RFC 4514; empty when it names none (any).
    pub authorities: Vec<String>,
    /// The signature schemes that it accepts, by their RFC 8446 names.
    pub schemes: Vec<String>,
    /// The user's keys, and whether the server would take them; empty while it has not asked for a certificate.
    #[serde(default)]
    pub keys: Vec<KeyFit>,
    /// What was checked of the handshake before it was signed; `None` if nothing was signed.
    #[serde(default)]
    pub checked: Option<CheckedHandshake>,
    /// Whether a client certificate was used, and how that went.
    pub used: Option<CertificateUse>,
}

/// One of the user's keys, and whether a server would take it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeyFit {
    /// Alias of the entry.
    pub alias: String,
    /// Whether it would be taken, as far as can be told.
    pub fits: bool,
    /// Why, or why not, in a sentence.
    pub why: String,
}

/// Client certificate used: yes, and …; or no, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum CertificateUse {
    /// Used, and accepted.
    Accepted {
        /// Which entry.
        alias: String,
        /// How that is known.
        evidence: Evidence,
    },
    /// Used, and refused.
    Refused {
        /// Which entry.
        alias: String,
        /// How.
        by: Refusal,
    },
    /// Used; what the server thinks of it could not be found out.
    Undetermined {
        /// Which entry.
        alias: String,
    },
    /// Not used.
    NotUsed {
        /// Why.
        why: WhyNotUsed,
        /// How the server took it, if it asked for one.
        demanded: Option<Refusal>,
    },
}

/// How it is known that the server accepted the certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum Evidence {
    /// In TLS 1.2 the server's Finished comes after it has checked the certificate.
    Finished,
    /// A session ticket came.
    SessionTicket,
    /// Application data came.
    Data,
    /// An HTTP answer without a complaint came.
    Http {
        /// Status code.
        status: u16,
    },
}

/// How a server says no to a client certificate, or to its absence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum Refusal {
    /// With an alert.
    Alert {
        /// Code (RFC 8446 section 6).
        code: u8,
    },
    /// By hanging up.
    HungUp,
    /// In HTTP.
    Http {
        /// Status code.
        status: u16,
        /// What it said.
        complaint: HttpComplaint,
    },
}

/// Why no client certificate was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum WhyNotUsed {
    /// The server did not ask for one.
    NotRequested,
    /// The user wanted none.
    NotWanted,
    /// The server's chain is not trusted, so nothing was signed.
    ServerNotTrusted,
    /// No entry fits what the server accepts.
    NoneFits {
        /// Entries that were looked at, with the reason against each.
        considered: Vec<NotFitting>,
    },
    /// The chosen entry has no certificate yet.
    NoCertificate {
        /// Which.
        alias: String,
    },
    /// The key of the chosen entry can use none of the schemes that the server accepts.
    NoScheme {
        /// Which.
        alias: String,
    },
    /// What was to be signed is not the handshake with this host, as far as the browser could check.
    NotThisHandshake {
        /// What is wrong.
        fault: HandshakeFault,
    },
    /// The handshake failed before.
    FailedBefore,
}

/// Why an entry does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NotFitting {
    /// Which.
    pub alias: String,
    /// Why.
    pub why: WhyNotFitting,
}

/// Why an entry does not fit what the server asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WhyNotFitting {
    /// It has no certificate yet.
    NoCertificate,
    /// Its chain reaches none of the accepted authorities.
    OtherAuthority,
    /// Its key can use none of the accepted schemes.
    NoScheme,
    /// Its certificate is not valid now.
    NotValidNow,
}

/// The answer in one word, most telling first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum ProbeVerdict {
    /// The connection stands: trusted, and the client accepted or not asked for.
    Reached,
    /// TLS works, but the server's chain is not trusted.
    ServerNotTrusted,
    /// The server wants a client certificate and got none.
    CertificateDemanded,
    /// The server refused the client certificate.
    CertificateRefused,
    /// The handshake is done; whether the client certificate was accepted is not known.
    Undetermined,
    /// It did not come to that.
    Failed {
        /// Why.
        failure: ProbeFailure,
    },
}

impl ProbeVerdict {
    /// Whether the answer is yes: exit status 0 of `certwright probe`.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Reached | Self::Undetermined)
    }
}

/// What `certwright inspect --json` says of one file: a report or things, or else a problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// The file's name as given.
    pub file: String,
    /// What is in it, if it is a file of keys, certificates or signing requests.
    pub report: Option<InspectReport>,
    /// Why it could not be read.
    pub problem: Option<Problem>,
    /// What was recognised in it, in a few words each; files of every kind have these.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// Everything that was found in it, in its order, also revocation lists, OCSP responses and ASN.1 of other kinds.
    #[serde(default)]
    pub things: Vec<Thing>,
    /// All about each of the things, with `--text` or `--lint`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sheets: Vec<Sheet>,
    /// The encoding of each of the things, with `--asn1`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trees: Vec<Asn1Tree>,
}

/// What was found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectReport {
    /// What the file is, in a word.
    pub format: String,
    /// Key pairs: a private key with its certificates.
    pub key_pairs: Vec<InspectedKeyPair>,
    /// Certificates without key.
    pub certificates: Vec<InspectedCertificate>,
    /// Signing requests.
    pub requests: Vec<RequestView>,
    /// Secret (symmetric) keys. Like private keys, they are told and never shown.
    pub secret_keys: Vec<InspectedSecretKey>,
    /// Entries that none of the passwords opened: their public part.
    pub locked: Vec<InspectedLockedKey>,
    /// Public keys.
    pub public_keys: Vec<InspectedPublicKey>,
    /// What is odd about the file.
    pub remarks: Vec<FileRemark>,
    /// Size of the file in bytes.
    pub bytes: u64,
}

/// A secret key that was found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectedSecretKey {
    /// Its name in the file.
    pub alias: Option<String>,
    /// Algorithm, for example `AES`.
    pub algorithm: String,
    /// Its size in bits.
    pub bits: u32,
}

/// An entry that none of the passwords opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectedLockedKey {
    /// Its name in the file.
    pub alias: Option<String>,
    /// Whether it is a secret key; otherwise it is a private key.
    pub secret: bool,
    /// Its certificates, end-entity first.
    pub certificates: Vec<CertificateView>,
}

/// A public key that was found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectedPublicKey {
    /// The key, for example `RSA 2048`.
    pub key: String,
    /// SHA-256 of the subject public key info, base64.
    pub spki_pin: String,
}

/// A key pair that was found in a file. The private key itself is not part of any report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectedKeyPair {
    /// Its name in the file.
    pub alias: Option<String>,
    /// The key, for example `RSA 2048`.
    pub key: String,
    /// SHA-256 of the subject public key info, base64.
    pub spki_pin: String,
    /// Its certificates, end-entity first.
    pub certificates: Vec<CertificateView>,
}

/// A certificate that was found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectedCertificate {
    /// Its name in the file.
    pub alias: Option<String>,
    /// Its facts.
    pub certificate: CertificateView,
}

/// A certificate of a keystore: a row of the inventory that `InventoryJson` writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InventoryRow {
    /// The entry's alias.
    pub alias: String,
    /// What the entry holds.
    pub entry: EntryKind,
    /// What people call the subject.
    pub owner: String,
    /// Subject, RFC 4514 text.
    pub subject: String,
    /// Issuer, RFC 4514 text.
    pub issuer: String,
    /// Serial number, hex with colons.
    pub serial: String,
    /// Valid from, Unix seconds.
    pub not_before: i64,
    /// Valid until and including, Unix seconds.
    pub not_after: i64,
    /// Whole days until then: 0 on the last day, negative when it has expired.
    pub days_left: i64,
    /// The key, for example `RSA 2048`.
    pub key: String,
    /// Signature algorithm's name.
    pub signature_algorithm: String,
    /// Subject alternative names, for example `DNS:erp.example.com`.
    pub subject_alternative_names: Vec<String>,
    /// SHA-256 of the DER.
    pub sha256: String,
    /// How far its chain goes.
    pub chain_state: ChainState,
    /// Whether the entry is locked.
    pub locked: bool,
    /// When the entry was last changed, Unix milliseconds.
    pub modified_ms: i64,
}
