//! What servers want of clients, and the chain that they show: our probe, `openssl s_client` and sslyze ask the same servers in the same run. Where
//! they say something else, the table says who is right and why, and the test asks the server for the proof.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use certwright_engine::files::{self, Input, Keystore, Passwords};
use certwright_engine::probe::Probe;
use certwright_protocol::conversation::{AfterHandshake, HttpRequest, TlsVersion, Versions};
use certwright_protocol::report::diagnosis::Cause;
use certwright_protocol::report::{AskedAgain, Demand, ProbeReport};
use certwright_protocol::ui::{ProbeExtent, ProbePlan};
use certwright_server::conversation::Limits;
use certwright_server::local;
use certwright_server::policy::TargetPolicy;
use serde_json::Value;

use crate::common::{P256, Peer, Pki, nginx, openssl, s_server};
use crate::peers;

/// A server, what we and sslyze say of it, and the reason if that is not the same.
struct Case {
    name: &'static str,
    start: fn(&Pki) -> Peer,
    versions: Versions,
    ours: Demand,
    sslyze: &'static str,
    why: &'static str,
    /// Whether we, and `openssl s_client`, trust the chain, and whether sslyze does.
    trusted: (bool, bool),
}

/// Why sslyze's verdict on a chain may be another: what it says is wrong, and who is right.
const KEY_USAGE: (&str, &str) = (
    "2.5.29.15: Certificate is missing required extension",
    "openssl and we are right. sslyze 6 judges by the rules of public authorities, and refuses a root without key usage. A root that was chosen \
     is a trust anchor, of which the name and the key count (RFC 5280 section 6.1.1 (d)), and this one is a private authority's.",
);
const NGINX_REQUIRES: &str = "Both are right about what they look at. nginx finishes the handshake with everybody, and refuses who has no certificate in HTTP (status \
     400), as the test sees. sslyze looks at the handshake alone; whoever wants to use the server needs a certificate.";
const CASES: &[Case] = &[
    Case {
        name: "nginx, off",
        start: |pki| nginx(pki, "ssl_verify_client off;"),
        versions: Versions::Both,
        ours: Demand::NotAskedFor,
        sslyze: "DISABLED",
        why: "",
        trusted: (true, false),
    },
    Case {
        name: "nginx, optional",
        start: |pki| nginx(pki, "ssl_verify_client optional;"),
        versions: Versions::Both,
        ours: Demand::Optional,
        sslyze: "OPTIONAL",
        why: "",
        trusted: (true, false),
    },
    Case {
        name: "nginx, on, TLS 1.3",
        start: |pki| nginx(pki, "ssl_protocols TLSv1.3; ssl_verify_client on;"),
        versions: Versions::Tls13,
        ours: Demand::Required,
        sslyze: "OPTIONAL",
        why: NGINX_REQUIRES,
        trusted: (true, false),
    },
    Case {
        name: "nginx, on, TLS 1.2",
        start: |pki| nginx(pki, "ssl_protocols TLSv1.2; ssl_verify_client on;"),
        versions: Versions::Tls12,
        ours: Demand::Required,
        sslyze: "OPTIONAL",
        why: NGINX_REQUIRES,
        trusted: (true, false),
    },
    Case {
        name: "s_server, asks",
        start: |pki| s_server(pki, "server", &["-verify", "1", "-www"]),
        versions: Versions::Both,
        ours: Demand::Optional,
        sslyze: "OPTIONAL",
        why: "",
        trusted: (true, false),
    },
    Case {
        name: "s_server, demands, TLS 1.3",
        start: |pki| s_server(pki, "server", &["-Verify", "1", "-www", "-tls1_3"]),
        versions: Versions::Tls13,
        ours: Demand::Required,
        sslyze: "REQUIRED",
        why: "",
        trusted: (true, false),
    },
    Case {
        name: "s_server, demands, TLS 1.2",
        start: |pki| s_server(pki, "server", &["-Verify", "1", "-www", "-tls1_2"]),
        versions: Versions::Tls12,
        ours: Demand::Required,
        sslyze: "REQUIRED",
        why: "",
        trusted: (true, false),
    },
    Case {
        name: "s_server, a root that is not trusted",
        start: |pki| s_server(pki, "foreign", &["-www"]),
        versions: Versions::Both,
        ours: Demand::NotAskedFor,
        sslyze: "DISABLED",
        why: "",
        trusted: (false, false),
    },
    Case {
        name: "s_server, a root as public authorities have it",
        start: |pki| s_server(pki, "proper", &["-www"]),
        versions: Versions::Both,
        ours: Demand::NotAskedFor,
        sslyze: "DISABLED",
        why: "",
        trusted: (true, true),
    },
];

/// The test authorities, and one whose root says what its key is for. Both roots are trusted, those of the file `trusted.pem`.
fn authorities() -> Pki {
    let pki = Pki::new();
    let names: &[&str] = &["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
    pki.issue("foreign", "foreign-root", P256, names);
    let root = ["req", "-x509", "-nodes", "-days", "30", "-newkey"];
    let files = ["-keyout", "proper-root.key", "-out", "proper-root.pem", "-subj", "/CN=Proper root"];
    let usage = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"];
    openssl(pki.path(), &[&root[..], P256, &files, &usage].concat());
    pki.issue(
        "proper",
        "proper-root",
        P256,
        &[names, &["-addext", "keyUsage=critical,digitalSignature"]].concat(),
    );
    let roots = ["root.pem", "proper-root.pem"].map(|name| std::fs::read(pki.file(name)).unwrap());
    std::fs::write(pki.file("trusted.pem"), roots.concat()).unwrap();
    pki
}

async fn ours(pki: &Pki, port: u16, versions: Versions) -> ProbeReport {
    let extent = ProbeExtent { demand: true, ..ProbeExtent::default() };
    probed(pki, ProbePlan { versions, extent, ..ProbePlan::new("localhost", port) }).await
}

/// A probe without a client certificate.
pub(crate) async fn probed(pki: &Pki, plan: ProbePlan) -> ProbeReport {
    let root = std::fs::read(pki.file("trusted.pem")).unwrap();
    let anchors = files::anchors(&Input { name: "trusted.pem", bytes: &root }, &Passwords::none()).unwrap();
    let (probe, opening) = Probe::start(plan, &Keystore::default(), anchors, local::unix_ms())
        .unwrap_or_else(|_| panic!("it begins"));
    local::run(probe, opening, Arc::new(TargetPolicy::loopback()), Limits::default()).await
}

/// What `openssl s_client` prints when it asks in HTTP without a certificate.
fn s_client(pki: &Pki, port: u16) -> String {
    let mut child = Command::new("openssl")
        .args(["s_client", "-connect", &format!("127.0.0.1:{port}"), "-servername", "localhost"])
        .args(["-showcerts", "-ign_eof", "-nameopt", "RFC2253", "-CAfile"])
        .arg(pki.file("trusted.pem"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Who was refused does not take it any more.
    let _ = child.stdin.take().unwrap().write_all(b"GET / HTTP/1.0\r\n\r\n");
    let output = child.wait_with_output().unwrap();
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

fn sslyze(pki: &Pki, port: u16) -> Value {
    let file = pki.file("clients.json");
    let _ = std::fs::remove_file(&file);
    let output = Command::new(peers::python().join("bin/sslyze"))
        .arg(format!("--json_out={}", file.display()))
        .args(["--certinfo", "--certinfo_ca_file"])
        .arg(pki.file("trusted.pem"))
        .arg(format!("localhost:{port}"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(file.is_file(), "{}", String::from_utf8_lossy(&output.stderr));
    let said: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    said["server_scan_results"][0].clone()
}

/// The SHA-256 fingerprints of PEM certificates in a text, in order.
fn fingerprints(folder: &Path, text: &str) -> Vec<String> {
    let ends = "-----END CERTIFICATE-----";
    let parts =
        text.split_inclusive(ends).filter_map(|part| part.find("-----BEGIN CERT").map(|at| &part[at..]));
    parts
        .map(|pem| {
            std::fs::write(folder.join("sent.pem"), pem).unwrap();
            let said = openssl(folder, &["x509", "-in", "sent.pem", "-noout", "-fingerprint", "-sha256"]);
            String::from_utf8(said).unwrap().trim().rsplit('=').next().unwrap().to_owned()
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_servers_want_of_clients_and_the_chain_that_they_show() {
    let pki = authorities();
    for case in CASES {
        let name = case.name;
        let server = (case.start)(&pki);
        let report = ours(&pki, server.port, case.versions).await;
        let openssl_says = s_client(&pki, server.port);
        let sslyze_says = sslyze(&pki, server.port);

        // Whether a certificate is asked for, and of which authorities.
        let requested = report.client_authentication.requested == Some(true);
        let (_, listed) =
            openssl_says.split_once("Acceptable client certificate CA names\n").unwrap_or_default();
        let listed = listed.lines().take_while(|line| line.starts_with("CN"));
        let listed: BTreeSet<&str> = listed.collect();
        assert_eq!(requested, !listed.is_empty(), "{name}: {openssl_says}");
        let authorities: BTreeSet<&str> =
            report.client_authentication.authorities.iter().map(String::as_str).collect();
        assert_eq!(authorities, listed, "{name}");

        // Whether it has to be there.
        assert_eq!(report.demand, Some(case.ours), "{name}: {report:?}");
        let theirs = &sslyze_says["connectivity_result"]["client_auth_requirement"];
        assert_eq!(theirs, case.sslyze, "{name}");
        let same = matches!(
            (case.ours, case.sslyze),
            (Demand::NotAskedFor, "DISABLED")
                | (Demand::Optional, "OPTIONAL")
                | (Demand::Required, "REQUIRED")
        );
        assert_eq!(same, case.why.is_empty(), "{name}: a difference has its reason");
        let served = openssl_says.contains("HTTP/1.1 200") || openssl_says.contains("HTTP/1.0 200");
        assert_eq!(served, case.ours != Demand::Required, "{name}: {openssl_says}");

        // The chain as sent.
        let chain = report.chain.as_ref().unwrap();
        let sent: Vec<String> = chain.sent.iter().map(|certificate| certificate.sha256.clone()).collect();
        assert!(!sent.is_empty());
        assert_eq!(sent, fingerprints(pki.path(), &openssl_says), "{name}");
        let deployment =
            &sslyze_says["scan_result"]["certificate_info"]["result"]["certificate_deployments"][0];
        let received = deployment["received_certificate_chain"].as_array();
        let received: String = received
            .into_iter()
            .flatten()
            .map(|certificate| certificate["as_pem"].as_str().unwrap())
            .collect();

        // The verdict on it.
        let (ours, theirs) = case.trusted;
        assert_eq!(chain.trusted, ours, "{name}: {:?}", chain.failures);
        // The page of s_server, which comes later, says the same words about the client.
        let verdict = openssl_says.split_once("Verify return code: ").unwrap().1;
        assert_eq!(verdict.starts_with("0 (ok)"), ours, "{name}: {openssl_says}");
        assert_eq!(sent, fingerprints(pki.path(), &received), "{name}");
        let results = deployment["path_validation_results"].as_array().unwrap();
        let by_root = results
            .iter()
            .find(|result| result["trust_store"]["path"] == pki.file("trusted.pem").to_str().unwrap());
        let by_root = by_root.unwrap_or_else(|| panic!("{name}: {results:?}"));
        assert_eq!(by_root["was_validation_successful"], theirs, "{name}: {by_root}");
        if ours != theirs {
            let (error, why) = KEY_USAGE;
            assert!(
                by_root["validation_error"].as_str().unwrap().contains(error),
                "{name}: {by_root}, not: {why}"
            );
        }
    }
}

/// A server that wants a certificate once something is requested in TLS 1.3, and asks for it although nobody said that he would answer; or keeps to the
/// rules, and refuses the request. Where it asks, that is seen and named; where it does not, nothing shows that it would have.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_for_a_certificate_after_the_handshake() {
    let pki = authorities();
    pki.issue("rsa", "root", crate::common::RSA, &["-addext", "subjectAltName=DNS:localhost"]);
    for behaviour in ["anyway", "properly"] {
        let server = peers::asks_later(&pki, "rsa", behaviour);
        let head = |versions| ProbePlan {
            versions,
            http: HttpRequest::Head,
            ..ProbePlan::new("localhost", server.port)
        };
        let report = probed(&pki, head(Versions::Both)).await;
        assert_eq!(report.version, Some(TlsVersion::Tls13), "{report:?}");
        let cause = report.diagnosis.as_ref().map(|diagnosis| &diagnosis.cause);
        if behaviour == "anyway" {
            assert_eq!(report.asked_again, Some(AskedAgain::AfterHandshake), "{report:?}");
            assert_eq!(cause, Some(&Cause::AskedAfterHandshake { seen: true }), "{report:?}");
            let report = ours(&pki, server.port, Versions::Both).await;
            assert_eq!(report.demand, Some(Demand::AskedForLater), "{report:?}");
        } else {
            assert_eq!(report.asked_again, None, "{report:?}");
            let refused = AfterHandshake::Http {
                status: 403,
                complaint: None,
                status_line: "HTTP/1.1 403 Forbidden".into(),
                server: None,
            };
            assert_eq!(report.after_handshake, Some(refused));
            assert_eq!(cause, None, "{report:?}");
        }
        let signed = report.client_authentication.checked;
        assert_eq!(signed, None, "nothing is signed for it");
    }
}
