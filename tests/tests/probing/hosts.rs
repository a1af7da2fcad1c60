//! Many hosts: read, probed several at a time, sorted, searched, filtered, exported, compared with an earlier run, opened one by one.

use certwright_tests::browser::PATIENCE;
use certwright_tests::flow::PROBE;
use certwright_tests::nginx::{ClientCheck, Nginx, Tls};
use certwright_tests::page::{Seen, id, id_with};
use certwright_tests::peers::{OpensslServer, closed_port};
use serde_json::Value;

use crate::World;

pub(crate) fn have_a_table(world: &World) {
    let browser = &world.browser;
    let good = Nginx::start(Tls::Only13, &world.certificate, &ClientCheck::None);
    let strange = world.stranger.server_certificate("localhost", "DNS:localhost");
    let untrusted = Nginx::start(Tls::Only12, &strange, &ClientCheck::None);
    let changing = OpensslServer::start(&world.certificate, &[]);
    let closed = closed_port();
    let port = changing.port();

    browser.click(&id("nav-many"));
    browser.wait_for(&id("many-page"));
    world.pictures("many-empty");
    let list = format!(
        "# our servers\nlocalhost:{}\nlocalhost,{}\nhttps://localhost:{port}/\nlocalhost:{closed}\nlocalhost:{closed}\nno host\n",
        good.port(),
        untrusted.port()
    );
    browser.drop_files(&[("hosts.txt", list.as_bytes())]);
    browser.wait_for_state(&id("many-text"), "to hold the list", PATIENCE, |_| {
        browser.run("return document.querySelector('[data-testid=many-text]').value.length > 0", vec![])
            == true
    });
    browser.click(&id("many-start"));
    wait_for_end(world, 4);
    let wrong = browser.wait_for(&id("many-wrong"));
    assert_eq!(wrong.attribute("data-count"), "1", "{wrong:?}");
    let verdict_of = |port: u16| {
        let row = browser.wait_for(&id_with("host-row", "data-host", &format!("localhost:{port}")));
        row.attribute("data-verdict").to_owned()
    };
    assert_eq!(verdict_of(good.port()), "reached");
    assert_eq!(verdict_of(port), "reached");
    assert_eq!(verdict_of(closed), "port_closed");
    assert_ne!(verdict_of(untrusted.port()), "reached");
    world.pictures("many-done");

    // Sorted by verdict the failed one comes first, then last.
    browser.click(&id("hosts-sort-verdict"));
    assert_eq!(rows(world)[0], format!("localhost:{closed}"));
    browser.click(&id("hosts-sort-verdict"));
    assert_eq!(rows(world)[3], format!("localhost:{closed}"));
    browser.choose(&id("hosts-filter"), "bad");
    assert_eq!(rows(world), [format!("localhost:{closed}")]);
    browser.choose(&id("hosts-filter"), "all");
    browser.fill(&id("hosts-search"), "stranger");
    assert_eq!(rows(world), [format!("localhost:{}", untrusted.port())]);
    browser.fill(&id("hosts-search"), "");

    // As files.
    browser.click(&id("many-csv"));
    let csv = String::from_utf8(browser.take_download("hosts.csv")).unwrap();
    assert_eq!(csv.lines().count(), 5, "{csv}");
    assert!(csv.contains("Receiver Issuing CA"), "{csv}");
    browser.click(&id("many-json"));
    let json = browser.take_download("hosts.json");
    let read: Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(read.as_array().unwrap().len(), 4, "{read}");

    // One has another certificate when they are probed again.
    drop(changing);
    let renewed = world.receiver.server_certificate("localhost", "DNS:localhost");
    let changed = OpensslServer::start_on(port, &renewed, &[]);
    browser.click(&id("many-again"));
    wait_for_end(world, 4);
    let changes = |port: u16| {
        let row = id_with("host-row", "data-host", &format!("localhost:{port}"));
        browser.see(&format!("{row} {}", id("host-changes"))).map(|seen| seen.text)
    };
    assert!(changes(port).is_some_and(|text| text.contains("other certificate")), "{:?}", changes(port));
    assert_eq!(changes(good.port()), None);
    browser.choose(&id("hosts-filter"), "changed");
    assert_eq!(rows(world), [format!("localhost:{port}")]);
    browser.choose(&id("hosts-filter"), "all");
    world.pictures("many-changed");
    // The same with the file of the first run.
    browser.drop_files(&[("hosts.json", &json)]);
    browser.wait_for(&id("many-before"));
    browser.click(&id("many-again"));
    wait_for_end(world, 4);
    assert!(changes(port).is_some_and(|text| text.contains("other certificate")), "{:?}", changes(port));

    // The failed one is tried again, alone.
    let late = OpensslServer::start_on(closed, &world.certificate, &[]);
    browser.click(&id("many-retry"));
    wait_for_end(world, 4);
    assert_eq!(verdict_of(closed), "reached");
    drop(late);

    // A click opens the whole result.
    let row = id_with("host-row", "data-host", &format!("localhost:{}", untrusted.port()));
    browser.click(&format!("{row} {}", id("host-open")));
    browser.wait_for_state(&id("probe-verdict"), "to be told", PROBE, |seen| {
        seen.attribute("data-verdict") == "server_not_trusted"
    });
    browser.wait_until_gone(&id("probe-stop"));
    drop(changed);
}

/// Waits until so many hosts are probed and nothing runs.
pub(crate) fn wait_for_end(world: &World, all: usize) -> Seen {
    let all = all.to_string();
    world.browser.wait_for_state(&id("many-progress"), "to be done", PROBE, |seen| {
        seen.attribute("data-running") == "false" && seen.attribute("data-done") == all
    })
}

/// The hosts in the order in which they stand.
fn rows(world: &World) -> Vec<String> {
    let rows = world.browser.see_all(&id("host-row"));
    rows.iter().map(|row| row.attribute("data-host").to_owned()).collect()
}
