//! Every page, pane and panel, light and dark, at 1280 and 400 pixels: axe-core finds nothing, and nothing is wider than the window. All that is
//! found is told at once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says no by panicking"
)]
#![allow(clippy::print_stdout, reason = "a test that takes minutes says where it is")]

mod keystore;
mod other;

use std::cell::RefCell;
use std::time::Instant;

use certwright_tests::browser::{Browser, Kind};
use certwright_tests::program::Server;

/// A part of the session.
type Chapter = fn(&World);

/// What all chapters share.
struct World {
    browser: Browser,
    /// What was found so far, each with the state of the page, once.
    found: RefCell<Vec<String>>,
}

impl World {
    /// Looks at the page as it is now, in every size and both themes; then it is wide and light again.
    fn check(&self, state: &str) {
        let browser = &self.browser;
        browser.close_messages();
        for (width, dark) in [(400, true), (400, false), (1280, true), (1280, false)] {
            browser.resize(width, 900);
            browser.prefer_dark(dark);
            let theme = if dark { "dark" } else { "light" };
            let name = format!("{state}-{width}-{theme}");
            self.fits(&name);
            let violations = browser.violations();
            // Colours change smoothly; by now they have.
            browser.picture(&format!("accessible-{name}"));
            for violation in violations {
                self.tell(format!("{name}: {violation}"));
            }
        }
    }

    /// Nothing of the page is wider than the window.
    fn fits(&self, name: &str) {
        let over = self.browser.run("return document.documentElement.scrollWidth - innerWidth", vec![]);
        if over.as_i64().unwrap() > 0 {
            self.tell(format!("{name}: {over} pixels wider than the window"));
        }
    }

    fn tell(&self, finding: String) {
        println!("      {finding}");
        self.found.borrow_mut().push(finding);
    }
}

#[test]
fn everybody_can_use_every_page() {
    let server = Server::start();
    let browser = Browser::start(Kind::Chromium);
    browser.open_page(&format!("http://127.0.0.1:{}/", server.port()));
    let world = World { browser, found: RefCell::default() };
    let chapters: [(&str, Chapter); 5] = [
        ("the keystore and its panes", keystore::panes),
        ("panels and messages", other::panels),
        ("the other pages", other::pages),
        ("the pages in German", other::german),
        ("the keystore that is locked", keystore::locked),
    ];
    for (what, chapter) in chapters {
        let begun = Instant::now();
        chapter(&world);
        println!("    {what}: {:.1} s", begun.elapsed().as_secs_f64());
    }
    let found = world.found.borrow();
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
    assert!(server.stop(), "the server does not end when it is asked to");
}
