//! Any sequence of operations keeps the rules of a keystore, and one that fails changes nothing.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use std::{collections::HashSet, sync::LazyLock};

use certwright_certs::{Certificate, SigningRequest};
use certwright_keys::{KeySpec, Password, PrivateKey, SecretBytes};
use certwright_keystore::{
    Content, Entry, KeyPair, Keystore, Profile, SecretKey,
    alias::{fold_alias, parse_alias},
    duplicates::find_duplicates,
    entry::MAX_PREVIOUS,
    inventory::inventory,
    merge::{MergeMode, MergePlan, MergeResult, apply_merge, plan_merge},
    reply::{apply_reply, plan_reply},
    vault::{Parameters, VaultKey, open_with_key, seal},
};
use proptest::prelude::*;
use support::{Ca, rng};

/// What entries are made of: two keys, each with two certificates and a request.
struct Material {
    keys: Vec<PrivateKey>,
    chains: Vec<[Vec<Certificate>; 2]>,
    requests: Vec<SigningRequest>,
    trusted: Vec<Certificate>,
}

static MATERIAL: LazyLock<Material> = LazyLock::new(|| {
    let ca = Ca::new("Acme");
    let mut material = Material {
        keys: Vec::new(),
        chains: Vec::new(),
        requests: Vec::new(),
        trusted: vec![ca.root.clone(), ca.intermediate.clone()],
    };
    for name in ["CN=one", "CN=two"] {
        let (key, request) = ca.request(KeySpec::EcP256, name);
        let first = vec![ca.issue(&request), ca.intermediate.clone(), ca.root.clone()];
        material.chains.push([first, vec![ca.issue(&request)]]);
        material.keys.push(key);
        material.requests.push(request);
    }
    material
});

/// Aliases that collide in many ways, and some that cannot be used.
const ALIASES: [&str; 12] =
    ["a", "A", " a ", "b", "Schlüssel", "SCHLÜSSEL", "İ", "i\u{307}", "sap_x", "", "a\tb", "c"];

#[derive(Clone, Debug)]
enum Operation {
    Insert(Made),
    Replace(Made),
    Rename(&'static str, &'static str),
    Remove(&'static str),
    RemoveMany(Vec<&'static str>),
    Lock(Vec<&'static str>, bool),
    Chain(&'static str, usize, usize),
    Request(&'static str, usize),
    Restore(&'static str, usize),
    Drop(&'static str, usize),
    Reply(usize, usize),
    Merge(Vec<Made>, MergeMode, bool),
    Profile(Profile),
}

/// An entry that may be unsound.
#[derive(Clone, Debug)]
struct Made {
    alias: &'static str,
    kind: usize,
    key: usize,
    chain: usize,
    locked: bool,
}

impl Made {
    fn entry(&self) -> Entry {
        let material = &*MATERIAL;
        let content = match self.kind {
            0 => Content::TrustedCertificate(material.trusted[self.key].clone()),
            1 => Content::SecretKey(SecretKey::new(
                "AES",
                SecretBytes::new(vec![u8::try_from(self.key).unwrap(); 16]),
            )),
            _ => Content::KeyPair(KeyPair {
                key: material.keys[self.key].clone(),
                // The third is that of another key.
                chain: match self.chain {
                    2 => material.chains[1 - self.key][0].clone(),
                    3 => Vec::new(),
                    chain => material.chains[self.key][chain].clone(),
                },
                request: (self.chain == 3).then(|| material.requests[self.key].clone()),
            }),
        };
        let mut entry = Entry::new(self.alias, content, 1);
        entry.locked = self.locked;
        entry
    }
}

fn alias() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&ALIASES[..])
}

fn made() -> impl Strategy<Value = Made> {
    (alias(), 0..4_usize, 0..2_usize, 0..4_usize, prop::bool::weighted(0.2))
        .prop_map(|(alias, kind, key, chain, locked)| Made { alias, kind, key, chain, locked })
}

fn operation() -> impl Strategy<Value = Operation> {
    let modes = prop::sample::select(&[MergeMode::AddOnly, MergeMode::AddOrReplace, MergeMode::Replace][..]);
    prop_oneof![
        6 => made().prop_map(Operation::Insert),
        2 => made().prop_map(Operation::Replace),
        2 => (alias(), alias()).prop_map(|(from, to)| Operation::Rename(from, to)),
        1 => alias().prop_map(Operation::Remove),
        1 => prop::collection::vec(alias(), 0..3).prop_map(Operation::RemoveMany),
        2 => (prop::collection::vec(alias(), 0..3), any::<bool>()).prop_map(|(a, on)| Operation::Lock(a, on)),
        3 => (alias(), 0..2_usize, 0..2_usize).prop_map(|(a, key, chain)| Operation::Chain(a, key, chain)),
        2 => (alias(), 0..2_usize).prop_map(|(a, key)| Operation::Request(a, key)),
        2 => (alias(), 0..3_usize).prop_map(|(a, index)| Operation::Restore(a, index)),
        1 => (alias(), 0..3_usize).prop_map(|(a, index)| Operation::Drop(a, index)),
        2 => (0..2_usize, 0..2_usize).prop_map(|(key, chain)| Operation::Reply(key, chain)),
        2 => (prop::collection::vec(made(), 0..4), modes, any::<bool>()).prop_map(|(m, mode, o)| Operation::Merge(m, mode, o)),
        1 => prop::sample::select(&Profile::ALL[..]).prop_map(Operation::Profile),
    ]
}

fn apply(keystore: &mut Keystore, operation: &Operation, now_ms: i64) -> Result<(), String> {
    let material = &*MATERIAL;
    let said = |error: &dyn std::fmt::Display| error.to_string();
    match operation {
        Operation::Insert(made) => keystore.insert(made.entry()).map_err(|e| said(&e)),
        Operation::Replace(made) => {
            keystore.insert_or_replace(made.entry()).map(|_| ()).map_err(|e| said(&e))
        }
        Operation::Rename(from, to) => keystore.rename(from, to, now_ms).map_err(|e| said(&e)),
        Operation::Remove(alias) => keystore.remove(alias).map(|_| ()).map_err(|e| said(&e)),
        Operation::RemoveMany(aliases) => keystore.remove_many(aliases).map(|_| ()).map_err(|e| said(&e)),
        Operation::Lock(aliases, locked) => {
            keystore.set_locked(aliases, *locked, now_ms).map_err(|e| said(&e))
        }
        Operation::Chain(alias, key, chain) => {
            keystore.set_chain(alias, material.chains[*key][*chain].clone(), now_ms).map_err(|e| said(&e))
        }
        Operation::Request(alias, key) => {
            keystore.set_request(alias, material.requests[*key].clone(), now_ms).map_err(|e| said(&e))
        }
        Operation::Restore(alias, index) => {
            keystore.restore_previous(alias, *index, now_ms).map_err(|e| said(&e))
        }
        Operation::Drop(alias, index) => keystore.drop_previous(alias, *index, now_ms).map_err(|e| said(&e)),
        Operation::Reply(key, chain) => {
            let outcome = plan_reply(keystore, &material.chains[*key][*chain]).map_err(|e| said(&e))?;
            apply_reply(keystore, &outcome, now_ms).map_err(|e| said(&e))
        }
        Operation::Merge(made, mode, overwrite) => {
            let entries: Vec<Entry> = made.iter().map(Made::entry).collect();
            let plan = plan_merge(keystore, &entries, *mode, *overwrite);
            let before = keystore.clone();
            apply_merge(keystore, &plan, now_ms).map_err(|e| said(&e))?;
            check_merge(&before, keystore, &entries, &plan);
            Ok(())
        }
        Operation::Profile(profile) => {
            keystore.set_profile(*profile);
            Ok(())
        }
    }
}

/// What a plan says is what happens.
fn check_merge(before: &Keystore, after: &Keystore, entries: &[Entry], plan: &MergePlan) {
    let mut lost = 0;
    for (position, row) in plan.rows().iter().enumerate() {
        let (was, is) = (before.find(&row.alias), after.find(&row.alias));
        match (&row.result, was, is) {
            (MergeResult::Created, None, Some(_)) | (MergeResult::Removed, Some(_), None) => {}
            (MergeResult::Updated, Some(was), Some(is)) => assert_ne!(picture_of(was), picture_of(is)),
            (MergeResult::Unchanged | MergeResult::Kept, Some(was), Some(is)) => {
                assert_eq!(picture_of(was), picture_of(is));
            }
            (MergeResult::NotImported { .. }, _, _) => assert!(position < entries.len()),
            (result, was, is) => panic!("{result:?} {was:?} {is:?}"),
        }
        lost += usize::from(row.key_lost);
    }
    assert_eq!(plan.changes_nothing(), pictures(before) == pictures(after));
    // A key that is gone under its alias is said to be gone.
    let gone = before.iter().filter(|entry| {
        entry.holds_key() && after.find(&entry.alias).is_none_or(|now| key_of(now) != key_of(entry))
    });
    assert_eq!(gone.count(), lost);
}

/// By what a private or secret key is known again. (Writing a private key takes a computation, its public key none.)
fn key_of(entry: &Entry) -> Option<&[u8]> {
    match &entry.content {
        Content::KeyPair(pair) => Some(pair.key.public_key().spki_der()),
        Content::SecretKey(key) => Some(key.bytes.as_bytes()),
        Content::TrustedCertificate(_) => None,
    }
}

/// All that there is to an entry.
fn picture_of(entry: &Entry) -> String {
    let Entry { alias, created_ms, modified_ms, locked, previous, .. } = entry;
    let certificates: Vec<_> = entry.certificates().iter().map(Certificate::fingerprint_sha256).collect();
    let previous: Vec<Vec<_>> = previous
        .iter()
        .map(|before| before.chain.iter().map(Certificate::fingerprint_sha256).collect())
        .collect();
    let request = entry.key_pair().and_then(|pair| pair.request.as_ref()).map(SigningRequest::der);
    let key = key_of(entry);
    format!("{alias} {created_ms} {modified_ms} {locked} {certificates:?} {previous:?} {request:?} {key:?}")
}

fn pictures(keystore: &Keystore) -> Vec<String> {
    keystore.iter().map(picture_of).collect()
}

fn check_rules(keystore: &Keystore) {
    let mut aliases = HashSet::new();
    for entry in keystore.iter() {
        assert_eq!(parse_alias(&entry.alias).as_ref(), Ok(&entry.alias));
        assert!(aliases.insert(fold_alias(&entry.alias)), "{:?} is there twice", entry.alias);
        assert_eq!(keystore.find(&entry.alias).map(picture_of), Some(picture_of(entry)));
        assert!(entry.previous.len() <= MAX_PREVIOUS);
        assert!(entry.previous.iter().all(|before| !before.chain.is_empty()));
        if let Some(pair) = entry.key_pair() {
            let spki = pair.key.public_key().spki_der();
            let leaves = entry.previous.iter().map(|before| &before.chain).chain([&pair.chain]);
            assert!(leaves.filter_map(|chain| chain.first()).all(|leaf| leaf.spki_der() == spki));
            assert!(pair.request.as_ref().is_none_or(|request| request.spki_der() == spki));
        }
        assert_eq!(keystore.exportable(&entry.alias).is_err(), entry.locked && entry.holds_key());
    }
    assert!(find_duplicates(keystore).iter().all(|group| group.aliases.len() > 1));
}

proptest! {
    #[test]
    fn rules_hold(operations in prop::collection::vec(operation(), 1..40)) {
        let mut keystore = Keystore::new();
        for (now, operation) in operations.iter().enumerate() {
            let before = keystore.clone();
            let result = apply(&mut keystore, operation, i64::try_from(now).unwrap() + 10);
            check_rules(&keystore);
            if result.is_err() {
                prop_assert_eq!(pictures(&before), pictures(&keystore));
                prop_assert_eq!(before.profile(), keystore.profile());
            }
            let unlocks = matches!(operation, Operation::Lock(_, false));
            for entry in before.iter().filter(|entry| entry.locked) {
                let now = keystore.find(&entry.alias);
                prop_assert!(now.is_some_and(|now| now.alias == entry.alias && key_of(now) == key_of(entry)));
                prop_assert!(unlocks || now.is_some_and(|now| now.locked));
            }
            let may_lose_keys = matches!(
                operation,
                Operation::Replace(_) | Operation::Remove(_) | Operation::RemoveMany(_) | Operation::Merge(..)
            );
            let keys = |keystore: &Keystore| keystore.iter().filter_map(key_of).count();
            prop_assert!(may_lose_keys || keys(&keystore) >= keys(&before));
        }
        let certificates = keystore.iter().filter(|entry| entry.certificate().is_some()).count();
        prop_assert_eq!(inventory(&keystore, 0).len(), certificates);
        let key = VaultKey::generate(&Password::new("secret"), CHEAP, &mut rng()).unwrap();
        let opened = open_with_key(&seal(&keystore, &key, &mut rng()).unwrap(), &key).unwrap();
        prop_assert_eq!(pictures(&opened), pictures(&keystore));
        prop_assert_eq!(opened.profile(), keystore.profile());
    }

    #[test]
    fn unique_aliases_are_usable(taken in prop::collection::vec("[a-cA-C]{1,2}(-[23])?", 0..12), suggestion in any::<String>()) {
        let mut keystore = Keystore::new();
        keystore.set_profile(Profile::SapIntegrationSuite);
        for alias in taken.iter().chain([&suggestion, &suggestion, &"sap_sap_a".to_owned()]) {
            let alias = keystore.unique_alias(alias);
            prop_assert_eq!(keystore.choose_alias(&alias), Ok(alias.clone()));
            let entry = Made { alias: "", kind: 0, key: 0, chain: 0, locked: false }.entry();
            prop_assert_eq!(keystore.insert(Entry { alias, ..entry }), Ok(()));
        }
        check_rules(&keystore);
    }
}

/// Quick, for tests.
const CHEAP: Parameters = Parameters { memory_kib: 8, passes: 1, lanes: 1 };
