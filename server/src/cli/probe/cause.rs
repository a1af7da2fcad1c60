//! The part of a probe's text that says why: the cause, who has to act, what was tried; and what further connections found.

use certwright_protocol::catalogue::{addresses_summary, demand_words, format_time};
use certwright_protocol::report::diagnosis::Attempt;
use certwright_protocol::report::{ProbeReport, ProbeVerdict, ResumptionSeen};

/// The cause, a line each; empty if all is well or nothing was looked for.
pub(super) fn cause(report: &ProbeReport) -> Vec<String> {
    let Some(diagnosis) = &report.diagnosis else { return Vec::new() };
    let words = diagnosis.explain();
    let mut lines = vec![format!("Cause: {}. {}", words.title, words.what_happened)];
    if !words.what_to_try.is_empty() {
        lines.push(format!("What to try: {}", words.what_to_try));
    }
    lines.push(format!("Who has to act: {}.", diagnosis.who.words()));
    if !diagnosis.evidence.is_empty() {
        lines.push("What was tried:".to_owned());
        lines.extend(diagnosis.evidence.iter().map(Attempt::words).map(|line| format!("  - {line}")));
    }
    if diagnosis.cut_short {
        lines.push("  (more would have been tried; the budget for one probe was used up)".to_owned());
    }
    lines
}

/// What further connections found, a name and a value each.
pub(super) fn findings(report: &ProbeReport) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if let Some(demand) = report.demand {
        facts.push(("Required", demand_words(demand).to_owned()));
    }
    if let Some(seen) = report.resumption {
        let words = match seen {
            ResumptionSeen::Resumed => "yes",
            ResumptionSeen::NotResumed => "no, the whole handshake was done again",
            ResumptionSeen::Failed => "not known, the second connection failed",
        };
        facts.push(("Resumption", words.to_owned()));
    }
    if !report.every_address.is_empty() {
        facts.push(("Every address", addresses_summary(&report.every_address)));
    }
    for row in &report.every_address {
        let certificate = match (&row.certificate, row.not_after) {
            (Some(name), Some(until)) => format!("{name} (until {})", format_time(until)),
            _ => "no certificate".to_owned(),
        };
        let verdict = match &row.verdict {
            ProbeVerdict::Failed { failure } => failure.explain().title,
            verdict => verdict.kind().replace('_', " "),
        };
        facts.push(("", format!("{}: {certificate}, {verdict}", row.address)));
    }
    facts
}
