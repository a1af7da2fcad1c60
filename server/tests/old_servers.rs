//! Old and odd servers, found out with our own ClientHello: what a survey and a single ClientHello say of `openssl s_server`, tlslite-ng,
//! nginx and gnutls-serv, beside what `openssl s_client`, sslyze and testssl.sh say of the same servers in the same run.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

#[path = "old_servers/clients.rs"]
mod clients;
mod common;
#[path = "old_servers/peers.rs"]
mod peers;
#[path = "old_servers/scripted.rs"]
mod scripted;
#[path = "old_servers/second_opinions.rs"]
mod second_opinions;

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use certwright_protocol::Password;
use certwright_protocol::conversation::{
    Feature, HelloAnswer, HelloSpec, ProbeFailure, Proxy, ProxyCredentials, ProxyFault, ProxyKind, Route,
    ServerEvent, ServerHelloSeen, ServerNameIndication, Survey, SurveySpec, SurveyedVersion, Target,
    TlsVersion, ToServer,
};
use certwright_protocol::suites::{Suite, suite_name};
use certwright_server::conversation::Limits;
use certwright_server::policy::TargetPolicy;
use common::daemons::{microsocks, tinyproxy};
use common::{Browser, P256, Pki, converse, failure, nginx, openssl, s_server};

/// Everything that openssl has.
const ALL_SUITES: &str = "ALL:COMPLEMENTOFALL:@SECLEVEL=0";
/// s_server with everything that it can do switched on.
const WEAK: &[&str] = &["-cipher", ALL_SUITES, "-min_protocol", "TLSv1", "-dhparam", "dh1024.pem"];

/// What a survey said.
struct Surveyed {
    versions: Vec<SurveyedVersion>,
    rest: Survey,
}

impl Surveyed {
    fn version(&self, version: TlsVersion) -> &SurveyedVersion {
        self.versions.iter().find(|found| found.version == version).unwrap()
    }

    fn spoken(&self) -> Vec<TlsVersion> {
        let spoken = self.versions.iter().filter(|found| found.spoken == Some(true));
        let mut spoken: Vec<TlsVersion> = spoken.map(|found| found.version).collect();
        spoken.sort();
        spoken
    }

    fn suites(&self, version: TlsVersion) -> BTreeSet<String> {
        self.version(version).suites.iter().map(|suite| suite.name.clone()).collect()
    }

    fn feature(&self, feature: Feature) -> Option<bool> {
        self.rest.features.iter().find(|found| found.feature == feature).map(|found| found.found)
    }
}

async fn events(opening: ToServer) -> Vec<ServerEvent> {
    converse(opening, Browser::HasNone, TargetPolicy::loopback(), Limits::default()).await
}

async fn survey_of(target: Target, survey: SurveySpec) -> Surveyed {
    let events = events(ToServer::Survey { target, survey }).await;
    assert_eq!(failure(&events), None, "{events:?}");
    let versions = events.iter().filter_map(|event| match event {
        ServerEvent::Surveyed(version) => Some(version.clone()),
        _ => None,
    });
    let rest = events.iter().find_map(|event| match event {
        ServerEvent::SurveyDone(rest) => Some(rest.clone()),
        _ => None,
    });
    Surveyed { versions: versions.collect(), rest: rest.expect("the survey is done") }
}

async fn survey(port: u16) -> Surveyed {
    survey_of(Target::new("localhost", port), SurveySpec::everything()).await
}

/// The answer to one ClientHello.
async fn hello(port: u16, hello: HelloSpec) -> Result<HelloAnswer, ProbeFailure> {
    let events = events(ToServer::Hello { target: Target::new("localhost", port), hello }).await;
    let answer = events.iter().find_map(|event| match event {
        ServerEvent::HelloAnswered { answer } => Some(answer.clone()),
        _ => None,
    });
    match failure(&events) {
        None => Ok(answer.expect("an answer or a failure")),
        Some(failure) => Err(failure.clone()),
    }
}

async fn server_hello(port: u16, spec: HelloSpec) -> ServerHelloSeen {
    match hello(port, spec).await {
        Ok(HelloAnswer::ServerHello(seen)) => *seen,
        other => panic!("{other:?}"),
    }
}

/// A certification authority, a server with RSA 1024, one with RSA 2048, one with P-256, and groups for DHE.
fn old_pki() -> Pki {
    let pki = Pki::new();
    let names: &[&str] = &["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
    pki.issue("rsa1024", "root", &["rsa:1024"], names);
    pki.issue("rsa", "root", &["rsa:2048"], names);
    std::fs::copy(pki.file("root.pem"), pki.file("trusted.pem")).unwrap();
    for bits in ["1024", "2048"] {
        openssl(pki.path(), &["dhparam", "-dsaparam", "-out", &format!("dh{bits}.pem"), bits]);
    }
    pki
}

/// Whether `openssl s_client` comes to terms with the server.
fn s_client(port: u16, arguments: &[&str]) -> bool {
    let status = Command::new("openssl")
        .args(["s_client", "-connect", &format!("127.0.0.1:{port}"), "-servername", "localhost"])
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.unwrap().success()
}

/// The suites that `openssl s_client` speaks in a version, by IANA's names and by its own.
fn openssl_suites(version: &str) -> Vec<(String, String)> {
    let listed =
        openssl(std::path::Path::new("/"), &["ciphers", "-s", version, "-V", "-stdname", ALL_SUITES]);
    let lines = String::from_utf8(listed).unwrap();
    let fields = lines.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    fields.map(|fields| (fields[2].to_owned(), fields[4].to_owned())).collect()
}

#[test]
fn the_table_of_suites_is_that_of_openssl() {
    let listed = openssl(std::path::Path::new("/"), &["ciphers", "-V", "-stdname", ALL_SUITES]);
    let mut compared = 0;
    for line in String::from_utf8(listed).unwrap().lines() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (high, low) = fields[0].split_once(',').unwrap();
        let code = u16::from_str_radix(&[high, low].concat().replace("0x", ""), 16).unwrap();
        let suite = Suite::from_code(code).unwrap_or_else(|| panic!("{line}"));
        assert_eq!(suite.name, fields[2]);
        // openssl calls suites of SSL 3.0 so even where elliptic curves and pre-shared keys came with TLS 1.0.
        let since = match fields[5] {
            "SSLv3" => TlsVersion::Ssl3,
            "TLSv1" => TlsVersion::Tls10,
            "TLSv1.2" => TlsVersion::Tls12,
            "TLSv1.3" => TlsVersion::Tls13,
            other => panic!("{other}"),
        };
        assert!(
            suite.since() == since || (since == TlsVersion::Ssl3 && suite.since() == TlsVersion::Tls10),
            "{line}: {:?}",
            suite.since()
        );
        compared += 1;
    }
    assert!(compared > 120, "{compared}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_openssl_speaks_is_what_its_client_says() {
    let pki = old_pki();
    let server = s_server(&pki, "rsa1024", WEAK);
    let found = survey(server.port).await;
    assert_eq!(found.rest.cut_short, None);
    assert_eq!(found.spoken(), [TlsVersion::Tls10, TlsVersion::Tls11, TlsVersion::Tls12, TlsVersion::Tls13]);
    assert_eq!(found.version(TlsVersion::Ssl3).spoken, Some(false));
    assert_eq!(found.suites(TlsVersion::Tls10), found.suites(TlsVersion::Tls11));
    for (version, flag) in [(TlsVersion::Tls10, "-tls1"), (TlsVersion::Tls12, "-tls1_2")] {
        let ours = found.suites(version);
        let mut theirs = BTreeSet::new();
        for (iana, own) in openssl_suites(flag) {
            if Suite::of(TlsVersion::Tls13).iter().any(|code| suite_name(*code) == iana) {
                continue;
            }
            let cipher = format!("{own}:@SECLEVEL=0");
            if s_client(server.port, &[flag, "-cipher", &cipher]) {
                theirs.insert(iana);
            }
        }
        assert!(theirs.len() > 15, "{theirs:?}");
        assert_eq!(ours, theirs, "{version:?}");
    }
    let mut theirs = BTreeSet::new();
    for (iana, _) in openssl_suites("-tls1_3") {
        if iana.contains("_WITH_") || !s_client(server.port, &["-tls1_3", "-ciphersuites", &iana]) {
            continue;
        }
        theirs.insert(iana);
    }
    assert_eq!(found.suites(TlsVersion::Tls13), theirs);
    // The ServerKeyExchange tells the size of the group.
    let dhe =
        found.version(TlsVersion::Tls12).suites.iter().filter(|suite| suite.name.starts_with("TLS_DHE_RSA"));
    let sizes: BTreeSet<Option<u32>> = dhe.map(|suite| suite.dh_bits).collect();
    assert_eq!(sizes, BTreeSet::from([Some(1024)]));
    for (feature, expected) in [
        (Feature::SecureRenegotiation, Some(true)),
        (Feature::ExtendedMasterSecret, Some(true)),
        (Feature::SessionTickets, Some(true)),
        (Feature::OcspStaple, Some(false)),
        (Feature::Compression, Some(false)),
        (Feature::FallbackProtection, Some(true)),
        (Feature::ServerNameRequired, Some(false)),
        (Feature::LargeHelloRefused, Some(false)),
        (Feature::NewVersionRefused, Some(false)),
        (Feature::UnknownExtensionRefused, Some(false)),
    ] {
        assert_eq!(found.feature(feature), expected, "{feature:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_are_those_that_the_server_was_given() {
    let pki = old_pki();
    let arguments = ["-groups", "P-384:X25519:P-521:ffdhe2048", "-serverpref", "-min_protocol", "TLSv1.2"];
    let server = s_server(&pki, "rsa", &arguments);
    let found = survey(server.port).await;
    let groups = |version: TlsVersion| -> Vec<&str> {
        let those = found.rest.groups.iter().filter(|group| group.versions.contains(&version));
        those.map(|group| group.name.as_str()).collect()
    };
    assert_eq!(groups(TlsVersion::Tls13), ["secp384r1", "x25519", "secp521r1", "ffdhe2048"]);
    assert_eq!(groups(TlsVersion::Tls12), ["secp384r1", "x25519", "secp521r1"]);
    for (group, spoken) in [("P-384", true), ("X25519", true), ("P-256", false), ("X448", false)] {
        assert_eq!(s_client(server.port, &["-tls1_3", "-groups", group]), spoken, "{group}");
    }
    assert_eq!(found.version(TlsVersion::Tls12).server_order, Some(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn static_rsa_null_and_anonymous_are_found() {
    let pki = old_pki();
    let only = |cipher: &'static str| ["-cipher", cipher, "-tls1_2", "-dhparam", "dh2048.pem"];
    for (cipher, expected) in [
        (
            "AES128-SHA:AES256-GCM-SHA384:@SECLEVEL=0",
            &["TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_256_GCM_SHA384"][..],
        ),
        ("NULL-SHA256:@SECLEVEL=0", &["TLS_RSA_WITH_NULL_SHA256"]),
        ("ADH-AES128-SHA256:@SECLEVEL=0", &["TLS_DH_anon_WITH_AES_128_CBC_SHA256"]),
        ("DHE-RSA-AES128-SHA:@SECLEVEL=0", &["TLS_DHE_RSA_WITH_AES_128_CBC_SHA"]),
    ] {
        let server = s_server(&pki, "rsa", &only(cipher));
        let spec = SurveySpec { suites: true, ..SurveySpec::default() };
        let found = survey_of(Target::new("localhost", server.port), spec).await;
        assert_eq!(found.spoken(), [TlsVersion::Tls12], "{cipher}");
        let names: Vec<String> = found.suites(TlsVersion::Tls12).into_iter().collect();
        assert_eq!(names, expected);
        let anonymous = cipher.starts_with("ADH");
        let seen = server_hello(server.port, HelloSpec::new(TlsVersion::Tls12)).await;
        assert!(seen.complete);
        assert_eq!(seen.chain.is_empty(), anonymous);
        if cipher.starts_with("DHE") {
            assert_eq!(seen.dh_bits, Some(2048));
            assert!(seen.scheme.is_some());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_hello_reads_what_is_in_clear() {
    let pki = old_pki();
    let server = s_server(&pki, "rsa1024", &[WEAK, &["-Verify", "1"]].concat());
    for version in [TlsVersion::Tls10, TlsVersion::Tls11, TlsVersion::Tls12] {
        let seen = server_hello(server.port, HelloSpec::new(version)).await;
        assert_eq!((seen.version, seen.complete, seen.retry), (version, true, false));
        assert_eq!(seen.chain.first().unwrap().0, pki.der("rsa1024"));
        let asked = seen.certificate_request.expect("it asks for a certificate");
        assert!(asked.types.contains(&1));
        assert_eq!(asked.schemes.is_empty(), version < TlsVersion::Tls12);
        assert!(asked.authorities.iter().any(|name| name.0.windows(9).any(|window| window == b"Test root")));
    }
    let seen = server_hello(server.port, HelloSpec::new(TlsVersion::Tls13)).await;
    assert_eq!((seen.version, seen.retry, seen.group), (TlsVersion::Tls13, false, Some(29)));
    let retry = HelloSpec { groups: vec![24, 23], ..HelloSpec::new(TlsVersion::Tls13) };
    let seen = server_hello(server.port, retry).await;
    assert_eq!((seen.version, seen.retry), (TlsVersion::Tls13, true));
    assert!(matches!(seen.group, Some(23 | 24)));
    // SSL 3.0 is not compiled in.
    let refused = hello(server.port, HelloSpec::new(TlsVersion::Ssl3)).await;
    assert!(matches!(refused, Ok(HelloAnswer::Alert { fatal: true, code: 40 | 70 })), "{refused:?}");
    let fallback = HelloSpec { fallback: true, ..HelloSpec::new(TlsVersion::Tls12) };
    let refused = hello(server.port, fallback).await;
    assert!(matches!(refused, Ok(HelloAnswer::Alert { fatal: true, code: 86 })), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rc4_and_3des_from_ssl3_to_tls11() {
    let pki = old_pki();
    let server = peers::tlslite(&pki, "rsa", ["3.0", "3.2"], "rc4,3des,aes128");
    let found = survey(server.port).await;
    assert_eq!(found.spoken(), [TlsVersion::Ssl3, TlsVersion::Tls10, TlsVersion::Tls11]);
    assert_eq!(found.version(TlsVersion::Tls12).spoken, Some(false));
    for version in [TlsVersion::Ssl3, TlsVersion::Tls10, TlsVersion::Tls11] {
        let suites = found.suites(version);
        for suite in ["TLS_RSA_WITH_RC4_128_SHA", "TLS_RSA_WITH_RC4_128_MD5", "TLS_RSA_WITH_3DES_EDE_CBC_SHA"]
        {
            assert!(suites.contains(suite), "{version:?}: {suites:?}");
        }
    }
    let ours = found.suites(TlsVersion::Tls10);
    for (iana, own) in openssl_suites("-tls1") {
        let taken = s_client(server.port, &["-tls1", "-cipher", &format!("{own}:@SECLEVEL=0")]);
        assert!(!taken || ours.contains(&iana), "{iana}");
    }
    // What a probe asks when the TLS library found the server too old.
    let seen = server_hello(server.port, HelloSpec::new(TlsVersion::Tls12)).await;
    assert_eq!((seen.version, seen.complete), (TlsVersion::Tls11, true));
    assert_eq!(seen.chain.first().unwrap().0, pki.der("rsa"));
    let seen = server_hello(server.port, HelloSpec::new(TlsVersion::Ssl3)).await;
    // The one that answers the signalling suite.
    assert_eq!((seen.version, seen.extensions), (TlsVersion::Ssl3, vec![0xff01]));
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_wants_a_name_and_decides_the_order() {
    let pki = Pki::new();
    let lines = "server_name localhost; ssl_protocols TLSv1.2 TLSv1.3; ssl_prefer_server_ciphers on; \
        ssl_ciphers ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES128-GCM-SHA256;";
    // A server before it that takes no other names.
    let folder = pki.path().display();
    let first = format!(
        "{lines} location /x {{ return 204; }} }} server {{ listen 127.0.0.1:PORT ssl default_server; ssl_reject_handshake on; \
         ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate {folder}/server.pem; ssl_certificate_key {folder}/server.key;"
    );
    let server = nginx(&pki, &first);
    let found = survey(server.port).await;
    assert_eq!(found.spoken(), [TlsVersion::Tls12, TlsVersion::Tls13]);
    let order: Vec<&str> =
        found.version(TlsVersion::Tls12).suites.iter().map(|suite| suite.name.as_str()).collect();
    assert_eq!(
        order,
        [
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        ]
    );
    assert_eq!(found.version(TlsVersion::Tls12).server_order, Some(true));
    assert_eq!(found.feature(Feature::ServerNameRequired), Some(true));
    let detail =
        found.rest.features.iter().find(|found| found.feature == Feature::ServerNameRequired).unwrap();
    assert_eq!(detail.detail, Some(112));
    let nameless =
        Target { server_name: ServerNameIndication::Absent, ..Target::new("localhost", server.port) };
    let events = events(ToServer::Hello { target: nameless, hello: HelloSpec::new(TlsVersion::Tls12) }).await;
    let alert = ServerEvent::HelloAnswered { answer: HelloAnswer::Alert { fatal: true, code: 112 } };
    assert!(events.contains(&alert), "{events:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn gnutls_leaves_the_order_to_the_client() {
    let pki = old_pki();
    let server = peers::gnutls(&pki, "rsa", "NORMAL:-VERS-ALL:+VERS-TLS1.1:+VERS-TLS1.2:+VERS-TLS1.3");
    let found = survey(server.port).await;
    assert_eq!(found.spoken(), [TlsVersion::Tls11, TlsVersion::Tls12, TlsVersion::Tls13]);
    assert_eq!(found.version(TlsVersion::Tls12).server_order, Some(false));
    assert!(found.rest.groups.iter().any(|group| group.name == "ffdhe2048"), "{:?}", found.rest.groups);
    for (iana, own) in openssl_suites("-tls1_2").into_iter().filter(|(iana, _)| iana.contains("_WITH_AES_")) {
        let taken = s_client(server.port, &["-tls1_2", "-cipher", &format!("{own}:@SECLEVEL=0")]);
        assert_eq!(found.suites(TlsVersion::Tls12).contains(&iana), taken, "{iana}");
    }
}

/// Through a proxy of each kind the same is found, on as many connections through it.
#[tokio::test(flavor = "multi_thread")]
async fn a_survey_through_a_proxy() {
    let pki = old_pki();
    let server = s_server(&pki, "rsa1024", WEAK);
    let port = server.port;
    let versions = vec![TlsVersion::Tls10, TlsVersion::Tls12, TlsVersion::Tls13];
    let spec = SurveySpec { versions, suites: true, groups: true, ..SurveySpec::default() };
    let direct = survey_of(Target::new("localhost", port), spec.clone()).await;
    let (connect, socks) = (tinyproxy(&pki, &[port]), microsocks(&pki));
    for (kind, proxy) in [(ProxyKind::HttpConnect, &connect), (ProxyKind::Socks5, &socks)] {
        let through = |password: &str| {
            let credentials = ProxyCredentials { user: "me".into(), password: Password::new(password) };
            let (host, port) = ("127.0.0.1".to_owned(), proxy.ports[0]);
            let route = Proxy { kind, host, port, credentials: Some(credentials) };
            Route { proxy: Some(route), ..Route::default() }
        };
        let target = |password| Target { route: through(password), ..Target::new("localhost", port) };
        let found = survey_of(target("hunter2"), spec.clone()).await;
        assert_eq!(found.rest.cut_short, None, "{kind:?}");
        assert_eq!(found.spoken(), direct.spoken(), "{kind:?}");
        for version in direct.spoken() {
            assert_eq!(found.suites(version), direct.suites(version), "{kind:?} {version:?}");
        }
        assert_eq!(found.rest.groups, direct.rest.groups, "{kind:?}");
        let hello = HelloSpec::new(TlsVersion::Tls10);
        let seen = events(ToServer::Hello { target: target("hunter2"), hello }).await;
        assert!(seen.iter().any(|event| matches!(event, ServerEvent::HelloAnswered { .. })), "{seen:?}");
        let refused = events(ToServer::Survey { target: target("wrong"), survey: spec.clone() }).await;
        let Some(ProbeFailure::ProxyFailed { fault, .. }) = failure(&refused) else { panic!("{refused:?}") };
        assert_eq!(*fault, ProxyFault::AuthenticationRequired, "{kind:?}");
    }
}

/// Certificates of both kinds at once: suites of both are found.
#[tokio::test(flavor = "multi_thread")]
async fn two_certificates_show_in_the_suites() {
    let pki = old_pki();
    pki.issue("ec", "root", P256, &[]);
    let server = s_server(&pki, "rsa", &["-dcert", "ec.pem", "-dkey", "ec.key", "-tls1_2"]);
    let spec = SurveySpec { versions: vec![TlsVersion::Tls12], suites: true, ..SurveySpec::default() };
    let found = survey_of(Target::new("localhost", server.port), spec).await;
    let suites = found.suites(TlsVersion::Tls12);
    for kind in ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"] {
        assert!(suites.contains(kind), "{suites:?}");
    }
    assert_eq!(found.versions.len(), 1);
}

/// The whole probe, from the command line: the handshake fails, and the survey says why.
#[test]
fn the_command_line_prints_a_survey() {
    let pki = old_pki();
    let server = peers::tlslite(&pki, "rsa", ["3.0", "3.2"], "rc4,3des,aes128");
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_certwright"))
            .args(["probe", &format!("localhost:{}", server.port), "--survey"])
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let report: serde_json::Value = serde_json::from_str(&run(&["--json"])).unwrap();
    // tlslite-ng has no suite in common with the TLS library and says so before it says that it is too old.
    assert_eq!(report["verdict"]["kind"], "failed", "{report}");
    let cause = &report["diagnosis"]["cause"];
    assert_eq!(
        (&cause["kind"], &cause["version"]),
        (&"old_versions_only".into(), &"tls11".into()),
        "{cause}"
    );
    // Its chain was in clear.
    assert_eq!(report["chain"]["sent"].as_array().map(Vec::len), Some(1), "{report}");
    let survey = &report["survey"];
    let kinds: Vec<&str> =
        survey["remarks"].as_array().unwrap().iter().map(|remark| remark["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.get(..2), Some(&["ssl3", "nothing_newer"][..]), "{survey}");
    assert_eq!(survey["failure"], serde_json::Value::Null);
    assert_eq!(survey["cut_short"], serde_json::Value::Null);
    let text = run(&[]);
    for expected in [
        "The server only speaks TLS 1.1",
        "TLS_RSA_WITH_RC4_128_SHA",
        "RC4 is broken",
        "Secure renegotiation",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}
