//! `certwright probe` against real peers.

use certwright_protocol::report::{CertificateUse, ProbeReport, ProbeVerdict, Refusal, WhyNotUsed};
use certwright_tests::authority::{Authority, ServerCertificate};
use certwright_tests::nginx::{ClientCheck, Nginx, Tls};
use certwright_tests::peers::{OpensslServer, closed_port};

use crate::{run, text};

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
fn targets_as_people_paste_them() {
    let mut parties = Parties::new();
    parties.server =
        parties.receiver.server_certificate("localhost", "DNS:localhost,DNS:xn--mller-kva.example");
    let server = OpensslServer::start(&parties.server, &[]);
    let machine = ["--connect-to".into(), format!("127.0.0.1:{}", server.port())];
    let address = format!("https://user@localhost:{}/orders?id=1", server.port());
    for (target, route, host, port) in [
        (address.as_str(), &[][..], "localhost", server.port()),
        ("localhost", &machine, "localhost", 443),
        ("LDAPS://localhost/", &machine, "localhost", 636),
        // SNI and the certificate's names have A-labels.
        ("Müller.example:8443", &machine, "xn--mller-kva.example", 8443),
    ] {
        let (status, report) = probe(target, &[&parties.trust(), route]);
        assert_eq!((status, &report.verdict), (0, &Some(ProbeVerdict::Reached)), "{target}");
        assert_eq!((report.target.host.as_str(), report.target.port), (host, port), "{target}");
    }
}
