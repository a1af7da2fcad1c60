//! The route of fetching (`POST /api/fetch`): JSON in, octets or JSON out.
//!
//! The [guard](crate::guard) has looked at the request before, and a fetch takes the place of a probe while it runs, until the browser has
//! taken the file. Refuses what is no [`FetchRequest`] or says that it is no JSON, and browsers that are too slow.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use certwright_protocol::fetch::{FetchFailure, FetchRequest, MAX_ADDRESS};
use http_body_util::channel::Channel;
use hyper::body::Bytes;
use tokio::sync::watch;
use tokio::time::timeout;
use tracing::info;

use super::client::Fetched;
use super::{Limits, fetch};
use crate::app::until_stopping;
use crate::guard::{Gate, Place};
use crate::policy::TargetPolicy;

/// For the request to come.
const REQUEST_PATIENCE: Duration = Duration::from_secs(10);
/// Octets of a request: an address in which every character is escaped.
const MAX_REQUEST: usize = 6 * MAX_ADDRESS + 64;
/// Octets that are handed out at a time.
const PIECE: usize = 64 * 1024;

/// What all fetches share.
#[derive(Debug)]
pub(crate) struct Fetches {
    pub(crate) policy: Arc<TargetPolicy>,
    pub(crate) limits: Limits,
    pub(crate) gate: Arc<Gate>,
    /// Becomes true when the server is about to end.
    pub(crate) stopping: watch::Receiver<bool>,
}

/// Takes a request.
pub(crate) async fn take(
    State(fetches): State<Arc<Fetches>>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    // Other sites cannot send this type without asking first (Fetch standard, CORS-safelisted request headers).
    let media_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let without_parameters = media_type.and_then(|value| value.split(';').next()).map(str::trim);
    if without_parameters != Some("application/json") {
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send JSON.\n").into_response();
    }
    let place = match fetches.gate.enter(client.ip()) {
        Ok(place) => place,
        Err(limit) => return refuse(&FetchFailure::Busy { limit }),
    };
    let begun = Instant::now();
    let mut stopping = fetches.stopping.clone();
    let fetched = tokio::select! {
        fetched = answer(&fetches, request.into_body()) => fetched,
        () = until_stopping(&mut stopping) => Err(FetchFailure::Stopped),
    };
    // The kind of outcome alone is logged: addresses are the user's business.
    let outcome = fetched.as_ref().err().map_or("complete", FetchFailure::kind);
    info!(outcome, ms = begun.elapsed().as_millis(), "fetch ended");
    match fetched {
        Ok(fetched) => deliver(fetched, place, fetches.limits.delivery),
        Err(failure) => refuse(&failure),
    }
}

async fn answer(fetches: &Fetches, body: Body) -> Result<Fetched, FetchFailure> {
    let body = timeout(REQUEST_PATIENCE, to_bytes(body, MAX_REQUEST)).await;
    let Ok(Ok(body)) = body else { return Err(FetchFailure::BadAddress) };
    let request: FetchRequest = serde_json::from_slice(&body).map_err(|_| FetchFailure::BadAddress)?;
    fetch(&request.url, &fetches.policy, &fetches.limits).await
}

/// Hands the octets out piece by piece. A browser that takes nothing for too long loses them, and with them goes its place.
fn deliver(fetched: Fetched, place: Place, patience: Duration) -> Response {
    let length = fetched.octets.len();
    let (mut pieces, body) = Channel::<Bytes>::new(1);
    tokio::spawn(async move {
        let handing_out = async {
            for piece in fetched.octets.chunks(PIECE) {
                // A copy, so that what waits to be sent does not keep the rest.
                if pieces.send_data(Bytes::copy_from_slice(piece)).await.is_err() {
                    break;
                }
            }
        };
        let _ = timeout(patience, handing_out).await;
        drop((fetched, place));
    });
    let mut response = Response::new(Body::new(body));
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    fields.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    // Should somebody open it as a page: it is none.
    fields.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    response
}

fn refuse(failure: &FetchFailure) -> Response {
    let status = match failure {
        FetchFailure::BadAddress => StatusCode::BAD_REQUEST,
        FetchFailure::Busy { .. } => StatusCode::TOO_MANY_REQUESTS,
        FetchFailure::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        FetchFailure::Stopped => StatusCode::SERVICE_UNAVAILABLE,
        FetchFailure::TimedOut { .. } => StatusCode::GATEWAY_TIMEOUT,
        _ => StatusCode::BAD_GATEWAY,
    };
    (status, Json(failure)).into_response()
}
