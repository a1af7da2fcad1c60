//! A session: the open keystores, their history, and what every request of the page does to them.
//!
//! The session has no storage. After a request that changed the keystore of the browser ([`Session::home_revision`] went up) the host
//! seals it with [`Session::seal`], stores the result and says so with [`Session::stored`]; if storing fails, it takes the change back with
//! [`Session::restore`], so that what is shown is what is stored. If another tab stored something meanwhile, the host hands that over with
//! [`Session::take_over`] and tries again.

mod entries;
mod export;
mod history;
mod import;
mod inspect;
mod issue;
mod plans;
mod requests;
mod samples;
mod stores;
mod sync;
mod vault;
mod workspace;

use std::cell::RefCell;

pub use certwright_keys::generate::Progress;
use certwright_keys::private::PrivateKey;
use certwright_keys::{KeySpec, SecretBytes, generate};
use certwright_keystore::entry::{Content, Entry, KeyPair};
use certwright_keystore::keystore::Keystore;
use certwright_keystore::vault::VaultKey;
use certwright_protocol::Problem;
use certwright_protocol::ui::{KeyChoice, ProbePlan, Request, Response, StoreId, Told};
use certwright_protocol::view::{KeystoreView, Persistence, StoreView};
use rand_core::CryptoRng;

use crate::convert::{alias_problem, entry_problem};
use crate::found::FoundThings;
use crate::hosts;
use crate::inspect::Inspection;
use crate::opened::format_of;
use crate::plans::{Plan, still_needed};
use crate::probe::Probe;
use crate::show;
use certwright_language::t;
pub(crate) use export::{file_stem, key_format};
use history::History;
pub(crate) use import::{open_vault, parse_with_each};
use plans::ToldPlans;
pub(crate) use workspace::SheetFile;
use workspace::{Sheet, Workspace};

/// The open keystores with their history.
pub struct Session {
    work: Workspace,
    history: History,
    persistence: Persistence,
    vault: Option<OpenVault>,
    found: FoundThings,
    inspection: Inspection,
    /// What could not be read of what was last given to be inspected.
    unread: Vec<Problem>,
    /// Plans that were found in files.
    found_plans: Vec<Plan>,
    /// How the plans stood when they were told last.
    told_plans: RefCell<ToldPlans>,
    /// The time of the last request, Unix milliseconds: by it the list says how plans stand.
    seen_ms: i64,
    revision: u64,
    home_revision: u64,
    last_store: u32,
}

/// The kept keystore: its key, and what is known to be stored.
#[derive(Clone)]
struct OpenVault {
    key: VaultKey,
    stored: Keystore,
}

/// A state to return to.
pub struct Checkpoint {
    work: Workspace,
    history: History,
    persistence: Persistence,
    vault: Option<OpenVault>,
    revision: u64,
    home_revision: u64,
}

impl Session {
    /// An empty keystore in memory, or, if a vault is kept on this device, a locked one.
    pub fn new(vault_exists: bool) -> Self {
        Self {
            work: Workspace::default(),
            history: History::default(),
            persistence: if vault_exists { Persistence::Locked } else { Persistence::MemoryOnly },
            vault: None,
            found: FoundThings::default(),
            inspection: Inspection::default(),
            unread: Vec::new(),
            found_plans: Vec::new(),
            told_plans: RefCell::default(),
            seen_ms: 0,
            revision: 0,
            home_revision: 0,
            last_store: 0,
        }
    }

    /// A session over entries that are there, in memory.
    pub(crate) fn with_keystore(keystore: Keystore) -> Self {
        let work = Workspace { home: keystore, ..Workspace::default() };
        Self { work, ..Self::new(false) }
    }

    /// The keystores as the page shows them.
    pub fn view(&self) -> KeystoreView {
        KeystoreView {
            entries: show::entries(&self.work.home),
            profile: show::profile(self.work.home.profile()),
            persistence: self.persistence,
            stores: self.work.sheets.iter().map(store_view).collect(),
            plans: self.plan_summaries(),
            host_lists: self.host_lists(),
            undo: self.history.undo_name(),
            redo: self.history.redo_name(),
        }
    }

    /// The keystore of the browser.
    pub fn keystore(&self) -> &Keystore {
        &self.work.home
    }

    /// Where the keystore of the browser lives.
    pub fn persistence(&self) -> Persistence {
        self.persistence
    }

    /// Goes up with every change of any keystore.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Goes up with every change of the keystore of the browser, which then has to be stored if it is kept.
    pub fn home_revision(&self) -> u64 {
        self.home_revision
    }

    /// Remembers the state.
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            work: self.work.clone(),
            history: self.history.clone(),
            persistence: self.persistence,
            vault: self.vault.clone(),
            revision: self.revision,
            home_revision: self.home_revision,
        }
    }

    /// Returns to a remembered state.
    pub fn restore(&mut self, checkpoint: Checkpoint) {
        let Checkpoint { work, history, persistence, vault, revision, home_revision } = checkpoint;
        self.work = work;
        self.history = history;
        self.persistence = persistence;
        self.vault = vault;
        self.revision = revision;
        self.home_revision = home_revision;
    }

    /// Answers a request that needs neither storage nor network nor long work; those that do are methods of their own
    /// (key generation, vault, probe), and come back as [`Problem::Internal`] here.
    ///
    /// `now_ms` is in Unix milliseconds. Whenever a problem is returned, the keystores are unchanged.
    pub fn answer(
        &mut self,
        store: StoreId,
        request: Request,
        now_ms: i64,
        rng: &mut impl CryptoRng,
    ) -> Result<Response, Problem> {
        self.seen_ms = now_ms;
        match request {
            Request::Detail { alias } => self.detail(store, &alias),
            Request::ParseSubject { text } => requests::parse_subject(&text),
            Request::PlanRequest { alias, like } => self.plan_request(store, &alias, &like),
            Request::MakeRequest { alias, plan } => self.make_request(store, &alias, &plan, now_ms, rng),
            Request::SelfSign { alias, plan, validity } => {
                self.self_sign(store, &alias, &plan, validity, now_ms, rng)
            }
            Request::Issue { issuer, request, plan } => {
                self.issue(store, &issuer, &request, &plan, now_ms, rng)
            }
            Request::Look { files, passwords } => Ok(self.look(store, &files, &passwords, now_ms)),
            Request::Import { choices } => self.import(store, &choices, now_ms),
            Request::OpenStore { id } => self.open_store(id),
            Request::NewStore { name } => self.new_store(&name),
            Request::OpenSample { sample } => self.open_sample(sample, now_ms, rng),
            Request::CloseStore => self.close_store(store),
            Request::UnlockEntries { password } => self.unlock_entries(store, &password, now_ms),
            Request::Merge { from, aliases, mode, overwrite, apply } => {
                self.merge(store, from, aliases.as_deref(), mode, overwrite, apply, now_ms)
            }
            Request::Trust { certificate, alias } => self.trust(store, &certificate.0, alias, now_ms),
            Request::Rename { alias, to } => self.rename(store, &alias, &to, now_ms),
            Request::Delete { aliases } => self.delete(store, &aliases),
            Request::SetLocked { aliases, locked } => self.set_locked(store, &aliases, locked, now_ms),
            Request::RestorePrevious { alias, index } => self.restore_previous(store, &alias, index, now_ms),
            Request::DropPrevious { alias, index } => self.drop_previous(store, &alias, index, now_ms),
            Request::SetProfile { profile } => self.set_profile(store, profile),
            Request::Undo => self.undo(),
            Request::Redo => self.redo(),
            Request::Export { aliases, what } => self.export(store, &aliases, &what, now_ms, rng),
            Request::ExportVault => self.export_vault(rng),
            Request::Inspect { files, passwords } => Ok(self.inspect(&files, &passwords, now_ms)),
            Request::InspectEntry { alias } => self.inspect_entry(store, &alias, now_ms),
            Request::Bag => Ok(self.bag_again(now_ms)),
            Request::Discard { things } => Ok(self.discard(&things, now_ms)),
            Request::Sheet { thing } => self.sheet(thing, now_ms),
            Request::Asn1 { thing } => self.asn1(thing),
            Request::Compare { left, right } => self.compare(left, right, now_ms),
            Request::Judge(plan) => self.judge_chain(store, &plan, now_ms),
            Request::ExportThings { things, format } => self.export_things(&things, format, now_ms),
            Request::ReadHosts { text } => Ok(Response::Hosts { list: hosts::parse_hosts(&text) }),
            Request::KeystoreHosts => Ok(Response::Hosts { list: hosts::named_in(self.open(store)?) }),
            Request::ReadHostRows { text } => {
                let rows = hosts::read_rows(&text).ok_or(Problem::NoHostRows)?;
                Ok(Response::HostRows { rows })
            }
            Request::WriteHosts { rows, format } => Ok(hosts::to_file(&rows, format)),
            Request::NewPlan { job, side, host, entry } => {
                self.new_plan(job, side, &host, entry, now_ms, rng)
            }
            Request::Plan { id } => self.plan(&id, now_ms),
            Request::SetPlanField { id, field, value } => self.set_plan_field(&id, &field, &value, now_ms),
            Request::PlanAct { id, step, act } => self.plan_act(&id, &step, &act, now_ms, rng),
            Request::PlanFiles { id, step, act, files, passwords } => {
                self.plan_files(&id, &step, &act, &files, &passwords, now_ms)
            }
            Request::DeletePlan { id } => self.delete_plan(&id),
            Request::ExportPlan { id } => self.export_plan(&id, now_ms),
            Request::OpenPlan { id } => self.open_plan(id, now_ms),
            Request::PlanHosts => self.plan_hosts(),
            Request::SaveHosts { name, text } => self.save_hosts(&name, &text, now_ms),
            Request::DeleteHosts { name } => self.delete_hosts(&name),
            Request::WhichKeys { authorities } => self.which_keys(store, &authorities, now_ms),
            Request::SetLanguage { .. }
            | Request::GenerateKey { .. }
            | Request::Cancel { .. }
            | Request::StopProbing
            | Request::Keep { .. }
            | Request::Unlock { .. }
            | Request::ChangePassphrase { .. }
            | Request::Lock
            | Request::Forget { .. }
            | Request::Fetch { .. }
            | Request::FetchIssuer { .. }
            | Request::ProbeHosts { .. }
            | Request::PlanProbe { .. }
            | Request::Probe(_) => Err(Problem::Internal { detail: "request for another part".into() }),
        }
    }

    /// Whether such a key can be made under this alias; asked before the long work begins.
    pub fn check_new_key(&self, store: StoreId, alias: &str, key: KeyChoice) -> Result<(), Problem> {
        key_spec(key)?;
        self.open(store)?.choose_alias(alias).map(|_| ()).map_err(|error| alias_problem(error, alias))
    }

    /// Adds a key that another worker made, from its PKCS#8 form, which is wiped.
    pub fn add_pkcs8_key(
        &mut self,
        store: StoreId,
        alias: &str,
        pkcs8: Vec<u8>,
        now_ms: i64,
    ) -> Result<Response, Problem> {
        let pkcs8 = SecretBytes::new(pkcs8);
        let key = PrivateKey::from_pkcs8_der(pkcs8.as_bytes())
            .map_err(|error| Problem::Internal { detail: error.to_string() })?;
        self.add_key(store, alias, key, now_ms)
    }

    /// Adds a key that was made.
    pub fn add_key(
        &mut self,
        store: StoreId,
        alias: &str,
        key: PrivateKey,
        now_ms: i64,
    ) -> Result<Response, Problem> {
        let mut keystore = self.open(store)?.clone();
        let alias = keystore.choose_alias(alias).map_err(|error| alias_problem(error, alias))?;
        let content = Content::KeyPair(KeyPair::new(key));
        keystore
            .insert(Entry::new(alias.clone(), content, now_ms))
            .map_err(|error| entry_problem(error, &alias))?;
        self.change(store, t!("New key “{alias}”", alias), keystore)?;
        Ok(Response::Entry { alias })
    }

    /// Begins a probe with this keystore.
    pub fn probe(
        &self,
        plan: ProbePlan,
        now_ms: i64,
    ) -> Result<(Probe, certwright_protocol::conversation::ToServer), Problem> {
        Probe::start(plan, &self.work.home, Vec::new(), now_ms)
    }

    fn undo(&mut self) -> Result<Response, Problem> {
        let state = self.history.undo(&self.work).ok_or(Problem::NothingToUndo)?;
        self.put(state);
        Ok(Response::Done)
    }

    fn redo(&mut self) -> Result<Response, Problem> {
        let state = self.history.redo(&self.work).ok_or(Problem::NothingToUndo)?;
        self.put(state);
        Ok(Response::Done)
    }

    /// Every change of a keystore goes through here, so that it has a name and can be undone, and takes away no root that a guided job says is still needed.
    fn change(&mut self, store: StoreId, name: String, keystore: Keystore) -> Result<(), Problem> {
        if store == StoreId::HOME
            && let Some(why) = still_needed(&self.work.home, &keystore, self.seen_ms)
        {
            return Err(Problem::PlanRefused { why });
        }
        let mut work = self.work.clone();
        work.set(store, keystore)?;
        self.change_all(name, work);
        Ok(())
    }

    /// The same for a change that concerns which keystores are open.
    fn change_all(&mut self, name: String, after: Workspace) {
        self.history.record(name, self.work.clone(), after.clone());
        self.put(after);
    }

    fn put(&mut self, work: Workspace) {
        self.home_revision += u64::from(!work.home.is_unchanged_since(&self.work.home));
        self.revision += 1;
        self.work = work;
    }

    /// The keystore with that number, unless it is the one that is kept and locked.
    fn open(&self, store: StoreId) -> Result<&Keystore, Problem> {
        if store == StoreId::HOME && self.persistence == Persistence::Locked {
            return Err(Problem::VaultLocked);
        }
        self.work.keystore(store)
    }

    fn entry(&self, store: StoreId, alias: &str) -> Result<&Entry, Problem> {
        let keystore = self.open(store)?;
        keystore.find(alias).ok_or_else(|| {
            let closed = self
                .work
                .sheet(store)
                .is_ok_and(|sheet| sheet.closed.iter().any(|closed| closed.alias.as_deref() == Some(alias)));
            let alias = alias.to_owned();
            if closed { Problem::EntryClosed { alias } } else { Problem::NoSuchEntry { alias } }
        })
    }

    fn key_pair(&self, store: StoreId, alias: &str) -> Result<(&Entry, &KeyPair), Problem> {
        let entry = self.entry(store, alias)?;
        match entry.key_pair() {
            Some(pair) => Ok((entry, pair)),
            None => Err(Problem::NoPrivateKey { alias: entry.alias.clone() }),
        }
    }

    /// A number for a keystore that is being opened.
    fn next_store(&mut self) -> StoreId {
        self.last_store += 1;
        StoreId(self.last_store)
    }
}

/// Makes a key. This is the long work that runs in a worker of its own; `report` is called for every candidate for a prime.
pub fn generate_key(
    choice: KeyChoice,
    rng: &mut impl CryptoRng,
    report: impl FnMut(Progress),
) -> Result<PrivateKey, Problem> {
    Ok(generate::generate_key_with_progress(key_spec(choice)?, rng, report))
}

/// Which key is meant.
fn key_spec(choice: KeyChoice) -> Result<KeySpec, Problem> {
    Ok(match choice {
        KeyChoice::Rsa { bits } => KeySpec::rsa(bits).ok_or_else(|| Problem::Internal {
            detail: t!("an RSA key of {bits} bits was asked for", bits),
        })?,
        KeyChoice::EcP256 => KeySpec::EcP256,
        KeyChoice::EcP384 => KeySpec::EcP384,
        KeyChoice::EcP521 => KeySpec::EcP521,
        KeyChoice::Ed25519 => KeySpec::Ed25519,
        KeyChoice::MlDsa44 => KeySpec::MlDsa44,
        KeyChoice::MlDsa65 => KeySpec::MlDsa65,
        KeyChoice::MlDsa87 => KeySpec::MlDsa87,
    })
}

fn store_view(sheet: &Sheet) -> StoreView {
    let mut entries = show::entries(&sheet.keystore);
    entries.extend(sheet.closed.iter().map(show::closed));
    let format = sheet.file.as_ref().map(|file| file.kind);
    StoreView {
        id: sheet.id,
        name: sheet.name.clone(),
        format: format.map(|kind| crate::convert::format_name(kind).into()),
        can_save: sheet.file.as_ref().is_some_and(|file| format_of(file).is_some()),
        changed: sheet.changed,
        entries,
        remarks: sheet.remarks.iter().map(Told::from).collect(),
        profile: show::profile(sheet.keystore.profile()),
    }
}
