//! The keystore itself: alias rules, atomic changes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use certwright_keys::KeySpec;
use certwright_keystore::{KeyPair, Keystore, alias::AliasError, entry::EntryError};
use support::{Ca, key_entry, trusted_entry};

/// All that can be seen of a keystore.
fn picture(keystore: &Keystore) -> Vec<String> {
    keystore
        .iter()
        .map(|entry| {
            let request =
                entry.key_pair().and_then(|pair| pair.request.as_ref()).map(|request| request.der().len());
            let chain: Vec<_> =
                entry.certificates().iter().map(|certificate| certificate.der().to_vec()).collect();
            format!("{} {} {} {request:?} {chain:?}", entry.alias, entry.created_ms, entry.modified_ms)
        })
        .collect()
}

#[test]
fn operations_and_their_refusals() {
    let ca = Ca::new("Acme");
    let (key, request) = ca.request(KeySpec::EcP256, "CN=client");
    let (other_key, other_request) = ca.request(KeySpec::EcP256, "CN=other");
    let mut keystore = Keystore::new();
    keystore.insert(key_entry("  Client ", KeyPair::new(key.clone()))).unwrap();
    keystore.insert(trusted_entry("root", &ca.root)).unwrap();
    assert_eq!(keystore.find("CLIENT").unwrap().alias, "Client");
    assert!(keystore.find("client").unwrap().key_pair().unwrap().is_pending());
    assert_eq!(keystore.find_by_public_key(key.public_key()).unwrap().alias, "Client");
    assert!(keystore.find_by_public_key(other_key.public_key()).is_none());
    assert_eq!(keystore.trust_anchors().count(), 1);
    assert_eq!(keystore.find_trusted(&ca.root).unwrap().alias, "root");

    let before = picture(&keystore);
    let snapshot = keystore.clone();
    let taken = |alias: &str| EntryError::Alias(AliasError::Taken { alias: alias.to_owned() });
    let missing = EntryError::NotFound { alias: "nobody".to_owned() };
    let leaf = ca.issue(&other_request);
    assert_eq!(keystore.insert(trusted_entry("client", &ca.root)), Err(taken("Client")));
    assert_eq!(keystore.insert(trusted_entry(" ", &ca.root)), Err(AliasError::Empty.into()));
    assert_eq!(keystore.rename("root", "cLIENT", 9), Err(taken("Client")));
    assert_eq!(keystore.rename("nobody", "x", 9), Err(missing.clone()));
    assert_eq!(keystore.remove("nobody").map(|_| ()), Err(missing.clone()));
    assert_eq!(keystore.set_chain("nobody", vec![], 9), Err(missing));
    assert_eq!(
        keystore.set_chain("root", vec![leaf.clone()], 9),
        Err(EntryError::NotAKeyPair { alias: "root".to_owned() })
    );
    assert_eq!(
        keystore.set_chain("client", vec![leaf.clone()], 9),
        Err(EntryError::CertificateForAnotherKey { alias: "Client".to_owned() })
    );
    assert_eq!(
        keystore.set_request("client", other_request, 9),
        Err(EntryError::RequestForAnotherKey { alias: "Client".to_owned() })
    );
    let wrong = KeyPair { key: key.clone(), chain: vec![leaf], request: None };
    assert!(keystore.insert(key_entry("new", wrong)).is_err());
    assert_eq!(picture(&keystore), before);

    keystore.set_request("client", request.clone(), 10).unwrap();
    assert_eq!(keystore.find("client").unwrap().key_pair().unwrap().request.as_ref(), Some(&request));
    keystore.set_chain("client", vec![ca.issue(&request), ca.intermediate.clone()], 11).unwrap();
    let entry = keystore.find("client").unwrap();
    assert_eq!((entry.created_ms, entry.modified_ms), (1_700_000_000_000, 11));
    assert!(!entry.key_pair().unwrap().is_pending());
    assert!(entry.key_pair().unwrap().request.is_none());
    keystore.rename("client", "CLIENT", 12).unwrap();
    assert_eq!(keystore.iter().next().unwrap().alias, "CLIENT");
    assert_eq!(keystore.remove("root").unwrap().alias, "root");
    assert_eq!(keystore.len(), 1);
    let replaced = keystore.insert_or_replace(trusted_entry("Client", &ca.root)).unwrap();
    assert_eq!(replaced.unwrap().alias, "CLIENT");
    assert!(keystore.find("client").unwrap().trusted_certificate().is_some());
    // The clone from before is what it was.
    assert_eq!(picture(&snapshot), before);
}

#[test]
fn unique_aliases() {
    let ca = Ca::new("Acme");
    let mut keystore = Keystore::new();
    for expected in ["Root", "root-2", "ROOT-3"] {
        let alias = keystore.unique_alias(expected.split('-').next().unwrap());
        assert_eq!(alias, expected);
        keystore.insert(trusted_entry(&alias, &ca.root)).unwrap();
    }
    let long = "ä".repeat(300);
    for _ in 0..12 {
        let alias = keystore.unique_alias(&long);
        assert!(alias.chars().count() <= 250);
        keystore.insert(trusted_entry(&alias, &ca.root)).unwrap();
    }
    assert_eq!(keystore.unique_alias("\n"), "entry");
}
