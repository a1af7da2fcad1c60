//! What is done for clients: what all of it shares, and the account of each piece.
//!
//! Whoever does work for a client takes a place at the [gate](crate::gate) ([`Commons::enter`]), and begins a [`Record`] for each connection of a probe
//! and each file that is fetched. A record counts in the metrics while it lives, and writes its line of the audit log when it ends, however
//! that comes about.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use certwright_protocol::kind_of;
use serde::Serialize;

use crate::audit::{Audit, Line, What, millis, timestamp};
use crate::clients::TrustedProxies;
use crate::gate::{Full, Gate, Place};
use crate::life::Life;
use crate::meter::Meter;
use crate::metrics::{Kind, Metrics};
use crate::policy::TargetPolicy;
use crate::tokens::Tokens;
use crate::{conversation, fetch};

/// What all work shares.
#[derive(Debug)]
pub(crate) struct Commons {
    pub(crate) policy: Arc<TargetPolicy>,
    pub(crate) limits: conversation::Limits,
    pub(crate) fetch: fetch::Limits,
    pub(crate) gate: Arc<Gate>,
    pub(crate) tokens: Tokens,
    /// Whether every page and file needs a token too.
    pub(crate) require_token: bool,
    pub(crate) proxies: TrustedProxies,
    pub(crate) audit: Audit,
    pub(crate) metrics: Metrics,
    pub(crate) life: Life,
    /// How long what is running may go on when the server is told to end.
    pub(crate) drain: Duration,
}

/// Who asks. Every request has one among its extensions.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// The client's address, behind reverse proxies that are trusted.
    pub(crate) address: IpAddr,
    /// The name of the token that was shown.
    pub(crate) token: Option<Arc<str>>,
}

impl Commons {
    /// A place for work of this client, or the limit that is reached.
    pub(crate) fn enter(&self, caller: &Caller) -> Result<Place, Full> {
        self.gate.enter(caller.address).inspect_err(|full| self.metrics.refuse(full.kind()))
    }

    /// The limits of one more probe, whose octets are counted for this place.
    pub(crate) fn limits_of_one(&self, place: &Place) -> conversation::Limits {
        conversation::Limits { meter: place.meter().clone(), ..self.limits.clone() }
    }
}

/// The account of one connection of a probe, or of one file. It ends as `abandoned` when it is dropped.
#[derive(Debug)]
pub(crate) struct Record {
    commons: Arc<Commons>,
    caller: Caller,
    kind: Kind,
    what: What,
    address: Option<SocketAddr>,
    outcome: Option<String>,
    when: SystemTime,
    begun: Instant,
    meter: Meter,
    /// What the meter showed before.
    before: (u64, u64),
}

impl Record {
    /// Work begins, whose octets `meter` counts.
    pub(crate) fn begin(
        commons: &Arc<Commons>,
        caller: &Caller,
        kind: Kind,
        what: What,
        meter: &Meter,
    ) -> Self {
        commons.metrics.begin(kind);
        Self {
            commons: Arc::clone(commons),
            caller: caller.clone(),
            kind,
            what,
            address: None,
            outcome: None,
            when: SystemTime::now(),
            begun: Instant::now(),
            meter: meter.clone(),
            before: (meter.received(), meter.sent()),
        }
    }

    /// The address was connected to.
    pub(crate) fn reached(&mut self, address: SocketAddr) {
        self.address = Some(address);
    }

    /// The work ended: with this failure, of which the kind is told, or as it should.
    pub(crate) fn end(mut self, failure: Option<&impl Serialize>) {
        self.outcome = Some(failure.map_or_else(|| "complete".to_owned(), |failure| kind_of(failure)));
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        let took = self.begun.elapsed();
        let outcome = self.outcome.as_deref().unwrap_or("abandoned");
        let received = self.meter.received() - self.before.0;
        let sent = self.meter.sent() - self.before.1;
        self.commons.metrics.end(self.kind, outcome, took, received, sent);
        // Names and addresses of targets are the user's business, and stand in the audit log alone.
        tracing::info!(outcome, ms = millis(took), "{} ended", self.kind.name());
        if self.commons.audit.is_on() {
            self.commons.audit.write(&Line {
                time: timestamp(self.when),
                kind: self.kind.name(),
                client: self.caller.address,
                token: self.caller.token.as_deref(),
                what: &self.what,
                address: self.address,
                outcome,
                ms: millis(took),
                received,
                sent,
            });
        }
    }
}
