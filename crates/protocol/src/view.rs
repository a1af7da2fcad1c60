//! What there is to see: entries, certificates, chains and verdicts, for the page and for `--json`.
//!
//! Everything here is public. Names are RFC 4514 text, times are Unix seconds unless the field's name says `_ms`, fingerprints are
//! upper-case hex with colons.

use serde::{Deserialize, Serialize};

use crate::bytes::Bytes;
use crate::ui::{PlanSummary, SavedHosts, StoreId, Told};

/// A certificate's facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// What is to be said about the key's strength; `None` if it is good.
    pub weakness: Option<String>,
    /// Signature algorithm's name.
    pub signature_algorithm: String,
    /// Requested subject alternative names.
    pub subject_alternative_names: Vec<String>,
    /// Requested key usages by their RFC 5280 names.
    pub key_usage: Vec<String>,
    /// Requested extended key usages by name, or as dotted OIDs.
    pub extended_key_usage: Vec<String>,
    /// Whether it asks to become a certification authority.
    pub wants_ca: bool,
    /// Dotted OIDs of all requested extensions, each with its name if it has one.
    pub extensions: Vec<NamedOid>,
    /// Attributes beside the requested extensions.
    pub attributes: Vec<RequestAttributeView>,
    /// Whether it carries a challenge password.
    pub has_challenge_password: bool,
    /// Whether the request's own signature is right.
    pub signature_valid: bool,
    /// Alias of the entry whose key made it.
    pub fits_alias: Option<String>,
    /// SHA-256 of the subject public key info, base64 (as in RFC 7469).
    pub spki_pin: String,
    /// The request as PEM.
    pub pem: String,
}

/// An attribute of a signing request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestAttributeView {
    /// Its type by name, or as dotted OID.
    pub name: String,
    /// Its values as text.
    pub values: Vec<String>,
}

/// An object identifier and what it is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedOid {
    /// Dotted OID.
    pub oid: String,
    /// Its name, if it has one.
    pub name: Option<String>,
}

/// What an entry of the keystore holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A private key with its certificates.
    KeyPair,
    /// A certificate that is trusted.
    TrustedCertificate,
    /// A secret (symmetric) key.
    SecretKey,
}

/// How far an entry's chain goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
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

/// One entry of a keystore, as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryView {
    /// Its name.
    pub alias: String,
    /// What it holds.
    pub kind: EntryKind,
    /// The key, for example `EC P-256` or `AES 128`.
    pub key: String,
    /// How far its chain goes.
    pub chain_state: ChainState,
    /// Its own certificate; `None` for a key without certificate.
    pub certificate: Option<CertificateSummary>,
    /// Certificates of its chain, completed from the whole keystore.
    pub chain_length: u32,
    /// Subject of the last signing request.
    pub requested_subject: Option<String>,
    /// Whether it is locked: usable, never exported, changed or deleted.
    pub locked: bool,
    /// Why the key can sign nothing and is only kept; `None` if it can.
    pub cannot_sign: Option<String>,
    /// Aliases of other entries with the same key or the same certificate.
    pub same_as: Vec<String>,
    /// Earlier chains in its history.
    pub previous: u32,
    /// Whether no password has opened its key yet: only its public part is there.
    pub closed: bool,
    /// When it was made, Unix milliseconds.
    pub created_ms: i64,
    /// When it was last changed, Unix milliseconds.
    pub modified_ms: i64,
}

/// What the list shows of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateSummary {
    /// Subject.
    pub subject: String,
    /// Common name of the subject, else the first alternative name, else the whole subject: what people call it.
    pub name: String,
    /// What people call the issuer.
    pub issuer_name: String,
    /// Subject alternative names, for example `DNS:erp.example.com`; to be searched.
    pub subject_alternative_names: Vec<String>,
    /// Serial number, hex with colons.
    pub serial: String,
    /// Valid from, Unix seconds.
    pub not_before: i64,
    /// Valid until and including, Unix seconds.
    pub not_after: i64,
    /// Whether basic constraints make it a certification authority.
    pub is_ca: bool,
    /// Whether subject and issuer are the same name.
    pub is_self_issued: bool,
}

/// One entry with all its facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryDetail {
    /// What the list shows.
    pub entry: EntryView,
    /// Its certificates, end-entity first, completed from the whole keystore; empty for a key without certificate.
    pub certificates: Vec<CertificateView>,
    /// The last signing request.
    pub request: Option<RequestView>,
    /// Earlier chains, newest first.
    pub previous: Vec<PreviousView>,
    /// Names of the signature algorithms that its key can make, best default first; empty if it cannot sign.
    pub signatures: Vec<String>,
    /// What is to be said about the key's strength; `None` if it is good.
    pub weakness: Option<String>,
    /// The public key as SPKI, PEM; `None` for a secret key.
    pub public_key_pem: Option<String>,
    /// Whether it can sign other certificates: a certificate that says so, and a key that can.
    pub can_issue: bool,
}

/// An earlier chain of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviousView {
    /// End-entity first.
    pub certificates: Vec<CertificateView>,
    /// When another took its place, Unix milliseconds.
    pub replaced_ms: i64,
}

/// Rules for aliases, beside those that always hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AliasProfile {
    /// None.
    #[default]
    None,
    /// Reserved names of SAP Integration Suite.
    SapIntegrationSuite,
    /// What Java does to aliases.
    Java,
}

/// Something odd about a keystore file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum FileRemark {
    /// Without the password nobody can tell whether the file is whole.
    IntegrityNotChecked,
    /// The file has no check of integrity at all.
    NoIntegrityCheck,
    /// Whether the file is whole is told in a way that is not supported.
    UnsupportedMac {
        /// Name and OID of the algorithm.
        algorithm: String,
    },
    /// A part of the file is encrypted, and no password was given: there may be more than is shown.
    EncryptedPartHidden,
    /// A part of the file is encrypted in a way that is not supported: there is more than is shown.
    UnsupportedPart {
        /// Name and OID of the algorithm.
        algorithm: String,
    },
    /// The key of this entry has another password than the file.
    KeyPasswordDiffers {
        /// Its alias.
        alias: String,
    },
    /// Its encryption is weak by today's measure.
    WeakEncryption {
        /// Name or OID of the algorithm.
        algorithm: String,
    },
    /// Aliases that Java takes for one, because they differ in case only or not at all.
    AliasesCollide {
        /// The aliases.
        aliases: Vec<String>,
    },
    /// Java would not list or reach this entry.
    NotVisibleToJava {
        /// Its alias.
        alias: String,
        /// Why.
        reason: JavaBlindness,
    },
    /// An entry had no alias and got one here.
    AliasMissing {
        /// The alias that it got.
        alias: String,
    },
    /// Something that is not read, named.
    Skipped {
        /// Its alias, if it has one.
        alias: Option<String>,
        /// What it is.
        what: String,
    },
}

/// Why Java does not see an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JavaBlindness {
    /// A certificate of a PKCS#12 file without Java's mark for trusted certificates.
    NotMarkedAsTrusted,
    /// A key of a PKCS#12 file without the identifier that ties it to its certificate.
    KeyNotTied,
    /// A key in clear: Java reads encrypted ones alone.
    NotEncrypted,
    /// A mixed-case alias in a file whose aliases Java looks up in lower case.
    MixedCase,
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

/// The open keystores as the page shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeystoreView {
    /// Entries of the keystore of this browser, in order.
    pub entries: Vec<EntryView>,
    /// The rules that its aliases follow.
    pub profile: AliasProfile,
    /// Where it lives.
    pub persistence: Persistence,
    /// Keystores that are open beside it.
    pub stores: Vec<StoreView>,
    /// Guided jobs that are kept with the keystore of this browser, the one that was changed last first.
    pub plans: Vec<PlanSummary>,
    /// Lists of hosts that are kept with it, by name.
    pub host_lists: Vec<SavedHosts>,
    /// Name of the change that *Undo* takes back.
    pub undo: Option<String>,
    /// Name of the change that *Redo* brings back.
    pub redo: Option<String>,
}

/// A keystore that lies beside that of the browser: an opened file, or a new one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreView {
    /// Its number.
    pub id: StoreId,
    /// Its file's name.
    pub name: String,
    /// Its format, for example `a Java keystore (JKS)`; `None` for one that was never a file.
    pub format: Option<String>,
    /// Whether it can be written in the format that it was opened from.
    pub can_save: bool,
    /// Whether it was changed since it was opened or written.
    pub changed: bool,
    /// Entries in order; those that no password opened are among them.
    pub entries: Vec<EntryView>,
    /// What is odd about the file.
    pub remarks: Vec<Told>,
    /// The rules that its aliases follow.
    pub profile: AliasProfile,
}

/// A chain and what is thought of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
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
    /// The algorithm is no longer approved.
    RetiredAlgorithm {
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
    /// The issuer revoked it.
    Revoked {
        /// Unix seconds.
        since: i64,
        /// RFC 5280 name of the reason, such as `keyCompromise`.
        reason: String,
        /// What says so: `a revocation list` or `an OCSP response`.
        by: String,
    },
    /// Whether it is revoked cannot be told.
    RevocationUnknown {
        /// Why what is at hand does not count, the most telling first; empty if nothing is at hand.
        dismissed: Vec<String>,
        /// Where it says that its revocation lists are.
        lists: Vec<String>,
        /// Where it says that its status can be asked for (OCSP).
        responders: Vec<String>,
    },
    /// It is on a list of what is never trusted.
    Distrusted,
    /// It is for other mailboxes.
    MailboxMismatch {
        /// The one that was asked for.
        mailbox: String,
        /// Those that it is for.
        names: Vec<String>,
    },
    /// A policy is demanded, and the chain is valid for none, or for others.
    NoPolicy {
        /// Those for which it is valid.
        valid: Vec<String>,
    },
    /// It is trusted, and not for its place in the chain.
    AnchorOutOfPlace,
    /// The issuers have issued each other in a circle.
    Circle,
    /// The issuer broke a rule of the profile.
    RuleBroken {
        /// Which, as a clause: `it has no subject key identifier`.
        rule: String,
        /// Where it stands.
        source: String,
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
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
