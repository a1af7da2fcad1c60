//! The command line against real peers: `certwright probe` and `certwright inspect`, their words, their JSON, their exit
//! statuses (0 as wished, 1 the answer is no, 2 wrong usage or unreadable input).
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says no by panicking")]

use std::path::Path;
use std::process::Output;

use certwright_protocol::report::{
    CertificateUse, Inspection, ProbeReport, ProbeVerdict, Refusal, WhyNotUsed,
};
use certwright_tests::authority::{Authority, Reply, ServerCertificate};
use certwright_tests::nginx::{ClientCheck, Nginx, Tls};
use certwright_tests::openssl;
use certwright_tests::peers::{OpensslServer, closed_port};
use certwright_tests::program::certwright_output;

const PASSWORD: &str = "a password 1";

struct Parties {
    company: Authority,
    receiver: Authority,
    stranger: Authority,
    server: ServerCertificate,
    client: ServerCertificate,
}

impl Parties {
    fn new() -> Self {
        let (company, receiver) = (Authority::new("Company"), Authority::new("Receiver"));
        let server = receiver.server_certificate("localhost", "DNS:localhost,IP:127.0.0.1");
        let client = company.client_certificate("batch-client");
        Self { company, receiver, stranger: Authority::new("Stranger"), server, client }
    }

    fn trust(&self) -> [String; 2] {
        ["--trust".into(), text(&self.receiver.root())]
    }

    fn identity(&self) -> [String; 4] {
        ["--cert".into(), text(&self.client.chain), "--key".into(), text(&self.client.key)]
    }
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

/// Runs `certwright probe` twice, for people and for programs: both have the same exit status.
fn probe(target: &str, options: &[&[String]]) -> (i32, ProbeReport) {
    let mut arguments = vec!["probe".to_owned(), target.to_owned()];
    arguments.extend(options.iter().flat_map(|options| options.iter().cloned()));
    let for_people = run(&arguments);
    arguments.push("--json".into());
    let for_programs = run(&arguments);
    assert_eq!(for_people.status.code(), for_programs.status.code(), "{for_people:?}\n{for_programs:?}");
    assert!(String::from_utf8_lossy(&for_people.stdout).split_whitespace().count() > 5, "{for_people:?}");
    let report = serde_json::from_slice(&for_programs.stdout)
        .unwrap_or_else(|error| panic!("{error}: {for_programs:?}"));
    (for_programs.status.code().unwrap(), report)
}

fn run(arguments: &[String]) -> Output {
    certwright_output(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn probes_of_servers_that_want_a_certificate() {
    let parties = Parties::new();
    let (trust, identity) = (parties.trust(), parties.identity());
    for tls in [Tls::Only13, Tls::Only12] {
        let nginx = Nginx::start(tls, &parties.server, &ClientCheck::Required(parties.company.bundle()));
        let target = format!("localhost:{}", nginx.port());

        let (status, report) = probe(&target, &[&trust, &identity]);
        assert_eq!((status, &report.verdict), (0, &Some(ProbeVerdict::Reached)), "{tls:?}");
        let used = report.client_authentication.used.unwrap();
        assert!(matches!(used, CertificateUse::Accepted { .. }), "{tls:?}: {used:?}");
        assert!(nginx.log().contains("200 SUCCESS \"CN=batch-client"), "{}", nginx.log());
        assert!(report.chain.unwrap().trusted);

        let (status, report) = probe(&target, &[&trust]);
        assert_eq!((status, &report.verdict), (1, &Some(ProbeVerdict::CertificateDemanded)), "{tls:?}");
        let authorities = report.client_authentication.authorities;
        assert!(authorities.iter().any(|name| name.contains("Company Root")), "{authorities:?}");

        // Without the receiver's root, Mozilla's are the anchors, and nothing is signed.
        let (status, report) = probe(&target, &[&identity]);
        assert_eq!((status, &report.verdict), (1, &Some(ProbeVerdict::ServerNotTrusted)), "{tls:?}");
        let used = report.client_authentication.used.unwrap();
        assert!(
            matches!(used, CertificateUse::NotUsed { why: WhyNotUsed::ServerNotTrusted, .. }),
            "{used:?}"
        );

        // The user's own risk: the certificate is used, and the chain is still not trusted.
        let (_, report) = probe(&target, &[&identity, &["--no-validate".into()]]);
        let used = report.client_authentication.used.unwrap();
        assert!(matches!(used, CertificateUse::Accepted { .. }), "{tls:?}: {used:?}");
        assert!(!report.chain.unwrap().trusted);
    }
}

#[test]
fn probes_that_are_refused() {
    let parties = Parties::new();
    let (trust, identity) = (parties.trust(), parties.identity());
    let nginx = Nginx::start(Tls::Only13, &parties.server, &ClientCheck::Required(parties.stranger.bundle()));
    let (status, report) = probe(&format!("localhost:{}", nginx.port()), &[&trust, &identity]);
    assert_eq!((status, &report.verdict), (1, &Some(ProbeVerdict::CertificateRefused)));

    for version in ["-tls1_3", "-tls1_2"] {
        let demanding = OpensslServer::demanding(&parties.stranger.bundle());
        let mut options: Vec<&str> = demanding.iter().map(String::as_str).collect();
        options.push(version);
        let server = OpensslServer::start(&parties.server, &options);
        let (status, report) = probe(&format!("127.0.0.1:{}", server.port()), &[&trust, &identity]);
        assert_eq!((status, &report.verdict), (1, &Some(ProbeVerdict::CertificateRefused)), "{version}");
        let used = report.client_authentication.used.unwrap();
        // unknown_ca (RFC 8446 section 6.2)
        assert!(
            matches!(used, CertificateUse::Refused { by: Refusal::Alert { code: 48 }, .. }),
            "{version}: {used:?}"
        );
    }
}

#[test]
fn probes_of_servers_that_want_none_and_of_nothing() {
    let parties = Parties::new();
    let trust = parties.trust();
    let server = OpensslServer::start(&parties.server, &[]);
    let (status, report) = probe(&format!("localhost:{}", server.port()), &[&trust, &parties.identity()]);
    assert_eq!((status, &report.verdict), (0, &Some(ProbeVerdict::Reached)));
    let used = report.client_authentication.used.unwrap();
    assert!(matches!(used, CertificateUse::NotUsed { why: WhyNotUsed::NotRequested, .. }), "{used:?}");

    let (status, report) = probe(&format!("127.0.0.1:{}", closed_port()), &[&trust]);
    assert_eq!(status, 1);
    assert!(matches!(report.verdict, Some(ProbeVerdict::Failed { .. })), "{:?}", report.verdict);
}

#[test]
fn wrong_usage_is_status_2() {
    for arguments in [
        vec!["probe"],
        vec!["probe", "localhost"],
        vec!["probe", "localhost:0"],
        vec!["probe", "localhost:443", "--cert", "only-half.pem"],
        vec!["probe", "localhost:443", "--trust", "no-such-file.pem"],
        vec!["inspect"],
        vec!["inspect", "no-such-file.pem"],
        vec!["serve", "--listen", "nowhere"],
        vec!["no-such-command"],
        vec![],
    ] {
        let output = certwright_output(&arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {output:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}: {output:?}");
    }
}

fn inspect(arguments: &[&str]) -> (i32, Vec<Inspection>) {
    let mut all = vec!["inspect"];
    all.extend(arguments);
    let for_people = certwright_output(&all);
    all.push("--json");
    let output = certwright_output(&all);
    assert_eq!(for_people.status.code(), output.status.code(), "{for_people:?}\n{output:?}");
    let inspections =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    (output.status.code().unwrap(), inspections)
}

#[test]
fn files_are_inspected() {
    let company = Authority::new("Company");
    let client = company.client_certificate("batch-client");
    let (key, leaf, chain) = (text(&client.key), text(&client.leaf), text(&client.chain));
    let (p12, p7b) = (text(&company.path("client.p12")), text(&company.path("reply.p7b")));
    let bundle = text(&company.bundle());
    openssl::run([
        "pkcs12",
        "-export",
        "-inkey",
        &key,
        "-in",
        &leaf,
        "-certfile",
        &bundle,
        "-name",
        "batch",
        "-passout",
        &format!("pass:{PASSWORD}"),
        "-out",
        &p12,
    ]);
    std::fs::write(&p7b, company.reply(&client.leaf, Reply::Pkcs7)).unwrap();

    let (status, found) = inspect(&[&chain, &p7b, &key]);
    assert_eq!((status, found.len()), (0, 3));
    let counts: Vec<(usize, usize)> = found
        .iter()
        .map(|one| one.report.as_ref().unwrap())
        .map(|report| (report.certificates.len(), report.key_pairs.len()))
        .collect();
    assert_eq!(counts, [(2, 0), (3, 0), (0, 1)]);

    let password_file = company.path("password");
    std::fs::write(&password_file, format!("{PASSWORD}\n")).unwrap();
    for options in [["--password", PASSWORD], ["--password-file", password_file.to_str().unwrap()]] {
        let (status, found) = inspect(&[&[p12.as_str()], options.as_slice()].concat());
        assert_eq!(status, 0);
        let report = found.first().unwrap().report.as_ref().unwrap();
        let pair = report.key_pairs.first().unwrap();
        assert_eq!((pair.alias.as_deref(), pair.key.as_str()), (Some("batch"), "RSA 2048"));
        assert!(pair.certificates.first().unwrap().subject.contains("CN=batch-client"));
    }
}

#[test]
fn files_that_cannot_be_read_are_status_2() {
    let company = Authority::new("Company");
    let client = company.client_certificate("batch-client");
    let (key, leaf, p12) = (text(&client.key), text(&client.leaf), company.path("client.p12"));
    let password = format!("pass:{PASSWORD}");
    openssl::run([
        "pkcs12",
        "-export",
        "-inkey",
        &key,
        "-in",
        &leaf,
        "-passout",
        &password,
        "-out",
        &text(&p12),
    ]);
    let truncated = company.path("truncated.p12");
    let whole = std::fs::read(&p12).unwrap();
    std::fs::write(&truncated, whole.get(..whole.len() / 2).unwrap()).unwrap();

    let mut kinds = Vec::new();
    for arguments in [
        vec![text(&p12)],
        vec![text(&p12), "--password".into(), "not the password".into()],
        vec![text(&truncated), "--password".into(), PASSWORD.into()],
    ] {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let (status, found) = inspect(&arguments);
        assert_eq!(status, 2, "{arguments:?}");
        let problem = found.first().unwrap().problem.clone().unwrap();
        let kind = serde_json::to_value(&problem).unwrap().get("kind").unwrap().as_str().unwrap().to_owned();
        kinds.push(kind);
    }
    assert_eq!(kinds, ["password_needed", "password_wrong", "file_damaged"]);

    // One that can be read beside one that cannot: the good one is shown all the same.
    let (status, found) = inspect(&[&leaf, &text(&truncated)]);
    assert_eq!(status, 2);
    assert_eq!(found.iter().map(|one| one.report.is_some()).collect::<Vec<_>>(), [true, false]);
}
