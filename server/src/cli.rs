//! The command line: one file per subcommand, each with its `Arguments` and their `run`.

mod inspect;
mod probe;
mod serve;

use std::fmt::Display;
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;

use certwright_protocol::Password;
use clap::{Parser, Subcommand};
use zeroize::Zeroizing;

/// Longest file that is read, in bytes.
const MAX_FILE: u64 = 16 * 1024 * 1024;

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
#[command(name = "certwright", version, about)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Arguments),
    Probe(probe::Arguments),
    Inspect(inspect::Arguments),
}

impl Arguments {
    /// Does what the command line says.
    pub(crate) fn run(self) -> ExitCode {
        match self.command {
            Command::Serve(arguments) => arguments.run(),
            Command::Probe(arguments) => arguments.run(),
            Command::Inspect(arguments) => arguments.run(),
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

/// Reads a file that is not too large; the error is the system's words.
fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut bytes));
    match read {
        Ok(length) if length as u64 > MAX_FILE => Err("it is larger than 16 MiB".into()),
        Ok(_) => Ok(bytes),
        Err(error) => Err(error.to_string()),
    }
}

/// The first line of a file, as a password.
fn read_password(path: &Path) -> Result<Password, String> {
    let cannot = |detail: String| format!("Cannot read the password from “{}”: {detail}.", path.display());
    let bytes = Zeroizing::new(read_file(path).map_err(cannot)?);
    let text = str::from_utf8(&bytes).map_err(|_| cannot("it is not UTF-8 text".into()))?;
    Ok(Password::new(text.lines().next().unwrap_or_default()))
}
