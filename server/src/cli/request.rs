//! `certwright request`: signing requests.

use std::path::PathBuf;
use std::process::ExitCode;

use certwright_engine::files::NewRequest;
use clap::{Subcommand, ValueEnum};
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;

use super::content::{Content, challenge};
use super::writing::{Output, Readers};
use super::{Exit, complain, inspect, print, print_json};

/// Make signing requests.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    New(New),
}

/// Make a signing request (PKCS#10) with a private key.
///
/// For a certificate that the key signs itself see `certwright certificate new`.
#[derive(Debug, clap::Args)]
struct New {
    #[command(flatten)]
    content: Content,
    /// File whose first line is the challenge password, mode 0600. It stands in the request in clear.
    #[arg(long, value_name = "F")]
    challenge_password_file: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
    /// How the file is encoded.
    #[arg(long, value_enum, default_value_t = Format::Pem)]
    format: Format,
    /// Print the request's facts as JSON (see docs/json.md).
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Pem,
    Der,
}

impl Arguments {
    /// Does what the subcommand says.
    pub(crate) fn run(self) -> ExitCode {
        let Command::New(new) = self.command;
        let (json, out) = (new.json, new.output.name());
        match new.make() {
            Ok(made) if json => print_json(&made.request, Exit::Yes),
            Ok(made) => {
                let mut lines = vec![format!("{out}: signing request")];
                inspect::describe_request(&made.request, &mut lines);
                print(&lines.join("\n"), Exit::Yes)
            }
            Err(message) => complain(message),
        }
    }
}

impl New {
    fn make(self) -> Result<NewRequest, String> {
        self.output.check()?;
        let challenge_password = challenge(self.challenge_password_file.as_ref())?;
        let (mut signer, mut wish) = self.content.read()?;
        wish.challenge_password = challenge_password;
        let made = signer.request(&wish, &mut UnwrapErr(SysRng)).map_err(|problem| problem.to_line())?;
        let content = match self.format {
            Format::Pem => made.request.pem.as_bytes(),
            Format::Der => &made.der,
        };
        // A challenge password lets whoever knows it revoke the certificate.
        let readers = if made.request.has_challenge_password { Readers::Owner } else { Readers::Usual };
        self.output.write(content, readers)?;
        Ok(made)
    }
}
