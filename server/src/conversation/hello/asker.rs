//! Asks a server with one ClientHello after the other: each on a connection of its own to the very address that was checked, some at a time,
//! within a budget of connections and time.
//!
//! It stops when the server begins to refuse connections or falls silent: whoever counts connections is not to be fought.

use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use certwright_protocol::conversation::{
    CutShort, HelloAnswer, ProbeFailure, ServerEvent, ServerHelloSeen, StartTls, Target,
};
use tokio::sync::Semaphore;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::survey::Ground;
use super::write::ClientHello;
use super::{Manner, Unanswered, ask};
use crate::conversation::locate::Reached;
use crate::conversation::prelude::Prelude;
use crate::conversation::proxy::Destination;
use crate::conversation::target::Host;
use crate::conversation::wire::Wire;
use crate::conversation::{Limits, connect};

/// Connections at a time.
const AT_A_TIME: usize = 4;
/// For the answer to each ClientHello.
const PATIENCE: Duration = Duration::from_secs(5);
/// Answers that may fail to come.
const MOST_SILENCES: u32 = 6;
/// Before a connection that was refused is tried again, the first and the second time.
const PAUSES: [Duration; 2] = [Duration::from_millis(300), Duration::from_secs(2)];

/// How a ClientHello was taken.
#[derive(Debug)]
pub(super) enum Outcome {
    /// With a ServerHello.
    Hello(Box<ServerHelloSeen>),
    /// With this alert.
    Alert(u8),
    /// The server hung up.
    HungUp,
    /// Nothing came in time.
    Silent,
    /// With something else.
    Odd,
}

impl Outcome {
    /// The ServerHello, if it was one.
    pub(super) fn hello(self) -> Option<ServerHelloSeen> {
        match self {
            Self::Hello(seen) => Some(*seen),
            _ => None,
        }
    }

    /// Whether the server gave no word, as those do that count connections.
    pub(super) fn is_wordless(&self) -> bool {
        matches!(self, Self::HungUp | Self::Silent)
    }
}

/// See the module.
pub(super) struct Asker {
    /// How every ClientHello looks.
    pub(super) manner: Manner,
    place: Arc<Place>,
    until: Instant,
    slots: Semaphore,
    most: u32,
    made: AtomicU32,
    silences: AtomicU32,
    stopped: Mutex<Option<CutShort>>,
}

/// Where every connection goes, and what is done there before TLS.
struct Place {
    remote: SocketAddr,
    destination: Option<Destination>,
    target: Target,
    host: Host,
    limits: Limits,
}

impl Place {
    /// What comes before TLS, a ClientHello, and its answer.
    fn exchange(
        &self,
        stream: TcpStream,
        hello: &ClientHello,
        deadline: Instant,
        say: &dyn Fn(ServerEvent),
    ) -> Result<Result<HelloAnswer, Unanswered>, ProbeFailure> {
        let Self { remote, destination, target, host, limits } = self;
        let mut wire = Wire::new(stream, limits.meter.clone());
        let destination = destination.as_ref();
        Prelude { target, host, destination, remote: *remote, limits, deadline }.run(&mut wire, say)?;
        Ok(ask(&mut wire, hello, deadline, limits.handshake_bytes))
    }

    /// For one connection, from TCP to the answer.
    fn patience(&self) -> Duration {
        let plain = self.target.starttls == StartTls::None && self.target.route.proxy.is_none();
        if plain { PATIENCE } else { 3 * PATIENCE }
    }
}

impl Asker {
    /// Asks at an address that was checked, with at most so many connections. Returns the one that is there.
    pub(super) fn new(ground: Ground, most: u32) -> Result<(TcpStream, Arc<Self>), ProbeFailure> {
        let Ground { reached, target, host, limits, until } = ground;
        let Reached { stream, remote, destination } = reached;
        let asker = Self {
            manner: Manner::new(&target, &host, remote.ip())?,
            place: Arc::new(Place { remote, destination, target, host, limits }),
            until,
            slots: Semaphore::new(AT_A_TIME),
            most,
            made: AtomicU32::new(0),
            silences: AtomicU32::new(0),
            stopped: Mutex::new(None),
        };
        Ok((stream, Arc::new(asker)))
    }

    /// Connections that were made.
    pub(super) fn made(&self) -> u32 {
        self.made.load(Ordering::Relaxed)
    }

    /// Why no more is asked, if it is so.
    pub(super) fn stopped(&self) -> Option<CutShort> {
        *self.stopped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks no more. The first reason counts.
    pub(super) fn stop(&self, why: CutShort) -> CutShort {
        *self.stopped.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why)
    }

    /// One ClientHello on a connection that is there already, with the failure itself if there is no answer.
    pub(super) async fn first(
        &self,
        stream: TcpStream,
        hello: ClientHello,
        until: Instant,
        told: UnboundedSender<ServerEvent>,
    ) -> Result<HelloAnswer, ProbeFailure> {
        self.made.fetch_add(1, Ordering::Relaxed);
        self.exchange(stream, hello, until, Some(told)).await?.map_err(Unanswered::into_failure)
    }

    /// One ClientHello on a new connection.
    pub(super) async fn ask(&self, hello: ClientHello) -> Result<Outcome, CutShort> {
        let Ok(_slot) = self.slots.acquire().await else { return Err(self.stop(CutShort::Time)) };
        let stream = self.connect().await?;
        let until = self.until.min(Instant::now() + self.place.patience());
        let outcome = match self.exchange(stream, hello, until, None).await {
            Ok(Ok(HelloAnswer::ServerHello(seen))) => Outcome::Hello(seen),
            Ok(Ok(HelloAnswer::Alert { code, .. })) => Outcome::Alert(code),
            Ok(Err(Unanswered::HungUp { .. })) => Outcome::HungUp,
            Ok(Err(Unanswered::TimedOut { .. })) => Outcome::Silent,
            Ok(Ok(HelloAnswer::Ssl2) | Err(Unanswered::NotTls { .. } | Unanswered::Broken { .. }))
            | Err(_) => Outcome::Odd,
        };
        if matches!(outcome, Outcome::Silent) {
            if Instant::now() >= self.until {
                return Err(self.stop(CutShort::Time));
            }
            if self.silences.fetch_add(1, Ordering::Relaxed) >= MOST_SILENCES {
                return Err(self.stop(CutShort::Silence));
            }
        }
        Ok(outcome)
    }

    async fn connect(&self) -> Result<TcpStream, CutShort> {
        let mut pauses = PAUSES.into_iter();
        loop {
            if let Some(why) = self.stopped() {
                return Err(why);
            }
            if Instant::now() >= self.until {
                return Err(self.stop(CutShort::Time));
            }
            if self.made.fetch_add(1, Ordering::Relaxed) >= self.most {
                self.made.fetch_sub(1, Ordering::Relaxed);
                return Err(self.stop(CutShort::Connections));
            }
            let until = self.until.min(Instant::now() + PATIENCE);
            match connect::connect(&[self.place.remote], until, PATIENCE, None).await {
                Ok((stream, _)) => return Ok(stream),
                Err(_) => match pauses.next() {
                    Some(pause) => sleep(pause).await,
                    None => return Err(self.stop(CutShort::Refused)),
                },
            }
        }
    }

    /// The exchange, on a thread. When nobody waits for it any more, the socket is shut down, which wakes the thread wherever it is.
    async fn exchange(
        &self,
        stream: TcpStream,
        hello: ClientHello,
        until: Instant,
        told: Option<UnboundedSender<ServerEvent>>,
    ) -> Result<Result<HelloAnswer, Unanswered>, ProbeFailure> {
        let _shutter = Shutter(stream.try_clone().map_err(|_| ProbeFailure::Internal)?);
        let place = Arc::clone(&self.place);
        let say = move |event| {
            if let Some(told) = &told {
                // If nobody listens, the work is being stopped.
                let _ = told.send(event);
            }
        };
        let thread = spawn_blocking(move || place.exchange(stream, &hello, until, &say));
        thread.await.map_err(|_| ProbeFailure::Internal)?
    }
}

/// Shuts a connection down in the end.
struct Shutter(TcpStream);

impl Drop for Shutter {
    fn drop(&mut self) {
        // The other side may have closed it already.
        let _ = self.0.shutdown(Shutdown::Both);
    }
}
