//! Renew, client side: the new certificate in the place of the old one, and back; what other plans say of it.

use certwright_protocol::Problem;
use certwright_protocol::ui::inspect::Tone;
use certwright_protocol::ui::plans::{HoldingState, StepState};
use certwright_protocol::ui::{Like, MergeMode, MergeSource, PlanKind, PlanSide, Request, Response, StoreId};

use super::peer::Peer;
use super::side::Side;
use super::support::Authority;

/// A side with the entry `shop` and its chain, and a server that accepts it.
fn with_shop(authority: &Authority) -> (Side, Peer, Vec<u8>) {
    authority.write("clients.pem", &authority.read("root.pem"));
    let peer = Peer::start(authority, Some("clients.pem"), 0);
    let mut client = Side::begin(PlanKind::RenewClient, PlanSide::Client);
    client.name_sides(peer.port);
    let (key, certificate) = authority.issue("shop", "clientAuth");
    let chain = [key.clone(), certificate, authority.read("inter.pem"), authority.read("root.pem")].concat();
    client.import("shop.pem", &chain, &[]);
    client.import("root.pem", &authority.read("root.pem"), &[]);
    client.set("entry", "shop");
    (client, peer, key)
}

fn serial(side: &mut Side, alias: &str) -> String {
    side.desk.detail(alias).certificates[0].serial.clone()
}

#[test]
fn the_new_certificate_takes_the_place_of_the_old() {
    let authority = Authority::new();
    let (mut client, peer, _) = with_shop(&authority);

    // A finished plan lives on the old one.
    let renewal = client.begin_another(PlanKind::Connect, Some("shop"));
    client.name_sides(peer.port);
    client.act("handover", "done");
    client.act("install", "done");
    client.probe("test", "test");
    assert_eq!(client.summary().state, "Done", "{:?}", client.states());
    let connect = std::mem::replace(&mut client.id, renewal);

    // There is nothing to be tested yet.
    assert_eq!(client.try_act("switch", "test").unwrap_err(), Problem::PlanStepGone);
    let alias = client.new_key("new_key");
    let plan = client.desk.plan_like(&alias, Like::Entry { alias: "shop".into() }).unwrap();
    let request = client.desk.make_request(&alias, plan).unwrap();
    client.import("reply.pem", &authority.sign(request.pem.as_bytes()), &[]);
    client.act("handover", "done");
    let (old, new) = (serial(&mut client, "shop"), serial(&mut client, &alias));

    // Not before the other side accepts it.
    let refused = client.try_act("switch", "install").unwrap_err();
    assert!(matches!(&refused, Problem::PlanRefused { why } if why.contains("ERP neither")), "{refused:?}");
    client.probe("switch", "test");
    assert_eq!(client.state("map"), StepState::Done);
    client.ask(Request::SetLocked { aliases: vec!["shop".into()], locked: true }).unwrap();
    let refused = client.try_act("switch", "install").unwrap_err();
    assert!(matches!(&refused, Problem::PlanRefused { why } if why.contains("is locked")), "{refused:?}");
    client.ask(Request::SetLocked { aliases: vec!["shop".into()], locked: false }).unwrap();

    client.act("switch", "install");
    assert_eq!(client.state("switch"), StepState::Done);
    assert_eq!(serial(&mut client, "shop"), new);
    assert_eq!(serial(&mut client, "shop-old"), old);
    client.expect_finding("switch", Tone::Good, "kept as “shop-old”");
    let held = |client: &mut Side, what: &str| {
        let holds = client.picture(PlanSide::Client).holds;
        let found = holds.into_iter().find(|held| held.what == what).unwrap();
        (found.entry, found.state)
    };
    assert_eq!(held(&mut client, "old_key"), (Some("shop-old".into()), HoldingState::Old));
    assert_eq!(held(&mut client, "new_key"), (Some("shop".into()), HoldingState::Here));
    client.probe("switch", "test");
    client.expect_finding("switch", Tone::Good, "accepted");

    // Back, as if something else had broken; then for good.
    client.act("switch", "put_back");
    assert_eq!(client.state("switch"), StepState::Now);
    assert_eq!(serial(&mut client, "shop"), old);
    assert!(client.try_act("retire", "delete_entry").is_err());
    client.act("switch", "install");
    assert_eq!(serial(&mut client, "shop"), new);
    let told = client.sheet().log;
    assert_eq!(told.iter().filter(|line| line.words.contains("in the place of the old one")).count(), 2);

    // The other side learns of it, and who it was before stays known when it is deleted.
    let mut server = Side::new();
    server.open(&client.export());
    assert_eq!(server.state("switch"), StepState::Done);
    client.act("tell", "done");
    client.act("retire", "delete_entry");
    assert_eq!(client.desk.aliases(), ["Example Root", "shop"].map(String::from).to_vec());
    client.expect_finding("retire", Tone::Info, "Until ");
    client.expect_finding("retire", Tone::Info, "Since then: ");
    assert_eq!(held(&mut client, "old_key"), (None, HoldingState::Unknown));

    // The plan that was finished before is so still: the renewal has seen that the server accepts the new one.
    let renewal = std::mem::replace(&mut client.id, connect);
    assert_eq!(client.summary().state, "Done", "{:?}", client.states());
    client.id = renewal;
    client.undo_all();
    assert!(client.desk.aliases().is_empty());
}

#[test]
fn other_plans_follow_to_the_new_alias() {
    let authority = Authority::new();
    let (mut client, peer, _) = with_shop(&authority);
    let renewal = client.begin_another(PlanKind::SystemCertificate, Some("shop"));
    client.set("client_name", "Shop");
    let system = std::mem::replace(&mut client.id, renewal);
    let (key, certificate) = authority.issue("shop-new", "clientAuth");
    client.import("new.pem", &[key, certificate, authority.read("inter.pem")].concat(), &[]);
    client.set("new_entry", "shop-new");
    client.probe("switch", "test");
    client.act("switch", "done");
    client.act("retire", "delete_entry");
    client.id = system;
    assert_eq!(client.state("key"), StepState::Done, "{:?}", client.step("key"));
    assert_eq!(client.step("key").fields[0].value, "shop-new");
    drop(peer);
}

/// The entry has the new certificate, and the old one in its history; nothing is left to be done here.
#[track_caller]
fn in_place(client: &mut Side, old: &str, new: &str) {
    assert_eq!(client.desk.aliases().iter().filter(|alias| alias.contains("shop")).count(), 1);
    let detail = client.desk.detail("shop");
    assert_eq!(detail.certificates[0].serial, new);
    assert_eq!(detail.previous[0].certificates[0].serial, old);
    assert_eq!((client.state("switch"), client.state("retire")), (StepState::Done, StepState::Done));
    client.expect_finding("switch", Tone::Good, "in the history of the entry");
    client.expect_finding("retire", Tone::Info, "Until ");
}

#[test]
fn the_same_key_keeps_the_old_certificate_in_its_history() {
    let authority = Authority::new();
    let (mut client, peer, key) = with_shop(&authority);
    authority.write("shop.key", &key);
    authority.openssl(&["req", "-new", "-key", "shop.key", "-subj", "/CN=shop", "-out", "again.csr"]);
    let again = authority.sign(&authority.read("again.csr"));
    authority.write("again.pem", &again);
    authority.openssl(&[
        "pkcs12",
        "-export",
        "-inkey",
        "shop.key",
        "-in",
        "again.pem",
        "-certfile",
        "inter.pem",
        "-name",
        "shop again",
        "-out",
        "again.p12",
        "-passout",
        "pass:secret",
    ]);
    let old = serial(&mut client, "shop");
    // Both are there, one beside the other.
    let Ok(Response::Store { store }) = client.ask(Request::NewStore { name: "other".into() }) else {
        panic!()
    };
    client.desk.store = store;
    client.import("again.p12", &authority.read("again.p12"), &["secret"]);
    client.desk.store = StoreId::HOME;
    let (from, mode) = (MergeSource::Store { store }, MergeMode::Add);
    client.ask(Request::Merge { from, aliases: None, mode, overwrite: false, apply: true }).unwrap();
    client.set("new_entry", "shop again");
    client.expect_finding("signed", Tone::Warn, "key is the same");
    let new = serial(&mut client, "shop again");
    client.probe("switch", "test");
    client.act("switch", "install");
    in_place(&mut client, &old, &new);
    client.ask(Request::Undo).unwrap();
    client.ask(Request::Delete { aliases: vec!["shop again".into()] }).unwrap();

    // Or it is imported onto the key that it is for.
    client.later_ms += 1_000;
    client.import("again.p12", &authority.read("again.p12"), &["secret"]);
    client.set("new_entry", "shop");
    in_place(&mut client, &old, &new);

    // The other side sees both.
    let mut server = Side::new();
    server.open(&client.export());
    let holds = server.picture(PlanSide::Client).holds;
    let shown: Vec<String> =
        holds.into_iter().filter_map(|held| held.certificate.map(|certificate| certificate.serial)).collect();
    assert_eq!(shown, [old, new]);
    drop(peer);
}
