//! The page in German, in headless Chromium, and its first paint in Firefox: chosen by the language of the browser, switched in the settings and back
//! without losing what is open, kept over a reload; and no English is left. What is left is found by the catalogue: a text of the page that is an English
//! text there, and would be another one in German.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says no by panicking"
)]
#![allow(clippy::print_stdout, reason = "a test that takes minutes says where it is")]

use std::time::{Duration, Instant};

use certwright_tests::authority::Authority;
use certwright_tests::browser::{Browser, Kind, PATIENCE};
use certwright_tests::flow::{Identity, PROBE};
use certwright_tests::nginx::{ClientCheck, Nginx, Tls};
use certwright_tests::page::{Seen, id, id_with};
use certwright_tests::peers::closed_port;
use certwright_tests::process::wait_until;
use certwright_tests::program::Server;
use certwright_tests::texts::Catalogue;
use serde_json::Value;

/// A session in German.
struct World {
    browser: Browser,
    /// What must not be seen.
    catalogue: Catalogue,
    left: std::cell::RefCell<Vec<String>>,
}

impl World {
    /// Looks for the other language on the page as it is now.
    fn check(&self, state: &str) {
        println!("    {state}");
        for (width, height) in [(400, 900), (1280, 900)] {
            self.browser.resize(width, height);
            let over = self.browser.run("return document.documentElement.scrollWidth - innerWidth", vec![]);
            if over.as_i64().unwrap() > 0 {
                self.left.borrow_mut().push(format!("{state}: {over} pixels wider than {width}"));
            }
            self.browser.picture(&format!("german-{state}-{width}"));
        }
        // What is asked of the worker again comes a moment later.
        let begun = Instant::now();
        let found = loop {
            let found = self.catalogue.found_on(&self.browser);
            if found.is_empty() || begun.elapsed() > Duration::from_secs(3) {
                break found;
            }
        };
        self.left.borrow_mut().extend(found.into_iter().map(|text| format!("{state}: “{text}”")));
    }
}

fn language(browser: &Browser) -> Value {
    browser.run("return document.documentElement.lang", vec![])
}

fn wait_for_language(browser: &Browser, code: &str) {
    wait_until(&format!("the language {code}"), PATIENCE, || (language(browser) == code).then_some(()));
}

/// The texts of the page's first heading and of its pages.
fn heading(browser: &Browser) -> String {
    browser.wait_for("main h1").text
}

#[test]
fn the_page_is_german_where_the_browser_is() {
    let server = Server::start();
    let address = format!("http://127.0.0.1:{}/", server.port());
    let browser = Browser::start_in(Kind::Chromium, "de-AT,de,en");
    browser.open_page(&address);
    assert_eq!(language(&browser), "de");
    assert_eq!(heading(&browser), "Ihr Keystore ist leer");
    let mut world = World { browser, catalogue: Catalogue::english(), left: Vec::new().into() };
    keystore(&world);
    switches(&world);
    others(&world);
    told_anew(&mut world);
    let left = world.left.borrow();
    assert!(left.is_empty(), "{} findings:\n{}", left.len(), left.join("\n"));
    // A picture that nobody has taken yet is no matter of language.
    let severe = |line: &String| line.starts_with("SEVERE") && !line.contains("/pictures/");
    let errors: Vec<String> = world.browser.console().into_iter().filter(severe).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert!(server.stop(), "the server does not end when it is asked to");
}

/// The list, its panes, and what lies over it.
fn keystore(world: &World) {
    let browser = &world.browser;
    world.check("empty");
    browser.click(&id("new-key"));
    browser.wait_for(&id("new-key-form"));
    browser.run("document.querySelector('[data-testid=new-key-more]').open = true", vec![]);
    world.check("new-key");
    browser.make_key("erp", "ec_p256");
    browser.click(&id("make-request"));
    browser.wait_for(&id("request-form"));
    browser.run("document.querySelector('[data-testid=request-more]').open = true", vec![]);
    world.check("request-form");
    browser.make_request("erp", &[("cn", "erp.example.com")], "erp.example.com");
    world.check("request-result");
    browser.make_key("stelle", "ec_p256");
    browser.click(&id("self-sign"));
    browser.wait_for(&id("self-sign-form"));
    browser.click(&format!("label:has({})", id("self-sign-ca")));
    browser.fill(&id("request-cn"), "Demo");
    browser.click(&id("self-sign-create"));
    browser.wait_for(&id("entry-chain"));
    world.check("entry");
    browser.drop_and_look(&[("odd.bin", b"nothing of the kind")]);
    world.check("found");
    browser.go_to_keystore();
    browser.press("Ctrl+k");
    browser.wait_for(&format!("{}:popover-open", id("palette")));
    world.check("palette");
    browser.press("Escape");
    browser.wait_until_gone(&format!("{}:popover-open", id("palette")));
    // In a field it would be typed.
    browser.run("document.activeElement.blur()", vec![]);
    browser.press("?");
    browser.wait_for(&format!("{}:popover-open", id("keys")));
    world.check("keys");
    browser.press("Escape");
}

/// To English and back, with a pane open; and what was chosen is kept.
fn switches(world: &World) {
    let browser = &world.browser;
    let rows = browser.rows();
    browser.open_entry("stelle");
    browser.click(&id("nav-settings"));
    browser.wait_for(&id("settings-page"));
    world.check("settings");
    assert_eq!(heading(browser), "Einstellungen");
    browser.choose(&id("setting-language"), "en");
    wait_for_language(browser, "en");
    assert_eq!(heading(browser), "Settings");
    browser.click(&id("nav-keystore"));
    let pane = id_with("entry-pane", "data-alias", "stelle");
    let english = browser.wait_for(&pane);
    assert!(english.text.contains("Self-signed"), "{}", english.text);
    assert_eq!(browser.rows(), rows);

    browser.click(&id("nav-settings"));
    browser.choose(&id("setting-language"), "de");
    wait_for_language(browser, "de");
    browser.click(&id("nav-keystore"));
    let german = browser.wait_for(&pane);
    assert!(german.text.contains("Selbstsigniert"), "{}", german.text);
    assert_eq!(browser.rows(), rows);
    world.check("entry-again");

    // English was chosen: that is more than what the browser prefers, and lasts.
    browser.click(&id("nav-settings"));
    browser.choose(&id("setting-language"), "en");
    wait_for_language(browser, "en");
    browser.reload();
    browser.wait_until_ready();
    assert_eq!(language(browser), "en");
    browser.click(&id("nav-settings"));
    browser.choose(&id("setting-language"), "system");
    wait_for_language(browser, "de");
}

/// The pages beside the keystore's, and what the worker says there.
fn others(world: &World) {
    let browser = &world.browser;
    for page in ["jobs", "glossary", "guide"] {
        browser.click(&id(&format!("nav-{page}")));
        browser.wait_for(&id(&format!("{page}-page")));
        world.check(page);
    }
    let authority = Authority::new("Empfang");
    let certificate = authority.server_certificate("localhost", "DNS:localhost");
    let chain = std::fs::read(authority.bundle()).unwrap();
    browser.click(&id("nav-inspect"));
    browser.wait_for(&id("inspect-page"));
    world.check("inspect-empty");
    browser.drop_files(&[("chain.pem", &chain)]);
    browser.wait_for(&id("thing"));
    for view in ["details", "chain"] {
        browser.click(&id(&format!("view-{view}")));
        world.check(&format!("inspect-{view}"));
    }

    let server = Nginx::start(Tls::Only13, &certificate, &ClientCheck::None);
    browser.click(&id("nav-probe"));
    browser.wait_for(&id("probe-page"));
    for folded in ["probe-advanced", "probe-also"] {
        browser.run("document.querySelector(arguments[0]).open = true", vec![id(folded).into()]);
    }
    world.check("probe-form");
    browser.probe("localhost", server.port(), Identity::None, true);
    world.check("probe-not-trusted");
    browser.probe("localhost", closed_port(), Identity::None, true);
    world.check("probe-closed");
    browser.click(&id("nav-many"));
    browser.wait_for(&id("many-page"));
    browser.fill(&id("many-text"), &format!("localhost:{}\nlocalhost:{}", server.port(), closed_port()));
    browser.click(&id("many-start"));
    browser.wait_until_gone_for(&id("many-stop"), PROBE);
    browser.wait_for(&id("host-row"));
    world.check("many");
}

/// What was found out in one language is told in the other when that is chosen: things that are inspected, the last probe, what a plan knows.
fn told_anew(world: &mut World) {
    let browser = &world.browser;
    browser.click(&id("nav-inspect"));
    browser.drop_files(&[("broken.pem", b"-----BEGIN CERTIFICATE-----\nMII!\n-----END CERTIFICATE-----\n")]);
    browser.wait_for(&id("problem"));
    browser.click(&id("nav-jobs"));
    browser.click(&id("begin-connect"));
    browser.fill(&id("begin-host"), &format!("localhost:{}", closed_port()));
    browser.click(&id("begin-submit"));
    let look =
        format!("{} {}", id_with("plan-step", "data-step", "trust"), id_with("plan-act", "data-act", "look"));
    browser.wait_for(&id("plan"));
    unfold(browser);
    let centre = "document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })";
    browser.run(centre, vec![look.clone().into()]);
    browser.click(&look);
    let ended = |seen: &Seen| seen.attribute("data-running") == "false";
    browser.wait_for_state(&id("plan-probe"), "to have ended", PROBE, ended);
    let german = pages(browser);
    for (chosen, code, other) in [("en", "en", Catalogue::german()), ("system", "de", Catalogue::english())] {
        world.catalogue = other;
        world.browser.click(&id("nav-settings"));
        world.browser.choose(&id("setting-language"), chosen);
        wait_for_language(&world.browser, code);
        told_in(world, code);
    }
    assert_eq!(pages(&world.browser), german);
}

/// Looks at all that is kept from before.
fn told_in(world: &World, code: &str) {
    let browser = &world.browser;
    browser.click(&id("nav-inspect"));
    for (view, what) in [("details", "sheet"), ("chain", "judged")] {
        browser.click(&id(&format!("view-{view}")));
        browser.wait_for(&id(what));
        world.check(&format!("{code}-inspect-{view}"));
    }
    browser.click(&id("nav-probe"));
    browser.wait_for(&id("probe-page"));
    world.check(&format!("{code}-probe"));
    browser.click(&id("nav-jobs"));
    browser.wait_for(&id("plan-probe"));
    // The plan is asked for again: its title is the last to come.
    unfold(browser);
    world.check(&format!("{code}-plan"));
}

fn unfold(browser: &Browser) {
    browser.run("document.querySelectorAll('.plan details').forEach(one => one.open = true)", vec![]);
}

/// What stands on the pages that know something.
fn pages(browser: &Browser) -> Vec<String> {
    let text = |page: &str| {
        browser.click(&id(&format!("nav-{page}")));
        browser.wait_for(&id(&format!("{page}-page"))).text
    };
    ["inspect", "probe", "jobs"].into_iter().map(text).collect()
}

#[test]
fn the_first_paint_is_german_in_firefox() {
    let server = Server::start();
    let address = format!("http://127.0.0.1:{}/", server.port());
    let browser = Browser::start_in(Kind::Firefox, "de");
    browser.open_page(&address);
    assert_eq!(language(&browser), "de");
    assert_eq!(heading(&browser), "Ihr Keystore ist leer");
}
