//! The server as a whole: routes, what every answer carries, and a life from bind to drain.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{from_fn_with_state, map_response_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use certwright_protocol::fetch::FETCH_PATH;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use ipnet::IpNet;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};
use tower::ServiceExt;
use tracing::{info, warn};

use crate::conversation::Limits;
use crate::fetch::{self, Fetches};
use crate::guard::{Gate, HostNames, check_request};
use crate::policy::TargetPolicy;
use crate::probes::{Probes, take};
use crate::site::Site;

/// What the operator decides.
#[derive(Debug, Clone)]
pub struct Config {
    /// Target ranges that are allowed although they are not global.
    pub allow: Vec<IpNet>,
    /// Names that the server answers to besides its addresses, as behind a reverse proxy. Whoever gives one serves strangers, so
    /// targets are then restricted as if the server were not bound to loopback.
    pub hosts: Vec<String>,
    /// Probes and fetches at a time.
    pub max_probes: u32,
    /// Probes and fetches at a time for each client address.
    pub max_probes_per_client: u32,
    /// What one probe may cost.
    pub limits: Limits,
    /// What fetching one file may cost.
    pub fetch: fetch::Limits,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            allow: Vec::new(),
            hosts: Vec::new(),
            max_probes: 64,
            max_probes_per_client: 16,
            limits: Limits::default(),
            fetch: fetch::Limits::default(),
        }
    }
}

impl Config {
    /// The target policy of a server bound to `listening`.
    pub fn policy(&self, listening: SocketAddr) -> TargetPolicy {
        let policy = if listening.ip().is_loopback() && self.hosts.is_empty() {
            TargetPolicy::loopback()
        } else {
            TargetPolicy::global()
        };
        policy.allow(self.allow.iter().copied()).never_itself(listening)
    }
}

/// Connections at a time.
const MAX_CONNECTIONS: u32 = 1024;
/// For the head of a request, and for the next request on the same connection.
const HEAD_PATIENCE: Duration = Duration::from_secs(20);
/// For what is running when the server is told to end.
const DRAIN: Duration = Duration::from_secs(5);

/// Serves on `listener` until `shutdown`, then tells running probes to stop and waits at most 5 s for them.
pub async fn serve(
    config: Config,
    site: Site,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let listening = listener.local_addr()?;
    let (stop, stopping) = watch::channel(false);
    let gate = Arc::new(Gate::new(config.max_probes, config.max_probes_per_client));
    let policy = Arc::new(config.policy(listening));
    let probes = Probes {
        policy: Arc::clone(&policy),
        limits: config.limits,
        gate: Arc::clone(&gate),
        stopping: stopping.clone(),
    };
    let fetches = Fetches { policy, limits: config.fetch, gate: Arc::clone(&gate), stopping };
    let router = router(
        Arc::new(probes),
        Arc::new(fetches),
        HostNames::new(listening.ip(), &config.hosts),
        Arc::new(site),
    );
    info!("serving");

    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS as usize));
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = async {
            // The semaphore is never closed.
            let place = Arc::clone(&places).acquire_owned().await.ok();
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut shutdown => break,
        };
        match accepted {
            Ok((stream, client)) => {
                let connection = serve_connection(stream, client, router.clone(), stop.subscribe());
                tokio::spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            Err(error) => {
                warn!(%error, "cannot accept a connection");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }

    info!("stopping");
    drop(listener);
    // Fails if no probe is running.
    let _ = stop.send(true);
    let drained = timeout(DRAIN, async {
        gate.empty().await;
        places.acquire_many(MAX_CONNECTIONS).await.is_ok()
    });
    if drained.await.is_err() {
        warn!("some connections did not end in time");
    }
    Ok(())
}

/// One HTTP connection, with time-outs that Axum's own loop does not have.
async fn serve_connection(
    stream: TcpStream,
    client: SocketAddr,
    router: Router,
    mut stopping: watch::Receiver<bool>,
) {
    // Probes exchange small messages and wait for each.
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(ConnectInfo(client));
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        // What goes wrong with one connection is its client's business.
        _ = &mut connection => return,
        () = until_stopping(&mut stopping) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// Completes when the server is about to end, or has ended.
pub(crate) async fn until_stopping(stopping: &mut watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

fn router(probes: Arc<Probes>, fetches: Arc<Fetches>, hosts: HostNames, site: Arc<Site>) -> Router {
    Router::new()
        .route("/api/probe", get(take).with_state(probes))
        .route(FETCH_PATH, post(fetch::take).with_state(fetches))
        .route("/healthz", get(async || "ok"))
        .fallback(answer_from_site)
        .layer(from_fn_with_state(Arc::new(hosts), check_request))
        .layer(map_response_with_state(Arc::clone(&site), add_security_fields))
        .with_state(site)
}

async fn answer_from_site(State(site): State<Arc<Site>>, request: Request) -> Response {
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
