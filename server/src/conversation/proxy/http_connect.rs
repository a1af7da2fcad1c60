//! HTTP `CONNECT` (RFC 9110 section 9.3.6) in HTTP/1.1 (RFC 9112), with Basic authentication (RFC 7617).
//!
//! Refuses heads of answers above 16 KiB, and whatever does not begin with `HTTP/1.`.

use base64ct::{Base64, Encoding as _};
use certwright_protocol::conversation::{ProxyCredentials, ProxyFault};
use zeroize::Zeroizing;

use super::{Destination, Dialogue, Trouble, fault};
use crate::conversation::words::{MOST_SHOWN, cleaned};

/// Octets that are read of an answer's head.
pub(super) const MOST: usize = 16 * 1024;

/// Asks for the destination; returns the status line.
pub(super) fn speak(
    dialogue: &mut Dialogue<'_>,
    destination: &Destination,
    credentials: Option<&ProxyCredentials>,
) -> Result<String, ProxyFault> {
    dialogue.send(&request(destination, credentials)).map_err(fault)?;
    let status_line = dialogue.line().map_err(|trouble| early(dialogue, trouble))?;
    let status = status(&status_line).ok_or(ProxyFault::NotThatKind)?;
    let said = without_secrets(cleaned(&status_line, MOST_SHOWN), credentials);
    if (200..300).contains(&status) {
        while !dialogue.line().map_err(fault)?.is_empty() {}
        return Ok(said);
    }
    Err(match status {
        401 | 407 => ProxyFault::AuthenticationRequired,
        403 => ProxyFault::Forbidden { said },
        // Some proxies have no better number than 500 for it.
        500 | 502..=504 => ProxyFault::TargetUnreachable { said },
        _ => ProxyFault::Refused { said },
    })
}

fn request(destination: &Destination, credentials: Option<&ProxyCredentials>) -> Zeroizing<Vec<u8>> {
    let mut head = Zeroizing::new(Vec::with_capacity(2048));
    head.extend(format!("CONNECT {destination} HTTP/1.1\r\nHost: {destination}\r\n").into_bytes());
    if let Some(credentials) = credentials {
        let encoded = encoded(credentials);
        for part in [b"Proxy-Authorization: Basic ", encoded.as_bytes(), b"\r\n"] {
            head.extend_from_slice(part);
        }
    }
    head.extend_from_slice(b"\r\n");
    head
}

/// User and password as Basic authentication sends them.
fn encoded(ProxyCredentials { user, password }: &ProxyCredentials) -> Zeroizing<String> {
    let mut pair = Zeroizing::new(Vec::with_capacity(512));
    for part in [user.as_bytes(), b":", password.as_str().as_bytes()] {
        pair.extend_from_slice(part);
    }
    Zeroizing::new(Base64::encode_string(&pair))
}

/// What a proxy says is shown and stored. One that repeats what it was told has said nothing.
pub(super) fn without_secrets(said: String, credentials: Option<&ProxyCredentials>) -> String {
    let Some(credentials) = credentials else { return said };
    let password = credentials.password.as_str();
    let tells = |secret: &str| !secret.is_empty() && said.contains(secret);
    let encoded = encoded(credentials);
    // Half of the encoded text may be enough to know the password by.
    let half = encoded.get(..encoded.len() / 2).unwrap_or_default();
    if tells(password) || tells(half) { String::new() } else { said }
}

/// `HTTP/1.1 200 Connection established`.
fn status(line: &[u8]) -> Option<u16> {
    let mut words = line.split(|&octet| octet == b' ');
    words.next().filter(|version| version.starts_with(b"HTTP/1."))?;
    let code: u16 = str::from_utf8(words.next()?).ok()?.parse().ok()?;
    (100..600).contains(&code).then_some(code)
}

/// Whoever hangs up after octets that are no status line is no such proxy.
fn early(dialogue: &Dialogue<'_>, trouble: Trouble) -> ProxyFault {
    if dialogue.heard_nothing() { fault(trouble) } else { ProxyFault::NotThatKind }
}
