//! Our own ClientHello, for servers that the TLS library does not speak with: one connection, one ClientHello, and what is answered in
//! clear (RFC 6101, RFC 2246, RFC 4346, RFC 5246, RFC 8446).
//!
//! Nothing is agreed on: the connection is closed when the server's first flight has been read. No secret is made that would have to be
//! kept. It refuses answers that are not TLS, and reads no more than [`Limits::handshake_bytes`](super::Limits::handshake_bytes).

mod asker;
pub(super) mod flight;
mod habits;
mod messages;
mod records;
mod strike;
pub(super) mod survey;
mod write;

use std::net::IpAddr;
use std::time::{Duration, Instant};

use certwright_protocol::conversation::{
    HelloAnswer, HelloSpec, PlainProtocol, ProbeFailure, ServerNameIndication, Target, TlsVersion,
};
use certwright_protocol::suites::{Suite, groups_of};
use rustls::crypto::aws_lc_rs::{self, kx_group};
use rustls::pki_types::ServerName;

use super::seconds;
use super::target::Host;
use super::wire::{Lost, Wire};
use flight::{Flight, Unreadable};
use write::ClientHello;

/// Suites in one ClientHello at most: there are servers that stumble over more.
const MOST_SUITES: usize = 128;

/// Why a ClientHello got no answer.
#[derive(Debug)]
enum Unanswered {
    /// Nothing came in time, or only a part.
    TimedOut {
        received: u64,
        after: Duration,
    },
    HungUp {
        received: u64,
        reset: bool,
    },
    NotTls {
        looks_like: PlainProtocol,
    },
    Broken {
        how: String,
    },
}

impl Unanswered {
    /// As the failure of a connection.
    fn into_failure(self) -> ProbeFailure {
        match self {
            Self::TimedOut { received, after } => {
                ProbeFailure::HandshakeTimedOut { received, seconds: seconds(after) }
            }
            Self::HungUp { received, reset } => ProbeFailure::HungUp { received, reset },
            Self::NotTls { looks_like } => ProbeFailure::NotTls { looks_like },
            Self::Broken { how } => ProbeFailure::ProtocolViolation { detail: how },
        }
    }
}

/// Sends a ClientHello and reads the answer.
fn ask(wire: &mut Wire, hello: &ClientHello, until: Instant, limit: u64) -> Result<HelloAnswer, Unanswered> {
    let begun = Instant::now();
    // If the server takes no more, what it said last is still to be read.
    let _ = wire.write(&hello.to_records(), until);
    let mut flight = Flight::new(usize::try_from(limit).unwrap_or(usize::MAX));
    let mut buffer = [0; 16 * 1024];
    let lost = loop {
        let bytes = match wire.read(&mut buffer, until) {
            Ok(bytes) => bytes,
            Err(lost) => break lost,
        };
        match flight.feed(bytes) {
            Ok(true) => break Lost::Closed,
            Ok(false) => {}
            Err(Unreadable::NotTls) => {
                return Err(Unanswered::NotTls { looks_like: wire.plain_protocol(until) });
            }
            Err(Unreadable::Broken { how }) => return Err(Unanswered::Broken { how }),
        }
    };
    let received = wire.received();
    flight.finish().ok_or(match lost {
        Lost::TimedOut => Unanswered::TimedOut { received, after: begun.elapsed() },
        Lost::Closed => Unanswered::HungUp { received, reset: false },
        Lost::Reset => Unanswered::HungUp { received, reset: true },
    })
}

/// What a ClientHello says whatever it is for.
#[derive(Debug, Clone)]
struct Manner {
    server_name: Option<String>,
    alpn: Vec<String>,
    random: [u8; 32],
    /// Public values for the groups that everybody speaks.
    shares: Vec<(u16, Vec<u8>)>,
}

impl Manner {
    /// For this target, when it is reached at this address.
    fn new(target: &Target, host: &Host, connected: IpAddr) -> Result<Self, ProbeFailure> {
        let named = match &target.server_name {
            ServerNameIndication::Host => Some(host.clone()),
            ServerNameIndication::Absent => None,
            ServerNameIndication::Name(name) => Some(
                Host::parse(name, target.port)
                    .map_err(|_| ProbeFailure::BadTarget { field: "server name".to_owned() })?,
            ),
        };
        let server_name = match named.map(|named| named.server_name(connected)) {
            Some(ServerName::DnsName(name)) => Some(name.as_ref().to_owned()),
            _ => None,
        };
        let mut random = [0; 32];
        aws_lc_rs::default_provider().secure_random.fill(&mut random).map_err(|_| ProbeFailure::Internal)?;
        let mut shares = Vec::new();
        for group in [kx_group::X25519, kx_group::SECP256R1] {
            // The private half is dropped: no key is ever agreed on.
            let share = group.start().map_err(|_| ProbeFailure::Internal)?;
            shares.push((u16::from(group.name()), share.pub_key().to_vec()));
        }
        Ok(Self { server_name, alpn: target.offer.alpn.clone(), random, shares })
    }

    /// A ClientHello with the usual suites and groups.
    fn hello(&self, version: TlsVersion) -> ClientHello {
        let mut suites = Suite::of(version);
        if version == TlsVersion::Tls13 {
            suites.extend(Suite::of(TlsVersion::Tls12));
        }
        suites.truncate(MOST_SUITES);
        ClientHello {
            version,
            alone: false,
            random: self.random,
            suites,
            groups: groups_of(version),
            shares: self.shares.clone(),
            server_name: self.server_name.clone(),
            alpn: self.alpn.clone(),
            extensions: true,
            padded_to: 0,
            compression: false,
            fallback: false,
            unknown_extension: false,
        }
    }

    /// The ClientHello that the browser asked for.
    fn specified(&self, spec: HelloSpec) -> ClientHello {
        let mut hello = self.hello(spec.version);
        if spec.alone && spec.version == TlsVersion::Tls13 {
            hello.suites = Suite::of(TlsVersion::Tls13);
        }
        if !spec.suites.is_empty() {
            hello.suites = spec.suites;
            hello.suites.truncate(4 * MOST_SUITES);
        }
        if !spec.groups.is_empty() {
            // Whoever names groups wants to hear which of them the server picks: a HelloRetryRequest says so.
            hello.shares.retain(|(group, _)| spec.groups == [*group]);
            hello.groups = spec.groups;
            hello.groups.truncate(MOST_SUITES);
        }
        ClientHello {
            alone: spec.alone,
            extensions: spec.extensions,
            padded_to: spec.padded_to.into(),
            compression: spec.compression,
            fallback: spec.fallback,
            unknown_extension: spec.unknown_extension,
            ..hello
        }
    }
}
