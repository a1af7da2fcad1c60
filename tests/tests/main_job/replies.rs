//! The authority's replies, in the forms in which authorities send them, find their keys; others are refused in plain words.

use certwright_tests::authority::Reply;
use certwright_tests::page::{id, id_with};

use crate::{EC, RSA, World};

pub(crate) fn find_their_keys(world: &World) {
    let (browser, company) = (&world.browser, &world.company);
    let issued = company.sign(&std::fs::read(world.files.path().join(format!("{EC}.csr"))).unwrap());
    world.file("issued.pem", &std::fs::read(&issued).unwrap());

    a_reply_for_another_key_is_refused(world);

    // The certificate alone: it finds its key, and the page says what is missing for a chain.
    let dropped = browser.drop_and_look(&[("antwort.pem", &company.reply(&issued, Reply::Leaf))]);
    assert_eq!(dropped.proposal(), "reply", "{dropped:?}");
    let item = &dropped.items.first().unwrap().text;
    assert!(item.contains(EC) && item.contains("Company Issuing CA"), "{item}");
    browser.confirm_import(EC);
    let missing = browser.wait_for(&id("entry-missing")).text;
    assert!(missing.contains("Company Issuing CA"), "{missing}");
    browser.wait_for(&format!("{} {}", id("entry-chain"), id_with("chain-link", "data-kind", "missing")));
    world.pictures("incomplete");
    assert_eq!(browser.entry_state_after_closing(EC), "incomplete");

    // The whole chain, in an order that makes no sense: that completes it.
    let dropped = browser.drop_and_look(&[("chain.pem", &company.reply(&issued, Reply::ReversedChain))]);
    assert_eq!(dropped.proposal(), "reply", "{dropped:?}");
    browser.confirm_import(EC);
    let links = browser.see_all(&format!("{} {}", id("entry-chain"), id("chain-link")));
    let names: Vec<&str> = links.iter().map(|link| link.attribute("data-name")).collect();
    assert_eq!(names, ["erp-client.example.com", "Company Issuing CA", "Company Root"]);
    world.pictures("complete");
    assert_eq!(browser.entry_state_after_closing(EC), "complete");

    // PKCS#7, for the other key.
    let issued = company.sign(&std::fs::read(world.files.path().join(format!("{RSA}.csr"))).unwrap());
    let dropped = browser.drop_and_look(&[("antwort.p7b", &company.reply(&issued, Reply::Pkcs7))]);
    assert_eq!(dropped.proposal(), "reply", "{dropped:?}");
    assert!(dropped.items.first().unwrap().text.contains(RSA), "{dropped:?}");
    browser.confirm_import(RSA);
    assert_eq!(browser.entry_state_after_closing(RSA), "complete");

    // The same in PEM, dropped on the other page: it goes to its key again.
    browser.click(&id("nav-probe"));
    browser.wait_for(&id("probe-page"));
    browser.drop_files(&[("antwort-2.p7b", &company.reply(&issued, Reply::Pkcs7Pem))]);
    let dropped = browser.looked();
    assert!(dropped.items.iter().any(|item| item.text.contains(RSA)), "{dropped:?}");
    browser.click(&id("import-cancel"));
}

fn a_reply_for_another_key_is_refused(world: &World) {
    let browser = &world.browser;
    let before = browser.rows();
    let other = world.company.client_certificate("somebody else");
    let dropped = browser.drop_and_look(&[("fremd.pem", &world.company.reply(&other.leaf, Reply::Leaf))]);
    let said = dropped.problems.iter().find(|problem| problem.attribute("data-kind") == "reply_fits_no_key");
    let said = said.unwrap_or_else(|| panic!("{dropped:?}"));
    assert!(said.text.contains("somebody else"), "{}", said.text);
    assert!(dropped.items.iter().all(|item| item.attribute("data-proposal") != "reply"), "{dropped:?}");
    world.pictures("foreign-reply");
    browser.click(&id("import-cancel"));
    assert_eq!(browser.rows(), before);
}
