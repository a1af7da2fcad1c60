//! `certwright probe`: the same probe as in the page, with the engine and the conversation in one process.

mod arguments;
mod text;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use certwright_engine::probe::Probe;
use certwright_protocol::conversation::ProbeFailure;
use certwright_protocol::report::ProbeReport;
use certwright_server::conversation::{self, Limits};
use certwright_server::policy::TargetPolicy;
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use tokio::sync::mpsc;

use self::arguments::{Options, split_target};
use self::text::describe;
use super::{Exit, complain, print, print_json, unix_ms};

/// Probe a TLS server, also with a client certificate.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Where to connect: erp.example.com:443, 10.0.0.1:8443, [::1]:443.
    #[arg(value_name = "HOST:PORT")]
    target: String,
    #[command(flatten)]
    options: Options,
    /// Print JSON: a `ProbeReport` (see docs/json.md).
    #[arg(long)]
    json: bool,
}

impl Arguments {
    /// Runs the probe.
    pub(crate) fn run(self) -> ExitCode {
        let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()
        {
            Ok(runtime) => runtime,
            Err(error) => return complain(format_args!("Cannot start: {error}.")),
        };
        let report = runtime.block_on(probe(&self));
        // A name look-up that hangs must not keep the process.
        runtime.shutdown_timeout(Duration::from_millis(100));
        let report = match report {
            Ok(report) => report,
            Err(message) => return complain(message),
        };
        let good = report.verdict.as_ref().is_some_and(|verdict| verdict.is_good());
        let exit = if good { Exit::Yes } else { Exit::No };
        if self.json { print_json(&report, exit) } else { print(&describe(&report), exit) }
    }
}

async fn probe(arguments: &Arguments) -> Result<ProbeReport, String> {
    let (host, port) = split_target(&arguments.target)?;
    let chosen = arguments.options.read()?;
    let (mut probe, opening) =
        Probe::start(chosen.plan(host, port), &chosen.keystore, chosen.anchors, unix_ms())
            .map_err(|problem| problem.to_line())?;
    let (to_server, from_browser) = mpsc::channel(8);
    let (to_browser, mut from_server) = mpsc::channel(8);
    conversation::prepare();
    let policy = Arc::new(TargetPolicy::loopback());
    let server = tokio::spawn(conversation::run(from_browser, to_browser, policy, Limits::default()));
    let mut random = UnwrapErr(SysRng);
    // The channel has room: this is its first message.
    let _ = to_server.send(opening).await;
    while let Some(message) = from_server.recv().await {
        if let Some(answer) = probe.receive(message, unix_ms().div_euclid(1000), &mut random) {
            let _ = to_server.send(answer).await;
        }
        if probe.is_over() {
            break;
        }
    }
    probe.abort(ProbeFailure::Internal);
    drop(to_server);
    let _ = server.await;
    Ok(probe.report().clone())
}
