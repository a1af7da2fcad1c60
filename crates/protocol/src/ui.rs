//! Messages between page and worker. They are JSON strings in `postMessage`, inside one browser; nothing here goes to the server.

use serde::{Deserialize, Serialize};

use crate::bytes::Bytes;
use crate::password::Password;
use crate::problem::Problem;
use crate::report::ProbeReport;
use crate::view::{CertificateView, EntryKind, KeystoreView, RequestView};

/// A request with a number, which comes back in [`FromWorker::Reply`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ToWorker {
    /// Chosen by the page, unique in a session.
    pub id: u32,
    /// What is wanted.
    pub request: Request,
}

/// What the worker says.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
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
        result: Result<Response, Problem>,
    },
    /// The keystore changed.
    Keystore {
        /// As it is now.
        keystore: KeystoreView,
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
        report: Box<ProbeReport>,
    },
}

/// What the page can ask of the worker.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Request {
    /// Make a key pair. Answer: [`Response::Entry`].
    GenerateKey {
        /// Name of the new entry.
        alias: String,
        /// Which key.
        key: KeyChoice,
    },
    /// Stop the key generation or the probe with this number, at once. Answer: [`Response::Done`]; the stopped request ends with a
    /// problem of its own.
    Cancel {
        /// Number of the request to stop.
        id: u32,
    },
    /// Make a signing request for an entry's key. Answer: [`Response::Request`].
    MakeRequest {
        /// Which entry.
        alias: String,
        /// Subject, RFC 4514 text; may be empty if there are alternative names.
        subject: String,
        /// Alternative names as typed, for example `erp.example.com` or `IP:10.0.0.1`.
        alternative_names: Vec<String>,
    },
    /// Look at dropped or pasted files. Answer: [`Response::Found`]. Changes nothing.
    Look {
        /// The files.
        files: Vec<InputFile>,
        /// Password for those that need one.
        password: Option<Password>,
    },
    /// Carry out what was proposed for a found thing. Answer: [`Response::Imported`].
    Import {
        /// Numbers of the found things, from [`Response::Found`], each with the alias to use.
        choices: Vec<ImportChoice>,
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
    /// Delete an entry (can be undone). Answer: [`Response::Done`].
    Delete {
        /// Which.
        alias: String,
    },
    /// Take the last change back. Answer: [`Response::Done`].
    Undo,
    /// Bring the last undone change back. Answer: [`Response::Done`].
    Redo,
    /// Write an entry as a file. Answer: [`Response::File`].
    Export {
        /// Which entry.
        alias: String,
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
    /// Forget the keystore in memory; the kept one stays. Answer: [`Response::Done`].
    Lock,
    /// Remove the kept keystore from this device; what is open stays in memory. Answer: [`Response::Done`].
    Forget,
    /// Probe a server. Events: [`FromWorker::Probe`]. Answer: [`Response::Probed`].
    Probe(ProbePlan),
}

/// Which key to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyChoice {
    /// EC P-256.
    EcP256,
    /// EC P-384.
    EcP384,
    /// RSA with 2048 bits.
    Rsa2048,
    /// RSA with 3072 bits.
    Rsa3072,
    /// RSA with 4096 bits.
    Rsa4096,
}

/// A dropped, chosen or pasted file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InputFile {
    /// Its name; "pasted text" for a paste.
    pub name: String,
    /// Its content.
    pub content: Bytes,
}

/// What to do with a found thing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportChoice {
    /// Number of the thing, from [`Found::id`].
    pub id: u32,
    /// Alias for a new entry; ignored for a reply.
    pub alias: Option<String>,
}

/// How an entry is written.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ExportFormat {
    /// Key and chain as PKCS#12: `<alias>.p12`.
    Pkcs12 {
        /// Password of the file.
        password: Password,
    },
    /// The chain as PKCS#7: `<alias>.p7b`.
    Chain,
    /// The chain as PEM text: `<alias>.pem`.
    ChainPem,
    /// The end-entity (or trusted) certificate as DER: `<alias>.cer`.
    Certificate,
    /// The last signing request as PEM: `<alias>.csr`.
    SigningRequest,
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
    /// See [`crate::conversation::Target::ask_http`].
    pub ask_http: bool,
}

/// How the client authenticates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
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
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Response {
    /// Done; the keystore's new state comes as [`FromWorker::Keystore`].
    Done,
    /// Done, and it concerns this entry.
    Entry {
        /// Its alias.
        alias: String,
    },
    /// The signing request.
    Request {
        /// Its facts and PEM.
        request: RequestView,
    },
    /// What was found in the files.
    Found {
        /// One for each thing.
        found: Vec<Found>,
        /// Files that could not be read, each with its problem.
        problems: Vec<Problem>,
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
        report: Box<ProbeReport>,
    },
}

/// A thing that was found in a file, and what can be done with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Number for [`ImportChoice::id`].
    pub id: u32,
    /// The file's name.
    pub file: String,
    /// What it is.
    pub thing: FoundThing,
    /// What importing it would do; `None` if there is nothing to import (with `problem` saying why, if there is a reason).
    pub proposal: Option<Proposal>,
    /// Why it cannot be imported, or a warning.
    pub problem: Option<Problem>,
}

/// What a found thing is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FoundThing {
    /// A private key, perhaps with certificates.
    KeyPair {
        /// The key, for example `RSA 2048`.
        key: String,
        /// Its certificates, end-entity first.
        certificates: Vec<CertificateView>,
    },
    /// Certificates that belong together: a reply, or a chain.
    Chain {
        /// End-entity first.
        certificates: Vec<CertificateView>,
    },
    /// One certificate.
    Certificate {
        /// Its facts.
        certificate: Box<CertificateView>,
    },
    /// A signing request.
    Request {
        /// Its facts.
        request: RequestView,
    },
}

/// What importing a found thing does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Proposal {
    /// It is the reply to an entry's signing request: gives that entry its certificates.
    Reply {
        /// Which entry.
        alias: String,
        /// Subject of the issuer that is missing for a complete chain.
        missing: Option<String>,
        /// Whether the entry has certificates already, which would be replaced.
        replaces: bool,
    },
    /// A new key pair under this alias.
    KeyPair {
        /// Suggested alias.
        alias: String,
    },
    /// A new trusted certificate under this alias.
    Trust {
        /// Suggested alias.
        alias: String,
    },
}

/// What became of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// The entry.
    pub alias: String,
    /// What it holds.
    pub entry: EntryKind,
    /// Whether it was there before.
    pub updated: bool,
    /// Subject of the issuer that is missing for a complete chain.
    pub missing: Option<String>,
}
