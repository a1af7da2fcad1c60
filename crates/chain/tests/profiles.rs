//! `docs/profiles.md` lists the checks of every profile as they are in the program.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::fmt::Write as _;

use certwright_chain::{CheckInfo, Profile};

/// The table of the document.
fn table() -> String {
    let mut rows: Vec<&CheckInfo> = Vec::new();
    for check in Profile::ALL.iter().flat_map(|profile| profile.checks().iter().chain(profile.remarks())) {
        if !rows.iter().any(|row| row.id == check.id) {
            rows.push(check);
        }
    }
    let names = Profile::ALL.map(|profile| format!("`{}`", profile.id())).join(" | ");
    let mut text = format!(
        "| check | what it demands | where that stands | {names} |\n{}|\n",
        "|---".repeat(3 + Profile::ALL.len())
    );
    for row in rows {
        let parts = Profile::ALL.map(|profile| {
            let holds = |list: &[CheckInfo]| list.iter().any(|check| check.id == row.id);
            match (holds(profile.checks()), holds(profile.remarks())) {
                (true, false) => "failure",
                (false, true) => "remark",
                (false, false) => "",
                (true, true) => panic!("{} is both in {}", row.id, profile.id()),
            }
        });
        let parts = parts.join(" | ");
        writeln!(text, "| `{}` | {} | {} | {parts} |", row.id, row.title, row.citation).unwrap();
    }
    text
}

#[test]
fn the_document_lists_what_is_checked() {
    let document = include_str!("../../../docs/profiles.md");
    let at = document.find("| check |").unwrap();
    let expected = table();
    assert_eq!(document.get(at..), Some(expected.as_str()), "put this into docs/profiles.md:\n{expected}");
}
