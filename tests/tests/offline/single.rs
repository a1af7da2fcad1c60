//! `certwright.html` from disk: keys are made, kept by the browser and unlocked after a reload, and every page is there. There is no server to probe with,
//! and it says so.

use std::path::PathBuf;

use certwright_tests::browser::{Browser, Kind};
use certwright_tests::page::id;
use certwright_tests::process::target;

use crate::{errors, every_page};

pub(crate) fn from_disk(kind: Kind) {
    let named = std::env::var_os("CERTWRIGHT_SINGLE_FILE").map(PathBuf::from);
    let file = named.unwrap_or_else(|| target().join("certwright.html"));
    assert!(file.is_file(), "there is no {}: run `cargo xtask single-file` first", file.display());
    let browser = Browser::start(kind);
    browser.open_page(&format!("file://{}", file.display()));
    every_page(&browser);
    // The generator is a worker of the worker.
    browser.make_key("from-a-file", "ec_p256");
    let request = browser.make_request("from-a-file", &[("cn", "from a file")], "");
    assert!(request.contains("BEGIN CERTIFICATE REQUEST"), "{request}");
    browser.click(&id("nav-probe"));
    browser.wait_for(&id("server-none"));
    // Kept by the browser for this one file, and there after a reload, once it is unlocked.
    browser.go_to_keystore();
    browser.click(&id("persistence"));
    browser.keep("a long passphrase, for once");
    browser.reload();
    browser.wait_until_ready();
    browser.unlock("a long passphrase, for once");
    browser.wait_for_rows(1);
    if kind == Kind::Chromium {
        assert_eq!(errors(&browser), Vec::<String>::new());
    }
}
