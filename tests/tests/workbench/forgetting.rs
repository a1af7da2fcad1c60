//! “Forget everything on this device” leaves the page, and the browser's storage, as on the first visit.

use certwright_tests::browser::Browser;
use certwright_tests::page::id;
use serde_json::{Value, json};

use crate::World;

/// Everything that this origin stores but what a service worker keeps again for the next visit: settings, records of databases, and the cache
/// and the database that the test has put beside them.
const STORED: &str = "
    const ended = (request) => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
    const found = [...Object.keys(localStorage), ...Object.keys(sessionStorage), document.cookie].filter((name) => name !== '');
    for (const { name } of await indexedDB.databases()) {
        const database = await ended(indexedDB.open(name));
        for (const store of database.objectStoreNames) {
            const keys = await ended(database.transaction(store).objectStore(store).getAllKeys());
            found.push(...keys.map((key) => `${name}/${store}/${key}`));
        }
        database.close();
    }
    return found.concat((await caches.keys()).filter((name) => name === 'beside')).sort();";

fn stored(browser: &Browser) -> Value {
    browser.run_async(STORED, vec![])
}

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
    browser.run_async(
        "await caches.open('beside');
         const request = indexedDB.open('beside');
         request.onupgradeneeded = () => request.result.createObjectStore('things').put(1, 'thing');
         await new Promise((resolve) => request.onsuccess = resolve);
         request.result.close();
         sessionStorage.setItem('beside', 'x');",
        vec![],
    );
    let all = json!(["beside", "beside", "beside/things/thing", "certwright/vault/keystore", "settings"]);
    assert_eq!(stored(browser), all);

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
    assert_eq!(stored(browser), json!([]));
    assert_eq!(browser.run("return document.documentElement.dataset.theme", vec![]), "system");
    browser.switch_to(&second);
    browser.wait_for_persistence("memory_only");
    browser.close_tab();
    browser.switch_to(&first);
}
