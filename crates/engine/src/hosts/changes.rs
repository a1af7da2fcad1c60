//! What is other than in an earlier run of the same hosts.
//!
//! An earlier run is read from what was written of it: a JSON array of rows, or one row a line (JSON Lines). Refused: what is neither.

use std::collections::HashMap;

use certwright_language::t;
use certwright_protocol::catalogue::format_time;
use certwright_protocol::ui::hosts::MAX_HOSTS;
use certwright_protocol::ui::{HostRow, HostTarget};

/// Reads the rows of an earlier run; `None` if these are none.
pub fn read_rows(text: &str) -> Option<Vec<HostRow>> {
    if let Ok(rows) = serde_json::from_str::<Vec<HostRow>>(text) {
        return Some(rows);
    }
    let lines = text.lines().filter(|line| !line.trim().is_empty()).take(MAX_HOSTS);
    let rows: Vec<HostRow> = lines.map(serde_json::from_str).collect::<Result<_, _>>().ok()?;
    (!rows.is_empty()).then_some(rows)
}

/// Notes in each row what is other than in `before`. Hosts that were not in the earlier run are told to be new.
pub fn compare(rows: &mut [HostRow], before: &[HostRow]) {
    let earlier: HashMap<&HostTarget, &HostRow> = before.iter().map(|row| (&row.target, row)).collect();
    for row in rows.iter_mut().filter(|row| row.tone.is_some()) {
        row.changes = match earlier.get(&row.target) {
            Some(before) => changes(before, row),
            None => vec![t!("new in the list").into()],
        };
    }
}

fn changes(before: &HostRow, now: &HostRow) -> Vec<String> {
    let mut changes = Vec::new();
    if before.verdict != now.verdict {
        changes.push(t!("verdict: {now}, was {before}", now = now.title, before = before.title));
    }
    let told = |value: &Option<String>| value.clone().unwrap_or_else(|| t!("none").into());
    if before.sha256 != now.sha256 && now.sha256.is_some() {
        let until = |row: &HostRow| row.not_after.map(format_time).unwrap_or_else(|| t!("none").into());
        changes.push(match before.sha256 {
            Some(_) => t!(
                "other certificate: valid until {now}, was {before}",
                now = until(now),
                before = until(before)
            ),
            None => t!("a certificate, was none").into(),
        });
        if before.issuer != now.issuer && before.sha256.is_some() {
            changes.push(t!(
                "issuer: {now}, was {before}",
                now = told(&now.issuer),
                before = told(&before.issuer)
            ));
        }
    }
    for (what, before, now) in [
        (t!("TLS version"), &before.version, &now.version),
        (t!("cipher suite"), &before.cipher_suite, &now.cipher_suite),
        (t!("address"), &before.address, &now.address),
    ] {
        if before != now && now.is_some() {
            changes.push(t!("{what}: {now}, was {before}", what, now = told(now), before = told(before)));
        }
    }
    if let (Some(before), Some(now)) = (before.client_certificate, now.client_certificate)
        && before != now
    {
        changes.push(
            if now {
                t!("now asks for a client certificate")
            } else {
                t!("asks for no client certificate any more")
            }
            .into(),
        );
    }
    changes
}

#[cfg(test)]
mod tests {
    use certwright_protocol::ui::inspect::Tone;

    use super::*;
    use crate::hosts::{parse_hosts, to_json, waiting_row};

    #[test]
    fn only_what_changed_is_told() {
        let mut rows: Vec<HostRow> =
            parse_hosts("a.example\nb.example").hosts.into_iter().map(waiting_row).collect();
        for row in &mut rows {
            row.tone = Some(Tone::Good);
            row.sha256 = Some("AA".into());
            row.version = Some("TLS 1.2".into());
        }
        let before = read_rows(&to_json(&rows[..1])).unwrap();
        rows[0].version = Some("TLS 1.3".into());
        compare(&mut rows, &before);
        assert_eq!(rows[0].changes, ["TLS version: TLS 1.3, was TLS 1.2"]);
        assert_eq!(rows[1].changes, ["new in the list"]);
        let lines = serde_json::to_string(&rows[0]).unwrap();
        assert_eq!(read_rows(&lines).unwrap().len(), 1);
        assert_eq!(read_rows("host,port"), None);
    }
}
