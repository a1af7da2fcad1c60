//! What there is to see: entries, certificates, chains and verdicts, for the page and for `--json`.
//!
//! Everything here is public. Names are RFC 4514 text, times are Unix seconds unless the field's name says `_ms`, fingerprints are
//! upper-case hex with colons.

use serde::{Deserialize, Serialize};

use crate::bytes::Bytes;

/// A certificate's facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateView {
    /// Subject.
    pub subject: String,
    /// Common name of the subject, else the first alternative name, else the whole subject: what people call it.
    pub name: String,
    /// Issuer.
    pub issuer: String,
    /// What people call the issuer.
    pub issuer_name: String,
    /// Serial number, hex with colons.
    pub serial: String,
    /// Valid from, Unix seconds.
    pub not_before: i64,
    /// Valid until and including, Unix seconds.
    pub not_after: i64,
    /// The key, for example `RSA 2048` or `EC P-256`.
    pub key: String,
    /// Signature algorithm's name.
    pub signature_algorithm: String,
    /// Subject alternative names, for example `DNS:erp.example.com`.
    pub subject_alternative_names: Vec<String>,
    /// Whether basic constraints make it a certification authority.
    pub is_ca: bool,
    /// Whether subject and issuer are the same name.
    pub is_self_issued: bool,
    /// Key usages by their RFC 5280 names.
    pub key_usage: Vec<String>,
    /// Extended key usages by name, or as dotted OIDs.
    pub extended_key_usage: Vec<String>,
    /// Subject key identifier, hex.
    pub subject_key_identifier: Option<String>,
    /// Authority key identifier, hex.
    pub authority_key_identifier: Option<String>,
    /// Where the issuer's certificate can be fetched (authority information access).
    pub ca_issuers: Vec<String>,
    /// SHA-256 of the DER.
    pub sha256: String,
    /// SHA-256 of the subject public key info, base64 (as in RFC 7469).
    pub spki_pin: String,
    /// The certificate, DER.
    pub der: Bytes,
}

/// A signing request's facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestView {
    /// Subject.
    pub subject: String,
    /// The key, for example `RSA 2048`.
    pub key: String,
    /// Requested subject alternative names.
    pub subject_alternative_names: Vec<String>,
    /// Whether the request's own signature is right.
    pub signature_valid: bool,
    /// Alias of the entry whose key made it.
    pub fits_alias: Option<String>,
    /// The request as PEM.
    pub pem: String,
}

/// What an entry of the keystore holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A private key with its certificates.
    KeyPair,
    /// A certificate that is trusted.
    TrustedCertificate,
}

/// How far an entry's chain goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChainState {
    /// A key without certificate and without request.
    NoCertificate,
    /// A request was made; the reply has not come.
    Pending,
    /// From the end-entity to a self-signed root.
    Complete,
    /// The end-entity is self-signed.
    SelfSigned,
    /// An issuer is missing.
    Incomplete {
        /// Subject of the missing certificate.
        missing: String,
        /// Where it could be fetched.
        ca_issuers: Vec<String>,
    },
}

/// One entry of the keystore.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryView {
    /// Its name.
    pub alias: String,
    /// What it holds.
    pub kind: EntryKind,
    /// The key, for example `EC P-256`.
    pub key: String,
    /// How far its chain goes.
    pub chain_state: ChainState,
    /// Its certificates, end-entity first; empty for a key without certificate.
    pub certificates: Vec<CertificateView>,
    /// The last signing request.
    pub request: Option<RequestView>,
    /// When it was made, Unix milliseconds.
    pub created_ms: i64,
    /// When it was last changed, Unix milliseconds.
    pub modified_ms: i64,
}

/// Where the keystore lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Persistence {
    /// In memory only: gone when the page closes.
    MemoryOnly,
    /// Kept on this device, and opened.
    Kept,
    /// Kept on this device, and not opened yet.
    Locked,
}

/// The keystore as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeystoreView {
    /// Entries in order.
    pub entries: Vec<EntryView>,
    /// Where it lives.
    pub persistence: Persistence,
    /// Name of the change that *Undo* takes back.
    pub undo: Option<String>,
    /// Name of the change that *Redo* brings back.
    pub redo: Option<String>,
}

/// A chain and what is thought of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainView {
    /// Whether a path to a trust anchor passed every check.
    pub trusted: bool,
    /// The best path, end-entity first. A missing issuer is a link of its own.
    pub path: Vec<ChainLink>,
    /// What failed, most telling first; empty if trusted.
    pub failures: Vec<ChainFailure>,
    /// What is odd without being wrong.
    pub remarks: Vec<ChainRemark>,
    /// The certificates as the server sent them.
    pub sent: Vec<CertificateView>,
}

/// A link of the drawn chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChainLink {
    /// A certificate.
    Certificate {
        /// Its facts.
        certificate: Box<CertificateView>,
        /// Where it came from.
        origin: LinkOrigin,
    },
    /// A certificate that nobody has.
    Missing {
        /// Its subject.
        subject: String,
        /// Where it could be fetched.
        ca_issuers: Vec<String>,
    },
}

/// Where a link's certificate came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LinkOrigin {
    /// The other side sent it.
    Sent {
        /// Position in what was sent, from 0.
        index: u32,
    },
    /// It lies in the keystore.
    Keystore,
    /// It is a trust anchor.
    Anchor {
        /// Alias, or name in the list of anchors.
        label: String,
    },
}

/// Why a chain is not trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainFailure {
    /// Index in the path, from 0 (end-entity); `None` if it concerns the chain as a whole.
    pub at: Option<u32>,
    /// What people call that certificate.
    pub certificate: Option<String>,
    /// What failed.
    pub reason: ChainFailureReason,
}

/// The check that failed, with its facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChainFailureReason {
    /// No certificates at all.
    NoCertificate,
    /// A certificate could not be read.
    Unreadable {
        /// Position in what was sent, from 0.
        index: u32,
    },
    /// The chain ends in a root that is not in the trust store.
    UntrustedRoot {
        /// Subject of the root.
        subject: String,
    },
    /// The end-entity is self-signed and not in the trust store.
    SelfSigned,
    /// An issuer is missing.
    MissingIssuer {
        /// Its subject.
        subject: String,
        /// Where it could be fetched.
        ca_issuers: Vec<String>,
    },
    /// The certificate's time is over.
    Expired {
        /// Unix seconds.
        not_after: i64,
        /// Unix seconds.
        at: i64,
    },
    /// The certificate's time has not come.
    NotYetValid {
        /// Unix seconds.
        not_before: i64,
        /// Unix seconds.
        at: i64,
    },
    /// It is for other names.
    HostMismatch {
        /// Name that was asked for.
        host: String,
        /// Names that it is for.
        names: Vec<String>,
        /// Whether the common name would have matched (it does not count).
        common_name_would_match: bool,
    },
    /// The signature is wrong.
    BadSignature,
    /// The only certificate with the issuer's name that is at hand has another key.
    IssuerKeyDiffers {
        /// Its subject.
        subject: String,
        /// Where the right one could be fetched.
        ca_issuers: Vec<String>,
    },
    /// The signature or key algorithm is too weak or not supported.
    WeakAlgorithm {
        /// Its name.
        algorithm: String,
    },
    /// The algorithm is not known.
    UnsupportedAlgorithm {
        /// Its name or dotted OID.
        algorithm: String,
    },
    /// An issuer is no certification authority.
    NotACa,
    /// More certification authorities follow than allowed.
    PathTooLong {
        /// How many are allowed.
        allowed: u32,
    },
    /// Key usage does not allow this.
    KeyUsage {
        /// Which usage is missing, RFC 5280 name.
        needed: String,
    },
    /// Extended key usage does not allow this.
    ExtendedKeyUsage {
        /// Which is needed.
        needed: String,
        /// Which there are.
        found: Vec<String>,
    },
    /// A name is outside what an authority may certify.
    NameConstraint {
        /// The name.
        name: String,
    },
    /// A critical extension that this program does not process.
    UnknownCriticalExtension {
        /// Dotted OID.
        oid: String,
    },
    /// The search for a path was given up.
    TooComplex,
    /// Another rule of RFC 5280 is broken.
    Malformed {
        /// Which.
        detail: String,
    },
}

/// Something odd about a chain that is not wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChainRemark {
    /// The server did not send an intermediate that the keystore happened to hold: other clients will fail.
    IntermediateNotSent {
        /// Its subject.
        subject: String,
    },
    /// Sent in an order that TLS 1.2 forbids.
    OutOfOrder,
    /// Sent without need.
    Unneeded {
        /// Subjects.
        subjects: Vec<String>,
    },
    /// The root was sent; clients hold it already.
    RootSent,
}
