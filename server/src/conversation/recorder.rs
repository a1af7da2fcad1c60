//! Remembers the bytes of a TLS 1.3 handshake and gives back its messages, which the browser wants to see before it signs.
//!
//! rustls keeps the transcript to itself: all that a signer gets is its hash. So what goes through the connection is recorded in both directions, and
//! the server's flight is opened once more with the secret that rustls tells its `KeyLog`: keys from the traffic secret (RFC 8446 sections
//! 7.1 and 7.3), records of the type application_data (section 5.2) with their padding (section 5.4), and in them messages that may be cut or
//! joined in any way (section 5.1). The arithmetic is aws-lc's, as in the handshake itself. After a HelloRetryRequest both rounds are there as they were.
//!
//! The secret opens this one flight of a public exchange. It stays in this process and is wiped with the recorder; no other secret is asked for.
//! Refused is what rustls refuses too, which has read the same bytes before: records that do not open, other content in the flight, a
//! message that is not whole. What exceeds the limit is not recorded, and then nothing is given back.

mod seen;

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use aws_lc_rs::aead::{
    AES_128_GCM, AES_256_GCM, Aad, Algorithm, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey,
};
use aws_lc_rs::hkdf::{self, HKDF_SHA256, HKDF_SHA384, KeyType, Prk};
use rustls::KeyLog;
use zeroize::Zeroizing;

/// Content types of records (RFC 8446 section 5.1).
const CHANGE_CIPHER_SPEC: u8 = 20;
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
const APPLICATION_DATA: u8 = 23;

/// The message with which the server's flight ends (RFC 8446 section 4).
const FINISHED: u8 = 20;

/// More than two ClientHellos take.
const HELLOS: usize = 0x8000;

/// The label of the one secret that is asked for.
const SECRET: &str = "SERVER_HANDSHAKE_TRAFFIC_SECRET";

/// See the module.
pub(super) struct Recorder {
    tape: Mutex<Tape>,
}

/// What was recorded.
#[derive(Default)]
struct Tape {
    sent: Vec<u8>,
    received: Vec<u8>,
    /// The server's handshake traffic secret; in TLS 1.2 there is none.
    secret: Zeroizing<Vec<u8>>,
    /// What came and went when, if that is to be told ([`Recorder::seen`]).
    marks: Option<Vec<Mark>>,
    /// Bytes that there is still room for.
    room: usize,
    overrun: bool,
}

/// When octets came or went: the tape of that direction was so long then.
struct Mark {
    from_client: bool,
    end: usize,
    when: Instant,
}

impl Recorder {
    /// A recorder that keeps up to `limit` bytes of the server's, and the little that a client says before it signs; and when they came and went, if wanted.
    pub(super) fn new(limit: u64, with_times: bool) -> Self {
        let room = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(HELLOS);
        let marks = with_times.then(Vec::new);
        Self { tape: Mutex::new(Tape { room, marks, ..Tape::default() }) }
    }

    /// What rustls has for the peer.
    pub(super) fn note_sent(&self, bytes: &[u8]) {
        let mut tape = self.tape();
        if tape.has_room(bytes.len()) {
            tape.sent.extend(bytes);
            tape.mark(true);
        }
    }

    /// What came from the peer, before rustls reads it.
    pub(super) fn note_received(&self, bytes: &[u8]) {
        let mut tape = self.tape();
        if tape.has_room(bytes.len()) {
            tape.received.extend(bytes);
            tape.mark(false);
        }
    }

    /// The messages from the first ClientHello to the server's Finished, each with its header of four octets; none in TLS 1.2. `None` if they are not all
    /// there.
    pub(super) fn messages(&self) -> Option<Vec<Vec<u8>>> {
        let tape = self.tape();
        match (tape.overrun, tape.secret.is_empty()) {
            (true, _) => None,
            (false, true) => Some(Vec::new()),
            (false, false) => read_messages(&tape.sent, &tape.received, &tape.secret),
        }
    }

    /// Forgets everything: the handshake is over.
    pub(super) fn stop(&self) {
        *self.tape() = Tape {
            sent: Vec::new(),
            received: Vec::new(),
            secret: Zeroizing::default(),
            marks: None,
            room: 0,
            overrun: true,
        };
    }

    fn tape(&self) -> MutexGuard<'_, Tape> {
        self.tape.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tape {
    /// Notes when the last octets came or went.
    fn mark(&mut self, from_client: bool) {
        let end = if from_client { self.sent.len() } else { self.received.len() };
        if let Some(marks) = &mut self.marks {
            marks.push(Mark { from_client, end, when: Instant::now() });
        }
    }

    fn has_room(&mut self, length: usize) -> bool {
        match self.room.checked_sub(length) {
            Some(room) => self.room = room,
            None => self.overrun = true,
        }
        !self.overrun
    }
}

impl KeyLog for Recorder {
    fn log(&self, label: &str, _client_random: &[u8], secret: &[u8]) {
        if self.will_log(label) {
            self.tape().secret = Zeroizing::new(secret.to_vec());
        }
    }

    fn will_log(&self, label: &str) -> bool {
        label == SECRET
    }
}

/// rustls wants its `KeyLog` printable.
impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recorder")
    }
}

/// Both directions' messages in the order of RFC 8446 section 4.4.1.
pub(super) fn read_messages(sent: &[u8], received: &[u8], secret: &[u8]) -> Option<Vec<Vec<u8>>> {
    let hellos = split_messages(&plain_handshake(sent)?.0);
    let (plain, rest) = plain_handshake(received)?;
    let answers = split_messages(&plain);
    // Each ClientHello has its answer: a HelloRetryRequest, then the ServerHello, with which the keys change.
    if hellos.len() != answers.len() {
        return None;
    }
    let suite = Suite::chosen_by(answers.last()?)?;
    let flight = split_messages(&open_flight(rest, &suite, secret)?);
    let end = flight.iter().position(|message| message.first() == Some(&FINISHED))?;
    let rounds = hellos.into_iter().zip(answers).flat_map(|(hello, answer)| [hello, answer]);
    Some(rounds.chain(flight.into_iter().take(end + 1)).collect())
}

/// A TLSPlaintext or TLSCiphertext (RFC 8446 sections 5.1 and 5.2).
struct Record<'a> {
    kind: u8,
    header: &'a [u8],
    body: &'a [u8],
}

impl<'a> Record<'a> {
    /// Takes a whole record off the bytes; at their end, `None`.
    fn split(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (header, rest) = bytes.split_at_checked(5)?;
        let &[kind, _, _, high, low] = header else { return None };
        let (body, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes([high, low])))?;
        Some((Self { kind, header, body }, rest))
    }
}

/// The handshake's content before the keys change, joined, and the records from there on.
fn plain_handshake(mut bytes: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut content = Vec::new();
    while let Some((record, rest)) = Record::split(bytes) {
        match record.kind {
            HANDSHAKE => content.extend(record.body),
            // A warning before the ServerHello, such as unrecognized_name (RFC 6066 section 3), is read over by rustls too.
            CHANGE_CIPHER_SPEC | ALERT => {}
            APPLICATION_DATA => break,
            _ => return None,
        }
        bytes = rest;
    }
    Some((content, bytes))
}

/// The encrypted handshake's content, joined, up to the first record that does not open: after the server's Finished its keys change again.
fn open_flight(mut bytes: &[u8], suite: &Suite, secret: &[u8]) -> Option<Vec<u8>> {
    let (key, iv) = suite.keys(secret)?;
    let mut content = Vec::new();
    let mut number: u64 = 0;
    while let Some((record, rest)) = Record::split(bytes) {
        bytes = rest;
        if record.kind == CHANGE_CIPHER_SPEC {
            continue;
        }
        let mut body = record.body.to_vec();
        let opened = key.open_in_place(nonce(&iv, number), Aad::from(record.header), &mut body);
        let Ok(opened) = opened else { break };
        // Content, its type, and padding of zeros.
        let end = opened.iter().rposition(|&octet| octet != 0)?;
        if opened.get(end) != Some(&HANDSHAKE) {
            break;
        }
        content.extend(opened.iter().take(end));
        number += 1;
    }
    Some(content)
}

/// The nonce of a record (RFC 8446 section 5.3).
fn nonce(iv: &[u8; NONCE_LEN], number: u64) -> Nonce {
    let mut nonce = *iv;
    for (octet, digit) in nonce.iter_mut().rev().zip(number.to_le_bytes()) {
        *octet ^= digit;
    }
    Nonce::assume_unique_for_key(nonce)
}

/// Whole handshake messages, each with its header: type and 24-bit length (RFC 8446 section 4).
fn split_messages(mut content: &[u8]) -> Vec<Vec<u8>> {
    let mut messages = Vec::new();
    while let Some(&[_, a, b, c]) = content.first_chunk() {
        let length = usize::try_from(u32::from_be_bytes([0, a, b, c])).unwrap_or(usize::MAX);
        let Some((message, rest)) = content.split_at_checked(length.saturating_add(4)) else { break };
        messages.push(message.to_vec());
        content = rest;
    }
    messages
}

/// What a cipher suite of TLS 1.3 says about records (RFC 8446 appendix B.4).
struct Suite {
    hash: hkdf::Algorithm,
    cipher: &'static Algorithm,
}

impl Suite {
    /// The suite in a ServerHello (RFC 8446 section 4.1.3). Those that rustls speaks.
    fn chosen_by(hello: &[u8]) -> Option<Self> {
        // Header, legacy_version, random.
        let (&session, rest) = hello.get(4 + 2 + 32..)?.split_first()?;
        let (hash, cipher) = match *rest.get(usize::from(session)..)?.first_chunk()? {
            [0x13, 0x01] => (HKDF_SHA256, &AES_128_GCM),
            [0x13, 0x02] => (HKDF_SHA384, &AES_256_GCM),
            [0x13, 0x03] => (HKDF_SHA256, &CHACHA20_POLY1305),
            _ => return None,
        };
        Some(Self { hash, cipher })
    }

    /// Key and IV of the server's records (RFC 8446 section 7.3).
    fn keys(&self, secret: &[u8]) -> Option<(LessSafeKey, [u8; NONCE_LEN])> {
        let secret = Prk::new_less_safe(self.hash, secret);
        let mut key = Zeroizing::new(vec![0; self.cipher.key_len()]);
        let mut iv = [0; NONCE_LEN];
        expand_label(&secret, b"key", &mut key)?;
        expand_label(&secret, b"iv", &mut iv)?;
        Some((LessSafeKey::new(UnboundKey::new(self.cipher, &key).ok()?), iv))
    }
}

/// HKDF-Expand-Label with an empty context (RFC 8446 section 7.1).
fn expand_label(secret: &Prk, label: &[u8], out: &mut [u8]) -> Option<()> {
    struct Length(usize);
    impl KeyType for Length {
        fn len(&self) -> usize {
            self.0
        }
    }
    const PREFIX: &[u8] = b"tls13 ";
    let length = u16::try_from(out.len()).ok()?.to_be_bytes();
    let label_length = [u8::try_from(PREFIX.len() + label.len()).ok()?];
    let info = [&length[..], &label_length, PREFIX, label, &[0]];
    secret.expand(&info, Length(out.len())).ok()?.fill(out).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tls12_hands_nothing_over_and_an_overrun_neither() {
        let recorder = Recorder::new(100, false);
        recorder.note_sent(b"a");
        recorder.note_received(&[0; 100]);
        assert_eq!(recorder.messages(), Some(Vec::new()));
        recorder.note_received(&vec![0; HELLOS]);
        assert_eq!(recorder.messages(), None);
        let stopped = Recorder::new(100, false);
        stopped.stop();
        assert_eq!(stopped.messages(), None);
    }

    #[test]
    fn one_secret_is_kept_and_no_other() {
        for label in ["CLIENT_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0", "CLIENT_RANDOM"] {
            let recorder = Recorder::new(100, false);
            assert!(!recorder.will_log(label));
            recorder.log(label, &[], &[1; 32]);
            assert!(recorder.tape().secret.is_empty());
        }
        let recorder = Recorder::new(100, false);
        assert!(recorder.will_log(SECRET));
        recorder.log(SECRET, &[], &[1; 32]);
        assert_eq!(recorder.tape().secret.len(), 32);
        recorder.stop();
        assert!(recorder.tape().secret.is_empty());
    }

    proptest! {
        #[test]
        fn odd_bytes_do_no_harm(
            sent in prop::collection::vec(any::<u8>(), 0..80),
            received in prop::collection::vec(any::<u8>(), 0..200),
            kind in 20_u8..24,
        ) {
            prop_assert_eq!(read_messages(&sent, &received, &[1; 32]), None);
            let record = |body: &[u8]| [&[kind, 3, 3, 0, body.len() as u8][..], body].concat();
            prop_assert_eq!(read_messages(&record(&sent), &record(&received), &[1; 32]), None);
        }
    }
}
