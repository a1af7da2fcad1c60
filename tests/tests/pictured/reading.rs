//! What there is to read: samples, the tour, cards of words, the glossary, the guide.

use certwright_tests::page::{id, id_with};
use serde_json::json;

use crate::World;

pub(crate) fn samples_show_what_needs_care(world: &World) {
    let browser = &world.browser;
    world.look("home-empty");
    // Everything in order: nothing needs care.
    world.sample(0, 3);
    assert_eq!(browser.entry_state("erp-client"), "complete");
    assert!(browser.see(&id("standing")).is_none());
    browser.open_entry("erp-client");
    browser.wait_for(&id("chain-link"));
    world.look("home-sample");
    world.for_the_guide("keystore");
    // A sample is a keystore of its own; closing it leaves nothing.
    world.begin();
    world.sample(1, 2);
    assert_eq!(browser.entry_state("shop-client"), "incomplete");
    assert_eq!(browser.wait_for(&id("standing-incomplete")).attribute("data-count"), "1");
    world.begin();
    world.sample(2, 5);
    for (part, count) in [("expired", "1"), ("warn", "1"), ("pending", "1")] {
        let selector = id(&format!("standing-{part}"));
        assert_eq!(browser.wait_for(&selector).attribute("data-count"), count, "{part}");
    }
    // Each part is a filter, on and off.
    browser.click(&id("standing-pending"));
    browser.wait_for_rows(1);
    assert_eq!(browser.rows()[0].0, "billing-next");
    browser.click(&id("standing-pending"));
    browser.wait_for_rows(5);
    world.look("home-renewal");
}

pub(crate) fn a_tour_needs_the_keyboard_alone(world: &World) {
    let browser = &world.browser;
    let press = |key: &str| {
        browser.run(
            "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: arguments[0], bubbles: true, cancelable: true}))",
            vec![json!(key)],
        );
    };
    let at = |step: &str| {
        browser.wait_for(&id_with("tour", "data-step", step));
    };
    browser.click(&id("tour-start"));
    at("1");
    browser.wait_for_rows(3);
    world.look("tour");
    // The card has the focus, and the page below still works.
    for step in ["2", "3", "4", "5", "6"] {
        let focused =
            browser.run("return document.activeElement.outerHTML.slice(0, 200)", vec![]).to_string();
        assert!(focused.contains("tour"), "before {step}: {focused}");
        press("ArrowRight");
        at(step);
        let over = "const card = document.querySelector('.tour').getBoundingClientRect();
                    return card.left >= 0 && card.top >= 0 && card.right <= innerWidth && card.bottom <= innerHeight";
        assert_eq!(browser.run(over, vec![]), true, "card {step} is outside");
    }
    press("ArrowLeft");
    at("5");
    press("Escape");
    browser.wait_until_gone(&id("tour"));
}

pub(crate) fn words_explain_themselves(world: &World) {
    let browser = &world.browser;
    world.sample(0, 3);
    browser.click("[data-word=chain]");
    browser.wait_for(&id_with("word-card", "data-name", "chain"));
    assert!(browser.wait_for(&id("word-meaning")).text.contains("up to the root"));
    world.look("word");
    // From one word to the next, and to all of them.
    browser.click(&format!("{} [data-word=root]", id("word-card")));
    browser.wait_for(&id_with("word-card", "data-name", "root"));
    browser.click(&id("word-more"));
    browser.wait_for(&id("glossary-page"));
    let focused = || browser.run("return document.activeElement.id", vec![]);
    certwright_tests::process::wait_until("the word", std::time::Duration::from_secs(5), || {
        (focused() == "term-root").then_some(())
    });
    let all: usize = browser.wait_for(&id("glossary-count")).attribute("data-count").parse().unwrap();
    assert!(all >= 40, "{all}");
    world.look("glossary");
    browser.run("scrollTo(0, 0)", vec![]);
    browser.fill(&id("glossary-search"), "fingerprint");
    browser.wait_for_state(
        &id("glossary-count"),
        "to be shorter",
        std::time::Duration::from_secs(5),
        |seen| seen.attribute("data-count").parse::<usize>().is_ok_and(|count| (1..6).contains(&count)),
    );
}

pub(crate) fn the_guide_is_there(world: &World) {
    let browser = &world.browser;
    browser.click(&id("nav-guide"));
    browser.wait_for(&id("guide-text"));
    let chapters = browser.see_all(&id("guide-chapter"));
    assert!(chapters.len() >= 10, "{}", chapters.len());
    browser.click(&id_with("guide-chapter", "data-chapter", "5"));
    let focused = browser.run("return document.activeElement.id", vec![]);
    assert_eq!(focused, "chapter-5");
    // Its pictures are there.
    let missing = browser.run_async(
        "const pictures = [...document.querySelectorAll('.guide-text img')];
         pictures.forEach((picture) => { picture.loading = 'eager'; });
         await Promise.all(pictures.map((picture) => picture.decode().catch(() => {})));
         return pictures.filter((picture) => !picture.naturalWidth).map((picture) => picture.src);",
        vec![],
    );
    if std::env::var_os("CERTWRIGHT_PICTURES").is_none() {
        assert_eq!(missing, json!([]));
    }
    world.look("guide");
}
