//! A session of random actions, in headless Chromium, beside a model: no entry gets lost, no error is shown, and everything is undone back to the
//! beginning.
//!
//! The seed is printed; `CERTWRIGHT_SEED=N` runs that session again, `CERTWRIGHT_ACTIONS=N` makes it longer or shorter.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says no by panicking"
)]
#![allow(clippy::print_stdout, reason = "a test that takes minutes says where it is")]

mod actions;
mod model;

use std::time::Instant;

use certwright_tests::browser::{Browser, Kind};
use certwright_tests::page::id;
use certwright_tests::program::Server;

use crate::actions::Session;

/// Actions of a session that nobody asked otherwise.
const ACTIONS: u64 = 500;

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

#[test]
fn random_actions_lose_nothing_and_are_undone_to_the_beginning() {
    let seed = setting("CERTWRIGHT_SEED", 20_261_121);
    let count = setting("CERTWRIGHT_ACTIONS", ACTIONS);
    println!("seed {seed}, {count} actions");
    let server = Server::start();
    let browser = Browser::start(Kind::Chromium);
    browser.open_page(&format!("http://127.0.0.1:{}/", server.port()));
    browser.watch_errors();

    let mut session = Session::new(browser, seed);
    let begun = Instant::now();
    for number in 1..=count {
        session.act(number);
        if number % 50 == 0 {
            println!("{number} actions, {} changes, {:?}", session.changes(), begun.elapsed());
        }
    }
    // Otherwise little would be shown by it.
    assert!(session.changes() * 2 >= usize::try_from(count).unwrap(), "{} changes", session.changes());
    let undone = session.undo_everything();
    println!("undone: {undone} changes, {:?}", begun.elapsed());

    let browser = session.browser();
    assert!(browser.wait_for(&id("undo")).disabled);
    browser.wait_for(&id("empty-state"));
    assert_eq!(browser.errors(), Vec::<String>::new());
}
