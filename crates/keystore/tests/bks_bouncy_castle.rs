//! BKS and UBER of the real Bouncy Castle, made with keytool.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod java;
mod support;

use certwright_encoding::sniff::{Kind, recognise};
use certwright_keys::{KeySpec, Password, secret::Passwords};
use certwright_keystore::{
    Contents,
    bks::{ReadBksError, parse_bks},
    contents::{LockedKind, Remark},
    open::parse_file,
    pkcs12::{Pkcs12Target, generate_pkcs12},
    uber::parse_uber,
};
use java::described;
use support::{Bench, Ca, key_entry, rng, trusted_entry};

/// Where Debian's package libbcprov-java puts it.
const BOUNCY_CASTLE: &str = "/usr/share/java/bcprov.jar";
const PASSWORD: &str = "secret1";
const TYPES: [&str; 3] = ["BKS", "BKS-V1", "UBER"];

fn passwords(passwords: &[&str]) -> Passwords {
    passwords.iter().map(|password| Password::new(*password)).collect()
}

fn parse(kind: &str, bytes: &[u8], given: &[&str]) -> Result<Contents, ReadBksError> {
    if kind == "UBER" { parse_uber(bytes, &passwords(given)) } else { parse_bks(bytes, &passwords(given)) }
}

/// Runs keytool with Bouncy Castle.
fn keytool(bench: &Bench, arguments: &str) -> String {
    bench.keytool(&format!(
        "-J-Dorg.bouncycastle.bks.enable_v1=true {arguments} -providerclass org.bouncycastle.jce.provider.BouncyCastleProvider -providerpath {BOUNCY_CASTLE}"
    ))
}

/// Keys of several types, a chain of three, a trusted certificate, secret keys.
fn make(ca: &Ca, kind: &str) -> Vec<u8> {
    let bench = &ca.bench;
    let store = format!("-keystore a.{kind} -storetype {kind} -storepass {PASSWORD}");
    for (alias, options) in [
        ("MyRSA", "-keyalg RSA -keysize 2048 -sigalg SHA256withRSA"),
        ("p384", "-keyalg EC -groupname secp384r1 -sigalg SHA384withECDSA"),
        ("dsa", "-keyalg DSA -keysize 2048 -sigalg SHA256withDSA"),
    ] {
        keytool(
            bench,
            &format!("-genkeypair {store} -keypass {PASSWORD} -alias {alias} -dname CN={alias} {options}"),
        );
    }
    keytool(bench, &format!("-importcert {store} -noprompt -alias Root -file root.pem"));
    keytool(
        bench,
        &format!("-genseckey {store} -keypass {PASSWORD} -alias Symmetric -keyalg AES -keysize 256"),
    );
    keytool(
        bench,
        &format!(
            "-importkeystore -noprompt -srckeystore chain.p12 -srcstoretype PKCS12 -srcstorepass {PASSWORD} -destkeystore a.{kind} -deststoretype {kind} -deststorepass {PASSWORD}"
        ),
    );
    bench.read(&format!("a.{kind}"))
}

fn ca() -> Ca {
    let ca = Ca::new("Acme");
    let pair = ca.key_pair(KeySpec::EcP256, "CN=chain");
    let file = generate_pkcs12(
        &[&key_entry("chain", pair)],
        Pkcs12Target::Modern,
        &Password::new(PASSWORD),
        &mut rng(),
    )
    .unwrap();
    ca.bench.write("chain.p12", &file);
    ca
}

/// What Bouncy Castle writes is read as Java sees it.
#[test]
fn what_bouncy_castle_writes() {
    let ca = ca();
    let mut jobs = Vec::new();
    let mut views = Vec::new();
    for kind in TYPES {
        let bytes = make(&ca, kind);
        let expected = if kind == "UBER" { Kind::Uber } else { Kind::Bks };
        assert_eq!(recognise(&bytes), expected, "{kind}");
        let found = parse_file("", &bytes, &passwords(&[PASSWORD])).unwrap();
        assert_eq!(found.kind, expected);
        let contents = parse(kind, &bytes, &["other", PASSWORD]).unwrap();
        assert_eq!(contents.remarks, [], "{kind}");
        assert_eq!(contents.key_pairs.len(), 4, "{kind}");
        let chain = contents.key_pairs.iter().find(|pair| pair.alias.as_deref() == Some("chain")).unwrap();
        assert_eq!(chain.chain.len(), 3, "{kind}");
        views.push(described(&contents));
        jobs.push(java::describe(kind, &format!("a.{kind}"), PASSWORD, PASSWORD));

        for wrong in ["secret2", "", "Secret1"] {
            assert_eq!(parse(kind, &bytes, &[wrong]).map(|_| ()), Err(ReadBksError::WrongPassword), "{kind}");
        }
        if kind == "UBER" {
            assert_eq!(parse(kind, &bytes, &[]).map(|_| ()), Err(ReadBksError::NeedsPassword));
            continue;
        }
        let listed = parse(kind, &bytes, &[]).unwrap();
        assert_eq!(listed.remarks, [Remark::IntegrityNotChecked], "{kind}");
        assert_eq!(listed.certificates.len(), 1, "{kind}");
        let locked = |what| listed.locked.iter().filter(move |entry| entry.what == what).count();
        assert_eq!((locked(LockedKind::PrivateKey), locked(LockedKind::SecretKey)), (4, 1), "{kind}");
    }
    let of_java = java::run_with_bouncy_castle(&ca.bench, &jobs, BOUNCY_CASTLE);
    for ((kind, of_java), ours) in TYPES.iter().zip(of_java).zip(views) {
        assert_eq!(ours, of_java, "{kind}");
    }
}

/// Passwords of every making, for the store and its keys.
#[test]
fn passwords_of_bouncy_castle() {
    let ca = ca();
    let mut jobs = Vec::new();
    for kind in TYPES {
        for (name, password) in java::passwords() {
            let target = format!("{name}.{kind}");
            jobs.push(java::copy(("PKCS12", "chain.p12", PASSWORD), (kind, &target, &password), &password));
            let target = format!("{name}.{kind}.own");
            jobs.push(java::copy(("PKCS12", "chain.p12", PASSWORD), (kind, &target, PASSWORD), &password));
        }
    }
    for lines in java::run_with_bouncy_castle(&ca.bench, &jobs, BOUNCY_CASTLE) {
        assert!(lines.is_empty(), "{lines:?}");
    }
    for kind in TYPES {
        for (name, password) in java::passwords() {
            let contents = parse(kind, &ca.bench.read(&format!("{name}.{kind}")), &[&password]).unwrap();
            assert_eq!((contents.key_pairs.len(), contents.locked.len()), (1, 0), "{kind} {name}");
            assert_eq!(contents.remarks, [], "{kind} {name}");

            let bytes = ca.bench.read(&format!("{name}.{kind}.own"));
            let locked = parse(kind, &bytes, &[PASSWORD]).unwrap();
            assert_eq!((locked.key_pairs.len(), locked.locked.len()), (0, 1), "{kind} {name}");
            assert_eq!(locked.locked[0].chain.len(), 3, "{kind} {name}");
            let contents = parse(kind, &bytes, &[&password, PASSWORD]).unwrap();
            let differs = Remark::KeyPasswordDiffers { alias: "chain".to_owned() };
            assert_eq!((contents.key_pairs.len(), contents.remarks), (1, vec![differs]), "{kind} {name}");
            // The password of the key alone says nothing about the store.
            let expected =
                if kind == "UBER" { ReadBksError::WrongPassword } else { ReadBksError::DigestMismatch };
            assert_eq!(parse(kind, &bytes, &[&password]).map(|_| ()), Err(expected), "{kind} {name}");
        }
    }
}

/// Every cut and every flipped bit is found out.
#[test]
fn damage() {
    let ca = Ca::new("Acme");
    let root = trusted_entry("root", &ca.root);
    let file = generate_pkcs12(&[&root], Pkcs12Target::Modern, &Password::new(PASSWORD), &mut rng()).unwrap();
    ca.bench.write("root.p12", &file);
    for kind in TYPES {
        let job = java::copy(("PKCS12", "root.p12", PASSWORD), (kind, "a.store", PASSWORD), PASSWORD);
        assert!(java::run_with_bouncy_castle(&ca.bench, &[job], BOUNCY_CASTLE)[0].is_empty());
        let bytes = ca.bench.read("a.store");
        assert_eq!(parse(kind, &bytes, &[PASSWORD]).unwrap().certificates.len(), 1);
        for length in 0..bytes.len() {
            assert!(parse(kind, &bytes[..length], &[PASSWORD]).is_err(), "{kind} {length}");
            let _ = parse(kind, &bytes[..length], &[]);
        }
        for at in (0..bytes.len() * 8).step_by(29) {
            let mut flipped = bytes.clone();
            flipped[at / 8] ^= 1 << (at % 8);
            let result = parse(kind, &flipped, &[PASSWORD]);
            // The version is under no seal: 0 and 1 are read in the same way.
            if at / 8 != 3 {
                assert!(result.is_err(), "{kind} {at}");
            }
        }
    }
}

#[test]
fn bombs() {
    let head = |version: u32, salt: u32, iterations: u32| {
        let mut bytes = [version.to_be_bytes(), salt.to_be_bytes()].concat();
        bytes.extend([7; 20]);
        bytes.extend(iterations.to_be_bytes());
        bytes
    };
    let malformed = |part, offset| Err(ReadBksError::Malformed { part, offset });
    let bks = |bytes: &[u8]| parse_bks(bytes, &passwords(&["a"])).map(|_| ());
    let uber = |bytes: &[u8]| parse_uber(bytes, &passwords(&["a"])).map(|_| ());

    assert_eq!(
        bks(&[head(2, 20, 1 << 31), vec![0; 21]].concat()),
        Err(ReadBksError::TooExpensive { iterations: 1 << 31 })
    );
    assert_eq!(
        uber(&[head(1, 20, 1 << 31), vec![0; 32]].concat()),
        Err(ReadBksError::TooExpensive { iterations: 1 << 31 })
    );
    assert_eq!(bks(&[head(2, 20, 0), vec![0; 21]].concat()), malformed("iterations", 28));
    assert_eq!(bks(&[head(2, u32::MAX, 1), vec![0; 21]].concat()), malformed("salt", 4));
    assert_eq!(uber(&[head(1, u32::MAX, 1), vec![0; 32]].concat()), malformed("salt", 4));
    assert_eq!(bks(&head(3, 20, 1)), Err(ReadBksError::UnsupportedVersion { version: 3 }));
    assert_eq!(uber(&head(0, 20, 1)), Err(ReadBksError::UnsupportedVersion { version: 0 }));
    assert_eq!(uber(&[head(1, 20, 1), vec![0; 31]].concat()), malformed("encrypted store", 32));
    assert_eq!(uber(&head(1, 20, 1)), malformed("encrypted store", 32));
    assert_eq!(uber(&[head(1, 20, 1), vec![0; 32]].concat()), Err(ReadBksError::WrongPassword));
    // An entry with a chain of 2^32 - 1 certificates, and one with a certificate of as many bytes.
    let entry = [&[1, 0, 1, b'a'][..], &[0; 8], &[0xff; 4]].concat();
    assert_eq!(bks(&[head(2, 20, 1), entry].concat()), malformed("certificate type", 48));
    let entry = [&[1, 0, 1, b'a'][..], &[0; 8], &[0; 4], &[0, 5], b"X.509", &[0xff; 4]].concat();
    assert_eq!(bks(&[head(2, 20, 1), entry].concat()), malformed("certificate", 55));
    assert_eq!(bks(&[head(2, 20, 1), vec![9; 100]].concat()), malformed("entry type", 32));
    let many = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0].repeat(100_000);
    assert_eq!(bks(&[head(2, 20, 1), many].concat()), Err(ReadBksError::TooManyItems { limit: 1 << 16 }));
}
