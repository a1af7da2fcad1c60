//! What a probe is asked besides: whether a certificate has to be there, whether a session is resumed, what each address shows; and that the key signs once.

use std::sync::Arc;

use certwright_engine::files::{Input, Passwords, anchors, client_keystore};
use certwright_engine::probe::Probe;
use certwright_protocol::conversation::{FromServer, HttpRequest, ProbeFailure, ServerEvent, ToServer};
use certwright_protocol::report::{CertificateUse, Demand, ProbeVerdict, ResumptionSeen, TimestampPlace};
use certwright_protocol::ui::{Authentication, ProbePlan};
use certwright_server::conversation::Limits;
use certwright_server::local;
use certwright_server::policy::TargetPolicy;
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;

use super::{ask, ground};
use crate::common::{P256, nginx, s_server};

const DEMANDS: &[&str] = &["-Verify", "3", "-verify_return_error"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn required_or_only_asked_for() {
    let pki = ground();
    for (arguments, client, expected) in [
        (&["-tls1_2", "-Verify", "3", "-verify_return_error"][..], true, Demand::Required),
        (&["-tls1_3", "-Verify", "3", "-verify_return_error"], true, Demand::Required),
        (&["-tls1_3", "-Verify", "3", "-verify_return_error"], false, Demand::Required),
        (&["-tls1_2", "-verify", "3"], true, Demand::Optional),
        (&["-tls1_3", "-verify", "3"], true, Demand::Optional),
        (&["-tls1_3"], true, Demand::NotAskedFor),
    ] {
        let server = s_server(&pki, "server", arguments);
        let ask = ask(server.port).plan(|plan| plan.extent.demand = true);
        let ask = ask.plan(|plan| plan.http = HttpRequest::Never);
        let ask = if client { ask.client("client") } else { ask };
        let report = ask.run(&pki).await;
        assert_eq!(report.demand, Some(expected), "{arguments:?} {client}: {report:?}");
    }
    let peer = nginx(&pki, "ssl_verify_client optional;");
    let report = ask(peer.port).plan(|plan| plan.extent.demand = true).client("client").run(&pki).await;
    assert_eq!(report.demand, Some(Demand::Optional));
    assert_eq!(report.connections, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_are_resumed_where_the_server_does_so() {
    let pki = ground();
    for (arguments, expected) in [
        (&["-tls1_3"][..], ResumptionSeen::Resumed),
        (&["-tls1_2"], ResumptionSeen::Resumed),
        (&["-tls1_2", "-no_ticket", "-no_cache"], ResumptionSeen::NotResumed),
        (&["-tls1_3", "-num_tickets", "0"], ResumptionSeen::NotResumed),
    ] {
        let server = s_server(&pki, "server", arguments);
        let report = ask(server.port).plan(|plan| plan.extent.resumption = true).run(&pki).await;
        assert_eq!(report.verdict, Some(ProbeVerdict::Reached), "{arguments:?}");
        assert_eq!(report.resumption, Some(expected), "{arguments:?}");
    }
}

/// Both addresses of `localhost`, where it has two; one of them answers with a certificate.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_address_has_a_row() {
    let pki = ground();
    let server = s_server(&pki, "server", &[]);
    let report = ask(server.port).plan(|plan| plan.extent.every_address = true).run(&pki).await;
    assert_eq!(report.every_address.len(), report.addresses.len(), "{report:?}");
    let shown: Vec<_> = report.every_address.iter().filter(|row| row.sha256.is_some()).collect();
    assert_eq!(shown.len(), 1);
    assert!(shown[0].trusted && shown[0].verdict == ProbeVerdict::Reached);
    for row in report.every_address.iter().filter(|row| row.sha256.is_none()) {
        assert!(matches!(row.verdict, ProbeVerdict::Failed { .. }), "{row:?}");
    }
}

/// Of two keys that fit otherwise, the one is taken that may be used by clients.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_that_fits_is_one_for_clients() {
    let pki = ground();
    pki.issue("a server", "root", P256, &["-addext", "extendedKeyUsage=serverAuth"]);
    let read = |name: &str| std::fs::read(pki.file(name)).unwrap();
    let holding = |name: &str| {
        let (chain, key) = (read(&format!("{name}.pem")), read(&format!("{name}.key")));
        client_keystore((name, &chain), (name, &key), None).unwrap()
    };
    let mut keystore = holding("a server");
    let server = s_server(&pki, "server", DEMANDS);
    for both in [false, true] {
        if both {
            holding("client").iter().for_each(|entry| keystore.insert(entry.clone()).unwrap());
        }
        let root = read("root.pem");
        let trusted = anchors(&Input { name: "root.pem", bytes: &root }, &Passwords::none()).unwrap();
        let authentication = Authentication::FirstThatFits;
        let plan = ProbePlan { authentication, ..ProbePlan::new("localhost", server.port) };
        let (probe, opening) = Probe::start(plan, &keystore, trusted, local::unix_ms()).unwrap();
        let policy = Arc::new(TargetPolicy::loopback());
        let report = local::run(probe, opening, policy, Limits::default()).await;
        let used = report.client_authentication.used.as_ref();
        let is_accepted = matches!(used, Some(CertificateUse::Accepted { alias, .. }) if alias == "client");
        assert_eq!(is_accepted, both, "{used:?}");
        // With nothing better, the server has the word.
        assert!(both || matches!(used, Some(CertificateUse::Refused { .. })), "{used:?}");
    }
}

/// What is tried after the first connection goes without a certificate.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_key_signs_once() {
    let pki = ground();
    pki.issue("stranger", "foreign-root", P256, &[]);
    let server = s_server(&pki, "server", &[DEMANDS, &["-state"]].concat());
    let extent = |plan: &mut ProbePlan| {
        (plan.extent.demand, plan.extent.resumption, plan.extent.every_address) = (true, true, true);
    };
    let report = ask(server.port).plan(extent).client("stranger").run(&pki).await;
    assert!(report.connections > 1, "{report:?}");
    assert_eq!(report.verdict, Some(ProbeVerdict::CertificateRefused));
}

/// A dishonest Certwright server asks for a signature in a connection that was opened to find a cause.
#[test]
fn nothing_is_signed_in_a_further_connection() {
    let pki = ground();
    let read = |name: &str| std::fs::read(pki.file(name)).unwrap();
    let keystore =
        client_keystore(("client", &read("client.pem")), ("client", &read("client.key")), None).unwrap();
    let plan = ProbePlan { validate: false, ..ProbePlan::new("localhost", 443) };
    let (mut probe, _) = Probe::start(plan, &keystore, Vec::new(), 0).unwrap();
    let mut say = |event| probe.receive(FromServer { at_us: 1, event }, 0, &mut UnwrapErr(SysRng));
    let failure = ProbeFailure::Alert { code: 112, after_certificate: false };
    let next = say(ServerEvent::Ended { failure: Some(failure) });
    assert!(matches!(next, Some(ToServer::Start(_))), "{next:?}");
    say(ServerEvent::ServerChain { certificates: vec![pki.der("server").into()], ocsp_staple: None });
    let asked = ServerEvent::CertificateRequested { authorities: Vec::new(), schemes: vec![0x0403] };
    assert_eq!(say(asked), Some(ToServer::NoCertificate));
    let message = vec![0; 32].into();
    let wanted = ServerEvent::SignatureWanted { scheme: 0x0403, message, handshake: Vec::new() };
    assert_eq!(say(wanted), Some(ToServer::DeclineSignature));
}

/// What a transparency log promised stands in the certificate (RFC 6962 section 3.3), and is told with the log's name.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn promises_of_transparency_logs_are_told() {
    let pki = ground();
    let log_id = "4e75a3275c9a10c3385b6cd4df3f52eb1df0e08e1b8d69c0b1fa64b1629a39df";
    let stamp = format!("00{log_id}{:016x}0000040300080102030405060708", 1_700_000_000_123_u64);
    let list = format!("1.3.6.1.4.1.11129.2.4.2=DER:043b00390037{stamp}");
    let names = ["-addext", "subjectAltName=DNS:localhost", "-addext", &list];
    pki.issue("logged", "root", &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], &names);
    let server = s_server(&pki, "logged", &[]);
    let report = ask(server.port).run(&pki).await;
    let [told] = report.timestamps.as_slice() else { panic!("{report:?}") };
    assert_eq!((told.place, told.at), (TimestampPlace::Certificate, 1_700_000_000));
    assert_eq!((told.log.as_deref(), told.log_id.as_str()), (Some("Google Argon2025h1"), log_id));
    let plain = s_server(&pki, "server", &[]);
    assert_eq!(ask(plain.port).run(&pki).await.timestamps, []);
}
