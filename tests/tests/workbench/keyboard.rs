//! The palette, the keys, and the list of entries, without a pointer.

use certwright_tests::browser::{Browser, PATIENCE};
use certwright_tests::page::{Seen, id, id_with};
use certwright_tests::process::wait_until;

use crate::World;

/// The option that Enter would take.
fn chosen(browser: &Browser) -> String {
    let chosen = browser.see(&format!("{}[aria-selected=true]", id("palette-item")));
    chosen.map(|seen| seen.text).unwrap_or_default()
}

/// Types into the palette, and waits until its first option is this one.
fn look_for(browser: &Browser, text: &str, expected: &str) {
    browser.fill(&id("palette-field"), text);
    let first = |_: &Seen| chosen(browser).starts_with(expected);
    browser.wait_for_state(&id("palette"), &format!("to find {expected}"), PATIENCE, first);
}

fn open_palette(browser: &Browser) {
    browser.press("Ctrl+k");
    browser.wait_for(&format!("{}:popover-open", id("palette")));
    assert_eq!(browser.focused().0, "palette-field");
}

pub(crate) fn palette(world: &World) {
    let browser = &world.browser;
    open_palette(browser);
    // The field says what is chosen, as screen readers want it.
    let field = browser.wait_for(&id("palette-field"));
    let option = field.attribute("aria-activedescendant").to_owned();
    assert_eq!(browser.wait_for(&format!("#{option}")).attribute("aria-selected"), "true");
    look_for(browser, "setings", "Settings");
    browser.press("Enter");
    browser.wait_for(&id("settings-page"));
    browser.wait_until_gone(&format!("{}:popover-open", id("palette")));

    // By another word, and by the first letters.
    open_palette(browser);
    look_for(browser, "scan", "Many hosts");
    look_for(browser, "new k", "New key");
    browser.press("ArrowDown");
    let second = chosen(browser);
    assert!(!second.is_empty() && !second.starts_with("New key\n"), "{second}");
    browser.press("ArrowUp");
    browser.press("Enter");
    browser.wait_for(&id("new-key-form"));

    // What cannot be done says why, and stays undone.
    open_palette(browser);
    look_for(browser, "lock the keystore", "Lock the keystore");
    assert!(chosen(browser).contains("kept on this device"), "{}", chosen(browser));
    browser.press("Escape");
    browser.wait_until_gone(&format!("{}:popover-open", id("palette")));
    open_palette(browser);
    browser.fill(&id("palette-field"), "qqqq");
    browser.wait_until_gone(&id("palette-item"));
    assert!(!browser.wait_for(&id("palette-count")).text.is_empty());
    browser.press("Escape");

    // Entries are found, too.
    browser.make_key("billing", "ec_p256");
    browser.make_key("archive", "ec_p256");
    open_palette(browser);
    look_for(browser, "bill", "billing");
    browser.press("Enter");
    browser.wait_for(&id_with("entry-pane", "data-alias", "billing"));
}

pub(crate) fn keys(world: &World) {
    let browser = &world.browser;
    browser.go_to_keystore();
    browser.press("?");
    for words in ["New key", "Ctrl+K", "Undo: ", "F2"] {
        let listed = |seen: &Seen| seen.text.contains(words);
        browser.wait_for_state(
            &format!("{}:popover-open", id("keys")),
            &format!("to list {words}"),
            PATIENCE,
            listed,
        );
    }
    browser.press("Escape");
    browser.wait_until_gone(&format!("{}:popover-open", id("keys")));

    // A key that comes before the browser has taken the focus out of the palette that has just closed.
    open_palette(browser);
    browser.run(
        "const field = document.querySelector(arguments[0]);
         field.closest('[popover]').hidePopover();
         field.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true, cancelable: true }));",
        vec![id("palette-field").into()],
    );
    browser.wait_for(&format!("{}:popover-open", id("keys")));
    browser.press("Escape");
    browser.wait_until_gone(&format!("{}:popover-open", id("keys")));
    // A box that was ticked takes no letters.
    browser.click(&id("select-all"));
    assert_eq!(browser.focused().0, "select-all");
    browser.press("?");
    browser.wait_for(&format!("{}:popover-open", id("keys")));
    browser.press("Escape");
    browser.wait_until_gone(&format!("{}:popover-open", id("keys")));
    browser.click(&id("select-all"));

    for (key, page) in [
        ("2", "jobs-page"),
        ("3", "inspect-page"),
        ("4", "probe-page"),
        (",", "settings-page"),
        ("1", "keystore-page"),
    ] {
        browser.press(key);
        browser.wait_for(&id(page));
    }
    browser.press("n");
    browser.wait_for(&id("new-key-form"));
    // In a field they are letters.
    assert_eq!(browser.focused().0, "new-key-alias");
    browser.press("n");
    browser.press("1");
    let typed = browser.run("return document.activeElement.value", vec![]);
    assert_eq!(typed, "n1");
    browser.click(&id("pane-close"));

    // Undone and done again, by name.
    let undo = || browser.wait_for(&id("undo")).attribute("title").to_owned();
    assert!(undo().contains("archive"), "{}", undo());
    browser.press("Ctrl+z");
    browser.wait_for_rows(1);
    let told = browser.wait_for(&id("toast")).text;
    assert!(told.contains("Undone") && told.contains("archive"), "{told}");
    assert!(browser.wait_for(&id("redo")).attribute("title").contains("archive"));
    assert!(undo().contains("billing"), "{}", undo());
    browser.press("Ctrl+Shift+z");
    browser.wait_for_rows(2);
    browser.close_messages();
}

pub(crate) fn list(world: &World) {
    let browser = &world.browser;
    browser.make_key("customs", "ec_p256");
    browser.go_to_keystore();
    browser.click(&id("sort-alias"));
    browser.run("document.querySelector('[data-testid=entry-open]').focus()", vec![]);
    let at = |alias: &str| {
        wait_until(&format!("the focus on {alias}"), PATIENCE, || {
            (browser.focused().1 == alias).then_some(())
        });
    };
    at("archive");
    browser.press("ArrowDown");
    at("billing");
    browser.press("End");
    at("customs");
    browser.press("ArrowDown");
    at("customs");
    browser.press("Home");
    at("archive");
    // One row alone is reached with Tab.
    assert_eq!(browser.see_all(&format!("{}[tabindex=\"0\"]", id("entry-open"))).len(), 1);
    browser.press("Enter");
    browser.wait_for(&id_with("entry-pane", "data-alias", "archive"));
    browser.press("Escape");
    browser.wait_until_gone(&id("entry-pane"));
    at("archive");

    browser.press("F2");
    browser.wait_for(&id("rename-alias"));
    browser.fill(&id("rename-alias"), "attic");
    browser.press("Enter");
    browser.wait_for(&id_with("entry-pane", "data-alias", "attic"));
    browser.press("Escape");
    browser.wait_until_gone(&id("entry-pane"));
    at("attic");

    browser.press("Shift+ArrowDown");
    browser.wait_for(&id_with("bulk", "data-count", "2"));
    browser.press("Ctrl+a");
    browser.wait_for(&id_with("bulk", "data-count", "3"));
    browser.click(&id("bulk-clear"));
    browser.wait_until_gone(&id("bulk"));
    browser.run("document.querySelector('[data-testid=entry-open]').focus()", vec![]);
    at("attic");
    browser.press("Delete");
    browser.wait_until_gone(&id_with("entry-row", "data-alias", "attic"));
    at("billing");
    // The message takes back its own change.
    browser.click(&id("toast-action"));
    browser.wait_for_rows(3);
    browser.close_messages();
}
