//! `certwright inspect`: what is in a file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use certwright_engine::files::{self, Passwords};
use certwright_protocol::catalogue::format_time;
use certwright_protocol::report::{InspectReport, Inspection};
use certwright_protocol::view::{CertificateView, FileRemark, RequestView};
use certwright_protocol::{Password, Problem};

use super::reading::{read_file, read_password};
use super::{Exit, complain, print, print_json};

/// Say what is in key, certificate and keystore files.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Files to look at: PKCS#12, JKS, JCEKS, BKS, UBER, PEM, DER, PKCS#7, PkiPath, keys of any format, signing requests.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Password of encrypted files or of entries in them; may be repeated. Other users of this machine may see it: prefer --password-file.
    #[arg(long, value_name = "P")]
    password: Vec<String>,
    /// File whose first line is such a password; may be repeated.
    #[arg(long, value_name = "F")]
    password_file: Vec<PathBuf>,
    /// Print JSON: a list of `Inspection` (see docs/json.md).
    #[arg(long)]
    json: bool,
}

impl Arguments {
    /// Looks at every file. A file that cannot be read makes the status 2, and the others are shown all the same.
    pub(crate) fn run(self) -> ExitCode {
        let mut passwords: Vec<Password> = self.password.into_iter().map(Password::new).collect();
        for path in &self.password_file {
            match read_password(path) {
                Ok(password) => passwords.push(password),
                Err(message) => return complain(message),
            }
        }
        let passwords = files::passwords(&passwords);
        let inspections: Vec<Inspection> = self.files.iter().map(|path| inspect(path, &passwords)).collect();
        let unreadable = inspections.iter().any(|inspection| inspection.problem.is_some());
        if self.json {
            return print_json(&inspections, if unreadable { Exit::Wrong } else { Exit::Yes });
        }
        for inspection in &inspections {
            if let Some(problem) = &inspection.problem {
                complain(problem.to_line());
            }
        }
        let reports = inspections.iter().filter_map(|i| Some(describe(&i.file, i.report.as_ref()?)));
        print(&reports.collect::<Vec<_>>().join("\n"), if unreadable { Exit::Wrong } else { Exit::Yes })
    }
}

fn inspect(path: &Path, passwords: &Passwords) -> Inspection {
    let file = path.display().to_string();
    let report = read_file(path)
        .map_err(|detail| Problem::FileUnreadable { file: file.clone(), detail })
        .and_then(|bytes| files::inspect(&file, &bytes, passwords));
    match report {
        Ok(report) => Inspection { file, report: Some(report), problem: None },
        Err(problem) => Inspection { file, report: None, problem: Some(problem) },
    }
}

fn describe(file: &str, report: &InspectReport) -> String {
    let mut lines = vec![format!("{file}: {} ({} bytes)", report.format, report.bytes)];
    let named =
        |alias: &Option<String>| alias.as_deref().map(|alias| format!(" “{alias}”")).unwrap_or_default();
    for pair in &report.key_pairs {
        let alias = named(&pair.alias);
        lines.push(format!("  Key pair{alias}: {}, public key SHA-256 {}", pair.key, pair.spki_pin));
        describe_chain(&pair.certificates, &mut lines);
    }
    for entry in &report.locked {
        let what = if entry.secret { "Secret key" } else { "Key pair" };
        lines.push(format!("  {what}{}: not opened, its password is not known", named(&entry.alias)));
        if !entry.secret {
            describe_chain(&entry.certificates, &mut lines);
        }
    }
    for key in &report.secret_keys {
        lines.push(format!("  Secret key{}: {}, {} bits", named(&key.alias), key.algorithm, key.bits));
    }
    for found in &report.certificates {
        if let Some(alias) = &found.alias {
            lines.push(format!("  “{alias}”"));
        }
        describe_certificate(&found.certificate, &mut lines);
    }
    for key in &report.public_keys {
        lines.push(format!("  Public key: {}, SHA-256 {}", key.key, key.spki_pin));
    }
    report.requests.iter().for_each(|request| describe_request(request, &mut lines));
    report.remarks.iter().for_each(|remark| describe_remark(remark, &mut lines));
    lines.join("\n")
}

fn describe_chain(certificates: &[CertificateView], lines: &mut Vec<String>) {
    if certificates.is_empty() {
        lines.push("    no certificate".into());
    }
    certificates.iter().for_each(|certificate| describe_certificate(certificate, lines));
}

fn describe_remark(remark: &FileRemark, lines: &mut Vec<String>) {
    let words = remark.explain();
    let sentence = format!("  - {}: {} {}", words.title, words.what_happened, words.what_to_try);
    lines.push(sentence.trim_end().to_owned());
}

/// A certificate, each fact on a line.
pub(super) fn describe_certificate(certificate: &CertificateView, lines: &mut Vec<String>) {
    let kind = match (certificate.is_ca, certificate.is_self_issued) {
        (true, true) => "Root certificate",
        (true, false) => "Intermediate certificate",
        (false, true) => "Self-signed certificate",
        (false, false) => "Certificate",
    };
    lines.push(format!("  {kind}"));
    let mut fact = |name: &str, value: &str| {
        if !value.is_empty() {
            lines.push(format!("    {name:<22}{value}"));
        }
    };
    fact("Subject", &certificate.subject);
    fact("Issuer", &certificate.issuer);
    fact("Serial number", &certificate.serial);
    fact(
        "Valid",
        &format!("{} to {}", format_time(certificate.not_before), format_time(certificate.not_after)),
    );
    fact("Key", &certificate.key);
    fact("Signature", &certificate.signature_algorithm);
    fact("Alternative names", &certificate.subject_alternative_names.join(", "));
    fact("Key usage", &certificate.key_usage.join(", "));
    fact("Extended key usage", &certificate.extended_key_usage.join(", "));
    fact("Issuer's certificate", &certificate.ca_issuers.join(", "));
    fact("SHA-256", &certificate.sha256);
}

/// A signing request, each fact on a line.
pub(super) fn describe_request(request: &RequestView, lines: &mut Vec<String>) {
    lines.push("  Signing request".into());
    let mut fact = |name: &str, value: &str| {
        if !value.is_empty() {
            lines.push(format!("    {name:<22}{value}"));
        }
    };
    fact("Subject", &request.subject);
    fact("Key", &request.key);
    fact("Weakness", request.weakness.as_deref().unwrap_or_default());
    fact("Signature", &request.signature_algorithm);
    fact("Alternative names", &request.subject_alternative_names.join(", "));
    fact("Key usage", &request.key_usage.join(", "));
    fact("Extended key usage", &request.extended_key_usage.join(", "));
    fact("Authority", if request.wants_ca { "asks to be one" } else { "" });
    fact("Challenge password", if request.has_challenge_password { "yes, in clear" } else { "" });
    fact("Its own signature", if request.signature_valid { "right" } else { "WRONG" });
    fact("Public key SHA-256", &request.spki_pin);
}
