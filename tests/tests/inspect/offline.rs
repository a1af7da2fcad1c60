//! Looking needs no server once the page is there; only fetching does, and says so. And nothing secret was ever sent.

use certwright_tests::needles;
use certwright_tests::page::{id, id_with};

use crate::World;
use crate::authority::{FILE_PASSWORD, HOST};

pub(crate) fn works_on(world: &mut World) {
    let server = world.server.take().unwrap();
    let log = server.log();
    assert!(server.stop(), "the server does not end when it is asked to");
    let browser = &world.browser;
    world.begin();
    browser.paste("body", &world.authority.text("leaf.pem"));
    world.untrusted_for("missing-issuer");
    for view in ["details", "asn1"] {
        browser.click(&id(&format!("view-{view}")));
    }
    browser.wait_for(&id("asn1-node"));
    browser.click(&id("view-chain"));
    browser.click(&id("fetch-issuer"));
    browser.wait_for(&id_with("problem", "data-kind", "not_fetched"));
    world.pictures("inspect-offline");

    // The page asked for its files, probed once, and had addresses fetched; it sent neither key nor password, nor what was looked at.
    let requests = world.recorder.requests();
    assert!(requests.iter().any(|request| request == "POST /api/fetch"), "{requests:?}");
    for request in &requests {
        assert!(request.starts_with("GET /") || request == "POST /api/fetch", "{request}");
        assert!(!request.contains(['?', '%', '#']), "{request}");
    }
    let mut secrets = needles::of_private_key("the server's key", &world.authority.path("leaf.key"));
    secrets.extend(needles::of_password("password of the file", FILE_PASSWORD));
    assert_eq!(world.recorder.find(&secrets), Vec::<String>::new(), "secrets are in the traffic");
    assert!(!log.contains(HOST), "the server's log names what was looked at: {log}");
}
