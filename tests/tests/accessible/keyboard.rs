//! A plan is begun and worked on without a pointer: from the list of jobs to the first key, and back.

use certwright_tests::browser::PATIENCE;
use certwright_tests::flow::GENERATION;
use certwright_tests::page::{Seen, id, id_with};

use crate::World;

pub(crate) fn plan(world: &World) {
    let browser = &world.browser;
    browser.press("1");
    browser.wait_for(&id("keystore-page"));
    browser.press("2");
    browser.wait_for(&id("jobs-page"));
    browser.tab_to(&id("begin-connect"));
    browser.press("Enter");
    browser.wait_for(&id("begin-form"));
    browser.tab_to(&id("begin-host"));
    browser.type_text("ledger.example.com:443");
    browser.press("Enter");
    browser.wait_for(&id("plan"));

    // The step that is next is open.
    let step = |name: &str| id_with("plan-step", "data-step", name);
    let field = |name: &str| format!("{} {}", step("sides"), id(&format!("plan-field-{name}")));
    let is = |state: &'static str| move |seen: &Seen| seen.attribute("data-state") == state;
    browser.tab_to(&field("client_name"));
    browser.type_text("Orders");
    browser.press("Tab");
    browser.wait_for_state(&id("plan-title"), "to name the client", PATIENCE, |seen| {
        seen.text.contains("Orders")
    });
    browser.tab_to(&field("server_name"));
    browser.type_text("Ledger");
    browser.press("Tab");
    browser.wait_for_state(&step("sides"), "to be done", PATIENCE, is("done"));
    world.check_all("plan-begun");

    let summary = format!("{} > details > summary", step("signed"));
    browser.tab_to(&summary);
    browser.press("Enter");
    browser.wait_for(&format!("{} > details[open]", step("signed")));
    browser.press("Space");
    browser.wait_for(&format!("{} > details:not([open])", step("signed")));

    browser.tab_to(&format!("{} {}", step("key"), id_with("plan-act", "data-act", "new_key")));
    browser.press("Enter");
    browser.wait_for(&id("errand"));
    browser.tab_to(&id("new-key-generate"));
    browser.press("Space");
    browser.wait_for_state(&step("key"), "to have its key", GENERATION, is("done"));
    world.check_all("plan-with-a-key");
}
