//! Keystores that people bring, in headless Chromium: opened beside each other, searched, merged, written for others and read by them; an authority
//! of one's own; two tabs with one kept keystore. keytool and openssl make the files, and judge what comes out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says no by panicking"
)]
#![allow(clippy::print_stdout, reason = "a test that takes minutes says where it is")]

mod authority;
mod java;
mod lists;
mod tabs;

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use certwright_tests::browser::{Browser, Kind};
use certwright_tests::process::output_of;
use certwright_tests::program::Server;
use tempfile::TempDir;

/// What the Java keystore is under.
const STORE_PASSWORD: &str = "storepass";
/// What one entry in it is under.
const ENTRY_PASSWORD: &str = "entrypass";

/// A part of the session.
type Chapter = fn(&World);

/// What all chapters share.
struct World {
    browser: Browser,
    address: String,
    files: TempDir,
}

impl World {
    fn path(&self, name: &str) -> PathBuf {
        self.files.path().join(name)
    }

    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        std::fs::write(self.path(name), content).unwrap();
        self.path(name)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// keytool in the folder of the files, in English; it has to succeed.
    fn keytool(&self, arguments: &[&str]) -> String {
        let mut keytool = Command::new("keytool");
        keytool.arg("-J-Duser.language=en").args(arguments).current_dir(self.files.path());
        String::from_utf8_lossy(&output_of(&mut keytool)).into_owned()
    }

    /// Pictures of the page as it is, narrow and wide.
    fn pictures(&self, name: &str) {
        self.browser.close_messages();
        for (width, height) in [(400, 860), (1280, 900)] {
            self.browser.resize(width, height);
            self.browser.picture(&format!("{name}-{width}"));
        }
    }
}

#[test]
fn keystores_of_all_kinds_are_worked_on() {
    let server = Server::start();
    let address = format!("http://127.0.0.1:{}/", server.port());
    let browser = Browser::start(Kind::Chromium);
    browser.open_page(&address);
    let world = World { browser, address, files: tempfile::tempdir().unwrap() };
    let chapters: [(&str, Chapter); 4] = [
        ("a small authority signs a request", authority::signs_a_request),
        ("a Java keystore is opened, merged and written for others", java::is_worked_on),
        ("entries are found, selected and listed", lists::find_and_select),
        ("two tabs keep each other's changes", tabs::keep_changes),
    ];
    for (what, chapter) in chapters {
        let begun = Instant::now();
        chapter(&world);
        println!("    {what}: {:.1} s", begun.elapsed().as_secs_f64());
    }
    assert!(server.stop(), "the server does not end when it is asked to");
}
