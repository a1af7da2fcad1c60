//! Renew, client side: a new key beside the old one, of the same subject; the server accepts both until the switch.

use certwright_tests::authority::Reply;
use certwright_tests::page::{Seen, id};

use crate::World;
use crate::connect::{CLIENT, SERVER};

pub(crate) fn walks(world: &mut World) {
    let client = &world.client;
    let old = client.browser.rows().into_iter().find(|(_, state)| state == "complete").unwrap().0;
    client.begin("renew_client", false, &world.host());
    client.name_sides(CLIENT, SERVER);
    let field = format!("{} {}", crate::side::selector("old"), id("plan-field-entry"));
    client.unfold("old");
    client.browser.choose(&field, &old);
    client.wait_step("old", "done");

    client.make_key("new_key");
    // The request begins as the old certificate is.
    let pem = client.make_request("signed", &[]);
    let issued = world.company.sign(pem.as_bytes());
    let reply = world.file("renewed.p7b", &world.company.reply(&issued, Reply::Pkcs7));
    client.import("signed", "reply", &reply);
    client.wait_step("signed", "done");
    client.wait_finding("signed", "good", "subject is the same");
    client.wait_finding("signed", "good", "root is the same");
    let package = client.save("handover", "pack", ".zip");
    client.act("handover", "done");
    client.wait_step("handover", "done");
    client.pictures("renew-client");

    let receiver = &world.receiver;
    // The package has the plan in it.
    assert!(!receiver.open_plan(&package));
    receiver.open_plan(&client.export());
    receiver.wait_step("map", "now");
    receiver.save("map", "mapping", ".txt");
    receiver.pictures("renew-client-map");
    receiver.act("map", "done");
    receiver.wait_step("map", "done");
    assert!(client.open_plan(&receiver.export()));

    client.wait_step("switch", "now");
    let why = client.refused("retire", "delete_entry").unwrap_or_default();
    assert!(!why.is_empty());
    client.probe("switch", "test");
    // The new key comes into the place of the old one, and could go back.
    client.act("switch", "install");
    client.wait_step("switch", "done");
    let aside = format!("{old}-old");
    client.wait_finding("switch", "good", &aside);
    assert_eq!(client.holds("client", "old_key"), "old");
    client.act("switch", "put_back");
    client.wait_step("switch", "now");
    client.act("switch", "install");
    client.wait_step("switch", "done");
    client.pictures("renew-client-switched");
    let line = world.log().lines().last().unwrap_or_default().to_owned();
    assert!(line.starts_with("200 SUCCESS \"CN=orders.example.com"), "{line}");
    client.act("tell", "done");
    client.wait_step("tell", "done");
    assert!(receiver.open_plan(&client.export()));
    receiver.act("remove", "done");
    receiver.wait_step("remove", "done");
    receiver.pictures("renew-client-removed");
    assert!(client.open_plan(&receiver.export()));
    client.act("retire", "delete_entry");
    client.wait_step("retire", "done");
    let all = |seen: &Seen| seen.attribute("data-done") == seen.attribute("data-steps");
    client.browser.wait_for_state(&id("plan"), "to be done", certwright_tests::browser::PATIENCE, all);
    client.pictures("renew-client-done");
    client.wait_finding("retire", "info", "Since then: ");
    let aliases: Vec<String> = client.browser.rows().into_iter().map(|(alias, _)| alias).collect();
    assert!(aliases.contains(&old) && !aliases.contains(&aside), "{aliases:?}");
    // The connection that was made before, and the renewal of the server's certificate, are done still.
    client.go_to_jobs();
    let items = client.browser.see_all(&id("plan-item"));
    assert!(items.len() == 3 && items.iter().all(all), "{items:?}");
}
