//! The vault: what goes in comes out, and nothing else opens it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use certwright_keys::{KeySpec, Password};
use certwright_keystore::{
    Content, KeyPair, Keystore,
    vault::{OpenVaultError, Parameters, SealVaultError, VaultKey, open, open_with_key, seal},
};
use support::{Ca, key_entry, rng, trusted_entry};

/// Quick, for tests.
const CHEAP: Parameters = Parameters { memory_kib: 8, passes: 1, lanes: 1 };

fn assert_same(a: &Keystore, b: &Keystore) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b.iter()) {
        assert_eq!((&a.alias, a.created_ms, a.modified_ms), (&b.alias, b.created_ms, b.modified_ms));
        match (&a.content, &b.content) {
            (Content::KeyPair(a), Content::KeyPair(b)) => {
                assert_eq!(a.key.to_pkcs8_der(), b.key.to_pkcs8_der());
                assert_eq!((&a.chain, &a.request), (&b.chain, &b.request));
            }
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
    keystore.insert(key_entry("rsa", ca.key_pair(KeySpec::Rsa2048, "CN=rsa"))).unwrap();
    keystore.insert(trusted_entry("root", &ca.root)).unwrap();
    let mut old = trusted_entry("before 1970", &ca.intermediate);
    old.created_ms = i64::MIN;
    old.modified_ms = -1;
    keystore.insert(old).unwrap();
    keystore
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
            // Memory of up to 1 GiB would be accepted, and take a while: those bits are tried with the key at hand.
            let expensive = (9..17).contains(&position);
            let error = if expensive {
                open_with_key(&damaged, &key).map(|_| ()).unwrap_err()
            } else {
                open(&damaged, &passphrase).map(|_| ()).unwrap_err()
            };
            let expected = match position {
                0..8 => OpenVaultError::NotAVault,
                8 => OpenVaultError::UnsupportedVersion { found: 1 ^ (1 << bit) },
                17..21 if !matches!(error, OpenVaultError::WrongPassphrase) => OpenVaultError::TooExpensive,
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
    for (position, value) in
        [(9, 0x0010_0001_u32), (9, u32::MAX), (13, 17), (17, 5), (9, 0), (13, 0), (17, 0)]
    {
        let mut changed = vault.clone();
        changed[position..position + 4].copy_from_slice(&value.to_be_bytes());
        assert_eq!(open(&changed, &passphrase).map(|_| ()), Err(OpenVaultError::TooExpensive));
    }
    let too_much = Parameters { passes: 17, ..CHEAP };
    assert_eq!(
        VaultKey::generate(&passphrase, too_much, &mut rng()).map(|_| ()),
        Err(SealVaultError::TooExpensive)
    );
    assert_eq!(
        VaultKey::generate(&Password::new(""), CHEAP, &mut rng()).map(|_| ()),
        Err(SealVaultError::EmptyPassphrase)
    );
}
