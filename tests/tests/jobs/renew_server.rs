//! Renew, server side: the server gets a certificate under another root, and the client trusts it all the time.

use certwright_tests::page::{Seen, id, id_with};

use crate::World;
use crate::connect::{CLIENT, SERVER};

pub(crate) fn walks(world: &mut World) {
    let next = world.new_roots.server_certificate("localhost", "DNS:localhost");
    let chain =
        [std::fs::read(&next.chain).unwrap(), std::fs::read(world.new_roots.root()).unwrap()].concat();
    let chain = world.file("next-chain.pem", &chain);

    // The receiver begins, and gets ready.
    let receiver = &world.receiver;
    receiver.begin("renew_server", true, &world.host());
    receiver.name_sides(CLIENT, SERVER);
    receiver.probe("before", "look");
    receiver.wait_step("before", "done");
    receiver.give("new_certificate", "new_server_files", &chain);
    receiver.wait_step("new_certificate", "done");
    receiver.fill("send_root", "switch_date", "2031-05-17");
    let calendar = String::from_utf8(receiver.save("send_root", "calendar", ".ics")).unwrap();
    assert!(calendar.contains("BEGIN:VCALENDAR") && calendar.contains("20310517"), "{calendar}");
    receiver.save("send_root", "pack_server", ".zip");
    receiver.act("send_root", "done");
    receiver.wait_step("send_root", "done");
    receiver.pictures("renew-server");

    // The client's side trusts the new root beside the old.
    let client = &world.client;
    assert!(!client.open_plan(&receiver.export()));
    client.wait_step("import_root", "now");
    assert_eq!(client.holds("client", "old_root"), "here");
    assert_eq!(client.holds("client", "new_root"), "missing");
    client.pictures("renew-server-client");
    client.act("import_root", "trust");
    client.wait_step("import_root", "done");
    assert_eq!(client.holds("client", "old_root"), "here");
    assert_eq!(client.holds("client", "new_root"), "here");
    // A day has to pass, unless nothing caches.
    client.wait_step("restart", "waiting");
    client.fill("restart", "cache_hours", "0");
    client.wait_step("restart", "done");
    client.act("confirm", "done");
    client.wait_step("confirm", "done");

    // Nobody deletes what is still needed.
    client.probe("delete_root", "look");
    let why = client.refused("delete_root", "delete_old").unwrap_or_default();
    assert!(why.contains("Receiver Root") && why.contains("break"), "{why}");
    client.pictures("renew-server-refused");

    // The switch, and the word that the old root may go.
    let file = client.export();
    let receiver = &world.receiver;
    assert!(receiver.open_plan(&file));
    receiver.wait_step("switch", "now");
    receiver.probe("switch", "look");
    receiver.wait_finding("switch", "info", "not the new one");
    world.restart(&next);
    world.certificate = next;
    let receiver = &world.receiver;
    receiver.probe("switch", "look");
    receiver.wait_step("switch", "done");
    receiver.act("old_may_go", "done");
    receiver.wait_step("old_may_go", "done");

    let file = receiver.export();
    let client = &world.client;
    assert!(client.open_plan(&file));
    client.wait_step("delete_root", "now");
    client.probe("delete_root", "look");
    client.wait_finding("delete_root", "good", "needs");
    assert_eq!(client.refused("delete_root", "delete_old"), None);
    client.act("delete_root", "delete_old");
    client.wait_step("delete_root", "done");
    let all = |seen: &Seen| seen.attribute("data-done") == seen.attribute("data-steps");
    client.browser.wait_for_state(&id("plan"), "to be done", certwright_tests::browser::PATIENCE, all);
    client.pictures("renew-server-done");
    assert!(world.receiver.open_plan(&client.export()));
    world.receiver.wait_step("delete_root", "done");
    world.receiver.pictures("renew-server-receiver-done");
    let rows = client.browser.rows();
    assert!(rows.iter().all(|(alias, _)| !alias.to_lowercase().contains("receiver root")), "{rows:?}");
    client.browser.wait_for(&id_with("entry-row", "data-kind", "trusted_certificate"));
}
