//! JKS and JCEKS against keytool and Java, in both directions: all types of keys, all kinds of passwords.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod java;
mod support;

use certwright_keys::{KeySpec, Password, secret::Passwords};
use certwright_keystore::{
    Contents, Entry, KeyPair,
    contents::{LockedKind, Remark},
    jceks::{generate_jceks, is_password_for_jceks, parse_jceks},
    jks::{ReadJksError, WriteJksError, generate_jks, is_password_for_keytool, parse_jks},
    pkcs12::parse_pkcs12,
};
use java::{copy, describe, described, to_entries};
use support::{Bench, Ca, key_entry, rng, trusted_entry};

const PASSWORD: &str = "secret1";

fn parse(kind: &str, bytes: &[u8], passwords: &[&str]) -> Result<Contents, ReadJksError> {
    let passwords: Passwords = passwords.iter().map(|password| Password::new(*password)).collect();
    if kind == "JKS" { parse_jks(bytes, &passwords) } else { parse_jceks(bytes, &passwords) }
}

fn generate(kind: &str, entries: &[&Entry], password: &str) -> Result<Vec<u8>, WriteJksError> {
    let password = Password::new(password);
    if kind == "JKS" {
        generate_jks(entries, &password, &mut rng())
    } else {
        generate_jceks(entries, &password, &mut rng())
    }
}

/// A store with every type of key that keytool makes, a key with a chain of three, and a trusted certificate.
fn keytool_store(kind: &str) -> Bench {
    let ca = Ca::new("Acme");
    let bench = &ca.bench;
    let store = format!("-keystore all.{kind} -storetype {kind} -storepass {PASSWORD}");
    for (alias, options) in [
        ("MyRSA", "-keyalg RSA -keysize 2048"),
        ("p256", "-keyalg EC -groupname secp256r1"),
        ("p384", "-keyalg EC -groupname secp384r1"),
        ("p521", "-keyalg EC -groupname secp521r1"),
        ("dsa", "-keyalg DSA -keysize 2048"),
        ("ed25519", "-keyalg Ed25519"),
        ("ed448", "-keyalg Ed448"),
    ] {
        bench.keytool(&format!(
            "-genkeypair {store} -keypass {PASSWORD} -alias {alias} -dname CN={alias} {options}"
        ));
    }
    bench.keytool(&format!("-importcert {store} -noprompt -alias MyRoot -file root.pem"));
    let pair = ca.key_pair(KeySpec::EcP256, "CN=chain");
    let file = generate(kind, &[&key_entry("chain", pair)], PASSWORD).unwrap();
    bench.write("chain.store", &file);
    bench.keytool(&format!(
        "-importkeystore -noprompt -srckeystore chain.store -srcstoretype {kind} -srcstorepass {PASSWORD} -destkeystore all.{kind} -deststoretype {kind} -deststorepass {PASSWORD}"
    ));
    if kind == "JCEKS" {
        for (alias, options) in [
            ("aes128", "-keyalg AES -keysize 128"),
            ("aes256", "-keyalg AES -keysize 256"),
            ("tripledes", "-keyalg DESede -keysize 168"),
            ("des", "-keyalg DES -keysize 56"),
            ("hmac", "-keyalg HmacSHA256 -keysize 256"),
        ] {
            bench.keytool(&format!("-genseckey {store} -keypass {PASSWORD} -alias {alias} {options}"));
        }
    }
    ca.bench
}

/// What Java makes is read as Java sees it, what is written is seen by Java as what was read, for every password.
fn both_directions(kind: &str) {
    let bench = keytool_store(kind);
    let all = format!("all.{kind}");
    let contents = parse(kind, &bench.read(&all), &[PASSWORD]).unwrap();
    assert_eq!(contents.remarks, []);
    let entries = to_entries(&contents);
    let entries: Vec<&Entry> = entries.iter().collect();
    assert_eq!(entries.len(), if kind == "JKS" { 9 } else { 14 });
    // Deriving keys as JCEKS does takes long: one password is for all entries, the others are for one of each sort.
    let few: Vec<&Entry> = entries
        .iter()
        .copied()
        .filter(|entry| ["chain", "myroot", "aes128"].contains(&entry.alias.as_str()))
        .collect();
    bench.write("few", &generate(kind, &few, PASSWORD).unwrap());
    let chosen = |name: &str| if name == "ascii" { (all.as_str(), &entries) } else { ("few", &few) };

    let mut jobs = vec![describe(kind, &all, PASSWORD, PASSWORD), describe(kind, "few", PASSWORD, PASSWORD)];
    for (name, password) in java::passwords() {
        let (source, entries) = chosen(name);
        jobs.push(copy((kind, source, PASSWORD), (kind, &format!("{name}.java"), &password), &password));
        jobs.push(describe(kind, &format!("{name}.java"), &password, &password));
        let ours = generate(kind, entries, &password);
        if kind == "JCEKS" && !is_password_for_jceks(&Password::new(password.as_str())) {
            assert_eq!(ours, Err(WriteJksError::PasswordNotAscii), "{name}");
        } else {
            bench.write(&format!("{name}.ours"), &ours.unwrap());
            jobs.push(describe(kind, &format!("{name}.ours"), &password, &password));
        }
    }
    let mut views = java::run(&bench, &jobs).into_iter();
    let mut next = || views.next().unwrap();
    let (view_of_all, view_of_few) = (next(), next());
    assert_eq!(described(&contents), view_of_all, "what keytool wrote");
    assert_eq!(view_of_few.len(), few.len());
    assert!(view_of_few.iter().all(|line| view_of_all.contains(line)), "{view_of_few:?}");
    for (name, password) in java::passwords() {
        let copied = next();
        let of_java = next();
        if kind == "JCEKS" && !is_password_for_jceks(&Password::new(password.as_str())) {
            assert!(copied[0].contains("Password is not ASCII"), "{name}: {copied:?}");
            continue;
        }
        assert!(copied.is_empty(), "{name}: {copied:?}");
        let bytes = bench.read(&format!("{name}.java"));
        assert_eq!(described(&parse(kind, &bytes, &[&password]).unwrap()), of_java, "{name}: Java writes");
        let expected = if name == "ascii" { &view_of_all } else { &view_of_few };
        assert_eq!(next(), *expected, "{name}: Java reads");
        for wrong in [format!("{password} "), "secret2".to_owned(), "pässwörD".to_owned()] {
            let refused = parse(kind, &bytes, &[&wrong]).map(|_| ());
            assert_eq!(refused, Err(ReadJksError::WrongPassword), "{name} {wrong}");
        }
        let listed = parse(kind, &bytes, &[]).unwrap();
        let is_locked = !password.is_empty();
        assert_eq!(listed.locked.len(), if is_locked { of_java.len() - 1 } else { 0 }, "{name}");
        assert_eq!(listed.remarks.contains(&Remark::IntegrityNotChecked), is_locked, "{name}");
    }
    // What keytool says, and takes out.
    for name in ["ascii", "long"] {
        let password = java::passwords().into_iter().find(|(other, _)| *other == name).unwrap().1;
        bench.write("password", password.as_bytes());
        let store = format!("-keystore {name}.ours -storetype {kind} -storepass:file password");
        let listing = bench.keytool(&format!("-list {store}"));
        let (_, entries) = chosen(name);
        assert!(listing.contains(&format!("contains {} entries", entries.len())), "{listing}");
        bench.keytool(&format!("-exportcert {store} -alias chain -file chain.cer"));
        let pair = contents.key_pairs.iter().find(|pair| pair.alias.as_deref() == Some("chain")).unwrap();
        assert_eq!(pair.chain.len(), 3);
        assert_eq!(bench.read("chain.cer"), pair.chain[0].der());
        bench.keytool(&format!(
            "-importkeystore -noprompt -srckeystore {name}.ours -srcstoretype {kind} -srcstorepass:file password -destkeystore {name}.p12 -deststoretype PKCS12 -deststorepass secret2"
        ));
        let password = Passwords::from(Password::new("secret2"));
        let copied = parse_pkcs12(&bench.read(&format!("{name}.p12")), &password).unwrap();
        let pairs = entries.iter().filter(|entry| entry.key_pair().is_some()).count();
        assert_eq!(copied.key_pairs.len(), pairs);
        assert_eq!(copied.secret_keys.len(), entries.len() - pairs - 1);
        // Java goes on with a store of ours.
        bench.keytool(&format!("-importcert {store} -noprompt -alias again -file root.pem"));
        bench.keytool(&format!("-delete {store} -alias chain"));
    }
}

#[test]
fn jks_both_directions() {
    both_directions("JKS");
}

#[test]
fn jceks_both_directions() {
    both_directions("JCEKS");
}

#[test]
fn passwords_of_keys() {
    for kind in ["JKS", "JCEKS"] {
        let ca = Ca::new("Acme");
        let bench = &ca.bench;
        for (alias, password) in [("one", "first-key"), ("two", "second-key"), ("three", PASSWORD)] {
            bench.keytool(&format!(
                "-genkeypair -keystore a.store -storetype {kind} -storepass {PASSWORD} -keypass {password} -alias {alias} -dname CN={alias} -keyalg EC -groupname secp256r1"
            ));
        }
        let bytes = bench.read("a.store");
        let locked = |passwords: &[&str]| {
            let contents = parse(kind, &bytes, passwords).unwrap();
            let mut aliases: Vec<_> = contents
                .locked
                .iter()
                .map(|entry| {
                    assert_eq!((entry.what, entry.chain.len()), (LockedKind::PrivateKey, 1));
                    assert!(entry.created_ms.unwrap() > 1_600_000_000_000);
                    entry.alias.clone().unwrap()
                })
                .collect();
            aliases.sort();
            assert_eq!(contents.key_pairs.len() + aliases.len(), 3);
            aliases
        };
        assert_eq!(locked(&[]), ["one", "three", "two"], "{kind}");
        assert_eq!(locked(&[PASSWORD]), ["one", "two"], "{kind}");
        assert_eq!(locked(&["second-key", PASSWORD]), ["one"], "{kind}");
        assert!(locked(&["second-key", PASSWORD, "first-key"]).is_empty(), "{kind}");
        let contents = parse(kind, &bytes, &["first-key", PASSWORD]).unwrap();
        let differs = Remark::KeyPasswordDiffers { alias: "one".to_owned() };
        assert_eq!(contents.remarks, [differs], "{kind}");
        assert_eq!(parse(kind, &bytes, &["secret2"]).map(|_| ()), Err(ReadJksError::WrongPassword), "{kind}");
    }
}

#[test]
fn what_is_refused_and_what_is_lowered() {
    let ca = Ca::new("Acme");
    let root = trusted_entry("Root", &ca.root);
    let same = trusted_entry("rOOT", &ca.intermediate);
    let german = trusted_entry("GRÜßE İ Σ", &ca.intermediate);
    for kind in ["JKS", "JCEKS"] {
        let collision = WriteJksError::SameAlias { first: "Root".to_owned(), second: "rOOT".to_owned() };
        assert_eq!(generate(kind, &[&root, &same], PASSWORD), Err(collision));
        assert_eq!(generate(kind, &[], PASSWORD), Err(WriteJksError::NoEntries));
        let long = trusted_entry(&"ä".repeat(40_000), &ca.root);
        let too_long = WriteJksError::AliasTooLong { alias: long.alias.clone() };
        assert_eq!(generate(kind, &[&long], PASSWORD), Err(too_long));

        ca.bench.write("a.store", &generate(kind, &[&root, &german], PASSWORD).unwrap());
        let view = java::run(&ca.bench, &[describe(kind, "a.store", PASSWORD, PASSWORD)]).remove(0);
        assert_eq!(view, described(&parse(kind, &ca.bench.read("a.store"), &[PASSWORD]).unwrap()));
        for alias in ["ROOT", "root"] {
            ca.bench.keytool(&format!(
                "-list -keystore a.store -storetype {kind} -storepass {PASSWORD} -alias {alias}"
            ));
        }
        // A trusted certificate needs no password that Java's encryption takes.
        assert!(generate(kind, &[&root], "pässwörd").is_ok());
    }
    for (password, takes) in [("", false), ("12345", false), ("123456", true), ("ლ(ಠ益ಠლ)", true)] {
        assert_eq!(is_password_for_keytool(&Password::new(password)), takes, "{password}");
    }
}

/// keytool makes none, stumbles over them in JCEKS, and takes them for secret keys in JKS.
#[test]
fn a_key_without_a_certificate() {
    let ca = Ca::new("Acme");
    let (key, _) = ca.request(KeySpec::EcP256, "CN=pending");
    let pending = key_entry("Pending", KeyPair::new(key));
    let root = trusted_entry("root", &ca.root);
    for kind in ["JKS", "JCEKS"] {
        let refused = WriteJksError::NoCertificate { alias: "Pending".to_owned() };
        assert_eq!(generate(kind, &[&root, &pending], PASSWORD), Err(refused));
    }
}
