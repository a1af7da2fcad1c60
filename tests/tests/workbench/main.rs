//! The page as a workbench, in headless Chromium: everything by keyboard, undone by name, set once for all tabs, and forgotten when that is
//! wanted.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says no by panicking"
)]
#![allow(clippy::print_stdout, reason = "a test that takes minutes says where it is")]

mod dropping;
mod forgetting;
mod keyboard;
mod settings;

use std::time::Instant;

use certwright_tests::browser::{Browser, Kind};
use certwright_tests::program::Server;

/// A part of the session.
type Chapter = fn(&World);

/// What all chapters share.
struct World {
    browser: Browser,
    address: String,
}

#[test]
fn the_page_is_a_workbench() {
    let server = Server::start();
    let address = format!("http://127.0.0.1:{}/", server.port());
    let browser = Browser::start(Kind::Chromium);
    browser.open_page(&address);
    let world = World { browser, address };
    let chapters: [(&str, Chapter); 6] = [
        ("actions are found and done in the palette", keyboard::palette),
        ("keys do what their list says", keyboard::keys),
        ("the list is walked with the keyboard", keyboard::list),
        ("what is dropped on a page can go to another", dropping::elsewhere),
        ("settings hold, in all tabs and whatever lies there", settings::hold),
        ("everything is forgotten", forgetting::all),
    ];
    for (what, chapter) in chapters {
        let begun = Instant::now();
        chapter(&world);
        println!("    {what}: {:.1} s", begun.elapsed().as_secs_f64());
    }
    let errors: Vec<String> =
        world.browser.console().into_iter().filter(|line| line.starts_with("SEVERE")).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert!(server.stop(), "the server does not end when it is asked to");
}
