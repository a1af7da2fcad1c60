//! What the page shows to those who are new to it, in headless Chromium: samples, the tour, words, the guide; and the pictures that it draws. With
//! `CERTWRIGHT_PICTURES` naming a folder, the pictures of the guide are taken there.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says no by panicking"
)]
#![allow(clippy::print_stdout, reason = "a test that takes minutes says where it is")]

mod drawn;
mod reading;

use std::path::PathBuf;
use std::time::Instant;

use base64ct::{Base64, Encoding};
use certwright_tests::authority::Authority;
use certwright_tests::browser::{Browser, Kind};
use certwright_tests::page::id;
use certwright_tests::program::Server;
use serde_json::json;

/// A part of the session.
type Chapter = fn(&World);

/// What all chapters share.
struct World {
    browser: Browser,
    address: String,
    receiver: Authority,
}

impl World {
    /// Pictures of the page as it is, narrow and wide, light and dark. Nothing of it is wider than the window.
    fn look(&self, name: &str) {
        self.browser.close_messages();
        for dark in [true, false] {
            self.browser.prefer_dark(dark);
            for (width, height) in [(400, 860), (1280, 900)] {
                self.browser.resize(width, height);
                let shade = if dark { "dark" } else { "light" };
                self.browser.picture(&format!("{name}-{width}-{shade}"));
                let over =
                    self.browser.run("return document.documentElement.scrollWidth - innerWidth", vec![]);
                assert!(over.as_i64().unwrap() <= 0, "{name} is wider than {width}: by {over}");
            }
        }
    }

    /// Takes a picture for the guide, if they are wanted.
    fn for_the_guide(&self, name: &str) {
        let Some(folder) = std::env::var_os("CERTWRIGHT_PICTURES").map(PathBuf::from) else { return };
        self.browser.devtools("Emulation.setScrollbarsHidden", json!({ "hidden": true }));
        self.browser.close_messages();
        self.browser.resize(1120, 720);
        let wanted = json!({ "format": "webp", "quality": 72 });
        let taken = self.browser.devtools("Page.captureScreenshot", wanted);
        let bytes = Base64::decode_vec(taken["data"].as_str().unwrap()).unwrap();
        assert!(bytes.len() < 100_000, "{name} has {} bytes", bytes.len());
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{name}.webp")), bytes).unwrap();
        self.browser.resize(1280, 900);
    }

    /// Begins anew, without anything.
    fn begin(&self) {
        self.browser.open_page(&self.address);
        self.browser.wait_for(&id("empty-state"));
    }

    /// Opens a sample and waits for its entries.
    fn sample(&self, number: u32, rows: usize) {
        self.browser.click(&id(&format!("sample-{number}")));
        self.browser.wait_for_rows(rows);
    }
}

#[test]
fn the_page_explains_itself_and_draws() {
    let server = Server::start();
    let world = World {
        browser: Browser::start(Kind::Chromium),
        address: format!("http://127.0.0.1:{}/", server.port()),
        receiver: Authority::new("Receiver"),
    };
    let chapters: [(&str, Chapter); 6] = [
        ("samples", reading::samples_show_what_needs_care),
        ("tour", reading::a_tour_needs_the_keyboard_alone),
        ("words", reading::words_explain_themselves),
        ("guide", reading::the_guide_is_there),
        ("pictures of the keystore", drawn::chain_and_validity),
        ("pictures of a probe", drawn::handshakes),
    ];
    for (name, chapter) in chapters {
        let begun = Instant::now();
        world.begin();
        chapter(&world);
        println!("{name}: {:.1} s", begun.elapsed().as_secs_f32());
    }
    // While the guide's pictures are being taken, some may not be there yet.
    let taking = std::env::var_os("CERTWRIGHT_PICTURES").is_some();
    let wanted = |line: &String| line.starts_with("SEVERE") && !(taking && line.contains("/pictures/"));
    let bad: Vec<String> = world.browser.console().into_iter().filter(wanted).collect();
    assert_eq!(bad, Vec::<String>::new());
    drop(server);
}
