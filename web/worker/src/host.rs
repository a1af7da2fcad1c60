//! Works off the events, one after the other.

use certwright_engine::probe::Probe;
use certwright_engine::session::Session;
use certwright_protocol::conversation::{FromServer, ProbeFailure, ToServer};
use certwright_protocol::ui::{FromWorker, ProbePlan, Request, Response, ToWorker};
use certwright_protocol::{Password, Problem};
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use web_sys::DedicatedWorkerGlobalScope;

use crate::generator::Generator;
use crate::random::random;
use crate::socket::Socket;
use crate::storage::Storage;
use crate::{Event, Events};

/// The session with all that it needs of the browser.
pub(crate) struct Host {
    scope: DedicatedWorkerGlobalScope,
    events: Events,
    session: Session,
    storage: Result<Storage, Problem>,
    generating: Option<Generating>,
    probing: Option<Probing>,
}

struct Generating {
    id: u32,
    alias: String,
    _generator: Generator,
}

struct Probing {
    id: u32,
    probe: Probe,
    opening: ToServer,
    socket: Socket,
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
        let host = Self { scope, events, session, storage, generating: None, probing: None };
        host.post(&FromWorker::Ready { keystore: host.session.view() });
        host
    }

    /// Takes one event.
    pub(crate) async fn take(&mut self, event: Event) {
        match event {
            Event::Page(text) => match serde_json::from_str::<ToWorker>(&text) {
                Ok(ToWorker { id, request }) => self.request(id, request).await,
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
            Event::SocketOpen(id) => {
                if let Some(probing) = self.probing.as_ref().filter(|probing| probing.id == id) {
                    probing.socket.send(&probing.opening);
                }
            }
            Event::SocketMessage(id, text) => self.heard(id, &text),
            Event::SocketClosed(id) => self.abort_probe(id, ProbeFailure::ServerLost),
        }
    }

    async fn request(&mut self, id: u32, request: Request) {
        match request {
            Request::GenerateKey { alias, key } => {
                if let Err(problem) = self.generate(id, alias, key) {
                    self.reply(id, Err(problem));
                }
            }
            Request::Cancel { id: other } => {
                if self.generating.take_if(|generating| generating.id == other).is_some() {
                    self.reply(other, Err(Problem::Cancelled));
                }
                self.abort_probe(other, ProbeFailure::Stopped);
                self.reply(id, Ok(Response::Done));
            }
            Request::Probe(plan) => {
                if let Err(problem) = self.start_probe(id, plan) {
                    self.reply(id, Err(problem));
                }
            }
            Request::Keep { passphrase } => {
                self.change(id, |session| session.keep(&passphrase, &mut random()).map(|()| Response::Done))
                    .await;
            }
            Request::Unlock { passphrase } => {
                let result = self.unlock(&passphrase).await;
                self.show_and_reply(id, result);
            }
            Request::Lock => {
                let result = self.session.lock().map(|()| Response::Done);
                self.show_and_reply(id, result);
            }
            Request::Forget => {
                let result = self.forget().await;
                self.show_and_reply(id, result);
            }
            request => {
                self.change(id, |session| session.answer(request, now_ms(), &mut random())).await;
            }
        }
    }

    /// Makes a change; if the keystore is kept, the change counts only once it is stored.
    async fn change(&mut self, id: u32, action: impl FnOnce(&mut Session) -> Result<Response, Problem>) {
        let before = self.session.checkpoint();
        let revision = self.session.revision();
        let mut result = action(&mut self.session);
        if self.session.revision() != revision {
            if let Err(problem) = self.save().await {
                self.session.restore(before);
                result = Err(problem);
            }
            self.post(&FromWorker::Keystore { keystore: self.session.view() });
        }
        self.reply(id, result);
    }

    async fn save(&mut self) -> Result<(), Problem> {
        let Some(vault) = self.session.seal(&mut random())? else { return Ok(()) };
        self.storage.as_mut().map_err(|problem| problem.clone())?.store(&vault).await
    }

    async fn unlock(&mut self, passphrase: &Password) -> Result<Response, Problem> {
        let storage = self.storage.as_mut().map_err(|problem| problem.clone())?;
        let vault = storage.load().await?.ok_or(Problem::VaultDamaged)?;
        self.session.unlock(&vault, passphrase)?;
        Ok(Response::Done)
    }

    async fn forget(&mut self) -> Result<Response, Problem> {
        self.storage.as_mut().map_err(|problem| problem.clone())?.remove().await?;
        self.session.forget();
        Ok(Response::Done)
    }

    fn generate(
        &mut self,
        id: u32,
        alias: String,
        key: certwright_protocol::ui::KeyChoice,
    ) -> Result<(), Problem> {
        if self.generating.is_some() {
            return Err(Problem::AlreadyGenerating);
        }
        self.session.check_new_alias(&alias)?;
        let generator =
            Generator::start(&self.scope, id, key, self.events.clone()).map_err(|_| Problem::WorkerFailed)?;
        self.generating = Some(Generating { id, alias, _generator: generator });
        Ok(())
    }

    async fn key_made(&mut self, id: u32, key: &Uint8Array) {
        let Some(Generating { alias, .. }) = self.generating.take_if(|generating| generating.id == id) else {
            return;
        };
        let pkcs8 = key.to_vec();
        // The array is the only copy outside of our memory: wipe it.
        key.fill(0, 0, key.length());
        self.change(id, |session| session.add_pkcs8_key(&alias, pkcs8, now_ms())).await;
    }

    fn start_probe(&mut self, id: u32, plan: ProbePlan) -> Result<(), Problem> {
        if self.probing.is_some() {
            return Err(Problem::AlreadyProbing);
        }
        let (mut probe, opening) = self.session.probe(plan, now_ms())?;
        match Socket::open(&self.scope, id, self.events.clone()) {
            Ok(socket) => {
                self.post(&FromWorker::Probe { id, report: Box::new(probe.report().clone()) });
                self.probing = Some(Probing { id, probe, opening, socket });
            }
            Err(_) => {
                probe.abort(ProbeFailure::ServerLost);
                self.reply(id, Ok(Response::Probed { report: Box::new(probe.report().clone()) }));
            }
        }
        Ok(())
    }

    fn heard(&mut self, id: u32, text: &str) {
        let Some(probing) = self.probing.as_mut().filter(|probing| probing.id == id) else { return };
        let Ok(message) = serde_json::from_str::<FromServer>(text) else {
            self.abort_probe(id, ProbeFailure::ServerLost);
            return;
        };
        if let Some(answer) = probing.probe.receive(message, now_ms().div_euclid(1000), &mut random()) {
            probing.socket.send(&answer);
        }
        let report = Box::new(probing.probe.report().clone());
        if probing.probe.is_over() {
            self.probing = None;
            self.reply(id, Ok(Response::Probed { report }));
        } else {
            self.post(&FromWorker::Probe { id, report });
        }
    }

    fn abort_probe(&mut self, id: u32, failure: ProbeFailure) {
        if let Some(mut probing) = self.probing.take_if(|probing| probing.id == id) {
            probing.probe.abort(failure);
            self.reply(id, Ok(Response::Probed { report: Box::new(probing.probe.report().clone()) }));
        }
    }

    fn show_and_reply(&self, id: u32, result: Result<Response, Problem>) {
        self.post(&FromWorker::Keystore { keystore: self.session.view() });
        self.reply(id, result);
    }

    fn reply(&self, id: u32, result: Result<Response, Problem>) {
        self.post(&FromWorker::Reply { id, result });
    }

    fn post(&self, message: &FromWorker) {
        match serde_json::to_string(message) {
            // Posting a string cannot fail: strings can always be cloned.
            Ok(text) => drop(self.scope.post_message(&JsValue::from_str(&text))),
            Err(error) => web_sys::console::error_1(&JsValue::from(error.to_string())),
        }
    }
}

/// Unix milliseconds by the browser's clock.
fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}
