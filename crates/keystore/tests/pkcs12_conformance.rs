//! PKCS#12 files of other makers, from the shared conformance data: those of BoringSSL (password `foo`) and the examples
//! of RFC 9579 (password `1234`).
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot run has to fail"
)]

use std::path::PathBuf;

use certwright_keys::{KeyAlgorithm, Password, secret::Passwords};
use certwright_keystore::{
    Contents,
    contents::Remark,
    pkcs12::{ReadPkcs12Error, parse_pkcs12},
};

fn folder() -> Option<PathBuf> {
    let given = std::env::var_os("CERTWRIGHT_CONFORMANCE").map(PathBuf::from);
    let root = given
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance"));
    let folder = root.join("keystores/pkcs12");
    if !folder.is_dir() {
        eprintln!("skipped: there is no conformance data at {}", root.display());
        return None;
    }
    Some(folder)
}

fn read(folder: &std::path::Path, name: &str, password: Option<&str>) -> Result<Contents, ReadPkcs12Error> {
    let passwords = Passwords::from(password.map(Password::new));
    parse_pkcs12(&std::fs::read(folder.join(name)).unwrap(), &passwords)
}

#[test]
fn files_of_boringssl() {
    let Some(folder) = folder() else { return };
    for (name, password, algorithm) in [
        ("openssl.p12", Some("foo"), KeyAlgorithm::Rsa { bits: 2048 }),
        ("nss.p12", Some("foo"), KeyAlgorithm::Rsa { bits: 2048 }),
        ("no_encryption.p12", Some("foo"), KeyAlgorithm::EcP256),
        ("pbes2_sha256.p12", Some("foo"), KeyAlgorithm::Rsa { bits: 2048 }),
        ("empty_password.p12", Some(""), KeyAlgorithm::EcP256),
        ("empty_password.p12", None, KeyAlgorithm::EcP256),
        ("empty_password_ber.p12", Some(""), KeyAlgorithm::EcP256),
        ("empty_password_ber.p12", None, KeyAlgorithm::EcP256),
    ] {
        let contents = read(&folder, name, password).unwrap_or_else(|error| panic!("{name}: {error}"));
        let [pair] = contents.key_pairs.as_slice() else { panic!("{name}: {contents:?}") };
        assert_eq!((pair.key.algorithm(), pair.chain.len()), (algorithm, 1), "{name}");
        assert!(
            contents.certificates.is_empty() && contents.unusable_keys.is_empty(),
            "{name}: {contents:?}"
        );
        assert_eq!(contents.others, [], "{name}");
        if password == Some("foo") {
            for wrong in ["bar", ""] {
                let refused = read(&folder, name, Some(wrong)).map(|_| ());
                assert_eq!(refused, Err(ReadPkcs12Error::WrongPassword), "{name} {wrong:?}");
            }
            let without = read(&folder, name, None);
            if name == "no_encryption.p12" {
                assert_eq!(without.unwrap().remarks[0], Remark::IntegrityNotChecked);
            } else {
                assert_eq!(without.map(|_| ()), Err(ReadPkcs12Error::NeedsPassword), "{name}");
            }
        } else {
            assert_eq!(read(&folder, name, Some("foo")).map(|_| ()), Err(ReadPkcs12Error::WrongPassword));
        }
    }
}

#[test]
fn malformed_files() {
    let Some(folder) = folder() else { return };
    for (name, part) in [("bad1.p12", "authSafe"), ("bad2.p12", "AuthenticatedSafe")] {
        match read(&folder, name, Some("foo")) {
            Err(ReadPkcs12Error::Malformed { part: found, .. }) => assert_eq!(found, part, "{name}"),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn examples_of_rfc_9579() {
    let Some(folder) = folder() else { return };
    for name in ["rfc9579-a1.p12", "rfc9579-a2.p12", "rfc9579-a3.p12"] {
        let contents = read(&folder, name, Some("1234")).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(contents.key_pairs.len(), 1, "{name}");
        assert_eq!(contents.key_pairs[0].key.algorithm(), KeyAlgorithm::Rsa { bits: 2048 });
        assert_eq!(contents.key_pairs[0].chain.len(), 1);
        assert_eq!(read(&folder, name, Some("12345")).map(|_| ()), Err(ReadPkcs12Error::WrongPassword));
        assert_eq!(read(&folder, name, None).map(|_| ()), Err(ReadPkcs12Error::NeedsPassword));
    }
}
