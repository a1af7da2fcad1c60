//! The worker: holds the session, and brings it storage, network and randomness.
//!
//! One queue of events (requests of the page, messages of the key generator and of the probe's WebSocket) is worked off in order by one
//! [`host::Host`], so that no two changes overlap. The same Wasm module, started under another name, is the key generator
//! ([`generator`]): a worker of its own, so that a long generation neither blocks the session nor, when it is terminated, takes it along.

mod fetch;
mod generator;
mod host;
mod many;
mod random;
mod socket;
mod storage;
mod tabs;

use std::cell::RefCell;

use certwright_protocol::Problem;
use futures_channel::mpsc::{UnboundedSender, unbounded};
use futures_util::StreamExt;
use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use socket::Call;

/// What can happen to the host. The number is that of the page's request to which it belongs.
enum Event {
    /// The page asks for something: JSON of [`certwright_protocol::ui::ToWorker`].
    Page(String),
    /// The key generator has tested so many candidates, and so many are the average.
    Candidates(u32, u32, u32),
    /// The key generator is done: PKCS#8.
    Key(u32, Uint8Array),
    /// The key generator failed.
    GeneratorFailed(u32),
    /// A probe's socket is open.
    SocketOpen(Call),
    /// A message came over a probe's socket.
    SocketMessage(Call, String),
    /// A probe's socket is closed, or could not be opened.
    SocketClosed(Call),
    /// What the server fetched from an address.
    Fetched(u32, String, Result<Vec<u8>, Problem>),
    /// Another tab stored or removed the kept keystore.
    Elsewhere,
}

/// A JavaScript function that calls back into Rust.
type Listener<E> = Closure<dyn Fn(E)>;

/// Where events go.
type Events = UnboundedSender<Event>;

fn main() {
    console_error_panic_hook::set_once();
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    if scope.name() == generator::NAME {
        generator::serve(&scope);
        return;
    }
    let (events, mut queue) = unbounded();
    let pages = events.clone();
    on_message(&scope, move |message| {
        if let Some(text) = message.data().as_string() {
            // The queue lives as long as the worker.
            let _ = pages.unbounded_send(Event::Page(text));
        }
    });
    spawn_local(async move {
        let mut host = host::Host::start(scope, events).await;
        while let Some(event) = queue.next().await {
            host.take(event).await;
        }
    });
}

/// Listens to messages for as long as the worker lives.
fn on_message(scope: &DedicatedWorkerGlobalScope, listener: impl Fn(MessageEvent) + 'static) {
    thread_local! {
        static LISTENER: RefCell<Option<Listener<MessageEvent>>> = const { RefCell::new(None) };
    }
    let listener = Listener::<MessageEvent>::new(listener);
    scope.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    LISTENER.set(Some(listener));
}
