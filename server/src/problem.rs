//! What scripts are told when they are refused: a problem document (RFC 9457, `application/problem+json`).
//!
//! It is written here, as the catalogue words what happens to users' probes, and this is for people who write scripts against the server.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::gate::Full;

/// A refusal.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    /// What kind of problem it is: the same words every time.
    pub(crate) title: &'static str,
    /// What to do about this one.
    pub(crate) detail: String,
    /// Seconds until it is worth trying again.
    pub(crate) retry_after: Option<u32>,
}

impl Problem {
    /// The server is about to end.
    pub(crate) fn ending(retry_after: u32) -> Self {
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            title: "The server is ending",
            detail:
                "It finishes what is running and takes nothing new. Another one may be starting in its place."
                    .into(),
            retry_after: Some(retry_after),
        }
    }

    /// A limit is reached.
    pub(crate) fn full(full: Full) -> Self {
        let detail = match full {
            Full::Server { limit } => format!("This server does {limit} things at a time (max-probes)."),
            Full::Client { limit } => {
                format!("{limit} things at a time may be done for one client (max-probes-per-client).")
            }
            Full::Rate { .. } => "This client began too much within a minute (rate-per-client).".into(),
            Full::Bytes { .. } => {
                "This client's probes and fetches moved too many octets (max-bytes-per-client-minute).".into()
            }
        };
        Self {
            status: status_of(full),
            title: if full.is_own() { "Too much for one client" } else { "The server is busy" },
            detail,
            retry_after: Some(full.retry_after()),
        }
    }
}

/// 429 (RFC 6585) for the client's own limit, 503 for that of all.
pub(crate) fn status_of(full: Full) -> StatusCode {
    if full.is_own() { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::SERVICE_UNAVAILABLE }
}

/// Adds Retry-After (RFC 9110 section 10.2.3).
pub(crate) fn with_retry_after(mut response: Response, seconds: u32) -> Response {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({
            "type": "about:blank",
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        let fields = [(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))];
        let response = (self.status, fields, body.to_string()).into_response();
        match self.retry_after {
            Some(seconds) => with_retry_after(response, seconds),
            None => response,
        }
    }
}
