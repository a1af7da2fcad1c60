//! Settings: kept for all tabs, used where they are meant to be, and no harm whatever lies in their place.

use certwright_tests::browser::{Browser, PATIENCE};
use certwright_tests::page::{Seen, id};
use certwright_tests::process::wait_until;
use serde_json::{Value, json};

use crate::World;

fn value(browser: &Browser, testid: &str) -> Value {
    browser.wait_for(&id(testid));
    browser.run("return document.querySelector(arguments[0]).value", vec![json!(id(testid))])
}

fn theme(browser: &Browser) -> Value {
    browser.run("return document.documentElement.dataset.theme", vec![])
}

/// Chooses a number as a user does: types it and leaves the field.
fn set_number(browser: &Browser, testid: &str, number: &str) {
    browser.fill(&id(testid), number);
    browser.press("Tab");
}

pub(crate) fn hold(world: &World) {
    let browser = &world.browser;
    browser.click(&id("nav-settings"));
    browser.choose(&id("setting-theme"), "dark");
    browser.choose(&id("setting-key"), "rsa_3072");
    browser.choose(&id("setting-purpose"), "server");
    browser.choose(&id("setting-signature"), "384");
    browser.choose(&id("auto-lock"), "300");
    set_number(browser, "setting-days", "90");
    set_number(browser, "setting-warn", "120");
    assert_eq!(theme(browser), "dark");

    // They are there after a reload, and in another tab.
    let first = browser.window();
    browser.reload();
    browser.wait_until_ready();
    assert_eq!(theme(browser), "dark");
    let second = browser.open_tab(&world.address);
    browser.wait_until_ready();
    browser.click(&id("nav-settings"));
    assert_eq!(value(browser, "setting-key"), "rsa_3072");
    assert_eq!(value(browser, "auto-lock"), "300");
    browser.choose(&id("setting-theme"), "light");
    browser.switch_to(&first);
    wait_until("the other tab's theme", PATIENCE, || (theme(browser) == "light").then_some(()));
    browser.switch_to(&second);
    browser.close_tab();
    browser.switch_to(&first);

    // They are what forms begin with.
    browser.go_to_keystore();
    browser.click(&id("new-key"));
    let checked = format!("{}:checked", id("new-key-choice-rsa_3072"));
    browser.wait_for(&checked);
    browser.make_key("server", "ec_p256");
    browser.click(&id("self-sign"));
    browser.wait_for(&id("self-sign-form"));
    browser.wait_for(&format!("{}:checked", id("purpose-server")));
    assert_eq!(value(browser, "validity-days"), "90");
    browser.run("document.querySelector('[data-testid=request-more]').open = true", vec![]);
    assert!(
        value(browser, "signature").as_str().unwrap().contains("SHA-384"),
        "{}",
        value(browser, "signature")
    );
    browser.fill(&id("request-cn"), "server.example.com");
    browser.click(&id("self-sign-create"));
    browser.wait_for(&id("entry-chain"));
    // Ninety days are within the 120 that are warned of.
    let warned = |seen: &Seen| seen.attribute("data-count") == "1";
    browser.wait_for_state(&id("standing-warn"), "to warn of one entry", PATIENCE, warned);

    // Letters can be switched off.
    browser.click(&id("nav-settings"));
    browser.check(&id("setting-letters"), false);
    browser.run("document.activeElement.blur()", vec![]);
    browser.press("1");
    browser.press(",");
    assert!(browser.see(&id("settings-page")).is_some());
    browser.press("Ctrl+k");
    browser.wait_for(&format!("{}:popover-open", id("palette")));
    browser.press("Escape");

    // Whatever lies there: the page works, and has what can be used of it.
    for (broken, expected) in
        [("{", "system"), ("[1]", "system"), ("{\"theme\":\"dark\",\"days\":{}}", "dark")]
    {
        browser.run("localStorage.setItem('settings', arguments[0])", vec![json!(broken)]);
        browser.reload();
        browser.wait_until_ready();
        assert_eq!(theme(browser), expected, "{broken}");
        browser.click(&id("nav-settings"));
        assert_eq!(value(browser, "setting-days"), "365", "{broken}");
    }
    browser.click(&id("settings-reset"));
    wait_until("the theme of the beginning", PATIENCE, || (theme(browser) == "system").then_some(()));
}
