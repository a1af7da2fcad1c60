//! The way to the worker: JSON strings in `postMessage`, each request with a number that comes back in its answer.
//!
//! Requests are kept until the worker has said that it is ready. If it dies, every open request ends with
//! [`Told::worker_failed`], and [`Bridge::start`] makes a new one.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use certwright_protocol::Password;
use certwright_protocol::ui::Told;
use certwright_protocol::ui::{FromWorker, Request, Response, StoreId, ToWorker};
use wasm_bindgen::JsCast;
use web_sys::{Event, MessageEvent, Worker};
use yew::Callback;

use crate::browser::Listener;
use crate::language;
use crate::message;

/// What the worker is called, unless the page says otherwise: its build gave it a name with a hash then.
const WORKER: &str = "worker_loader.js";
const NAMED: &str = "certwright-worker";

/// How a request ended.
pub(crate) type Answer = Result<Response, Told>;
type Open = Box<dyn FnOnce(Answer)>;

/// What the worker says without being asked.
pub(crate) enum Notice {
    /// A message that is no reply.
    Message(FromWorker),
    /// It could not be started, or died.
    Failed,
}

/// The way to the worker. Clones share it.
#[derive(Clone)]
pub(crate) struct Bridge(Rc<Inner>);

struct Inner {
    worker: RefCell<Option<Running>>,
    ready: Cell<bool>,
    last_id: Cell<u32>,
    waiting: RefCell<Vec<Password>>,
    open: RefCell<HashMap<u32, Open>>,
    notices: RefCell<Callback<Notice>>,
}

struct Running {
    worker: Worker,
    _listeners: [Listener; 3],
}

impl PartialEq for Bridge {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Bridge {
    /// A bridge without a worker: [`Self::start`] begins.
    pub(crate) fn new() -> Self {
        Self(Rc::new(Inner {
            worker: RefCell::new(None),
            ready: Cell::new(false),
            last_id: Cell::new(0),
            waiting: RefCell::default(),
            open: RefCell::default(),
            notices: RefCell::new(Callback::noop()),
        }))
    }

    /// Where notices go.
    pub(crate) fn listen(&self, notices: Callback<Notice>) {
        *self.0.notices.borrow_mut() = notices;
    }

    /// Starts a worker, in place of the one that may be there.
    pub(crate) fn start(&self) {
        self.stop();
        match Worker::new(&crate::browser::meta(NAMED).unwrap_or_else(|| WORKER.into())) {
            Ok(worker) => {
                let listeners = [
                    self.on(&worker, "message", Self::receive),
                    self.on(&worker, "error", |bridge, _| bridge.fail()),
                    self.on(&worker, "messageerror", |bridge, _| bridge.fail()),
                ];
                *self.0.worker.borrow_mut() = Some(Running { worker, _listeners: listeners });
                // First of all, so that every word that it tells is of that language.
                language::tell(self);
            }
            Err(_) => self.fail(),
        }
    }

    /// Asks the worker, and calls back with the answer. Returns the request's number.
    pub(crate) fn ask(&self, store: StoreId, request: Request, answer: impl FnOnce(Answer) + 'static) -> u32 {
        self.ask_boxed(store, request, Box::new(answer))
    }

    // Once for all callers, where the generic one is there once for each.
    fn ask_boxed(&self, store: StoreId, request: Request, answer: Open) -> u32 {
        let id = self.0.last_id.get().wrapping_add(1);
        self.0.last_id.set(id);
        if self.0.worker.borrow().is_none() {
            answer(Err(Told::worker_failed()));
            return id;
        }
        // The text may hold a password, so it lives in the type that wipes itself.
        let text = Password::new(message::to_json(&ToWorker { id, store, request }));
        self.0.open.borrow_mut().insert(id, answer);
        if self.0.ready.get() {
            self.post(&text);
        } else {
            self.0.waiting.borrow_mut().push(text);
        }
        id
    }

    fn on(&self, worker: &Worker, event: &'static str, run: fn(&Self, &Event)) -> Listener {
        let inner = Rc::downgrade(&self.0);
        Listener::new(worker.clone().unchecked_into(), event, move |event| {
            if let Some(inner) = inner.upgrade() {
                run(&Self(inner), &event);
            }
        })
    }

    fn post(&self, text: &Password) {
        let posted = match &*self.0.worker.borrow() {
            Some(running) => running.worker.post_message(&text.as_str().into()).is_ok(),
            None => false,
        };
        if !posted {
            self.fail();
        }
    }

    fn receive(&self, event: &Event) {
        let Some(text) = event.unchecked_ref::<MessageEvent>().data().as_string() else {
            return;
        };
        match message::parse::<FromWorker>(&text) {
            Ok(FromWorker::Reply { id, result }) => {
                let answer = self.0.open.borrow_mut().remove(&id);
                if let Some(answer) = answer {
                    answer(result);
                }
            }
            Ok(message) => {
                let first = matches!(message, FromWorker::Ready { .. });
                self.notify(Notice::Message(message));
                if first {
                    self.0.ready.set(true);
                    let waiting = self.0.waiting.take();
                    waiting.iter().for_each(|text| self.post(text));
                }
            }
            // Page and worker come from one build, so this is a worker that lost its way.
            Err(_) => self.fail(),
        }
    }

    fn fail(&self) {
        self.stop();
        self.0.waiting.take();
        self.notify(Notice::Failed);
        for (_, answer) in self.0.open.take() {
            answer(Err(Told::worker_failed()));
        }
    }

    pub(crate) fn stop(&self) {
        self.0.ready.set(false);
        if let Some(running) = self.0.worker.take() {
            running.worker.terminate();
            // The listener that is being called right now must outlive the call.
            crate::browser::after(0, move || drop(running));
        }
    }

    fn notify(&self, notice: Notice) {
        let notices = self.0.notices.borrow().clone();
        notices.emit(notice);
    }
}
