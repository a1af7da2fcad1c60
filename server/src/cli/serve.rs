//! `certwright serve`: serves the page, the probes and the API until SIGINT or SIGTERM; SIGHUP has it read its files again.

mod file;
mod print;
mod settings;

use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use certwright_server::app::{self, Config, Control};
use certwright_server::conversation;
use certwright_server::site::Site;
use clap::error::{ContextKind, ContextValue};
use clap::parser::ValueSource;
use clap::{ArgMatches, Command, FromArgMatches};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tracing_subscriber::EnvFilter;

use super::{Exit, complain, print};
pub(super) use settings::Settings;

/// Name of the subcommand.
pub(super) const NAME: &str = "serve";

/// The whole command line, in which every setting of the server can also come from the environment.
pub(super) fn with_environment(command: Command) -> Command {
    command.mut_subcommand(NAME, settings::with_environment)
}

/// The variable of the environment that holds the value which clap complains about, as clap names the flag alone.
pub(super) fn place_of(error: &clap::Error, command: &Command) -> Option<String> {
    let given = match error.get(ContextKind::InvalidValue) {
        Some(ContextValue::String(given)) => given.as_str(),
        _ => return None,
    };
    // Such as `--max-probes <N>`.
    let flag = error.get(ContextKind::InvalidArg)?.to_string();
    let name = flag.strip_prefix("--")?.split([' ', '[']).next()?;
    let serve = command.find_subcommand(NAME)?;
    let argument = serve.get_arguments().find(|argument| argument.get_long() == Some(name))?;
    let variable = argument.get_env()?.to_str()?;
    let value = std::env::var(variable).ok()?;
    let is_there = value == given || value.split(',').any(|part| part == given);
    is_there.then(|| variable.to_owned())
}

/// Runs the subcommand, whose arguments were read once: a file of settings that they name takes the place of the defaults.
pub(super) fn run(command: Command, matches: &ArgMatches) -> ExitCode {
    let file = match matches.get_one::<std::path::PathBuf>("config").map(|path| file::read(path, &command)) {
        None => file::Values::default(),
        Some(Ok(values)) => values,
        Some(Err(sentence)) => return complain(sentence),
    };
    // Whatever is not given otherwise comes from the file. It was looked at value by value, so nothing of it is wrong here.
    let matches = command.clone().mut_subcommand(NAME, |serve| file.as_defaults(serve)).get_matches();
    let Some(matches) = matches.subcommand_matches(NAME) else {
        return complain("There is no such command.");
    };
    let settings = match Settings::from_arg_matches(matches) {
        Ok(settings) => settings,
        Err(error) => error.exit(),
    };
    let listen = settings.listen;
    let config = match settings.to_config() {
        Ok(config) => config,
        Err(sentence) => return complain(sentence),
    };
    if settings.check_config {
        if let Err(sentence) = config.check(listen) {
            return complain(sentence);
        }
        let from = |id: &str| match matches.value_source(id) {
            Some(ValueSource::CommandLine) => print::From::Flag,
            Some(ValueSource::EnvVariable) => print::From::Environment,
            _ => file.line(id).map_or(print::From::Default, print::From::File),
        };
        return print(&print::in_force(&command, matches, &config, listen, from), Exit::Yes);
    }
    let opened = match config.open(listen) {
        Ok(opened) => opened,
        Err(sentence) => return complain(sentence),
    };
    start(listen, config, opened)
}

fn start(listen: SocketAddr, config: Config, opened: app::Opened) -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(false).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return complain(format_args!("Cannot start: {error}.")),
    };
    let status = runtime.block_on(serve(listen, config, opened));
    // A name look-up that hangs must not keep the process.
    runtime.shutdown_timeout(Duration::from_millis(500));
    status
}

async fn serve(address: SocketAddr, config: Config, opened: app::Opened) -> ExitCode {
    conversation::prepare();
    let listener = match TcpListener::bind(address).await {
        Ok(listener) => listener,
        Err(error) => return complain(cannot_listen(address, &error)),
    };
    let control = match signals() {
        Ok(control) => control,
        Err(error) => return complain(format_args!("Cannot listen for signals: {error}.")),
    };
    let scheme = if config.tls.is_some() { "https" } else { "http" };
    let said = listener.local_addr().and_then(|address| {
        let mut out = io::stdout().lock();
        writeln!(out, "{scheme}://{address}/")?;
        out.flush()
    });
    if let Err(error) = said {
        return complain(format_args!("Cannot say where the page is: {error}."));
    }
    match app::serve(config, opened, Site::embedded(), listener, control).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(format_args!("The server failed: {error}.")),
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

/// What the process is told by signals. SIGHUP of a server that was started in a terminal says that the terminal is closed.
#[cfg(unix)]
fn signals() -> io::Result<mpsc::Receiver<Control>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let hung_up = if io::stderr().is_terminal() { Control::End } else { Control::Reload };
    let (told, control) = mpsc::channel(4);
    tokio::spawn(async move {
        loop {
            let what = tokio::select! {
                _ = interrupt.recv() => Control::End,
                _ = terminate.recv() => Control::End,
                _ = hang_up.recv() => hung_up,
            };
            if told.send(what).await.is_err() {
                return;
            }
        }
    });
    Ok(control)
}

/// What the process is told by signals.
#[cfg(not(unix))]
fn signals() -> io::Result<mpsc::Receiver<Control>> {
    let (told, control) = mpsc::channel(4);
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() && told.send(Control::End).await.is_ok() {}
    });
    Ok(control)
}
