//! Both renewals, from both sides, with servers that really switch.

use certwright_protocol::Problem;
use certwright_protocol::ui::inspect::Tone;
use certwright_protocol::ui::plans::{HoldingState, StepState};
use certwright_protocol::ui::{PlanKind, PlanSide, Request};

use super::peer::Peer;
use super::side::{Side, part, unzip};
use super::support::Authority;

#[test]
fn the_servers_certificate_is_renewed_without_an_outage() {
    let (before, after) = (Authority::new(), Authority::new());
    // Both are called Example Root; their keys differ, as with a root that was renewed.
    let old_peer = Peer::start(&before, None, 0);
    let port = old_peer.port;

    let mut client = Side::begin(PlanKind::RenewServer, PlanSide::Client);
    client.name_sides(port);
    client.import("root.pem", &before.read("root.pem"), &[]);
    client.probe("before", "look");
    assert_eq!(client.state("before"), StepState::Done);
    client.expect_finding("before", Tone::Info, "Its root");

    // The server's side makes the new certificate; the plan goes over.
    let mut server = Side::new();
    server.open(&client.export());
    assert_eq!(server.state("new_certificate"), StepState::Now);
    let (key, certificate) = after.server("localhost");
    let bundle = [key, certificate, after.read("inter.pem"), after.read("root.pem")].concat();
    server.import("new.pem", &bundle, &[]);
    let alias = server.desk.aliases().remove(0);
    server.set("new_server_entry", &alias);
    assert_eq!(server.state("new_certificate"), StepState::Done);
    server.set("switch_date", "2027-02-28");
    assert!(server.try_set("switch_date", "2027-13-01").is_err());
    let reminders = String::from_utf8(server.download("send_root", "calendar").1).unwrap();
    assert!(
        reminders.contains("DTSTART:20270228T000000Z") && reminders.contains("TRIGGER:-P7D"),
        "{reminders}"
    );
    let message = server.step("send_root").messages.remove(0);
    assert!(message.text.contains("2027-02-28") && message.to == "Shop", "{message:?}");
    let parts = unzip(&server.download("send_root", "pack_server").1);
    assert_eq!(part(&parts, "server-root.cer"), after.der(&after.read("root.pem")));
    server.act("send_root", "done");

    // The client's side imports the new root beside the old.
    client.open(&server.export());
    assert_eq!(client.state("send_root"), StepState::Done);
    assert_eq!(client.state("import_root"), StepState::Now);
    client.expect_finding("import_root", Tone::Info, "Old root");
    client.expect_finding("import_root", Tone::Info, "New root");
    client.act("import_root", "trust");
    assert_eq!(client.state("import_root"), StepState::Done);
    assert_eq!(client.desk.aliases().len(), 2);

    // What caches the trust store gets a day.
    assert_eq!(client.state("restart"), StepState::Waiting);
    let until = client.step("restart").until_ms.unwrap();
    assert!((until - client.now_ms() - 24 * 3_600_000).abs() < 600_000);
    client.later_ms = 25 * 3_600_000;
    assert_eq!(client.state("restart"), StepState::Done);
    client.later_ms = 0;
    client.set("cache_hours", "0");
    assert_eq!(client.state("restart"), StepState::Done);
    client.set("cache_hours", "");
    client.act("restart", "done");
    client.act("confirm", "done");

    // As long as the server shows the old chain, the old root stays.
    assert_eq!(client.state("switch"), StepState::Waiting);
    client.probe("switch", "look");
    client.expect_finding("switch", Tone::Info, "not the new one");
    assert_ne!(client.state("switch"), StepState::Done);
    let refused = client.try_act("delete_root", "delete_old").unwrap_err();
    assert!(
        matches!(&refused, Problem::PlanRefused { why } if why.contains("trusts by “Example Root” alone")),
        "{refused:?}"
    );
    // Nor does it go by another door.
    let old = client.step("import_root").findings.into_iter().find_map(|finding| {
        Some(
            finding
                .words
                .strip_prefix("“Example Root” is in the trust store as “")?
                .split_once('”')?
                .0
                .to_owned(),
        )
    });
    let aliases = client.desk.aliases();
    let old = aliases.into_iter().find(|alias| Some(alias) != old.as_ref()).unwrap();
    let refused = client.ask(Request::Delete { aliases: vec![old] }).unwrap_err();
    assert!(
        matches!(&refused, Problem::PlanRefused { why } if why.contains("New certificate of ERP")),
        "{refused:?}"
    );
    assert_eq!(client.desk.aliases().len(), 2);

    // The switch is seen by a probe.
    drop(old_peer);
    let new_peer = Peer::start(&after, None, port);
    client.probe("switch", "look");
    client.expect_finding("switch", Tone::Good, "showed the new certificate");
    assert_eq!(client.state("switch"), StepState::Done);
    server.open(&client.export());
    assert_eq!(server.state("old_may_go"), StepState::Now);
    server.act("old_may_go", "done");
    client.open(&server.export());
    assert_eq!(client.state("delete_root"), StepState::Now);

    // Somebody else may still live on the old root.
    let other = Peer::start(&before, None, 0);
    let first = client.id.clone();
    let answer = client.ask(Request::NewPlan {
        job: PlanKind::Connect,
        side: PlanSide::Client,
        host: format!("localhost:{}", other.port),
        entry: None,
    });
    let Ok(certwright_protocol::ui::Response::PlanSheet { sheet }) = answer else { panic!("{answer:?}") };
    client.id = sheet.id;
    client.set("server_name", "Warehouse");
    client.probe("trust", "look");
    assert_eq!(client.state("trust"), StepState::Done);
    let second = std::mem::replace(&mut client.id, first);
    let refused = client.try_act("delete_root", "delete_old").unwrap_err();
    assert!(matches!(&refused, Problem::PlanRefused { why } if why.contains("Warehouse")), "{refused:?}");
    client.ask(Request::DeletePlan { id: second }).unwrap();
    drop(other);

    client.act("delete_root", "delete_old");
    assert_eq!(client.desk.aliases().len(), 1);
    let trusted = client.picture(PlanSide::Client).holds;
    let drawn: Vec<&str> = trusted.iter().map(|holding| holding.what.as_str()).collect();
    assert_eq!(drawn, ["new_root"], "what is gone is not drawn");
    assert_eq!(client.summary().state, "Done", "{:?}", client.states());
    client.probe("switch", "look");
    assert_eq!(client.summary().state, "Done", "{:?}", client.states());
    drop(new_peer);
    let log = client.sheet().log;
    assert!(
        log.iter().any(|line| line.who == "ERP") && log.iter().any(|line| line.words.contains("Deleted")),
        "{log:?}"
    );

    client.undo_all();
    assert!(client.desk.aliases().is_empty() && client.desk.session.view().plans.is_empty());
}

#[test]
fn the_same_root_need_not_change() {
    let authority = Authority::new();
    let peer = Peer::start(&authority, None, 0);
    let mut client = Side::begin(PlanKind::RenewServer, PlanSide::Client);
    client.name_sides(peer.port);
    client.import("root.pem", &authority.read("root.pem"), &[]);
    client.probe("before", "look");
    client.files("send_root", "new_server_files", &[("root.pem", &authority.read("root.pem"))]).unwrap();
    client.expect_finding("import_root", Tone::Good, "the same root");
    assert_eq!(client.state("import_root"), StepState::Done);
    assert_eq!(client.try_act("delete_root", "delete_old").unwrap_err(), Problem::PlanStepGone);
}

#[test]
fn the_clients_certificate_is_renewed_beside_the_old() {
    let authority = Authority::new();
    authority.write("clients.pem", &authority.read("root.pem"));
    let peer = Peer::start(&authority, Some("clients.pem"), 0);
    let mut client = Side::begin(PlanKind::RenewClient, PlanSide::Client);
    client.name_sides(peer.port);
    let (key, certificate) = authority.issue("shop", "clientAuth");
    let chain = [key, certificate, authority.read("inter.pem"), authority.read("root.pem")].concat();
    client.import("shop.pem", &chain, &[]);
    client.import("root.pem", &authority.read("root.pem"), &[]);
    client.set("entry", "shop");
    assert_eq!(client.state("old"), StepState::Done);

    let alias = client.new_key("new_key");
    assert_eq!(alias, "shop-2");
    let like = client.step("signed").acts.into_iter().find(|act| act.key == "request").unwrap();
    assert!(format!("{:?}", like.kind).contains("shop"), "{like:?}");
    let plan =
        client.desk.plan_like(&alias, certwright_protocol::ui::Like::Entry { alias: "shop".into() }).unwrap();
    let request = client.desk.make_request(&alias, plan).unwrap();
    client.import("reply.pem", &authority.sign(request.pem.as_bytes()), &[]);
    assert_eq!(client.state("signed"), StepState::Done);
    client.expect_finding("signed", Tone::Good, "subject is the same");
    client.expect_finding("signed", Tone::Good, "root is the same");

    let parts = unzip(&client.download("handover", "pack").1);
    assert_ne!(part(&parts, "client-certificate.cer"), part(&parts, "old-client-certificate.cer"));
    client.act("handover", "done");

    let mut server = Side::new();
    server.open(&client.export());
    assert_eq!(server.state("map"), StepState::Now, "{:?}", server.states());
    let sheet = String::from_utf8(server.download("map", "mapping").1).unwrap();
    assert!(sheet.contains("CN=shop"), "{sheet}");
    server.act("map", "done");
    client.open(&server.export());
    assert_eq!(client.state("switch"), StepState::Now);
    let refused = client.try_act("retire", "delete_entry").unwrap_err();
    assert!(
        matches!(&refused, Problem::PlanRefused { why } if why.contains("has not switched")),
        "{refused:?}"
    );
    client.probe("switch", "test");
    client.expect_finding("switch", Tone::Good, "accepted");
    client.act("switch", "done");
    client.act("tell", "done");
    client.act("retire", "delete_entry");
    assert!(!client.desk.aliases().contains(&"shop".to_owned()));
    assert_eq!(client.state("retire"), StepState::Done);

    server.open(&client.export());
    assert_eq!(server.state("remove"), StepState::Now);
    server.act("remove", "done");
    assert_eq!(server.summary().state, "Done", "{:?}", server.states());
    client.open(&server.export());
    assert_eq!(client.summary().state, "Done", "{:?}", client.states());
    let old = client.picture(PlanSide::Client).holds.into_iter().find(|held| held.what == "old_key").unwrap();
    assert_ne!(old.state, HoldingState::Here);
}
