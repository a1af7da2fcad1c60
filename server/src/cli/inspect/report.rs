//! Files of keys, certificates and requests as text, as they are kept.

use certwright_protocol::catalogue::format_time;
use certwright_protocol::report::InspectReport;
use certwright_protocol::view::{CertificateView, FileRemark, RequestView};

/// The whole file.
pub(super) fn describe(file: &str, report: &InspectReport) -> String {
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
pub(in crate::cli) fn describe_certificate(certificate: &CertificateView, lines: &mut Vec<String>) {
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
pub(in crate::cli) fn describe_request(request: &RequestView, lines: &mut Vec<String>) {
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
