//! The keystore itself: alias rules, atomic changes, locks, the history of an entry.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use certwright_certs::Certificate;
use certwright_keys::{KeySpec, SecretBytes};
use certwright_keystore::{
    Content, Entry, KeyPair, Keystore, Previous, Profile, SecretKey,
    alias::AliasError,
    entry::{EntryError, MAX_PREVIOUS},
};
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
            let Entry { alias, created_ms, modified_ms, locked, previous, .. } = entry;
            format!("{alias} {created_ms} {modified_ms} {locked} {previous:?} {request:?} {chain:?}")
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

fn locked(alias: &str) -> EntryError {
    EntryError::Locked { alias: alias.to_owned() }
}

#[test]
fn a_locked_entry_is_used_and_stays() {
    let ca = Ca::new("Acme");
    let (key, request) = ca.request(KeySpec::EcP256, "CN=client");
    let mut keystore = Keystore::new();
    keystore.insert(key_entry("Client", KeyPair::new(key))).unwrap();
    keystore.insert(trusted_entry("root", &ca.root)).unwrap();
    keystore.insert(trusted_entry("other", &ca.intermediate)).unwrap();
    assert!(keystore.exportable("client").is_ok());
    keystore.lock_entry("client", 20).unwrap();
    keystore.set_locked(&["ROOT"], true, 20).unwrap();
    assert_eq!(
        (keystore.find("client").unwrap().locked, keystore.find("client").unwrap().modified_ms),
        (true, 20)
    );

    let before = picture(&keystore);
    assert_eq!(keystore.exportable("client").map(|_| ()), Err(locked("Client")));
    assert_eq!(
        keystore.exportable("nobody").map(|_| ()),
        Err(EntryError::NotFound { alias: "nobody".to_owned() })
    );
    assert_eq!(keystore.remove("client").map(|_| ()), Err(locked("Client")));
    assert_eq!(keystore.remove_many(&["other", "client"]).map(|_| ()), Err(locked("Client")));
    assert_eq!(keystore.rename("client", "CLIENT", 21), Err(locked("Client")));
    assert_eq!(
        keystore.insert_or_replace(trusted_entry("client", &ca.root)).map(|_| ()),
        Err(locked("Client"))
    );
    assert_eq!(keystore.set_locked(&["root", "nobody"], false, 21).map_err(|_| ()), Err(()));
    assert_eq!(picture(&keystore), before);
    // Certificates are public.
    assert!(keystore.exportable("root").is_ok());

    // Requests and their replies are use.
    keystore.set_request("client", request.clone(), 22).unwrap();
    keystore.set_chain("client", vec![ca.issue(&request)], 23).unwrap();
    keystore.set_chain("client", vec![ca.issue(&request)], 24).unwrap();
    keystore.restore_previous("client", 0, 25).unwrap();
    assert_eq!(keystore.drop_previous("client", 0, 26), Err(locked("Client")));
    assert!(keystore.find("client").unwrap().locked);

    keystore.unlock_entry("client", 27).unwrap();
    keystore.drop_previous("client", 0, 28).unwrap();
    keystore.unlock_entry("client", 29).unwrap();
    assert_eq!(keystore.find("client").unwrap().modified_ms, 28);
    keystore.remove("client").unwrap();
}

#[test]
fn several_at_once_or_none() {
    let ca = Ca::new("Acme");
    let mut keystore = Keystore::new();
    for alias in ["a", "b", "c", "d"] {
        keystore.insert(trusted_entry(alias, &ca.root)).unwrap();
    }
    let before = picture(&keystore);
    assert!(keystore.remove_many(&["a", "x", "b"]).is_err());
    assert_eq!(picture(&keystore), before);
    let removed = keystore.remove_many(&["D", "b", "d"]).unwrap();
    assert_eq!(removed.iter().map(|entry| entry.alias.as_str()).collect::<Vec<_>>(), ["b", "d"]);
    assert_eq!(keystore.iter().map(|entry| entry.alias.as_str()).collect::<Vec<_>>(), ["a", "c"]);
    assert_eq!(keystore.remove_many(&[] as &[&str]).unwrap().len(), 0);
}

#[test]
fn earlier_certificates_are_kept() {
    let ca = Ca::new("Acme");
    let (key, request) = ca.request(KeySpec::EcP256, "CN=client");
    let issued: Vec<Vec<Certificate>> = (0..3).map(|_| vec![ca.issue(&request)]).collect();
    let mut keystore = Keystore::new();
    keystore.insert(key_entry("client", KeyPair::new(key.clone()))).unwrap();
    let previous = |keystore: &Keystore| keystore.find("client").unwrap().previous.clone();
    let chain = |keystore: &Keystore| keystore.find("client").unwrap().certificates().to_vec();
    let was = |chain: &[Certificate], replaced_ms| Previous { chain: chain.to_vec(), replaced_ms };

    keystore.set_chain("client", issued[0].clone(), 10).unwrap();
    assert_eq!(previous(&keystore), []);
    // A chain that grows, and one that stays, replace nothing.
    let longer = vec![issued[0][0].clone(), ca.intermediate.clone()];
    keystore.set_chain("client", longer.clone(), 11).unwrap();
    keystore.set_chain("client", longer.clone(), 12).unwrap();
    assert_eq!(previous(&keystore), []);
    keystore.set_chain("client", issued[1].clone(), 13).unwrap();
    keystore.set_request("client", request.clone(), 14).unwrap();
    keystore.set_chain("client", issued[2].clone(), 15).unwrap();
    assert_eq!(previous(&keystore), [was(&issued[1], 15), was(&longer, 13)]);

    keystore.restore_previous("client", 1, 16).unwrap();
    assert_eq!(chain(&keystore), longer);
    assert_eq!(previous(&keystore), [was(&issued[2], 16), was(&issued[1], 15)]);
    keystore.drop_previous("client", 0, 17).unwrap();
    assert_eq!(previous(&keystore), [was(&issued[1], 15)]);
    let before = picture(&keystore);
    let missing = EntryError::NoSuchPrevious { alias: "client".to_owned(), index: 1, kept: 1 };
    assert_eq!(keystore.restore_previous("CLIENT", 1, 18), Err(missing.clone()));
    assert_eq!(keystore.drop_previous("client", 1, 18), Err(missing));
    assert_eq!(picture(&keystore), before);

    for round in 0..30 {
        keystore.set_chain("client", issued[round % 3].clone(), 100 + i64::try_from(round).unwrap()).unwrap();
    }
    assert_eq!(previous(&keystore).len(), MAX_PREVIOUS);
    assert_eq!(previous(&keystore)[0].replaced_ms, 129);
    assert_eq!(keystore.find("client").unwrap().key_pair().unwrap().key.to_pkcs8_der(), key.to_pkcs8_der());
}

#[test]
fn a_new_request_keeps_the_pending_key() {
    let ca = Ca::new("Acme");
    let (key, first) = ca.request(KeySpec::EcP256, "CN=first");
    let mut keystore = Keystore::new();
    keystore
        .insert(key_entry(
            "client",
            KeyPair { key: key.clone(), chain: vec![], request: Some(first.clone()) },
        ))
        .unwrap();
    let second = support::request_for(&key, "CN=second");
    keystore.set_request("client", second.clone(), 10).unwrap();
    let pair = keystore.find("client").unwrap().key_pair().unwrap();
    assert_eq!(pair.request.as_ref(), Some(&second));
    assert_eq!(pair.key.to_pkcs8_der(), key.to_pkcs8_der());
    // The reply to the first request still fits.
    let leaf = ca.issue(&first);
    keystore.set_chain("client", vec![leaf], 11).unwrap();
    assert!(keystore.find("client").unwrap().key_pair().unwrap().request.is_none());
}

#[test]
fn entries_whose_past_is_not_their_own() {
    let ca = Ca::new("Acme");
    let pair = ca.key_pair(KeySpec::EcP256, "CN=client");
    let other = ca.key_pair(KeySpec::EcP256, "CN=other");
    let foreign = || EntryError::ForeignPrevious { alias: "x".to_owned() };
    let secret = SecretKey::new("AES", SecretBytes::new(vec![7; 16]));
    let past = |chain: Vec<Certificate>| vec![Previous { chain, replaced_ms: 1 }];
    let mut keystore = Keystore::new();
    for (content, previous, error) in [
        (Content::KeyPair(pair.clone()), past(vec![]), foreign()),
        (
            Content::KeyPair(pair.clone()),
            past(other.chain.clone()),
            EntryError::CertificateForAnotherKey { alias: "x".to_owned() },
        ),
        (Content::TrustedCertificate(ca.root.clone()), past(pair.chain.clone()), foreign()),
        (Content::SecretKey(secret.clone()), past(vec![ca.root.clone()]), foreign()),
    ] {
        let mut entry = Entry::new("x", content, 1);
        entry.previous = previous;
        assert_eq!(keystore.insert(entry), Err(error));
    }
    let mut many = Entry::new("x", Content::KeyPair(pair.clone()), 1);
    many.previous = vec![past(pair.chain.clone()).remove(0); MAX_PREVIOUS + 1];
    assert_eq!(keystore.insert(many), Err(foreign()));

    let mut trusted = trusted_entry("ca", &ca.intermediate);
    trusted.previous = past(vec![ca.root.clone()]);
    keystore.insert(trusted).unwrap();
    keystore.restore_previous("ca", 0, 9).unwrap();
    let entry = keystore.find("ca").unwrap();
    assert_eq!(entry.trusted_certificate(), Some(&ca.root));
    assert_eq!(entry.previous, [Previous { chain: vec![ca.intermediate.clone()], replaced_ms: 9 }]);

    keystore.insert(Entry::new("secret", Content::SecretKey(secret), 1)).unwrap();
    let entry = keystore.find("secret").unwrap();
    assert!(entry.holds_key() && entry.certificate().is_none() && entry.secret_key().is_some());
    assert_eq!(
        keystore.set_chain("secret", pair.chain, 2),
        Err(EntryError::NotAKeyPair { alias: "secret".to_owned() })
    );
}

#[test]
fn the_profile_is_about_chosen_names() {
    let ca = Ca::new("Acme");
    let mut keystore = Keystore::new();
    keystore.set_profile(Profile::SapIntegrationSuite);
    let reserved = |alias: &str, reserved| AliasError::Reserved { alias: alias.to_owned(), reserved };
    // A file may bring a reserved name, and it stays.
    keystore.insert(trusted_entry("SAP_root", &ca.root)).unwrap();
    keystore.insert(trusted_entry("other", &ca.intermediate)).unwrap();
    assert_eq!(keystore.choose_alias(" sap_x "), Err(reserved("sap_x", "sap_")));
    assert_eq!(keystore.choose_alias("OTHER"), Err(AliasError::Taken { alias: "other".to_owned() }));
    assert_eq!(keystore.choose_alias(" free ").as_deref(), Ok("free"));
    assert_eq!(keystore.rename("other", "sap_x", 3), Err(reserved("sap_x", "sap_").into()));
    assert_eq!(
        keystore.rename("other", "HciCertificate", 3),
        Err(reserved("HciCertificate", "hcicertificate").into())
    );
    keystore.rename("sap_root", "sap_ROOT", 3).unwrap();
    assert_eq!(keystore.unique_alias("sap_gateway"), "gateway");
    assert_eq!(keystore.unique_alias("hcicertificate"), "hcicertificate-2");
    assert_eq!(keystore.unique_alias("sap_"), "entry");
    keystore.set_profile(Profile::None);
    assert_eq!(keystore.unique_alias("sap_gateway"), "sap_gateway");
    keystore.rename("other", "sap_x", 4).unwrap();
}
