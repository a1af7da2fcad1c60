//! `certwright certificate`: certificates that a key signs itself.

use std::process::ExitCode;

use certwright_protocol::view::CertificateView;
use clap::{Subcommand, ValueEnum};
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;

use super::content::{Content, describe_made};
use super::writing::{Output, Readers};
use super::{Exit, complain, print, print_json};

/// Make self-signed certificates.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    New(New),
}

/// Make a self-signed certificate; with --ca the root of a certification authority of your own, for `certwright sign`.
#[derive(Debug, clap::Args)]
struct New {
    #[command(flatten)]
    content: Content,
    /// How long it is valid; 365 days unless told otherwise, for an authority ten years.
    #[arg(long, value_name = "N")]
    days: Option<u32>,
    #[command(flatten)]
    output: Output,
    /// How the file is encoded.
    #[arg(long, value_enum, default_value_t = Format::Pem)]
    format: Format,
    /// Print the certificate's facts as JSON (see docs/json.md).
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
            Ok(certificate) if json => print_json(&certificate, Exit::Yes),
            Ok(certificate) => print(&describe_made(&out, &certificate), Exit::Yes),
            Err(message) => complain(message),
        }
    }
}

impl New {
    fn make(self) -> Result<CertificateView, String> {
        self.output.check()?;
        let (mut signer, wish) = self.content.read()?;
        let made = signer
            .self_signed(&wish, self.days, &mut UnwrapErr(SysRng))
            .map_err(|problem| problem.to_line())?;
        let content = match self.format {
            Format::Pem => made.chain_pem.as_bytes(),
            Format::Der => &made.certificate.der.0,
        };
        self.output.write(content, Readers::Usual)?;
        Ok(made.certificate)
    }
}
