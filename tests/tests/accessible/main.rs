//! Every page, pane and panel, light and dark, at 1280 and 400 pixels: axe-core finds nothing, nothing is wider than the window, and lines stay short on
//! a screen of 3840. Whole pages are gone through with Tab, and a plan is begun and worked on without a pointer. All that is found is told at once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says no by panicking"
)]
#![allow(clippy::print_stdout, reason = "a test that takes minutes says where it is")]

mod keyboard;
mod keystore;
mod other;

use std::cell::RefCell;
use std::time::Instant;

use certwright_tests::axe::{COLOURS, COLOURS_AND_SIZES};
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
    /// Looks at the page as it is now, in every size and both themes; then it is wide and light again. Of the two themes in one size, colours alone differ.
    fn check(&self, state: &str) {
        let browser = &self.browser;
        browser.close_messages();
        browser.resize(3840, 2000);
        for line in browser.long_lines() {
            self.tell(format!("{state}: {line}"));
        }
        for (width, dark, rules) in [
            (400, true, &[][..]),
            (400, false, &COLOURS_AND_SIZES),
            (1280, true, &COLOURS),
            (1280, false, &[]),
        ] {
            browser.resize(width, 900);
            browser.prefer_dark(dark);
            let name = format!("{state}-{width}-{}", if dark { "dark" } else { "light" });
            self.fits(&name);
            let violations = browser.violations_of(rules);
            if !violations.is_empty() {
                browser.picture(&format!("accessible-{name}"));
            }
            for violation in violations {
                self.tell(format!("{name}: {violation}"));
            }
        }
    }

    /// The same, and goes through the page with Tab.
    fn check_all(&self, state: &str) {
        self.check(state);
        for what in self.browser.unreachable() {
            self.tell(format!("{state}: {what}"));
        }
    }

    /// Looks at a dark page in three sizes.
    fn in_the_dark(&self, state: &str) {
        self.browser.prefer_dark(true);
        for width in [400, 1000, 1280] {
            self.browser.resize(width, 900);
            let name = format!("{state}-{width}");
            self.fits(&name);
            let violations = if width == 1000 { Vec::new() } else { self.browser.violations() };
            for violation in violations {
                self.browser.picture(&format!("accessible-{name}"));
                self.tell(format!("{name}: {violation}"));
            }
        }
        self.browser.prefer_dark(false);
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
    let chapters: [(&str, Chapter); 6] = [
        ("the keystore and its panes", keystore::panes),
        ("panels and messages", other::panels),
        ("the other pages", other::pages),
        ("a plan with the keyboard alone", keyboard::plan),
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
