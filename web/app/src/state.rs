//! The one store: what the page shows, and how it changes.

use std::rc::Rc;

use certwright_protocol::report::ProbeReport;
use certwright_protocol::ui::{FromWorker, Imported, InputFile, KeyChoice, Request, Response};
use certwright_protocol::view::{EntryKind, EntryView, KeystoreView, Persistence};
use certwright_protocol::{Bytes, Problem};
use yew::prelude::*;

use crate::bridge::{Answer, Bridge, Notice};
use crate::browser;
use crate::pages::probe::form::ProbeForm;

/// What the page shows.
#[derive(Clone, PartialEq)]
pub(crate) struct State {
    /// How the worker stands.
    pub(crate) worker: WorkerState,
    /// The keystore as the worker last told it.
    pub(crate) keystore: Rc<KeystoreView>,
    pub(crate) page: Page,
    pub(crate) pane: Pane,
    pub(crate) toasts: Rc<Vec<Toast>>,
    /// The key generation that is under way.
    pub(crate) generation: Option<Generation>,
    pub(crate) probe: Probe,
    pub(crate) probe_form: Rc<ProbeForm>,
    last_toast: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum WorkerState {
    Starting,
    Ready,
    Failed,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    Keystore,
    Probe,
}

/// What lies beside the list of entries.
#[derive(Clone, PartialEq)]
pub(crate) enum Pane {
    None,
    /// An entry's details.
    Entry(AttrValue),
    NewKey,
    /// The form of a signing request for an entry.
    MakeRequest(AttrValue),
    /// Files to look at, to be imported perhaps. The number tells one drop from the next.
    Found(u32, Files, Rc<Vec<Problem>>),
    /// What an import did.
    Imported(Rc<Vec<Imported>>),
}

/// The files of one drop. They are never compared by content: a drop is itself.
#[derive(Clone)]
pub(crate) struct Files(pub(crate) Rc<Vec<InputFile>>);

impl PartialEq for Files {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Clone, PartialEq)]
pub(crate) struct Generation {
    pub(crate) id: u32,
    pub(crate) alias: AttrValue,
    pub(crate) key: KeyChoice,
    pub(crate) candidates: u32,
    /// Candidates that such a key takes on average; 0 as long as that is not known.
    pub(crate) expected: u32,
    pub(crate) started_ms: f64,
}

#[derive(Clone, PartialEq, Default)]
pub(crate) struct Probe {
    /// Number of the request that runs.
    pub(crate) running: Option<u32>,
    pub(crate) report: Option<Rc<ProbeReport>>,
    pub(crate) problem: Option<Problem>,
}

#[derive(Clone, PartialEq)]
pub(crate) struct Toast {
    pub(crate) id: u32,
    pub(crate) tone: Tone,
    pub(crate) text: AttrValue,
    /// Whether it offers to take the change back.
    pub(crate) undo: bool,
}

/// How something is meant, for its colour and icon.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Good,
    Info,
    Warn,
    Bad,
}

impl Tone {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }

    pub(crate) fn icon(self) -> &'static str {
        match self {
            Self::Good => "check",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Bad => "cross",
        }
    }
}

/// A change of the store.
pub(crate) enum Action {
    Worker(FromWorker),
    WorkerFailed,
    WorkerStarts,
    Go(Page),
    Open(Pane),
    /// New files to look at, and those that the browser could not read.
    Drop(Vec<InputFile>, Vec<Problem>),
    Toast(Tone, String, bool),
    CloseToast(u32),
    GenerationStarts(Generation),
    /// It ended, with this entry if it came to that.
    GenerationEnds(u32, Option<String>),
    Form(ProbeForm),
    ProbeStarts(u32),
    ProbeEnds(u32, Result<Box<ProbeReport>, Problem>),
    /// A probe that was not even begun.
    ProbeRejected(Problem),
}

impl Default for State {
    fn default() -> Self {
        Self {
            worker: WorkerState::Starting,
            keystore: Rc::new(KeystoreView {
                entries: Vec::new(),
                persistence: Persistence::MemoryOnly,
                undo: None,
                redo: None,
            }),
            page: Page::Keystore,
            pane: Pane::None,
            toasts: Rc::default(),
            generation: None,
            probe: Probe::default(),
            probe_form: Rc::default(),
            last_toast: 0,
        }
    }
}

impl State {
    /// The entry of that name.
    pub(crate) fn entry(&self, alias: &str) -> Option<&EntryView> {
        self.keystore.entries.iter().find(|entry| entry.alias == alias)
    }

    /// Whether closing the page would lose something.
    pub(crate) fn would_lose(&self) -> bool {
        self.keystore.persistence == Persistence::MemoryOnly && !self.keystore.entries.is_empty()
    }

    fn add_toast(&mut self, tone: Tone, text: String, undo: bool) {
        self.last_toast = self.last_toast.wrapping_add(1);
        let toasts = Rc::make_mut(&mut self.toasts);
        // Only the newest change can be taken back by a toast.
        toasts.retain(|old| !(undo && old.undo));
        toasts.push(Toast { id: self.last_toast, tone, text: text.into(), undo });
        if toasts.len() > 2 {
            toasts.remove(0);
        }
    }

    fn replace_keystore(&mut self, keystore: KeystoreView) {
        let of_entry = match &self.pane {
            Pane::Entry(alias) | Pane::MakeRequest(alias) => Some(alias),
            _ => None,
        };
        let there = |view: &KeystoreView, alias: &str| view.entries.iter().any(|entry| entry.alias == alias);
        if of_entry.is_some_and(|alias| there(&self.keystore, alias) && !there(&keystore, alias)) {
            self.pane = Pane::None;
        }
        self.keystore = Rc::new(keystore);
    }
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut state = Rc::unwrap_or_clone(self);
        match action {
            Action::Worker(FromWorker::Ready { keystore }) => {
                state.worker = WorkerState::Ready;
                state.replace_keystore(keystore);
            }
            Action::Worker(FromWorker::Keystore { keystore }) => state.replace_keystore(keystore),
            Action::Worker(FromWorker::Generating { id, candidates, expected }) => {
                if let Some(generation) = state.generation.as_mut().filter(|generation| generation.id == id) {
                    generation.candidates = candidates;
                    generation.expected = expected;
                }
            }
            Action::Worker(FromWorker::Probe { id, report }) => {
                if state.probe.running == Some(id) {
                    state.probe.report = Some(Rc::from(report));
                }
            }
            // Replies go to whoever asked.
            Action::Worker(FromWorker::Reply { .. }) => {}
            Action::WorkerFailed => {
                // What the worker held is gone: what was kept can be unlocked again, the rest cannot be had again.
                let nothing = Self::default();
                state.worker = WorkerState::Failed;
                state.keystore = nothing.keystore;
                state.pane = nothing.pane;
            }
            Action::WorkerStarts => state.worker = WorkerState::Starting,
            Action::Go(page) => state.page = page,
            Action::Open(pane) => {
                state.page = Page::Keystore;
                state.pane = pane;
            }
            Action::Drop(files, problems) => {
                let number = match state.pane {
                    Pane::Found(number, ..) => number.wrapping_add(1),
                    _ => 0,
                };
                state.page = Page::Keystore;
                state.pane = Pane::Found(number, Files(Rc::new(files)), Rc::new(problems));
            }
            Action::Toast(tone, text, undo) => state.add_toast(tone, text, undo),
            Action::CloseToast(id) => {
                Rc::make_mut(&mut state.toasts).retain(|toast| toast.id != id);
            }
            Action::GenerationStarts(generation) => state.generation = Some(generation),
            Action::GenerationEnds(id, made) => {
                state.generation = state.generation.filter(|generation| generation.id != id);
                // Whoever went elsewhere meanwhile stays there, and is told.
                match made {
                    Some(alias) if state.pane == Pane::NewKey => state.pane = Pane::Entry(alias.into()),
                    Some(alias) => state.add_toast(Tone::Good, format!("“{alias}” is made"), false),
                    None => {}
                }
            }
            Action::Form(form) => state.probe_form = Rc::new(form),
            Action::ProbeStarts(id) => {
                state.probe = Probe { running: Some(id), report: None, problem: None };
            }
            Action::ProbeEnds(id, outcome) => {
                if state.probe.running == Some(id) {
                    state.probe.running = None;
                    match outcome {
                        Ok(report) => state.probe.report = Some(Rc::from(report)),
                        Err(problem) => state.probe.problem = Some(problem),
                    }
                }
            }
            Action::ProbeRejected(problem) => {
                state.probe = Probe { running: None, report: None, problem: Some(problem) };
            }
        }
        Rc::new(state)
    }
}

/// Store and bridge, as every component gets them from the context.
#[derive(Clone, PartialEq)]
pub(crate) struct App {
    pub(crate) state: UseReducerHandle<State>,
    pub(crate) bridge: Bridge,
}

/// The store and the bridge.
#[hook]
pub(crate) fn use_app() -> App {
    // The context is provided at the root, so it is always there; a lone component would get an idle one.
    let idle = use_reducer(State::default);
    use_context::<App>().unwrap_or_else(|| App { state: idle, bridge: Bridge::new() })
}

impl App {
    pub(crate) fn dispatch(&self, action: Action) {
        self.state.dispatch(action);
    }

    /// A callback that makes a change.
    pub(crate) fn on<E: 'static>(&self, action: impl Fn() -> Action + 'static) -> Callback<E> {
        let app = self.clone();
        Callback::from(move |_: E| app.dispatch(action()))
    }

    /// Shows a toast.
    pub(crate) fn toast(&self, tone: Tone, text: impl Into<String>) {
        self.dispatch(Action::Toast(tone, text.into(), false));
    }

    /// Asks for something whose problems are told in a toast.
    pub(crate) fn ask(&self, request: Request, done: impl FnOnce(&App, Response) + 'static) {
        let app = self.clone();
        self.bridge.ask(request, move |answer| match answer {
            Ok(response) => done(&app, response),
            Err(problem) => app.tell(&problem),
        });
    }

    /// Tells a problem in a toast, where no better place is left.
    pub(crate) fn tell(&self, problem: &Problem) {
        let explanation = problem.explain();
        let text =
            format!("{}. {} {}", explanation.title, explanation.what_happened, explanation.what_to_try);
        self.toast(Tone::Bad, text.trim_end());
    }

    /// Takes the last change back.
    pub(crate) fn undo(&self) {
        self.ask(Request::Undo, |_, _| {});
    }

    /// Brings the last undone change back.
    pub(crate) fn redo(&self) {
        self.ask(Request::Redo, |_, _| {});
    }

    /// Deletes an entry, and offers to take that back.
    pub(crate) fn delete(&self, alias: AttrValue) {
        self.ask(Request::Delete { alias: alias.to_string() }, move |app, _| {
            app.dispatch(Action::Toast(Tone::Info, format!("Deleted “{alias}”"), true));
        });
    }

    /// Puts a certificate into the trust store.
    pub(crate) fn trust(&self, certificate: Bytes) {
        self.ask(Request::Trust { certificate, alias: None }, |app, response| {
            if let Response::Entry { alias } = response {
                app.dispatch(Action::Toast(Tone::Good, format!("“{alias}” is trusted now"), true));
            }
        });
    }

    /// What to do with a file that the worker wrote: download it.
    pub(crate) fn save(&self, response: Response) {
        if let Response::File { name, media_type, content } = response {
            match browser::download(&name, &media_type, content.as_ref()) {
                Ok(()) => self.toast(Tone::Good, format!("{name} goes to your downloads")),
                Err(_) => self.toast(Tone::Bad, format!("The browser did not take {name} as a download")),
            }
        }
    }

    /// Takes the worker's notices into the store.
    pub(crate) fn notice(&self, notice: Notice) {
        match notice {
            Notice::Message(message) => self.dispatch(Action::Worker(message)),
            Notice::Failed => self.dispatch(Action::WorkerFailed),
        }
    }

    /// Makes a key pair.
    pub(crate) fn generate(&self, alias: String, key: KeyChoice, rejected: Callback<Problem>) {
        let app = self.clone();
        let name: AttrValue = alias.clone().into();
        // The answer needs the number that only the call returns.
        let number = Rc::new(std::cell::Cell::new(0));
        let id = self.bridge.ask(Request::GenerateKey { alias, key }, {
            let number = number.clone();
            move |answer: Answer| {
                let made = match &answer {
                    Ok(Response::Entry { alias }) => Some(alias.clone()),
                    _ => None,
                };
                app.dispatch(Action::GenerationEnds(number.get(), made));
                match answer {
                    Ok(_) => {}
                    Err(Problem::Cancelled) => app.toast(Tone::Info, "Stopped; no key was made"),
                    Err(problem) => rejected.emit(problem),
                }
            }
        });
        number.set(id);
        if self.state.worker != WorkerState::Failed {
            let started_ms = browser::now_ms();
            self.dispatch(Action::GenerationStarts(Generation {
                id,
                alias: name,
                key,
                candidates: 0,
                expected: 0,
                started_ms,
            }));
        }
    }

    /// Stops a key generation or a probe.
    pub(crate) fn cancel(&self, id: u32) {
        self.ask(Request::Cancel { id }, |_, _| {});
    }
}

/// What an entry is in a word, for its row and badge: the chain's state, or that it is trusted.
pub(crate) fn entry_state(entry: &EntryView) -> &'static str {
    use certwright_protocol::view::ChainState;
    match (&entry.kind, &entry.chain_state) {
        (EntryKind::TrustedCertificate, _) => "trusted",
        (_, ChainState::NoCertificate) => "no_certificate",
        (_, ChainState::Pending) => "pending",
        (_, ChainState::Complete) => "complete",
        (_, ChainState::SelfSigned) => "self_signed",
        (_, ChainState::Incomplete { .. }) => "incomplete",
    }
}
