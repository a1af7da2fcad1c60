//! From a target to a TCP connection: who is connected to, and what a proxy is told.
//!
//! Everything that is connected to was resolved here and judged by the [target policy](crate::policy). So is a target behind a proxy wherever the
//! policy closes anything: the proxy is told the address then, and not the name. A server that closes nothing leaves names to the proxy, which
//! may be the only one that knows them. Metadata services are never asked for, however they are written.

use std::net::{SocketAddr, TcpStream};
use std::time::Instant;

use certwright_protocol::conversation::{Family, ProbeFailure, RefusedTarget, Route, ServerEvent, Target};

use super::Conversation;
use super::connect::{self, Judged};
use super::proxy::{self, Destination};
use super::target::Host;

/// Where a target is. Good for several connections.
pub(super) struct Located {
    /// To be tried in this order: those of the target, or of the proxy. All of them are allowed.
    addresses: Vec<SocketAddr>,
    /// What the proxy is told, if there is one.
    destination: Option<Destination>,
}

/// A connection that stands.
pub(super) struct Reached {
    pub(super) stream: TcpStream,
    /// What `stream` is connected to. It could not say any more if it was reset meanwhile.
    pub(super) remote: SocketAddr,
    /// What the proxy is to be told, if there is one.
    pub(super) destination: Option<Destination>,
}

impl Conversation {
    /// Resolves, and asks the policy about every answer.
    pub(super) async fn locate(&mut self, target: &Target, host: &Host) -> Result<Located, ProbeFailure> {
        let (named, port) = match &target.route.connect_to {
            Some(there) => (Host::parse(&there.host, there.port)?, there.port),
            None => (host.clone(), target.port),
        };
        let Some(through) = &target.route.proxy else {
            let judged = self.judge(&named, port, &target.route).await?;
            let addresses = self.announce(judged).await?;
            return Ok(Located { addresses, destination: None });
        };
        proxy::check(through)?;
        let bad_proxy = |_| ProbeFailure::BadTarget { field: "proxy".to_owned() };
        let proxy_host = Host::parse(&through.host, through.port).map_err(bad_proxy)?;
        let destination = self.destination(named, port, &target.route).await?;
        let judged = self.judge(&proxy_host, through.port, &Route::default()).await?;
        let addresses = self.announce(judged).await?;
        Ok(Located { addresses, destination: Some(destination) })
    }

    /// What a proxy is told.
    async fn destination(
        &mut self,
        named: Host,
        port: u16,
        route: &Route,
    ) -> Result<Destination, ProbeFailure> {
        if let Host::Name(name) = &named {
            if let Some(address) = proxy::metadata_name(name) {
                return Err(ProbeFailure::TargetRefused { address, reason: RefusedTarget::Metadata });
            }
            let chosen = route.address.is_some() || route.family != Family::Any;
            if self.policy.closes_nothing() && !chosen && !proxy::may_be_address(name) {
                return Ok(Destination::Name(name.clone(), port));
            }
        }
        let judged = self.judge(&named, port, route).await?;
        match judged.allowed.first() {
            Some(&address) => Ok(Destination::Address(address)),
            // The refused addresses are evidence.
            None => Err(self.announce(judged).await.err().unwrap_or(ProbeFailure::Internal)),
        }
    }

    async fn judge(&mut self, host: &Host, port: u16, route: &Route) -> Result<Judged, ProbeFailure> {
        let resolve = self.limits.resolve.min(self.limits.total);
        let found = self.unless_stopped(connect::resolve(host.clone(), port, resolve)).await??;
        let found = connect::wanted(found, route, host)?;
        Ok(connect::judge(host, found, &self.policy))
    }

    /// Tells the browser what was found; returns what may be connected to.
    async fn announce(&mut self, judged: Judged) -> Result<Vec<SocketAddr>, ProbeFailure> {
        self.voice.say(ServerEvent::Resolved { addresses: judged.addresses }).await?;
        match (judged.allowed.is_empty(), judged.first_refused) {
            (true, Some((address, reason))) => Err(ProbeFailure::TargetRefused { address, reason }),
            _ => Ok(judged.allowed),
        }
    }

    /// Connects to the first of the addresses that answers.
    pub(super) async fn connect(
        &mut self,
        located: &Located,
        deadline: Instant,
    ) -> Result<Reached, ProbeFailure> {
        let until = deadline.min(Instant::now() + self.limits.connect);
        let voice = self.voice.clone();
        let connecting = connect::connect(&located.addresses, until, self.limits.connect, Some(&voice));
        let (stream, remote) = self.unless_stopped(connecting).await??;
        Ok(Reached { stream, remote, destination: located.destination.clone() })
    }
}
