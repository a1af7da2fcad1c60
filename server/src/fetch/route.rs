//! The route of fetching (`POST /api/fetch`): JSON in, octets or JSON out.
//!
//! The [guard](crate::guard) has looked at the request before, and a fetch takes the place of a probe while it runs, until the browser has
//! taken the file. Refuses what is no [`FetchRequest`] or says that it is no JSON, and browsers that are too slow.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use certwright_protocol::fetch::{FetchFailure, FetchRequest, MAX_ADDRESS};
use http_body_util::channel::Channel;
use hyper::body::Bytes;
use tokio::time::timeout;

use super::client::Fetched;
use super::{Target, fetch};
use crate::audit::What;
use crate::gate::{Full, Place, USUAL_WAIT};
use crate::life::Stage;
use crate::metrics::Kind;
use crate::problem::{status_of, with_retry_after};
use crate::work::{Caller, Commons, Record};

/// For the request to come.
const REQUEST_PATIENCE: Duration = Duration::from_secs(10);
/// Octets of a request: an address in which every character is escaped.
const MAX_REQUEST: usize = 6 * MAX_ADDRESS + 64;
/// Octets that are handed out at a time.
const PIECE: usize = 64 * 1024;

/// Takes a request.
pub(crate) async fn take(
    State(commons): State<Arc<Commons>>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Response {
    // Other sites cannot send this type without asking first (Fetch standard, CORS-safelisted request headers).
    let media_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let without_parameters = media_type.and_then(|value| value.split(';').next()).map(str::trim);
    if without_parameters != Some("application/json") {
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send JSON.\n").into_response();
    }
    let place = match commons.enter(&caller) {
        Ok(place) => place,
        Err(full) => {
            return with_retry_after(
                (status_of(full), Json(no_place(full))).into_response(),
                full.retry_after(),
            );
        }
    };
    let request = match read(request.into_body()).await {
        Ok(request) => request,
        Err(failure) => return refuse(&failure),
    };
    let mut record = Record::begin(&commons, &caller, Kind::Fetch, what(&request.url), place.meter());
    let mut life = commons.life.clone();
    let fetched = tokio::select! {
        fetched = fetch(&request.url, &commons.policy, &commons.fetch, place.meter()) => fetched,
        () = life.until(Stage::Stopping) => Err(FetchFailure::Stopped),
    };
    if let Ok(fetched) = &fetched {
        record.reached(fetched.address);
    }
    record.end(fetched.as_ref().err());
    match fetched {
        Ok(fetched) => deliver(fetched, place, commons.fetch.delivery),
        Err(failure) => refuse(&failure),
    }
}

async fn read(body: Body) -> Result<FetchRequest, FetchFailure> {
    let body = timeout(REQUEST_PATIENCE, to_bytes(body, MAX_REQUEST)).await;
    let Ok(Ok(body)) = body else { return Err(FetchFailure::BadAddress) };
    serde_json::from_slice(&body).map_err(|_| FetchFailure::BadAddress)
}

/// What is told when a limit is reached.
fn no_place(full: Full) -> FetchFailure {
    match full {
        Full::Server { limit } | Full::Client { limit } => FetchFailure::Busy { limit },
        Full::Rate { seconds } | Full::Bytes { seconds } => FetchFailure::Throttled { seconds },
    }
}

/// What the audit log says of an address: neither its path nor anything else that may be a secret.
fn what(address: &str) -> What {
    let Ok(Target { url, port, .. }) = Target::parse(address, None) else { return What::default() };
    What {
        host: url.host_str().map(str::to_owned),
        port: Some(port),
        protocol: Some(url.scheme().to_owned()),
        ..What::default()
    }
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
        FetchFailure::Throttled { .. } => StatusCode::TOO_MANY_REQUESTS,
        FetchFailure::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        // Many large files are being fetched; it is no one client's doing.
        FetchFailure::Stopped | FetchFailure::Busy { .. } => {
            let answer = (StatusCode::SERVICE_UNAVAILABLE, Json(failure)).into_response();
            return with_retry_after(answer, USUAL_WAIT);
        }
        FetchFailure::TimedOut { .. } => StatusCode::GATEWAY_TIMEOUT,
        _ => StatusCode::BAD_GATEWAY,
    };
    (status, Json(failure)).into_response()
}
