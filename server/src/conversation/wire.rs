//! The TCP connection as the probe sees it: every read and write has its end, bytes are counted, and the first ones are looked at.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use certwright_protocol::conversation::PlainProtocol;

use super::dialogue::Transport;
use crate::Meter;

/// Enough of a greeting to know the protocol by.
const HEAD: usize = 512;

/// Why nothing more comes or goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lost {
    /// The time is up.
    TimedOut,
    /// The other side closed the connection in good order.
    Closed,
    /// The other side reset the connection.
    Reset,
}

/// See the module.
pub(super) struct Wire {
    stream: TcpStream,
    /// Read before, and not yet looked at.
    pending: Vec<u8>,
    received: u64,
    head: Vec<u8>,
    meter: Meter,
    /// The socket's time-out for reading, once it has one.
    read_timeout: Option<Duration>,
    /// The same for writing.
    write_timeout: Option<Duration>,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, meter: Meter) -> Self {
        Self {
            stream,
            pending: Vec::new(),
            received: 0,
            head: Vec::new(),
            meter,
            read_timeout: None,
            write_timeout: None,
        }
    }

    /// Our end.
    pub(super) fn local_address(&self) -> io::Result<SocketAddr> {
        self.stream.local_addr()
    }

    /// Bytes read so far.
    pub(super) fn received(&self) -> u64 {
        self.received
    }

    /// Reads at least one byte.
    pub(super) fn read<'b>(&mut self, buffer: &'b mut [u8], until: Instant) -> Result<&'b [u8], Lost> {
        let length = if self.pending.is_empty() {
            loop {
                let left = Some(time_left(until)?);
                if self.read_timeout != left {
                    self.stream.set_read_timeout(left).map_err(|_| Lost::Reset)?;
                    self.read_timeout = left;
                }
                match self.stream.read(buffer) {
                    Ok(0) => return Err(Lost::Closed),
                    Ok(length) => {
                        self.meter.receive(length);
                        break length;
                    }
                    Err(error) => lost(&error)?,
                }
            }
        } else {
            let length = self.pending.len().min(buffer.len());
            for (place, octet) in buffer.iter_mut().zip(self.pending.drain(..length)) {
                *place = octet;
            }
            length
        };
        let bytes = buffer.get(..length).unwrap_or_default();
        self.received += bytes.len() as u64;
        let room = HEAD.saturating_sub(self.head.len());
        self.head.extend(bytes.iter().take(room));
        Ok(bytes)
    }

    /// Puts octets back, to be read next: they belong to what comes after.
    pub(super) fn put_back(&mut self, octets: Vec<u8>) {
        self.pending.splice(..0, octets);
    }

    /// Forgets what was read until now: what is counted and looked at is what comes from here on.
    pub(super) fn begin_anew(&mut self) {
        self.received = 0;
        self.head.clear();
    }

    /// Whether octets have come that nobody has read.
    pub(super) fn has_more(&mut self) -> bool {
        if !self.pending.is_empty() {
            return true;
        }
        let arrived =
            self.stream.set_nonblocking(true).is_ok() && matches!(self.stream.peek(&mut [0; 1]), Ok(1..));
        // If that fails, the next read says so.
        let _ = self.stream.set_nonblocking(false);
        arrived
    }

    /// Writes all of `bytes`.
    pub(super) fn write(&mut self, mut bytes: &[u8], until: Instant) -> Result<(), Lost> {
        while !bytes.is_empty() {
            let left = Some(time_left(until)?);
            if self.write_timeout != left {
                self.stream.set_write_timeout(left).map_err(|_| Lost::Reset)?;
                self.write_timeout = left;
            }
            match self.stream.write(bytes) {
                Ok(0) => return Err(Lost::Closed),
                Ok(length) => {
                    self.meter.send(length);
                    bytes = bytes.get(length..).unwrap_or_default();
                }
                Err(error) => lost(&error)?,
            }
        }
        Ok(())
    }

    /// Whether what has been read can be the beginning of a TLS record (RFC 8446 section 5.1).
    pub(super) fn may_be_tls(&self) -> bool {
        may_be_tls(&self.head)
    }

    /// What an answer that is not TLS looks like. Reads on for a short while, since a greeting may come in pieces.
    pub(super) fn plain_protocol(&mut self, deadline: Instant) -> PlainProtocol {
        let until = deadline.min(Instant::now() + Duration::from_millis(500));
        let mut buffer = [0; HEAD];
        while self.head.len() < HEAD
            && !self.head.contains(&b'\n')
            && looks_like(&self.head) == PlainProtocol::Unknown
            && self.read(&mut buffer, until).is_ok()
        {}
        looks_like(&self.head)
    }
}

impl Transport for Wire {
    fn take(&mut self, buffer: &mut [u8], until: Instant) -> Result<usize, Lost> {
        self.read(buffer, until).map(<[u8]>::len)
    }

    fn put(&mut self, octets: &[u8], until: Instant) -> Result<(), Lost> {
        self.write(octets, until)
    }
}

/// Whether these octets can be the beginning of a TLS record (RFC 8446 section 5.1).
pub(super) fn may_be_tls(head: &[u8]) -> bool {
    match *head {
        [kind] => is_record_type(kind),
        [kind, major, ..] => is_record_type(kind) && major == 3,
        [] => true,
    }
}

fn is_record_type(byte: u8) -> bool {
    (0x14..=0x18).contains(&byte)
}

/// Recognises what servers say first, or in answer to a ClientHello that they do not understand.
pub(super) fn looks_like(head: &[u8]) -> PlainProtocol {
    let upper = head.to_ascii_uppercase();
    let text = upper.trim_ascii_start();
    if text.starts_with(b"HTTP/") || text.starts_with(b"<!DOCTYPE HTML") || text.starts_with(b"<HTML") {
        PlainProtocol::Http
    } else if text.starts_with(b"SSH-") {
        PlainProtocol::Ssh
    } else if text.starts_with(b"220 ") || text.starts_with(b"220-") {
        PlainProtocol::SmtpOrFtp
    } else if text.starts_with(b"* OK") || text.starts_with(b"* PREAUTH") {
        PlainProtocol::Imap
    } else if text.starts_with(b"+OK") {
        PlainProtocol::Pop3
    } else if text.starts_with(b"200 ") || text.starts_with(b"201 ") {
        PlainProtocol::Nntp
    } else if text.starts_with(b"\"IMPLEMENTATION\"") || is_sieve_refusal(text) {
        PlainProtocol::Sieve
    } else if text.starts_with(b"<?XML") || text.starts_with(b"<STREAM:") {
        PlainProtocol::Xmpp
    } else if is_mysql(head) {
        PlainProtocol::Mysql
    } else if text.starts_with(b":") && (find(text, b" NOTICE ") || find(text, b" 451 "))
        || text.starts_with(b"NOTICE ")
    {
        PlainProtocol::Irc
    } else {
        PlainProtocol::Unknown
    }
}

/// A refusal of ManageSieve (RFC 5804 section 1.2), whose words are quoted or follow a code in parentheses: of a ClientHello that is longer than its commands
/// may be, before the greeting.
fn is_sieve_refusal(text: &[u8]) -> bool {
    [&b"BYE \""[..], b"BYE (", b"NO \"", b"NO ("].iter().any(|beginning| text.starts_with(beginning))
}

/// The server's first packet: its length, the number 0, and protocol version 10 or an error.
fn is_mysql(head: &[u8]) -> bool {
    matches!(head, [_, _, 0, 0, 10 | 0xff, rest @ ..] if !rest.is_empty())
}

fn find(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// How long to wait at most before the next look at the clock: Linux rounds a time-out of half a minute up by as much as two seconds (its
/// timers are the coarser the further away they are), one of a second by some 30 ms.
const NAP: Duration = Duration::from_secs(1);

/// The time-out for the next system call.
fn time_left(until: Instant) -> Result<Duration, Lost> {
    let left = until.saturating_duration_since(Instant::now());
    // The system takes a time-out of zero for none at all.
    if left < Duration::from_millis(1) { Err(Lost::TimedOut) } else { Ok(left.min(NAP)) }
}

/// What an error means; an interruption means nothing. A time-out is found by the clock on the next round.
fn lost(error: &io::Error) -> Result<(), Lost> {
    match error.kind() {
        io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Ok(()),
        _ => Err(Lost::Reset),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greetings_are_recognised() {
        for (head, expected) in [
            (&b"HTTP/1.1 400 Bad Request\r\n"[..], PlainProtocol::Http),
            (b"<html>\r\n<head>", PlainProtocol::Http),
            (b"\r\n<!doctype html>", PlainProtocol::Http),
            (b"SSH-2.0-OpenSSH_9.2\r\n", PlainProtocol::Ssh),
            (b"220 mail.example ESMTP\r\n", PlainProtocol::SmtpOrFtp),
            (b"220-Welcome\r\n", PlainProtocol::SmtpOrFtp),
            (b"* OK IMAP4rev1 ready\r\n", PlainProtocol::Imap),
            (b"+OK POP3 ready\r\n", PlainProtocol::Pop3),
            (b"200 news.example InterNetNews ready (posting ok)\r\n", PlainProtocol::Nntp),
            (b"\"IMPLEMENTATION\" \"Dovecot Pigeonhole\"\r\n", PlainProtocol::Sieve),
            (b"BYE \"Input buffer full, aborting\"\r\n", PlainProtocol::Sieve),
            (b"NO (TRYLATER) \"Busy\"\r\n", PlainProtocol::Sieve),
            (b"NO WAY\r\n", PlainProtocol::Unknown),
            (b"<?xml version='1.0'?><stream:stream>", PlainProtocol::Xmpp),
            (b"\x4a\0\0\0\x0a8.0.36\0", PlainProtocol::Mysql),
            (b":irc.example NOTICE * :*** Looking up your hostname\r\n", PlainProtocol::Irc),
            (b"2200", PlainProtocol::Unknown),
            (b"", PlainProtocol::Unknown),
            (b"\x00\x01", PlainProtocol::Unknown),
        ] {
            assert_eq!(looks_like(head), expected, "{head:?}");
        }
    }
}
