//! `certwright key`: private keys.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use certwright_engine::files;
use certwright_engine::session::Progress;
use certwright_protocol::ui::{KeyChoice, KeyFileFormat};
use clap::{Subcommand, ValueEnum};
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use serde::Serialize;

use super::reading::read_private_password;
use super::writing::{Output, Readers};
use super::{Exit, complain, print, print_json};

/// Make private keys.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    New(New),
}

/// Make a private key. It is never printed.
#[derive(Debug, clap::Args)]
struct New {
    /// rsa-2048 to rsa-8192, ec-p256, ec-p384, ec-p521, ed25519; ml-dsa-44, ml-dsa-65, ml-dsa-87 (new: few programs know them yet).
    #[arg(long = "type", value_name = "TYPE", value_parser = parse_type)]
    choice: KeyChoice,
    #[command(flatten)]
    output: Output,
    /// Format of the file.
    #[arg(long, value_enum, default_value_t = Format::Pkcs8)]
    format: Format,
    /// File whose first line is the password that encrypts the key, mode 0600; without it the key is in clear.
    #[arg(long, value_name = "F")]
    password_file: Option<PathBuf>,
    /// Print what was made as JSON (see docs/json.md).
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// PKCS#8, PEM.
    Pkcs8,
    /// PKCS#8, PEM, encrypted under a key that scrypt derives.
    Pkcs8Scrypt,
    /// PKCS#8, PEM, encrypted with 3DES, for programs without AES.
    #[value(name = "pkcs8-3des")]
    Pkcs8TripleDes,
    /// PKCS#8, DER.
    Pkcs8Der,
    /// PKCS#1 or SEC 1, PEM, as OpenSSL before 3.0 wrote it.
    Traditional,
    /// OpenSSH.
    Openssh,
    /// JSON Web Key; never encrypted.
    Jwk,
}

/// What `--json` prints.
#[derive(Serialize)]
struct KeyReport {
    out: String,
    key: String,
    spki_pin: String,
    encrypted: bool,
}

impl Arguments {
    /// Does what the subcommand says.
    pub(crate) fn run(self) -> ExitCode {
        let Command::New(new) = self.command;
        let json = new.json;
        match new.make() {
            Ok(report) if json => print_json(&report, Exit::Yes),
            Ok(KeyReport { out, key, spki_pin, encrypted }) => {
                let how = if encrypted { "encrypted" } else { "in clear" };
                print(&format!("{out}: {key}, {how}, public key SHA-256 {spki_pin}"), Exit::Yes)
            }
            Err(message) => complain(message),
        }
    }
}

impl New {
    fn make(self) -> Result<KeyReport, String> {
        self.output.check()?;
        let password = self.password_file.as_deref().map(read_private_password).transpose()?;
        let format = match self.format {
            Format::Pkcs8 => KeyFileFormat::Pkcs8Pem,
            Format::Pkcs8Scrypt => KeyFileFormat::Pkcs8ScryptPem,
            Format::Pkcs8TripleDes => KeyFileFormat::Pkcs8TripleDesPem,
            Format::Pkcs8Der => KeyFileFormat::Pkcs8Der,
            Format::Traditional => KeyFileFormat::TraditionalPem,
            Format::Openssh => KeyFileFormat::OpenSsh,
            Format::Jwk => KeyFileFormat::Jwk,
        };
        let mut line = ProgressLine::default();
        let out = self.output.name();
        let made = files::new_key(
            self.choice,
            format,
            password.as_ref(),
            &out,
            &mut UnwrapErr(SysRng),
            |progress| line.show(progress),
        );
        line.clear();
        let made = made.map_err(|problem| problem.to_line())?;
        self.output.write(made.content.as_bytes(), Readers::Owner)?;
        Ok(KeyReport { out, key: made.key, spki_pin: made.spki_pin, encrypted: made.encrypted })
    }
}

/// How far the search for primes is, on a terminal alone.
#[derive(Default)]
struct ProgressLine {
    shown: bool,
}

impl ProgressLine {
    fn show(&mut self, progress: Progress) {
        let Progress { tested, expected, .. } = progress;
        if tested.is_multiple_of(10) && std::io::stderr().is_terminal() {
            self.shown = true;
            // A line that cannot be shown is no reason to stop.
            let _ =
                write!(std::io::stderr(), "\rLooking for primes: {tested} tried, about {expected} to try");
        }
    }

    fn clear(&self) {
        if self.shown {
            let _ = write!(std::io::stderr(), "\r{:70}\r", "");
        }
    }
}

fn parse_type(text: &str) -> Result<KeyChoice, String> {
    let text = text.to_ascii_lowercase();
    Ok(match text.as_str() {
        "ec-p256" => KeyChoice::EcP256,
        "ec-p384" => KeyChoice::EcP384,
        "ec-p521" => KeyChoice::EcP521,
        "ed25519" => KeyChoice::Ed25519,
        "ml-dsa-44" => KeyChoice::MlDsa44,
        "ml-dsa-65" => KeyChoice::MlDsa65,
        "ml-dsa-87" => KeyChoice::MlDsa87,
        other => {
            let bits = other.strip_prefix("rsa-").and_then(|bits| bits.parse().ok());
            match bits {
                Some(bits) if (2048..=8192).contains(&bits) && bits % 8 == 0 => KeyChoice::Rsa { bits },
                Some(_) => return Err("RSA keys have 2048 to 8192 bits, a multiple of 8".into()),
                None => {
                    return Err("there are rsa-2048 to rsa-8192, ec-p256, ec-p384, ec-p521, ed25519, ml-dsa-44, ml-dsa-65 and ml-dsa-87".into());
                }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read() {
        assert_eq!(parse_type("RSA-3072"), Ok(KeyChoice::Rsa { bits: 3072 }));
        assert_eq!(parse_type("ec-p521"), Ok(KeyChoice::EcP521));
        for bad in ["rsa-1024", "rsa-2049", "rsa-16384", "rsa-", "rsa", "p256", ""] {
            assert!(parse_type(bad).is_err(), "{bad}");
        }
    }
}
