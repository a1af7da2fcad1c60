//! The page without its server: kept by its service worker, renewed without breaking a session, as one file from disk; and files that are saved back to
//! where they came from. In headless Chromium and, where it can, Firefox.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says no by panicking"
)]
#![allow(clippy::print_stdout, reason = "a test that takes minutes says where it is")]

mod files;
mod kept;
mod renewed;
mod single;

use certwright_tests::browser::{Browser, Kind};
use certwright_tests::page::id;

/// Opens every page that comes in chunks, and looks whether it came.
fn every_page(browser: &Browser) {
    for page in ["jobs", "inspect", "probe", "many", "settings"] {
        browser.click(&id(&format!("nav-{page}")));
        browser.wait_for(&id(&format!("{page}-page")));
        assert!(browser.see(&id("lazy-failed")).is_none(), "{page} could not be fetched");
    }
    browser.go_to_keystore();
}

/// Errors in the console. What could not be fetched since the server is gone is none.
fn errors(browser: &Browser) -> Vec<String> {
    let mut lines = browser.console();
    lines.retain(|line| line.starts_with("SEVERE") && !line.contains("ERR_CONNECTION_REFUSED"));
    lines
}

#[test]
fn chromium_opens_the_page_without_its_server() {
    kept::without_its_server(Kind::Chromium);
}

#[test]
fn firefox_opens_the_page_without_its_server() {
    kept::without_its_server(Kind::Firefox);
}

#[test]
fn a_newer_version_waits_until_it_is_wanted() {
    renewed::when_it_is_wanted();
}

#[test]
fn chromium_opens_the_single_file() {
    single::from_disk(Kind::Chromium);
}

#[test]
fn firefox_opens_the_single_file() {
    single::from_disk(Kind::Firefox);
}

#[test]
fn a_keystore_is_saved_back_into_its_file() {
    files::saved_back();
}
