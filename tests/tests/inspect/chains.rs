//! Chains are judged: what is missing is drawn as missing and fetched through the server, roots are trusted, names and times are looked at.

use certwright_tests::openssl;
use certwright_tests::page::{id, id_with};

use crate::World;
use crate::authority::HOST;

pub(crate) fn are_judged(world: &World) {
    let browser = &world.browser;
    world.begin_with(&["leaf.pem"]);
    world.untrusted_for("missing-issuer");
    let missing = browser.wait_for(&id_with("link", "data-missing", "true"));
    assert!(missing.attribute("data-name").contains("Inspection CA 1"), "{missing:?}");
    world.pictures("inspect-missing");

    // The server fetches it from the address that the certificate names.
    let address = browser.wait_for(&id("fetch"));
    assert!(address.attribute("data-url").ends_with("/intermediate.cer"), "{address:?}");
    browser.click(&id("fetch-issuer"));
    browser.wait_for(&id_with("thing", "data-title", "Inspection CA 1"));
    browser.wait_for(&id_with("link", "data-name", "Inspection CA 1"));
    world.verdict("not to be trusted yet", |seen| seen.attribute("data-trusted") == "false");
    world.pictures("inspect-fetched");

    // With the root, and the root trusted, the chain is good; openssl says the same.
    browser.drop_files(&[("root.pem", &world.authority.read("root.pem"))]);
    browser.wait_for(&id_with("link", "data-name", "Inspection Root"));
    world.untrusted_for("untrusted-root");
    browser.click(&id("link-trust"));
    world.verdict("to be good", |seen| seen.attribute("data-trusted") == "true");
    let (yes, words) = openssl::says_yes([
        "verify",
        "-CAfile",
        world.authority.path("root.pem").to_str().unwrap(),
        "-untrusted",
        world.authority.path("intermediate.pem").to_str().unwrap(),
        world.authority.path("leaf.pem").to_str().unwrap(),
    ]);
    assert!(yes, "{words}");
    let anchor = browser.wait_for(&id_with("link", "data-anchor", "true"));
    assert_eq!(anchor.attribute("data-name"), "Inspection Root");
    let checks = browser.see_all(&id("check"));
    assert!(checks.len() > 8, "{checks:?}");
    assert!(checks.iter().any(|check| check.text.contains("RFC 5280")), "{checks:?}");
    world.pictures("inspect-trusted");

    // Another name, another time, nothing trusted: each has its verdict, and taking it back brings the good one again.
    browser.run("document.querySelector(arguments[0]).open = true", vec![id("settings").into()]);
    set(world, "judge-name", "other.example.com");
    world.untrusted_for("host-mismatch");
    world.pictures("inspect-host");
    set(world, "judge-name", HOST);
    world.verdict("to be good", |seen| seen.attribute("data-trusted") == "true");
    set(world, "judge-at", "2090-01-01T00:00");
    world.untrusted_for("expired");
    set(world, "judge-at", "");
    world.verdict("to be good", |seen| seen.attribute("data-trusted") == "true");
    browser.choose(&id("judge-purpose"), "client");
    world.untrusted_for("extended-key-usage");
    browser.choose(&id("judge-purpose"), "server");
    world.verdict("to be good", |seen| seen.attribute("data-trusted") == "true");
    browser.check(&id("trust-keystore"), false);
    world.untrusted_for("untrusted-root");
    browser.check(&id("trust-keystore"), true);
    world.verdict("to be good", |seen| seen.attribute("data-trusted") == "true");
    browser.click(&id("save-path"));
    let saved = String::from_utf8(browser.take_download(&format!("{HOST}.pem"))).unwrap();
    assert_eq!(saved.matches("BEGIN CERTIFICATE").count(), 3, "{saved}");

    // An expired one.
    world.begin_with(&["expired.pem", "intermediate.pem"]);
    world.untrusted_for("expired");
    world.pictures("inspect-expired");

    // A thing that is no certificate has no chain.
    world.begin_with(&["leaf.csr"]);
    browser.click(&id("view-chain"));
    browser.wait_for(&id("no-chain"));
    browser.go_to_keystore();
    browser.click(&id("undo"));
    browser.wait_for_rows(0);
}

/// Fills in a field and leaves it.
fn set(world: &World, field: &str, text: &str) {
    world.browser.run(
        "const field = document.querySelector(arguments[0]);
         field.value = arguments[1];
         field.dispatchEvent(new Event('change', { bubbles: true }));",
        vec![id(field).into(), text.into()],
    );
}
