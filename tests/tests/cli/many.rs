//! `certwright probe --file`: many hosts in one run, against real servers.

use std::fs;

use certwright_protocol::report::ProbeReport;
use certwright_protocol::ui::HostRow;
use certwright_tests::authority::Authority;
use certwright_tests::nginx::{ClientCheck, Nginx, Tls};
use certwright_tests::peers::{OpensslServer, closed_port};
use serde_json::Value;

use crate::{Desk, run, text};

/// Rows of a run, by their host and port, in the order of the list.
fn rows(desk: &Desk, options: &[&str], list: &[(String, u16)]) -> (i32, Vec<HostRow>) {
    let lines: Vec<String> = list.iter().map(|(host, port)| format!("{host}:{port}")).collect();
    fs::write(desk.path("hosts.txt"), lines.join("\n")).unwrap();
    let mut arguments = vec!["probe".to_owned(), "--file".into(), desk.name("hosts.txt"), "--jsonl".into()];
    arguments.extend(options.iter().map(|&option| option.to_owned()));
    let output = run(&arguments);
    let mut rows: Vec<HostRow> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    let place = |row: &HostRow| {
        list.iter().position(|(host, port)| (host, *port) == (&row.target.host, row.target.port))
    };
    rows.sort_by_key(place);
    (output.status.code().unwrap(), rows)
}

#[test]
fn a_list_has_a_row_for_every_host_and_is_compared_with_the_run_before() {
    let desk = Desk::new();
    let (receiver, company) = (Authority::new("Receiver"), Authority::new("Company"));
    let certificate = receiver.server_certificate("localhost", "DNS:localhost");
    let plain = Nginx::start(Tls::Only13, &certificate, &ClientCheck::None);
    let asking = Nginx::start(Tls::Only12, &certificate, &ClientCheck::Required(company.bundle()));
    let renewed = OpensslServer::start(&certificate, &[]);
    let list = [
        ("localhost".to_owned(), plain.port()),
        ("localhost".to_owned(), asking.port()),
        ("127.0.0.1".to_owned(), plain.port()),
        ("localhost".to_owned(), closed_port()),
        ("localhost".to_owned(), renewed.port()),
    ];
    let root = text(&receiver.root());
    let (status, first) = rows(&desk, &["--trust", &root, "--concurrency", "2"], &list);
    assert_eq!(status, 1, "not all are good");
    let told: Vec<&str> = first.iter().map(|row| row.verdict.as_str()).collect();
    assert_eq!(told, ["reached", "certificate_demanded", "host_mismatch", "connection_refused", "reached"]);
    assert_eq!(first[0].version.as_deref(), Some("TLS 1.3"));
    assert_eq!((first[0].client_certificate, first[1].client_certificate), (Some(false), Some(true)));
    assert!(first[0].days_left.is_some_and(|days| days > 0), "{:?}", first[0]);
    assert_eq!(first[3].sha256, None);

    // The same again: nothing is other. Then one of them has another certificate, and speaks TLS 1.2.
    let lines: Vec<String> = first.iter().map(|row| serde_json::to_string(row).unwrap()).collect();
    fs::write(desk.path("before.jsonl"), lines.join("\n")).unwrap();
    let compared = ["--trust", &root, "--compare", &desk.name("before.jsonl")];
    let (_, again) = rows(&desk, &compared, &list);
    assert!(again.iter().all(|row| row.changes.is_empty()), "{again:?}");
    let port = renewed.port();
    drop(renewed);
    let other = receiver.server_certificate("localhost", "DNS:localhost");
    let _renewed = OpensslServer::start_on(port, &other, &["-tls1_2"]);
    let (_, later) = rows(&desk, &compared, &list);
    let changes = &later[4].changes;
    assert!(changes.iter().any(|change| change.starts_with("other certificate")), "{changes:?}");
    assert!(changes.iter().any(|change| change == "TLS version: TLS 1.2, was TLS 1.3"), "{changes:?}");
    assert!(later[..4].iter().all(|row| row.changes.is_empty()), "{later:?}");

    // All good is status 0.
    assert_eq!(rows(&desk, &["--trust", &root], &list[..1]).0, 0);
}

#[test]
fn lists_are_read_leniently_and_written_for_spreadsheets() {
    let desk = Desk::new();
    let authority = Authority::new("Receiver");
    let server = OpensslServer::start(&authority.server_certificate("localhost", "DNS:localhost"), &[]);
    let list = format!("Port;Host;Remark\n{};localhost;=1+1\nx;a.example;\n", server.port());
    fs::write(desk.path("hosts.csv"), list).unwrap();
    let arguments = ["probe", "--file", &desk.name("hosts.csv"), "--mozilla"];
    let with = |more: &[&str]| {
        let all: Vec<String> = arguments.iter().chain(more).map(|&argument| argument.to_owned()).collect();
        run(&all)
    };
    let csv = with(&["--csv"]);
    assert_eq!(csv.status.code(), Some(1));
    let told = String::from_utf8_lossy(&csv.stderr).into_owned();
    assert!(told.contains("line 3: “x” is no port"), "{told}");
    let table = String::from_utf8(csv.stdout).unwrap();
    assert!(table.starts_with("\u{feff}Host,Port,") && table.lines().count() == 2, "{table}");

    let json: Value = serde_json::from_slice(&with(&["--json"]).stdout).unwrap();
    assert_eq!(json[0]["target"]["port"], server.port());
    let full = with(&["--jsonl", "--reports"]);
    let line: Value = serde_json::from_slice(&full.stdout).unwrap();
    let report: ProbeReport = serde_json::from_value(line["report"].clone()).unwrap();
    assert_eq!(report.target.port, server.port());

    fs::write(desk.path("none.txt"), "# nothing\n").unwrap();
    let nothing = run(&["probe".into(), "--file".into(), desk.name("none.txt")]);
    assert_eq!(nothing.status.code(), Some(2));
}
