//! The inventory: a row for every entry that has a certificate, and the same as a table for spreadsheets.
//!
//! The table is CSV (RFC 4180): comma, CRLF, quotes where they are needed, UTF-8, a header line. What comes from certificates and aliases
//! could be a formula to a spreadsheet program; such a cell gets an apostrophe before it, at which those programs take it for text.

use std::fmt::Write;

use certwright_certs::{Certificate, Name};

use crate::{
    date::to_extended,
    entry::{Content, Entry},
    keystore::Keystore,
    reply::Issuers,
};

/// An entry with its certificate: the end-entity's of a key pair, or the trusted one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InventoryRow {
    /// The entry's alias.
    pub alias: String,
    /// What it holds.
    pub kind: InventoryKind,
    /// What people call the subject: the common name, else the first alternative name, else the whole subject.
    pub owner: String,
    /// Subject (RFC 4514).
    pub subject: String,
    /// Issuer (RFC 4514).
    pub issuer: String,
    /// Serial number, hex with colons.
    pub serial: String,
    /// Valid from, Unix seconds.
    pub not_before: i64,
    /// Valid until and including, Unix seconds.
    pub not_after: i64,
    /// Whole days until then, rounded down: 0 on the last day, negative when it has expired.
    pub days_left: i64,
    /// The key, for example `RSA 2048`.
    pub key: String,
    /// Name of the algorithm by which the issuer signed.
    pub signature_algorithm: String,
    /// Alternative names, for example `DNS:a.example`.
    pub subject_alternative_names: Vec<String>,
    /// SHA-256 of the certificate, hex with colons.
    pub sha256: String,
    /// How far its chain goes, with what the whole keystore has.
    pub chain: InventoryChain,
    /// Whether the entry is locked.
    pub locked: bool,
    /// When the entry was last changed, in milliseconds since 1970.
    pub modified_ms: i64,
}

/// What an entry of the inventory holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InventoryKind {
    /// A private key with its certificates.
    KeyPair,
    /// A certificate that is trusted.
    TrustedCertificate,
}

/// How far a chain goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InventoryChain {
    /// To a self-signed root.
    Complete,
    /// The certificate itself is self-signed.
    SelfSigned,
    /// An issuer is missing.
    Incomplete {
        /// Its name (RFC 4514).
        missing: String,
    },
}

/// The columns of the table.
const COLUMNS: [&str; 15] = [
    "Alias",
    "Type",
    "Owner",
    "Subject",
    "Issuer",
    "Serial number",
    "Valid from",
    "Valid until",
    "Days left",
    "Key",
    "Signature algorithm",
    "Alternative names",
    "SHA-256",
    "Chain",
    "Locked",
];

/// One row for every entry with a certificate, in order. `now` is in Unix seconds.
pub fn inventory(keystore: &Keystore, now: i64) -> Vec<InventoryRow> {
    let issuers = Issuers::new(keystore);
    keystore
        .iter()
        .filter_map(|entry| {
            let kind = match entry.content {
                Content::KeyPair(_) => InventoryKind::KeyPair,
                Content::TrustedCertificate(_) => InventoryKind::TrustedCertificate,
                Content::SecretKey(_) => return None,
            };
            Some(to_row(entry, kind, entry.certificate()?, &issuers, now))
        })
        .collect()
}

/// The rows as CSV. `byte_order_mark` puts one before it, without which Excel takes UTF-8 for something else.
pub fn to_inventory_csv(rows: &[InventoryRow], byte_order_mark: bool) -> String {
    let mut csv = if byte_order_mark { "\u{feff}".to_owned() } else { String::new() };
    csv.push_str(&COLUMNS.join(","));
    csv.push_str("\r\n");
    for row in rows {
        let chain = match &row.chain {
            InventoryChain::Complete => "complete".to_owned(),
            InventoryChain::SelfSigned => "self-signed".to_owned(),
            InventoryChain::Incomplete { missing } => format!("incomplete: {missing} is missing"),
        };
        let kind = match row.kind {
            InventoryKind::KeyPair => "Key pair",
            InventoryKind::TrustedCertificate => "Trusted certificate",
        };
        let cells = [
            to_csv_cell(&row.alias),
            kind.to_owned(),
            to_csv_cell(&row.owner),
            to_csv_cell(&row.subject),
            to_csv_cell(&row.issuer),
            to_csv_cell(&row.serial),
            to_extended(row.not_before),
            to_extended(row.not_after),
            // A number, even if it begins with a minus, is no formula.
            row.days_left.to_string(),
            to_csv_cell(&row.key),
            to_csv_cell(&row.signature_algorithm),
            to_csv_cell(&row.subject_alternative_names.join("; ")),
            to_csv_cell(&row.sha256),
            to_csv_cell(&chain),
            if row.locked { "yes" } else { "no" }.to_owned(),
        ];
        csv.push_str(&cells.join(","));
        csv.push_str("\r\n");
    }
    csv
}

fn to_row(
    entry: &Entry,
    kind: InventoryKind,
    certificate: &Certificate,
    issuers: &Issuers<'_>,
    now: i64,
) -> InventoryRow {
    let subject = certificate.subject();
    let key = certificate.public_key();
    InventoryRow {
        alias: entry.alias.clone(),
        kind,
        owner: subject.common_name().unwrap_or_else(|| certificate.display_name()),
        subject: subject.to_rfc4514(),
        issuer: certificate.issuer().to_rfc4514(),
        serial: certificate.serial_hex(),
        not_before: certificate.not_before(),
        not_after: certificate.not_after(),
        days_left: certificate.not_after().saturating_sub(now).div_euclid(86_400),
        key: key.map_or_else(|_| "unreadable".to_owned(), |key| key.algorithm().to_string()),
        signature_algorithm: certificate.signature_algorithm().name(),
        subject_alternative_names: certificate
            .subject_alternative_names()
            .iter()
            .map(ToString::to_string)
            .collect(),
        sha256: to_hex_with_colons(&certificate.fingerprint_sha256()),
        chain: to_chain(issuers.complete_chain(certificate)),
        locked: entry.locked,
        modified_ms: entry.modified_ms,
    }
}

fn to_chain((chain, missing): (Vec<Certificate>, Option<Name>)) -> InventoryChain {
    match missing {
        Some(missing) => InventoryChain::Incomplete { missing: missing.to_rfc4514() },
        None if chain.len() == 1 => InventoryChain::SelfSigned,
        None => InventoryChain::Complete,
    }
}

/// A cell of a CSV table with text from outside: quoted where it is needed, and never a formula.
pub fn to_csv_cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

fn to_hex_with_colons(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(bytes.len() * 3);
    for (position, byte) in bytes.iter().enumerate() {
        let separator = if position == 0 { "" } else { ":" };
        // Writing to a string cannot fail.
        let _ = write!(hex, "{separator}{byte:02X}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_text() {
        for (text, cell) in [
            ("plain", "plain"),
            ("", ""),
            ("CN=a,O=b", "\"CN=a,O=b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\r\nlines", "\"two\r\nlines\""),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\r=1", "\"'\r=1\""),
            ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
            ("a=b", "a=b"),
        ] {
            assert_eq!(to_csv_cell(text), cell);
        }
    }
}
