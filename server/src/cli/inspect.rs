//! `certwright inspect`: what is in a file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use certwright_engine::files;
use certwright_protocol::catalogue::format_time;
use certwright_protocol::report::{InspectReport, Inspection};
use certwright_protocol::view::{CertificateView, RequestView};
use certwright_protocol::{Password, Problem};

use super::{Exit, complain, print, print_json, read_file, read_password};

/// Say what is in key, certificate and keystore files.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Files to look at: PEM, DER, PKCS#7, PKCS#12, keys, signing requests.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Password of encrypted files. Other users of this machine may see it; prefer --password-file.
    #[arg(long, value_name = "P", conflicts_with = "password_file")]
    password: Option<String>,
    /// File whose first line is the password.
    #[arg(long, value_name = "F")]
    password_file: Option<PathBuf>,
    /// Print JSON: a list of `Inspection` (see docs/json.md).
    #[arg(long)]
    json: bool,
}

impl Arguments {
    /// Looks at every file. A file that cannot be read makes the status 2, and the others are shown all the same.
    pub(crate) fn run(self) -> ExitCode {
        let password = match (self.password, &self.password_file) {
            (Some(text), _) => Some(Password::new(text)),
            (None, Some(path)) => match read_password(path) {
                Ok(password) => Some(password),
                Err(message) => return complain(message),
            },
            (None, None) => None,
        };
        let inspections: Vec<Inspection> =
            self.files.iter().map(|path| inspect(path, password.as_ref())).collect();
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

fn inspect(path: &Path, password: Option<&Password>) -> Inspection {
    let file = path.display().to_string();
    let report = read_file(path)
        .map_err(|detail| Problem::FileUnreadable { file: file.clone(), detail })
        .and_then(|bytes| files::inspect(&file, &bytes, password));
    match report {
        Ok(report) => Inspection { file, report: Some(report), problem: None },
        Err(problem) => Inspection { file, report: None, problem: Some(problem) },
    }
}

fn describe(file: &str, report: &InspectReport) -> String {
    let mut lines = vec![format!("{file}: {} ({} bytes)", report.format, report.bytes)];
    for pair in &report.key_pairs {
        let alias = pair.alias.as_deref().map(|alias| format!(" “{alias}”")).unwrap_or_default();
        lines.push(format!("  Key pair{alias}: {}, public key SHA-256 {}", pair.key, pair.spki_pin));
        if pair.certificates.is_empty() {
            lines.push("    no certificate".into());
        }
        pair.certificates.iter().for_each(|certificate| describe_certificate(certificate, &mut lines));
    }
    for found in &report.certificates {
        if let Some(alias) = &found.alias {
            lines.push(format!("  “{alias}”"));
        }
        describe_certificate(&found.certificate, &mut lines);
    }
    report.requests.iter().for_each(|request| describe_request(request, &mut lines));
    lines.join("\n")
}

fn describe_certificate(certificate: &CertificateView, lines: &mut Vec<String>) {
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

fn describe_request(request: &RequestView, lines: &mut Vec<String>) {
    lines.push("  Signing request".into());
    lines.push(format!("    {:<22}{}", "Subject", request.subject));
    lines.push(format!("    {:<22}{}", "Key", request.key));
    if !request.subject_alternative_names.is_empty() {
        lines.push(format!(
            "    {:<22}{}",
            "Alternative names",
            request.subject_alternative_names.join(", ")
        ));
    }
    let valid = if request.signature_valid { "right" } else { "WRONG" };
    lines.push(format!("    {:<22}{valid}", "Its own signature"));
}
