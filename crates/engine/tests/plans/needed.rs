//! A root that a renewal still needs is deleted by no door; and what was finished before does not fall back when it is gone.

use certwright_protocol::ui::plans::StepState;
use certwright_protocol::ui::{MergeMode, MergeSource, PlanKind, PlanSide, Request, Response, StoreId};
use certwright_protocol::{Password, Problem};

use super::peer::Peer;
use super::side::Side;
use super::support::{Authority, random};

/// A client that trusts the old root and the new one of a server that has not switched, and their aliases.
fn renewing(before: &Authority, after: &Authority, port: u16) -> (Side, [String; 2]) {
    let mut client = Side::begin(PlanKind::RenewServer, PlanSide::Client);
    client.name_sides(port);
    client.import("root.pem", &before.read("root.pem"), &[]);
    client.probe("before", "look");
    client.files("send_root", "new_server_files", &[("root.pem", &after.read("root.pem"))]).unwrap();
    client.act("import_root", "trust");
    let aliases = client.desk.aliases();
    let [old, new] = aliases.as_slice() else { panic!("{aliases:?}") };
    let aliases = [old.clone(), new.clone()];
    (client, aliases)
}

#[track_caller]
fn expect_refused(answer: Result<Response, Problem>) {
    assert!(
        matches!(&answer, Err(Problem::PlanRefused { why }) if why.contains("New certificate of ERP")),
        "{answer:?}"
    );
}

#[test]
fn no_door_takes_the_old_root_away() {
    let (before, after) = (Authority::new(), Authority::new());
    let peer = Peer::start(&before, None, 0);
    let (mut client, [old, new]) = renewing(&before, &after, peer.port);

    // One, both, or all that another keystore does not have.
    expect_refused(client.ask(Request::Delete { aliases: vec![old.clone()] }));
    expect_refused(client.ask(Request::Delete { aliases: vec![new.clone(), old.clone()] }));
    let Ok(Response::Store { store }) = client.ask(Request::NewStore { name: "other".into() }) else {
        panic!()
    };
    let merge = |from: StoreId, mode: MergeMode, overwrite: bool| Request::Merge {
        from: MergeSource::Store { store: from },
        aliases: None,
        mode,
        overwrite,
        apply: true,
    };
    expect_refused(client.ask(merge(store, MergeMode::Replace, true)));
    // A stranger under its alias takes its place, too.
    let stranger = after.der(&after.read("inter.pem"));
    client.desk.store = store;
    client.ask(Request::Trust { certificate: stranger.into(), alias: Some(old.clone()) }).unwrap();
    client.desk.store = StoreId::HOME;
    expect_refused(client.ask(merge(store, MergeMode::Add, true)));
    assert_eq!(client.desk.aliases(), [old.clone(), new.clone()]);

    // Kept on the device, it is not forgotten either, as long as there is the plan.
    let now_ms = client.now_ms();
    assert!(client.session().may_forget(now_ms).is_ok(), "nothing is kept");
    client.session().keep(&Password::new("passphrase"), &mut random()).unwrap();
    expect_refused(client.session().may_forget(now_ms).map(|()| Response::Done));

    // Under a second alias it is there still: one of both may go.
    let copy = before.der(&before.read("root.pem"));
    client.desk.store = store;
    client.ask(Request::Trust { certificate: copy.into(), alias: Some("copy".into()) }).unwrap();
    client.desk.store = StoreId::HOME;
    client.ask(merge(store, MergeMode::Add, false)).unwrap();
    client.ask(Request::Delete { aliases: vec![old] }).unwrap();
    expect_refused(client.ask(Request::Delete { aliases: vec!["copy".into()] }));
    let id = client.id.clone();
    client.ask(Request::DeletePlan { id }).unwrap();
    client.ask(Request::Delete { aliases: vec!["copy".into(), new] }).unwrap();
    assert!(client.session().may_forget(now_ms).is_ok());
}

#[test]
fn of_a_chain_that_is_not_in_order_nothing_is_concluded() {
    let (before, after) = (Authority::new(), Authority::new());
    let peer = Peer::start(&before, None, 0);
    let (mut client, _) = renewing(&before, &after, peer.port);
    let refused = |client: &mut Side| match client.try_act("delete_root", "delete_old") {
        Err(Problem::PlanRefused { why }) => why,
        other => panic!("{other:?}"),
    };
    assert!(refused(&mut client).contains("alone. Deleting it"), "{}", refused(&mut client));
    // All certificates have expired by then.
    client.later_ms = 50 * 366 * 86_400_000;
    assert!(refused(&mut client).contains("cannot be said"), "{}", refused(&mut client));
}

#[test]
fn a_finished_plan_knows_of_the_renewal() {
    let (before, after) = (Authority::new(), Authority::new());
    let peer = Peer::start(&before, None, 0);
    let (mut client, [old, _]) = renewing(&before, &after, peer.port);
    let renewal = client.begin_another(PlanKind::Connect, None);
    client.name_sides(peer.port);
    client.probe("trust", "look");
    assert_eq!(client.state("trust"), StepState::Done);
    let connect = std::mem::replace(&mut client.id, renewal);

    let port = peer.port;
    drop(peer);
    let peer = Peer::start(&after, None, port);
    client.later_ms = 1_000;
    client.probe("switch", "look");
    client.act("old_may_go", "done");
    client.act("delete_root", "delete_old");
    assert!(!client.desk.aliases().contains(&old));
    client.id = connect;
    assert_eq!(client.state("trust"), StepState::Done, "{:?}", client.step("trust"));
    let shown = client.picture(PlanSide::Client).holds;
    assert!(shown.iter().any(|held| held.what == "server_root" && held.entry.is_some()), "{shown:?}");
    drop(peer);
}
