//! The keystore page: empty, with a list, and with each pane beside it.

use certwright_tests::page::{id, id_with};

use crate::World;

/// No certificate, key or keystore.
const NOTHING: &[u8] = b"nothing of the kind";

pub(crate) fn panes(world: &World) {
    let browser = &world.browser;
    world.check("empty");
    browser.click(&id("tour-start"));
    browser.wait_for(&id("tour"));
    world.check("tour");
    browser.press("Escape");
    browser.wait_until_gone(&id("tour"));
    browser.click(&id("store-close"));
    browser.wait_for(&id("empty-state"));
    browser.click(&id("sample-2"));
    browser.wait_for(&id("standing"));
    world.check("sample");
    browser.click(&id("store-close"));
    browser.wait_for(&id("empty-state"));
    browser.click(&id("new-key"));
    browser.wait_for(&id("new-key-form"));
    browser.run("document.querySelector('[data-testid=new-key-more]').open = true", vec![]);
    world.check("new-key");
    browser.make_key("erp", "ec_p256");
    world.check("entry-without-certificate");
    browser.press("F2");
    browser.wait_for(&id("rename-alias"));
    world.check("rename");
    browser.click(&id("rename-cancel"));

    // A request, and a certificate that the key signs itself.
    browser.open_entry("erp");
    browser.click(&id("make-request"));
    browser.wait_for(&id("request-form"));
    browser.run("document.querySelector('[data-testid=request-more]').open = true", vec![]);
    world.check("request-form");
    browser.make_request("erp", &[("cn", "erp.example.com")], "erp.example.com");
    world.check("request-result");
    browser.open_entry("erp");
    world.check("entry-pending");
    browser.make_key("authority", "ec_p256");
    browser.click(&id("self-sign"));
    browser.wait_for(&id("self-sign-form"));
    world.check("self-sign-form");
    browser.click(&format!("label:has({})", id("self-sign-ca")));
    browser.fill(&id("request-cn"), "Demo Root");
    browser.click(&id("self-sign-create"));
    browser.wait_for(&id("entry-chain"));
    world.check("entry-authority");
    browser.click(&id("sign-requests"));
    browser.wait_for(&id("issue-pane"));
    world.check("issue");

    browser.open_entry("authority");
    browser.click(&id("export-open"));
    world.check("entry-export");
    browser.go_to_keystore();
    browser.click(&id("store-menu"));
    browser.wait_for(&id("store-pane"));
    world.check("store");
    browser.click(&id("pane-close"));
    browser.click(&id("select-all"));
    browser.wait_for(&id("bulk"));
    world.check("selected");
    browser.click(&id("bulk-copy"));
    browser.wait_for(&id("store-tab"));
    world.check("merge");
    browser.click(&id_with("store-tab", "data-store", "0"));

    browser.drop_and_look(&[("odd.bin", NOTHING), ("odd.txt", b"one.example.com\n")]);
    world.check("found-nothing");
    browser.open_entry("authority");
    browser.click(&id("export-cer"));
    let der = browser.take_download("authority.cer");
    browser.drop_and_look(&[("authority.cer", &der)]);
    world.check("found");
}

pub(crate) fn locked(world: &World) {
    let browser = &world.browser;
    browser.go_to_keystore();
    browser.click(&id("persistence"));
    browser.wait_for(&id("keep-passphrase"));
    world.check("keep");
    browser.keep("a long passphrase, for once");
    browser.click(&id("persistence"));
    browser.wait_for(&id("lock"));
    world.check("kept");
    browser.click(&id("lock"));
    browser.wait_for(&id("unlock-passphrase"));
    world.check("locked");
    browser.click(&id("nav-jobs"));
    browser.wait_for(&id("jobs-locked"));
    world.check("jobs-locked");
}
