//! From a host to a TCP connection: resolves, has every answer judged, and tries the allowed addresses in their order.
//!
//! What is connected to is the socket address that was judged; no name is resolved a second time.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use certwright_protocol::conversation::{
    Family, ProbeFailure, RefusedTarget, ResolvedAddress, Route, ServerEvent,
};
use tokio::net::{TcpStream, lookup_host};
use tokio::sync::Semaphore;
use tokio::time::{timeout, timeout_at};

use super::target::Host;
use super::{Voice, seconds};
use crate::policy::{TargetPolicy, unmapped};

/// More addresses than this are not tried.
const MAX_ADDRESSES: usize = 16;

/// Look-ups under way, also those that nobody waits for any more: the system's resolver cannot be interrupted, and it must not use
/// up all threads.
static LOOKUPS: Semaphore = Semaphore::const_new(128);

/// The host's addresses with `port`, in the resolver's order.
pub(crate) async fn resolve(host: Host, port: u16, limit: Duration) -> Result<Vec<SocketAddr>, ProbeFailure> {
    let name = match host {
        Host::Address(address) => return Ok(vec![SocketAddr::new(unmap_written(address), port)]),
        Host::Name(name) => name,
    };
    let asked = name.clone();
    let lookup = async move {
        let permit = LOOKUPS.acquire().await;
        let found = tokio::spawn(async move {
            let _permit = permit;
            lookup_host((asked, port)).await.map(|addresses| addresses.collect::<Vec<_>>())
        });
        found.await.unwrap_or_else(|fault| Err(io::Error::other(fault)))
    };
    match timeout(limit, lookup).await {
        Ok(Ok(addresses)) => {
            let mut distinct = Vec::new();
            for address in addresses {
                let address = SocketAddr::new(unmap_written(address.ip()), port);
                if !distinct.contains(&address) && distinct.len() < MAX_ADDRESSES {
                    distinct.push(address);
                }
            }
            if distinct.is_empty() { Err(ProbeFailure::NameNotFound { host: name }) } else { Ok(distinct) }
        }
        Ok(Err(error)) if says_no_such_name(&error) => Err(ProbeFailure::NameNotFound { host: name }),
        Ok(Err(_)) => Err(ProbeFailure::NameServiceFailed { host: name, timed_out: false }),
        Err(_) => Err(ProbeFailure::NameServiceFailed { host: name, timed_out: true }),
    }
}

/// `::ffff:a.b.c.d` is only another way to write the IPv4 address. An address behind NAT64 stays as it is: it is reached over IPv6.
fn unmap_written(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some() => unmapped(address),
        _ => address,
    }
}

/// The standard library passes on the text of `gai_strerror` and no code. These are the texts for `EAI_NONAME` and `EAI_NODATA` of
/// glibc, musl and the BSDs.
fn says_no_such_name(error: &io::Error) -> bool {
    let text = error.to_string();
    [
        "Name or service not known",
        "No address associated",
        "nodename nor servname",
        "Name does not resolve",
        "Name has no usable address",
    ]
    .iter()
    .any(|known| text.contains(known))
}

/// Those of the addresses that the route asks for.
pub(crate) fn wanted(
    found: Vec<SocketAddr>,
    route: &Route,
    host: &Host,
) -> Result<Vec<SocketAddr>, ProbeFailure> {
    let chosen = route.address.map(unmap_written);
    let (wanted, others): (Vec<_>, Vec<_>) = found.into_iter().partition(|address| {
        let family = match route.family {
            Family::Any => true,
            Family::V4 => address.is_ipv4(),
            Family::V6 => address.is_ipv6(),
        };
        family && chosen.is_none_or(|chosen| chosen == address.ip())
    });
    if wanted.is_empty() {
        let addresses = others.iter().map(SocketAddr::ip).collect();
        return Err(ProbeFailure::NoSuchAddress { host: host.to_string(), addresses });
    }
    Ok(wanted)
}

/// The policy's verdict on each address.
pub(crate) struct Judged {
    pub(crate) addresses: Vec<ResolvedAddress>,
    pub(crate) allowed: Vec<SocketAddr>,
    pub(crate) first_refused: Option<(IpAddr, RefusedTarget)>,
}

/// Has every address of the host judged.
pub(crate) fn judge(host: &Host, found: Vec<SocketAddr>, policy: &TargetPolicy) -> Judged {
    let name = match host {
        Host::Name(name) => Some(name.as_str()),
        Host::Address(_) => None,
    };
    let mut judged = Judged { addresses: Vec::new(), allowed: Vec::new(), first_refused: None };
    for address in found {
        let refused = policy.refusal_of(name, address);
        judged.addresses.push(ResolvedAddress { address: address.ip(), refused });
        match refused {
            None => judged.allowed.push(address),
            Some(reason) => judged.first_refused = judged.first_refused.or(Some((address.ip(), reason))),
        }
    }
    judged
}

/// Tries the addresses one after the other; each gets its share of the time that is left. Announces every attempt, if somebody listens.
pub(crate) async fn connect(
    addresses: &[SocketAddr],
    until: Instant,
    limit: Duration,
    voice: Option<&Voice>,
) -> Result<(std::net::TcpStream, SocketAddr), ProbeFailure> {
    let mut worst: Option<ProbeFailure> = None;
    let mut left = u32::try_from(addresses.len()).unwrap_or(u32::MAX);
    for &address in addresses {
        say(voice, ServerEvent::Connecting { address }).await?;
        let now = Instant::now();
        let share = until.saturating_duration_since(now) / left.max(1);
        left = left.saturating_sub(1);
        let failure = match timeout_at((now + share).into(), open(address)).await {
            Ok(Ok((stream, local))) => {
                say(voice, ServerEvent::Connected { local, remote: address }).await?;
                return Ok((stream, address));
            }
            Ok(Err(error)) => match error.kind() {
                io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset => {
                    ProbeFailure::ConnectionRefused { address }
                }
                io::ErrorKind::TimedOut => {
                    ProbeFailure::ConnectTimedOut { address, seconds: seconds(now.elapsed()) }
                }
                _ if is_own_shortage(&error) => ProbeFailure::Internal,
                _ => ProbeFailure::Unreachable { address },
            },
            Err(_) => ProbeFailure::ConnectTimedOut { address, seconds: seconds(share.min(limit)) },
        };
        if worst.as_ref().is_none_or(|worst| weight(&failure) > weight(worst)) {
            worst = Some(failure);
        }
    }
    Err(worst.unwrap_or(ProbeFailure::Internal))
}

async fn say(voice: Option<&Voice>, event: ServerEvent) -> Result<(), ProbeFailure> {
    match voice {
        Some(voice) => voice.say(event).await,
        None => Ok(()),
    }
}

/// How much a failed attempt tells: a closed port is an answer, a time-out is none, and an address family that this machine
/// lacks says nothing about the target.
fn weight(failure: &ProbeFailure) -> u8 {
    match failure {
        ProbeFailure::ConnectionRefused { .. } => 3,
        ProbeFailure::ConnectTimedOut { .. } => 2,
        ProbeFailure::Internal => 1,
        _ => 0,
    }
}

/// Whether this machine has no room for one more connection, which says nothing about the way there: too many open files in the process (`EMFILE`) or in
/// all (`ENFILE`), which have the same numbers on every Unix and no kind of their own, or no memory.
fn is_own_shortage(error: &io::Error) -> bool {
    const ENFILE: i32 = 23;
    const EMFILE: i32 = 24;
    cfg!(unix) && matches!(error.raw_os_error(), Some(ENFILE | EMFILE))
        || error.kind() == io::ErrorKind::OutOfMemory
}

async fn open(address: SocketAddr) -> io::Result<(std::net::TcpStream, SocketAddr)> {
    let stream = TcpStream::connect(address).await?;
    let local = stream.local_addr()?;
    if local == address {
        // A closed port among those that the system gives out may be connected to itself.
        return Err(io::ErrorKind::ConnectionRefused.into());
    }
    stream.set_nodelay(true)?;
    let stream = stream.into_std()?;
    stream.set_nonblocking(false)?;
    Ok((stream, local))
}
