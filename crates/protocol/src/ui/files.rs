//! Looking at files, importing what is in them, and writing files.

use serde::{Deserialize, Serialize};

use super::Told;
use crate::bytes::Bytes;
use crate::password::Password;
use crate::view::{CertificateView, EntryKind, RequestView};

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
    pub problem: Option<Told>,
}

/// What a found thing is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum FoundThing {
    /// A private key, perhaps with certificates.
    KeyPair {
        /// The key, for example `RSA 2048`.
        key: String,
        /// Its certificates, end-entity first.
        certificates: Vec<CertificateView>,
    },
    /// A private or secret key that no password opened, perhaps with certificates.
    LockedKey {
        /// Its alias.
        alias: String,
        /// Its certificates, end-entity first.
        certificates: Vec<CertificateView>,
    },
    /// A secret key (symmetric).
    SecretKey {
        /// Algorithm, for example `AES`.
        algorithm: String,
        /// Its size in bits.
        bits: u32,
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
        request: Box<RequestView>,
    },
    /// A public key.
    PublicKey {
        /// The key, for example `RSA 2048`.
        key: String,
        /// SHA-256 of the subject public key info, base64 (as in RFC 7469).
        spki_pin: String,
        /// Alias of the entry that holds its private half.
        fits_alias: Option<String>,
        /// The key as SPKI, PEM.
        pem: String,
    },
}

/// What importing a found thing does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum Proposal {
    /// It is the reply to an entry's signing request: gives that entry its certificates. Those that it has go into its history.
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
    /// A new secret key under this alias.
    SecretKey {
        /// Suggested alias.
        alias: String,
    },
}

/// A file that is a keystore of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundStore {
    /// Number for [`super::Request::OpenStore`] and [`super::MergeSource::File`].
    pub id: u32,
    /// The file's name.
    pub file: String,
    /// Its format, for example `a Java keystore (JKS)`.
    pub format: String,
    /// Key pairs in it.
    pub key_pairs: u32,
    /// Trusted certificates.
    pub certificates: u32,
    /// Secret keys.
    pub secret_keys: u32,
    /// Entries that none of the passwords opened.
    pub locked: u32,
    /// What is odd about it.
    pub remarks: Vec<Told>,
    /// Whether its things are told one by one in [`super::Response::Found`] too; large keystores are not.
    pub told: bool,
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

/// How entries are written. Formats of one entry give a ZIP of such files when several entries are chosen.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum ExportFormat {
    /// Format and password of the file that the keystore was opened from.
    AsOpened,
    /// All chosen entries as PKCS#12 (`.p12`).
    Pkcs12 {
        /// Password of the file.
        password: Password,
        /// Who has to read it.
        target: Pkcs12Target,
    },
    /// All chosen entries as a Java keystore (`.jks`).
    Jks {
        /// Password of the file and of its entries.
        password: Password,
    },
    /// All chosen entries as a Java keystore that may hold secret keys (`.jceks`).
    Jceks {
        /// Password of the file and of its entries.
        password: Password,
    },
    /// All certificates of the chosen entries with their chains as one PKCS#7 (`.p7b`).
    Chain,
    /// The same as PEM text (`.pem`).
    ChainPem,
    /// One certificate of an entry (`.cer` for DER, `.pem`).
    Certificate {
        /// Which of its chain.
        which: CertificateChoice,
        /// DER or PEM.
        encoding: Encoding,
    },
    /// The private key alone.
    PrivateKey {
        /// Its format.
        format: KeyFileFormat,
        /// Password, if the format is an encrypted one.
        password: Option<Password>,
    },
    /// Private key and chain in one PEM file.
    KeyAndChainPem {
        /// Password for the key; `None` writes it in clear.
        password: Option<Password>,
    },
    /// The public key.
    PublicKey {
        /// Its format.
        format: PublicKeyFileFormat,
    },
    /// The last signing request (`.csr`).
    SigningRequest {
        /// DER or PEM.
        encoding: Encoding,
    },
    /// A table of the entries' certificates (`.csv`).
    InventoryCsv,
    /// The same as JSON (`.json`).
    InventoryJson,
    /// A calendar with the day on which each certificate expires (`.ics`).
    Calendar {
        /// Days before, on which to remind.
        remind_days: Vec<u32>,
    },
}

/// Who has to read a PKCS#12 file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pkcs12Target {
    /// OpenSSL 3, Java 17, Windows Server 2019, browsers of today.
    #[default]
    Modern,
    /// Java 8 before its update 301.
    Java8,
    /// Windows Server 2016 and older.
    WindowsServer2016,
    /// The keychain of macOS.
    MacOs,
    /// OpenSSL 1.1.
    OpenSsl11,
}

impl Pkcs12Target {
    /// All.
    pub const ALL: [Self; 5] =
        [Self::Modern, Self::Java8, Self::WindowsServer2016, Self::MacOs, Self::OpenSsl11];
}

/// One certificate of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum CertificateChoice {
    /// The end-entity's, or the trusted one.
    Own,
    /// The one at this position, the end-entity's being 0.
    At {
        /// Position.
        index: u32,
    },
    /// The last, if it is self-signed.
    Root,
}

/// How one thing is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// Binary.
    Der,
    /// Text.
    Pem,
}

/// Formats of a private key's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyFileFormat {
    /// PKCS#8, PEM; encrypted if a password is given.
    Pkcs8Pem,
    /// PKCS#8, PEM, encrypted under a key that scrypt derives.
    Pkcs8ScryptPem,
    /// PKCS#8, PEM, encrypted with 3DES.
    Pkcs8TripleDesPem,
    /// PKCS#8, DER; encrypted if a password is given.
    Pkcs8Der,
    /// PKCS#1 or SEC 1, PEM, as OpenSSL wrote it before 3.0; encrypted if a password is given.
    TraditionalPem,
    /// OpenSSH; encrypted if a password is given.
    OpenSsh,
    /// JSON Web Key (RFC 7517), never encrypted.
    Jwk,
}

/// Formats of a public key's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublicKeyFileFormat {
    /// SubjectPublicKeyInfo, PEM.
    SpkiPem,
    /// SubjectPublicKeyInfo, DER.
    SpkiDer,
    /// OpenSSH, one line.
    OpenSsh,
    /// JSON Web Key.
    Jwk,
}
