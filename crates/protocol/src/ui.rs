//! Messages between page and worker. They are JSON strings in `postMessage`, inside one browser; nothing here goes to the server.
//!
//! What a request is made of stands in one file for each area: [`keys`], [`requests`] (signing requests and issuing), [`files`] (looking at
//! files, importing, writing), [`stores`] (keystores beside each other, merging), [`inspect`] (looking closely, judging chains), [`probe`], [`hosts`] (many probes),
//! [`plans`] (guided jobs); what is [`told`] in words.

pub mod files;
pub mod hosts;
pub mod inspect;
pub mod keys;
pub mod plans;
pub mod probe;
pub mod requests;
pub mod stores;
pub mod survey;
pub mod told;

use serde::{Deserialize, Serialize};

use crate::bytes::Bytes;
use crate::conversation::{HttpRequest, Offer, Route, ServerNameIndication, StartTls, Versions};
use crate::language::Language;
use crate::password::Password;
use crate::view::{CertificateView, EntryDetail, KeystoreView, RequestView};

pub use crate::report::KeyFit;
pub use files::{
    CertificateChoice, Encoding, ExportFormat, Found, FoundStore, FoundThing, ImportChoice, Imported,
    InputFile, KeyFileFormat, Pkcs12Target, Proposal, PublicKeyFileFormat,
};
pub use hosts::{HostList, HostRow, HostTarget, HostsFormat};
pub use inspect::{Asn1Tree, Bag, Comparison, JudgePlan, Judgement, Sheet, ThingFormat};
pub use keys::KeyChoice;
pub use plans::{FoundPlan, PlanKind, PlanSheet, PlanSide, PlanSummary, SavedHosts};
pub use probe::ProbeSheet;
pub use requests::{IssuePlan, Like, RequestPlan, SubjectAttribute, Validity};
pub use stores::{MergeMode, MergeOutcome, MergeReason, MergeRow, MergeSource, Sample, StoreId};
pub use told::Told;

/// A request with a number, which comes back in [`FromWorker::Reply`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ToWorker {
    /// Chosen by the page, unique in a session.
    pub id: u32,
    /// Which keystore it concerns; requests that concern none ignore it.
    pub store: StoreId,
    /// What is wanted.
    pub request: Request,
}

/// What the worker says.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum FromWorker {
    /// The worker is up. Sent once, before anything else.
    Ready {
        /// The keystore to begin with.
        keystore: KeystoreView,
    },
    /// The answer to a request.
    Reply {
        /// Number of the request.
        id: u32,
        /// Answer or problem.
        result: Result<Response, Told>,
    },
    /// The keystore changed.
    Keystore {
        /// As it is now.
        keystore: KeystoreView,
    },
    /// Something happened to the kept keystore in another tab.
    Elsewhere {
        /// What.
        what: Elsewhere,
    },
    /// Key generation goes on.
    Generating {
        /// Number of the request.
        id: u32,
        /// Candidates for a prime that were tested so far.
        candidates: u32,
        /// Candidates that such a key takes on average; luck decides, so there may be many more.
        expected: u32,
    },
    /// The probe goes on.
    Probe {
        /// Number of the request.
        id: u32,
        /// The report so far.
        report: Box<ProbeSheet>,
    },
    /// A host of a list begins or is done.
    HostRow {
        /// Number of the request.
        id: u32,
        /// Its place in the list, from 0.
        number: u32,
        /// Its row; without a tone its probe has just begun.
        row: Box<HostRow>,
    },
}

/// What another tab did to the kept keystore.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Elsewhere {
    /// It saved changes, which were taken over; those that were made here stay.
    Saved,
    /// It removed the keystore from this device; here it is in memory only now.
    Removed,
    /// It chose another passphrase: nothing is taken over or saved any more until the keystore is opened with that.
    PassphraseChanged,
}

/// What the page can ask of the worker. Entries are those of the keystore that [`ToWorker::store`] names.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum Request {
    /// Make a key pair. Answer: [`Response::Entry`].
    GenerateKey {
        /// Name of the new entry.
        alias: String,
        /// Which key.
        key: KeyChoice,
    },
    /// Speak that language from now on. The keystore is told anew, and so are the last probe and the last one of a guided job
    /// ([`FromWorker::Probe`], with the numbers of their requests). Answer: [`Response::Done`].
    SetLanguage {
        /// Which.
        language: Language,
    },
    /// Stop the key generation or the probe with this number, at once. Answer: [`Response::Done`]; the stopped request ends with a
    /// problem of its own.
    Cancel {
        /// Number of the request to stop.
        id: u32,
    },
    /// Stop whatever probes run, one or a list: the page is left, and may be kept by the browser for the way back. Answer: [`Response::Done`]; what is
    /// stopped ends as with [`Request::Cancel`].
    StopProbing,
    /// An entry with all its facts. Answer: [`Response::Detail`].
    Detail {
        /// Which.
        alias: String,
    },
    /// Take a distinguished name apart, RFC 4514 text. Answer: [`Response::Subject`].
    ParseSubject {
        /// The text.
        text: String,
    },
    /// What a signing request like an existing thing would hold. Answer: [`Response::Plan`].
    PlanRequest {
        /// The entry whose key is to make the request.
        alias: String,
        /// Like what.
        like: Like,
    },
    /// Make a signing request for an entry's key. Answer: [`Response::Request`].
    MakeRequest {
        /// Which entry.
        alias: String,
        /// What it holds.
        plan: Box<RequestPlan>,
    },
    /// Give an entry's key a certificate signed by itself. Answer: [`Response::Entry`].
    SelfSign {
        /// Which entry.
        alias: String,
        /// What the certificate holds.
        plan: Box<RequestPlan>,
        /// How long it is valid.
        validity: Validity,
    },
    /// Sign somebody's request with an entry's key, as a certification authority. Answer: [`Response::Issued`]. Changes nothing in the
    /// keystore, except that a request of one of its own keys gets the certificate as its reply when it is imported.
    Issue {
        /// The entry that signs.
        issuer: String,
        /// The request, PEM.
        request: String,
        /// What the certificate holds.
        plan: Box<IssuePlan>,
    },
    /// Look at dropped or pasted files. Answer: [`Response::Found`]. Changes nothing.
    Look {
        /// The files.
        files: Vec<InputFile>,
        /// Passwords to try, for files and for entries in them.
        passwords: Vec<Password>,
    },
    /// Carry out what was proposed for a found thing. Answer: [`Response::Imported`].
    Import {
        /// Numbers of the found things, from [`Response::Found`], each with the alias to use.
        choices: Vec<ImportChoice>,
    },
    /// Open a keystore file that was found, beside those that are open. Answer: [`Response::Store`].
    OpenStore {
        /// Number of the file, from [`FoundStore::id`].
        id: u32,
    },
    /// Open an empty keystore beside the others. Answer: [`Response::Store`].
    NewStore {
        /// Its name.
        name: String,
    },
    /// Make a keystore to try things out with, and open it beside the others. Answer: [`Response::Store`].
    OpenSample {
        /// Which.
        sample: Sample,
    },
    /// Close a keystore that lies beside the first (can be undone). Answer: [`Response::Done`].
    CloseStore,
    /// Try a password on the entries that are still closed. Answer: [`Response::Done`].
    UnlockEntries {
        /// The password.
        password: Password,
    },
    /// Bring entries of another keystore or file into this one. Answer: [`Response::Merged`].
    Merge {
        /// From where.
        from: MergeSource,
        /// Which entries; `None` is all.
        aliases: Option<Vec<String>>,
        /// How.
        mode: MergeMode,
        /// Whether an entry of the same alias is overwritten.
        overwrite: bool,
        /// Whether to do it; if not, only what would happen is told.
        apply: bool,
    },
    /// Put a certificate that a probe saw into the trust store. Answer: [`Response::Entry`].
    Trust {
        /// DER certificate.
        certificate: Bytes,
        /// Name of the new entry; `None` lets the worker choose.
        alias: Option<String>,
    },
    /// Rename an entry. Answer: [`Response::Done`].
    Rename {
        /// Old alias.
        alias: String,
        /// New alias.
        to: String,
    },
    /// Delete entries, all or none (can be undone). Answer: [`Response::Done`].
    Delete {
        /// Which.
        aliases: Vec<String>,
    },
    /// Lock entries (usable, never exported, changed or deleted) or unlock them. Answer: [`Response::Done`].
    SetLocked {
        /// Which.
        aliases: Vec<String>,
        /// Locked or not.
        locked: bool,
    },
    /// Give an entry an earlier chain of its history back; the present one goes into the history. Answer: [`Response::Done`].
    RestorePrevious {
        /// Which entry.
        alias: String,
        /// Position in [`EntryDetail::previous`].
        index: u32,
    },
    /// Drop an earlier chain from an entry's history. Answer: [`Response::Done`].
    DropPrevious {
        /// Which entry.
        alias: String,
        /// Position in [`EntryDetail::previous`].
        index: u32,
    },
    /// Choose the rules that aliases follow. Answer: [`Response::Done`].
    SetProfile {
        /// Which rules.
        profile: crate::view::AliasProfile,
    },
    /// Take the last change back. Answer: [`Response::Done`].
    Undo,
    /// Bring the last undone change back. Answer: [`Response::Done`].
    Redo,
    /// Write entries as a file. Answer: [`Response::File`].
    Export {
        /// Which entries, in this order; none is all.
        aliases: Vec<String>,
        /// As what.
        what: ExportFormat,
    },
    /// Keep the keystore on this device under a passphrase. Answer: [`Response::Done`].
    Keep {
        /// Passphrase.
        passphrase: Password,
    },
    /// Open the keystore that is kept on this device. Answer: [`Response::Done`].
    Unlock {
        /// Passphrase.
        passphrase: Password,
    },
    /// Choose another passphrase for the kept keystore. Answer: [`Response::Done`].
    ChangePassphrase {
        /// The present one.
        old: Password,
        /// The new one.
        new: Password,
    },
    /// The kept keystore as it lies on this device: encrypted under its passphrase. Answer: [`Response::File`].
    ExportVault,
    /// Forget the keystore in memory; the kept one stays. Answer: [`Response::Done`].
    Lock,
    /// Remove the kept keystore from this device; what is open stays in memory. Answer: [`Response::Done`].
    Forget {
        /// Whether everything goes, whatever a guided job still needs: the page is about to remove all that this device keeps.
        everything: bool,
    },
    /// Probe a server. Events: [`FromWorker::Probe`]. Answer: [`Response::Probed`].
    Probe(Box<ProbePlan>),
    /// Fetch the issuer that the last probe's chain lacks from an address that its certificate names, through the server. Answer:
    /// [`Response::Issuers`].
    FetchIssuer {
        /// The address, `http://` or `https://`.
        url: String,
    },
    /// Read a list of hosts. Answer: [`Response::Hosts`].
    ReadHosts {
        /// A line for each host, or CSV.
        text: String,
    },
    /// The hosts that the certificates of the keystore name. Answer: [`Response::Hosts`].
    KeystoreHosts,
    /// Probe a list of hosts, several at a time. Events: [`FromWorker::HostRow`]. Answer: [`Response::Done`], also when it was cancelled.
    ProbeHosts {
        /// The hosts.
        hosts: Vec<HostTarget>,
        /// What all of their plans have in common.
        plan: Box<ProbePlan>,
        /// The rows of the run before, to compare with; empty for none.
        before: Vec<HostRow>,
    },
    /// Read the rows of an earlier run. Answer: [`Response::HostRows`].
    ReadHostRows {
        /// What was written of it.
        text: String,
    },
    /// Write the table of many hosts. Answer: [`Response::File`].
    WriteHosts {
        /// The rows.
        rows: Vec<HostRow>,
        /// How.
        format: HostsFormat,
    },
    /// Put files and pastes into the bag of what is inspected. Answer: [`Response::Bag`].
    Inspect {
        /// The files.
        files: Vec<InputFile>,
        /// Passwords to try, for files and for entries in them.
        passwords: Vec<Password>,
    },
    /// Put an entry's certificates and request into the bag. Answer: [`Response::Bag`].
    InspectEntry {
        /// Which.
        alias: String,
    },
    /// The bag as it is, told anew. Answer: [`Response::Bag`].
    Bag,
    /// Take things out of the bag; none is all. Answer: [`Response::Bag`].
    Discard {
        /// Their numbers.
        things: Vec<u32>,
    },
    /// Fetch a certificate or revocation list from an address that a certificate of the bag names, through the server, and put it into the
    /// bag. Answer: [`Response::Bag`].
    Fetch {
        /// The address, `http://` or `https://`.
        url: String,
    },
    /// All about a thing of the bag. Answer: [`Response::Sheet`].
    Sheet {
        /// Its number.
        thing: u32,
    },
    /// A thing's encoding. Answer: [`Response::Asn1`].
    Asn1 {
        /// Its number.
        thing: u32,
    },
    /// Two things side by side. Answer: [`Response::Comparison`].
    Compare {
        /// Number of the left one.
        left: u32,
        /// Number of the right one.
        right: u32,
    },
    /// Judge a chain. Answer: [`Response::Judgement`].
    Judge(JudgePlan),
    /// Write things as a file; several PEM in one, several of another format as a ZIP archive. Answer: [`Response::File`].
    ExportThings {
        /// Their numbers.
        things: Vec<u32>,
        /// As what.
        format: ThingFormat,
    },
    /// Which keys of the keystore a server would take that accepts certificates of these authorities. Answer: [`Response::KeyFits`].
    WhichKeys {
        /// Numbers of certificates of the bag; none is all authorities in it.
        authorities: Vec<u32>,
    },
    /// Begin a guided job, kept with the keystore of the browser. Answer: [`Response::PlanSheet`].
    NewPlan {
        /// Which job.
        job: PlanKind,
        /// Which side works with this keystore.
        side: PlanSide,
        /// The host that is called, perhaps with `:port`; empty if it is to be filled in later.
        host: String,
        /// The entry that it is about, if that is known: the client's, or the one to renew.
        entry: Option<String>,
    },
    /// A guided job as it stands. Answer: [`Response::PlanSheet`].
    Plan {
        /// Which.
        id: String,
    },
    /// Fill in a field of a guided job. Answer: [`Response::PlanSheet`].
    SetPlanField {
        /// Which job.
        id: String,
        /// Which field, from [`plans::PlanField::key`].
        field: String,
        /// Its value; empty takes it back.
        value: String,
    },
    /// Do something of a guided job. Answer: [`Response::PlanSheet`], or [`Response::File`] for a download.
    PlanAct {
        /// Which job.
        id: String,
        /// Which step.
        step: String,
        /// Which act, from [`plans::PlanAct::key`].
        act: String,
    },
    /// The same with files: certificates of the other side, or those that it accepts. Answer: [`Response::PlanSheet`].
    PlanFiles {
        /// Which job.
        id: String,
        /// Which step.
        step: String,
        /// Which act.
        act: String,
        /// The files; ZIP archives of such files too, as a hand-over comes.
        files: Vec<InputFile>,
        /// Passwords to try.
        passwords: Vec<Password>,
    },
    /// The probe of a step. Events: [`FromWorker::Probe`]. Answer: [`Response::Probed`]; what it found is in the plan then.
    PlanProbe {
        /// Which job.
        id: String,
        /// Which step.
        step: String,
        /// Which act.
        act: String,
    },
    /// Delete a guided job (can be undone). Entries stay. Answer: [`Response::Done`].
    DeletePlan {
        /// Which.
        id: String,
    },
    /// A guided job for the other side, without secrets. Answer: [`Response::File`].
    ExportPlan {
        /// Which.
        id: String,
    },
    /// Take in a guided job that was found in a file, or what the other side has done in one that is here. Answer: [`Response::PlanSheet`].
    OpenPlan {
        /// Its number, from [`FoundPlan::id`].
        id: u32,
    },
    /// The hosts that the guided jobs name. Answer: [`Response::Hosts`].
    PlanHosts,
    /// Keep a list of hosts under a name, in place of the one of that name. Answer: [`Response::Done`].
    SaveHosts {
        /// Its name.
        name: String,
        /// The list.
        text: String,
    },
    /// Delete a kept list of hosts (can be undone). Answer: [`Response::Done`].
    DeleteHosts {
        /// Its name.
        name: String,
    },
}

/// What to probe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbePlan {
    /// Host name or address as typed; may hold `:port` or be an `https://` address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Whether the server's chain must be trusted before a client certificate is used.
    pub validate: bool,
    /// How to authenticate.
    pub authentication: Authentication,
    /// On which way the host is reached.
    #[serde(default)]
    pub route: Route,
    /// What is spoken in clear before TLS.
    #[serde(default)]
    pub starttls: StartTls,
    /// What Server Name Indication says.
    #[serde(default)]
    pub server_name: ServerNameIndication,
    /// Which TLS versions to offer.
    #[serde(default)]
    pub versions: Versions,
    /// What else the ClientHello offers.
    #[serde(default)]
    pub offer: Offer,
    /// Whether something is asked in HTTP once TLS stands.
    #[serde(default)]
    pub http: HttpRequest,
    /// What the server's chain is judged with.
    #[serde(default)]
    pub trust: ProbeTrust,
    /// Certificates, DER, that help to build the server's chain and are not trusted by themselves: an intermediate that the server does not send,
    /// fetched from the address in its certificate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<Bytes>,
    /// What else is found out.
    #[serde(default)]
    pub extent: ProbeExtent,
}

impl ProbePlan {
    /// A plan for a host with everything else left to its default: any key that fits, the chain has to be trusted, and a failure is looked into.
    pub fn new(host: impl Into<String>, port: u16) -> Self {
        Self {
            host: host.into(),
            port,
            validate: true,
            authentication: Authentication::FirstThatFits,
            route: Route::default(),
            starttls: StartTls::None,
            server_name: ServerNameIndication::Host,
            versions: Versions::Both,
            offer: Offer::default(),
            http: HttpRequest::default(),
            trust: ProbeTrust::default(),
            known: Vec::new(),
            extent: ProbeExtent::default(),
        }
    }
}

/// What a server's chain is judged with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProbeTrust {
    /// The trusted certificates of the keystore.
    #[default]
    Keystore,
    /// The roots that Mozilla trusts.
    Mozilla,
    /// Both.
    Both,
}

/// What else a probe finds out, each by further connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ProbeExtent {
    /// A handshake that fails is tried again with one thing changed at a time, to find the cause.
    pub diagnose: bool,
    /// Whether a client certificate is required or only asked for: one more connection without a certificate.
    pub demand: bool,
    /// Whether a session is resumed: one more connection.
    pub resumption: bool,
    /// Each address of the name in turn.
    pub every_address: bool,
    /// Every version, suite and group that the server speaks.
    pub survey: bool,
    /// A second signature with the client's key is allowed, if the server refused the first one as wrong: in TLS 1.2, to find out whether it
    /// knows RSA-PSS. Without this a probe signs one handshake at most.
    pub sign_again: bool,
}

impl Default for ProbeExtent {
    fn default() -> Self {
        Self {
            diagnose: true,
            demand: false,
            resumption: false,
            every_address: false,
            survey: false,
            sign_again: false,
        }
    }
}

/// How the client authenticates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum Authentication {
    /// Not at all.
    None,
    /// With this entry.
    Alias {
        /// Which.
        alias: String,
    },
    /// With the first entry that fits the server's request.
    FirstThatFits,
}

/// The worker's answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum Response {
    /// Done; the keystore's new state comes as [`FromWorker::Keystore`].
    Done,
    /// An entry with all its facts.
    Detail {
        /// The entry.
        entry: Box<EntryDetail>,
    },
    /// A distinguished name, taken apart.
    Subject {
        /// Its relative distinguished names in order, most significant (such as the country) first; each with one attribute or more.
        rdns: Vec<Vec<SubjectAttribute>>,
    },
    /// What a signing request would hold.
    Plan {
        /// The plan, to be changed and sent back.
        plan: Box<RequestPlan>,
    },
    /// A certificate that was issued.
    Issued {
        /// Its facts.
        certificate: Box<CertificateView>,
        /// It and its issuers, PEM, end-entity first.
        chain_pem: String,
        /// The same as PKCS#7, DER.
        chain_pkcs7: Bytes,
        /// Alias of the entry that waits for it, if the request was made here.
        fits_alias: Option<String>,
    },
    /// A keystore was opened.
    Store {
        /// Its number.
        store: StoreId,
    },
    /// What a merge did or would do, one for each entry.
    Merged {
        /// In order of the aliases as they came.
        rows: Vec<MergeRow>,
        /// Whether it was done.
        applied: bool,
    },
    /// Done, and it concerns this entry.
    Entry {
        /// Its alias.
        alias: String,
    },
    /// The signing request.
    Request {
        /// Its facts and PEM.
        request: Box<RequestView>,
    },
    /// What was found in the files.
    Found {
        /// One for each thing.
        found: Vec<Found>,
        /// Files that are keystores of their own, to be opened beside or merged. Large ones are not told thing by thing.
        stores: Vec<FoundStore>,
        /// Guided jobs that the other side has sent.
        plans: Vec<FoundPlan>,
        /// Files that could not be read, each with its problem.
        problems: Vec<Told>,
    },
    /// What an import did, one for each choice.
    Imported {
        /// In the order of the choices.
        results: Vec<Imported>,
    },
    /// A file to download.
    File {
        /// Suggested name.
        name: String,
        /// Media type.
        media_type: String,
        /// Content.
        content: Bytes,
    },
    /// The probe ended; the report is complete.
    Probed {
        /// The report.
        report: Box<ProbeSheet>,
    },
    /// Certificates that were fetched.
    Issuers {
        /// DER, each; at least one.
        certificates: Vec<Bytes>,
    },
    /// A list of hosts.
    Hosts {
        /// The list.
        list: HostList,
    },
    /// Rows of an earlier run.
    HostRows {
        /// The rows.
        rows: Vec<HostRow>,
    },
    /// What is in the bag now.
    Bag {
        /// The bag; its problems are those of the last request.
        bag: Bag,
    },
    /// All about a thing.
    Sheet {
        /// The sheet.
        sheet: Box<Sheet>,
    },
    /// A thing's encoding.
    Asn1 {
        /// The tree.
        tree: Box<Asn1Tree>,
    },
    /// Two things side by side.
    Comparison {
        /// The comparison.
        comparison: Box<Comparison>,
    },
    /// What is thought of a chain.
    Judgement {
        /// The judgement.
        judgement: Box<Judgement>,
    },
    /// The user's keys, and whether a server would take them.
    KeyFits {
        /// In the order of the keystore.
        fits: Vec<KeyFit>,
    },
    /// A guided job as it stands.
    PlanSheet {
        /// The sheet.
        sheet: Box<PlanSheet>,
    },
}
