//! Merging one keystore into another: every result, and all or nothing.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use certwright_keys::{KeySpec, SecretBytes};
use certwright_keystore::{
    Content, Entry, KeyPair, Keystore, Previous, Profile, SecretKey,
    alias::AliasError,
    entry::EntryError,
    merge::{MergeError, MergeMode, MergePlan, MergeResult, NotImported, apply_merge, plan_merge},
};
use support::{Ca, key_entry, trusted_entry};

fn secret_entry(alias: &str, byte: u8) -> Entry {
    Entry::new(alias, Content::SecretKey(SecretKey::new("AES", SecretBytes::new(vec![byte; 32]))), 3)
}

fn refused(reason: NotImported) -> MergeResult {
    MergeResult::NotImported { reason }
}

fn results(plan: &MergePlan) -> Vec<(&str, MergeResult)> {
    plan.rows().iter().map(|row| (row.alias.as_str(), row.result.clone())).collect()
}

fn aliases(keystore: &Keystore) -> Vec<&str> {
    keystore.iter().map(|entry| entry.alias.as_str()).collect()
}

/// A keystore and a newer edition of it.
struct Stores {
    ca: Ca,
    home: Keystore,
    incoming: Vec<Entry>,
    renewed: KeyPair,
}

fn stores() -> Stores {
    let ca = Ca::new("Acme");
    let (key, request) = ca.request(KeySpec::EcP256, "CN=client");
    let pair = |chain| KeyPair { key: key.clone(), chain, request: None };
    let old = pair(vec![ca.issue(&request), ca.intermediate.clone(), ca.root.clone()]);
    let renewed = pair(vec![ca.issue(&request), ca.intermediate.clone(), ca.root.clone()]);
    let mut home = Keystore::new();
    home.insert(key_entry("Client", old.clone())).unwrap();
    home.insert(key_entry("same", ca.key_pair(KeySpec::EcP256, "CN=same"))).unwrap();
    home.insert(key_entry("other key", ca.key_pair(KeySpec::EcP256, "CN=mine"))).unwrap();
    home.insert(trusted_entry("ca", &ca.root)).unwrap();
    home.insert(secret_entry("secret", 1)).unwrap();
    home.insert(trusted_entry("locked", &ca.root)).unwrap();
    home.lock_entry("locked", 4).unwrap();
    home.insert(trusted_entry("only here", &ca.intermediate)).unwrap();
    let incoming = vec![
        key_entry(" client ", renewed.clone()),
        home.find("same").unwrap().clone(),
        key_entry("OTHER KEY", ca.key_pair(KeySpec::EcP256, "CN=theirs")),
        trusted_entry("ca", &ca.intermediate),
        secret_entry("secret", 2),
        trusted_entry("locked", &ca.intermediate),
        trusted_entry("new", &ca.root),
        trusted_entry("NEW", &ca.intermediate),
        trusted_entry("a\nb", &ca.root),
        key_entry("unsound", KeyPair { chain: old.chain.clone(), ..ca.key_pair(KeySpec::EcP256, "CN=x") }),
        trusted_entry("sap_root", &ca.root),
    ];
    Stores { ca, home, incoming, renewed }
}

/// What becomes of the entries that no keystore would take.
fn impossible() -> [(&'static str, MergeResult); 3] {
    let unsound = EntryError::CertificateForAnotherKey { alias: "unsound".to_owned() };
    [
        ("NEW", refused(NotImported::AliasTwice)),
        ("a\nb", refused(NotImported::Alias(AliasError::ControlCharacter { position: 1 }))),
        ("unsound", refused(NotImported::Unsound(unsound))),
    ]
}

#[test]
fn adding_only() {
    let Stores { home, incoming, .. } = stores();
    for (mode, overwrite) in
        [(MergeMode::AddOnly, false), (MergeMode::AddOnly, true), (MergeMode::AddOrReplace, false)]
    {
        let plan = plan_merge(&home, &incoming, mode, overwrite);
        let taken = || refused(NotImported::AliasTaken);
        let [twice, control, unsound] = impossible();
        assert_eq!(
            results(&plan),
            [
                ("Client", taken()),
                ("same", MergeResult::Unchanged),
                ("other key", taken()),
                ("ca", taken()),
                ("secret", taken()),
                ("locked", refused(NotImported::Locked)),
                ("new", MergeResult::Created),
                twice,
                control,
                unsound,
                ("sap_root", MergeResult::Created),
            ]
        );
        assert!(plan.rows().iter().all(|row| !row.key_lost));
        assert_eq!(plan.rows()[6].same_as, ["ca", "locked"]);
        assert_eq!(plan.rows()[0].same_as, [] as [&str; 0]);
        let mut merged = home.clone();
        apply_merge(&mut merged, &plan, 50).unwrap();
        let mut expected = aliases(&home);
        expected.extend(["new", "sap_root"]);
        assert_eq!(aliases(&merged), expected);
        let new = merged.find("new").unwrap();
        assert_eq!((new.created_ms, new.modified_ms), (1, 50));
    }
}

#[test]
fn overwriting() {
    let Stores { ca, mut home, incoming, renewed } = stores();
    home.set_profile(Profile::SapIntegrationSuite);
    let plan = plan_merge(&home, &incoming, MergeMode::AddOrReplace, true);
    let [twice, control, unsound] = impossible();
    let reserved = AliasError::Reserved { alias: "sap_root".to_owned(), reserved: "sap_" };
    assert_eq!(
        results(&plan),
        [
            ("Client", MergeResult::Updated),
            ("same", MergeResult::Unchanged),
            ("other key", MergeResult::Updated),
            ("ca", MergeResult::Updated),
            ("secret", MergeResult::Updated),
            ("locked", refused(NotImported::Locked)),
            ("new", MergeResult::Created),
            twice,
            control,
            unsound,
            ("sap_root", refused(NotImported::Alias(reserved))),
        ]
    );
    let lost: Vec<&str> =
        plan.rows().iter().filter(|row| row.key_lost).map(|row| row.alias.as_str()).collect();
    assert_eq!(lost, ["other key", "secret"]);

    let before = home.clone();
    apply_merge(&mut home, &plan, 50).unwrap();
    let mut expected = aliases(&before);
    expected.push("new");
    assert_eq!(aliases(&home), expected);
    let client = home.find("client").unwrap();
    assert_eq!(client.certificates(), renewed.chain);
    let old = before.find("client").unwrap();
    assert_eq!(client.previous, [Previous { chain: old.certificates().to_vec(), replaced_ms: 50 }]);
    assert_eq!((client.created_ms, client.modified_ms), (1_700_000_000_000, 50));
    let trusted = home.find("ca").unwrap();
    assert_eq!(trusted.trusted_certificate(), Some(&ca.intermediate));
    assert_eq!(trusted.previous[0].chain, std::slice::from_ref(&ca.root));
    let theirs = home.find("other key").unwrap();
    assert_eq!(theirs.certificates(), incoming[2].certificates());
    assert_eq!(theirs.previous, []);
    assert_eq!(home.find("secret").unwrap().secret_key(), incoming[4].secret_key());
    assert_eq!(home.find("same").unwrap().modified_ms, 5);
    assert_eq!(home.find("locked").unwrap().trusted_certificate(), Some(&ca.root));

    // The same once more finds nothing to do but what stays refused.
    let again = plan_merge(&home, &incoming, MergeMode::AddOrReplace, true);
    assert!(again.changes_nothing());
    // And applying a plan to another keystore than it was made for is refused, with nothing changed.
    assert_eq!(apply_merge(&mut home, &plan, 60), Err(MergeError::KeystoreChanged));
    assert_eq!(home.find("client").unwrap().modified_ms, 50);
}

#[test]
fn replacing_the_whole() {
    let Stores { ca, mut home, incoming, .. } = stores();
    home.insert(trusted_entry("sap_own", &ca.root)).unwrap();
    home.set_profile(Profile::SapIntegrationSuite);
    let plan = plan_merge(&home, &incoming, MergeMode::Replace, false);
    let mut expected = [("only here", MergeResult::Removed), ("sap_own", MergeResult::Kept)].to_vec();
    assert_eq!(results(&plan).split_off(incoming.len()), expected);
    apply_merge(&mut home, &plan, 50).unwrap();
    assert_eq!(aliases(&home), ["Client", "same", "other key", "ca", "secret", "locked", "sap_own", "new"]);

    let mut plan = plan_merge(&home, [], MergeMode::Replace, true);
    plan.keep("CLIENT");
    assert_eq!((&plan.rows()[0].result, plan.rows()[0].key_lost), (&MergeResult::Kept, false));
    let mut kept = home.clone();
    apply_merge(&mut kept, &plan, 51).unwrap();
    assert_eq!(aliases(&kept), ["Client", "locked", "sap_own"]);

    // With nothing that comes, all goes but what is locked or reserved.
    let plan = plan_merge(&home, [], MergeMode::Replace, true);
    expected = results(&plan);
    assert_eq!(expected.iter().filter(|(_, result)| *result == MergeResult::Removed).count(), 6);
    assert_eq!(plan.rows().iter().filter(|row| row.key_lost).count(), 4);
    apply_merge(&mut home, &plan, 51).unwrap();
    assert_eq!(aliases(&home), ["locked", "sap_own"]);
}

#[test]
fn what_says_nothing_new_changes_nothing() {
    let Stores { home, renewed, .. } = stores();
    let old = home.find("client").unwrap().key_pair().unwrap().clone();
    for chain in [vec![], old.chain[..1].to_vec(), old.chain.clone()] {
        let entry = key_entry("client", KeyPair { chain, ..old.clone() });
        let plan = plan_merge(&home, [&entry], MergeMode::AddOrReplace, true);
        assert_eq!(results(&plan), [("Client", MergeResult::Unchanged)]);
    }
    // A request that waits elsewhere comes along, and a reply ends the waiting.
    let with_request = support::request_for(&old.key, "CN=again");
    let waiting = key_entry("client", KeyPair { request: Some(with_request.clone()), ..old });
    let mut keystore = home.clone();
    let plan = plan_merge(&keystore, [&waiting], MergeMode::AddOrReplace, true);
    apply_merge(&mut keystore, &plan, 9).unwrap();
    let client = keystore.find("client").unwrap();
    assert_eq!(
        (client.key_pair().unwrap().request.as_ref(), client.previous.len()),
        (Some(&with_request), 0)
    );
    let plan = plan_merge(&keystore, [&key_entry("client", renewed)], MergeMode::AddOrReplace, true);
    apply_merge(&mut keystore, &plan, 10).unwrap();
    let client = keystore.find("client").unwrap();
    assert_eq!((client.key_pair().unwrap().request.as_ref(), client.previous.len()), (None, 1));
}

#[test]
fn a_thousand_entries_take_no_time() {
    let ca = Ca::new("Acme");
    let entries: Vec<Entry> =
        (0..2_000).map(|number| trusted_entry(&format!("Entry {number}"), &ca.root)).collect();
    let mut keystore = Keystore::new();
    let start = std::time::Instant::now();
    let plan = plan_merge(&keystore, &entries, MergeMode::AddOnly, false);
    apply_merge(&mut keystore, &plan, 1).unwrap();
    let plan = plan_merge(&keystore, &entries, MergeMode::Replace, true);
    assert!(plan.changes_nothing());
    assert_eq!(keystore.len(), 2_000);
    assert!(start.elapsed() < std::time::Duration::from_secs(20), "{:?}", start.elapsed());
}
