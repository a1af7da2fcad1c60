//! Looking closely, in headless Chromium: what people paste and drop is recognised, chains are judged and mended, every field and octet is shown,
//! and what goes out as a file is what openssl says of it. openssl makes all certificates, and is the second opinion.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says no by panicking"
)]
#![allow(clippy::print_stdout, reason = "a test that takes minutes says where it is")]

mod authority;
mod chains;
mod encodings;
mod finding;
mod offline;
mod paths;
mod sheets;

use std::path::PathBuf;
use std::time::Instant;

use certwright_tests::browser::{Browser, Kind};
use certwright_tests::page::{Seen, id};
use certwright_tests::program::Server;
use certwright_tests::recorder::Recorder;

use crate::authority::Authority;

/// A part of the session.
type Chapter = fn(&mut World);

/// What all chapters share.
struct World {
    browser: Browser,
    recorder: Recorder,
    server: Option<Server>,
    authority: Authority,
}

impl World {
    /// Begins with nothing in the bag.
    fn begin(&self) {
        self.browser.click(&id("nav-inspect"));
        self.browser.wait_for(&id("inspect-page"));
        if self.browser.see(&id("bag-clear")).is_some() {
            self.browser.click(&id("bag-clear"));
        }
        self.browser.wait_for(&id("inspect-empty"));
    }

    /// Begins with these files of the authority.
    fn begin_with(&self, names: &[&str]) {
        self.begin();
        let files: Vec<(&str, Vec<u8>)> =
            names.iter().map(|name| (*name, self.authority.read(name))).collect();
        let files: Vec<(&str, &[u8])> =
            files.iter().map(|(name, content)| (*name, content.as_slice())).collect();
        self.browser.drop_files(&files);
        self.browser.wait_for(&id("thing"));
    }

    /// The things in the bag, by title.
    fn titles(&self) -> Vec<String> {
        self.browser
            .see_all(&id("thing"))
            .iter()
            .map(|thing| thing.attribute("data-title").to_owned())
            .collect()
    }

    /// Waits for a verdict that is as wished, once no other is awaited.
    fn verdict(&self, what: &str, wished: impl Fn(&Seen) -> bool) -> Seen {
        let settled = format!("{}:not([data-busy]) > {}", id("judged"), id("verdict"));
        self.browser.wait_for_state(&settled, what, certwright_tests::browser::PATIENCE, wished)
    }

    fn untrusted_for(&self, code: &str) -> Seen {
        self.verdict(code, |seen| {
            seen.attribute("data-trusted") == "false" && seen.attribute("data-code") == code
        })
    }

    /// Puts text into the file that the authority's folder has under a name.
    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.authority.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Pictures of the page as it is: narrow, wide, and dark.
    fn pictures(&self, name: &str) {
        self.browser.close_messages();
        for (width, height) in [(400, 860), (1280, 900)] {
            self.browser.resize(width, height);
            self.browser.picture(&format!("{name}-{width}"));
        }
        self.browser.prefer_dark(true);
        self.browser.picture(&format!("{name}-dark"));
        self.browser.prefer_dark(false);
    }
}

#[test]
fn what_people_have_is_looked_at_closely() {
    let server = Server::start();
    let recorder = Recorder::start(server.port());
    let browser = Browser::start(Kind::Chromium);
    browser.open_page(&recorder.address());
    let mut world = World { browser, recorder, server: Some(server), authority: Authority::new() };
    let chapters: [(&str, Chapter); 8] = [
        ("what is pasted and dropped is recognised", |world| finding::recognises(world)),
        ("chains are judged, and what is missing is fetched", |world| chains::are_judged(world)),
        ("another path is chosen", |world| paths::are_chosen(world)),
        ("keys are held against authorities", |world| paths::of_my_keys(world)),
        ("sheets, files and paper agree with openssl", |world| sheets::agree_with_openssl(world)),
        ("elements and octets light each other up", |world| encodings::light_up(world)),
        ("two certificates are compared", |world| sheets::are_compared(world)),
        ("everything but fetching works without the server", offline::works_on),
    ];
    for (what, chapter) in chapters {
        let begun = Instant::now();
        chapter(&mut world);
        println!("    {what}: {:.1} s", begun.elapsed().as_secs_f64());
    }
}
