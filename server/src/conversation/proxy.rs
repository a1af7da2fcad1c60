//! Through a proxy to the target: one file for each kind.
//!
//! What the proxy is told is a [`Destination`]. Its octets behind its last answer belong to the target. User names and passwords go to the proxy and
//! nowhere else; refused are those with control characters (they could end a line), a colon in the user name (RFC 7617 section 2), and more than
//! 255 octets (RFC 1929 section 2).

mod http_connect;
mod socks5;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use certwright_protocol::conversation::{
    ProbeFailure, Proxy, ProxyCredentials, ProxyFault, ProxyKind, ServerEvent,
};

use super::dialogue::{Dialogue, Transport, Trouble};
use super::wire::Wire;

/// What the proxy is asked to connect to. Checked: an address was judged by the target policy, a name is a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Destination {
    /// This address.
    Address(SocketAddr),
    /// A name, which the proxy looks up.
    Name(String, u16),
}

/// As it is written in an address (RFC 3986 section 3.2).
impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Name(name, port) => write!(f, "{}:{port}", name.trim_end_matches('.')),
        }
    }
}

/// Whether the proxy's credentials can be sent.
pub(super) fn check(proxy: &Proxy) -> Result<(), ProbeFailure> {
    let Some(ProxyCredentials { user, password }) = &proxy.credentials else { return Ok(()) };
    let bad = |field: &str| Err(ProbeFailure::BadTarget { field: field.to_owned() });
    let fits = |text: &str| text.len() <= 255 && !text.chars().any(char::is_control);
    if user.is_empty() || !fits(user) || user.contains(':') {
        bad("user of the proxy")
    } else if !fits(password.as_str()) {
        bad("password of the proxy")
    } else {
        Ok(())
    }
}

/// Has the proxy at the other end of the wire connect to the destination.
pub(super) fn through(
    wire: &mut Wire,
    proxy: &Proxy,
    address: SocketAddr,
    destination: &Destination,
    (step, deadline): (Duration, Instant),
    say: &dyn Fn(ServerEvent),
) -> Result<(), ProbeFailure> {
    check(proxy)?;
    let (said, rest) = speak(wire, proxy.kind, destination, proxy.credentials.as_ref(), (step, deadline));
    let said = said.map_err(|fault| ProbeFailure::ProxyFailed { address, fault })?;
    wire.put_back(rest);
    say(ServerEvent::Proxied { said });
    Ok(())
}

/// Asks for the destination: what the proxy says of it, fit to be shown, and the octets behind that.
pub(super) fn speak(
    transport: &mut dyn Transport,
    kind: ProxyKind,
    destination: &Destination,
    credentials: Option<&ProxyCredentials>,
    (step, deadline): (Duration, Instant),
) -> (Result<String, ProxyFault>, Vec<u8>) {
    let mut dialogue = Dialogue::new(transport, step, deadline).at_most(http_connect::MOST);
    let said = match kind {
        ProxyKind::HttpConnect => http_connect::speak(&mut dialogue, destination, credentials),
        ProxyKind::Socks5 => socks5::speak(&mut dialogue, destination, credentials),
    };
    (said, dialogue.into_rest())
}

fn fault(trouble: Trouble) -> ProxyFault {
    match trouble {
        Trouble::TimedOut(seconds) => ProxyFault::TimedOut { seconds },
        Trouble::HungUp => ProxyFault::HungUp,
        Trouble::TooMuch => ProxyFault::NotThatKind,
    }
}

/// Names under which clouds serve their metadata: a proxy that looks them up would reach what the policy never allows.
const METADATA_NAMES: [&str; 4] =
    ["metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal"];

/// The address of the metadata service that the name stands for by itself.
pub(super) fn metadata_name(name: &str) -> Option<IpAddr> {
    let name = name.trim_end_matches('.');
    METADATA_NAMES
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
        .then_some(IpAddr::from([169, 254, 169, 254]))
}

/// Whether the name may be an address in another notation (`127.1`, `0x7f000001`), as `inet_aton` takes it. A proxy would look it up as such.
pub(super) fn may_be_address(name: &str) -> bool {
    let last = name.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
    let hex = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    hex.is_some_and(|digits| digits.bytes().all(|octet| octet.is_ascii_hexdigit()))
        || last.bytes().all(|octet| octet.is_ascii_digit())
}

#[cfg(test)]
mod tests;
