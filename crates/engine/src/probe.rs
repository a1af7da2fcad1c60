//! The browser's half of a probe, as a state machine without IO: a row of connections that ends with a verdict and, where that is not good, a cause.
//!
//! Messages of the server go in, answers and a growing [`ProbeReport`] come out. The first [`connection`] is the probe that the user asked for, and the report
//! is its report. Then further connections follow, one at a time, for what the plan wants to know ([`ProbeExtent`]): why it failed ([`diagnosis`]), whether a
//! client certificate has to be there, whether a session is resumed, what each address shows, and what the server speaks besides ([`survey`]).
//!
//! The client's key signs at most once in a probe: further connections go without a certificate. One exception has to be allowed by the plan
//! ([`ProbeExtent::sign_again`]), and comes at most once too. Whatever is found out stops at a number of connections and at a time.
//!
//! [`ProbeExtent`]: certwright_protocol::ui::ProbeExtent
//! [`ProbeExtent::sign_again`]: certwright_protocol::ui::ProbeExtent::sign_again

mod choice;
mod connection;
mod diagnosis;
mod extent;
mod outcome;
mod phases;
mod steps;
pub mod survey;
pub mod transcript;

use std::collections::VecDeque;

use certwright_chain::Anchor;
use certwright_keystore::keystore::Keystore;
use certwright_protocol::Problem;
use certwright_protocol::conversation::{
    FromServer, ProbeFailure, ServerEvent, ServerNameIndication, Target, ToServer,
};
use certwright_protocol::report::ProbeReport;
use certwright_protocol::report::diagnosis::Change;
use certwright_protocol::ui::{Authentication, ProbePlan};
pub(crate) use choice::which_keys;
use connection::{Connection, Setting};
use diagnosis::{Budget, Next, Tried};
use extent::Question;
use rand_core::CryptoRng;
use steps::Steps;

use crate::trust::{Seen, TrustStore, host_in_ascii, parse_host};

/// A running or finished probe.
pub struct Probe {
    setting: Setting,
    /// The connection that the user asked for; its report is the probe's.
    main: Connection,
    /// The connection that runs after it, and what for.
    further: Option<(Purpose, Connection)>,
    /// What was tried to find the cause.
    tried: Vec<Tried>,
    budget: Budget,
    diagnosed: bool,
    /// Questions that are still to be asked.
    questions: VecDeque<Question>,
    /// Signatures that may still be made.
    signatures: u8,
    over: bool,
}

/// What a further connection is for.
enum Purpose {
    Diagnosis(Change),
    Question(Question),
}

/// The plan with every host in it as it is looked up: A-labels, no brackets.
fn in_ascii(mut plan: ProbePlan) -> ProbePlan {
    let host = plan.host.trim();
    plan.host =
        host_in_ascii(host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(host));
    let route = &mut plan.route;
    let connect_to = route.connect_to.iter_mut().map(|endpoint| &mut endpoint.host);
    let names = connect_to.chain(route.proxy.iter_mut().map(|proxy| &mut proxy.host));
    let server_name = match &mut plan.server_name {
        ServerNameIndication::Name(name) => Some(name),
        _ => None,
    };
    for name in names.chain(server_name) {
        *name = host_in_ascii(name);
    }
    plan
}

impl Probe {
    /// Begins a probe. The returned message opens the conversation.
    ///
    /// `keystore` gives the key pairs and known certificates, `anchors` what is trusted besides what the plan says; `now_ms` is in Unix milliseconds.
    ///
    /// # Errors
    /// If the plan names no host and port, or a key that is not there.
    pub fn start(
        plan: ProbePlan,
        keystore: &Keystore,
        anchors: Vec<Anchor>,
        now_ms: i64,
    ) -> Result<(Self, ToServer), Problem> {
        let plan = in_ascii(plan);
        let host = parse_host(&plan.host).ok_or_else(|| Problem::HostInvalid { text: plan.host.clone() })?;
        if plan.port == 0 {
            return Err(Problem::PortInvalid { text: plan.port.to_string() });
        }
        if let Authentication::Alias { alias } = &plan.authentication {
            choice::check_alias(keystore, alias)?;
        }
        let mut target = Target {
            host: plan.host.clone(),
            port: plan.port,
            route: plan.route.clone(),
            starttls: plan.starttls,
            server_name: plan.server_name.clone(),
            versions: plan.versions,
            offer: plan.offer.clone(),
            http: plan.http,
            patience: None,
            messages: false,
        };
        // The session that the next connection is to resume has to be kept by this one.
        target.offer.resume |= plan.extent.resumption;
        let authentication = plan.authentication.clone();
        let trust = TrustStore::for_probe(keystore, anchors, plan.trust, &plan.known);
        let setting = Setting { plan, host, keystore: keystore.clone(), trust, started_ms: now_ms };
        let main = Connection::open(&setting, target.clone(), authentication);
        let probe = Self {
            setting,
            main,
            further: None,
            tried: Vec::new(),
            budget: Budget::default(),
            diagnosed: false,
            questions: VecDeque::new(),
            signatures: 1,
            over: false,
        };
        Ok((probe, ToServer::Start(target)))
    }

    /// Keeps what happens in the main connection step by step, and has the server tell the messages of its handshake; to be called before `opening` is sent.
    pub fn keep_steps(&mut self, opening: &mut ToServer) {
        if let ToServer::Start(target) = opening {
            target.messages = true;
        }
        self.main.steps = Some(Steps::default());
    }

    /// Lets the probe share with others what their servers sent, so that the same certificate is read and verified once.
    #[must_use]
    pub fn sharing(mut self, seen: &Seen) -> Self {
        self.setting.trust.seen = seen.clone();
        self
    }

    /// Takes a message of the server; returns the answer, if it wants one, or what opens the next connection. `now` is in Unix seconds.
    pub fn receive(&mut self, message: FromServer, now: i64, rng: &mut impl CryptoRng) -> Option<ToServer> {
        if self.over {
            return None;
        }
        let ended = matches!(message.event, ServerEvent::Ended { .. });
        let at_us = message.at_us;
        let running = match &mut self.further {
            Some((_, connection)) => connection,
            None => &mut self.main,
        };
        let answer = running.receive(&self.setting, &mut self.signatures, message, now, rng);
        if !ended {
            return answer;
        }
        match self.further.take() {
            None => self.questions = extent::questions(&self.setting.plan, &self.main),
            Some((purpose, connection)) => self.learn(purpose, connection, at_us),
        }
        let next = self.next(now);
        self.over = next.is_none();
        next
    }

    /// Ends the probe from this side: the connection to the server dropped, or the user stopped it. What was found out stays.
    pub fn abort(&mut self, failure: ProbeFailure) {
        if self.over {
            return;
        }
        self.over = true;
        if self.main.is_over() {
            self.budget.use_up();
            self.diagnose(None);
        } else {
            self.main.abort(failure);
            if self.setting.plan.extent.diagnose {
                self.budget.use_up();
                self.diagnose(None);
            }
        }
    }

    /// The report so far; complete once [`Self::is_over`].
    pub fn report(&self) -> &ProbeReport {
        &self.main.report
    }

    /// The report, complete if [`Self::is_over`].
    pub fn into_report(self) -> ProbeReport {
        self.main.report
    }

    /// Whether the probe has ended.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// What opens the next connection; `None` when all is found out.
    fn next(&mut self, now: i64) -> Option<ToServer> {
        if self.main.ended_the_conversation() {
            self.questions.clear();
            self.budget.use_up();
        }
        if let Some(change) = self.diagnose(Some(now)) {
            let wanted = diagnosis::change(&change, &self.main.report.target, &self.setting.plan);
            if change == Change::OtherScheme {
                self.signatures = 1;
            }
            return Some(self.open(Purpose::Diagnosis(change), wanted.message, wanted.authentication));
        }
        while let Some(question) = self.questions.pop_front() {
            if let Some(message) = extent::opening(&question, &self.setting.plan, &mut self.main.report) {
                return Some(self.open(Purpose::Question(question), message, Authentication::None));
            }
        }
        None
    }

    /// Looks for the cause: returns what has to be tried, or puts the cause into the report.
    fn diagnose(&mut self, now: Option<i64>) -> Option<Change> {
        if self.diagnosed || !self.setting.plan.extent.diagnose {
            return None;
        }
        match diagnosis::next(&self.setting, &self.main, &self.tried, &self.budget, now.unwrap_or_default()) {
            Next::Try(change) => Some(change),
            Next::Found(found) => {
                self.diagnosed = true;
                self.main.report.diagnosis = found;
                None
            }
        }
    }

    fn open(&mut self, purpose: Purpose, message: ToServer, authentication: Authentication) -> ToServer {
        let target = match &message {
            ToServer::Start(target) | ToServer::Hello { target, .. } | ToServer::Survey { target, .. } => {
                target.clone()
            }
            _ => self.main.report.target.clone(),
        };
        self.main.report.connections += 1;
        let mut connection = Connection::open(&self.setting, target, authentication);
        connection.without_pss = matches!(purpose, Purpose::Diagnosis(Change::OtherScheme));
        self.further = Some((purpose, connection));
        message
    }

    fn learn(&mut self, purpose: Purpose, connection: Connection, took_us: u64) {
        if connection.ended_the_conversation() {
            self.questions.clear();
            self.budget.use_up();
        }
        match purpose {
            Purpose::Diagnosis(change) => {
                self.budget.spend(took_us);
                let report = &mut self.main.report;
                if connection.hello.is_some() && report.chain.is_none() {
                    // What an old server shows in clear. Nothing proves that it holds the key.
                    report.chain.clone_from(&connection.report.chain);
                    report.staple.clone_from(&connection.report.staple);
                    report.timestamps.clone_from(&connection.report.timestamps);
                    report.version = report.version.or(connection.report.version);
                }
                self.tried.push(Tried { change, connection });
            }
            Purpose::Question(question) => extent::learn(&question, &mut self.main, connection),
        }
    }
}
