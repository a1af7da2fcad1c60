//! Many hosts: reads a list of them, makes a row of the table of each probe's report, writes the table, and compares it with that of an earlier run.
//!
//! The probes themselves are those of [`crate::probe`]; whoever has sockets runs them, several at a time.

mod changes;
mod list;
mod table;

pub use changes::{compare, read_rows};
pub use list::{named_in, parse_hosts, parse_target};
pub use table::{to_csv, to_json};

use certwright_protocol::report::{ProbeReport, ProbeVerdict};
use certwright_protocol::ui::{HostRow, HostTarget, HostsFormat, ProbePlan, ProbeSheet, Response};
use certwright_protocol::view::ChainView;

use certwright_protocol::conversation::ServerNameIndication;

/// The plan for one host: `common`, with what the list says of it.
pub fn plan_for(target: &HostTarget, common: &ProbePlan) -> ProbePlan {
    ProbePlan {
        host: target.host.clone(),
        port: target.port,
        starttls: target.starttls,
        server_name: match &target.server_name {
            Some(name) => ServerNameIndication::Name(name.clone()),
            None => common.server_name.clone(),
        },
        ..common.clone()
    }
}

/// A row that waits for its probe.
pub fn waiting_row(target: HostTarget) -> HostRow {
    HostRow {
        target,
        tone: None,
        verdict: String::new(),
        title: String::new(),
        what_happened: String::new(),
        what_to_try: String::new(),
        subject: None,
        issuer: None,
        not_after: None,
        days_left: None,
        sha256: None,
        version: None,
        cipher_suite: None,
        client_certificate: None,
        address: None,
        took_ms: 0,
        changes: Vec::new(),
    }
}

/// The row of a finished probe. `now` is in Unix seconds.
pub fn row(target: HostTarget, report: &ProbeReport, took_ms: u64, now: i64) -> HostRow {
    let mut row = waiting_row(target);
    row.took_ms = took_ms;
    let sheet = ProbeSheet::from(report);
    if let Some(verdict) = sheet.verdict {
        row.tone = Some(verdict.tone);
        row.verdict = match &report.verdict {
            Some(ProbeVerdict::ServerNotTrusted) => untrusted_because(report.chain.as_ref()),
            _ => None,
        }
        .or(verdict.failure)
        .unwrap_or(verdict.told.kind);
        row.title = verdict.told.words.title;
        row.what_happened = verdict.told.words.what_happened;
        row.what_to_try = verdict.told.words.what_to_try;
    }
    if let Some(diagnosis) = report.diagnosis.as_ref() {
        let words = diagnosis.explain();
        row.verdict = diagnosis.cause.kind().to_owned();
        row.title = words.title;
        row.what_happened = words.what_happened;
        row.what_to_try = words.what_to_try;
    }
    if let Some(own) = report.chain.as_ref().and_then(|chain| chain.sent.first()) {
        row.subject = Some(own.name.clone());
        row.issuer = Some(own.issuer_name.clone());
        row.not_after = Some(own.not_after);
        row.days_left = Some(own.not_after.saturating_sub(now).div_euclid(86_400));
        row.sha256 = Some(own.sha256.clone());
    }
    row.version = report.version.map(|version| version.title().to_owned());
    row.cipher_suite.clone_from(&report.cipher_suite);
    row.client_certificate = report.client_authentication.requested;
    row.address = report.remote.map(|address| address.to_string());
    row
}

/// The table as a file to download.
pub fn to_file(rows: &[HostRow], format: HostsFormat) -> Response {
    let (name, media_type, text) = match format {
        HostsFormat::Csv => ("hosts.csv", "text/csv", to_csv(rows)),
        HostsFormat::Json => ("hosts.json", "application/json", to_json(rows)),
    };
    Response::File { name: name.into(), media_type: media_type.into(), content: text.into_bytes().into() }
}

/// What is wrong with the chain in a word, which tells more than that it is not trusted.
fn untrusted_because(chain: Option<&ChainView>) -> Option<String> {
    let failure = chain?.failures.first()?;
    Some(certwright_protocol::kind_of(&failure.reason))
}
