//! The keystore is there after a reload and after a restart of the browser, for whoever knows the passphrase.

use certwright_tests::browser::{Browser, Kind};
use certwright_tests::page::{id, id_with};

use crate::{EC, PASSPHRASE, WRONG_PASSWORD, World};

pub(crate) fn find_the_keystore(world: &mut World) {
    let before = world.browser.rows();
    assert_eq!(before.len(), 3, "{before:?}");
    a_deleted_entry_comes_back(world);

    world.browser.reload();
    the_keystore_opens(world, &before);

    // Locked by hand, the keys leave the memory.
    world.browser.click(&id("persistence"));
    world.browser.click(&id("lock"));
    world.browser.wait_for_persistence("locked");
    world.browser.wait_for(&id("unlock-panel"));
    assert_eq!(world.browser.see_all(&id("entry-row")), []);
    world.browser.unlock(PASSPHRASE);
    world.browser.wait_for_persistence("kept");

    // The browser is closed, and started again the next day.
    crate::traffic::no_request_leaves_the_origin(world);
    let address = world.recorder.address();
    let stored = world.browser.stored();
    world.file("stored-by-the-browser", &stored);
    world.browser.leave();
    let empty = Browser::start(Kind::Chromium);
    drop(std::mem::replace(&mut world.browser, empty));
    world.browser = Browser::start_with_profile(Kind::Chromium, world.profile.path());
    world.browser.open_page(&address);
    the_keystore_opens(world, &before);
}

fn the_keystore_opens(world: &World, before: &[(String, String)]) {
    let browser = &world.browser;
    browser.wait_until_ready();
    browser.wait_for_persistence("locked");
    browser.wait_for(&id("unlock-panel"));
    assert_eq!(browser.see_all(&id("entry-row")), []);
    browser.unlock(WRONG_PASSWORD);
    let problem = browser.wait_for(&id_with("problem", "data-kind", "passphrase_wrong"));
    assert!(problem.text.split_whitespace().count() > 5, "{}", problem.text);
    world.pictures("locked");
    browser.unlock(PASSPHRASE);
    browser.wait_for_persistence("kept");
    assert_eq!(browser.rows(), before);
}

fn a_deleted_entry_comes_back(world: &World) {
    let browser = &world.browser;
    let before = browser.rows();
    browser.open_entry(EC);
    browser.click(&id("delete-entry"));
    browser.wait_for_rows(before.len() - 1);
    browser.click(&id("toast-action"));
    browser.wait_for_rows(before.len());
    assert_eq!(browser.rows(), before);
}
