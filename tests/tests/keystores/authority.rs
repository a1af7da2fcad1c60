//! An authority of one's own: self-signed, signs a request of this keystore, and openssl accepts the chain.

use certwright_tests::openssl;
use certwright_tests::page::{id, id_with};

use crate::World;

pub(crate) fn signs_a_request(world: &World) {
    let browser = &world.browser;
    browser.make_key("demo ca", "ec_p384");
    browser.click(&id("self-sign"));
    browser.wait_for(&id("self-sign-form"));
    browser.click(&format!("label:has({})", id("self-sign-ca")));
    browser.fill(&id("request-cn"), "Demo Root");
    browser.fill(&id("request-o"), "Example GmbH");
    browser.fill(&id("validity-days"), "3650");
    world.pictures("self-signed");
    browser.click(&id("self-sign-create"));
    browser.wait_for(&id("entry-can-issue"));
    assert_eq!(browser.entry_state_after_closing("demo ca"), "self_signed");

    // Any subject, any alternative name; the usages of a client.
    browser.make_key("client", "ec_p256");
    let subject = [("subject", "CN=client.example.com+UID=42,OU=Größe,O=Example\\, Inc.,C=DE")];
    let names = "client.example.com\nUPN:client@corp.example\nURI:https://example.com/a,b\n2001:db8::7";
    let request = browser.make_request("client", &subject, names);
    world.pictures("request-facts");
    let file = world.file("client.csr", request.as_bytes());
    let (yes, words) = openssl::says_yes([
        "req",
        "-in",
        file.to_str().unwrap(),
        "-verify",
        "-noout",
        "-text",
        "-nameopt",
        "RFC2253,-esc_msb,utf8",
    ]);
    assert!(yes, "{words}");
    for fact in [
        "UID=42",
        "OU=Größe",
        "Example\\, Inc.",
        "DNS:client.example.com",
        "othername",
        "URI:https://example.com/a,b",
        "TLS Web Client",
    ] {
        assert!(words.contains(fact), "{fact} is not in\n{words}");
    }

    browser.open_entry("demo ca");
    browser.click(&id("sign-requests"));
    browser.wait_for(&id("issue-pane"));
    browser.fill(&id("issue-request"), &request);
    browser.wait_for(&id("issue-form"));
    let facts = browser.wait_for(&id("request-facts"));
    assert_eq!((facts.attribute("data-signature"), facts.attribute("data-fits")), ("right", "client"));
    world.pictures("issue");
    browser.click(&id("issue-create"));
    browser.wait_for(&id("issue-result"));
    world.pictures("issued");
    browser.click(&id("issue-pem"));
    let chain = world.file("chain.pem", &browser.take_download("client.example.com.pem"));
    browser.click(&id("issue-import"));
    browser.wait_for(&id_with("entry-pane", "data-alias", "client"));
    assert_eq!(browser.entry_state_after_closing("client"), "complete");

    browser.open_entry("demo ca");
    browser.click(&id("export-cer"));
    let root = browser.take_download("demo ca.cer");
    let root =
        openssl::run(["x509", "-inform", "DER", "-in", world.file("root.cer", &root).to_str().unwrap()]);
    let root = world.file("root.pem", &root);
    let (yes, words) = openssl::says_yes([
        "verify",
        "-x509_strict",
        "-purpose",
        "sslclient",
        "-CAfile",
        root.to_str().unwrap(),
        chain.to_str().unwrap(),
    ]);
    assert!(yes, "{words}");
}
