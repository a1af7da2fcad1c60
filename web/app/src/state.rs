//! The one store: what the page shows, and how it changes.

use certwright_protocol::language::text;
use std::rc::Rc;

use certwright_protocol::mark;
pub(crate) use certwright_protocol::ui::inspect::Tone;
use certwright_protocol::ui::{
    Elsewhere, ExportFormat, FromWorker, Imported, InputFile, KeyChoice, MergeSource, ProbePlan, ProbeSheet,
    Request, Response, StoreId, Told,
};
use certwright_protocol::view::{AliasProfile, EntryKind, EntryView, KeystoreView, Persistence, StoreView};
use certwright_protocol::{Bytes, Explanation, kind_of, t};
use yew::prelude::*;

use crate::bridge::{Answer, Bridge, Notice};
use crate::browser;
use crate::frame::handles;
use crate::pages::inspect::desk::{Change, Desk};
use crate::pages::jobs::kept::{self, Jobs};
use crate::pages::keystore::ALIAS_RULES;
use crate::pages::many::list::{self, Many};
use crate::pages::probe::plan::ProbeForm;
use crate::settings;

/// What the page shows.
#[derive(Clone)]
pub(crate) struct State {
    /// How the worker stands.
    pub(crate) worker: WorkerState,
    /// The keystores as the worker last told them.
    pub(crate) keystore: Rc<KeystoreView>,
    /// The one that is shown, and that requests concern.
    pub(crate) store: StoreId,
    pub(crate) page: Page,
    pub(crate) pane: Pane,
    pub(crate) toasts: Rc<Vec<Toast>>,
    /// The key generation that is under way.
    pub(crate) generation: Option<Generation>,
    pub(crate) probe: Probe,
    pub(crate) probe_form: Rc<ProbeForm>,
    pub(crate) many: Rc<Many>,
    pub(crate) desk: Rc<Desk>,
    /// The word of the glossary that was asked for last.
    pub(crate) term: AttrValue,
    /// Step of the tour, from 0, if it is under way.
    pub(crate) tour: Option<usize>,
    pub(crate) jobs: Rc<Jobs>,
    /// What was dropped last on a page that took it without asking, as long as it can still go elsewhere.
    pub(crate) taken: Option<(Page, Files)>,
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
    Jobs,
    Inspect,
    Probe,
    Many,
    Glossary,
    Guide,
    Settings,
}

/// What lies beside the list of entries.
#[derive(Clone, PartialEq)]
pub(crate) enum Pane {
    None,
    /// An entry's details.
    Entry(AttrValue),
    /// The same, with the field for another alias.
    Rename(AttrValue),
    NewKey,
    /// The form of a signing request for an entry.
    MakeRequest(AttrValue),
    /// The form of a certificate that an entry signs for itself.
    SelfSign(AttrValue),
    /// Signs somebody's request, PEM, with an entry's key; either may be empty, to be chosen there.
    Issue {
        issuer: AttrValue,
        request_pem: AttrValue,
    },
    /// Files to look at, to be imported perhaps. The number tells one drop from the next.
    Found(u32, Files, Rc<Vec<Told>>),
    /// What an import did.
    Imported(Rc<Vec<Imported>>),
    /// What is to be had of these entries as files; none is all.
    Export(Rc<Vec<String>>),
    /// Brings entries from another keystore into one: from where, and what that is called; which entries, none being all; into which.
    Merge {
        from: MergeSource,
        name: AttrValue,
        aliases: Rc<Vec<String>>,
        into: StoreId,
    },
    /// What concerns the keystore as a whole.
    Store,
}

impl Pane {
    /// The entry that it is about.
    pub(crate) fn alias(&self) -> Option<&AttrValue> {
        match self {
            Self::Entry(alias) | Self::Rename(alias) | Self::MakeRequest(alias) | Self::SelfSign(alias) => {
                Some(alias)
            }
            _ => None,
        }
    }

    /// Whether something is shown rather than filled in, so that nothing is lost when it is closed.
    pub(crate) fn is_view(&self) -> bool {
        matches!(self, Self::Entry(_) | Self::Imported(_) | Self::Store | Self::Export(_))
    }
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

#[derive(Clone, Default)]
pub(crate) struct Probe {
    /// Number of the request that runs.
    pub(crate) running: Option<u32>,
    /// Number of the request that runs, or ran last: its report is told anew in another language.
    number: Option<u32>,
    pub(crate) report: Option<Rc<ProbeSheet>>,
    pub(crate) problem: Option<Told>,
    /// What it was asked.
    pub(crate) plan: Option<Rc<ProbePlan>>,
}

#[derive(Clone, PartialEq)]
pub(crate) struct Toast {
    pub(crate) id: u32,
    pub(crate) tone: Tone,
    pub(crate) text: AttrValue,
    /// Whether it offers to take the change back.
    pub(crate) undo: bool,
}

/// A change of the store.
pub(crate) enum Action {
    Worker(FromWorker),
    WorkerFailed,
    WorkerStarts,
    /// Everything is removed from this device, and the page is about to load anew.
    Forgotten,
    Go(Page),
    /// Shows a word in the glossary.
    Term(AttrValue),
    /// Goes to a step of the tour, or ends it.
    Tour(Option<usize>),
    Open(Pane),
    /// Shows another keystore.
    Store(StoreId),
    /// New files, and those that the browser could not read: the pages of what is inspected and of many hosts take them, the keystore's in
    /// place of all others.
    Drop(Vec<InputFile>, Vec<Told>),
    /// Files that were dropped go to this page, whichever they were dropped on.
    Take(Page, Files),
    /// Files were dropped on the right page: there is nothing more to offer.
    TakenWell,
    /// Something of what is inspected changes.
    Desk(Change),
    /// The same, and the page is opened.
    Inspect(Change),
    /// The settings of this browser are others now.
    Settings,
    Toast(Tone, String, bool),
    CloseToast(u32),
    GenerationStarts(Generation),
    /// It ended, with this entry if it came to that.
    GenerationEnds(u32, Option<String>),
    Form(ProbeForm),
    ProbeStarts(u32, Rc<ProbePlan>),
    ProbeEnds(u32, Result<Box<ProbeSheet>, Told>),
    /// Something of the list of many hosts changes.
    Many(list::Change),
    /// Something of the guided jobs changes.
    Jobs(kept::Change),
    /// The same, and the page is opened.
    Job(kept::Change),
    /// An entry was imported, which may be what a guided job waits for.
    Came(String),
    /// A probe that was not even begun.
    ProbeRejected(Told),
}

/// Each action makes a new state, so one is equal to itself alone: nobody has to compare keystores entry by entry. (The handle of a
/// reducer compares the states that it was made with, where they lie.)
impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Default for State {
    fn default() -> Self {
        Self {
            worker: WorkerState::Starting,
            keystore: Rc::new(KeystoreView {
                entries: Vec::new(),
                profile: AliasProfile::None,
                persistence: Persistence::MemoryOnly,
                stores: Vec::new(),
                plans: Vec::new(),
                host_lists: Vec::new(),
                undo: None,
                redo: None,
            }),
            store: StoreId::HOME,
            page: Page::Keystore,
            pane: Pane::None,
            toasts: Rc::default(),
            generation: None,
            probe: Probe::default(),
            probe_form: Rc::default(),
            many: Rc::default(),
            desk: Rc::default(),
            term: AttrValue::default(),
            tour: None,
            jobs: Rc::default(),
            taken: None,
            last_toast: 0,
        }
    }
}

impl State {
    /// The keystore that is shown, if it is not that of the browser.
    pub(crate) fn opened(&self) -> Option<&StoreView> {
        self.keystore.stores.iter().find(|store| store.id == self.store)
    }

    /// Entries of the keystore that is shown.
    pub(crate) fn entries(&self) -> &[EntryView] {
        entries_of(&self.keystore, self.store)
    }

    /// The entry of that name in the keystore that is shown.
    pub(crate) fn entry(&self, alias: &str) -> Option<&EntryView> {
        self.entries().iter().find(|entry| entry.alias == alias)
    }

    /// What a keystore is called.
    pub(crate) fn store_name(&self, store: StoreId) -> &str {
        let opened = self.keystore.stores.iter().find(|opened| opened.id == store);
        opened.map_or(text(HOME_NAME), |opened| &opened.name)
    }

    /// Whether the keystore that is shown can be worked with.
    pub(crate) fn is_open(&self) -> bool {
        let locked = self.keystore.persistence == Persistence::Locked;
        self.worker == WorkerState::Ready && (!locked || self.opened().is_some())
    }

    /// The rules that aliases follow in the keystore that is shown.
    pub(crate) fn profile(&self) -> AliasProfile {
        self.opened().map_or(self.keystore.profile, |opened| opened.profile)
    }

    /// Whether closing the page would lose entries that are nowhere else.
    pub(crate) fn in_memory(&self) -> bool {
        let KeystoreView { entries, plans, persistence, .. } = &*self.keystore;
        *persistence == Persistence::MemoryOnly && !(entries.is_empty() && plans.is_empty())
    }

    /// Whether closing the page would lose anything.
    pub(crate) fn would_lose(&self) -> bool {
        self.in_memory() || self.keystore.stores.iter().any(|store| store.changed)
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

    /// An entry was made or imported. If a guided job has sent the user for it, the job is shown again.
    fn came(&mut self, alias: &str) {
        if self.store == StoreId::HOME
            && Rc::make_mut(&mut self.jobs).brought(alias)
            && self.page == Page::Keystore
        {
            self.page = Page::Jobs;
        }
    }

    /// Whoever is back at the jobs is on no errand any more, except that a key for it may still be under way.
    fn comes_back(&mut self) {
        if self.page == Page::Jobs && self.generation.is_none() && self.jobs.errand.is_some() {
            Rc::make_mut(&mut self.jobs).errand = None;
        }
    }

    fn take(&mut self, page: Page, files: Files, problems: Vec<Told>) {
        self.page = page;
        match page {
            Page::Inspect => {
                Rc::make_mut(&mut self.desk).apply(Change::Incoming((*files.0).clone(), problems));
            }
            Page::Many => Rc::make_mut(&mut self.many).incoming = Some(files),
            _ => {
                let number = match self.pane {
                    Pane::Found(number, ..) => number.wrapping_add(1),
                    _ => 0,
                };
                self.pane = Pane::Found(number, files, Rc::new(problems));
            }
        }
    }

    fn show_store(&mut self, store: StoreId) {
        if self.store != store {
            self.store = store;
            self.pane = Pane::None;
        }
        self.page = Page::Keystore;
    }

    fn replace_keystore(&mut self, keystore: KeystoreView) {
        let of_entry = self.pane.alias();
        let there = |view: &KeystoreView, alias: &str| {
            entries_of(view, self.store).iter().any(|entry| entry.alias == alias)
        };
        if of_entry.is_some_and(|alias| there(&self.keystore, alias) && !there(&keystore, alias)) {
            self.pane = Pane::None;
        }
        // A toast offers to take back its own change, and not a later one.
        if (&self.keystore.undo, &self.keystore.redo) != (&keystore.undo, &keystore.redo) {
            Rc::make_mut(&mut self.toasts).iter_mut().for_each(|toast| toast.undo = false);
        }
        if self.keystore.persistence == Persistence::Kept && keystore.persistence == Persistence::Locked {
            // The worker has forgotten what was inspected, too.
            self.desk = Rc::default();
        }
        self.keystore = Rc::new(keystore);
        if self.store != StoreId::HOME && self.opened().is_none() {
            self.show_store(StoreId::HOME);
        }
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
                if state.probe.number == Some(id) {
                    state.probe.report = Some(Rc::from(report));
                } else if state.jobs.probe.number == Some(id) {
                    Rc::make_mut(&mut state.jobs).probed(id, Rc::from(report));
                }
            }
            Action::Worker(FromWorker::Elsewhere { what }) => {
                let (tone, words) = match what {
                    Elsewhere::Saved => {
                        (Tone::Info, t!("Another tab changed the keystore; its changes are here now"))
                    }
                    Elsewhere::Removed => (
                        Tone::Warn,
                        t!(
                            "Another tab removed the keystore from this device. Here it is in memory only now"
                        ),
                    ),
                    Elsewhere::PassphraseChanged => (
                        Tone::Warn,
                        t!(
                            "Another tab chose another passphrase. Nothing is saved from here until you lock the keystore and open it with that"
                        ),
                    ),
                };
                state.add_toast(tone, words.into(), false);
            }
            Action::Worker(FromWorker::HostRow { id, number, row }) => {
                Rc::make_mut(&mut state.many).take(id, number, *row);
            }
            Action::Many(change) => Rc::make_mut(&mut state.many).apply(change),
            // Replies go to whoever asked.
            Action::Worker(FromWorker::Reply { .. }) => {}
            Action::WorkerFailed => {
                // What the worker held is gone: what was kept can be unlocked again, the rest cannot be had again.
                let nothing = Self::default();
                state.worker = WorkerState::Failed;
                state.keystore = nothing.keystore;
                state.pane = nothing.pane;
                state.store = nothing.store;
                state.desk = nothing.desk;
                state.jobs = nothing.jobs;
            }
            Action::Forgotten => state = Self::default(),
            Action::WorkerStarts => state.worker = WorkerState::Starting,
            Action::Term(term) => (state.page, state.term) = (Page::Glossary, term),
            Action::Tour(step) => state.tour = step,
            Action::Go(page) => {
                state.page = page;
                state.comes_back();
            }
            Action::Jobs(change) => Rc::make_mut(&mut state.jobs).apply(change),
            Action::Job(change) => {
                state.page = Page::Jobs;
                Rc::make_mut(&mut state.jobs).apply(change);
                state.comes_back();
            }
            Action::Came(alias) => state.came(&alias),
            Action::Store(store) => state.show_store(store),
            Action::Open(pane) => {
                state.page = Page::Keystore;
                state.pane = pane;
            }
            Action::Inspect(change) => {
                state.page = Page::Inspect;
                Rc::make_mut(&mut state.desk).apply(change);
            }
            Action::Desk(change) => Rc::make_mut(&mut state.desk).apply(change),
            Action::Drop(files, problems) if state.page == Page::Jobs && state.jobs.errand.is_none() => {
                Rc::make_mut(&mut state.jobs).drop(Files(Rc::new(files)), problems);
            }
            Action::Drop(files, problems) => {
                let files = Files(Rc::new(files));
                let page = match state.page {
                    page @ (Page::Inspect | Page::Many) => page,
                    _ => Page::Keystore,
                };
                // Where they were dropped may not be where they were meant to go; the keystore offers the choice itself.
                state.taken = (page != Page::Keystore).then(|| (page, files.clone()));
                state.take(page, files, problems);
            }
            Action::Take(page, files) => {
                state.taken = None;
                state.take(page, files, Vec::new());
            }
            Action::TakenWell => state.taken = None,
            Action::Settings => {}
            Action::Toast(tone, text, undo) => state.add_toast(tone, text, undo),
            Action::CloseToast(id) => {
                Rc::make_mut(&mut state.toasts).retain(|toast| toast.id != id);
            }
            Action::GenerationStarts(generation) => state.generation = Some(generation),
            Action::GenerationEnds(id, made) => {
                state.generation = state.generation.filter(|generation| generation.id != id);
                // Whoever went elsewhere meanwhile stays there, and is told.
                match made {
                    Some(alias) if state.pane == Pane::NewKey => {
                        state.pane = Pane::Entry(alias.as_str().into());
                        state.came(&alias);
                    }
                    Some(alias) => state.add_toast(Tone::Good, t!("“{alias}” is made", alias), false),
                    None => {}
                }
            }
            Action::Form(form) => state.probe_form = Rc::new(form),
            Action::ProbeStarts(id, plan) => {
                state.probe =
                    Probe { running: Some(id), number: Some(id), plan: Some(plan), ..Probe::default() };
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
                state.probe = Probe { problem: Some(problem), ..Probe::default() };
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

/// What to do with an answer.
type Done = Box<dyn FnOnce(&App, Response)>;

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
        self.on_boxed(Box::new(action))
    }

    fn on_boxed<E: 'static>(&self, action: Box<dyn Fn() -> Action>) -> Callback<E> {
        let app = self.clone();
        Callback::from(move |_: E| app.dispatch(action()))
    }

    /// A callback that opens a pane.
    pub(crate) fn opens(&self, pane: Pane) -> Callback<MouseEvent> {
        self.on(move || Action::Open(pane.clone()))
    }

    /// Shows a toast.
    pub(crate) fn toast(&self, tone: Tone, text: impl Into<String>) {
        self.dispatch(Action::Toast(tone, text.into(), false));
    }

    /// Asks the worker something about the keystore that is shown. Returns the request's number.
    pub(crate) fn request(&self, request: Request, answer: impl FnOnce(Answer) + 'static) -> u32 {
        self.bridge.ask(self.state.store, request, answer)
    }

    /// Asks for something whose problems are told in a toast.
    pub(crate) fn ask(&self, request: Request, done: impl FnOnce(&App, Response) + 'static) {
        self.ask_boxed(request, Box::new(done));
    }

    fn ask_boxed(&self, request: Request, done: Done) {
        let app = self.clone();
        self.request(request, move |answer| match answer {
            Ok(response) => done(&app, response),
            Err(problem) => app.tell(&problem),
        });
    }

    /// Tells a problem in a toast, where no better place is left.
    pub(crate) fn tell(&self, problem: &Told) {
        let Explanation { title, what_happened, what_to_try } = &problem.words;
        let mut text = format!("{title}. {what_happened} {what_to_try}");
        // Whoever reads it acts, unless somebody else has to.
        if !problem.who.is_empty() && problem.who != t!("you") {
            text = t!("{problem} To be put right by: {who}.", problem = text.trim_end(), who = problem.who);
        }
        self.toast(Tone::Bad, text.trim_end());
    }

    /// Asks the worker something about the browser's keystore, whichever is shown.
    pub(crate) fn ask_home(&self, request: Request, answer: impl FnOnce(Answer) + 'static) {
        self.bridge.ask(StoreId::HOME, request, answer);
    }

    /// Opens an empty keystore beside the others.
    pub(crate) fn new_store(&self, done: impl FnOnce(&App, StoreId) + 'static) {
        self.ask(Request::NewStore { name: t!("New keystore").into() }, |app, response| {
            if let Response::Store { store } = response {
                app.prefer_rules(store);
                done(app, store);
            }
        });
    }

    /// Gives a new keystore the rules for aliases that the settings prefer.
    fn prefer_rules(&self, store: StoreId) {
        let settings = settings::current();
        let preferred = ALIAS_RULES
            .iter()
            .map(|(profile, ..)| *profile)
            .find(|profile| kind_of(profile) == settings.profile);
        if let Some(profile) = preferred.filter(|profile| *profile != AliasProfile::None) {
            // A keystore that is locked has rules of its own.
            self.bridge.ask(store, Request::SetProfile { profile }, |_| {});
        }
    }

    /// Takes the last change back.
    pub(crate) fn undo(&self) {
        let what = self.state.keystore.undo.clone();
        self.ask(Request::Undo, |app, _| {
            if let Some(what) = what {
                app.toast(Tone::Info, t!("Undone: {what}", what));
            }
        });
    }

    /// Brings the last undone change back.
    pub(crate) fn redo(&self) {
        let what = self.state.keystore.redo.clone();
        self.ask(Request::Redo, |app, _| {
            if let Some(what) = what {
                app.toast(Tone::Info, t!("Done again: {what}", what));
            }
        });
    }

    /// Deletes entries, and offers to take that back.
    pub(crate) fn delete(&self, aliases: Vec<String>) {
        self.delete_and(aliases, || {});
    }

    /// The same, and then something else.
    pub(crate) fn delete_and(&self, aliases: Vec<String>, then: impl FnOnce() + 'static) {
        let words = match aliases.as_slice() {
            [alias] => t!("Deleted “{alias}”", alias),
            _ => t!("Deleted {count} entries", count = aliases.len()),
        };
        self.ask(Request::Delete { aliases }, move |app, _| {
            app.dispatch(Action::Toast(Tone::Info, words, true));
            then();
        });
    }

    /// Locks entries, or unlocks them.
    pub(crate) fn set_locked(&self, aliases: Vec<String>, locked: bool) {
        self.ask(Request::SetLocked { aliases, locked }, move |app, _| {
            let words = if locked {
                t!("Locked: usable, but never exported, changed or deleted")
            } else {
                t!("Unlocked")
            };
            app.dispatch(Action::Toast(Tone::Info, words.into(), true));
        });
    }

    /// Downloads entries as a file; none is all.
    pub(crate) fn export(&self, aliases: Vec<String>, what: ExportFormat) {
        self.ask(Request::Export { aliases, what }, |app, response| app.save(response));
    }

    /// Puts a certificate into the trust store of the browser's keystore, which is the one that probes look at.
    pub(crate) fn trust(&self, certificate: Bytes) {
        let app = self.clone();
        self.bridge.ask(
            StoreId::HOME,
            Request::Trust { certificate, alias: None },
            move |answer| match answer {
                Ok(Response::Entry { alias }) => {
                    app.dispatch(Action::Toast(Tone::Good, t!("“{alias}” is trusted now", alias), true));
                }
                Ok(_) => {}
                Err(problem) => app.tell(&problem),
            },
        );
    }

    /// What to do with a file that the worker wrote: download it.
    pub(crate) fn save(&self, response: Response) {
        if let Response::File { name, media_type, content } = response {
            match browser::download(&name, &media_type, content.as_ref()) {
                Ok(()) => self.toast(Tone::Good, t!("{name} goes to your downloads", name)),
                Err(_) => self.toast(Tone::Bad, t!("The browser did not take {name} as a download", name)),
            }
        }
    }

    /// Takes the worker's notices into the store.
    pub(crate) fn notice(&self, notice: Notice) {
        match notice {
            Notice::Message(message) => {
                let begins = matches!(message, FromWorker::Ready { .. });
                self.dispatch(Action::Worker(message));
                if begins {
                    self.prefer_rules(StoreId::HOME);
                }
            }
            Notice::Failed => {
                // The next worker numbers its keystores anew.
                handles::forget_opened();
                self.dispatch(Action::WorkerFailed);
            }
        }
    }

    /// Makes a key pair.
    pub(crate) fn generate(&self, alias: String, key: KeyChoice, rejected: Callback<Told>) {
        let app = self.clone();
        let name: AttrValue = alias.clone().into();
        // The answer needs the number that only the call returns.
        let number = Rc::new(std::cell::Cell::new(0));
        let id = self.request(Request::GenerateKey { alias, key }, {
            let number = number.clone();
            move |answer: Answer| {
                let made = match &answer {
                    Ok(Response::Entry { alias }) => Some(alias.clone()),
                    _ => None,
                };
                app.dispatch(Action::GenerationEnds(number.get(), made));
                match answer {
                    Ok(_) => {}
                    Err(problem) if problem.kind == "cancelled" => {
                        app.toast(Tone::Info, t!("Stopped; no key was made"))
                    }
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

/// What the keystore of the browser is called.
pub(crate) const HOME_NAME: &str = mark!("My keystore");

fn entries_of(view: &KeystoreView, store: StoreId) -> &[EntryView] {
    match view.stores.iter().find(|opened| opened.id == store) {
        Some(opened) => &opened.entries,
        None => &view.entries,
    }
}

/// What an entry is in a word, for its row and badge: the chain's state, or that it is trusted.
pub(crate) fn entry_state(entry: &EntryView) -> &'static str {
    use certwright_protocol::view::ChainState;
    match (&entry.kind, &entry.chain_state) {
        (EntryKind::TrustedCertificate, _) => "trusted",
        (EntryKind::SecretKey, _) => "secret",
        (_, ChainState::NoCertificate) => "no_certificate",
        (_, ChainState::Pending) => "pending",
        (_, ChainState::Complete) => "complete",
        (_, ChainState::SelfSigned) => "self_signed",
        (_, ChainState::Incomplete { .. }) => "incomplete",
    }
}
