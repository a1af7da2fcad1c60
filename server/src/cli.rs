//! The command line: one file per subcommand, each with its `Arguments` and their `run`.

mod certificate;
mod content;
mod convert;
mod inspect;
mod key;
mod probe;
mod reading;
mod request;
mod serve;
mod sign;
mod time;
mod trust;
mod verify;
mod writing;

use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

/// Exit statuses.
#[derive(Debug, Clone, Copy)]
enum Exit {
    /// As wished.
    Yes = 0,
    /// The answer is no.
    No = 1,
    /// Wrong usage or unreadable input; clap uses the same.
    Wrong = 2,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// A workbench for certificate-authenticated connections.
#[derive(Debug, Parser)]
#[command(name = "certwright", version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(Box<serve::Settings>),
    Probe(Box<probe::Arguments>),
    Verify(Box<verify::Arguments>),
    Inspect(inspect::Arguments),
    Convert(Box<convert::Arguments>),
    Key(key::Arguments),
    Request(Box<request::Arguments>),
    Certificate(Box<certificate::Arguments>),
    Sign(Box<sign::Arguments>),
}

/// Does what the command line says.
pub(crate) fn run() -> ExitCode {
    let command = serve::with_environment(Arguments::command());
    let matches = match command.clone().try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            let place = serve::place_of(&error, &command);
            // Help and version are errors too, as far as clap is concerned.
            let _ = error.print();
            return match place {
                Some(variable) => complain(format_args!("The value comes from the environment: {variable}.")),
                None => u8::try_from(error.exit_code()).map_or(Exit::Wrong.into(), ExitCode::from),
            };
        }
    };
    if let Some(serving) = matches.subcommand_matches(serve::NAME) {
        return serve::run(command, serving);
    }
    match Arguments::from_arg_matches(&matches) {
        Ok(arguments) => arguments.run(),
        Err(error) => error.exit(),
    }
}

impl Arguments {
    fn run(self) -> ExitCode {
        match self.command {
            // It has more than one source, see [`run`].
            Command::Serve(_) => Exit::Wrong.into(),
            Command::Probe(arguments) => arguments.run(),
            Command::Verify(arguments) => arguments.run(),
            Command::Inspect(arguments) => arguments.run(),
            Command::Convert(arguments) => arguments.run(),
            Command::Key(arguments) => arguments.run(),
            Command::Request(arguments) => arguments.run(),
            Command::Certificate(arguments) => arguments.run(),
            Command::Sign(arguments) => arguments.run(),
        }
    }
}

/// Says on standard error why the command cannot do its work.
fn complain(sentence: impl Display) -> ExitCode {
    // If even that cannot be written, the exit status is all there is.
    let _ = writeln!(std::io::stderr(), "certwright: {sentence}");
    Exit::Wrong.into()
}

/// Prints a text; the status is 2 if nobody takes it.
fn print(text: &str, exit: Exit) -> ExitCode {
    match writeln!(std::io::stdout(), "{text}") {
        Ok(()) => exit.into(),
        Err(_) => Exit::Wrong.into(),
    }
}

/// Prints a value as JSON over several lines.
fn print_json(value: &impl serde::Serialize, exit: Exit) -> ExitCode {
    match serde_json::to_string_pretty(value) {
        Ok(text) => print(&text, exit),
        Err(error) => complain(error),
    }
}

/// The clock, in Unix milliseconds.
fn unix_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
