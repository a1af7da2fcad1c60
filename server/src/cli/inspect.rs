//! `certwright inspect`: what is in a file.
//!
//! Files of keys, certificates and requests are told as they are kept: pairs, chains, aliases. Whatever else the page's bag recognises
//! (revocation lists, OCSP responses, a proxy's header, any ASN.1) is told thing by thing.

mod report;
mod things;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use certwright_engine::files::{self, Passwords};
use certwright_engine::inspect as engine;
use certwright_protocol::report::Inspection;
use certwright_protocol::ui::inspect::{Comparison, ThingFormat, ThingKind, Tone};
use certwright_protocol::{Password, Problem};

use super::reading::{SourceFile, read_password};
use super::{Exit, complain, print, print_json, unix_ms};

pub(super) use report::{describe_certificate, describe_request};

/// Say what is in key, certificate and keystore files, and in everything else from the world of certificates.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Files to look at: PKCS#12, JKS, JCEKS, BKS, UBER, PEM, DER, PKCS#7, PkiPath, keys of any format, signing requests, revocation lists, OCSP
    /// responses, text around any of these, a proxy's header, any ASN.1; - is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Password of encrypted files or of entries in them; may be repeated. Other users of this machine may see it: prefer --password-file.
    #[arg(long, value_name = "P")]
    password: Vec<String>,
    /// File whose first line is such a password; may be repeated.
    #[arg(long, value_name = "F")]
    password_file: Vec<PathBuf>,
    /// Everything about each thing, laid out like `openssl x509 -text`.
    #[arg(long, conflicts_with_all = ["asn1", "compare"])]
    text: bool,
    /// The encoding of each thing, element by element.
    #[arg(long, conflicts_with = "compare")]
    asn1: bool,
    /// What is to be said about the quality of each thing; the status is 1 if something grave is among it.
    #[arg(long, conflicts_with = "compare")]
    lint: bool,
    /// Compare the first certificate or request of one file with that of another; the status is 1 if they differ.
    #[arg(long)]
    compare: bool,
    /// Print JSON: a list of `Inspection`, with --compare a `Comparison` (see docs/json.md).
    #[arg(long)]
    json: bool,
}

impl Arguments {
    /// Looks at every file. A file that cannot be read makes the status 2, and the others are shown all the same.
    pub(crate) fn run(self) -> ExitCode {
        let mut passwords: Vec<Password> = self.password.iter().map(Password::new).collect();
        for path in &self.password_file {
            match read_password(path) {
                Ok(password) => passwords.push(password),
                Err(message) => return complain(message),
            }
        }
        let passwords = files::passwords(&passwords);
        if self.compare {
            return self.run_comparison(&passwords);
        }
        // One bag for all files: keys are weak that share a prime with another one at hand.
        let mut bag = engine::Inspection::default();
        let mut inspections: Vec<Inspection> =
            self.files.iter().map(|path| look(path, &mut bag, &passwords)).collect();
        for inspection in &mut inspections {
            self.look_closely(inspection, &bag);
        }
        let unreadable = inspections.iter().any(|inspection| inspection.problem.is_some());
        let exit = match unreadable {
            true => Exit::Wrong,
            false if self.lint && inspections.iter().any(is_grave) => Exit::No,
            false => Exit::Yes,
        };
        if self.json {
            return print_json(&inspections, exit);
        }
        for problem in inspections.iter().filter_map(|inspection| inspection.problem.as_ref()) {
            complain(problem.to_line());
        }
        let readable = inspections.iter().filter(|inspection| inspection.problem.is_none());
        let texts: Result<Vec<String>, Problem> =
            readable.map(|inspection| self.describe(inspection, &bag)).collect();
        match texts {
            Ok(texts) => print(&texts.join("\n"), exit),
            Err(problem) => complain(problem.to_line()),
        }
    }

    /// Adds what is shown of each thing.
    fn look_closely(&self, inspection: &mut Inspection, bag: &engine::Inspection) {
        let ids = || inspection.things.iter().map(|thing| thing.id);
        if self.text || self.lint {
            inspection.sheets = ids().filter_map(|id| bag.sheet(id, &[], now()).ok()).collect();
        }
        if self.asn1 {
            inspection.trees = ids().filter_map(|id| bag.asn1(id).ok()).collect();
        }
    }

    fn describe(&self, inspection: &Inspection, bag: &engine::Inspection) -> Result<String, Problem> {
        let mut parts = Vec::new();
        if self.text {
            for thing in &inspection.things {
                let text = bag.export(&[thing.id], ThingFormat::Text, now())?;
                parts.push(String::from_utf8_lossy(&text.content).trim_end().to_owned());
            }
        } else if self.asn1 {
            let both = inspection.things.iter().zip(&inspection.trees);
            parts.extend(both.map(|(thing, tree)| things::describe_tree(thing, tree)));
        } else if !self.lint {
            match &inspection.report {
                Some(report) => parts.push(report::describe(&inspection.file, report)),
                None => parts.push(things::describe_sources(&inspection.file, &inspection.sources)),
            }
            let told = |kind| {
                use ThingKind::{Certificate, PrivateKey, PublicKey, Request};
                inspection.report.is_some() && matches!(kind, Certificate | Request | PublicKey | PrivateKey)
            };
            parts.extend(inspection.things.iter().filter(|thing| !told(thing.kind)).map(things::describe));
        }
        if self.lint {
            parts.extend(inspection.sheets.iter().map(things::describe_findings));
        }
        Ok(parts.join("\n"))
    }

    fn run_comparison(&self, passwords: &Passwords) -> ExitCode {
        let comparison = match self.compare(passwords) {
            Ok(comparison) => comparison,
            Err(message) => return complain(message),
        };
        let differ = comparison.sections.iter().any(|section| section.differs);
        let exit = if differ { Exit::No } else { Exit::Yes };
        if self.json {
            return print_json(&comparison, exit);
        }
        print(&things::describe_comparison(&comparison), exit)
    }

    fn compare(&self, passwords: &Passwords) -> Result<Comparison, String> {
        let [left, right] = self.files.as_slice() else {
            return Err("--compare takes two files.".to_owned());
        };
        let (mut bag, now) = (engine::Inspection::default(), now());
        let mut first = |path: &Path| {
            let file = SourceFile::read_or_stdin(path).map_err(|problem| problem.to_line())?;
            let before = bag.bag(now, Vec::new()).things.len();
            let problems = bag.add(file.input().name, file.input().bytes, passwords);
            let things = bag.bag(now, Vec::new()).things;
            let found = things
                .iter()
                .skip(before)
                .find(|thing| matches!(thing.kind, ThingKind::Certificate | ThingKind::Request));
            match (found, problems.first()) {
                (Some(thing), _) => Ok(thing.id),
                (None, Some(problem)) => Err(problem.to_line()),
                (None, None) => {
                    Err(format!("There is no certificate and no request in “{}”.", path.display()))
                }
            }
        };
        let (left, right) = (first(left)?, first(right)?);
        bag.compare(left, right, now).map_err(|problem| problem.to_line())
    }
}

/// Looks at a file and puts what is in it into the bag.
fn look(path: &Path, bag: &mut engine::Inspection, passwords: &Passwords) -> Inspection {
    let mut inspection = Inspection {
        file: path.display().to_string(),
        report: None,
        problem: None,
        sources: Vec::new(),
        things: Vec::new(),
        sheets: Vec::new(),
        trees: Vec::new(),
    };
    let file = match SourceFile::read_or_stdin(path) {
        Ok(file) => file,
        Err(problem) => {
            inspection.problem = Some(problem);
            return inspection;
        }
    };
    let input = file.input();
    let before = bag.bag(now(), Vec::new());
    let problems = bag.add(input.name, input.bytes, passwords);
    let after = bag.bag(now(), Vec::new());
    inspection.things = after.things.into_iter().skip(before.things.len()).collect();
    inspection.sources = after.sources.into_iter().skip(before.sources.len()).collect();
    match files::inspect(input.name, input.bytes, passwords) {
        Ok(report) => inspection.report = Some(report),
        // The bag takes more than the files that are kept. What it objects to is the more telling, since it has looked at every form.
        Err(problem) if inspection.things.is_empty() || !problems.is_empty() => {
            inspection.problem = Some(problems.into_iter().next().unwrap_or(problem));
        }
        Err(_) => {}
    }
    inspection
}

/// Whether something grave is to be said.
fn is_grave(inspection: &Inspection) -> bool {
    inspection.sheets.iter().flat_map(|sheet| &sheet.findings).any(|found| found.tone == Tone::Bad)
}

fn now() -> i64 {
    unix_ms().div_euclid(1000)
}
