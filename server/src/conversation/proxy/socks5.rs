//! SOCKS version 5 (RFC 1928), with user name and password (RFC 1929).
//!
//! Refuses other versions, and methods that were not offered.

use std::net::SocketAddr;

use certwright_protocol::conversation::{ProxyCredentials, ProxyFault};
use zeroize::Zeroizing;

use super::{Destination, Dialogue, Trouble, fault};

const VERSION: u8 = 5;
const NO_AUTHENTICATION: u8 = 0;
const USER_AND_PASSWORD: u8 = 2;
const CONNECT: u8 = 1;
const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;

/// Asks for the destination; returns what the proxy says that it is bound to.
pub(super) fn speak(
    dialogue: &mut Dialogue<'_>,
    destination: &Destination,
    credentials: Option<&ProxyCredentials>,
) -> Result<String, ProxyFault> {
    let methods: &[u8] = match credentials {
        None => &[VERSION, 1, NO_AUTHENTICATION],
        Some(_) => &[VERSION, 2, NO_AUTHENTICATION, USER_AND_PASSWORD],
    };
    dialogue.send(methods).map_err(fault)?;
    version(dialogue)?;
    match (octet(dialogue)?, credentials) {
        (NO_AUTHENTICATION, _) => {}
        (USER_AND_PASSWORD, Some(credentials)) => sign_in(dialogue, credentials)?,
        (0xff, _) => return Err(ProxyFault::AuthenticationRequired),
        _ => return Err(ProxyFault::NotThatKind),
    }
    dialogue.send(&request(destination)?).map_err(fault)?;
    version(dialogue)?;
    let code = octet(dialogue)?;
    if code != 0 {
        return Err(refusal(code));
    }
    octet(dialogue)?;
    bound(dialogue)
}

fn sign_in(
    dialogue: &mut Dialogue<'_>,
    ProxyCredentials { user, password }: &ProxyCredentials,
) -> Result<(), ProxyFault> {
    let mut message = Zeroizing::new(Vec::with_capacity(513));
    message.push(1);
    for text in [user.as_str(), password.as_str()] {
        message.push(u8::try_from(text.len()).map_err(|_| ProxyFault::AuthenticationRequired)?);
        message.extend_from_slice(text.as_bytes());
    }
    dialogue.send(&message).map_err(fault)?;
    // A proxy may hang up instead of saying no.
    let answer = dialogue.octets(2).map_err(|trouble| match trouble {
        Trouble::HungUp => ProxyFault::AuthenticationRequired,
        other => fault(other),
    })?;
    match *answer.as_slice() {
        [_, 0] => Ok(()),
        _ => Err(ProxyFault::AuthenticationRequired),
    }
}

fn request(destination: &Destination) -> Result<Vec<u8>, ProxyFault> {
    let mut message = vec![VERSION, CONNECT, 0];
    let port = match destination {
        Destination::Address(SocketAddr::V4(address)) => {
            message.push(IPV4);
            message.extend(address.ip().octets());
            address.port()
        }
        Destination::Address(SocketAddr::V6(address)) => {
            message.push(IPV6);
            message.extend(address.ip().octets());
            address.port()
        }
        Destination::Name(name, port) => {
            let name = name.trim_end_matches('.');
            message.push(NAME);
            message.push(u8::try_from(name.len()).map_err(|_| ProxyFault::NotThatKind)?);
            message.extend_from_slice(name.as_bytes());
            *port
        }
    };
    message.extend(port.to_be_bytes());
    Ok(message)
}

fn refusal(code: u8) -> ProxyFault {
    let words = match code {
        1 => "general failure",
        2 => "not allowed by the rules",
        3 => "network unreachable",
        4 => "host unreachable",
        5 => "connection refused",
        6 => "time to live expired",
        7 => "command not supported",
        8 => "kind of address not supported",
        _ => "unknown",
    };
    let said = format!("SOCKS reply {code}, {words}");
    match code {
        2 => ProxyFault::Forbidden { said },
        3..=6 => ProxyFault::TargetUnreachable { said },
        _ => ProxyFault::Refused { said },
    }
}

/// The address behind the reply.
fn bound(dialogue: &mut Dialogue<'_>) -> Result<String, ProxyFault> {
    let kind = octet(dialogue)?;
    let length = match kind {
        IPV4 => 4,
        IPV6 => 16,
        NAME => usize::from(octet(dialogue)?),
        _ => return Err(ProxyFault::NotThatKind),
    };
    let address = dialogue.octets(length).map_err(fault)?;
    let port = dialogue.octets(2).map_err(fault)?;
    let port = port.iter().fold(0, |sum: u16, octet| (sum << 8) | u16::from(*octet));
    if let Ok(octets) = <[u8; 4]>::try_from(address.as_slice()) {
        return Ok(SocketAddr::from((octets, port)).to_string());
    }
    match <[u8; 16]>::try_from(address.as_slice()) {
        Ok(octets) => Ok(SocketAddr::from((octets, port)).to_string()),
        Err(_) => Ok(String::new()),
    }
}

fn version(dialogue: &mut Dialogue<'_>) -> Result<(), ProxyFault> {
    if octet(dialogue)? == VERSION { Ok(()) } else { Err(ProxyFault::NotThatKind) }
}

fn octet(dialogue: &mut Dialogue<'_>) -> Result<u8, ProxyFault> {
    let octets = dialogue.octets(1).map_err(fault)?;
    Ok(octets.first().copied().unwrap_or_default())
}
