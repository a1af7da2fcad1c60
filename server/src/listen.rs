//! A server's life from its first connection to its last: takes connections, speaks TLS where that is wished, looks at its files again, drains.
//!
//! Refuses more connections than allowed, handshakes and requests that come too slowly, and plain HTTP on the port of HTTPS.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;
use tracing::{error, info, warn};

use crate::app::{Config, Opened, commons, router};
use crate::gate::{Door, Doors};
use crate::guard::{HostNames, Peer};
use crate::life::{Control, Life, Stage};
use crate::private::Reloaded;
use crate::problem::status_of;
use crate::site::Site;
use crate::tls::{Greeted, Identity, greet};
use crate::work::Commons;

/// For the head of a request, and for the next request on the same connection.
const HEAD_PATIENCE: Duration = Duration::from_secs(20);
/// For what was told to stop.
const FAREWELL: Duration = Duration::from_secs(5);
/// How often files are looked at.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// Clients that are told at a time why they are turned away; the others are just turned away.
static TURNED_AWAY: Semaphore = Semaphore::const_new(64);

/// Serves on `listener` until `control` says that it is to end, or is dropped; then takes nothing new, lets what is running end, as long as
/// configured, stops what remains, and waits at most 5 s for that.
pub async fn serve(
    config: Config,
    opened: Opened,
    site: Site,
    listener: TcpListener,
    mut control: mpsc::Receiver<Control>,
) -> io::Result<()> {
    let listening = listener.local_addr()?;
    let Opened { identity, tokens, audit } = opened;
    let acceptor = identity.as_ref().map(Identity::acceptor).transpose().map_err(io::Error::other)?;
    let (stage, life) = Life::new();
    let commons = Arc::new(commons(&config, listening, tokens, audit, life));
    let hosts = HostNames::new(listening.ip(), &config.hosts, acceptor.is_some());
    let server = Server {
        router: router(Arc::clone(&commons), hosts, Arc::new(site)),
        commons,
        identity,
        acceptor,
        doors: Arc::new(Doors::new(config.max_connections, config.max_connections_per_client)),
        listener,
    };
    info!(exposed = config.is_exposed(listening), https = server.acceptor.is_some(), "serving");
    server.take_until_told(&mut control, std::future::pending()).await;
    server.end(&stage, &mut control, config.drain).await;
    Ok(())
}

struct Server {
    router: Router,
    commons: Arc<Commons>,
    identity: Option<Arc<Identity>>,
    acceptor: Option<TlsAcceptor>,
    doors: Arc<Doors>,
    listener: TcpListener,
}

impl Server {
    async fn end(self, stage: &watch::Sender<Stage>, control: &mut mpsc::Receiver<Control>, drain: Duration) {
        info!("draining");
        stage.send_replace(Stage::Draining);
        let drained = timeout(drain, self.commons.gate.empty());
        self.take_until_told(control, async { drop(drained.await) }).await;
        info!("stopping");
        stage.send_replace(Stage::Stopping);
        let Self { listener, commons, doors, .. } = self;
        drop(listener);
        let stopped = timeout(FAREWELL, async {
            commons.gate.empty().await;
            doors.empty().await;
        });
        if stopped.await.is_err() {
            warn!("some connections did not end in time");
        }
    }

    /// Takes connections until the server is told to end, or `until` completes.
    async fn take_until_told(&self, control: &mut mpsc::Receiver<Control>, until: impl Future<Output = ()>) {
        let mut until = std::pin::pin!(until);
        let mut clock = interval(LOOK_AGAIN);
        clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                told = control.recv() => match told {
                    Some(Control::Reload) => self.look_again(true),
                    Some(Control::End) | None => return,
                },
                () = &mut until => return,
                _ = clock.tick() => self.look_again(false),
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, client)) => self.take(stream, client),
                    Err(error) => {
                        warn!(%error, "cannot accept a connection");
                        sleep(Duration::from_millis(100)).await;
                    }
                },
            }
        }
    }

    /// Reads the files again that may have changed. Reading may take a while, so nobody waits for it.
    fn look_again(&self, told: bool) {
        if !told && self.identity.is_none() && !self.commons.tokens.have_file() {
            return;
        }
        let (commons, identity) = (Arc::clone(&self.commons), self.identity.clone());
        tokio::task::spawn_blocking(move || {
            let told_of = |what: &'static str, reloaded: Result<Reloaded, String>| match reloaded {
                Ok(Reloaded::Same) => {}
                Ok(Reloaded::Changed) => {
                    info!("{what} read again");
                    commons.metrics.reload(what);
                }
                Err(error) => {
                    error!("{what} not read again, what was there before stays in use: {error}");
                    commons.metrics.reload_failed(what);
                }
            };
            if let Some(identity) = identity {
                told_of("certificate", identity.reload());
            }
            told_of("tokens", commons.tokens.reload());
            if told && let Err(error) = commons.audit.reopen() {
                error!("{error}");
            }
        });
    }

    fn take(&self, stream: TcpStream, client: SocketAddr) {
        let trusted = self.commons.proxies.contain(client.ip());
        let door = match self.doors.enter(client.ip(), !trusted) {
            Ok(door) => door,
            Err(full) => {
                self.commons.metrics.refuse(if full.is_own() {
                    "client_connections"
                } else {
                    "server_connections"
                });
                if self.acceptor.is_none() {
                    let status = status_of(full);
                    let seconds = full.retry_after();
                    tokio::spawn(turn_away(
                        stream,
                        format!("{status}\r\nRetry-After: {seconds}"),
                        "Too many connections.\n",
                    ));
                }
                return;
            }
        };
        self.commons.metrics.connected();
        let connection = Arc::new(Connection { commons: Arc::clone(&self.commons), _door: door });
        let (router, acceptor, life) =
            (self.router.clone(), self.acceptor.clone(), self.commons.life.clone());
        tokio::spawn(async move {
            // Probes exchange small messages and wait for each.
            let _ = stream.set_nodelay(true);
            match acceptor {
                None => speak_http(stream, client, connection, router, life).await,
                Some(acceptor) => match greet(&acceptor, stream).await {
                    Greeted::Tls(stream) => speak_http(*stream, client, connection, router, life).await,
                    Greeted::Plain(stream) => {
                        turn_away(
                            stream,
                            "400 Bad Request".into(),
                            "This port speaks HTTPS: write https:// before the address.\n",
                        )
                        .await;
                    }
                    Greeted::Nothing => {}
                },
            }
        });
    }
}

/// A client's connection, also while it is a WebSocket. Every request has it among its extensions.
#[derive(Debug)]
pub(crate) struct Connection {
    commons: Arc<Commons>,
    _door: Door,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.commons.metrics.disconnected();
    }
}

/// One HTTP connection, with time-outs that Axum's own loop does not have.
async fn speak_http(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    client: SocketAddr,
    connection: Arc<Connection>,
    router: Router,
    mut life: Life,
) {
    let service = hyper::service::service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(Peer(client));
        request.extensions_mut().insert(Arc::clone(&connection));
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .max_buf_size(64 * 1024)
        .keep_alive(life.is_serving())
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    if life.is_serving() {
        tokio::select! {
            // What goes wrong with one connection is its client's business.
            _ = &mut connection => return,
            () = life.until(Stage::Draining) => connection.as_mut().graceful_shutdown(),
        }
    }
    // One that came while the server drains may still ask; one that says nothing ends with the server.
    tokio::select! {
        _ = &mut connection => return,
        () = life.until(Stage::Stopping) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// Says in plain HTTP why nobody listens, and hangs up.
async fn turn_away(mut stream: TcpStream, status: String, words: &str) {
    let Ok(_permit) = TURNED_AWAY.try_acquire() else { return };
    let length = words.len();
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{words}"
    );
    let telling = async {
        if stream.write_all(answer.as_bytes()).await.is_ok() && stream.shutdown().await.is_ok() {
            // What is not read would reset the connection, and with it goes the answer.
            let mut rest = [0; 1024];
            while matches!(stream.read(&mut rest).await, Ok(1..)) {}
        }
    };
    let _ = timeout(Duration::from_secs(1), telling).await;
}
