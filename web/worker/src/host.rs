//! Works off the events, one after the other.

use certwright_engine::probe::Probe;
use certwright_engine::session::Session;
use certwright_protocol::conversation::{FromServer, ProbeFailure, ToServer};
use certwright_protocol::language::{self, Language};
use certwright_protocol::report::ProbeReport;
use certwright_protocol::ui::{
    Elsewhere, FromWorker, KeyChoice, ProbePlan, Request, Response, StoreId, ToWorker, Told,
};
use certwright_protocol::view::{ChainLink, Persistence};
use certwright_protocol::{Password, Problem};
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use web_sys::DedicatedWorkerGlobalScope;

use crate::fetch;
use crate::generator::Generator;
use crate::many::{Many, News};
use crate::random::random;
use crate::socket::{Call, Socket};
use crate::storage::Storage;
use crate::tabs::Tabs;
use crate::{Event, Events};

/// How often a change is tried again that another tab came before.
const MOST_TRIES: u32 = 10;

/// The session with all that it needs of the browser.
pub(crate) struct Host {
    scope: DedicatedWorkerGlobalScope,
    events: Events,
    session: Session,
    storage: Result<Storage, Problem>,
    tabs: Option<Tabs>,
    generating: Option<Generating>,
    probing: Option<Probing>,
    many: Option<Many>,
    /// The last probe, and the last one of a guided job, with the page's requests: what they found is told anew in another language.
    told: [Option<(u32, ProbeReport)>; 2],
    /// Where the last probe's chain says that its missing issuer is to be had.
    issuer_at: Vec<String>,
    /// The requests that wait for such an issuer.
    fetching_issuer: Vec<u32>,
}

struct Generating {
    id: u32,
    store: StoreId,
    alias: String,
    _generator: Generator,
}

struct Probing {
    id: u32,
    probe: Probe,
    opening: ToServer,
    socket: Socket,
    /// The guided job and its step that the probe is for.
    step: Option<(String, String)>,
}

impl Host {
    /// Looks whether a keystore is kept on this device, and says that the worker is ready.
    pub(crate) async fn start(scope: DedicatedWorkerGlobalScope, events: Events) -> Self {
        let mut storage = Storage::open().await;
        let vault_exists = match &mut storage {
            Ok(storage) => matches!(storage.load().await, Ok(Some(_))),
            Err(_) => false,
        };
        let session = Session::new(vault_exists);
        let tabs = Tabs::listen(events.clone());
        let host = Self {
            scope,
            events,
            session,
            storage,
            tabs,
            generating: None,
            probing: None,
            many: None,
            told: [None, None],
            issuer_at: Vec::new(),
            fetching_issuer: Vec::new(),
        };
        host.post(&FromWorker::Ready { keystore: host.session.view() });
        host
    }

    /// Takes one event.
    pub(crate) async fn take(&mut self, event: Event) {
        match event {
            Event::Page(text) => match serde_json::from_str::<ToWorker>(&text) {
                Ok(ToWorker { id, store, request }) => self.request(id, store, request).await,
                Err(error) => web_sys::console::error_1(&JsValue::from(error.to_string())),
            },
            Event::Candidates(id, candidates, expected) => {
                if self.generating.as_ref().is_some_and(|generating| generating.id == id) {
                    self.post(&FromWorker::Generating { id, candidates, expected });
                }
            }
            Event::Key(id, key) => self.key_made(id, &key).await,
            Event::GeneratorFailed(id) => {
                if self.generating.take_if(|generating| generating.id == id).is_some() {
                    self.reply(id, Err(Problem::WorkerFailed));
                }
            }
            Event::SocketOpen(Call { request, number }) => {
                if let Some(probing) = self.probing.as_ref().filter(|probing| probing.id == request) {
                    probing.socket.send(&probing.opening);
                } else if let Some(many) = self.many.as_ref().filter(|many| many.id() == request) {
                    many.opened(number);
                }
            }
            Event::SocketMessage(Call { request, number }, text) => {
                self.heard(request, &text).await;
                self.list_goes_on(request, |many| many.heard(number, &text, now_ms()));
            }
            Event::SocketClosed(Call { request, number }) => {
                self.abort_probe(request, ProbeFailure::ServerLost).await;
                self.list_goes_on(request, |many| many.lost(number, now_ms()));
            }
            Event::Fetched(id, url, result) if self.fetching_issuer.contains(&id) => {
                self.fetching_issuer.retain(|waiting| *waiting != id);
                self.reply(id, result.and_then(|bytes| Session::issuers_in(&url, &bytes)));
            }
            Event::Fetched(id, url, result) => {
                let filled = result.and_then(|bytes| self.session.fetched(&url, &bytes, now_ms()));
                self.reply(id, filled);
            }
            Event::Elsewhere => self.look_elsewhere().await,
        }
    }

    async fn request(&mut self, id: u32, store: StoreId, request: Request) {
        match request {
            Request::GenerateKey { alias, key } => {
                if let Err(problem) = self.generate(id, store, alias, key) {
                    self.reply(id, Err(problem));
                }
            }
            Request::SetLanguage { language } => {
                let texts = match language {
                    Language::English => "",
                    Language::German => include_str!(concat!(env!("OUT_DIR"), "/texts-de.txt")),
                };
                language::set(language, texts);
                self.post(&FromWorker::Keystore { keystore: self.session.view() });
                let running = self.probing.iter().map(|probing| (probing.id, probing.probe.report()));
                let over = self.told.iter().flatten().map(|(id, report)| (*id, report));
                for (id, report) in over.chain(running) {
                    self.post(&FromWorker::Probe { id, report: Box::new(report.into()) });
                }
                self.reply(id, Ok(Response::Done));
            }
            Request::Cancel { id: other } => {
                if self.generating.take_if(|generating| generating.id == other).is_some() {
                    self.reply(other, Err(Problem::Cancelled));
                }
                self.stop_probing(other).await;
                self.reply(id, Ok(Response::Done));
            }
            Request::StopProbing => {
                self.stop_all_probing().await;
                self.reply(id, Ok(Response::Done));
            }
            Request::Fetch { url } if self.session.may_fetch(&url) => {
                fetch::start(&self.scope, id, url, self.events.clone());
            }
            Request::FetchIssuer { url } if self.issuer_at.contains(&url) => {
                self.fetching_issuer.push(id);
                fetch::start(&self.scope, id, url, self.events.clone());
            }
            Request::Fetch { url } | Request::FetchIssuer { url } => {
                self.reply(id, Err(Problem::AddressNotNamed { url }));
            }
            Request::Probe(plan) => {
                if let Err(problem) = self.start_probe(id, *plan, None) {
                    self.reply(id, Err(problem));
                }
            }
            Request::PlanProbe { id: plan, step, act } => {
                let begun = self
                    .session
                    .plan_probe(&plan, &step, &act, now_ms())
                    .and_then(|probe| self.start_probe(id, probe, Some((plan, step))));
                if let Err(problem) = begun {
                    self.reply(id, Err(problem));
                }
            }
            Request::ProbeHosts { .. } if self.many.is_some() => self.reply(id, Err(Problem::AlreadyProbing)),
            Request::ProbeHosts { hosts, plan, before } => {
                self.many = Some(Many::new(id, hosts, *plan, before));
                self.list_goes_on(id, |_| Vec::new());
            }
            Request::Keep { passphrase } => {
                self.change(id, |session| session.keep(&passphrase, &mut random()).map(|()| Response::Done))
                    .await;
            }
            Request::ChangePassphrase { old, new } => match self.load().await {
                Ok(vault) => {
                    let change = |session: &mut Session| {
                        let vault = vault.ok_or(Problem::NothingKept)?;
                        session.change_passphrase(&vault, &old, &new, &mut random()).map(|()| Response::Done)
                    };
                    self.change(id, change).await;
                }
                Err(problem) => self.reply(id, Err(problem)),
            },
            Request::Unlock { passphrase } => {
                let result = self.unlock(&passphrase).await;
                self.show_and_reply(id, result);
            }
            Request::Lock => {
                // What runs holds keys, and would go on with the trust of a keystore that is empty then.
                if self.session.persistence() == Persistence::Kept {
                    self.stop_all_probing().await;
                    let home = |generating: &mut Generating| generating.store == StoreId::HOME;
                    if let Some(generating) = self.generating.take_if(home) {
                        self.reply(generating.id, Err(Problem::Cancelled));
                    }
                }
                let result = self.session.lock().map(|()| Response::Done);
                self.show_and_reply(id, result);
            }
            Request::Forget { everything } => {
                let may = if everything { Ok(()) } else { self.session.may_forget(now_ms()) };
                let result = match may {
                    Ok(()) => self.forget().await,
                    Err(problem) => Err(problem),
                };
                self.show_and_reply(id, result);
            }
            request => {
                self.change(id, |session| session.answer(store, request, now_ms(), &mut random())).await;
            }
        }
    }

    /// Makes a change; if the keystore is kept and was changed, the change counts only once it is stored.
    async fn change(&mut self, id: u32, action: impl FnOnce(&mut Session) -> Result<Response, Problem>) {
        let before = self.session.checkpoint();
        let (revision, home_revision) = (self.session.revision(), self.session.home_revision());
        let mut result = action(&mut self.session);
        if self.session.home_revision() != home_revision
            && let Err(problem) = self.save().await
        {
            let gone = problem == Problem::VaultGone;
            self.session.restore(before);
            if gone {
                self.session.forget();
            }
            result = Err(problem);
            self.post(&FromWorker::Keystore { keystore: self.session.view() });
        } else if self.session.revision() != revision {
            self.post(&FromWorker::Keystore { keystore: self.session.view() });
        }
        self.reply(id, result);
    }

    /// Stores the keystore, if it is kept. What another tab stored meanwhile is taken over first. If it cannot be stored in the end, what
    /// was taken over is not known any more either: the caller takes it back together with its own change.
    async fn save(&mut self) -> Result<(), Problem> {
        let known = self.storage.as_ref().ok().map(Storage::known);
        let saved = self.save_over_others().await;
        if let (Err(_), Ok(storage), Some(known)) = (&saved, &mut self.storage, known) {
            storage.know_again(known);
        }
        saved
    }

    async fn save_over_others(&mut self) -> Result<(), Problem> {
        for _ in 0..MOST_TRIES {
            let Some(vault) = self.session.seal(&mut random())? else { return Ok(()) };
            let storage = self.storage.as_mut().map_err(|problem| problem.clone())?;
            match storage.store(&vault).await {
                Ok(()) => {
                    self.session.stored();
                    self.tabs.iter().for_each(Tabs::tell);
                    return Ok(());
                }
                // This tab is about to keep its keystore, and another was faster.
                Err(Problem::ChangedInAnotherTab) if storage.knows(None) => return Err(Problem::VaultExists),
                Err(Problem::ChangedInAnotherTab) => {
                    let record = storage.peek().await?.ok_or(Problem::VaultGone)?;
                    self.session.take_over(&record.vault)?;
                    storage.know(Some(&record));
                }
                Err(problem) => return Err(problem),
            }
        }
        Err(Problem::ChangedInAnotherTab)
    }

    /// Takes over what another tab did to the kept keystore.
    async fn look_elsewhere(&mut self) {
        let Ok(storage) = &mut self.storage else { return };
        let Ok(record) = storage.peek().await else { return };
        if storage.knows(record.as_ref()) {
            return;
        }
        let what = match (self.session.persistence(), record) {
            (Persistence::MemoryOnly, _) | (Persistence::Locked, Some(_)) => return,
            (Persistence::Locked | Persistence::Kept, None) => {
                storage.know(None);
                self.session.forget();
                Elsewhere::Removed
            }
            (Persistence::Kept, Some(record)) => match self.session.take_over(&record.vault) {
                Ok(()) => {
                    storage.know(Some(&record));
                    Elsewhere::Saved
                }
                Err(_) => Elsewhere::PassphraseChanged,
            },
        };
        self.post(&FromWorker::Keystore { keystore: self.session.view() });
        self.post(&FromWorker::Elsewhere { what });
    }

    async fn load(&mut self) -> Result<Option<Vec<u8>>, Problem> {
        self.storage.as_mut().map_err(|problem| problem.clone())?.load().await
    }

    async fn unlock(&mut self, passphrase: &Password) -> Result<Response, Problem> {
        let vault = self.load().await?.ok_or(Problem::VaultGone)?;
        let revision = self.session.home_revision();
        self.session.unlock(&vault, passphrase, &mut random())?;
        if self.session.home_revision() != revision {
            // A better key; if it cannot be stored now, the old one stays and the next save tries again.
            let _ = self.save().await;
        }
        Ok(Response::Done)
    }

    async fn forget(&mut self) -> Result<Response, Problem> {
        self.storage.as_mut().map_err(|problem| problem.clone())?.remove().await?;
        self.session.forget();
        self.tabs.iter().for_each(Tabs::tell);
        Ok(Response::Done)
    }

    fn generate(&mut self, id: u32, store: StoreId, alias: String, key: KeyChoice) -> Result<(), Problem> {
        if self.generating.is_some() {
            return Err(Problem::AlreadyGenerating);
        }
        self.session.check_new_key(store, &alias, key)?;
        let generator =
            Generator::start(&self.scope, id, key, self.events.clone()).map_err(|_| Problem::WorkerFailed)?;
        self.generating = Some(Generating { id, store, alias, _generator: generator });
        Ok(())
    }

    async fn key_made(&mut self, id: u32, key: &Uint8Array) {
        let Some(Generating { store, alias, .. }) = self.generating.take_if(|generating| generating.id == id)
        else {
            return;
        };
        let pkcs8 = key.to_vec();
        // The array is the only copy outside of our memory: wipe it.
        key.fill(0, 0, key.length());
        self.change(id, |session| session.add_pkcs8_key(store, &alias, pkcs8, now_ms())).await;
    }

    /// `step` names the guided job and its step that the probe is for.
    fn start_probe(
        &mut self,
        id: u32,
        plan: ProbePlan,
        step: Option<(String, String)>,
    ) -> Result<(), Problem> {
        if self.probing.is_some() {
            return Err(Problem::AlreadyProbing);
        }
        let (mut probe, mut opening) = self.session.probe(plan, now_ms())?;
        probe.keep_steps(&mut opening);
        match Socket::open(&self.scope, Call { request: id, number: 0 }, self.events.clone()) {
            Ok(socket) => {
                self.post(&FromWorker::Probe { id, report: Box::new(probe.report().into()) });
                self.probing = Some(Probing { id, probe, opening, socket, step });
            }
            Err(_) => {
                probe.abort(ProbeFailure::ServerLost);
                self.reply(id, Ok(Response::Probed { report: Box::new(probe.report().into()) }));
            }
        }
        Ok(())
    }

    async fn heard(&mut self, id: u32, text: &str) {
        let Some(probing) = self.probing.as_mut().filter(|probing| probing.id == id) else { return };
        let Ok(message) = serde_json::from_str::<FromServer>(text) else {
            self.abort_probe(id, ProbeFailure::ServerLost).await;
            return;
        };
        if let Some(answer) = probing.probe.receive(message, now_ms().div_euclid(1000), &mut random()) {
            probing.socket.send(&answer);
        }
        if !probing.probe.is_over() {
            let report = Box::new(probing.probe.report().into());
            self.post(&FromWorker::Probe { id, report });
        } else if let Some(probing) = self.probing.take() {
            self.issuer_at = issuer_addresses(probing.probe.report());
            self.probe_over(probing).await;
        }
    }

    /// Answers with the report, once it is in the guided job that it is for.
    async fn probe_over(&mut self, probing: Probing) {
        let Probing { id, probe, step, socket, .. } = probing;
        // The connection ends at once, and not when something is stored: a page that is left may be stopped by then.
        drop(socket);
        let report = probe.report();
        let answer = Response::Probed { report: Box::new(report.into()) };
        let [own, of_job] = &mut self.told;
        *(if step.is_some() { of_job } else { own }) = Some((id, report.clone()));
        match step {
            Some((plan, step)) => {
                self.change(id, |session| {
                    session.plan_probed(&plan, &step, report, now_ms()).map(|()| answer)
                })
                .await;
            }
            None => self.reply(id, Ok(answer)),
        }
    }

    /// Tells what is new of a list, and goes on with it.
    fn list_goes_on(&mut self, id: u32, change: impl FnOnce(&mut Many) -> News) {
        let Some(many) = self.many.as_mut().filter(|many| many.id() == id) else { return };
        let mut news = change(many);
        news.extend(many.fill(&self.scope, &self.events, &self.session, now_ms()));
        let over = many.is_over();
        for (number, row) in news {
            self.post(&FromWorker::HostRow { id, number, row: Box::new(row) });
        }
        if over {
            self.many = None;
            self.reply(id, Ok(Response::Done));
        }
    }

    /// Stops the probe or the list with this number, if it is one.
    async fn stop_probing(&mut self, id: u32) {
        self.abort_probe(id, ProbeFailure::Stopped).await;
        if self.many.take_if(|many| many.id() == id).is_some() {
            self.reply(id, Ok(Response::Done));
        }
    }

    async fn stop_all_probing(&mut self) {
        let running = [self.many.as_ref().map(Many::id), self.probing.as_ref().map(|one| one.id)];
        for running in running.into_iter().flatten() {
            self.stop_probing(running).await;
        }
    }

    async fn abort_probe(&mut self, id: u32, failure: ProbeFailure) {
        if let Some(mut probing) = self.probing.take_if(|probing| probing.id == id) {
            probing.probe.abort(failure);
            self.probe_over(probing).await;
        }
    }

    fn show_and_reply(&self, id: u32, result: Result<Response, Problem>) {
        self.post(&FromWorker::Keystore { keystore: self.session.view() });
        self.reply(id, result);
    }

    fn reply(&self, id: u32, result: Result<Response, Problem>) {
        self.post(&FromWorker::Reply { id, result: result.map_err(Told::from) });
    }

    fn post(&self, message: &FromWorker) {
        match serde_json::to_string(message) {
            // Posting a string cannot fail: strings can always be cloned.
            Ok(text) => drop(self.scope.post_message(&JsValue::from_str(&text))),
            Err(error) => web_sys::console::error_1(&JsValue::from(error.to_string())),
        }
    }
}

/// The addresses that a chain names for the issuer that it lacks.
fn issuer_addresses(report: &ProbeReport) -> Vec<String> {
    let links = report.chain.iter().flat_map(|chain| &chain.path);
    let named = links.filter_map(|link| match link {
        ChainLink::Missing { ca_issuers, .. } => Some(ca_issuers),
        ChainLink::Certificate { .. } => None,
    });
    named.flatten().filter(|url| url.starts_with("http://") || url.starts_with("https://")).cloned().collect()
}

/// Unix milliseconds by the browser's clock.
fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}
