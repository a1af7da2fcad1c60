//! What the server wants signed: is it this client's CertificateVerify in a handshake with this host?
//!
//! The Certwright server is the TLS client on the wire. It made the ClientHello with its random value and the key shares, it has the connection's keys, and
//! all that comes here has gone through its hands. So nothing of that is believed. What is believed is the *peer's own signature*: in TLS 1.3 its CertificateVerify over
//! all messages up to its Certificate (RFC 8446 section 4.4.3), in TLS 1.2 its ServerKeyExchange over both random values and its key share (RFC 5246
//! section 7.4.3, RFC 8422 section 5.4). It is checked here with the key in the very certificate that was judged for the host, and only then our signature is
//! made: over the same messages, computed here, and our own Certificate.
//!
//! What a dishonest Certwright server can do: carry on *this* connection, to this host, in the user's name, since it holds its keys; that is what the user asked
//! for by starting a probe. It may connect to another address or port where the same certificate is served.
//! What it cannot do: get a signature that another peer accepts. That peer compares with a transcript of its own, in which stands its own Certificate instead of the judged
//! one, or another ServerHello; the same hash would be a collision. Nor can it keep a signature for later, as the peer's random value is in it; have two for one
//! consent, as [`super::Probe`] signs once; have another key than the chosen one used, or make the user's choice depend on authorities that the peer never named;
//! have the handshake turned into one of an older TLS version; or have something signed that is no handshake at all: the one form starts with 64 spaces, the
//! other with a ClientHello.
//! Where the user switched off that the server must be trusted, any certificate was judged good enough, so the peer is whoever holds that certificate's key.
//!
//! In TLS 1.2 the peer's signature does not cover everything that is signed here: the cipher suite, session id and extensions could be
//! changed on the way. Such a signature is good for nobody, as the peer's own transcript is another.
//!
//! Refused: every other message and order (a second CertificateRequest, one after the handshake, session resumption, renegotiation), anything behind the end of a message, and what
//! [`HandshakeFault`] lists.

mod messages;
mod tls12;
mod tls13;

use certwright_certs::certificate::Certificate;
use certwright_keys::SignatureScheme;
use certwright_keys::verify::{TlsRules, VerifyError, verify_scheme};
use certwright_protocol::Bytes;
use certwright_protocol::conversation::Versions;
use certwright_protocol::handshake::{CheckedHandshake, HandshakeFault};

use messages::{ClientHello, Message, Read};

/// Longer handshakes are not looked at: a chain may take 64 KiB, and the rest is small.
const MAX_HANDSHAKE: usize = 512 * 1024;

/// What the server wants.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The client's signature scheme, TLS code point.
    pub scheme: u16,
    /// What is to be signed: the form of TLS 1.3 or the transcript of TLS 1.2.
    pub message: &'a [u8],
    /// TLS 1.3: the messages from ClientHello to the server's Finished, each with its header.
    pub handshake: &'a [Bytes],
}

/// The handshake that the user wants.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The name in the ClientHello (RFC 6066 section 3), lower case; `None` if there is to be none.
    pub server_name: Option<&'a str>,
    /// The versions that the probe offers.
    pub versions: Versions,
    /// The authorities by which the certificate was chosen, DER names in the server's order.
    pub authorities: &'a [Bytes],
    /// The server's certificates that were judged, DER.
    pub server_chain: &'a [Bytes],
    /// The client's certificates that were chosen.
    pub client_chain: &'a [Certificate],
}

/// Checks whether `wanted` is a client's CertificateVerify in the handshake that is `expected`.
///
/// # Errors
/// The first thing that is wrong.
pub fn check(wanted: &Wanted<'_>, expected: &Expected<'_>) -> Result<CheckedHandshake, HandshakeFault> {
    let bytes = wanted.handshake.iter().map(|message| message.0.len()).sum::<usize>() + wanted.message.len();
    if bytes > MAX_HANDSHAKE {
        return Err(HandshakeFault::TooLong { bytes: u64::try_from(bytes).unwrap_or(u64::MAX) });
    }
    match tls13::signed_hash(wanted.message) {
        Some(hash) => tls13::check(hash, wanted, expected),
        // One message is signed in TLS 1.2, and nothing goes with it.
        None if wanted.handshake.is_empty() => tls12::check(wanted, expected),
        None => Err(HandshakeFault::OtherContent),
    }
}

/// The messages have to be these, in this order.
fn check_order(messages: &[Message<'_>], order: &[u8]) -> Result<(), HandshakeFault> {
    let right = messages.iter().zip(order).take_while(|(message, due)| message.kind == **due).count();
    if right == order.len() && right == messages.len() {
        return Ok(());
    }
    let at = u32::try_from(right).unwrap_or(u32::MAX);
    Err(HandshakeFault::OtherOrder { at, message: messages.get(right).map(|message| message.kind) })
}

/// The server name in a ClientHello has to be the one that the user expects.
fn check_host(hello: &ClientHello<'_>, expected: Option<&str>) -> Result<(), HandshakeFault> {
    let named = hello.server_name().ok_or(HandshakeFault::Malformed { message: messages::CLIENT_HELLO })?;
    if named.map(str::to_ascii_lowercase).as_deref() == expected {
        return Ok(());
    }
    let shown = |name: &&str| name.len() <= 253 && name.bytes().all(|byte| byte.is_ascii_graphic());
    Err(HandshakeFault::OtherHost { named: named.filter(shown).map(str::to_owned) })
}

/// The server's signature over `signed`, made with a scheme that the client offered.
fn check_server_signature(
    hello: &ClientHello<'_>,
    leaf: &[u8],
    rules: TlsRules,
    scheme: u16,
    signed: &[u8],
    signature: &[u8],
) -> Result<(), HandshakeFault> {
    let offered =
        hello.signature_schemes().ok_or(HandshakeFault::Malformed { message: messages::CLIENT_HELLO })?;
    let wrong_scheme = HandshakeFault::ServerScheme { scheme };
    let known =
        SignatureScheme::from_u16(scheme).filter(|_| offered.contains(&scheme)).ok_or(wrong_scheme)?;
    let key = Certificate::from_der(leaf).ok().and_then(|leaf| leaf.public_key().ok());
    let key = key.filter(|key| key.can_verify()).ok_or(HandshakeFault::ServerKey)?;
    verify_scheme(&key, known, rules, signed, signature).map_err(|error| match error {
        VerifyError::KeyMismatch => HandshakeFault::ServerScheme { scheme },
        _ => HandshakeFault::ServerSignature,
    })
}

/// What the server asks of the client, against what the certificate was chosen by and the client's scheme.
fn check_request(
    schemes: &[u16],
    authorities: &[&[u8]],
    wanted: &Wanted<'_>,
    expected: &Expected<'_>,
) -> Result<(), HandshakeFault> {
    if !same(authorities, expected.authorities) {
        return Err(HandshakeFault::OtherAuthorities);
    }
    if !schemes.contains(&wanted.scheme) {
        return Err(HandshakeFault::ClientScheme { scheme: wanted.scheme });
    }
    Ok(())
}

fn same(found: &[&[u8]], expected: &[impl AsRef<[u8]>]) -> bool {
    found.iter().copied().eq(expected.iter().map(AsRef::as_ref))
}

/// A message that cannot be read.
fn read<T>(message: u8, read: Read<T>) -> Result<T, HandshakeFault> {
    read.ok_or(HandshakeFault::Malformed { message })
}
