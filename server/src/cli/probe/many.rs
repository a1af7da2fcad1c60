//! `certwright probe --file`: every host of a list, several at a time, a row for each as soon as it is there.
//!
//! Rows go to standard output: for people, as JSON Lines, or as CSV or a JSON array at the end. What is told about the run (wrong lines, progress, the
//! sum) goes to standard error. Ctrl-C stops: what is running is given up, what is done is told.

use std::collections::BTreeMap;
use std::io::{BufWriter, IsTerminal, Read, Stdout, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use certwright_engine::hosts::{compare, parse_hosts, read_rows, row, to_csv, to_json};
use certwright_engine::probe::Probe;
use certwright_engine::trust::Seen;
use certwright_protocol::catalogue::format_time;
use certwright_protocol::report::ProbeReport;
use certwright_protocol::ui::inspect::Tone;
use certwright_protocol::ui::{HostRow, HostTarget};
use certwright_server::conversation::Limits;
use certwright_server::local;
use certwright_server::policy::TargetPolicy;
use serde::Serialize;
use tokio::task::JoinSet;

use super::arguments::Chosen;
use crate::cli::{Exit, complain, unix_ms};

/// Longest list that is read, in octets.
const MAX_FILE: u64 = 8 * 1024 * 1024;

/// Options about many hosts.
#[derive(Debug, clap::Args)]
pub(super) struct ManyOptions {
    /// Probe every host of this list, or of standard input (-): a line for each, `host`, `host:port`, an address, or CSV with host, port,
    /// protocol before TLS and server name.
    #[arg(long, value_name = "FILE", conflicts_with = "target")]
    file: Option<PathBuf>,
    /// Probes at a time.
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=256), requires = "file")]
    concurrency: u16,
    /// Print JSON Lines: a row for each host as soon as it is done (see docs/json.md).
    #[arg(long, requires = "file", conflicts_with = "json")]
    jsonl: bool,
    /// With --jsonl: put the whole report of each probe into its row.
    #[arg(long, requires = "jsonl")]
    reports: bool,
    /// Print the table as CSV once all are done.
    #[arg(long, requires = "file", conflicts_with_all = ["json", "jsonl"])]
    csv: bool,
    /// Look for the cause where a host fails: up to 12 more connections for each such host.
    #[arg(long, requires = "file", conflicts_with = "no_diagnosis")]
    diagnose: bool,
    /// Compare with the rows of an earlier run: a file that --jsonl or --json printed.
    #[arg(long, value_name = "FILE", requires = "file")]
    compare: Option<PathBuf>,
}

/// A row with its report.
#[derive(Serialize)]
struct FullRow<'a> {
    #[serde(flatten)]
    row: &'a HostRow,
    report: &'a ProbeReport,
}

/// How rows are printed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    People,
    Lines { reports: bool },
    Csv,
    Json,
}

impl ManyOptions {
    /// Whether there is a list.
    pub(super) fn wanted(&self) -> bool {
        self.file.is_some()
    }

    /// Probes all. `json` prints an array of rows at the end.
    pub(super) async fn run(&self, mut chosen: Chosen, json: bool) -> ExitCode {
        chosen.set_diagnose(self.diagnose);
        let form = match (json, self.jsonl, self.csv) {
            (true, ..) => Form::Json,
            (_, true, _) => Form::Lines { reports: self.reports },
            (_, _, true) => Form::Csv,
            _ => Form::People,
        };
        let before = match self.compare.as_ref().map(read_text).transpose() {
            Ok(None) => None,
            Ok(Some(text)) => match read_rows(&text) {
                Some(rows) => Some(rows),
                None => {
                    return complain(
                        "The file of --compare holds no rows of an earlier run. Write them with --jsonl or --json.",
                    );
                }
            },
            Err(message) => return complain(message),
        };
        let text = match self.file.as_ref().map(read_text) {
            Some(Ok(text)) => text,
            Some(Err(message)) => return complain(message),
            None => return complain("There is no list."),
        };
        let list = parse_hosts(&text);
        for (line, why) in &list.wrong {
            say(&format!("certwright: line {line}: {why}."));
        }
        if list.hosts.is_empty() {
            return complain("The list names no host. Write one on each line, like erp.example.com:443.");
        }
        let run = Run {
            chosen,
            form,
            before: before.unwrap_or_default(),
            comparing: self.compare.is_some(),
            seen: Seen::default(),
            out: BufWriter::new(std::io::stdout()),
        };
        run.all(list.hosts, usize::from(self.concurrency), !list.wrong.is_empty()).await
    }
}

struct Run {
    chosen: Chosen,
    form: Form,
    before: Vec<HostRow>,
    comparing: bool,
    seen: Seen,
    out: BufWriter<Stdout>,
}

impl Run {
    async fn all(mut self, hosts: Vec<HostTarget>, concurrency: usize, lines_wrong: bool) -> ExitCode {
        let count = hosts.len();
        let begun = Instant::now();
        let mut waiting = hosts.into_iter().enumerate();
        let mut running = JoinSet::new();
        let mut done: BTreeMap<usize, HostRow> = BTreeMap::new();
        let policy = Arc::new(TargetPolicy::loopback());
        let mut stopped = false;
        let shows_progress = std::io::stderr().is_terminal() && !std::io::stdout().is_terminal();
        let mut interrupted = std::pin::pin!(tokio::signal::ctrl_c());
        loop {
            while running.len() < concurrency && !stopped {
                let Some((number, target)) = waiting.next() else { break };
                let probe = self.begin(&target);
                let policy = Arc::clone(&policy);
                running.spawn(async move { (number, run_one(target, probe, policy).await) });
            }
            // Several that are done by now are printed at once.
            let ended = match running.try_join_next() {
                Some(ended) => Some(ended),
                None if self.out.flush().is_err() => return Exit::Wrong.into(),
                None => tokio::select! {
                    ended = running.join_next() => ended,
                    _ = &mut interrupted, if !stopped => {
                        stopped = true;
                        running.abort_all();
                        continue;
                    }
                },
            };
            let (number, (mut row, report)) = match ended {
                Some(Ok(ended)) => ended,
                // A panic in one probe is that probe's loss.
                Some(Err(_)) => continue,
                None => break,
            };
            if self.comparing {
                compare(std::slice::from_mut(&mut row), &self.before);
            }
            if let Err(status) = self.tell(&row, report.as_ref()) {
                return status;
            }
            done.insert(number, row);
            if shows_progress {
                progress(done.len(), count);
            }
        }
        self.end(done.into_values().collect(), count, begun.elapsed(), lines_wrong)
    }

    fn begin(
        &self,
        target: &HostTarget,
    ) -> Result<(Probe, certwright_protocol::conversation::ToServer), String> {
        let plan = self.chosen.plan_for(target);
        Probe::start(plan, &self.chosen.keystore, self.chosen.anchors.clone(), unix_ms())
            .map(|(probe, opening)| (probe.sharing(&self.seen), opening))
            .map_err(|problem| problem.to_line())
    }

    /// Prints a row that is done, where rows are printed one by one.
    fn tell(&mut self, row: &HostRow, report: Option<&ProbeReport>) -> Result<(), ExitCode> {
        let line = match self.form {
            Form::Csv | Form::Json => return Ok(()),
            Form::People => for_people(row),
            Form::Lines { reports } => {
                let line = match report.filter(|_| reports) {
                    Some(report) => serde_json::to_string(&FullRow { row, report }),
                    None => serde_json::to_string(row),
                };
                line.map_err(complain)?
            }
        };
        writeln!(self.out, "{line}").map_err(|_| Exit::Wrong.into())
    }

    fn end(mut self, rows: Vec<HostRow>, count: usize, took: Duration, lines_wrong: bool) -> ExitCode {
        let table = match self.form {
            Form::Csv => Some(to_csv(&rows)),
            Form::Json => Some(to_json(&rows) + "\n"),
            Form::People | Form::Lines { .. } => None,
        };
        if let Some(table) = table
            && write!(self.out, "{table}").is_err()
        {
            return Exit::Wrong.into();
        }
        if self.out.flush().is_err() {
            return Exit::Wrong.into();
        }
        let good = rows.iter().filter(|row| matches!(row.tone, Some(Tone::Good | Tone::Info))).count();
        let per_second = rows.len() as f64 / took.as_secs_f64().max(0.001);
        let mut sum = format!(
            "{} of {count} hosts probed in {:.1} s ({per_second:.0} a second): {good} good, {} not",
            rows.len(),
            took.as_secs_f64(),
            rows.len() - good
        );
        if self.comparing {
            let changed = rows.iter().filter(|row| !row.changes.is_empty()).count();
            sum.push_str(&format!("; {changed} other than before"));
        }
        say(&sum);
        if good == count && !lines_wrong { Exit::Yes.into() } else { Exit::No.into() }
    }
}

async fn run_one(
    target: HostTarget,
    probe: Result<(Probe, certwright_protocol::conversation::ToServer), String>,
    policy: Arc<TargetPolicy>,
) -> (HostRow, Option<ProbeReport>) {
    let begun = Instant::now();
    match probe {
        Ok((probe, opening)) => {
            let report = local::run(probe, opening, policy, Limits::default()).await;
            let took = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            (row(target, &report, took, unix_ms().div_euclid(1000)), Some(report))
        }
        Err(problem) => {
            let mut row = certwright_engine::hosts::waiting_row(target);
            row.tone = Some(Tone::Bad);
            row.verdict = "not_begun".into();
            row.title = problem;
            (row, None)
        }
    }
}

/// A line for people: verdict, host, until when, issuer.
fn for_people(row: &HostRow) -> String {
    let mark = match row.tone {
        Some(Tone::Good) => "ok  ",
        Some(Tone::Info) => "ok? ",
        Some(Tone::Warn) => "warn",
        Some(Tone::Bad) | None => "FAIL",
    };
    let mut line = format!("{mark} {}:{} {}", row.target.host, row.target.port, row.title);
    let facts = [
        row.version.clone(),
        row.not_after.map(|until| format!("until {}", format_time(until))),
        row.issuer.as_ref().map(|issuer| format!("by {issuer}")),
    ];
    for fact in facts.into_iter().flatten() {
        line.push_str(", ");
        line.push_str(&fact);
    }
    for change in &row.changes {
        line.push_str("\n       changed: ");
        line.push_str(change);
    }
    line
}

/// A word on standard error. If nobody takes it, nothing is lost.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// How far it is, on one line that is written over.
fn progress(done: usize, count: usize) {
    let _ = write!(std::io::stderr(), "\r{done} of {count}{}", if done == count { "\r\n" } else { "" });
}

fn read_text(path: &PathBuf) -> Result<String, String> {
    let wrong = |why: &dyn std::fmt::Display| format!("{} cannot be read: {why}.", path.display());
    let mut text = String::new();
    let read = if path.as_os_str() == "-" {
        std::io::stdin().lock().take(MAX_FILE + 1).read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(MAX_FILE + 1).read_to_string(&mut text))
    };
    let length = read.map_err(|error| wrong(&error))?;
    if length as u64 > MAX_FILE {
        return Err(wrong(&format_args!("it has more than {} MB", MAX_FILE / 1024 / 1024)));
    }
    Ok(text)
}
