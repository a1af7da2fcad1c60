//! A whole probe in one process: the browser's half (the engine) and the server's half (the conversation), for the command line and for scripts.
//!
//! Keys that such a probe signs with are those of whoever started the process; the API for scripts starts it with none.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use certwright_engine::probe::Probe;
use certwright_protocol::conversation::{ProbeFailure, ServerEvent, ToServer};
use certwright_protocol::report::ProbeReport;
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use tokio::sync::mpsc;

use crate::conversation::{self, Limits};
use crate::policy::TargetPolicy;

/// Messages that wait on either side.
const QUEUE: usize = 8;

/// Runs a probe to its end, from the message that opens it. Whoever may drop the future before takes [`run_unless_dropped`].
pub async fn run(probe: Probe, opening: ToServer, policy: Arc<TargetPolicy>, limits: Limits) -> ProbeReport {
    let (server, browser) = halves(probe, opening, policy, limits, || None);
    // Both in one task: they take turns, and need no thread to wake the other.
    tokio::join!(server, browser).1
}

/// The same. Dropping the future stops the probe: the server's half has a task of its own, sees the browser's half go, and closes what it has opened. Before each
/// further connection `refused` is asked whether there is a reason against it.
pub(crate) async fn run_unless_dropped(
    probe: Probe,
    opening: ToServer,
    policy: Arc<TargetPolicy>,
    limits: Limits,
    refused: impl FnMut() -> Option<ProbeFailure> + Send,
) -> ProbeReport {
    let (server, browser) = halves(probe, opening, policy, limits, refused);
    let server = tokio::spawn(server);
    let report = browser.await;
    // A panic in there has been told by then; the report stands.
    let _ = server.await;
    report
}

/// The server's half and the browser's, which talk to each other.
fn halves(
    mut probe: Probe,
    opening: ToServer,
    policy: Arc<TargetPolicy>,
    limits: Limits,
    mut refused: impl FnMut() -> Option<ProbeFailure> + Send,
) -> (impl Future<Output = ()> + Send + 'static, impl Future<Output = ProbeReport> + Send) {
    let (to_server, from_browser) = mpsc::channel(QUEUE);
    let (to_browser, mut from_server) = mpsc::channel(QUEUE);
    let server = conversation::run(from_browser, to_browser, policy, limits);
    let browser = async move {
        let mut random = UnwrapErr(SysRng);
        // The channel has room: this is its first message.
        let _ = to_server.send(opening).await;
        while let Some(message) = from_server.recv().await {
            let ended = matches!(message.event, ServerEvent::Ended { .. });
            let answer = probe.receive(message, unix_seconds(), &mut random);
            if let Some(failure) = answer.as_ref().filter(|_| ended).and_then(|_| refused()) {
                probe.abort(failure);
                break;
            }
            if let Some(answer) = answer
                && to_server.send(answer).await.is_err()
            {
                break;
            }
            if probe.is_over() {
                break;
            }
        }
        probe.abort(ProbeFailure::Internal);
        drop((to_server, from_server));
        probe.into_report()
    };
    (server, browser)
}

/// The clock, in Unix milliseconds.
pub fn unix_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn unix_seconds() -> i64 {
    unix_ms().div_euclid(1000)
}
