//! `certwright verify`: whether a certificate chain is to be trusted, and why not. The page's judge, for scripts.

mod text;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use certwright_engine::files::Passwords;
use certwright_engine::inspect::{Inspection, Lenience};
use certwright_protocol::ui::inspect::{
    Bag, Judgement, ProfileChoice, PurposeChoice, RevocationChoice, ThingKind,
};
use clap::ValueEnum;

use super::reading::{SourceFile, read_private_passwords};
use super::time::parse_time;
use super::trust::{TrustOptions, Unsaid};
use super::{Exit, complain, print, print_json, unix_ms};

/// Judge a certificate chain. Exit status: 0 trusted, 1 not trusted, 2 wrong usage or unreadable.
///
/// Judged is the first certificate that issued none of the others; the others help to build paths, in whatever order they come. Without
/// --trust, --mozilla or --system this computer's own store is trusted.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Files with the certificate and those that may help: PEM, DER, PKCS#7, keystores, the output of openssl s_client, a proxy's header …;
    /// - is standard input.
    #[arg(required = true, value_name = "CHAIN")]
    chain: Vec<PathBuf>,
    #[command(flatten)]
    trust: TrustOptions,
    /// Host name or IP address that it has to be for; an e-mail address with --purpose email. Without any, the name is not checked.
    #[arg(long, value_name = "NAME")]
    host: Option<String>,
    /// What it is used for. Without it: a server with --host, else what the certificate itself is for.
    #[arg(long, value_enum, value_name = "PURPOSE")]
    purpose: Option<Purpose>,
    /// By which rules; auto takes those of public servers where the path ends in one of Mozilla's roots, and RFC 5280 alone elsewhere.
    #[arg(long, value_enum, value_name = "PROFILE", default_value_t = Profile::Auto)]
    profile: Profile,
    /// At which time: 2026-11-21T07:33:00Z, 2026-11-21, or Unix seconds. Without it, now.
    #[arg(long, value_name = "TIME", value_parser = parse_time, allow_negative_numbers = true)]
    at: Option<i64>,
    /// File with revocation lists; may be repeated.
    #[arg(long, value_name = "FILE")]
    crl: Vec<PathBuf>,
    /// File with OCSP responses; may be repeated.
    #[arg(long, value_name = "FILE")]
    ocsp: Vec<PathBuf>,
    /// How revocation is looked at: not at all, where a list or response is there for it, or as a condition for every certificate.
    #[arg(long, value_enum, value_name = "HOW", default_value_t = Revocation::IfKnown)]
    revocation: Revocation,
    /// Certificate policy that has to hold, dotted; may be repeated: one of them then.
    #[arg(long, value_name = "OID", value_parser = parse_oid)]
    policy: Vec<String>,
    /// Believe signatures that prove nothing today, for looking at old chains only; separated by commas. Whoever forges one is trusted then.
    #[arg(long, value_enum, value_name = "WHAT", value_delimiter = ',')]
    dangerously_accept: Vec<Weak>,
    /// File whose first line is the password of a keystore, mode 0600; may be repeated.
    #[arg(long, value_name = "F")]
    password_file: Vec<PathBuf>,
    /// Show every check with its result for every certificate.
    #[arg(long)]
    checks: bool,
    /// Show all paths that were found, not the best one alone.
    #[arg(long)]
    all_paths: bool,
    /// Print JSON: a `Judgement` (see docs/json.md).
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Purpose {
    /// A TLS server shows it.
    Server,
    /// A TLS client shows it.
    Client,
    /// It signs or receives e-mail.
    Email,
    /// Anything.
    Any,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Profile {
    /// As the path's end suggests.
    Auto,
    /// TLS servers, with the CA/Browser Forum's rules.
    TlsServer,
    /// TLS clients.
    TlsClient,
    /// E-mail.
    Email,
    /// RFC 5280 as a whole, with the duties of issuers, and nothing else.
    Rfc5280,
    /// Private authorities: RFC 5280 section 6 alone.
    Private,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Revocation {
    /// Not at all.
    Off,
    /// Where there is a list or response for it.
    IfKnown,
    /// Every certificate below the anchor needs one.
    Required,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Weak {
    /// SHA-1, which can be forged.
    Sha1,
    /// DSA, which is no longer approved.
    Dsa,
}

impl Arguments {
    /// Judges.
    pub(crate) fn run(self) -> ExitCode {
        let judgement = match self.judge() {
            Ok(judgement) => judgement,
            Err(message) => return complain(message),
        };
        let exit = if judgement.trusted { Exit::Yes } else { Exit::No };
        if self.json {
            return print_json(&judgement, exit);
        }
        print(&text::describe(&judgement, self.checks, self.all_paths), exit)
    }

    fn judge(&self) -> Result<Judgement, String> {
        let passwords = read_private_passwords(&self.password_file)?;
        let chosen = self.trust.read(Unsaid::System, &passwords)?;
        let now = unix_ms().div_euclid(1000);
        let mut inspection = Inspection::default();
        add(&mut inspection, &self.chain, &passwords)?;
        // Lists come after the chain, so that a certificate in them (a responder's) is not taken for the one to be judged.
        let plan = inspection.bag(now, Vec::new()).plan;
        let mut plan = plan.ok_or_else(|| format!("There is no certificate in {}.", names(&self.chain)))?;
        for (files, kind, what) in [
            (&self.crl, ThingKind::Crl, "revocation list"),
            (&self.ocsp, ThingKind::OcspResponse, "OCSP response"),
        ] {
            for file in files {
                let before = inspection.bag(now, Vec::new()).things.len();
                add(&mut inspection, std::slice::from_ref(file), &passwords)?;
                let Bag { things, .. } = inspection.bag(now, Vec::new());
                if !things.iter().skip(before).any(|thing| thing.kind == kind) {
                    return Err(format!("There is no {what} in “{}”.", file.display()));
                }
            }
        }
        plan.purpose = match (self.purpose, &self.host) {
            (Some(purpose), _) => purpose.into(),
            (None, Some(_)) => PurposeChoice::Server,
            (None, None) => plan.purpose,
        };
        plan.profile = self.profile.into();
        plan.name = self.host.clone().unwrap_or_default();
        plan.at = self.at;
        plan.revocation = self.revocation.into();
        plan.policies.clone_from(&self.policy);
        plan.trust.keystore = !chosen.trust.anchors.is_empty();
        plan.trust.mozilla = chosen.mozilla;
        plan.trust.things.clear();
        let lenience = Lenience {
            dangerously_accept_sha1: self.dangerously_accept.contains(&Weak::Sha1),
            dangerously_accept_dsa: self.dangerously_accept.contains(&Weak::Dsa),
        };
        inspection.judge_leniently(&plan, &chosen.trust, lenience, now).map_err(|problem| problem.to_line())
    }
}

/// Puts files into the bag; what cannot be read in full is an error, since the verdict might depend on it.
fn add(inspection: &mut Inspection, paths: &[PathBuf], passwords: &Passwords) -> Result<(), String> {
    for path in paths {
        let file = SourceFile::read_or_stdin(path).map_err(|problem| problem.to_line())?;
        let input = file.input();
        if let Some(problem) = inspection.add(input.name, input.bytes, passwords).first() {
            return Err(problem.to_line());
        }
    }
    Ok(())
}

fn names(paths: &[PathBuf]) -> String {
    let name = |path: &PathBuf| format!("“{}”", Path::display(path));
    paths.iter().map(name).collect::<Vec<_>>().join(" or ")
}

/// An object identifier in dotted form.
fn parse_oid(text: &str) -> Result<String, String> {
    match text.parse::<der::oid::ObjectIdentifier>() {
        Ok(oid) => Ok(oid.to_string()),
        Err(_) => Err("write a policy as numbers with dots, like 2.23.140.1.2.1".to_owned()),
    }
}

impl From<Purpose> for PurposeChoice {
    fn from(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Server => Self::Server,
            Purpose::Client => Self::Client,
            Purpose::Email => Self::Email,
            Purpose::Any => Self::Any,
        }
    }
}

impl From<Profile> for ProfileChoice {
    fn from(profile: Profile) -> Self {
        match profile {
            Profile::Auto => Self::Auto,
            Profile::TlsServer => Self::TlsServer,
            Profile::TlsClient => Self::TlsClient,
            Profile::Email => Self::Email,
            Profile::Rfc5280 => Self::Rfc5280,
            Profile::Private => Self::Private,
        }
    }
}

impl From<Revocation> for RevocationChoice {
    fn from(revocation: Revocation) -> Self {
        match revocation {
            Revocation::Off => Self::Off,
            Revocation::IfKnown => Self::IfKnown,
            Revocation::Required => Self::Required,
        }
    }
}
