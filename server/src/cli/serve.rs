//! `certwright serve`: serves the page and the probes until SIGINT or SIGTERM.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use certwright_server::app::{self, Config};
use certwright_server::conversation;
use certwright_server::site::Site;
use clap::Args;
use ipnet::IpNet;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use super::complain;

/// Serve the page, and probe and fetch missing certificates for it.
///
/// Bound to loopback, both may go to this machine and to private networks. Bound elsewhere, or with --host, they may go to global
/// addresses only, and to what --allow names; fetches then to ports 80 and 443 only. Cloud metadata services and link-local addresses
/// are always refused. Logs go to standard error; RUST_LOG chooses how much.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8787")]
    listen: SocketAddr,
    /// Also allow probes to this range of addresses. Can be given more than once.
    #[arg(long, value_name = "CIDR")]
    allow: Vec<IpNet>,
    /// Also answer to this host name, as behind a reverse proxy. Can be given more than once.
    #[arg(long, value_name = "NAME")]
    host: Vec<String>,
    /// Probes and fetches at a time.
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=256))]
    max_probes: u32,
    /// Probes and fetches at a time for each client address.
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=256))]
    max_probes_per_client: u32,
}

impl Arguments {
    /// Runs the server to its end.
    pub(crate) fn run(self) -> ExitCode {
        let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(false).init();
        let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return complain(format_args!("Cannot start: {error}.")),
        };
        let status = runtime.block_on(self.serve());
        // A name look-up that hangs must not keep the process.
        runtime.shutdown_timeout(Duration::from_millis(500));
        status
    }

    async fn serve(self) -> ExitCode {
        conversation::prepare();
        let address = self.listen;
        let listener = match TcpListener::bind(address).await {
            Ok(listener) => listener,
            Err(error) => return complain(cannot_listen(address, &error)),
        };
        let ended = match end_signal() {
            Ok(ended) => ended,
            Err(error) => return complain(format_args!("Cannot listen for signals: {error}.")),
        };
        let said = listener.local_addr().and_then(|address| {
            let mut out = io::stdout().lock();
            writeln!(out, "http://{address}/")?;
            out.flush()
        });
        if let Err(error) = said {
            return complain(format_args!("Cannot say where the page is: {error}."));
        }
        let config = Config {
            allow: self.allow,
            hosts: self.host,
            max_probes: self.max_probes,
            max_probes_per_client: self.max_probes_per_client,
            ..Config::default()
        };
        match app::serve(config, Site::embedded(), listener, ended).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => complain(format_args!("The server failed: {error}.")),
        }
    }
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> String {
    let (port, ip) = (address.port(), address.ip());
    match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "Port {port} on {ip} is taken: another program, or another certwright, is listening there. \
             Stop it, or choose another port with --listen {ip}:PORT."
        ),
        io::ErrorKind::PermissionDenied => {
            format!("Port {port} needs more rights than this user has. Choose one above 1023 with --listen.")
        }
        io::ErrorKind::AddrNotAvailable => {
            format!("{ip} is not an address of this machine. Choose another with --listen.")
        }
        _ => format!("Cannot listen on {address}: {error}."),
    }
}

/// Completes when the process is asked to end.
#[cfg(unix)]
fn end_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Completes when the process is asked to end.
#[cfg(not(unix))]
fn end_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a handler there is no graceful end; the process just ends.
        let _ = tokio::signal::ctrl_c().await;
    })
}
