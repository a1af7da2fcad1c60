//! The system certificate: brought in a file, made here and signed, or self-signed; handed on, watched, renewed, deleted.

use certwright_protocol::ui::inspect::Tone;
use certwright_protocol::ui::plans::StepState;
use certwright_protocol::ui::requests::Validity;
use certwright_protocol::ui::{PlanKind, PlanSide, Request, Response};

use super::side::{Side, part, unzip};
use super::support::Authority;

fn begin() -> Side {
    let mut side = Side::begin(PlanKind::SystemCertificate, PlanSide::Client);
    side.set("client_name", "Gateway");
    side
}

#[test]
fn it_comes_in_a_pkcs12_file() {
    let authority = Authority::new();
    let (key, certificate) = authority.issue("gateway", "clientAuth");
    authority.write("g.key", &key);
    authority.write("g.pem", &certificate);
    let chain = [authority.read("inter.pem"), authority.read("root.pem")].concat();
    authority.write("chain.pem", &chain);
    authority.openssl(&[
        "pkcs12",
        "-export",
        "-inkey",
        "g.key",
        "-in",
        "g.pem",
        "-certfile",
        "chain.pem",
        "-name",
        "gateway",
        "-out",
        "g.p12",
        "-passout",
        "pass:secret",
    ]);
    let mut side = begin();
    side.import("g.p12", &authority.read("g.p12"), &["secret"]);
    side.set("entry", "gateway");
    assert_eq!((side.state("key"), side.state("signed")), (StepState::Done, StepState::Done));
    side.expect_finding("signed", Tone::Good, "complete up to its root");
    // It is valid for ten days: renewing is due.
    assert_eq!(side.state("watch"), StepState::Now);
    side.expect_finding("watch", Tone::Warn, "renew it now");
    let parts = unzip(&side.download("give", "pack").1);
    assert!(!part(&parts, "client-root.cer").is_empty() && !part(&parts, "mapping.txt").is_empty());
    assert!(parts.iter().all(|(name, _)| !name.ends_with(".certwright-plan.json")), "there is no other side");
    let calendar = String::from_utf8(side.download("watch", "calendar").1).unwrap();
    assert!(calendar.starts_with("BEGIN:VCALENDAR\r\n") && calendar.contains("gateway"), "{calendar}");

    // It is renewed in a plan of its own.
    side.act("watch", "renew");
    let plans = side.desk.session.view().plans;
    assert_eq!(plans.len(), 2);
    assert!(plans.iter().any(|plan| plan.kind == PlanKind::RenewClient && plan.title.contains("Gateway")));

    side.ask(Request::SetLocked { aliases: vec!["gateway".into()], locked: true }).unwrap();
    assert!(side.try_act("watch", "delete_entry").is_err());
    side.ask(Request::SetLocked { aliases: vec!["gateway".into()], locked: false }).unwrap();
    side.act("watch", "delete_entry");
    assert!(side.desk.aliases().is_empty());
    side.ask(Request::Undo).unwrap();
    assert_eq!(side.desk.aliases(), ["gateway"]);
}

#[test]
fn it_is_requested_or_signs_itself() {
    let authority = Authority::new();
    let mut side = begin();
    let alias = side.new_key("key");
    let plan = side.desk.plan(&alias, "CN=gateway", &[]).unwrap();
    let request = side.desk.make_request(&alias, plan).unwrap();
    // The authority sends the certificate alone.
    side.import("reply.pem", &authority.sign(request.pem.as_bytes()), &[]);
    assert_eq!(side.state("signed"), StepState::Done);
    side.expect_finding("signed", Tone::Warn, "is missing");
    let chain = [authority.read("inter.pem"), authority.read("root.pem")].concat();
    side.import("chain.pem", &chain, &[]);
    side.expect_finding("signed", Tone::Good, "complete up to its root");

    let mut side = begin();
    let alias = side.new_key("key");
    let plan = Box::new(side.desk.plan(&alias, "CN=gateway", &[]).unwrap());
    let validity = Validity { not_before: None, days: 365 };
    let answer = side.ask(Request::SelfSign { alias, plan, validity });
    assert!(matches!(answer, Ok(Response::Entry { .. })), "{answer:?}");
    side.expect_finding("signed", Tone::Info, "self-signed");
    assert_eq!(side.state("watch"), StepState::Done);
    side.act("give", "done");
    assert_eq!(side.summary().state, "Done");
    // Eleven months later it is time.
    side.later_ms = 340 * 86_400_000;
    assert_eq!(side.state("watch"), StepState::Now);
}
