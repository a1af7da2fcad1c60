//! Writes the table of many hosts: CSV (RFC 4180: comma, CRLF, quotes where they are needed, UTF-8 with a byte order mark, a header line)
//! and JSON.
//!
//! What comes from certificates and servers could be a formula to a spreadsheet program; such a cell gets an apostrophe before it, as in the
//! keystore's inventory.

use certwright_keystore::inventory::to_csv_cell;
use certwright_protocol::catalogue::format_time;
use certwright_protocol::ui::HostRow;

const COLUMNS: [&str; 17] = [
    "Host",
    "Port",
    "Before TLS",
    "Server name",
    "Verdict",
    "In words",
    "What to try",
    "Certificate",
    "Issuer",
    "Valid until",
    "Days left",
    "TLS version",
    "Cipher suite",
    "Client certificate asked for",
    "Address",
    "SHA-256",
    "Changes",
];

/// The rows as a table for spreadsheets.
pub fn to_csv(rows: &[HostRow]) -> String {
    let mut csv = format!("\u{feff}{}\r\n", COLUMNS.join(","));
    for row in rows {
        let text = |value: &Option<String>| to_csv_cell(value.as_deref().unwrap_or_default());
        let cells = [
            to_csv_cell(&row.target.host),
            row.target.port.to_string(),
            row.target.starttls.word().to_owned(),
            text(&row.target.server_name),
            to_csv_cell(&row.verdict),
            to_csv_cell(&row.title),
            to_csv_cell(&row.what_to_try),
            text(&row.subject),
            text(&row.issuer),
            row.not_after.map(format_time).unwrap_or_default(),
            row.days_left.map(|days| days.to_string()).unwrap_or_default(),
            text(&row.version),
            text(&row.cipher_suite),
            match row.client_certificate {
                Some(true) => "yes",
                Some(false) => "no",
                None => "",
            }
            .to_owned(),
            text(&row.address),
            text(&row.sha256),
            to_csv_cell(&row.changes.join("; ")),
        ];
        csv.push_str(&cells.join(","));
        csv.push_str("\r\n");
    }
    csv
}

/// The rows as a JSON array.
pub fn to_json(rows: &[HostRow]) -> String {
    // Rows hold texts and numbers alone, which can always be written.
    serde_json::to_string_pretty(rows).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use certwright_protocol::ui::HostTarget;

    use super::*;
    use crate::hosts::waiting_row;

    #[test]
    fn cells_from_outside_are_no_formulas() {
        let target = HostTarget {
            host: "a.example".into(),
            port: 443,
            starttls: Default::default(),
            server_name: None,
        };
        let mut row = waiting_row(target);
        row.subject = Some("=HYPERLINK(\"x\")".into());
        row.issuer = Some("a, \"b\"".into());
        let csv = to_csv(&[row]);
        assert!(csv.contains("\"'=HYPERLINK(\"\"x\"\")\",\"a, \"\"b\"\"\""), "{csv}");
        let lines: Vec<&str> = csv.trim_end().split("\r\n").collect();
        assert_eq!((lines.len(), lines[0].matches(',').count()), (2, COLUMNS.len() - 1));
    }
}
