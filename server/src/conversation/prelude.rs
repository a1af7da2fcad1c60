//! Everything between TCP and TLS, in its order: the proxy's tunnel, the header of the PROXY protocol, STARTTLS.
//!
//! Handshakes and our own ClientHellos begin behind the same prelude. Afterwards the wire counts and looks at what comes from there on.

use std::net::SocketAddr;
use std::time::Instant;

use certwright_protocol::conversation::{ProbeFailure, ServerEvent, Target};

use super::proxy::{self, Destination};
use super::starttls::{self, Terms};
use super::target::Host;
use super::wire::{Lost, Wire};
use super::{Limits, proxy_protocol};

/// A connection, and what is to be done on it before TLS.
pub(super) struct Prelude<'p> {
    pub(super) target: &'p Target,
    pub(super) host: &'p Host,
    /// What the proxy is told; there if the target has a proxy.
    pub(super) destination: Option<&'p Destination>,
    /// What TCP is connected to: the target, or the proxy.
    pub(super) remote: SocketAddr,
    pub(super) limits: &'p Limits,
    pub(super) deadline: Instant,
}

impl Prelude<'_> {
    /// Does it all; nothing where the target asks for nothing.
    pub(super) fn run(&self, wire: &mut Wire, say: &dyn Fn(ServerEvent)) -> Result<(), ProbeFailure> {
        let Self { target, deadline, limits, .. } = *self;
        // Known as long as there is a socket.
        let local = wire.local_address().map_err(|_| ProbeFailure::Internal)?;
        if let (Some(proxy), Some(destination)) = (&target.route.proxy, self.destination) {
            proxy::through(wire, proxy, self.remote, destination, (limits.proxy, deadline), say)?;
        }
        if let Some(version) = target.route.proxy_protocol {
            let destination = match self.destination {
                Some(Destination::Address(address)) => *address,
                _ => self.remote,
            };
            wire.write(&proxy_protocol::header(version, local, destination), deadline)
                .map_err(|lost| ProbeFailure::HungUp { received: 0, reset: lost == Lost::Reset })?;
        }
        let terms = Terms {
            protocol: target.starttls,
            host: self.host,
            local: local.ip(),
            step: limits.before_tls,
            deadline,
        };
        starttls::begin(wire, &terms, say)?;
        wire.begin_anew();
        Ok(())
    }
}
