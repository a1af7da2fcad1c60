//! Many probes for one request of the page: several at a time, each with a socket of its own, a row for each that is done.
//!
//! A list is worked off in its order. When it is stopped, what is running is given up and what was done stays with the page.

use certwright_engine::hosts::{compare, plan_for, row, waiting_row};
use certwright_engine::probe::Probe;
use certwright_engine::session::Session;
use certwright_engine::trust::Seen;
use certwright_protocol::conversation::{FromServer, ProbeFailure, ToServer};
use certwright_protocol::ui::inspect::Tone;
use certwright_protocol::ui::{HostRow, HostTarget, ProbePlan};
use web_sys::DedicatedWorkerGlobalScope;

use crate::Events;
use crate::random::random;
use crate::socket::{Call, Socket};

/// Probes at a time. The server allows a client sixteen, and one is left for a probe beside the list, and some for fetching.
const AT_A_TIME: usize = 8;

/// A list that is being probed.
pub(crate) struct Many {
    id: u32,
    plan: ProbePlan,
    hosts: std::iter::Enumerate<std::vec::IntoIter<HostTarget>>,
    before: Option<Vec<HostRow>>,
    running: Vec<Running>,
    seen: Seen,
}

struct Running {
    number: u32,
    target: HostTarget,
    probe: Probe,
    opening: ToServer,
    socket: Socket,
    begun_ms: i64,
}

/// Rows that there is something new about.
pub(crate) type News = Vec<(u32, HostRow)>;

impl Many {
    /// A list for the page's request `id`; nothing of it has begun.
    pub(crate) fn new(id: u32, hosts: Vec<HostTarget>, plan: ProbePlan, before: Vec<HostRow>) -> Self {
        let before = (!before.is_empty()).then_some(before);
        Self {
            id,
            plan,
            hosts: hosts.into_iter().enumerate(),
            before,
            running: Vec::new(),
            seen: Seen::default(),
        }
    }

    /// The page's request.
    pub(crate) fn id(&self) -> u32 {
        self.id
    }

    /// Whether all are done.
    pub(crate) fn is_over(&self) -> bool {
        self.running.is_empty() && self.hosts.len() == 0
    }

    /// Begins as many probes as there is room for.
    pub(crate) fn fill(
        &mut self,
        scope: &DedicatedWorkerGlobalScope,
        events: &Events,
        session: &Session,
        now_ms: i64,
    ) -> News {
        let mut news = Vec::new();
        while self.running.len() < AT_A_TIME {
            let Some((number, target)) = self.hosts.next() else { break };
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            news.push((number, waiting_row(target.clone())));
            let begun = session.probe(plan_for(&target, &self.plan), now_ms);
            let call = Call { request: self.id, number };
            match begun.map(|begun| (begun, Socket::open(scope, call, events.clone()))) {
                Ok(((probe, opening), Ok(socket))) => {
                    let probe = probe.sharing(&self.seen);
                    self.running.push(Running { number, target, probe, opening, socket, begun_ms: now_ms });
                }
                Ok(((mut probe, _), Err(_))) => {
                    probe.abort(ProbeFailure::ServerLost);
                    news.push((number, self.done(target, &probe, 0, now_ms)));
                }
                Err(problem) => {
                    let words = problem.explain();
                    news.push((
                        number,
                        HostRow {
                            tone: Some(Tone::Bad),
                            verdict: certwright_protocol::kind_of(&problem),
                            title: words.title,
                            what_happened: words.what_happened,
                            what_to_try: words.what_to_try,
                            ..waiting_row(target)
                        },
                    ));
                }
            }
        }
        news
    }

    /// A socket is open: its conversation begins.
    pub(crate) fn opened(&self, number: u32) {
        if let Some(running) = self.running.iter().find(|running| running.number == number) {
            running.socket.send(&running.opening);
        }
    }

    /// A message of the server; the row, if that was the last one of its probe.
    pub(crate) fn heard(&mut self, number: u32, text: &str, now_ms: i64) -> News {
        let Some(running) = self.running.iter_mut().find(|running| running.number == number) else {
            return Vec::new();
        };
        let Ok(message) = serde_json::from_str::<FromServer>(text) else { return self.lost(number, now_ms) };
        if let Some(answer) = running.probe.receive(message, now_ms.div_euclid(1000), &mut random()) {
            running.socket.send(&answer);
        }
        if running.probe.is_over() { self.take(number, now_ms) } else { Vec::new() }
    }

    /// A socket was closed before its probe was over.
    pub(crate) fn lost(&mut self, number: u32, now_ms: i64) -> News {
        if let Some(running) = self.running.iter_mut().find(|running| running.number == number) {
            running.probe.abort(ProbeFailure::ServerLost);
        }
        self.take(number, now_ms)
    }

    /// Takes a probe that is over out of those that run; its socket closes.
    fn take(&mut self, number: u32, now_ms: i64) -> News {
        let Some(place) = self.running.iter().position(|running| running.number == number) else {
            return Vec::new();
        };
        let Running { target, probe, begun_ms, .. } = self.running.swap_remove(place);
        let took = u64::try_from(now_ms.saturating_sub(begun_ms)).unwrap_or_default();
        vec![(number, self.done(target, &probe, took, now_ms))]
    }

    fn done(&self, target: HostTarget, probe: &Probe, took_ms: u64, now_ms: i64) -> HostRow {
        let mut row = row(target, probe.report(), took_ms, now_ms.div_euclid(1000));
        if let Some(before) = &self.before {
            compare(std::slice::from_mut(&mut row), before);
        }
        row
    }
}
