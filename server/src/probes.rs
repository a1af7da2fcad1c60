//! The WebSocket of one probe (`/api/probe`): JSON text frames to channels and back.
//!
//! Refuses binary frames, JSON that is no message, messages above [`MAX_MESSAGE`], a connection before the last one has ended, and ends conversations
//! that become too long in all.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use certwright_protocol::conversation::{
    FromServer, MAX_MESSAGE, ProbeFailure, ServerEvent, StartTls, Target, ToServer,
};
use certwright_protocol::kind_of;
use tokio::sync::mpsc::channel;
use tokio::time::timeout;
use tracing::info;

use crate::audit::What;
use crate::conversation;
use crate::gate::{Full, Place};
use crate::life::Stage;
use crate::listen::Connection;
use crate::metrics::Kind;
use crate::problem::Problem;
use crate::work::{Caller, Commons, Record};

/// Bytes of JSON that one conversation may send to the browser.
const MAX_SENT: usize = 4 * MAX_MESSAGE;
/// Octets of the buffer that each WebSocket reads into; longer messages make it longer. The library's own 128 KiB were most of what an open probe
/// took of memory.
const READ_BUFFER: usize = 4 * 1024;
/// For one frame to go out; a browser that reads nothing for so long is gone.
const SEND_PATIENCE: Duration = Duration::from_secs(10);
/// Messages that wait on either side.
const QUEUE: usize = 8;

/// Takes a WebSocket for one probe. When a limit is reached, a script is told by the status; a page, which cannot see the status of a WebSocket that
/// did not come about, in the conversation.
pub(crate) async fn take(
    State(commons): State<Arc<Commons>>,
    Extension(caller): Extension<Caller>,
    Extension(connection): Extension<Arc<Connection>>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let place = match commons.enter(&caller) {
        Err(full) if !headers.contains_key(header::ORIGIN) => return Problem::full(full).into_response(),
        place => place,
    };
    let upgrade = upgrade.max_message_size(MAX_MESSAGE).max_frame_size(MAX_MESSAGE);
    upgrade.read_buffer_size(READ_BUFFER).on_upgrade(async move |socket| {
        match place {
            Ok(place) => converse(socket, commons, caller, place).await,
            Err(full) => end(socket, no_place(full)).await,
        }
        // The WebSocket is the client's connection until here.
        drop(connection);
    })
}

/// What a page is told when a limit is reached.
pub(crate) fn no_place(full: Full) -> ProbeFailure {
    match full {
        Full::Server { limit } | Full::Client { limit } => ProbeFailure::Busy { limit },
        Full::Rate { seconds } | Full::Bytes { seconds } => ProbeFailure::Throttled { seconds },
    }
}

async fn converse(mut socket: WebSocket, commons: Arc<Commons>, caller: Caller, mut place: Place) {
    let (to_probe, from_browser) = channel(QUEUE);
    let (to_browser, mut from_probe) = channel(QUEUE);
    let limits = commons.limits_of_one(&place);
    let probe = conversation::run(from_browser, to_browser, Arc::clone(&commons.policy), limits);
    let probe = tokio::spawn(probe);
    let mut life = commons.life.clone();
    let mut sent = 0;
    let mut told_to_stop = false;
    let mut ended = false;
    let mut record: Option<Record> = None;

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
                match message.event {
                    ServerEvent::Connected { remote, .. } => {
                        if let Some(record) = &mut record {
                            record.reached(remote);
                        }
                    }
                    ServerEvent::Ended { failure } => {
                        ended = true;
                        place.charge();
                        if let Some(record) = record.take() {
                            record.end(failure.as_ref());
                        }
                    }
                    _ => {}
                }
            }
            incoming = socket.recv() => match incoming {
                Some(Ok(Message::Text(text))) => {
                    let Ok(message) = serde_json::from_str::<ToServer>(&text) else {
                        break Some(ProbeFailure::ServerLost);
                    };
                    if let Some(target) = opens(&message) {
                        // One after the other, or one of them would have no record.
                        if record.is_some() {
                            break Some(ProbeFailure::ServerLost);
                        }
                        if let Some(full) = place.used_up() {
                            commons.metrics.refuse(full.kind());
                            break Some(no_place(full));
                        }
                        record = Some(Record::begin(&commons, &caller, Kind::Probe, what(target), place.meter()));
                    }
                    // Nobody who answers questions gets so far ahead.
                    if to_probe.try_send(message).is_err() {
                        break Some(ProbeFailure::ServerLost);
                    }
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Binary(_))) => break Some(ProbeFailure::ServerLost),
                Some(Ok(Message::Close(_)) | Err(_)) | None => break None,
            },
            () = life.until(Stage::Stopping), if !told_to_stop => {
                told_to_stop = true;
                // If the queue is full, the conversation ends with the process.
                let _ = to_probe.try_send(ToServer::Stop);
            }
        }
    };

    // Closed channels stop the probe; its place is free when its socket is.
    drop((to_probe, from_probe));
    let _ = probe.await;
    if let (Some(record), Some(failure)) = (record.take_if(|_| unfinished.is_some()), &unfinished) {
        record.end(Some(failure));
    }
    drop(record);
    drop(place);
    match unfinished {
        Some(failure) => end(socket, failure).await,
        None => close(socket).await,
    }
}

/// The target of a message that opens a connection.
fn opens(message: &ToServer) -> Option<&Target> {
    match message {
        ToServer::Start(target) | ToServer::Hello { target, .. } | ToServer::Survey { target, .. } => {
            Some(target)
        }
        _ => None,
    }
}

/// What the audit log says of a target: all but what a proxy is told about its user.
pub(crate) fn what(target: &Target) -> What {
    let route = &target.route;
    let instead = route.connect_to.as_ref().map(|endpoint| format!("{}:{}", endpoint.host, endpoint.port));
    let proxy = route.proxy.as_ref().map(|proxy| format!("{}:{}", proxy.host, proxy.port));
    let protocol = match target.starttls {
        StartTls::None => "tls",
        other => other.word(),
    };
    What {
        host: Some(target.host.clone()),
        port: Some(target.port),
        protocol: Some(protocol.to_owned()),
        connect_to: instead,
        proxy,
    }
}

fn to_text(message: &FromServer, sent: &mut usize) -> Option<Utf8Bytes> {
    let text = serde_json::to_string(message).ok()?;
    *sent += text.len();
    (text.len() <= MAX_MESSAGE && *sent <= MAX_SENT).then(|| text.into())
}

/// Ends a conversation that no probe ends.
async fn end(mut socket: WebSocket, failure: ProbeFailure) {
    info!(outcome = kind_of(&failure), "conversation ended");
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
