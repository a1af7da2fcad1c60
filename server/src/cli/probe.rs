//! `certwright probe`: the same probe as in the page, with the engine and the conversation in one process.

mod arguments;
mod cause;
mod many;
mod survey;
mod text;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use certwright_engine::hosts::parse_target;
use certwright_engine::probe::Probe;
use certwright_server::conversation::{self, Limits};
use certwright_server::local;
use certwright_server::policy::TargetPolicy;

use self::arguments::Options;
use self::many::ManyOptions;
use self::text::describe;
use super::{Exit, complain, print, print_json, unix_ms};

/// Probe a TLS server, also with a client certificate; or every server of a list.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Where to connect: erp.example.com, 10.0.0.1:8443, [::1]:8443, https://erp.example.com/path, ldap://dir.example.com. Without a port it is
    /// that of what is spoken before TLS, otherwise 443.
    #[arg(value_name = "HOST[:PORT]", required_unless_present = "file")]
    target: Option<String>,
    #[command(flatten)]
    many: ManyOptions,
    #[command(flatten)]
    options: Options,
    /// Print JSON: a `ProbeReport` (see docs/json.md).
    #[arg(long)]
    json: bool,
}

impl Arguments {
    /// Runs the probe, or those of a list.
    pub(crate) fn run(self) -> ExitCode {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        if !self.many.wanted() {
            builder.worker_threads(1);
        }
        let runtime = match builder.enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return complain(format_args!("Cannot start: {error}.")),
        };
        let status = runtime.block_on(self.probe());
        // A name look-up that hangs must not keep the process.
        runtime.shutdown_timeout(Duration::from_millis(100));
        status
    }

    async fn probe(self) -> ExitCode {
        let chosen = match self.options.read() {
            Ok(chosen) => chosen,
            Err(message) => return complain(message),
        };
        conversation::prepare();
        let Some(target) = &self.target else {
            return self.many.run(chosen, self.json).await;
        };
        let target = parse_target(target, chosen.protocol()).map_err(|why| {
            format!("{why}. Write it like erp.example.com, [::1]:8443 or https://erp.example.com.")
        });
        let begun = target.and_then(|target| {
            Probe::start(chosen.plan_for(&target), &chosen.keystore, chosen.anchors, unix_ms())
                .map_err(|problem| problem.to_line())
        });
        let (probe, opening) = match begun {
            Ok(begun) => begun,
            Err(message) => return complain(message),
        };
        let report = local::run(probe, opening, Arc::new(TargetPolicy::loopback()), Limits::default()).await;
        let good = report.verdict.as_ref().is_some_and(|verdict| verdict.is_good());
        let exit = if good { Exit::Yes } else { Exit::No };
        if self.json { print_json(&report, exit) } else { print(&describe(&report), exit) }
    }
}
