//! “Forget everything on this device” leaves the page, and the browser's storage, as on the first visit.

use certwright_tests::page::id;

use crate::World;

pub(crate) fn all(world: &World) {
    let browser = &world.browser;
    browser.make_key("kept", "ec_p256");
    browser.go_to_keystore();
    browser.click(&id("persistence"));
    browser.keep("a long passphrase, for once");
    browser.click(&id("nav-settings"));
    browser.choose(&id("setting-theme"), "dark");
    let vault = browser.wait_for(&id("storage-vault"));
    assert!(vault.attribute("data-bytes").parse::<u64>().unwrap() > 100, "{vault:?}");
    browser.wait_for(&id("storage-used"));
    assert_ne!(browser.stored(), world.fresh);

    // It asks once, says what will be gone, and can be left.
    browser.click(&id("forget-all"));
    browser.click(&id("forget-all-not"));
    browser.click(&id("forget-all"));
    let asked = browser.wait_for(".confirm").text;
    assert!(asked.contains("all its keys") && asked.contains("cannot be undone"), "{asked}");

    // Another tab with the same database open does not keep it from that.
    let first = browser.window();
    let second = browser.open_tab(&world.address);
    browser.wait_until_ready();
    browser.switch_to(&first);
    browser.click(&id("forget-all-confirm"));
    browser.wait_for(&id("empty-state"));
    browser.wait_until_ready();
    assert_eq!(String::from_utf8_lossy(&browser.stored()), String::from_utf8_lossy(&world.fresh));
    assert_eq!(browser.run("return document.documentElement.dataset.theme", vec![]), "system");
    browser.switch_to(&second);
    browser.wait_for_persistence("memory_only");
    browser.close_tab();
    browser.switch_to(&first);
}
