//! Telling other tabs that the kept keystore was stored or removed, and hearing it from them.
//!
//! Only that it happened is told; what there is now each tab reads from the storage itself.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

use crate::{Event, Events, Listener};

const CHANNEL: &str = "certwright vault";

/// The way to the other tabs.
pub(crate) struct Tabs {
    channel: BroadcastChannel,
    _listener: Listener<MessageEvent>,
}

impl Tabs {
    /// Listens from now on. Without it tabs still notice each other when they save.
    pub(crate) fn listen(events: Events) -> Option<Self> {
        let channel = BroadcastChannel::new(CHANNEL).ok()?;
        let listener = Listener::<MessageEvent>::new(move |_| {
            // The queue lives as long as the worker.
            let _ = events.unbounded_send(Event::Elsewhere);
        });
        channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        Some(Self { channel, _listener: listener })
    }

    /// Tells the other tabs.
    pub(crate) fn tell(&self) {
        // A channel that is open takes any value.
        let _ = self.channel.post_message(&JsValue::TRUE);
    }
}
