//! What the server wants signed: is it this client's CertificateVerify, for this host?
//!
//! TLS 1.3 (RFC 8446 section 4.4.3): 64 spaces, a context string, a zero octet, and the transcript's hash. The hash hides the
//! handshake, so only the form can be checked here.
//! TLS 1.2 (RFC 5246 section 7.4.8): all handshake messages so far, in clear. Checked: it begins with a ClientHello that names the host
//! (RFC 6066 section 3; none for an IP address), it holds exactly the server's chain that was judged and exactly our chain, and it ends with the
//! ClientKeyExchange. Refused: everything else, and any other message order.

use certwright_certs::certificate::Certificate;
use certwright_chain::Host;
use certwright_protocol::Bytes;
use certwright_protocol::conversation::TlsVersion;

const CONTEXT: &[u8] = b"TLS 1.3, client CertificateVerify\0";

const CLIENT_HELLO: u8 = 1;
const SERVER_HELLO: u8 = 2;
const CERTIFICATE: u8 = 11;
const SERVER_KEY_EXCHANGE: u8 = 12;
const CERTIFICATE_REQUEST: u8 = 13;
const SERVER_HELLO_DONE: u8 = 14;
const CLIENT_KEY_EXCHANGE: u8 = 16;
const CERTIFICATE_STATUS: u8 = 22;

/// Why something is not signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotOurs {
    /// Neither the form of TLS 1.3 nor that of TLS 1.2.
    Form,
    /// The ClientHello names another host, or none.
    OtherHost,
    /// The server's certificates are not those that were judged.
    OtherServerChain,
    /// The client's certificates are not those that were chosen.
    OtherClientChain,
}

/// Checks `message`; returns the TLS version that it belongs to.
pub fn check(
    message: &[u8],
    host: &Host,
    server_chain: &[Bytes],
    client_chain: &[Certificate],
) -> Result<TlsVersion, NotOurs> {
    if let Some(rest) = message.strip_prefix(&[b' '; 64]) {
        let hash = rest.strip_prefix(CONTEXT).ok_or(NotOurs::Form)?;
        // SHA-256 or SHA-384: the hashes of all TLS 1.3 cipher suites in use.
        return matches!(hash.len(), 32 | 48).then_some(TlsVersion::Tls13).ok_or(NotOurs::Form);
    }
    check_tls12(message, host, server_chain, client_chain).map(|()| TlsVersion::Tls12)
}

fn check_tls12(
    message: &[u8],
    host: &Host,
    server_chain: &[Bytes],
    client_chain: &[Certificate],
) -> Result<(), NotOurs> {
    let messages = split_messages(message).ok_or(NotOurs::Form)?;
    let kinds: Vec<u8> =
        messages.iter().map(|(kind, _)| *kind).filter(|kind| *kind != CERTIFICATE_STATUS).collect();
    let expected = [
        CLIENT_HELLO,
        SERVER_HELLO,
        CERTIFICATE,
        SERVER_KEY_EXCHANGE,
        CERTIFICATE_REQUEST,
        SERVER_HELLO_DONE,
        CERTIFICATE,
        CLIENT_KEY_EXCHANGE,
    ];
    if kinds != expected {
        return Err(NotOurs::Form);
    }
    let hello = messages.first().ok_or(NotOurs::Form)?.1;
    let named = server_name(hello).ok_or(NotOurs::Form)?;
    let wanted = match host {
        Host::Dns(name) => Some(name.trim_end_matches('.').to_ascii_lowercase()),
        Host::Ip(_) => None,
    };
    if named.map(|name| name.to_ascii_lowercase()) != wanted {
        return Err(NotOurs::OtherHost);
    }
    let mut chains =
        messages.iter().filter(|(kind, _)| *kind == CERTIFICATE).map(|(_, body)| certificates(body));
    let server = chains.next().flatten().ok_or(NotOurs::Form)?;
    if !server.iter().copied().eq(server_chain.iter().map(|der| der.0.as_slice())) {
        return Err(NotOurs::OtherServerChain);
    }
    let client = chains.next().flatten().ok_or(NotOurs::Form)?;
    if !client.iter().copied().eq(client_chain.iter().map(Certificate::der)) {
        return Err(NotOurs::OtherClientChain);
    }
    Ok(())
}

/// Handshake messages: type, 24-bit length, body (RFC 5246 section 7.4). `None` if the bytes do not divide evenly.
fn split_messages(mut bytes: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    let mut messages = Vec::new();
    while !bytes.is_empty() {
        let (&kind, rest) = bytes.split_first()?;
        let (body, rest) = take_prefixed(rest, 3)?;
        messages.push((kind, body));
        bytes = rest;
    }
    Some(messages)
}

/// The host name in a ClientHello. `None` if it is malformed, `Some(None)` if there is no such extension.
fn server_name(hello: &[u8]) -> Option<Option<String>> {
    let after_random = hello.get(34..)?;
    let (_session, rest) = take_prefixed(after_random, 1)?;
    let (_suites, rest) = take_prefixed(rest, 2)?;
    let (_compression, rest) = take_prefixed(rest, 1)?;
    if rest.is_empty() {
        return Some(None);
    }
    let (mut extensions, rest) = take_prefixed(rest, 2)?;
    if !rest.is_empty() {
        return None;
    }
    let mut found = None;
    while !extensions.is_empty() {
        let (kind, rest) = extensions.split_at_checked(2)?;
        let (body, rest) = take_prefixed(rest, 2)?;
        extensions = rest;
        if kind == [0, 0] {
            let (list, after_list) = take_prefixed(body, 2)?;
            let (&name_type, name) = list.split_first()?;
            let (name, after_name) = take_prefixed(name, 2)?;
            // One name of the one type that exists, and nothing behind it: anything else could hide a second host.
            if found.is_some() || name_type != 0 || !after_name.is_empty() || !after_list.is_empty() {
                return None;
            }
            found = Some(String::from_utf8(name.to_vec()).ok()?);
        }
    }
    Some(found)
}

/// The DER certificates of a TLS 1.2 Certificate message (RFC 5246 section 7.4.2).
fn certificates(body: &[u8]) -> Option<Vec<&[u8]>> {
    let (mut list, rest) = take_prefixed(body, 3)?;
    if !rest.is_empty() {
        return None;
    }
    let mut found = Vec::new();
    while !list.is_empty() {
        let (der, rest) = take_prefixed(list, 3)?;
        found.push(der);
        list = rest;
    }
    Some(found)
}

/// Splits off a value whose length stands before it in `width` octets, big-endian.
fn take_prefixed(bytes: &[u8], width: usize) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_at_checked(width)?;
    let length = length.iter().fold(0usize, |sum, &octet| sum << 8 | usize::from(octet));
    rest.split_at_checked(length)
}
