//! The package for the other side: certificates in every usual form, a mapping sheet, and a text that says what goes where. One ZIP archive, no secrets.
//!
//! Mappings of certificates to users want the certificate, or its subject, issuer and serial number, each product in a notation of its own; all of them
//! stand in `mapping.txt`.

use std::io::{Cursor, Write};

use certwright_certs::{Certificate, Name};
use certwright_keystore::pkcs7;
use certwright_protocol::Problem;
use certwright_protocol::t;
use zip::write::SimpleFileOptions;

use super::desk::fingerprint_words;

/// A file of the package: name and content.
pub(super) type Part = (String, Vec<u8>);

/// A chain in every form. `prefix` is what its files' names begin with: `client`.
pub(super) fn chain_parts(prefix: &str, chain: &[Certificate]) -> Result<Vec<Part>, Problem> {
    let mut parts = Vec::new();
    let mut both = |stem: String, certificate: &Certificate| {
        parts.push((format!("{stem}.cer"), certificate.der().to_vec()));
        parts.push((format!("{stem}.pem"), certificate.to_pem().into_bytes()));
    };
    let last = chain.len().saturating_sub(1);
    for (place, certificate) in chain.iter().enumerate() {
        match place {
            0 => both(format!("{prefix}-certificate"), certificate),
            place if place == last && certificate.is_self_issued() => {
                both(format!("{prefix}-root"), certificate);
            }
            place => both(format!("{prefix}-intermediate-{place}"), certificate),
        }
    }
    if !chain.is_empty() {
        let bundle =
            pkcs7::to_pkcs7(chain).map_err(|error| Problem::Internal { detail: error.to_string() })?;
        parts.push((format!("{prefix}-chain.p7b"), bundle));
        let text: String = chain.iter().map(Certificate::to_pem).collect();
        parts.push((format!("{prefix}-chain.pem"), text.into_bytes()));
    }
    if let Some(leaf) = chain.first() {
        parts.push((format!("{prefix}-certificate-one-line.txt"), one_line(leaf).into_bytes()));
    }
    Ok(parts)
}

/// A certificate as PEM on one line, as it stands in a JSON string: line ends are `\n`.
pub(super) fn one_line(certificate: &Certificate) -> String {
    certificate.to_pem().trim_end().replace("\r\n", "\n").replace('\n', "\\n") + "\\n"
}

/// What mappings of certificates to users ask for, in every notation.
pub(super) fn mapping_sheet(client: &str, leaf: &Certificate) -> String {
    let serial = leaf.serial_hex();
    let rows = [
        (t!("Subject, RFC 4514"), leaf.subject().to_rfc4514()),
        (t!("Subject, with spaces"), spaced(leaf.subject())),
        (t!("Subject, reversed with spaces"), leaf.subject().to_reversed()),
        (t!("Subject, with slashes"), leaf.subject().to_slash()),
        (t!("Issuer, RFC 4514"), leaf.issuer().to_rfc4514()),
        (t!("Issuer, with spaces"), spaced(leaf.issuer())),
        (t!("Issuer, reversed with spaces"), leaf.issuer().to_reversed()),
        (t!("Issuer, with slashes"), leaf.issuer().to_slash()),
        (t!("Serial number, decimal"), leaf.serial_decimal()),
        (t!("Serial number, hexadecimal"), serial.replace(':', "")),
        (t!("Serial number, with colons"), serial.clone()),
        (t!("Serial number, with spaces"), serial.replace(':', " ")),
        (t!("SHA-256 fingerprint"), fingerprint_words(leaf)),
        (t!("On one line, for JSON"), one_line(leaf)),
    ];
    let mut text = format!("{}\n\n", t!("Mapping of {client}’s certificate to a user", client));
    for (label, value) in rows {
        text.push_str(&format!("{label}:\n  {value}\n\n"));
    }
    text
}

/// Most specific part first, with a space behind each comma.
fn spaced(name: &Name) -> String {
    let mut rdns: Vec<_> = name.rdns().map(<[_]>::to_vec).collect();
    rdns.reverse();
    Name::from_rdns(rdns).to_reversed()
}

/// A ZIP archive.
pub(super) fn zipped(parts: &[Part]) -> Result<Vec<u8>, Problem> {
    let internal = |error: &dyn std::fmt::Display| Problem::Internal { detail: error.to_string() };
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in parts {
        zip.start_file(name.as_str(), options).map_err(|error| internal(&error))?;
        zip.write_all(content).map_err(|error| internal(&error))?;
    }
    Ok(zip.finish().map_err(|error| internal(&error))?.into_inner())
}
