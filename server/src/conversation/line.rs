//! The blocking thread's line to the browser: says what it sees, asks and waits.
//!
//! rustls calls back into the verifier, the certificate resolver and the signer, none of which can return a [`ProbeFailure`]. They
//! leave it here; the first one counts, and the caller of rustls looks before it writes another byte to the peer.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use certwright_protocol::conversation::{ProbeFailure, ServerEvent, ToServer};
use tokio::sync::mpsc::UnboundedSender;

use super::seconds;

/// An event and when it happened.
pub(super) struct Said {
    pub(super) when: Instant,
    pub(super) event: ServerEvent,
}

/// The browser's answers to questions.
pub(super) type Answers = Sender<ToServer>;

/// See the module.
pub(super) struct Line {
    events: UnboundedSender<Said>,
    /// What is to be told with the next that cannot wait.
    soon: Mutex<Vec<Said>>,
    answers: Mutex<Receiver<ToServer>>,
    deadline: Instant,
    patience: Duration,
    fault: Mutex<Option<ProbeFailure>>,
    requested: AtomicBool,
    signed: AtomicBool,
    tickets: AtomicBool,
    pss_key: AtomicBool,
}

impl Line {
    pub(super) fn new(
        events: UnboundedSender<Said>,
        answers: Receiver<ToServer>,
        deadline: Instant,
        patience: Duration,
    ) -> Self {
        Self {
            events,
            soon: Mutex::default(),
            answers: Mutex::new(answers),
            deadline,
            patience,
            fault: Mutex::new(None),
            requested: AtomicBool::new(false),
            signed: AtomicBool::new(false),
            tickets: AtomicBool::new(false),
            pss_key: AtomicBool::new(false),
        }
    }

    /// Tells the browser.
    pub(super) fn say(&self, event: ServerEvent) {
        self.say_soon(event);
        self.tell();
    }

    /// Tells the browser before anything is waited for: what is said together costs one awakening of the other side.
    pub(super) fn say_soon(&self, event: ServerEvent) {
        lock(&self.soon).push(Said { when: Instant::now(), event });
    }

    /// Passes on what was said and not told yet.
    pub(super) fn tell(&self) {
        for said in lock(&self.soon).drain(..) {
            // If nobody listens, the probe is being stopped, and the socket with it.
            let _ = self.events.send(said);
        }
    }

    /// Asks the browser and waits. `None` after a failure, which is noted here.
    pub(super) fn ask(&self, question: ServerEvent) -> Option<ToServer> {
        if self.fault().is_some() {
            return None;
        }
        self.say(question);
        let patience = self.patience.min(self.deadline.saturating_duration_since(Instant::now()));
        match lock(&self.answers).recv_timeout(patience) {
            Ok(answer) => Some(answer),
            Err(RecvTimeoutError::Timeout) => {
                self.fail(ProbeFailure::BrowserSilent { seconds: seconds(patience) });
                None
            }
            Err(RecvTimeoutError::Disconnected) => {
                self.fail(ProbeFailure::Stopped);
                None
            }
        }
    }

    /// Notes why the probe must end. The first reason counts.
    pub(super) fn fail(&self, failure: ProbeFailure) {
        lock(&self.fault).get_or_insert(failure);
    }

    /// Why the probe must end, if it must.
    pub(super) fn fault(&self) -> Option<ProbeFailure> {
        lock(&self.fault).clone()
    }

    /// Notes that the server asked for a client certificate.
    pub(super) fn note_request(&self) {
        self.requested.store(true, Ordering::Relaxed);
    }

    /// Whether the server asked for a client certificate.
    pub(super) fn certificate_requested(&self) -> bool {
        self.requested.load(Ordering::Relaxed)
    }

    /// Notes that the browser signed, so that the client certificate goes out next.
    pub(super) fn note_signature(&self) {
        self.signed.store(true, Ordering::Relaxed);
    }

    /// Whether the browser signed.
    pub(super) fn signed(&self) -> bool {
        self.signed.load(Ordering::Relaxed)
    }

    /// Notes that the server's key is marked id-RSASSA-PSS.
    pub(super) fn note_pss_key(&self) {
        self.pss_key.store(true, Ordering::Relaxed);
    }

    /// Whether the server's key is marked id-RSASSA-PSS.
    pub(super) fn has_pss_key(&self) -> bool {
        self.pss_key.load(Ordering::Relaxed)
    }

    /// Notes a TLS 1.3 session ticket.
    pub(super) fn note_ticket(&self) {
        self.tickets.store(true, Ordering::Relaxed);
    }

    /// Whether a TLS 1.3 session ticket came.
    pub(super) fn ticket_seen(&self) -> bool {
        self.tickets.load(Ordering::Relaxed)
    }
}

/// What is behind these locks is whole at any time, so a panic elsewhere does not spoil it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// rustls wants its callbacks printable.
impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Line")
    }
}
