//! The WebSocket to the server, for one probe.

use certwright_protocol::conversation::ToServer;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, WebSocket};

use crate::{Event, Events, Listener};

/// Whose socket it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Call {
    /// Number of the page's request.
    pub(crate) request: u32,
    /// Which probe of the request; 0 where there is one.
    pub(crate) number: u32,
}

/// An open or opening socket. Dropping it closes it; it then says nothing more.
pub(crate) struct Socket {
    socket: WebSocket,
    _listeners: (Listener<MessageEvent>, Listener<web_sys::Event>, Listener<web_sys::Event>),
}

impl Socket {
    /// Connects to the server that the page came from.
    pub(crate) fn open(
        scope: &DedicatedWorkerGlobalScope,
        call: Call,
        events: Events,
    ) -> Result<Self, JsValue> {
        let location = scope.location();
        let scheme = if location.protocol() == "https:" { "wss" } else { "ws" };
        let socket = WebSocket::new(&format!("{scheme}://{}/api/probe", location.host()))?;
        let opened = events.clone();
        let closed = events.clone();
        let on_message = Listener::<MessageEvent>::new(move |message: MessageEvent| {
            if let Some(text) = message.data().as_string() {
                let _ = events.unbounded_send(Event::SocketMessage(call, text));
            }
        });
        let on_open = Listener::<web_sys::Event>::new(move |_| {
            let _ = opened.unbounded_send(Event::SocketOpen(call));
        });
        // An error is always followed by a close.
        let on_close = Listener::<web_sys::Event>::new(move |_| {
            let _ = closed.unbounded_send(Event::SocketClosed(call));
        });
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Ok(Self { socket, _listeners: (on_message, on_open, on_close) })
    }

    /// Sends a message. A failure shows as a close.
    pub(crate) fn send(&self, message: &ToServer) {
        if let Ok(text) = serde_json::to_string(message) {
            let _ = self.socket.send_with_str(&text);
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onmessage(None);
        self.socket.set_onopen(None);
        self.socket.set_onclose(None);
        let _ = self.socket.close();
    }
}
