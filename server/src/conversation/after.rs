//! What a TLS 1.3 server does after the handshake, which is where it refuses a client certificate (RFC 8446 section 4.4.2.4: the client
//! is done before the server has looked at it).
//!
//! The first sign decides: an alert, a session ticket, data, a good-bye. A server that says nothing leaves the question open.

use std::time::Instant;

use certwright_protocol::conversation::{AfterHandshake, ProbeFailure};

use super::handshake::{Session, Setback};
use super::wire::Lost;

impl Session {
    /// Waits for the first sign.
    pub(super) fn listen(&mut self) -> Result<AfterHandshake, ProbeFailure> {
        let begun = Instant::now();
        let until = self.deadline.min(begun + self.limits.after_handshake);
        loop {
            if self.line.ticket_seen() {
                return Ok(AfterHandshake::SessionTicket);
            }
            if !self.plaintext.is_empty() {
                let bytes = u32::try_from(self.plaintext.len()).unwrap_or(u32::MAX);
                return Ok(AfterHandshake::Data { bytes });
            }
            if self.closed {
                return Ok(AfterHandshake::Closed);
            }
            self.flush(until);
            if let Err(setback) = self.receive(until) {
                return last_sign(setback, begun);
            }
        }
    }
}

/// What the end of the connection, or of the wait, says.
pub(super) fn last_sign(setback: Setback, begun: Instant) -> Result<AfterHandshake, ProbeFailure> {
    match setback {
        Setback::Fault(failure) => Err(failure),
        Setback::Tls(rustls::Error::AlertReceived(alert)) => Ok(AfterHandshake::Alert { code: alert.into() }),
        Setback::Tls(error) => Err(ProbeFailure::ProtocolViolation { detail: error.to_string() }),
        Setback::Lost(Lost::TimedOut) => {
            let waited = begun.elapsed().as_millis();
            Ok(AfterHandshake::Silent { waited_ms: u32::try_from(waited).unwrap_or(u32::MAX) })
        }
        Setback::Lost(Lost::Closed | Lost::Reset) => Ok(AfterHandshake::HungUp),
    }
}
