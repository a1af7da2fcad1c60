//! The vault: what goes in comes out, and nothing else opens it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use std::time::{Duration, Instant};

use certwright_keys::{KeySpec, Password, PrivateKey, PublicKey, SecretBytes};
use certwright_keystore::{
    Content, Entry, KeyPair, Keystore, Note, NoteKind, Previous, Profile, SecretKey,
    note::{MAX_ALL_NOTES, MAX_NOTE, NoteError},
    vault::{
        self, OpenVaultError, Parameters, RekeyVaultError, SealVaultError, VaultKey, open, open_with_key,
        seal,
    },
};
use proptest::prelude::*;
use support::{Ca, key_entry, rng, trusted_entry};

/// Quick, for tests.
const CHEAP: Parameters = Parameters { memory_kib: 8, passes: 1, lanes: 1 };

fn assert_same(a: &Keystore, b: &Keystore) {
    assert_eq!((a.len(), a.profile()), (b.len(), b.profile()));
    for (a, b) in a.iter().zip(b.iter()) {
        assert_eq!((&a.alias, a.created_ms, a.modified_ms), (&b.alias, b.created_ms, b.modified_ms));
        assert_eq!((a.locked, &a.previous), (b.locked, &b.previous));
        match (&a.content, &b.content) {
            (Content::KeyPair(a), Content::KeyPair(b)) => {
                assert_eq!(a.key.to_pkcs8_der(), b.key.to_pkcs8_der());
                assert_eq!(a.key.public_key(), b.key.public_key());
                assert_eq!((&a.chain, &a.request), (&b.chain, &b.request));
            }
            (Content::SecretKey(a), Content::SecretKey(b)) => assert_eq!(a, b),
            (Content::TrustedCertificate(a), Content::TrustedCertificate(b)) => assert_eq!(a, b),
            _ => panic!("another kind of entry"),
        }
    }
}

fn full_keystore(ca: &Ca) -> Keystore {
    let mut keystore = Keystore::new();
    let (key, request) = ca.request(KeySpec::EcP384, "CN=pending");
    let pending = KeyPair { key, chain: vec![], request: Some(request) };
    keystore.insert(key_entry("wartend äöü 🔑", pending)).unwrap();
    keystore.insert(key_entry("rsa", ca.key_pair(KeySpec::Rsa { bits: 2048 }, "CN=rsa"))).unwrap();
    keystore.insert(trusted_entry("root", &ca.root)).unwrap();
    let mut old = trusted_entry("before 1970", &ca.intermediate);
    old.created_ms = i64::MIN;
    old.modified_ms = -1;
    keystore.insert(old).unwrap();
    let renewed = ca.key_pair(KeySpec::EcP256, "CN=renewed");
    let before = ca.issue(&support::request_for(&renewed.key, "CN=before"));
    let mut entry = key_entry("renewed", renewed);
    entry.previous = vec![
        Previous { chain: vec![before.clone(), ca.intermediate.clone()], replaced_ms: 7 },
        Previous { chain: vec![before], replaced_ms: -7 },
    ];
    entry.locked = true;
    keystore.insert(entry).unwrap();
    let secret = SecretKey::new("HmacSHA256", SecretBytes::new(b"a secret of 24 characters".to_vec()));
    keystore.insert(Entry::new("secret", Content::SecretKey(secret), 8)).unwrap();
    keystore.insert(kept_entry(ca)).unwrap();
    keystore.set_profile(Profile::SapIntegrationSuite);
    keystore
}

/// A key that is kept and not used.
fn kept_entry(ca: &Ca) -> Entry {
    ca.bench
        .openssl("req -x509 -newkey ed448 -nodes -keyout ed448.key -out ed448.pem -days 30 -subj /CN=ed448");
    ca.bench.openssl("pkey -in ed448.key -outform DER -out ed448.der");
    let certificate = ca.bench.certificate("ed448.pem");
    let pkcs8 = ca.bench.read("ed448.der");
    let public = PublicKey::from_spki_der(certificate.spki_der()).unwrap();
    let key = PrivateKey::from_pkcs8_der_with_public(&pkcs8, &public).unwrap();
    assert!(key.cannot_sign().is_some());
    key_entry("ed448", KeyPair { key, chain: vec![certificate], request: None })
}

#[test]
fn round_trip() {
    let keystore = full_keystore(&Ca::new("Acme"));
    let passphrase = Password::new("correct horse");
    for keystore in [Keystore::new(), keystore] {
        let key = VaultKey::generate(&passphrase, Parameters::default(), &mut rng()).unwrap();
        let vault = seal(&keystore, &key, &mut rng()).unwrap();
        let again = seal(&keystore, &key, &mut rng()).unwrap();
        assert_ne!(vault, again);
        let (opened, opened_key) = open(&vault, &passphrase).unwrap();
        assert_same(&opened, &keystore);
        assert_eq!(opened_key.parameters(), Parameters::default());
        // The key that opened one seals and opens the next.
        let resealed = seal(&opened, &opened_key, &mut rng()).unwrap();
        assert_same(&open_with_key(&resealed, &key).unwrap(), &keystore);
        assert_same(&open(&resealed, &passphrase).unwrap().0, &keystore);
    }
}

#[test]
fn nothing_is_in_clear() {
    let keystore = full_keystore(&Ca::new("Acme"));
    let key = VaultKey::generate(&Password::new("correct horse"), CHEAP, &mut rng()).unwrap();
    let vault = seal(&keystore, &key, &mut rng()).unwrap();
    let has = |needle: &[u8]| vault.windows(needle.len()).any(|window| window == needle);
    assert!(!has(b"24 characters"));
    for (entry, pair) in keystore.key_pairs() {
        let pkcs8 = pair.key.to_pkcs8_der();
        assert!(pkcs8.as_bytes().chunks(16).all(|chunk| chunk.len() < 16 || !has(chunk)));
        assert!(!has(entry.alias.as_bytes()));
    }
    assert!(!has(b"correct horse"));
    assert!(!format!("{key:?}").contains("key"));
}

#[test]
fn every_flipped_bit_is_noticed() {
    let mut keystore = Keystore::new();
    let ca = Ca::new("Acme");
    keystore.insert(trusted_entry("root", &ca.root)).unwrap();
    let passphrase = Password::new("secret");
    let key = VaultKey::generate(&passphrase, CHEAP, &mut rng()).unwrap();
    let vault = seal(&keystore, &key, &mut rng()).unwrap();
    for position in 0..vault.len() {
        for bit in 0..8 {
            let mut damaged = vault.clone();
            damaged[position] ^= 1 << bit;
            let start = Instant::now();
            let error = open(&damaged, &passphrase).map(|_| ()).unwrap_err();
            assert!(start.elapsed() < Duration::from_secs(5), "byte {position} bit {bit}");
            let expected = match position {
                0..8 => OpenVaultError::NotAVault,
                // 1 and 2 are versions of before, which the key does not open as such.
                8 if bit < 2 => OpenVaultError::WrongPassphrase,
                8 => OpenVaultError::UnsupportedVersion { found: vault::VERSION ^ (1 << bit) },
                9..21 if error == OpenVaultError::TooExpensive => error,
                _ => OpenVaultError::WrongPassphrase,
            };
            assert_eq!(error, expected, "byte {position} bit {bit}");
        }
    }
}

#[test]
fn truncations_and_wrong_passphrases() {
    let keystore = Keystore::new();
    let passphrase = Password::new("secret");
    let key = VaultKey::generate(&passphrase, CHEAP, &mut rng()).unwrap();
    let vault = seal(&keystore, &key, &mut rng()).unwrap();
    for length in 0..vault.len() {
        let expected = match length {
            0..8 => OpenVaultError::NotAVault,
            8..77 => OpenVaultError::Malformed,
            _ => OpenVaultError::WrongPassphrase,
        };
        assert_eq!(open(&vault[..length], &passphrase).map(|_| ()), Err(expected), "{length}");
    }
    for wrong in ["", "Secret", "secret "] {
        assert_eq!(
            open(&vault, &Password::new(wrong)).map(|_| ()),
            Err(OpenVaultError::WrongPassphrase),
            "{wrong:?}"
        );
    }
    let other = VaultKey::generate(&passphrase, CHEAP, &mut rng()).unwrap();
    assert_eq!(open_with_key(&vault, &other).map(|_| ()), Err(OpenVaultError::WrongPassphrase));
}

#[test]
fn cost_is_bounded() {
    let keystore = Keystore::new();
    let passphrase = Password::new("secret");
    let key = VaultKey::generate(&passphrase, CHEAP, &mut rng()).unwrap();
    let vault = seal(&keystore, &key, &mut rng()).unwrap();
    for (position, value) in [
        (9, 0x0010_0000_u32),
        (9, 0x0001_0001),
        (9, u32::MAX),
        (13, 5),
        (13, u32::MAX),
        (17, 5),
        (9, 0),
        (13, 0),
        (17, 0),
    ] {
        let mut changed = vault.clone();
        changed[position..position + 4].copy_from_slice(&value.to_be_bytes());
        let start = Instant::now();
        assert_eq!(open(&changed, &passphrase).map(|_| ()), Err(OpenVaultError::TooExpensive));
        assert!(start.elapsed() < Duration::from_secs(1));
    }
    let mut large = vault;
    large.resize(vault::MAX_SIZE + 1, 0);
    let bytes = large.len();
    assert_eq!(open(&large, &passphrase).map(|_| ()), Err(OpenVaultError::TooLarge { bytes }));
    let too_much = Parameters { passes: 5, ..CHEAP };
    assert_eq!(
        VaultKey::generate(&passphrase, too_much, &mut rng()).map(|_| ()),
        Err(SealVaultError::TooExpensive)
    );
    assert_eq!(
        VaultKey::generate(&Password::new(""), CHEAP, &mut rng()).map(|_| ()),
        Err(SealVaultError::EmptyPassphrase)
    );
}

#[test]
fn the_second_version_opens_and_is_upgraded() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/vault-v2.bin");
    let bytes = std::fs::read(path).unwrap();
    let passphrase = Password::new("correct horse");
    assert_eq!(vault::version(&bytes), Some(2));
    let (mut keystore, key) = open(&bytes, &passphrase).unwrap();
    let aliases: Vec<&str> = keystore.iter().map(|entry| entry.alias.as_str()).collect();
    assert_eq!(aliases, ["pending", "client", "secret", "root"]);
    assert_eq!((keystore.profile(), keystore.notes().count()), (Profile::Java, 0));
    assert_eq!(keystore.find("client").unwrap().previous.len(), 1);
    assert!(keystore.find("secret").unwrap().locked);

    let note = Note { kind: NoteKind::Plan, name: "0123456789abcdef".into(), content: vec![0, 255, 7] };
    keystore.set_note(note.clone()).unwrap();
    let upgraded = seal(&keystore, &key, &mut rng()).unwrap();
    assert_eq!(vault::version(&upgraded), Some(vault::VERSION));
    let again = open(&upgraded, &passphrase).unwrap().0;
    assert_same(&again, &keystore);
    assert_eq!(again.notes().collect::<Vec<_>>(), [&note]);
}

#[test]
fn notes_are_kept_within_bounds() {
    let mut keystore = Keystore::new();
    let note = |name: &str, size: usize| Note {
        kind: NoteKind::Hosts,
        name: name.into(),
        content: vec![b'x'; size],
    };
    assert_eq!(keystore.set_note(note("", 1)), Err(NoteError::BadName));
    assert_eq!(keystore.set_note(note("a", MAX_NOTE + 1)), Err(NoteError::TooLarge { octets: MAX_NOTE + 1 }));
    for number in 0..MAX_ALL_NOTES / MAX_NOTE {
        keystore.set_note(note(&number.to_string(), MAX_NOTE)).unwrap();
    }
    let before = keystore.clone();
    assert_eq!(keystore.set_note(note("more", 1)), Err(NoteError::TooMany));
    assert!(keystore.is_unchanged_since(&before));
    keystore.set_note(note("0", 3)).unwrap();
    assert!(!keystore.is_unchanged_since(&before));
    assert_eq!(keystore.note(NoteKind::Hosts, "0").unwrap().content, b"xxx");
    assert!(keystore.note(NoteKind::Plan, "0").is_none());
    assert!(keystore.remove_note(NoteKind::Hosts, "0").is_some());
    assert!(keystore.remove_note(NoteKind::Hosts, "0").is_none());
}

#[test]
fn the_first_version_opens_and_is_upgraded() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/vault-v1.bin");
    let bytes = std::fs::read(path).unwrap();
    let passphrase = Password::new("correct horse");
    assert_eq!(vault::version(&bytes), Some(1));
    let (keystore, key) = open(&bytes, &passphrase).unwrap();
    let seen: Vec<_> = keystore
        .iter()
        .map(|entry| {
            let request = entry.key_pair().is_some_and(|pair| pair.request.is_some());
            (entry.alias.as_str(), entry.created_ms, entry.certificates().len(), request)
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("wartend äöü", 1_700_000_000_000, 0, true),
            ("client", 1_700_000_000_000, 3, false),
            ("RSA", 1_700_000_000_000, 3, false),
            ("root", 1, 1, false),
        ]
    );
    assert!(keystore.iter().all(|entry| !entry.locked && entry.previous.is_empty()));
    assert_eq!(keystore.profile(), Profile::None);
    assert_eq!(open(&bytes, &Password::new("correct")).map(|_| ()), Err(OpenVaultError::WrongPassphrase));

    let upgraded = seal(&keystore, &key, &mut rng()).unwrap();
    assert_eq!(vault::version(&upgraded), Some(vault::VERSION));
    assert_same(&open(&upgraded, &passphrase).unwrap().0, &keystore);

    // Its key was derived at less cost than today's.
    assert!(key.needs_upgrade());
    let stronger = key.rekey(&passphrase, &passphrase, &mut rng()).unwrap();
    assert!(!stronger.needs_upgrade());
    let upgraded = seal(&keystore, &stronger, &mut rng()).unwrap();
    assert_same(&open(&upgraded, &passphrase).unwrap().0, &keystore);
    // The version is authentic: a record of the one is not taken for one of the other.
    for (bytes, version) in [(bytes, 2), (upgraded, 1)] {
        let mut changed = bytes;
        changed[8] = version;
        assert_eq!(open(&changed, &passphrase).map(|_| ()), Err(OpenVaultError::WrongPassphrase));
    }
}

#[test]
fn a_newer_version_is_named() {
    let key = VaultKey::generate(&Password::new("secret"), CHEAP, &mut rng()).unwrap();
    let mut sealed = seal(&Keystore::new(), &key, &mut rng()).unwrap();
    let newer = vault::VERSION + 1;
    sealed[8] = newer;
    assert_eq!(
        open(&sealed, &Password::new("secret")).map(|_| ()),
        Err(OpenVaultError::UnsupportedVersion { found: newer })
    );
    assert_eq!(vault::version(&sealed), Some(newer));
    assert_eq!(vault::version(b"CWVAULT\0"), None);
    assert_eq!(vault::version(b"something else"), None);
}

#[test]
fn another_passphrase() {
    let keystore = full_keystore(&Ca::new("Acme"));
    let (old, new) = (Password::new("old"), Password::new("pässwörd ლ(ಠ益ಠლ)"));
    let key = VaultKey::generate(&old, CHEAP, &mut rng()).unwrap();
    let sealed = seal(&keystore, &key, &mut rng()).unwrap();
    let rekey =
        |old: &str, new: &str| key.rekey(&Password::new(old), &Password::new(new), &mut rng()).map(|_| ());
    assert_eq!(rekey("Old", "new"), Err(RekeyVaultError::WrongPassphrase));
    assert_eq!(rekey("", "new"), Err(RekeyVaultError::WrongPassphrase));
    assert_eq!(rekey("old", ""), Err(RekeyVaultError::New(SealVaultError::EmptyPassphrase)));
    let new_key = key.rekey(&old, &new, &mut rng()).unwrap();
    assert_eq!(new_key.parameters(), Parameters::default());
    let resealed = seal(&keystore, &new_key, &mut rng()).unwrap();
    assert_same(&open(&resealed, &new).unwrap().0, &keystore);
    assert_eq!(open(&resealed, &old).map(|_| ()), Err(OpenVaultError::WrongPassphrase));
    assert_eq!(open_with_key(&resealed, &key).map(|_| ()), Err(OpenVaultError::WrongPassphrase));
    // What was sealed before is as it was.
    assert_same(&open(&sealed, &old).unwrap().0, &keystore);
}

#[test]
fn weaker_than_today() {
    let today = Parameters::default();
    assert!(!today.is_weaker_than_default() && !Parameters::MAX.is_weaker_than_default());
    for weaker in [
        CHEAP,
        Parameters { memory_kib: today.memory_kib - 1, ..today },
        Parameters { passes: today.passes - 1, ..today },
        Parameters { memory_kib: today.memory_kib / 2, passes: 4, lanes: 1 },
    ] {
        assert!(weaker.is_weaker_than_default(), "{weaker:?}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200), with_header in any::<bool>()) {
        let key = VaultKey::generate(&Password::new("secret"), CHEAP, &mut rng()).unwrap();
        let mut vault = if with_header { seal(&Keystore::new(), &key, &mut rng()).unwrap() } else { Vec::new() };
        vault.truncate(37);
        vault.extend(bytes);
        prop_assert!(open_with_key(&vault, &key).is_err());
    }
}
