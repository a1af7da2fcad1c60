//! From a probe that did not end well to its cause: what is tried next, and when enough is known.
//!
//! Each family of outcomes is a file with one function that reads from top to bottom like what an experienced person does: try something, look, conclude. Such a
//! function is called anew after every connection. [`Inquiry::attempt`] gives what came of an attempt, if it has been made; if not, the function
//! ends there with the wish to make it. So there is no state besides the list of what was tried. One thing is changed at a time, and the order is what the failure
//! suggests. When the [`Budget`] is used up, attempts say nothing any more, and the conclusion is drawn from what there is.

mod before_tls;
mod certificates;
mod chain;
mod hello;
mod reach;
mod suites;

use certwright_protocol::conversation::{
    HelloAnswer, HelloSpec, HttpRequest, ProbeFailure, ServerNameIndication, StartTls, StartTlsFault, Target,
    TlsVersion, ToServer, Versions,
};
use certwright_protocol::report::ProbeVerdict;
use certwright_protocol::report::diagnosis::{Attempt, AttemptOutcome, Cause, Change, Diagnosis};
use certwright_protocol::ui::{Authentication, ProbePlan};

use super::connection::{Connection, Setting};

/// Most connections for a diagnosis.
const MOST_CONNECTIONS: u32 = 12;
/// Most time for a diagnosis, in microseconds of the server's clock.
const MOST_TIME_US: u64 = 40_000_000;
/// How long one of them may take, in seconds.
const PATIENCE: u32 = 5;

/// What a diagnosis has cost so far.
#[derive(Default)]
pub(super) struct Budget {
    connections: u32,
    time_us: u64,
}

impl Budget {
    /// Counts a connection.
    pub(super) fn spend(&mut self, took_us: u64) {
        self.connections += 1;
        self.time_us = self.time_us.saturating_add(took_us);
    }

    /// Lets nothing more be tried.
    pub(super) fn use_up(&mut self) {
        self.connections = MOST_CONNECTIONS;
    }

    fn is_used_up(&self) -> bool {
        let next = u64::from(PATIENCE) * 1_000_000;
        self.connections >= MOST_CONNECTIONS || self.time_us.saturating_add(next) > MOST_TIME_US
    }
}

/// An attempt that was made.
pub(super) struct Tried {
    pub(super) change: Change,
    pub(super) connection: Connection,
}

/// What comes next.
pub(super) enum Next {
    /// A connection with this changed.
    Try(Change),
    /// Nothing; this is the cause, or all is well.
    Found(Option<Diagnosis>),
}

/// A cause, as far as it is known.
struct Found {
    cause: Cause,
    certain: bool,
}

impl From<Cause> for Found {
    fn from(cause: Cause) -> Self {
        Self { cause, certain: true }
    }
}

/// The most likely cause.
fn likely(cause: Cause) -> Found {
    Found { cause, certain: false }
}

/// What has to be tried before more can be said.
struct Wanted(Change);

type Finding = Result<Found, Wanted>;

/// What a diagnosis knows.
struct Inquiry<'a> {
    setting: &'a Setting,
    main: &'a Connection,
    tried: &'a [Tried],
    used_up: bool,
    /// Whether something was not tried for lack of budget.
    cut_short: std::cell::Cell<bool>,
    now: i64,
}

impl<'a> Inquiry<'a> {
    /// What came of an attempt; `None` if it cannot be made any more.
    fn attempt(&self, change: Change) -> Result<Option<&'a Connection>, Wanted> {
        if let Some(tried) = self.tried.iter().find(|tried| tried.change == change) {
            return Ok(Some(&tried.connection));
        }
        if self.used_up {
            self.cut_short.set(true);
            return Ok(None);
        }
        Err(Wanted(change))
    }

    /// Whether the handshake succeeds with this change.
    fn succeeds(&self, change: Change) -> Result<bool, Wanted> {
        Ok(self.attempt(change)?.is_some_and(Connection::is_done))
    }

    /// The name that SNI said, if it said one.
    fn name_sent(&self) -> Option<String> {
        let target = &self.main.report.target;
        match &target.server_name {
            ServerNameIndication::Host => self.host_name(),
            ServerNameIndication::Absent => None,
            ServerNameIndication::Name(name) => Some(name.clone()),
        }
    }

    /// The host, if it is a name.
    fn host_name(&self) -> Option<String> {
        match &self.setting.host {
            certwright_chain::Host::Dns(name) => Some(name.clone()),
            certwright_chain::Host::Ip(_) => None,
        }
    }

    fn target(&self) -> &'a Target {
        &self.main.report.target
    }

    /// Whether ALPN offers anything.
    fn alpn(&self) -> Vec<String> {
        let target = self.target();
        if target.offer.alpn.is_empty()
            && target.http != HttpRequest::Never
            && target.starttls == StartTls::None
        {
            return vec!["http/1.1".to_owned()];
        }
        target.offer.alpn.clone()
    }

    fn cause(&self) -> Option<Finding> {
        let finding = match self.main.report.verdict.as_ref()? {
            ProbeVerdict::Reached => return certificates::reached(self).transpose(),
            ProbeVerdict::ServerNotTrusted => chain::not_trusted(self),
            ProbeVerdict::CertificateDemanded => certificates::demanded(self),
            ProbeVerdict::CertificateRefused => certificates::refused(self),
            ProbeVerdict::Undetermined => certificates::undetermined(self),
            ProbeVerdict::Failed { failure: ProbeFailure::Stopped } => return None,
            ProbeVerdict::Failed { failure } => self.failed(failure),
        };
        Some(finding)
    }

    fn failed(&self, failure: &ProbeFailure) -> Finding {
        if let Some(cause) = reach::cause(failure) {
            return Ok(cause.into());
        }
        if let Some(version) = self.target().route.proxy_protocol
            && self.succeeds(Change::WithoutProxyHeader)?
        {
            return Ok(Cause::ProxyHeaderNotExpected { version }.into());
        }
        match failure {
            ProbeFailure::StartTlsFailed { protocol, fault, said } => {
                before_tls::start_tls_failed(self, *protocol, fault, said)
            }
            ProbeFailure::NotTls { looks_like } => before_tls::not_tls(self, *looks_like),
            ProbeFailure::HandshakeTimedOut { received: 0, seconds } => before_tls::silent(self, *seconds),
            ProbeFailure::HungUp { received: 0, reset } => before_tls::hung_up(self, *reset),
            failure => hello::refused(self, failure),
        }
    }
}

/// What comes next. `now` is in Unix seconds.
pub(super) fn next(setting: &Setting, main: &Connection, tried: &[Tried], budget: &Budget, now: i64) -> Next {
    let used_up = budget.is_used_up();
    let inquiry = Inquiry { setting, main, tried, used_up, cut_short: false.into(), now };
    match inquiry.cause() {
        None => Next::Found(None),
        Some(Err(Wanted(change))) => Next::Try(change),
        Some(Ok(Found { cause, certain })) => Next::Found(Some(Diagnosis {
            certain: certain && !inquiry.cut_short.get(),
            who: cause.who(),
            evidence: tried.iter().map(evidence).collect(),
            cut_short: inquiry.cut_short.get(),
            cause,
        })),
    }
}

/// What opens the connection for an attempt.
pub(super) struct Opening {
    pub(super) message: ToServer,
    pub(super) authentication: Authentication,
}

/// The target of the main connection with one thing changed.
pub(super) fn change(change: &Change, target: &Target, plan: &ProbePlan) -> Opening {
    let mut target = target.clone();
    // The report's target is without the proxy's password.
    target.route.proxy.clone_from(&plan.route.proxy);
    target.patience = Some(PATIENCE);
    target.offer.resume = false;
    let mut authentication = Authentication::None;
    match change {
        Change::WithoutServerName => target.server_name = ServerNameIndication::Absent,
        Change::WithServerName { .. } => target.server_name = ServerNameIndication::Host,
        Change::OneVersion { version } => {
            target.versions = if *version == TlsVersion::Tls13 { Versions::Tls13 } else { Versions::Tls12 };
        }
        Change::SmallHello => {
            target.offer.groups = suites::CLASSIC_GROUPS.to_vec();
            without_alpn(&mut target);
        }
        Change::WithoutCertificate => {}
        Change::OtherScheme => {
            target.versions = Versions::Tls12;
            authentication = plan.authentication.clone();
        }
        Change::WithoutAlpn => without_alpn(&mut target),
        Change::WithProxyHeader { version } => target.route.proxy_protocol = Some(*version),
        Change::WithoutProxyHeader => target.route.proxy_protocol = None,
        Change::StartTls { protocol } => target.starttls = *protocol,
        Change::TlsAtOnce => target.starttls = StartTls::None,
        Change::RequestInTls12 => {
            target.http = HttpRequest::Head;
            target.versions = Versions::Tls12;
        }
        Change::Request => target.http = HttpRequest::Head,
        Change::OldHello { version } => return hello(target, *version, Vec::new(), Vec::new()),
        Change::OtherSuites => {
            let offered = suites::OTHER_SUITES.iter().map(|(code, _)| *code).collect();
            return hello(target, TlsVersion::Tls12, offered, Vec::new());
        }
        Change::OtherGroups => {
            return hello(target, TlsVersion::Tls13, Vec::new(), suites::OTHER_GROUPS.to_vec());
        }
    }
    Opening { message: ToServer::Start(target), authentication }
}

fn without_alpn(target: &mut Target) {
    target.offer.alpn.clear();
    target.http = HttpRequest::Never;
}

fn hello(target: Target, version: TlsVersion, suites: Vec<u16>, groups: Vec<u16>) -> Opening {
    let extensions = version > TlsVersion::Ssl3;
    let hello = HelloSpec { suites, groups, extensions, ..HelloSpec::new(version) };
    Opening { message: ToServer::Hello { target, hello }, authentication: Authentication::None }
}

fn evidence(tried: &Tried) -> Attempt {
    let Tried { change, connection } = tried;
    let report = &connection.report;
    let certificate = connection.certificate();
    let outcome = match (&connection.hello, &connection.failure) {
        (Some(HelloAnswer::ServerHello(seen)), _) => AttemptOutcome::ServerHello {
            version: seen.version,
            suite: seen.suite,
            group: seen.group,
            dh_bits: seen.dh_bits,
            certificate,
        },
        (Some(HelloAnswer::Alert { code, .. }), _) => AttemptOutcome::Alert { code: *code },
        (Some(HelloAnswer::Ssl2), _) => AttemptOutcome::Ssl2,
        (None, Some(failure)) => AttemptOutcome::Failed { failure: failure.clone(), certificate },
        (None, None) => AttemptOutcome::Done {
            version: report.version.unwrap_or(TlsVersion::Tls12),
            certificate,
            certificate_asked: report.client_authentication.requested == Some(true),
            after: report.after_handshake.clone(),
            asked_later: report.asked_again.is_some(),
        },
    };
    Attempt { change: change.clone(), outcome }
}

impl Connection {
    /// Whether the handshake was done.
    fn is_done(&self) -> bool {
        self.handshake.is_some()
    }

    /// Why what was spoken before TLS did not lead there, and what the server said last.
    fn start_tls_fault(&self) -> Option<(&StartTlsFault, &str)> {
        match &self.failure {
            Some(ProbeFailure::StartTlsFailed { fault, said, .. }) => Some((fault, said)),
            _ => None,
        }
    }

    /// Whether the other side spoke TLS in any way.
    fn spoke_tls(&self) -> bool {
        self.is_done()
            || self.report.chain.is_some()
            || self.hello.is_some()
            || matches!(
                self.failure,
                Some(
                    ProbeFailure::Alert { .. }
                        | ProbeFailure::VersionTooOld
                        | ProbeFailure::NothingInCommon { .. }
                )
            )
    }
}
