//! Sessions of random actions beside a model: no entry gets lost, what is refused changes nothing, everything is undone back to the beginning, and
//! tabs that keep the same keystore bring together what each of them did.
//!
//! Each session has a seed, which is told when it fails; `CERTWRIGHT_SEED=N` runs that one alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod actions;
mod dice;
mod model;
#[path = "../support/mod.rs"]
mod support;
mod tab;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::dice::Dice;
use crate::model::Work;
use crate::tab::{Device, Tab};

/// Sessions of one tab, and the actions in each.
const ALONE: (u64, usize) = (12, 250);
/// Sessions of two tabs. Each opens the vault a few times, which takes a good part of a second.
const TOGETHER: (u64, usize) = (4, 160);

fn each_seed(seeds: u64, session: impl Fn(u64)) {
    if let Ok(seed) = std::env::var("CERTWRIGHT_SEED") {
        return session(seed.parse().expect("a number"));
    }
    for seed in 0..seeds {
        let ended = catch_unwind(AssertUnwindSafe(|| session(seed)));
        assert!(ended.is_ok(), "run it again with CERTWRIGHT_SEED={seed}");
    }
}

#[test]
fn one_tab_loses_nothing_and_is_undone_to_the_beginning() {
    let (seeds, actions) = ALONE;
    each_seed(seeds, |seed| {
        let (mut tab, mut dice) = (Tab::new("alone"), Dice::new(seed));
        for _ in 0..actions {
            tab.act(&mut dice);
        }
        tab.compare_keys();
        tab.undo_everything();
        assert_eq!(tab.model.now, Work::default());
    });
}

#[test]
fn two_tabs_lose_nothing_that_either_of_them_did() {
    let (seeds, actions) = TOGETHER;
    each_seed(seeds, |seed| {
        let (mut dice, mut device) = (Dice::new(seed), Device::default());
        let mut tabs = [Tab::new("first"), Tab::new("second")];
        for _ in 0..10 {
            tabs[0].act(&mut dice);
        }
        tabs[0].keep(&mut device);
        tabs[1].open_locked();
        tabs[1].unlock(&device);
        for number in 0..actions {
            let tab = &mut tabs[dice.roll(2)];
            tab.act(&mut dice);
            // Most changes are stored at once, and others while another tab was faster.
            match dice.roll(6) {
                0 => {}
                1 => tab.take_over(&device),
                _ => tab.save(&mut device),
            }
            if number % 50 == 49 && tab.is_kept() {
                tab.lock(&mut device);
                tab.act(&mut dice);
                tab.unlock(&device);
            }
        }
        settle(&mut tabs, &mut device);
        // Each takes back what it did itself, as far as it is still known.
        for tab in &mut tabs {
            tab.undo_everything();
            tab.save(&mut device);
        }
        settle(&mut tabs, &mut device);
    });
}

/// Both tabs store what they have, and then have the same.
fn settle(tabs: &mut [Tab; 2], device: &mut Device) {
    for tab in tabs.iter_mut() {
        tab.save(device);
    }
    for tab in tabs.iter_mut() {
        tab.take_over(device);
        tab.compare_keys();
    }
    assert_eq!(tabs[0].model.now.home, tabs[1].model.now.home);
    assert_eq!(tabs[0].actual(), tabs[1].actual());
}
