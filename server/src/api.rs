//! The API for scripts: `POST /api/probe` takes an [`ApiProbe`] and answers with the report of a whole probe, `GET /api/openapi.json` describes it.
//!
//! Both halves of the probe run here ([`crate::local`]): it needs no browser, and it has no client's key. The guard has asked for a token where one
//! is needed; the probe takes a place as every other does, and stops when its client goes. Refused with a problem document (RFC 9457): what is no JSON,
//! unknown fields, hosts and ports that are none, certificates that cannot be read.

mod openapi;

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use certwright_engine::files::{self, Input, Keystore, Passwords};
use certwright_engine::probe::Probe;
use certwright_engine::trust::{Anchor, mozilla};
use certwright_protocol::api::{ApiProbe, ApiTrust};
use certwright_protocol::conversation::{StartTls, ToServer};
use certwright_protocol::report::{ProbeReport, ProbeVerdict};
use certwright_protocol::ui::{Authentication, ProbePlan};
use tokio::time::timeout;

use crate::audit::What;
use crate::life::Stage;
use crate::local;
use crate::metrics::Kind;
use crate::probes::{no_place, what};
use crate::problem::Problem;
use crate::work::{Caller, Commons, Record};

pub(crate) use openapi::describe;

/// For the request to come.
const REQUEST_PATIENCE: Duration = Duration::from_secs(10);
/// Octets of a request: some hundred certificates.
const MAX_REQUEST: usize = 512 * 1024;

/// Takes a request.
pub(crate) async fn probe(
    State(commons): State<Arc<Commons>>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Response {
    // Other sites cannot send this type without asking first (Fetch standard, CORS-safelisted request headers).
    let media_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if media_type.and_then(|value| value.split(';').next()).map(str::trim) != Some("application/json") {
        let detail = "Send JSON, with the field “Content-Type: application/json”.".into();
        return problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Not JSON", detail).into_response();
    }
    let mut place = match commons.enter(&caller) {
        Ok(place) => place,
        Err(full) => return Problem::full(full).into_response(),
    };
    let (probe, opening, what) = match read(request.into_body()).await.and_then(begin) {
        Ok(begun) => begun,
        Err(problem) => return problem.into_response(),
    };
    let limits = commons.limits_of_one(&place);
    let mut record = Record::begin(&commons, &caller, Kind::Probe, what, place.meter());
    let mut life = commons.life.clone();
    let used_up = || {
        place.charge();
        place.used_up().map(no_place)
    };
    let report = tokio::select! {
        report = local::run_unless_dropped(probe, opening, Arc::clone(&commons.policy), limits, used_up) => Some(report),
        () = life.until(Stage::Stopping) => None,
    };
    match report {
        Some(report) => {
            if let Some(remote) = report.remote {
                record.reached(remote);
            }
            record.end(match &report.verdict {
                Some(ProbeVerdict::Failed { failure }) => Some(failure),
                _ => None,
            });
            Json::<ProbeReport>(report).into_response()
        }
        None => Problem::ending(1).into_response(),
    }
}

async fn read(body: Body) -> Result<ApiProbe, Problem> {
    let wrong = |title, detail| problem(StatusCode::BAD_REQUEST, title, detail);
    let body = match timeout(REQUEST_PATIENCE, to_bytes(body, MAX_REQUEST)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => {
            let detail = format!("A request has at most {} KiB.", MAX_REQUEST / 1024);
            return Err(problem(StatusCode::PAYLOAD_TOO_LARGE, "Too long", detail));
        }
        Err(_) => {
            let detail = format!("The request did not come within {} seconds.", REQUEST_PATIENCE.as_secs());
            return Err(problem(StatusCode::REQUEST_TIMEOUT, "Too slow", detail));
        }
    };
    serde_json::from_slice(&body)
        .map_err(|error| wrong("Not a probe", format!("{error}. See /api/openapi.json.")))
}

/// The probe, the message that opens it, and what the audit log says of it.
fn begin(asked: ApiProbe) -> Result<(Probe, ToServer, What), Problem> {
    let wrong = |detail| problem(StatusCode::BAD_REQUEST, "Not a probe", detail);
    let anchors = anchors(&asked.trust)?;
    let starttls = asked.starttls.unwrap_or_else(|| StartTls::usual_on(asked.port));
    let plan = ProbePlan {
        authentication: Authentication::None,
        route: asked.route,
        starttls,
        server_name: asked.server_name,
        versions: asked.versions,
        offer: asked.offer,
        http: asked.http,
        extent: asked.extent,
        ..ProbePlan::new(asked.host, asked.port)
    };
    let (probe, opening) = Probe::start(plan, &Keystore::default(), anchors, local::unix_ms())
        .map_err(|problem| wrong(problem.to_line()))?;
    let what = what(&probe.report().target);
    Ok((probe, opening, what))
}

fn anchors(trust: &ApiTrust) -> Result<Vec<Anchor>, Problem> {
    let mut anchors = Vec::new();
    for (text, number) in trust.certificates.iter().zip(1..) {
        let input = Input { name: "certificates", bytes: text.as_bytes() };
        let read = files::anchors(&input, &Passwords::none()).map_err(|problem| problem.to_line());
        anchors.extend(read.map_err(|why| {
            let detail = format!("Text {number} of trust.certificates: {why}");
            problem(StatusCode::BAD_REQUEST, "Not a probe", detail)
        })?);
    }
    if trust.mozilla.unwrap_or(trust.certificates.is_empty()) {
        anchors.extend_from_slice(mozilla::anchors());
    }
    Ok(anchors)
}

fn problem(status: StatusCode, title: &'static str, detail: String) -> Problem {
    Problem { status, title, detail, retry_after: None }
}
