//! Inspecting: what the page asks about the things in its bag, and what it is shown.
//!
//! The worker holds a *bag*: all that was dropped or pasted to be looked at, in the order in which it came, each thing with a number. Nothing of
//! it is stored. Sheets, trees, comparisons and judgements come in finished words, so that the page has one way to draw each of them
//! and knows nothing about certificates; scripts get the same values from the command line.

use serde::{Deserialize, Serialize};

use super::Told;
use crate::bytes::Bytes;
pub use crate::catalogue::Explanation as Words;

/// All that is there to be looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bag {
    /// The things, in the order in which they came.
    pub things: Vec<Thing>,
    /// How a chain is judged unless the user wishes otherwise: of the first certificate that issued none of the others, used for what its
    /// extended key usage says (a server, if it says nothing), with all that there is to trust. `None` without certificates.
    pub plan: Option<JudgePlan>,
    /// What was recognised, one for each file or paste: `proxy header, URL-encoded PEM: 1 certificate`.
    pub sources: Vec<Source>,
    /// Files that could not be read in full, each with its problem.
    pub problems: Vec<Told>,
}

/// A file or a paste, and what was recognised in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its name; `pasted text` for a paste.
    pub name: String,
    /// What it is, in a few words.
    pub what: String,
}

/// What a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThingKind {
    /// A certificate.
    Certificate,
    /// A signing request.
    Request,
    /// A revocation list.
    Crl,
    /// An OCSP response.
    OcspResponse,
    /// An OCSP request.
    OcspRequest,
    /// A public key.
    PublicKey,
    /// A private key: its public half is shown, nothing else of it.
    PrivateKey,
    /// Well-formed ASN.1 of another kind.
    Asn1,
}

/// A thing in the bag, as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thing {
    /// Its number, unique in a session.
    pub id: u32,
    /// What it is.
    pub kind: ThingKind,
    /// What people call it.
    pub title: String,
    /// The issuer, the key, or whatever tells it from others, in a few words.
    pub subtitle: String,
    /// Where it was found: `chain.pem, line 12`, or `store.p12, entry “server”`.
    pub place: String,
    /// What is to be seen at once, such as `expired`.
    pub badges: Vec<Badge>,
    /// The number of an earlier thing that is the same.
    pub same_as: Option<u32>,
}

/// A word that is to be seen at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Badge {
    /// How it is meant.
    pub tone: Tone,
    /// The word.
    pub text: String,
}

/// How something is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// As it should be.
    Good,
    /// Neither good nor bad.
    Info,
    /// To be thought about.
    Warn,
    /// Wrong.
    Bad,
}

impl Tone {
    /// Its name in JSON and in style sheets.
    pub fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// All about one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// The thing.
    pub thing: Thing,
    /// Section by section.
    pub sections: Vec<Section>,
    /// What is to be said about its quality, the gravest first.
    pub findings: Vec<Finding>,
    /// PEM; `None` for what has no form to be passed on (a private key).
    pub pem: Option<String>,
    /// Size of the DER in octets.
    pub octets: u32,
}

/// A part of a sheet: a field with its parts, or an extension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Its title.
    pub title: String,
    /// Where it is defined, `RFC 5280 section 4.2.1.6`, with the dotted OID of an extension.
    pub source: Option<String>,
    /// What is to be seen beside the title, such as `critical`.
    pub badges: Vec<Badge>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// Where it stands in the DER: offset and length, in octets.
    pub range: Option<(u32, u32)>,
}

/// A row of a sheet or comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// How deep it lies below the section, from 0.
    pub depth: u8,
    /// What it is.
    pub label: String,
    /// Its value; empty where only its parts, the rows that follow, have values.
    pub value: String,
    /// How the value is written.
    pub style: RowStyle,
    /// What is to be said about it.
    pub remark: Option<String>,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowStyle {
    /// Words and names.
    Text,
    /// Digits, hex, identifiers: letters of one width.
    Code,
    /// An address.
    Url,
}

/// Something to be said about a thing's quality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule, a word with hyphens.
    pub rule: String,
    /// How grave it is.
    pub tone: Tone,
    /// Where the rule stands: `CA/Browser Forum BR 6.3.2`.
    pub source: String,
    /// In words.
    pub words: Words,
}

/// A thing's encoding, element by element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asn1Tree {
    /// The octets, DER or BER as they were found.
    pub octets: Bytes,
    /// The elements, each before its parts. Elements in encodings that were opened (an extension's value, a key in a BIT STRING) have
    /// offsets in `octets` too.
    pub nodes: Vec<Asn1Node>,
    /// Why there is less than everything, if there is.
    pub cut: Option<String>,
}

/// An element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asn1Node {
    /// How deep it lies, from 0.
    pub depth: u16,
    /// Where its identifier octet stands.
    pub offset: u32,
    /// Octets of identifier and length.
    pub header: u32,
    /// Octets of its content.
    pub length: u32,
    /// `SEQUENCE`, `[0]`, `UTF8String`.
    pub tag: String,
    /// Its value in a few words; empty for one that has parts.
    pub value: String,
    /// What it is called: the field of the standard, or the OID's name.
    pub name: Option<String>,
    /// Whether it was opened inside an OCTET STRING or BIT STRING.
    pub nested: bool,
    /// How it breaks DER: `indefinite length`, `length not minimal`.
    pub remark: Option<String>,
}

/// Two things side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// The left one.
    pub left: Thing,
    /// The right one.
    pub right: Thing,
    /// What the differences come to, in a sentence each: `The new one is for one host name less: old.example.com.`
    pub summary: Vec<String>,
    /// Section by section.
    pub sections: Vec<ComparedSection>,
}

/// A section of both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedSection {
    /// Its title.
    pub title: String,
    /// Whether anything in it differs.
    pub differs: bool,
    /// Its rows.
    pub rows: Vec<ComparedRow>,
}

/// A row of both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedRow {
    /// How deep it lies below the section, from 0.
    pub depth: u8,
    /// What it is.
    pub label: String,
    /// The left value; `None` if it is not there.
    pub left: Option<String>,
    /// The right value; `None` if it is not there.
    pub right: Option<String>,
    /// How the values are written.
    pub style: RowStyle,
}

/// As what a thing is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThingFormat {
    /// Text, laid out like that of `openssl x509 -text`.
    Text,
    /// The [`Sheet`] as JSON.
    Json,
    /// PEM.
    Pem,
    /// DER.
    Der,
}

/// How a chain is to be judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgePlan {
    /// The end-entity certificate, from the bag. All other certificates of the bag may help to build paths.
    pub leaf: u32,
    /// What it is used for.
    pub purpose: PurposeChoice,
    /// By which rules.
    pub profile: ProfileChoice,
    /// Host name or address that it has to be for (any script; `server` and `any`), or an e-mail address (`email`); empty leaves the name unchecked.
    pub name: String,
    /// At which time, Unix seconds; `None` is now.
    pub at: Option<i64>,
    /// What is trusted.
    pub trust: TrustChoice,
    /// How revocation is looked at, with the lists and responses of the bag.
    pub revocation: RevocationChoice,
    /// Certificate policies of which one is needed, dotted; none is any.
    pub policies: Vec<String>,
}

/// What a certificate is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PurposeChoice {
    /// A TLS server shows it.
    Server,
    /// A TLS client shows it.
    Client,
    /// It signs or receives e-mail.
    Email,
    /// Anything: usages of the end-entity are not looked at.
    Any,
}

/// By which rules a chain is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileChoice {
    /// The rules of public servers where the path ends in one of Mozilla's roots, RFC 5280 alone everywhere else.
    Auto,
    /// TLS servers, with the CA/Browser Forum's rules.
    TlsServer,
    /// TLS clients.
    TlsClient,
    /// E-mail.
    Email,
    /// RFC 5280 as a whole, with the duties of issuers, and nothing else.
    Rfc5280,
    /// Private authorities: RFC 5280 section 6 alone.
    Private,
}

/// What is trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustChoice {
    /// The trusted certificates of the keystore.
    pub keystore: bool,
    /// Mozilla's roots, as shipped.
    pub mozilla: bool,
    /// Certificates of the bag.
    pub things: Vec<u32>,
}

/// How revocation is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevocationChoice {
    /// Not at all.
    Off,
    /// Where there is a list or response for it.
    IfKnown,
    /// Every certificate below the anchor needs one.
    Required,
}

/// What is thought of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// Whether a path to a trust anchor passed every check.
    pub trusted: bool,
    /// The verdict: most telling failure first.
    pub words: Words,
    /// All paths that were found, the best first; never empty if there was a certificate.
    pub paths: Vec<PathView>,
    /// What the other side must hold to accept this chain.
    pub needs: Vec<Words>,
    /// The rules that were applied in the end, and why these: `TLS server, since the path ends in a root of Mozilla’s list`.
    pub profile: String,
    /// The time for which this holds, Unix seconds.
    pub at: i64,
    /// What was trusted, with the date of a list: `3 of this keystore, 142 of Mozilla’s list of 2026-10-01`.
    pub trust: String,
    /// The search was given up when its budget was used up: what that means, in a sentence.
    pub gave_up: Option<String>,
}

/// A path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathView {
    /// Whether it passed every check.
    pub trusted: bool,
    /// In a few words: `by “ISRG Root X1” to Mozilla’s list`.
    pub title: String,
    /// The end-entity first.
    pub links: Vec<PathLink>,
    /// What failed, the most telling first; empty if trusted.
    pub failures: Vec<PathFailure>,
    /// What is odd without being wrong.
    pub remarks: Vec<Words>,
    /// Every check with its result for every certificate.
    pub checks: Vec<CheckRow>,
}

/// A link of a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathLink {
    /// The thing in the bag; `None` for one that lies elsewhere or is missing.
    pub thing: Option<u32>,
    /// What people call it.
    pub name: String,
    /// `End-entity`, `Intermediate`, `Root`, `Missing`.
    pub role: String,
    /// Where it came from: `in your keystore: acme-root`.
    pub origin: String,
    /// Its key and validity in a few words; empty for one that is missing.
    pub line: String,
    /// How it stands.
    pub tone: Tone,
    /// Whether nobody has it.
    pub missing: bool,
    /// Whether it is a trust anchor.
    pub anchor: bool,
    /// Where one that is missing could be fetched.
    pub urls: Vec<String>,
    /// The certificate, DER; `None` for one that is missing.
    pub der: Option<Bytes>,
    /// What the button says that puts it into the keystore’s trust store, such as `Trust this root`; `None` where that makes no sense: an
    /// anchor, an end-entity that an authority issued, one that is missing.
    pub trust: Option<String>,
}

/// Something that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathFailure {
    /// The kind of failure, a word with hyphens that does not change: `expired`.
    pub code: String,
    /// The check, a word with hyphens.
    pub check: String,
    /// Which link of the path, from 0; `None` if it concerns the path as a whole.
    pub at: Option<u32>,
    /// In words.
    pub words: Words,
}

/// A check with its results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckRow {
    /// A word with hyphens that does not change.
    pub check: String,
    /// In a few words.
    pub title: String,
    /// Where it stands: `RFC 5280 section 6.1.3 (a)(2)`.
    pub citation: String,
    /// Its results.
    pub results: Vec<CheckCell>,
}

/// A result of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckCell {
    /// Which link of the path, from 0; `None` if it concerns the path as a whole.
    pub at: Option<u32>,
    /// How it ended.
    pub outcome: CheckOutcome,
    /// The facts, or why it does not apply, in a few words.
    pub detail: String,
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckOutcome {
    /// Passed.
    Passed,
    /// Failed.
    Failed,
    /// Odd, and not wrong by the rules that were applied.
    Remarked,
    /// Not applicable.
    NotApplicable,
}
