//! The key generator: this same module in a worker of its own, started for one key and ended after it.
//!
//! It talks to the session's worker alone, never to the page: in comes the choice of key, out go the number of candidates and at last the
//! key as PKCS#8. Cancelling is terminating it.

use certwright_engine::session::generate_key;
use certwright_protocol::ui::KeyChoice;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, Worker, WorkerOptions};

use crate::random::random;
use crate::{Event, Events, Listener, on_message};

/// The worker's name tells the module which of its two parts to play.
pub(crate) const NAME: &str = "key generator";

/// Plays the generator's part.
pub(crate) fn serve(scope: &DedicatedWorkerGlobalScope) {
    let port = scope.clone();
    on_message(scope, move |message| {
        let Some(choice) =
            message.data().as_string().and_then(|text| serde_json::from_str::<KeyChoice>(&text).ok())
        else {
            return;
        };
        let key = generate_key(choice, &mut random(), |progress| {
            let _ = port.post_message(&Array::of2(&progress.tested.into(), &progress.expected.into()));
        });
        // The choice was checked before this worker was started; an error here ends it, and the parent hears of that.
        let Ok(key) = key else { wasm_bindgen::throw_str("no such key") };
        let der = key.to_pkcs8_der();
        let copy = Uint8Array::from(der.as_bytes());
        // Transferred, not copied: the bytes are in one place only.
        let _ = port.post_message_with_transfer(&copy, &Array::of1(&copy.buffer()));
    });
    // The parent waits for this before it sends the choice, because messages before the listener would be lost.
    let _ = scope.post_message(&JsValue::TRUE);
}

/// A running generator, seen from the session's worker. Dropping it ends it at once.
pub(crate) struct Generator {
    worker: Worker,
    _listeners: (Listener<MessageEvent>, Listener<web_sys::Event>),
}

impl Generator {
    /// Starts a generator for the page's request `id`.
    pub(crate) fn start(
        scope: &DedicatedWorkerGlobalScope,
        id: u32,
        choice: KeyChoice,
        events: Events,
    ) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_name(NAME);
        let worker = Worker::new_with_options(&scope.location().href(), &options)?;
        let choice = serde_json::to_string(&choice).map_err(|error| JsValue::from(error.to_string()))?;
        let failures = events.clone();
        let to = worker.clone();
        let on_message = Listener::<MessageEvent>::new(move |message: MessageEvent| {
            let data = message.data();
            let event = match (data.dyn_ref::<Uint8Array>(), data.dyn_ref::<Array>()) {
                (Some(key), _) => Event::Key(id, key.clone()),
                (None, Some(progress)) => {
                    // Counts are whole numbers well below 2^32.
                    let number = |index| progress.get(index).as_f64().unwrap_or_default() as u32;
                    Event::Candidates(id, number(0), number(1))
                }
                // It is up, and waits for the choice.
                (None, None) => {
                    let _ = to.post_message(&JsValue::from_str(&choice));
                    return;
                }
            };
            let _ = events.unbounded_send(event);
        });
        let on_error = Listener::<web_sys::Event>::new(move |_| {
            let _ = failures.unbounded_send(Event::GeneratorFailed(id));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, _listeners: (on_message, on_error) })
    }
}

impl Drop for Generator {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}
