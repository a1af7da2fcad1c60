//! The server is stopped after the first visit, and the page opened again.

use certwright_tests::browser::{Browser, Kind};
use certwright_tests::page::id;
use certwright_tests::program::Server;

use crate::{errors, every_page};

pub(crate) fn without_its_server(kind: Kind) {
    let server = Server::start();
    let browser = Browser::start(kind);
    let address = format!("http://127.0.0.1:{}/", server.port());
    browser.open_page(&address);
    wait_until_kept(&browser);
    browser.click(&id("nav-probe"));
    browser.wait_for(&id("probe-page"));
    assert!(browser.see(&id("server-gone")).is_none());
    // Nothing of what the server is asked is kept.
    let kept = kept_files(&browser);
    assert!(
        kept.iter().any(|path| path == "/") && !kept.iter().any(|path| path.starts_with("/api")),
        "{kept:?}"
    );

    assert!(server.stop(), "the server does not end when it is asked to");
    // Not by WebDriver's own command, which in Firefox asks the server past the service worker.
    browser.leave();
    browser.open_page(&address);
    every_page(&browser);
    browser.make_key("made-offline", "ec_p256");
    browser.click(&id("nav-probe"));
    browser.wait_for(&id("server-gone"));
    browser.click(&id("nav-many"));
    browser.wait_for(&id("server-gone"));
    if kind == Kind::Chromium {
        assert_eq!(errors(&browser), Vec::<String>::new());
    }
}

/// Waits until the service worker has all files.
pub(crate) fn wait_until_kept(browser: &Browser) {
    browser.run_async("await navigator.serviceWorker.ready; return true;", vec![]);
}

fn kept_files(browser: &Browser) -> Vec<String> {
    let files = browser.run_async(
        "const paths = [];
         for (const name of await caches.keys())
             for (const { url } of await (await caches.open(name)).keys()) paths.push(new URL(url).pathname);
         return paths;",
        vec![],
    );
    files.as_array().unwrap().iter().map(|path| path.as_str().unwrap().to_owned()).collect()
}
