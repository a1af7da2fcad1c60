//! What lies over the page, and the pages beside the keystore's.

use certwright_tests::authority::Authority;
use certwright_tests::flow::Identity;
use certwright_tests::nginx::{ClientCheck, Nginx, Tls};
use certwright_tests::page::id;
use certwright_tests::peers::closed_port;

use crate::World;

pub(crate) fn panels(world: &World) {
    let browser = &world.browser;
    browser.go_to_keystore();
    browser.press("Ctrl+k");
    browser.wait_for(&format!("{}:popover-open", id("palette")));
    world.check("palette");
    browser.fill(&id("palette-field"), "e");
    world.check("palette-found");
    browser.press("Escape");
    browser.press("?");
    browser.wait_for(&format!("{}:popover-open", id("keys")));
    world.check("keys");
    browser.press("Escape");
    browser.click(".word");
    browser.wait_for(&id("word-meaning"));
    world.check("word");
    browser.press("Escape");
    browser.resize(400, 900);
    browser.click(&id("menu"));
    browser.wait_for(".nav:popover-open");
    browser.violations().iter().for_each(|violation| world.tell(format!("menu: {violation}")));
    browser.picture("accessible-menu");
    browser.press("Escape");
    browser.resize(1280, 900);
    browser.click(&id("nav-settings"));
    browser.wait_for(&id("settings-page"));
    world.check_all("settings");
    browser.click(&id("forget-all"));
    world.check("settings-forget");
    browser.click(&id("forget-all-not"));
}

pub(crate) fn pages(world: &World) {
    let browser = &world.browser;
    browser.click(&id("nav-glossary"));
    browser.wait_for(&id("glossary-page"));
    world.check_all("glossary");
    browser.click(&id("nav-guide"));
    browser.wait_for(&id("guide-page"));
    world.check_all("guide");

    browser.click(&id("nav-jobs"));
    browser.wait_for(&id("jobs-page"));
    world.check_all("jobs");
    browser.click(&id("begin-connect"));
    browser.wait_for(&id("begin-form"));
    world.check("jobs-begin");

    let authority = Authority::new("Receiver");
    let certificate = authority.server_certificate("localhost", "DNS:localhost");
    let chain = std::fs::read(authority.bundle()).unwrap();
    browser.click(&id("nav-inspect"));
    browser.wait_for(&id("inspect-page"));
    world.check("inspect-empty");
    browser.drop_files(&[("chain.pem", &chain)]);
    browser.wait_for(&id("thing"));
    browser.wait_for(&id("taken"));
    world.check_all("inspect");
    for view in ["details", "chain", "compare", "asn1"] {
        if browser.see(&id(&format!("view-{view}"))).is_some_and(|seen| !seen.disabled) {
            browser.click(&id(&format!("view-{view}")));
            world.check(&format!("inspect-{view}"));
        }
    }

    let server = Nginx::start(Tls::Only13, &certificate, &ClientCheck::None);
    browser.click(&id("nav-probe"));
    browser.wait_for(&id("probe-page"));
    for folded in ["probe-advanced", "probe-also"] {
        browser.run("document.querySelector(arguments[0]).open = true", vec![id(folded).into()]);
    }
    world.check_all("probe-form");
    browser.probe("localhost", server.port(), Identity::None, false);
    world.check_all("probe-reached");
    browser.probe("localhost", closed_port(), Identity::None, true);
    world.check("probe-closed");

    browser.click(&id("nav-many"));
    browser.wait_for(&id("many-page"));
    world.check("many-empty");
    browser.fill(&id("many-text"), &format!("localhost:{}\nlocalhost:{}", server.port(), closed_port()));
    browser.click(&id("many-start"));
    browser.wait_until_gone_for(&id("many-stop"), certwright_tests::flow::PROBE);
    browser.wait_for(&id("host-row"));
    world.check_all("many-done");
}

/// Other languages have longer words: nothing is wider than the window for that, nor hard to read in the dark.
pub(crate) fn german(world: &World) {
    let browser = &world.browser;
    browser.click(&id("nav-settings"));
    browser.choose(&id("setting-language"), "de");
    browser.wait_for("html[lang=de]");
    for page in ["keystore", "jobs", "inspect", "probe", "many", "guide", "glossary", "settings"] {
        browser.click(&id(&format!("nav-{page}")));
        browser.wait_for(&format!("{}[aria-current]", id(&format!("nav-{page}"))));
        world.in_the_dark(&format!("german-{page}"));
    }
    browser.click(&id("nav-jobs"));
    if browser.see(&id("plan")).is_none() {
        browser.click(&id("plan-open"));
    }
    browser.wait_for(&id("plan"));
    world.in_the_dark("german-plan");
    browser.click(&id("nav-settings"));
    browser.choose(&id("setting-language"), "system");
    browser.wait_for("html[lang=en]");
}
