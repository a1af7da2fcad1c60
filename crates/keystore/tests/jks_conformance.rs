//! JKS and JCEKS files of Java 8, from the shared conformance data (those of pyjks; the passwords are in its README).
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test that cannot run has to fail"
)]

use std::path::{Path, PathBuf};

use certwright_keys::{KeyAlgorithm, Password, secret::Passwords};
use certwright_keystore::{
    Contents,
    contents::{LockedKind, OtherKind, Remark},
    jceks::parse_jceks,
    jks::{ReadJksError, parse_jks},
    open::{OpenError, parse_file},
};

const PASSWORD: &str = "12345678";

fn folder() -> Option<PathBuf> {
    let given = std::env::var_os("CERTWRIGHT_CONFORMANCE").map(PathBuf::from);
    let root = given
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance"));
    let folder = root.join("keystores/java");
    if !folder.is_dir() {
        eprintln!("skipped: there is no conformance data at {}", root.display());
        return None;
    }
    Some(folder)
}

fn read(folder: &Path, name: &str, passwords: &[&str]) -> Result<Contents, ReadJksError> {
    let bytes = std::fs::read(folder.join(name)).unwrap();
    let passwords: Passwords = passwords.iter().map(|password| Password::new(*password)).collect();
    if name.ends_with(".jks") { parse_jks(&bytes, &passwords) } else { parse_jceks(&bytes, &passwords) }
}

fn read_well(folder: &Path, name: &str, passwords: &[&str]) -> Contents {
    let contents = read(folder, name, passwords).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(contents.unusable_keys.is_empty(), "{name}: {contents:?}");
    contents
}

#[test]
fn key_pairs() {
    let Some(folder) = folder() else { return };
    for (name, bits, chain) in [
        ("RSA1024.jks", 1024, 1),
        ("RSA1024.jceks", 1024, 1),
        ("RSA2048_3certs.jks", 2048, 3),
        ("RSA2048_3certs.jceks", 2048, 3),
    ] {
        let contents = read_well(&folder, name, &[PASSWORD]);
        let [pair] = contents.key_pairs.as_slice() else { panic!("{name}: {contents:?}") };
        assert_eq!(pair.alias.as_deref(), Some("mykey"), "{name}");
        assert_eq!(pair.key.algorithm(), KeyAlgorithm::Rsa { bits }, "{name}");
        assert_eq!(pair.chain.len(), chain, "{name}");
        assert!(pair.created_ms.unwrap() > 1_400_000_000_000, "{name}");
        assert!(contents.certificates.is_empty() && contents.others.is_empty(), "{name}: {contents:?}");
        assert_eq!(contents.remarks, [], "{name}");

        for wrong in ["12345679", "", "1234567"] {
            assert_eq!(read(&folder, name, &[wrong]).map(|_| ()), Err(ReadJksError::WrongPassword), "{name}");
        }
        let listed = read_well(&folder, name, &[]);
        assert_eq!(listed.remarks, [Remark::IntegrityNotChecked], "{name}");
        assert!(listed.key_pairs.is_empty(), "{name}");
        let [locked] = listed.locked.as_slice() else { panic!("{name}: {listed:?}") };
        assert_eq!((locked.what, &locked.chain), (LockedKind::PrivateKey, &pair.chain), "{name}");
        assert_eq!((&locked.alias, locked.created_ms), (&pair.alias, pair.created_ms), "{name}");
    }
}

#[test]
fn trusted_certificates() {
    let Some(folder) = folder() else { return };
    let names = |contents: &Contents| {
        let mut names: Vec<_> =
            contents.certificates.iter().map(|found| found.alias.clone().unwrap()).collect();
        names.sort();
        names
    };
    for name in ["3certs.jks", "3certs.jceks"] {
        for (passwords, remarks) in [(&[PASSWORD][..], vec![]), (&[], vec![Remark::IntegrityNotChecked])] {
            let contents = read_well(&folder, name, passwords);
            assert_eq!(names(&contents), ["cert1", "cert2", "cert3"], "{name}");
            assert!(contents.certificates.iter().all(|found| found.java_trusted), "{name}");
            assert!(contents.certificates.iter().all(|found| found.created_ms.is_some()), "{name}");
            assert_eq!(contents.remarks, remarks, "{name}");
        }
    }
    for passwords in [&[""][..], &[]] {
        let empty = read_well(&folder, "empty.jks", passwords);
        assert!(empty.is_empty() && empty.remarks.is_empty(), "{empty:?}");
    }
    assert_eq!(read(&folder, "empty.jks", &["x"]).map(|_| ()), Err(ReadJksError::WrongPassword));
}

#[test]
fn secret_keys() {
    let Some(folder) = folder() else { return };
    for (name, algorithm, length) in [("AES128.jceks", "AES", 16), ("DESede.jceks", "DESede", 24)] {
        let contents = read_well(&folder, name, &[PASSWORD]);
        let [secret] = contents.secret_keys.as_slice() else { panic!("{name}: {contents:?}") };
        assert_eq!((secret.key.algorithm.as_str(), secret.key.bytes.len()), (algorithm, length), "{name}");
        assert_eq!(secret.alias.as_deref(), Some("mykey"), "{name}");
        let listed = read_well(&folder, name, &[]);
        assert_eq!(listed.locked[0].what, LockedKind::SecretKey, "{name}");
        assert_eq!(listed.locked[0].alias.as_deref(), Some("mykey"), "{name}");
    }
}

#[test]
fn passwords_of_their_own() {
    let Some(folder) = folder() else { return };
    for name in ["custom_entry_passwords.jks", "custom_entry_passwords.jceks"] {
        let has_secret = usize::from(name.ends_with("jceks"));
        let contents = read_well(&folder, name, &["store_password"]);
        assert_eq!(contents.key_pairs.len(), 0, "{name}");
        assert_eq!(contents.locked.len(), 1 + has_secret, "{name}");
        assert_eq!(contents.certificates.len(), 1, "{name}");

        let all = ["private_password", "secret_password", "store_password"];
        let contents = read_well(&folder, name, &all);
        assert_eq!((contents.key_pairs.len(), contents.secret_keys.len()), (1, has_secret), "{name}");
        assert!(contents.locked.is_empty(), "{name}");
        let differ =
            contents.remarks.iter().filter(|remark| matches!(remark, Remark::KeyPasswordDiffers { .. }));
        assert_eq!(differ.count(), 1 + has_secret, "{name}: {:?}", contents.remarks);

        // The password of the key alone opens the key, and says nothing about the store.
        let alias = contents.key_pairs[0].alias.clone().unwrap();
        let refused = read(&folder, name, &["private_password"]).map(|_| ());
        assert_eq!(refused, Err(ReadJksError::DigestMismatch { alias }), "{name}");
    }
}

#[test]
fn an_object_of_another_class() {
    let Some(folder) = folder() else { return };
    let name = "unknown_type_of_sealed_object.jceks";
    let contents = read_well(&folder, name, &[PASSWORD]);
    let [other] = contents.others.as_slice() else { panic!("{contents:?}") };
    assert_eq!(other.alias.as_deref(), Some("mykey"));
    assert_eq!(other.what, OtherKind::ForeignObject { class: "org.pyjks.DummyObject".to_owned() });
    assert!(contents.is_empty() && contents.locked.is_empty());
}

#[test]
fn found_by_content() {
    let Some(folder) = folder() else { return };
    for file in std::fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        parse_file("", &bytes, &Passwords::none()).unwrap();
        let cut = parse_file("", &bytes[..bytes.len() - 1], &Passwords::none()).map(|_| ());
        assert!(
            matches!(cut, Err(OpenError::Malformed { offset: Some(offset), part: Some("digest"), .. }) if offset == bytes.len() - 20),
            "{}: {cut:?}",
            path.display()
        );
    }
}
