//! What lies around the pages and over them: palette, list of keys, menu, settings; and the pages to read.

use certwright_tests::page::id;

use crate::Walk;
use crate::album::Look;

pub(crate) fn all(walk: &Walk) {
    let browser = &walk.browser;
    walk.sample(0, 3);
    browser.go_to_keystore();
    browser.press("Ctrl+k");
    browser.wait_for(&format!("{}:popover-open", id("palette")));
    walk.show("palette");
    browser.fill(&id("palette-field"), "p");
    walk.show("palette-searched");
    browser.press("Escape");
    // In a field it would be typed.
    browser.run("document.activeElement.blur()", vec![]);
    browser.press("?");
    browser.wait_for(&format!("{}:popover-open", id("keys")));
    walk.show("keys");
    browser.press("Escape");

    browser.resize(400, 900);
    browser.click(&id("menu"));
    browser.wait_for(".nav:popover-open");
    walk.album.show_at(browser, "menu", Look { width: 400, dark: walk.language == "de" });
    browser.press("Escape");
    browser.resize(1280, 900);

    for width in (960..1500).step_by(20) {
        browser.resize(width, 900);
        let height = browser.run("return document.querySelector('.bar').clientHeight", vec![]);
        walk.album.expect(
            height.as_u64().is_some_and(|height| height < 70),
            &format!("the header at {width} is {height} high"),
        );
    }
    browser.resize(1280, 900);

    walk.go("settings");
    walk.show("settings");
    browser.click(&id("forget-all"));
    walk.show("settings-forget");
    browser.click(&id("forget-all-not"));
    walk.go("glossary");
    walk.show("glossary");
    walk.go("guide");
    walk.show("guide");
}
