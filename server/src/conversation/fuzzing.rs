//! The readers of what peers say, over octets that are there already: for the fuzzer (`tests/fuzz`), which alone is built with them.
//!
//! Nothing is connected to, and nothing is waited for: an end of the octets is a peer that hangs up. What comes back is what would be told, so that the fuzzer
//! sees whether it is clean.

use std::cell::RefCell;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use certwright_protocol::Password;
use certwright_protocol::conversation::{
    AfterHandshake, HelloAnswer, ProxyCredentials, ProxyKind, ServerEvent, StartTls,
};

use super::dialogue::Script;
use super::hello::flight::Flight;
use super::proxy::{self, Destination};
use super::recorder::read_messages;
use super::starttls::{self, Terms};
use super::target::Host;
use super::{Limits, http};

/// The user and the password that a proxy is told.
pub const CREDENTIALS: (&str, &str) = ("me", "hunter2");

/// What came of a dialogue before TLS.
#[derive(Debug)]
pub struct Spoken {
    /// Whether it led to where it should.
    pub agreed: bool,
    /// What is shown of what the other side said.
    pub shown: Vec<String>,
    /// What it was told.
    pub written: Vec<u8>,
}

/// A protocol before TLS, with a server that says these pieces. `None` where nothing is spoken.
pub fn starttls(protocol: StartTls, pieces: &[&[u8]]) -> Option<Spoken> {
    let host = Host::parse("mail.example", 25).ok()?;
    let (step, deadline) = patience();
    let local = IpAddr::from([192, 0, 2, 1]);
    let terms = Terms { protocol, host: &host, local, step, deadline };
    let mut script = Script::new(pieces);
    let shown = RefCell::new(Vec::new());
    let say = |event| {
        if let ServerEvent::Greeting { text } = event {
            shown.borrow_mut().extend(text.lines().map(str::to_owned));
        }
    };
    let held = starttls::speak_with(&mut script, &terms, &say)?;
    let mut shown = shown.into_inner();
    shown.push(held.said);
    Some(Spoken { agreed: held.outcome.is_ok(), shown, written: script.written })
}

/// A proxy that says these pieces; it is told who we are ([`CREDENTIALS`]).
pub fn through_proxy(kind: ProxyKind, pieces: &[&[u8]]) -> Spoken {
    let (user, password) = CREDENTIALS;
    let credentials = ProxyCredentials { user: user.to_owned(), password: Password::new(password) };
    let destination = Destination::Name("erp.example".to_owned(), 443);
    let mut script = Script::new(pieces);
    let (said, _) = proxy::speak(&mut script, kind, &destination, Some(&credentials), patience());
    let agreed = said.is_ok();
    let shown = vec![said.unwrap_or_else(|fault| format!("{fault:?}"))];
    Spoken { agreed, shown, written: script.written }
}

/// A server's answer in HTTP, as far as it has come.
pub fn http_answer(text: &[u8]) -> Option<AfterHandshake> {
    http::read_answer(text)
}

/// A server's first flight in clear, which comes in these pieces.
pub fn server_flight(pieces: &[&[u8]]) -> Option<HelloAnswer> {
    let limit = usize::try_from(Limits::default().handshake_bytes).unwrap_or(usize::MAX);
    let mut flight = Flight::new(limit);
    for piece in pieces {
        if flight.feed(piece).ok()? {
            break;
        }
    }
    flight.finish()
}

/// The handshake messages in what both sides of a TLS 1.3 handshake sent, opened with the server's traffic secret.
pub fn recorded(sent: &[u8], received: &[u8], secret: &[u8]) -> Option<Vec<Vec<u8>>> {
    read_messages(sent, received, secret)
}

/// For a step, and in all. Nothing waits.
fn patience() -> (Duration, Instant) {
    let all = Duration::from_secs(60);
    (all, Instant::now() + all)
}
