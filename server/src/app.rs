//! The server as a whole: what its operator decides, its routes, and what every answer carries.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{from_fn_with_state, map_response_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use certwright_protocol::api::{API_PROBE_PATH, OPENAPI_PATH};
use certwright_protocol::fetch::FETCH_PATH;

use crate::api;
use crate::audit::{Audit, AuditLog};
use crate::clients::TrustedProxies;
use crate::conversation::Limits;
use crate::fetch;
use crate::gate::{Bounds, Gate, USUAL_WAIT};
use crate::guard::{Guard, HostNames, METRICS_PATH, check_request};
use crate::life::Life;
use crate::metrics::{MEDIA_TYPE, Metrics};
use crate::policy::{Lists, TargetPolicy};
use crate::probes::take;
use crate::problem::with_retry_after;
use crate::site::Site;
use crate::tls::{Identity, TlsFiles};
use crate::tokens::Tokens;
use crate::work::Commons;

pub use crate::life::Control;
pub use crate::listen::serve;

/// What the operator decides. What is `None` follows from whether strangers reach the server.
#[derive(Debug, Clone)]
pub struct Config {
    /// Names that the server answers to besides its addresses, as behind a reverse proxy. Whoever gives one serves strangers, so
    /// targets are then restricted as if the server were not bound to loopback.
    pub hosts: Vec<String>,
    /// Reverse proxies that are believed about who their client is. Whoever names some serves strangers.
    pub proxies: TrustedProxies,
    /// Certificate and key, if the server speaks HTTPS itself.
    pub tls: Option<TlsFiles>,
    /// The tokens of scripts.
    pub token_file: Option<PathBuf>,
    /// Whether everything but the checks of health needs a token.
    pub require_token: bool,
    /// Which targets are opened and closed.
    pub lists: Lists,
    /// Probes and fetches at a time.
    pub max_probes: u32,
    /// Probes and fetches at a time for each client address.
    pub max_probes_per_client: u32,
    /// Probes and fetches that a client may begin in a minute; 0 for as many as it likes.
    pub rate_per_client: Option<u32>,
    /// Octets that the probes and fetches of a client may exchange in a minute; 0 for as many as they like.
    pub max_bytes_per_client_minute: Option<u64>,
    /// Connections of clients at a time.
    pub max_connections: u32,
    /// Connections at a time for each client address, unless it is a trusted proxy's.
    pub max_connections_per_client: u32,
    /// Where it is told who probed what.
    pub audit: Option<AuditLog>,
    /// How long what is running may go on when the server is told to end.
    pub drain: Duration,
    /// What one probe may cost.
    pub limits: Limits,
    /// What fetching one file may cost.
    pub fetch: fetch::Limits,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            hosts: Vec::new(),
            proxies: TrustedProxies::default(),
            tls: None,
            token_file: None,
            require_token: false,
            lists: Lists::default(),
            max_probes: 64,
            max_probes_per_client: 16,
            rate_per_client: None,
            max_bytes_per_client_minute: None,
            max_connections: 1024,
            max_connections_per_client: 256,
            audit: None,
            drain: Duration::from_secs(5),
            limits: Limits::default(),
            fetch: fetch::Limits::default(),
        }
    }
}

/// What a client may begin in a minute, where strangers are served and the operator says nothing.
pub const STRANGERS_RATE: u32 = 600;
/// What a client may exchange in a minute, where strangers are served and the operator says nothing.
pub const STRANGERS_BYTES: u64 = 256 * 1024 * 1024;

impl Config {
    /// Whether others than the user of this machine reach a server that is bound to `listening`.
    pub fn is_exposed(&self, listening: SocketAddr) -> bool {
        !listening.ip().is_loopback() || !self.hosts.is_empty() || !self.proxies.ranges.is_empty()
    }

    /// The same with what follows from who is served.
    #[must_use]
    pub fn in_force(mut self, listening: SocketAddr) -> Self {
        let exposed = self.is_exposed(listening);
        self.rate_per_client = Some(self.rate_per_client.unwrap_or(if exposed { STRANGERS_RATE } else { 0 }));
        let bytes = self.max_bytes_per_client_minute;
        self.max_bytes_per_client_minute = Some(bytes.unwrap_or(if exposed { STRANGERS_BYTES } else { 0 }));
        self.audit = Some(self.audit.unwrap_or(if exposed { AuditLog::Stderr } else { AuditLog::Off }));
        self
    }

    /// The target policy of a server bound to `listening`.
    pub fn policy(&self, listening: SocketAddr) -> TargetPolicy {
        let policy =
            if self.is_exposed(listening) { TargetPolicy::global() } else { TargetPolicy::loopback() };
        policy.with_lists(self.lists.clone()).never_itself(listening)
    }

    /// Reads and opens the files that are named, for a server bound to `listening`. The error is a sentence.
    pub fn open(&self, listening: SocketAddr) -> Result<Opened, String> {
        let (identity, tokens) = self.read(listening)?;
        let audit = self.clone().in_force(listening).audit.unwrap_or(AuditLog::Off);
        Ok(Opened { identity, tokens, audit: Audit::open(audit)? })
    }

    /// Tells what [`Self::open`] would say, and changes nothing.
    pub fn check(&self, listening: SocketAddr) -> Result<(), String> {
        self.read(listening)?;
        self.audit.as_ref().map_or(Ok(()), Audit::check)
    }

    fn read(&self, listening: SocketAddr) -> Result<(Option<Arc<Identity>>, Tokens), String> {
        if self.require_token && self.token_file.is_none() {
            return Err("require-token is of no use without a token-file.".into());
        }
        let identity = self.tls.as_ref().map(Identity::read).transpose()?.map(Arc::new);
        Ok((identity, Tokens::read(self.token_file.as_deref(), self.is_exposed(listening))?))
    }
}

/// The files that a configuration names, read and open.
#[derive(Debug)]
pub struct Opened {
    pub(crate) identity: Option<Arc<Identity>>,
    pub(crate) tokens: Tokens,
    pub(crate) audit: Audit,
}

/// What all work of a server shares.
pub(crate) fn commons(
    config: &Config,
    listening: SocketAddr,
    tokens: Tokens,
    audit: Audit,
    life: Life,
) -> Commons {
    let config = config.clone().in_force(listening);
    let policy = config.policy(listening);
    let bounds = Bounds {
        all: config.max_probes,
        per_client: config.max_probes_per_client,
        starts_per_minute: config.rate_per_client.filter(|rate| *rate > 0),
        bytes_per_minute: config.max_bytes_per_client_minute.filter(|bytes| *bytes > 0),
    };
    Commons {
        policy: Arc::new(policy),
        limits: config.limits,
        fetch: config.fetch,
        gate: Arc::new(Gate::new(bounds)),
        tokens,
        require_token: config.require_token,
        proxies: config.proxies,
        audit,
        metrics: Metrics::new(),
        life,
        drain: config.drain,
    }
}

/// All routes. What each of them asks of a request is decided by the [guard](crate::guard).
pub(crate) fn router(commons: Arc<Commons>, hosts: HostNames, site: Arc<Site>) -> Router {
    let guard = Guard { hosts, commons: Arc::clone(&commons) };
    Router::new()
        .route(API_PROBE_PATH, get(take).post(api::probe))
        .route(OPENAPI_PATH, get(api::describe))
        .route(FETCH_PATH, post(fetch::take))
        .route("/healthz", get(async || "ok"))
        .route("/readyz", get(ready))
        .route(METRICS_PATH, get(metrics))
        .fallback(answer_from_site)
        .layer(from_fn_with_state(Arc::new(guard), check_request))
        .layer(map_response_with_state(Arc::clone(&site), add_security_fields))
        .layer(Extension(site))
        .with_state(commons)
}

/// Whether the server takes work: for whoever shares it out.
async fn ready(State(commons): State<Arc<Commons>>) -> Response {
    if commons.life.is_serving() {
        "ready".into_response()
    } else {
        with_retry_after((StatusCode::SERVICE_UNAVAILABLE, "ending").into_response(), USUAL_WAIT)
    }
}

async fn metrics(State(commons): State<Arc<Commons>>) -> Response {
    let fields = [(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE))];
    (fields, commons.metrics.to_text()).into_response()
}

async fn answer_from_site(Extension(site): Extension<Arc<Site>>, request: Request) -> Response {
    site.answer(request.method(), request.uri().path(), request.headers())
}

/// What every answer carries, also the refusals.
async fn add_security_fields(State(site): State<Arc<Site>>, mut response: Response) -> Response {
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_SECURITY_POLICY, site.content_security_policy());
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ] {
        fields.insert(name, HeaderValue::from_static(value));
    }
    fields.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
