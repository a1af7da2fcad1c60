//! What the page says of itself: a newer version is there, the server is gone; and the page as one file from disk.

use std::path::PathBuf;

use certwright_tests::page::id;
use certwright_tests::process::target;
use certwright_tests::program::Server;
use serde_json::json;

use crate::Walk;

/// A newer version waits. Whether it does is for the test `offline`; here the browser says so.
pub(crate) fn all(walk: &Walk) {
    let browser = &walk.browser;
    browser.run_async("await navigator.serviceWorker.ready; return true;", vec![]);
    let waits = "if (globalThis.ServiceWorkerRegistration) Object.defineProperty(ServiceWorkerRegistration.prototype, 'waiting', { get() { return this.active } })";
    let added = browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": waits }));
    walk.begin();
    walk.sample(0, 3);
    browser.wait_for(&id("update-note"));
    walk.show("newer-version");
    browser.devtools("Page.removeScriptToEvaluateOnNewDocument", added);

    let named = std::env::var_os("CERTWRIGHT_SINGLE_FILE").map(PathBuf::from);
    let file = named.unwrap_or_else(|| target().join("certwright.html"));
    assert!(file.is_file(), "there is no {}: run `cargo xtask single-file` first", file.display());
    browser.leave();
    browser.open_page(&format!("file://{}", file.display()));
    walk.album.quiet(browser);
    walk.show("single-file");
    walk.go("probe");
    browser.wait_for(&id("server-none"));
    walk.show("single-file-probe");
}

pub(crate) fn without_server(walk: &mut Walk) {
    let next = Server::start();
    assert!(std::mem::replace(&mut walk.server, next).stop(), "the server does not end when it is asked to");
    let browser = &walk.browser;
    for page in ["probe", "many"] {
        walk.go(page);
        browser.wait_for(&id("server-gone"));
        walk.show(&format!("server-gone-{page}"));
    }
}
