//! Every cause that a probe can end with, brought about by a real peer, or by a scripted one where no real one does it.
//!
//! Engine and server conversation run in one process, as in `certwright probe`. Each family has a table of cases: the kind of the cause, and what leads to it.
//! [`every_cause_is_in_a_table`] counts them against [`Cause::KINDS`], so a cause without a peer fails.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test may fail, and says what it cannot test"
)]

mod common;

#[path = "causes/before_tls.rs"]
mod before_tls;
#[path = "causes/certificates.rs"]
mod certificates;
#[path = "causes/chain.rs"]
mod chain;
#[path = "causes/extent.rs"]
mod extent;
#[path = "causes/gateways.rs"]
mod gateways;
#[path = "causes/hello.rs"]
mod hello;
#[path = "causes/network.rs"]
mod network;
#[path = "causes/peers.rs"]
mod peers;
#[path = "causes/reach.rs"]
mod reach;

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use certwright_engine::files::{Input, Passwords, anchors, client_keystore};
use certwright_engine::probe::Probe;
use certwright_protocol::conversation::{FromServer, ProbeFailure, ServerEvent, ToServer};
use certwright_protocol::report::ProbeReport;
use certwright_protocol::report::diagnosis::Cause;
use certwright_protocol::ui::{Authentication, ProbePlan};
use certwright_server::conversation::{Limits, run};
use certwright_server::policy::TargetPolicy;
use common::process::{Process, Socket, hear};
use common::{P256, Pki};
use futures_util::SinkExt;
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use tokio::sync::mpsc;

/// What leads to a cause.
type Work = Pin<Box<dyn Future<Output = ProbeReport> + Send>>;
/// The kind of a cause, and what leads to it.
type Case = (&'static str, fn(Arc<Pki>) -> Work);

/// Brings every cause of a table about, a few at a time.
async fn run_table(table: &[Case]) {
    let pki = Arc::new(tokio::task::spawn_blocking(ground).await.unwrap());
    let room = Arc::new(tokio::sync::Semaphore::new(4));
    let running: Vec<_> = table
        .iter()
        .map(|&(kind, work)| {
            let (pki, room) = (Arc::clone(&pki), Arc::clone(&room));
            tokio::spawn(async move {
                let _place = room.acquire().await.unwrap();
                (kind, work(pki).await)
            })
        })
        .collect();
    let mut wrong = Vec::new();
    for case in running {
        let Ok((kind, report)) = case.await else {
            wrong.push("a case panicked".to_owned());
            continue;
        };
        let found = report.diagnosis.as_ref().map(|diagnosis| diagnosis.cause.kind());
        if found != Some(kind) {
            wrong.push(format!("{kind}: {:?}\n  {:?}", report.verdict, report.diagnosis));
        }
        let connections = report.connections;
        assert!(connections <= 13, "{kind}: {connections} connections");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The certificates that most cases need.
fn ground() -> Pki {
    let pki = Pki::new();
    let localhost = ["-addext", "subjectAltName=DNS:localhost"];
    pki.issue("rsa", "root", common::RSA, &localhost);
    pki.issue("other", "root", P256, &["-addext", "subjectAltName=DNS:other.example"]);
    pki.issue("client", "root", P256, &["-addext", "extendedKeyUsage=clientAuth"]);
    pki
}

/// A probe that is to be made.
struct Ask {
    plan: ProbePlan,
    client: Option<(String, String)>,
    policy: TargetPolicy,
    limits: Limits,
    now: i64,
    answers: bool,
}

fn ask(port: u16) -> Ask {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let plan = ProbePlan { authentication: Authentication::None, ..ProbePlan::new("localhost", port) };
    Ask {
        plan,
        client: None,
        policy: TargetPolicy::loopback(),
        limits: Limits {
            total: Duration::from_millis(2500),
            connect: Duration::from_secs(1),
            proxy: Duration::from_millis(1500),
            before_tls: Duration::from_millis(1500),
            after_handshake: Duration::from_millis(700),
            browser: Duration::from_millis(1200),
            http: Duration::from_secs(2),
            ..Limits::default()
        },
        now: i64::try_from(now).unwrap(),
        answers: true,
    }
}

impl Ask {
    fn plan(mut self, change: impl FnOnce(&mut ProbePlan)) -> Self {
        change(&mut self.plan);
        self
    }

    fn limits(mut self, change: impl FnOnce(&mut Limits)) -> Self {
        change(&mut self.limits);
        self
    }

    /// With the certificate in `NAME.pem`.
    fn client(self, name: &str) -> Self {
        self.client_chain(name, &format!("{name}.pem"))
    }

    /// With the chain in this file.
    fn client_chain(mut self, name: &str, chain: &str) -> Self {
        self.client = Some((name.to_owned(), chain.to_owned()));
        self
    }

    /// The browser's half, and what it says first.
    fn start(&mut self, pki: &Pki) -> (Probe, ToServer) {
        let read = |name: &str| std::fs::read(pki.file(name)).unwrap();
        let root = read("root.pem");
        let trusted = anchors(&Input { name: "root.pem", bytes: &root }, &Passwords::none()).unwrap();
        let mut keystore = Default::default();
        if let Some((name, chain)) = &self.client {
            let (chain, key) = (read(chain), read(&format!("{name}.key")));
            keystore = client_keystore((name, &chain), (name, &key), None).unwrap();
            let alias = keystore.iter().next().unwrap().alias.clone();
            self.plan.authentication = Authentication::Alias { alias };
        }
        Probe::start(self.plan.clone(), &keystore, trusted, self.now * 1000).unwrap()
    }

    /// Makes the probe.
    async fn run(self, pki: &Pki) -> ProbeReport {
        self.run_meddled(pki, |_| {}).await
    }

    /// The same, and what the server says is changed on the way.
    async fn run_meddled(mut self, pki: &Pki, mut meddle: impl FnMut(&mut ServerEvent)) -> ProbeReport {
        let (mut probe, opening) = self.start(pki);
        let (to_server, from_browser) = mpsc::channel(8);
        let (to_browser, mut from_server) = mpsc::channel::<FromServer>(8);
        let server = tokio::spawn(run(from_browser, to_browser, Arc::new(self.policy), self.limits));
        to_server.send(opening).await.unwrap();
        while let Some(mut message) = from_server.recv().await {
            meddle(&mut message.event);
            let answer = probe.receive(message, self.now, &mut UnwrapErr(SysRng));
            let is_answer = !matches!(
                answer,
                Some(ToServer::Start(_) | ToServer::Hello { .. } | ToServer::Survey { .. })
            );
            if let Some(answer) = answer
                && (self.answers || !is_answer)
            {
                // Whether it was heard shows in what comes back.
                let _ = to_server.send(answer).await;
            }
            if probe.is_over() {
                break;
            }
        }
        drop(to_server);
        server.await.unwrap();
        probe.abort(ProbeFailure::ServerLost);
        probe.report().clone()
    }

    /// Makes the probe over the WebSocket of a server, as the page does; `look` sees what it says.
    async fn run_over(self, server: &Process, look: impl FnMut(&mut ServerEvent)) -> ProbeReport {
        self.run_over_socket(server.open(None).await.unwrap(), look).await
    }

    async fn run_over_socket(
        self,
        mut socket: Socket,
        mut look: impl FnMut(&mut ServerEvent),
    ) -> ProbeReport {
        let (mut probe, opening) =
            Probe::start(self.plan, &Default::default(), Vec::new(), self.now * 1000).unwrap();
        // A server that is full says so without being asked.
        let mut next = Some(opening);
        while !probe.is_over() {
            if let Some(message) = next.take() {
                let text = serde_json::to_string(&message).unwrap();
                let _ = socket.send(text.into()).await;
            }
            let Some(mut event) = hear(&mut socket).await else { break };
            look(&mut event);
            next = probe.receive(FromServer { at_us: 1, event }, self.now, &mut UnwrapErr(SysRng));
        }
        // As the worker does when the socket is closed.
        probe.abort(ProbeFailure::ServerLost);
        probe.report().clone()
    }
}

#[test]
fn every_cause_is_in_a_table() {
    let tables = [
        reach::TABLE,
        network::TABLE,
        before_tls::TABLE,
        hello::TABLE,
        hello::OLD,
        chain::TABLE,
        certificates::TABLE,
    ];
    let found: BTreeSet<&str> = tables.into_iter().flatten().map(|(kind, _)| *kind).collect();
    let all: BTreeSet<&str> = Cause::KINDS.iter().copied().collect();
    let missing: Vec<_> = all.difference(&found).collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
    assert!(found.is_subset(&all));
    assert!(all.len() >= 40);
}

/// What was tried stands in the evidence, a line each.
#[tokio::test]
async fn the_evidence_says_what_was_tried() {
    let pki = ground();
    let names = ["-servername", "other.example", "-servername_fatal"];
    let second = ["-cert2", "other.pem", "-key2", "other.key"];
    let server = common::s_server(&pki, "other", &[&names[..], &second].concat());
    let report = ask(server.port).run(&pki).await;
    let sheet = certwright_protocol::ui::ProbeSheet::from(&report);
    let diagnosis = sheet.diagnosis.unwrap();
    assert!(diagnosis.certain && diagnosis.says_more && diagnosis.cut_short.is_empty());
    assert_eq!((diagnosis.told.kind.as_str(), diagnosis.who.as_str()), ("server_name_unknown", "you"));
    let evidence = "Without SNI: the handshake was done in TLS 1.3, certificate of “other”.";
    assert_eq!(diagnosis.evidence, [evidence]);

    // Without a diagnosis there is one connection.
    let report = ask(server.port).plan(|plan| plan.extent.diagnose = false).run(&pki).await;
    assert_eq!((report.connections, report.diagnosis), (1, None));
}
