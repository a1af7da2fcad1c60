//! What a TLS 1.3 server does after the handshake, which is where it refuses a client certificate (RFC 8446 section 4.4.2.4: the client
//! is done before the server has looked at it).
//!
//! The first sign decides: an alert, a session ticket, data, a good-bye. A server that says nothing leaves the question open.
//!
//! Some servers ask for a certificate only now: by renegotiation in TLS 1.2 (RFC 5246 section 7.4.1.1; IIS and Apache do so once they know what is
//! requested), by post-handshake authentication in TLS 1.3 (RFC 8446 section 4.6.2). Both are noticed, told, and never answered.

use std::time::Instant;

use certwright_protocol::conversation::{AfterHandshake, ProbeFailure, ServerEvent};
use rustls::{Error, HandshakeType};

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
                return self.last_sign(setback, begun);
            }
        }
    }

    /// What the end of the connection, or of the wait, says.
    pub(super) fn last_sign(
        &mut self,
        setback: Setback,
        begun: Instant,
    ) -> Result<AfterHandshake, ProbeFailure> {
        let waited = u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX);
        match setback {
            Setback::Fault(failure) => Err(failure),
            Setback::Tls(Error::AlertReceived(alert)) => Ok(AfterHandshake::Alert { code: alert.into() }),
            Setback::Tls(Error::InappropriateHandshakeMessage {
                got_type: HandshakeType::CertificateRequest,
                ..
            }) => {
                self.note_asked_again(false);
                Ok(AfterHandshake::Silent { waited_ms: waited })
            }
            Setback::Tls(error) => Err(ProbeFailure::ProtocolViolation { detail: error.to_string() }),
            Setback::Lost(Lost::TimedOut) => Ok(AfterHandshake::Silent { waited_ms: waited }),
            Setback::Lost(Lost::Closed | Lost::Reset) => Ok(AfterHandshake::HungUp),
        }
    }

    /// Tells, once, that a certificate was asked for after the handshake.
    pub(super) fn note_asked_again(&mut self, renegotiation: bool) {
        if !std::mem::replace(&mut self.records.asked_again, true) {
            self.line.say(ServerEvent::AskedAgain { renegotiation });
        }
    }
}

/// Follows the records (RFC 8446 section 5.1) by their headers, which are in clear also where what they hold is not.
#[derive(Default)]
pub(super) struct Records {
    header: Vec<u8>,
    left: usize,
    asked_again: bool,
}

/// ContentType of handshake messages.
const HANDSHAKE: u8 = 22;

impl Records {
    /// Takes the next bytes; returns whether the header of a handshake record ended in them.
    pub(super) fn feed(&mut self, mut bytes: &[u8]) -> bool {
        let mut seen = false;
        while !bytes.is_empty() {
            let skipped = self.left.min(bytes.len());
            self.left -= skipped;
            bytes = bytes.get(skipped..).unwrap_or_default();
            let wanted = 5_usize.saturating_sub(self.header.len()).min(bytes.len());
            self.header.extend(bytes.iter().take(wanted));
            bytes = bytes.get(wanted..).unwrap_or_default();
            if let [kind, _, _, high, low] = *self.header {
                seen |= kind == HANDSHAKE;
                self.left = usize::from(u16::from_be_bytes([high, low]));
                self.header.clear();
            }
        }
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_followed_however_they_come() {
        let stream =
            [&[23, 3, 3, 0, 2, 22, 22][..], &[22, 3, 3, 0, 1, 0], &[21, 3, 3, 0, 0], &[23, 3, 3]].concat();
        for size in 1..stream.len() {
            let mut records = Records::default();
            let seen: Vec<bool> = stream.chunks(size).map(|chunk| records.feed(chunk)).collect();
            assert_eq!(seen.iter().filter(|seen| **seen).count(), 1, "{size}");
            assert_eq!(records.header, [23, 3, 3]);
        }
    }
}
