//! Looking closely: nothing yet, a chain and its judgement, every field, octets, two beside each other, a revocation list, a request.

use certwright_tests::browser::PATIENCE;
use certwright_tests::page::{Seen, id};
use certwright_tests::process::wait_until;

use crate::{Walk, keystore};

/// Waits until the judgement stands.
fn judged(walk: &Walk) {
    let settled = format!("{}:not([data-busy]) > {}", id("judged"), id("verdict"));
    walk.browser.wait_for_state(&settled, "to be told", PATIENCE, |_: &Seen| true);
}

fn view(walk: &Walk, view: &str) {
    walk.browser.click(&id(&format!("view-{view}")));
}

fn begin(walk: &Walk) {
    walk.go("inspect");
    if walk.browser.see(&id("bag-clear")).is_some() {
        walk.browser.click(&id("bag-clear"));
    }
    walk.browser.wait_for(&id("inspect-empty"));
}

pub(crate) fn desk(walk: &Walk) {
    let browser = &walk.browser;
    let read = |path: std::path::PathBuf| std::fs::read(path).unwrap();
    let certificate = walk.certificate();
    begin(walk);
    walk.show("inspect-empty");
    let (chain, root) = (read(certificate.chain.clone()), read(walk.receiver.root()));
    browser.drop_files(&[("chain.pem", &chain)]);
    browser.wait_for(&id("thing"));
    view(walk, "chain");
    judged(walk);
    walk.show("inspect-chain-not-trusted");
    view(walk, "details");
    browser.wait_for(&id("sheet"));
    walk.show("inspect-certificate");
    view(walk, "asn1");
    browser.wait_for(&id("asn1-node"));
    browser.click(&format!("{} ~ {}", id("asn1-node"), id("asn1-node")));
    walk.show("inspect-asn1");

    let other =
        read(walk.receiver.server_certificate("localhost", "DNS:localhost,DNS:shop.example.com").leaf);
    browser.drop_files(&[("root.pem", &root), ("renewed.pem", &other)]);
    wait_until("all four", PATIENCE, || (browser.see_all(&id("thing")).len() == 4).then_some(()));
    view(walk, "compare");
    browser.wait_for(&id("comparison"));
    walk.show("inspect-compare");
    walk.go("keystore");
    browser.trust_file(&walk.receiver.root());
    walk.go("inspect");
    view(walk, "chain");
    judged(walk);
    walk.show("inspect-chain-trusted");
    walk.unfold("checks");
    walk.show("inspect-every-check");

    begin(walk);
    browser.drop_files(&[("company.crl", &keystore::revocation_list(walk))]);
    browser.wait_for(&id("thing"));
    browser.wait_for(&id("sheet"));
    walk.show("inspect-revocation-list");
    begin(walk);
    browser.drop_files(&[("erp-client.p12", &walk.client_file("erp-client", "erp-client.example.com"))]);
    browser.wait_for(&id("import-password"));
    walk.show("inspect-password-needed");
    begin(walk);
    browser.paste("body", "just a shopping list");
    browser.wait_for(&id("problem"));
    walk.show("inspect-nothing-found");
}
