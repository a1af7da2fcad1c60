//! A session: the open keystore, its history, and what every request of the page does to it.
//!
//! The session has no storage. After a request that changed the keystore ([`Session::revision`] went up) the host seals it with
//! [`Session::seal`] and stores the result; if that fails, it takes the change back with [`Session::restore`], so that what is shown is
//! what is stored.

mod export;
mod history;
mod import;
mod vault;

use certwright_certs::certificate::Certificate;
use certwright_certs::name::Name;
use certwright_certs::request::{RequestedUsage, generate_request_for};
use certwright_certs::san::GeneralName;
pub use certwright_keys::generate::Progress;
use certwright_keys::private::PrivateKey;
use certwright_keys::{KeySpec, SecretBytes, generate};
use certwright_keystore::alias::parse_alias;
use certwright_keystore::entry::{Content, Entry, KeyPair};
use certwright_keystore::keystore::Keystore;
use certwright_keystore::vault::VaultKey;
use certwright_protocol::Problem;
use certwright_protocol::ui::{ExportFormat, KeyChoice, ProbePlan, Request, Response};
use certwright_protocol::view::{KeystoreView, Persistence};
use rand_core::CryptoRng;

use crate::convert::{alias_problem, entry_problem, name_problem};
use crate::found::FoundThings;
use crate::probe::Probe;
use crate::show;
use history::History;

/// Longest list of alternative names in one request.
const MAX_ALTERNATIVE_NAMES: usize = 100;

/// The open keystore with its history.
pub struct Session {
    keystore: Keystore,
    history: History,
    persistence: Persistence,
    vault_key: Option<VaultKey>,
    found: FoundThings,
    revision: u64,
}

/// A state to return to.
pub struct Checkpoint {
    keystore: Keystore,
    history: History,
    persistence: Persistence,
    vault_key: Option<VaultKey>,
    revision: u64,
}

impl Session {
    /// An empty keystore in memory, or, if a vault is kept on this device, a locked one.
    pub fn new(vault_exists: bool) -> Self {
        Self {
            keystore: Keystore::default(),
            history: History::default(),
            persistence: if vault_exists { Persistence::Locked } else { Persistence::MemoryOnly },
            vault_key: None,
            found: FoundThings::default(),
            revision: 0,
        }
    }

    /// The keystore as the page shows it.
    pub fn view(&self) -> KeystoreView {
        KeystoreView {
            entries: self.keystore.iter().map(|entry| show::entry(entry, &self.keystore)).collect(),
            persistence: self.persistence,
            undo: self.history.undo_name(),
            redo: self.history.redo_name(),
        }
    }

    /// The keystore itself.
    pub fn keystore(&self) -> &Keystore {
        &self.keystore
    }

    /// Goes up with every change of the keystore.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Remembers the state.
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            keystore: self.keystore.clone(),
            history: self.history.clone(),
            persistence: self.persistence,
            vault_key: self.vault_key.clone(),
            revision: self.revision,
        }
    }

    /// Returns to a remembered state.
    pub fn restore(&mut self, checkpoint: Checkpoint) {
        let Checkpoint { keystore, history, persistence, vault_key, revision } = checkpoint;
        self.keystore = keystore;
        self.history = history;
        self.persistence = persistence;
        self.vault_key = vault_key;
        self.revision = revision;
    }

    /// Answers a request that needs neither storage nor network nor long work; those that do are methods of their own
    /// (key generation, vault, probe), and come back as [`Problem::Internal`] here.
    ///
    /// `now_ms` is in Unix milliseconds. Whenever a problem is returned, the keystore is unchanged.
    pub fn answer(
        &mut self,
        request: Request,
        now_ms: i64,
        rng: &mut impl CryptoRng,
    ) -> Result<Response, Problem> {
        match request {
            Request::MakeRequest { alias, subject, alternative_names } => {
                self.make_request(&alias, &subject, &alternative_names, now_ms, rng)
            }
            Request::Look { files, password } => Ok(self.look(&files, password.as_ref())),
            Request::Import { choices } => self.import(&choices, now_ms),
            Request::Trust { certificate, alias } => self.trust(&certificate.0, alias, now_ms),
            Request::Rename { alias, to } => self.rename(&alias, &to, now_ms),
            Request::Delete { alias } => self.delete(&alias),
            Request::Undo => self.undo(),
            Request::Redo => self.redo(),
            Request::Export { alias, what } => self.export(&alias, &what, rng),
            Request::GenerateKey { .. }
            | Request::Cancel { .. }
            | Request::Keep { .. }
            | Request::Unlock { .. }
            | Request::Lock
            | Request::Forget
            | Request::Probe(_) => Err(Problem::Internal { detail: "request for another part".into() }),
        }
    }

    /// Whether a key can be made under this alias; asked before the long work begins.
    pub fn check_new_alias(&self, alias: &str) -> Result<(), Problem> {
        self.open()?;
        let alias = parse_alias(alias).map_err(|error| alias_problem(error, alias))?;
        match self.keystore.find(&alias) {
            Some(taken) => Err(Problem::AliasTaken { alias: taken.alias.clone() }),
            None => Ok(()),
        }
    }

    /// Adds a key that another worker made, from its PKCS#8 form, which is wiped.
    pub fn add_pkcs8_key(&mut self, alias: &str, pkcs8: Vec<u8>, now_ms: i64) -> Result<Response, Problem> {
        let pkcs8 = SecretBytes::new(pkcs8);
        let key = PrivateKey::from_pkcs8_der(pkcs8.as_bytes())
            .map_err(|error| Problem::Internal { detail: error.to_string() })?;
        self.add_key(alias, key, now_ms)
    }

    /// Adds a key that was made.
    pub fn add_key(&mut self, alias: &str, key: PrivateKey, now_ms: i64) -> Result<Response, Problem> {
        self.open()?;
        let content = Content::KeyPair(KeyPair { key, chain: Vec::new(), request: None });
        let mut keystore = self.keystore.clone();
        let entry =
            Entry { alias: alias.trim().to_owned(), content, created_ms: now_ms, modified_ms: now_ms };
        let alias = entry.alias.clone();
        keystore.insert(entry).map_err(|error| entry_problem(error, &alias))?;
        self.change(format!("New key “{alias}”"), keystore);
        Ok(Response::Entry { alias })
    }

    /// Begins a probe with this keystore.
    pub fn probe(
        &self,
        plan: ProbePlan,
        now_ms: i64,
    ) -> Result<(Probe, certwright_protocol::conversation::ToServer), Problem> {
        Probe::start(plan, &self.keystore, Vec::new(), now_ms)
    }

    fn make_request(
        &mut self,
        alias: &str,
        subject: &str,
        alternative_names: &[String],
        now_ms: i64,
        rng: &mut impl CryptoRng,
    ) -> Result<Response, Problem> {
        self.open()?;
        let (subject, names) = parse_subject(subject, alternative_names)?;
        let (entry, pair) = self.key_pair(alias)?;
        let request = generate_request_for(&pair.key, &subject, &names, RequestedUsage::CLIENT, rng)
            .map_err(|error| Problem::Internal { detail: error.to_string() })?;
        let alias = entry.alias.clone();
        let mut keystore = self.keystore.clone();
        keystore
            .set_request(&alias, request.clone(), now_ms)
            .map_err(|error| entry_problem(error, &alias))?;
        self.change(format!("Signing request for “{alias}”"), keystore);
        Ok(Response::Request { request: show::request(&request, &self.keystore) })
    }

    fn trust(&mut self, der: &[u8], alias: Option<String>, now_ms: i64) -> Result<Response, Problem> {
        self.open()?;
        let certificate = Certificate::from_der(der).map_err(|error| Problem::FileDamaged {
            file: "certificate".into(),
            format: "a certificate".into(),
            detail: Some(error.to_string()),
        })?;
        if let Some(existing) = self.keystore.find_trusted(&certificate) {
            return Err(Problem::CertificateAlreadyThere { alias: existing.alias.clone() });
        }
        let alias = match alias {
            Some(alias) => alias.trim().to_owned(),
            None => self.keystore.unique_alias(&certificate.display_name()),
        };
        let mut keystore = self.keystore.clone();
        let content = Content::TrustedCertificate(certificate);
        keystore
            .insert(Entry { alias: alias.clone(), content, created_ms: now_ms, modified_ms: now_ms })
            .map_err(|error| entry_problem(error, &alias))?;
        self.change(format!("Trust “{alias}”"), keystore);
        Ok(Response::Entry { alias })
    }

    fn rename(&mut self, alias: &str, to: &str, now_ms: i64) -> Result<Response, Problem> {
        self.open()?;
        let mut keystore = self.keystore.clone();
        keystore.rename(alias, to, now_ms).map_err(|error| entry_problem(error, to))?;
        self.change(format!("Rename “{alias}” to “{}”", to.trim()), keystore);
        Ok(Response::Done)
    }

    fn delete(&mut self, alias: &str) -> Result<Response, Problem> {
        self.open()?;
        let mut keystore = self.keystore.clone();
        let removed = keystore.remove(alias).map_err(|error| entry_problem(error, alias))?;
        self.change(format!("Delete “{}”", removed.alias), keystore);
        Ok(Response::Done)
    }

    fn undo(&mut self) -> Result<Response, Problem> {
        self.open()?;
        self.keystore = self.history.undo(&self.keystore).ok_or(Problem::NothingToUndo)?;
        self.revision += 1;
        Ok(Response::Done)
    }

    fn redo(&mut self) -> Result<Response, Problem> {
        self.open()?;
        self.keystore = self.history.redo(&self.keystore).ok_or(Problem::NothingToUndo)?;
        self.revision += 1;
        Ok(Response::Done)
    }

    /// Every change goes through here, so that it has a name and can be undone.
    fn change(&mut self, name: String, keystore: Keystore) {
        let before = std::mem::replace(&mut self.keystore, keystore);
        self.history.record(name, before);
        self.revision += 1;
    }

    fn open(&self) -> Result<(), Problem> {
        match self.persistence {
            Persistence::Locked => Err(Problem::VaultLocked),
            Persistence::MemoryOnly | Persistence::Kept => Ok(()),
        }
    }

    fn entry(&self, alias: &str) -> Result<&Entry, Problem> {
        self.keystore.find(alias).ok_or_else(|| Problem::NoSuchEntry { alias: alias.to_owned() })
    }

    fn key_pair(&self, alias: &str) -> Result<(&Entry, &KeyPair), Problem> {
        let entry = self.entry(alias)?;
        match &entry.content {
            Content::KeyPair(pair) => Ok((entry, pair)),
            Content::TrustedCertificate(_) => Err(Problem::NoPrivateKey { alias: entry.alias.clone() }),
        }
    }
}

/// Makes a key. This is the long work that runs in a worker of its own; `report` is called for every candidate for a prime.
pub fn generate_key(choice: KeyChoice, rng: &mut impl CryptoRng, report: impl FnMut(Progress)) -> PrivateKey {
    let spec = match choice {
        KeyChoice::EcP256 => KeySpec::EcP256,
        KeyChoice::EcP384 => KeySpec::EcP384,
        KeyChoice::Rsa2048 => KeySpec::Rsa2048,
        KeyChoice::Rsa3072 => KeySpec::Rsa3072,
        KeyChoice::Rsa4096 => KeySpec::Rsa4096,
    };
    generate::generate_key_with_progress(spec, rng, report)
}

fn parse_subject(subject: &str, alternative_names: &[String]) -> Result<(Name, Vec<GeneralName>), Problem> {
    let subject = if subject.trim().is_empty() {
        Name::empty()
    } else {
        Name::parse_rfc4514(subject).map_err(|error| name_problem(&error))?
    };
    let typed: Vec<&str> =
        alternative_names.iter().map(|name| name.trim()).filter(|n| !n.is_empty()).collect();
    if let Some(text) = typed.get(MAX_ALTERNATIVE_NAMES) {
        return Err(Problem::AlternativeNameInvalid { text: (*text).to_owned() });
    }
    let mut names = Vec::new();
    for text in typed {
        let name = GeneralName::parse_text(text)
            .map_err(|_| Problem::AlternativeNameInvalid { text: text.to_owned() })?;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if subject.is_empty() && names.is_empty() {
        return Err(Problem::SubjectEmpty);
    }
    Ok((subject, names))
}

/// The formats that [`Request::Export`] knows, by the extension of the file's name.
fn file_extension(format: &ExportFormat) -> &'static str {
    match format {
        ExportFormat::Pkcs12 { .. } => "p12",
        ExportFormat::Chain => "p7b",
        ExportFormat::ChainPem => "pem",
        ExportFormat::Certificate => "cer",
        ExportFormat::SigningRequest => "csr",
    }
}
