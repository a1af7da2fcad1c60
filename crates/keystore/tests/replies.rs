//! Replies of a real CA, in all orders and states of completeness.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use certwright_certs::Certificate;
use certwright_keys::KeySpec;
use certwright_keystore::{
    KeyPair, Keystore, Previous,
    entry::EntryError,
    reply::{Issuers, ReplyError, apply_reply, plan_reply, plan_reply_for},
};
use support::{Ca, key_entry, trusted_entry};

fn pending(ca: &Ca) -> (Keystore, Certificate) {
    let (key, request) = ca.request(KeySpec::EcP256, "CN=client,O=Acme");
    let leaf = ca.issue(&request);
    let mut keystore = Keystore::new();
    keystore.insert(key_entry("client", KeyPair { key, chain: vec![], request: Some(request) })).unwrap();
    (keystore, leaf)
}

#[test]
fn any_order_with_or_without_root() {
    let ca = Ca::new("Acme");
    let (keystore, leaf) = pending(&ca);
    let (intermediate, root) = (&ca.intermediate, &ca.root);
    let full = vec![leaf.clone(), intermediate.clone(), root.clone()];
    for reply in [
        [&leaf, intermediate, root],
        [root, intermediate, &leaf],
        [intermediate, &leaf, root],
        [root, &leaf, intermediate],
    ] {
        let reply: Vec<Certificate> = reply.into_iter().cloned().collect();
        let outcome = plan_reply(&keystore, &reply).unwrap();
        assert_eq!((outcome.alias.as_str(), &outcome.chain), ("client", &full));
        assert_eq!((outcome.missing_issuer, outcome.unused), (None, vec![]));
    }
    let outcome = plan_reply(&keystore, &[intermediate.clone(), leaf.clone()]).unwrap();
    assert_eq!(outcome.chain, full[..2]);
    assert_eq!(outcome.missing_issuer.as_ref(), Some(root.subject()));
    let outcome = plan_reply(&keystore, std::slice::from_ref(&leaf)).unwrap();
    assert_eq!(outcome.chain, full[..1]);
    assert_eq!(outcome.missing_issuer.as_ref(), Some(intermediate.subject()));

    let mut changed = keystore.clone();
    apply_reply(&mut changed, &outcome, 77).unwrap();
    assert_eq!(changed.find("client").unwrap().key_pair().unwrap().chain, full[..1]);
    assert_eq!(changed.find("client").unwrap().modified_ms, 77);
    assert!(keystore.find("client").unwrap().key_pair().unwrap().is_pending());
}

#[test]
fn completed_from_the_keystore() {
    let ca = Ca::new("Acme");
    let (mut keystore, leaf) = pending(&ca);
    keystore.insert(trusted_entry("root", &ca.root)).unwrap();
    keystore.insert(key_entry("sibling", ca.key_pair(KeySpec::EcP256, "CN=sibling"))).unwrap();
    let outcome = plan_reply(&keystore, std::slice::from_ref(&leaf)).unwrap();
    assert_eq!(outcome.chain, [leaf, ca.intermediate.clone(), ca.root.clone()]);
    assert_eq!(outcome.missing_issuer, None);
}

#[test]
fn an_impostor_of_the_same_name_is_not_taken() {
    let ca = Ca::new("Acme");
    let impostor = Ca::new("Acme");
    assert_eq!(ca.intermediate.subject(), impostor.intermediate.subject());
    let (keystore, leaf) = pending(&ca);
    let reply = [
        impostor.root.clone(),
        impostor.intermediate.clone(),
        ca.root.clone(),
        leaf.clone(),
        ca.intermediate.clone(),
    ];
    let outcome = plan_reply(&keystore, &reply).unwrap();
    assert_eq!(outcome.chain, [leaf.clone(), ca.intermediate.clone(), ca.root.clone()]);
    assert_eq!(outcome.unused, [impostor.root.clone(), impostor.intermediate.clone()]);
    let outcome = plan_reply(&keystore, &[leaf, impostor.intermediate.clone()]).unwrap();
    assert_eq!(outcome.missing_issuer.as_ref(), Some(ca.intermediate.subject()));
    assert_eq!(outcome.chain.len(), 1);
}

#[test]
fn the_newest_certificate_of_several_for_the_key() {
    let ca = Ca::new("Acme");
    let (key, request) = ca.request(KeySpec::EcP256, "CN=client");
    let old = ca.issue(&request);
    // Certificates count seconds.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let new = ca.issue(&request);
    assert!(new.not_before() > old.not_before());
    let mut keystore = Keystore::new();
    keystore.insert(key_entry("client", KeyPair::new(key))).unwrap();
    for reply in [[old.clone(), new.clone()], [new.clone(), old.clone()]] {
        let outcome = plan_reply(&keystore, &reply).unwrap();
        assert_eq!(outcome.chain, std::slice::from_ref(&new));
        assert_eq!(outcome.unused, std::slice::from_ref(&old));
    }
}

#[test]
fn a_renewal_keeps_the_old_chain() {
    let ca = Ca::new("Acme");
    let (mut keystore, leaf) = pending(&ca);
    keystore.insert(trusted_entry("root", &ca.root)).unwrap();
    let outcome = plan_reply(&keystore, &[leaf, ca.intermediate.clone()]).unwrap();
    apply_reply(&mut keystore, &outcome, 77).unwrap();
    let old = keystore.find("client").unwrap().clone();
    assert!(old.previous.is_empty());
    // The same once more is nothing new.
    apply_reply(&mut keystore, &outcome, 78).unwrap();
    assert!(keystore.find("client").unwrap().previous.is_empty());

    let key = &old.key_pair().unwrap().key;
    let request = support::request_for(key, "CN=client,O=Acme");
    keystore.set_request("client", request.clone(), 79).unwrap();
    let renewed = ca.issue(&request);
    let outcome = plan_reply(&keystore, std::slice::from_ref(&renewed)).unwrap();
    assert_eq!(outcome.chain, [renewed, ca.intermediate.clone(), ca.root.clone()]);
    apply_reply(&mut keystore, &outcome, 80).unwrap();
    let entry = keystore.find("client").unwrap();
    assert_eq!(entry.certificates(), outcome.chain);
    assert_eq!(entry.previous, [Previous { chain: old.certificates().to_vec(), replaced_ms: 80 }]);
    let pair = entry.key_pair().unwrap();
    assert!(pair.request.is_none());
    assert_eq!(pair.key.to_pkcs8_der(), key.to_pkcs8_der());
}

#[test]
fn the_reply_of_an_authority_of_ones_own() {
    let ca = Ca::new("Acme");
    let (mut keystore, leaf) = pending(&ca);
    let chain = vec![ca.intermediate.clone(), ca.root.clone()];
    let authority = KeyPair { key: ca.bench.key("intermediate.key"), chain, request: None };
    keystore.insert(key_entry("authority", authority)).unwrap();
    // Its own certificate comes along with the one that it issued.
    let reply = [leaf.clone(), ca.intermediate.clone(), ca.root.clone()];
    let outcome = plan_reply(&keystore, &reply).unwrap();
    assert_eq!((outcome.alias.as_str(), outcome.chain.as_slice()), ("client", reply.as_slice()));
    // When both have what came, which is meant cannot be told.
    apply_reply(&mut keystore, &outcome, 9).unwrap();
    let aliases = vec!["client".to_owned(), "authority".to_owned()];
    assert_eq!(plan_reply(&keystore, &reply), Err(ReplyError::AmbiguousKey { aliases }));
}

#[test]
fn many_chains_of_one_ca_are_completed_quickly() {
    let ca = Ca::new("Acme");
    let impostor = Ca::new("Acme");
    let (keystore, leaf) = pending(&ca);
    let pair = keystore.find("client").unwrap().key_pair().unwrap();
    let full = vec![leaf.clone(), ca.intermediate.clone(), ca.root.clone()];
    let mut many = Keystore::new();
    many.insert(trusted_entry("impostor", &impostor.intermediate)).unwrap();
    for number in 0..1_000 {
        let pair = KeyPair { chain: full.clone(), ..pair.clone() };
        many.insert(key_entry(&format!("entry {number}"), pair)).unwrap();
    }
    let start = std::time::Instant::now();
    let issuers = Issuers::new(&many);
    for entry in many.iter().skip(1) {
        assert_eq!(issuers.complete_chain(&entry.certificates()[0]), (full.clone(), None));
    }
    assert!(start.elapsed() < std::time::Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn refusals() {
    let ca = Ca::new("Acme");
    let (mut keystore, leaf) = pending(&ca);
    let (other_key, other_request) = ca.request(KeySpec::EcP384, "CN=other");
    let other_leaf = ca.issue(&other_request);
    assert_eq!(plan_reply(&keystore, &[]), Err(ReplyError::NoCertificates));
    assert_eq!(
        plan_reply(&keystore, &[ca.root.clone(), other_leaf.clone()]),
        Err(ReplyError::NoKeyFits { subjects: vec!["CN=other".to_owned()] })
    );
    let subjects = vec![ca.root.subject().to_rfc4514()];
    assert_eq!(
        plan_reply(&keystore, std::slice::from_ref(&ca.root)),
        Err(ReplyError::NoKeyFits { subjects })
    );
    keystore.insert(key_entry("other", KeyPair::new(other_key))).unwrap();
    keystore.insert(trusted_entry("root", &ca.root)).unwrap();
    let both = [leaf.clone(), other_leaf.clone()];
    let aliases = vec!["client".to_owned(), "other".to_owned()];
    assert_eq!(plan_reply(&keystore, &both), Err(ReplyError::AmbiguousKey { aliases }));
    assert_eq!(plan_reply_for(&keystore, "OTHER", &both).unwrap().chain[0], other_leaf);
    assert_eq!(
        plan_reply_for(&keystore, "client", std::slice::from_ref(&other_leaf)),
        Err(ReplyError::OtherKey { alias: "client".to_owned(), fits: vec!["other".to_owned()] })
    );
    assert_eq!(
        plan_reply_for(&keystore, "root", &both),
        Err(EntryError::NotAKeyPair { alias: "root".to_owned() }.into())
    );
    let outcome = plan_reply_for(&keystore, "client", &[leaf]).unwrap();
    keystore.remove("client").unwrap();
    assert_eq!(
        apply_reply(&mut keystore, &outcome, 1),
        Err(EntryError::NotFound { alias: "client".to_owned() })
    );
}
