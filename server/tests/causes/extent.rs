//! What a probe is asked besides: whether a certificate has to be there, whether a session is resumed, what each address shows; and that the key signs once.

use certwright_protocol::conversation::HttpRequest;
use certwright_protocol::report::{Demand, ProbeVerdict, ResumptionSeen};

use super::{ask, ground};
use crate::common::{nginx, s_server};

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

/// What is tried after the first connection goes without a certificate.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_key_signs_once() {
    let pki = ground();
    pki.issue("stranger", "foreign-root", crate::common::P256, &[]);
    let server = s_server(&pki, "server", &[DEMANDS, &["-state"]].concat());
    let extent = |plan: &mut certwright_protocol::ui::ProbePlan| {
        (plan.extent.demand, plan.extent.resumption, plan.extent.every_address) = (true, true, true);
    };
    let report = ask(server.port).plan(extent).client("stranger").run(&pki).await;
    assert!(report.connections > 1, "{report:?}");
    assert_eq!(report.verdict, Some(ProbeVerdict::CertificateRefused));
}
