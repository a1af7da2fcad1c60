//! What is dropped or pasted on a page that takes it at once can still go elsewhere.

use certwright_tests::page::id;

use crate::World;

/// No certificate, and a list of hosts.
const HOSTS: &[u8] = b"one.example.com\ntwo.example.com:8443\n";

pub(crate) fn elsewhere(world: &World) {
    let browser = &world.browser;
    browser.click(&id("nav-inspect"));
    browser.drop_files(&[("hosts.txt", HOSTS)]);
    let offer = browser.wait_for(&id("taken"));
    assert!(offer.text.contains("hosts.txt"), "{}", offer.text);
    assert!(browser.see(&id("taken-inspect")).is_none(), "it is inspected already");
    browser.click(&id("taken-hosts"));
    browser.wait_for(&id("many-page"));
    browser.wait_until_gone(&id("taken"));

    // The other way round, and from there to the keystore.
    browser.drop_files(&[("hosts.txt", HOSTS)]);
    browser.click(&id("taken-inspect"));
    browser.wait_for(&id("inspect-page"));
    browser.drop_files(&[("hosts.txt", HOSTS)]);
    browser.click(&id("taken-import"));
    browser.looked();
    browser.click(&id("found-hosts"));
    browser.wait_for(&id("many-page"));
    // Everywhere else the keystore looks at it, and asks.
    browser.click(&id("nav-settings"));
    browser.drop_files(&[("hosts.txt", HOSTS)]);
    browser.looked();
    browser.go_to_keystore();
}
