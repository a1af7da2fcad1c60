//! The WebSocket of one probe (`/api/probe`): JSON text frames to channels and back.
//!
//! Refuses binary frames, JSON that is no message, messages above [`MAX_MESSAGE`], and ends conversations that become too long in all.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{ConnectInfo, State};
use axum::response::Response;
use certwright_protocol::conversation::{FromServer, MAX_MESSAGE, ProbeFailure, ServerEvent, ToServer};
use tokio::sync::mpsc::channel;
use tokio::sync::watch;
use tokio::time::timeout;
use tracing::info;

use crate::app::until_stopping;
use crate::conversation::{self, Limits};
use crate::guard::Gate;
use crate::policy::TargetPolicy;

/// Bytes of JSON that one conversation may send to the browser.
const MAX_SENT: usize = 4 * MAX_MESSAGE;
/// For one frame to go out; a browser that reads nothing for so long is gone.
const SEND_PATIENCE: Duration = Duration::from_secs(10);
/// Messages that wait on either side.
const QUEUE: usize = 8;

/// What all conversations share.
#[derive(Debug)]
pub(crate) struct Probes {
    pub(crate) policy: Arc<TargetPolicy>,
    pub(crate) limits: Limits,
    pub(crate) gate: Arc<Gate>,
    /// Becomes true when the server is about to end.
    pub(crate) stopping: watch::Receiver<bool>,
}

/// Takes a WebSocket for one probe.
pub(crate) async fn take(
    State(probes): State<Arc<Probes>>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade
        .max_message_size(MAX_MESSAGE)
        .max_frame_size(MAX_MESSAGE)
        .on_upgrade(move |socket| converse(socket, probes, client))
}

async fn converse(mut socket: WebSocket, probes: Arc<Probes>, client: SocketAddr) {
    let place = match probes.gate.enter(client.ip()) {
        Ok(place) => place,
        Err(limit) => {
            info!(limit, "probe refused, too many are running");
            return end(socket, ProbeFailure::Busy { limit }).await;
        }
    };
    let (to_probe, from_browser) = channel(QUEUE);
    let (to_browser, mut from_probe) = channel(QUEUE);
    let probe =
        conversation::run(from_browser, to_browser, Arc::clone(&probes.policy), probes.limits.clone());
    let probe = tokio::spawn(probe);
    let mut stopping = probes.stopping.clone();
    let mut sent = 0;
    let mut told_to_stop = false;
    let mut ended = false;

    let unfinished = loop {
        tokio::select! {
            message = from_probe.recv() => {
                let Some(message) = message else { break (!ended).then_some(ProbeFailure::Internal) };
                let Some(text) = to_text(&message, &mut sent) else { break Some(ProbeFailure::Internal) };
                let sending = timeout(SEND_PATIENCE, socket.send(Message::Text(text)));
                if !matches!(sending.await, Ok(Ok(()))) {
                    break None;
                }
                ended = false;
                if let ServerEvent::Ended { failure } = message.event {
                    log_end(failure.as_ref(), message.at_us);
                    ended = true;
                }
            }
            incoming = socket.recv() => match incoming {
                Some(Ok(Message::Text(text))) => {
                    let Ok(message) = serde_json::from_str::<ToServer>(&text) else {
                        break Some(ProbeFailure::ServerLost);
                    };
                    // Nobody who answers questions gets so far ahead.
                    if to_probe.try_send(message).is_err() {
                        break Some(ProbeFailure::ServerLost);
                    }
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Binary(_))) => break Some(ProbeFailure::ServerLost),
                Some(Ok(Message::Close(_)) | Err(_)) | None => break None,
            },
            () = until_stopping(&mut stopping), if !told_to_stop => {
                told_to_stop = true;
                // If the queue is full, the conversation ends with the process.
                let _ = to_probe.try_send(ToServer::Stop);
            }
        }
    };

    // Closed channels stop the probe; its place is free when its socket is.
    drop((to_probe, from_probe));
    let _ = probe.await;
    drop(place);
    match unfinished {
        Some(failure) => end(socket, failure).await,
        None => close(socket).await,
    }
}

fn to_text(message: &FromServer, sent: &mut usize) -> Option<Utf8Bytes> {
    let text = serde_json::to_string(message).ok()?;
    *sent += text.len();
    (text.len() <= MAX_MESSAGE && *sent <= MAX_SENT).then(|| text.into())
}

/// Ends a conversation that no probe ends.
async fn end(mut socket: WebSocket, failure: ProbeFailure) {
    log_end(Some(&failure), 0);
    let message = FromServer { at_us: 0, event: ServerEvent::Ended { failure: Some(failure) } };
    if let Some(text) = to_text(&message, &mut 0) {
        let _ = timeout(SEND_PATIENCE, socket.send(Message::Text(text))).await;
    }
    close(socket).await;
}

/// Says good-bye and waits shortly for the browser's, so that it does not take the last message for lost.
async fn close(mut socket: WebSocket) {
    let frame = CloseFrame { code: close_code::NORMAL, reason: Utf8Bytes::from_static("") };
    let goodbye = async {
        if socket.send(Message::Close(Some(frame))).await.is_ok() {
            while let Some(Ok(_)) = socket.recv().await {}
        }
    };
    let _ = timeout(Duration::from_secs(1), goodbye).await;
}

/// Logs the kind of end alone: names and addresses of targets are the user's business.
fn log_end(failure: Option<&ProbeFailure>, at_us: u64) {
    let outcome = match failure {
        None => "complete".to_owned(),
        Some(failure) => serde_json::to_value(failure)
            .ok()
            .and_then(|value| value.get("kind").and_then(|kind| kind.as_str().map(str::to_owned)))
            .unwrap_or_default(),
    };
    info!(outcome, ms = at_us / 1000, "probe ended");
}
