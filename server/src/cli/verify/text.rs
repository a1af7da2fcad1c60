//! A judgement as text: the verdict first, then the path, what failed, what is odd, and the checks where they are wanted.

use certwright_protocol::catalogue::format_time;
use certwright_protocol::ui::inspect::{
    CheckCell, CheckOutcome, CheckRow, Judgement, PathLink, PathView, Tone, Words,
};

/// The whole text, without line break at its end.
pub(super) fn describe(judgement: &Judgement, checks: bool, all_paths: bool) -> String {
    let mut lines = vec![format!("{}. {}", judgement.words.title, judgement.words.what_happened)];
    if !judgement.words.what_to_try.is_empty() {
        lines.push(format!("What to try: {}", judgement.words.what_to_try));
    }
    lines.push(String::new());
    for (name, value) in [
        ("Time", format_time(judgement.at).as_str()),
        ("Rules", &judgement.profile),
        ("Trusted", &judgement.trust),
    ] {
        lines.push(format!("{name:<9}{value}"));
    }
    if let Some(gave_up) = &judgement.gave_up {
        lines.push(format!("Search   {gave_up}"));
    }
    let shown = if all_paths { judgement.paths.len() } else { 1 };
    for path in judgement.paths.iter().take(shown) {
        describe_path(path, &judgement.words, checks, &mut lines);
    }
    section("What the other side must hold", &judgement.needs, &mut lines);
    let more = judgement.paths.len().saturating_sub(shown);
    if more > 0 {
        lines.push(String::new());
        let paths = if more == 1 { "path was" } else { "paths were" };
        lines.push(format!("{more} more {paths} found; --all-paths shows all."));
    }
    lines.join("\n")
}

fn describe_path(path: &PathView, verdict: &Words, checks: bool, lines: &mut Vec<String>) {
    lines.push(String::new());
    let mark = if path.trusted { "✓" } else { "✗" };
    lines.push(format!("{mark} Path: {}", path.title));
    for (number, link) in path.links.iter().enumerate() {
        describe_link(number + 1, link, lines);
    }
    if !path.failures.is_empty() {
        lines.push(String::new());
        lines.push("Failures".to_owned());
    }
    for failure in &path.failures {
        let link = failure.at.map(|at| format!("certificate {}, ", at + 1)).unwrap_or_default();
        lines.push(format!("  - {} ({link}{})", failure.words.title, failure.code));
        // The verdict has said it already.
        if failure.words != *verdict {
            describe_words(&failure.words, lines);
        }
    }
    section("Remarks", &path.remarks, lines);
    if checks {
        lines.push(String::new());
        lines.push("Checks".to_owned());
        path.checks.iter().for_each(|row| describe_check(row, path.links.len(), lines));
    }
}

fn describe_link(number: usize, link: &PathLink, lines: &mut Vec<String>) {
    let mark = match link.tone {
        Tone::Good => "✓",
        Tone::Info => "·",
        Tone::Warn => "!",
        Tone::Bad => "✗",
    };
    let anchor = if link.anchor { ", trusted" } else { "" };
    lines.push(format!("  {number} {mark} {} ({}{anchor})", link.name, link.role));
    for detail in [&link.line, &link.origin].into_iter().filter(|detail| !detail.is_empty()) {
        lines.push(format!("      {detail}"));
    }
    for url in &link.urls {
        lines.push(format!("      could be fetched from {url}"));
    }
}

fn section(title: &str, all: &[Words], lines: &mut Vec<String>) {
    if all.is_empty() {
        return;
    }
    lines.push(String::new());
    lines.push(title.to_owned());
    for words in all {
        lines.push(format!("  - {}", words.title));
        describe_words(words, lines);
    }
}

fn describe_words(words: &Words, lines: &mut Vec<String>) {
    if !words.what_happened.is_empty() {
        lines.push(format!("    {}", words.what_happened));
    }
    if !words.what_to_try.is_empty() {
        lines.push(format!("    What to try: {}", words.what_to_try));
    }
}

/// A row: a mark for each certificate of the path, and one for the path as a whole if there is such a result; then the details, the same ones
/// together.
fn describe_check(row: &CheckRow, links: usize, lines: &mut Vec<String>) {
    let whole = row.results.iter().any(|cell| cell.at.is_none()).then_some(None);
    let places = (0..links).map(|at| u32::try_from(at).ok()).chain(whole);
    let mark = |at: Option<u32>| match row.results.iter().find(|cell| cell.at == at) {
        Some(CheckCell { outcome: CheckOutcome::Passed, .. }) => "✓",
        Some(CheckCell { outcome: CheckOutcome::Failed, .. }) => "✗",
        Some(CheckCell { outcome: CheckOutcome::Remarked, .. }) => "!",
        Some(CheckCell { outcome: CheckOutcome::NotApplicable, .. }) => "–",
        None => " ",
    };
    let marks: Vec<&str> = places.map(mark).collect();
    let title = row.title.trim_end_matches('.');
    lines.push(format!("  {} {title} ({}; {})", marks.join(" "), row.check, row.citation));
    let mut details: Vec<(&str, Vec<String>)> = Vec::new();
    for cell in row.results.iter().filter(|cell| !cell.detail.is_empty()) {
        let place = cell.at.map_or_else(|| "path".to_owned(), |at| (at + 1).to_string());
        match details.iter_mut().find(|(detail, _)| *detail == cell.detail) {
            Some((_, places)) => places.push(place),
            None => details.push((&cell.detail, vec![place])),
        }
    }
    for (detail, places) in details {
        lines.push(format!("      {}: {detail}", places.join(", ")));
    }
}
