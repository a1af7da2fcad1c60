//! What is spoken in clear until TLS begins (STARTTLS): one file a protocol, each a function that ends with the server's agreement.
//!
//! The server's greeting is passed on as soon as it is there. Octets that the server sent in clear behind its agreement are never taken for
//! anything (CVE-2011-0411): they end the probe. What answers in another protocol, or with TLS at once, is named.
//!
//! Adding a protocol: a file here, its line in [`speaker`], and a variant of `StartTls`.

mod ftp;
mod imap;
mod irc;
mod ldap;
mod mysql;
mod nntp;
mod pop3;
mod postgres;
mod reply;
mod sieve;
mod smtp;
mod xmpp;

use std::net::IpAddr;
use std::time::{Duration, Instant};

use certwright_protocol::conversation::{PlainProtocol, ProbeFailure, ServerEvent, StartTls, StartTlsFault};

use super::dialogue::{Dialogue, Transport, Trouble};
use super::target::Host;
use super::wire::Wire;
use super::words::cleaned;

/// Octets of a greeting that are shown at most.
const MOST_GREETING: usize = 1024;

/// What protocols need to know, and whom they tell of the greeting.
struct Setting<'s> {
    /// The host that is spoken to. It is checked: no white space, no control characters, no quotes.
    host: &'s Host,
    /// Our own address.
    local: IpAddr,
    greeted: bool,
    say: &'s dyn Fn(ServerEvent),
}

impl Setting<'_> {
    /// Passes the greeting on, cleaned and capped. Only the first one counts.
    fn greeting<L: AsRef<[u8]>>(&mut self, lines: &[L]) {
        if self.greeted {
            return;
        }
        self.greeted = true;
        let mut text = String::new();
        for line in lines {
            let room = MOST_GREETING.saturating_sub(text.len() + 1);
            let line = cleaned(line.as_ref(), room);
            if room == 0 {
                break;
            }
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(line.get(..line.floor_char_boundary(room)).unwrap_or_default());
        }
        (self.say)(ServerEvent::Greeting { text });
    }
}

/// Why a protocol did not lead to TLS.
enum Stop {
    /// The dialogue broke off.
    Trouble(Trouble),
    /// What was said can only be another protocol's, or nobody's.
    Strange,
    /// The server said so.
    Fault(StartTlsFault),
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

const NOT_OFFERED: Stop = Stop::Fault(StartTlsFault::NotOffered);
const REFUSED: Stop = Stop::Fault(StartTlsFault::Refused);

/// Speaks a protocol from its greeting to the agreement to begin with TLS.
type Speak = fn(&mut Dialogue<'_>, &mut Setting<'_>) -> Result<(), Stop>;

fn speaker(protocol: StartTls) -> Option<Speak> {
    match protocol {
        StartTls::None => None,
        StartTls::Smtp => Some(smtp::speak_smtp),
        StartTls::Lmtp => Some(smtp::speak_lmtp),
        StartTls::Imap => Some(imap::speak),
        StartTls::Pop3 => Some(pop3::speak),
        StartTls::Ftp => Some(ftp::speak),
        StartTls::Ldap => Some(ldap::speak),
        StartTls::Postgres => Some(postgres::speak),
        StartTls::Mysql => Some(mysql::speak),
        StartTls::XmppClient => Some(xmpp::speak_as_client),
        StartTls::XmppServer => Some(xmpp::speak_as_server),
        StartTls::Nntp => Some(nntp::speak),
        StartTls::Sieve => Some(sieve::speak),
        StartTls::Irc => Some(irc::speak),
    }
}

/// Who speaks with whom, and how long.
pub(super) struct Terms<'t> {
    pub(super) protocol: StartTls,
    pub(super) host: &'t Host,
    pub(super) local: IpAddr,
    /// For each step.
    pub(super) step: Duration,
    pub(super) deadline: Instant,
}

/// Speaks the protocol until the server agrees to begin with TLS. Nothing is done for [`StartTls::None`].
pub(super) fn begin(
    wire: &mut Wire,
    terms: &Terms<'_>,
    say: &dyn Fn(ServerEvent),
) -> Result<(), ProbeFailure> {
    let Some(speak) = speaker(terms.protocol) else { return Ok(()) };
    let Held { outcome, said, rest } = hold(wire, speak, terms, say);
    let (fault, said) = match outcome {
        Ok(()) if rest.is_empty() && !wire.has_more() => {
            say(ServerEvent::UpgradeAgreed);
            return Ok(());
        }
        Ok(()) => (StartTlsFault::ClearAfterAgreement, String::new()),
        Err(StartTlsFault::TlsAlready) => (StartTlsFault::TlsAlready, String::new()),
        Err(fault) => (fault, said),
    };
    Err(ProbeFailure::StartTlsFailed { protocol: terms.protocol, fault, said })
}

/// What a dialogue came to.
pub(super) struct Held {
    pub(super) outcome: Result<(), StartTlsFault>,
    /// What the server said last, fit to be shown.
    pub(super) said: String,
    /// What was read behind the agreement.
    pub(super) rest: Vec<u8>,
}

fn hold(transport: &mut dyn Transport, speak: Speak, terms: &Terms<'_>, say: &dyn Fn(ServerEvent)) -> Held {
    let mut dialogue = Dialogue::new(transport, terms.step, terms.deadline);
    let mut setting = Setting { host: terms.host, local: terms.local, greeted: false, say };
    let outcome = match speak(&mut dialogue, &mut setting) {
        Ok(()) => {
            setting.greeting::<&[u8]>(&[]);
            Ok(())
        }
        Err(stop) => Err(fault(&dialogue, terms.protocol, stop)),
    };
    Held { outcome, said: dialogue.said(), rest: dialogue.into_rest() }
}

/// The dialogue alone, for the fuzzer.
#[cfg(fuzzing)]
pub(super) fn speak_with(
    transport: &mut dyn Transport,
    terms: &Terms<'_>,
    say: &dyn Fn(ServerEvent),
) -> Option<Held> {
    speaker(terms.protocol).map(|speak| hold(transport, speak, terms, say))
}

/// The most that can be said about why it stopped.
fn fault(dialogue: &Dialogue<'_>, protocol: StartTls, stop: Stop) -> StartTlsFault {
    let otherwise = match stop {
        Stop::Fault(fault) => return fault,
        Stop::Strange | Stop::Trouble(Trouble::TooMuch) => StartTlsFault::Malformed,
        Stop::Trouble(Trouble::TimedOut(seconds)) => StartTlsFault::TimedOut { seconds },
        Stop::Trouble(Trouble::HungUp) => StartTlsFault::HungUp,
    };
    if dialogue.is_tls() {
        return StartTlsFault::TlsAlready;
    }
    let looks_like = dialogue.looks_like();
    // Whoever greets as SMTP does and answers its first command strangely was found out by the protocol itself.
    if looks_like == PlainProtocol::Unknown || is_of(looks_like, protocol) {
        otherwise
    } else {
        StartTlsFault::OtherProtocol { looks_like }
    }
}

fn is_of(looks_like: PlainProtocol, protocol: StartTls) -> bool {
    match protocol {
        StartTls::Smtp | StartTls::Lmtp | StartTls::Ftp => looks_like == PlainProtocol::SmtpOrFtp,
        StartTls::Imap => looks_like == PlainProtocol::Imap,
        StartTls::Pop3 => looks_like == PlainProtocol::Pop3,
        StartTls::Nntp => looks_like == PlainProtocol::Nntp,
        StartTls::Sieve => looks_like == PlainProtocol::Sieve,
        StartTls::Mysql => looks_like == PlainProtocol::Mysql,
        StartTls::XmppClient | StartTls::XmppServer => looks_like == PlainProtocol::Xmpp,
        StartTls::Irc => looks_like == PlainProtocol::Irc,
        StartTls::None | StartTls::Ldap | StartTls::Postgres => false,
    }
}

/// The other of the two protocols that greet with 220.
const OTHER_220: Stop = Stop::Fault(StartTlsFault::OtherProtocol { looks_like: PlainProtocol::SmtpOrFtp });

/// Whether the line begins with this word, in upper or lower case, and a blank or nothing follows.
fn is_word(line: &[u8], word: &str) -> bool {
    let (start, rest) = line.split_at_checked(word.len()).unwrap_or((line, b""));
    start.eq_ignore_ascii_case(word.as_bytes()) && matches!(rest.first(), None | Some(b' ' | b'\t'))
}

/// Whether one of the words of the line is this one, in upper or lower case.
fn has_word(line: &[u8], word: &str) -> bool {
    let separator = |octet: &u8| matches!(octet, b' ' | b'\t' | b'[' | b']' | b'"' | b':' | b'=');
    line.split(separator).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

#[cfg(test)]
mod tests;
