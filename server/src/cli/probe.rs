//! `certwright probe`: the same probe as in the page, with the engine and the conversation in one process.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use certwright_engine::files::{self, Passwords};
use certwright_engine::probe::Probe;
use certwright_engine::trust::mozilla;
use certwright_protocol::catalogue::format_time;
use certwright_protocol::conversation::{HttpRequest, ProbeFailure, StartTls};
use certwright_protocol::report::{PhaseName, PhaseState, ProbeReport};
use certwright_protocol::ui::{Authentication, ProbePlan};
use certwright_protocol::view::ChainLink;
use certwright_server::conversation::{self, Limits};
use certwright_server::policy::TargetPolicy;
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use tokio::sync::mpsc;

use super::reading::{SourceFile, read_private_password};
use super::trust::{TrustOptions, Unsaid};
use super::{Exit, complain, print, print_json, unix_ms};

/// Probe a TLS server, also with a client certificate.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Where to connect: erp.example.com:443, 10.0.0.1:8443, [::1]:443.
    #[arg(value_name = "HOST:PORT")]
    target: String,
    #[command(flatten)]
    trust: TrustOptions,
    /// File with the client certificate and its chain.
    #[arg(long, value_name = "FILE", requires = "key")]
    cert: Option<PathBuf>,
    /// File with the client certificate's private key (PEM, DER or a keystore), mode 0600.
    #[arg(long, value_name = "FILE", requires = "cert")]
    key: Option<PathBuf>,
    /// File whose first line is the key's password, mode 0600.
    #[arg(long, value_name = "F", requires = "key")]
    password_file: Option<PathBuf>,
    /// Go on with a server that is not trusted, and use the client certificate all the same.
    #[arg(long)]
    no_validate: bool,
    /// Offer no HTTP in ALPN and send no request. Web servers that refuse a certificate only in HTTP then look as if they accepted it.
    #[arg(long)]
    no_http: bool,
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
    let chosen = arguments.trust.read(Unsaid::Mozilla, &Passwords::none())?;
    let mut anchors = chosen.trust.anchors;
    if chosen.mozilla {
        anchors.extend_from_slice(mozilla::anchors());
    }
    let mut keystore = Default::default();
    let mut authentication = Authentication::None;
    if let (Some(cert), Some(key)) = (&arguments.cert, &arguments.key) {
        let password = arguments.password_file.as_deref().map(read_private_password).transpose()?;
        let (cert, key) = (SourceFile::read(cert)?, SourceFile::read(key)?);
        let (cert, input) = (cert.input(), key.input());
        let both = ((cert.name, cert.bytes), (input.name, input.bytes));
        keystore =
            files::client_keystore(both.0, both.1, password.as_ref()).map_err(|problem| problem.to_line())?;
        key.check_private()?;
        let alias = keystore.iter().next().map(|entry| entry.alias.clone()).unwrap_or_default();
        authentication = Authentication::Alias { alias };
    }
    let plan = ProbePlan {
        validate: !arguments.no_validate,
        authentication,
        starttls: StartTls::usual_on(port),
        http: if arguments.no_http { HttpRequest::Never } else { HttpRequest::IfCertificateAsked },
        ..ProbePlan::new(host, port)
    };
    let (mut probe, opening) =
        Probe::start(plan, &keystore, anchors, unix_ms()).map_err(|problem| problem.to_line())?;
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

fn split_target(text: &str) -> Result<(String, u16), String> {
    let wrong = || format!("“{text}” is not HOST:PORT. Write it like erp.example.com:443 or [::1]:443.");
    let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
    let port: u16 = port.parse().map_err(|_| wrong())?;
    let host = host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(host);
    if host.is_empty() || port == 0 { Err(wrong()) } else { Ok((host.to_owned(), port)) }
}

fn describe(report: &ProbeReport) -> String {
    let mut lines = Vec::new();
    if let Some(verdict) = report.explain() {
        lines.push(format!("{}. {}", verdict.title, verdict.what_happened));
        if !verdict.what_to_try.is_empty() {
            lines.push(format!("What to try: {}", verdict.what_to_try));
        }
    }
    lines.push(String::new());
    let mut fact = |name: &str, value: String| lines.push(format!("{name:<20}{value}"));
    if let Some(used) = &report.client_authentication.used {
        let used = used.explain();
        fact("Client certificate", format!("{}. {}", used.title, used.what_happened));
    }
    if let Some(remote) = report.remote {
        fact("Address", remote.to_string());
    }
    if let Some(version) = report.version {
        let details = [&report.cipher_suite, &report.group, &report.alpn];
        let details: Vec<&str> = details.into_iter().flatten().map(String::as_str).collect();
        fact("Protocol", [version.title()].into_iter().chain(details).collect::<Vec<_>>().join(", "));
    }
    for phase in report.phases.iter().filter(|phase| phase.took_us.is_some()) {
        let failed = if phase.state == PhaseState::Failed { ", failed" } else { "" };
        let took = phase.took_us.unwrap_or_default();
        fact(phase_name(phase.name), format!("{}.{:03} ms{failed}", took / 1000, took % 1000));
    }
    if report.client_authentication.requested == Some(true) {
        let authorities = &report.client_authentication.authorities;
        let accepted =
            if authorities.is_empty() { "any (none named)".into() } else { authorities.join("; ") };
        fact("Accepted CAs", accepted);
        fact("Accepted schemes", report.client_authentication.schemes.join(", "));
    }
    if let Some(chain) = &report.chain {
        fact("Server's chain", if chain.trusted { "trusted".into() } else { "NOT trusted".into() });
        for link in &chain.path {
            lines.push(match link {
                ChainLink::Certificate { certificate, .. } => {
                    format!("  {} (until {})", certificate.subject, format_time(certificate.not_after))
                }
                ChainLink::Missing { subject, .. } => format!("  missing: {subject}"),
            });
        }
        for failure in &chain.failures {
            let failure = failure.explain();
            lines.push(format!("  - {}: {} {}", failure.title, failure.what_happened, failure.what_to_try));
        }
        for remark in &chain.remarks {
            let remark = remark.explain();
            lines.push(format!("  - {}: {}", remark.title, remark.what_happened));
        }
    }
    lines.join("\n")
}

fn phase_name(phase: PhaseName) -> &'static str {
    match phase {
        PhaseName::Resolve => "Resolve",
        PhaseName::Connect => "Connect",
        PhaseName::Handshake => "Handshake",
        PhaseName::ClientAuthentication => "Client auth",
        PhaseName::AfterHandshake => "After handshake",
    }
}

#[cfg(test)]
mod tests {
    use super::split_target;

    #[test]
    fn targets_have_host_and_port() {
        assert_eq!(split_target("a.example:443"), Ok(("a.example".into(), 443)));
        assert_eq!(split_target("[::1]:8443"), Ok(("::1".into(), 8443)));
        for bad in ["a.example", "a.example:", ":443", "a:0", "a:65536", "https://a.example"] {
            assert!(split_target(bad).is_err(), "{bad}");
        }
    }
}
