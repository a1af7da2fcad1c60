//! Several files as one keystore, and that as one file: what `certwright convert` does, without a disk.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod support;

use certwright_certs::Certificate;
use certwright_engine::files::{
    self, Converted, Input, Passwords, Target, Wish, convert, gather, new_key, opening_password,
};
use certwright_engine::session::{Session, generate_key};
use certwright_keys::read::read_private_key;
use certwright_keys::secret;
use certwright_keystore::entry::{Content, Entry, KeyPair};
use certwright_keystore::jks::generate_jks;
use certwright_protocol::ui::{KeyChoice, KeyFileFormat, Pkcs12Target, Request, Response, StoreId};
use certwright_protocol::view::EntryKind;
use certwright_protocol::{Password, Problem};
use support::{Authority, random};

const NOW: i64 = 1_800_000_000_000;

fn input<'a>(name: &'a str, bytes: &'a [u8]) -> Input<'a> {
    Input { name, bytes }
}

fn passwords(all: &[&str]) -> Passwords {
    files::passwords(&all.iter().map(|one| Password::new(*one)).collect::<Vec<_>>())
}

fn write(
    inputs: &[Input<'_>],
    opened_with: &[&str],
    target: Target,
    password: Option<&str>,
) -> Result<Converted, Problem> {
    let gathered = gather(inputs, &passwords(opened_with), NOW)?;
    let password = password.map(Password::new);
    let wish = Wish { target, aliases: &[], name: None, password: password.as_ref() };
    convert(gathered, &wish, NOW, &mut random())
}

fn aliases(converted: &Converted) -> Vec<(&str, EntryKind)> {
    converted.entries.iter().map(|entry| (entry.alias.as_str(), entry.kind)).collect()
}

fn new_pem_key(choice: KeyChoice) -> Vec<u8> {
    let made = new_key(choice, KeyFileFormat::Pkcs8Pem, None, "key", &mut random(), |_| {}).unwrap();
    made.content.as_bytes().to_vec()
}

#[test]
fn a_kept_keystore_keeps_its_locked_keys() {
    let mut session = Session::new(false);
    for alias in ["free", "locked"] {
        let key = generate_key(KeyChoice::EcP256, &mut random(), |_| {}).unwrap();
        session.add_key(StoreId::HOME, alias, key, NOW).unwrap();
    }
    let lock = Request::SetLocked { aliases: vec!["locked".into()], locked: true };
    session.answer(StoreId::HOME, lock, NOW, &mut random()).unwrap();
    session.keep(&Password::new("a passphrase"), &mut random()).unwrap();
    let Ok(Response::File { content, .. }) =
        session.answer(StoreId::HOME, Request::ExportVault, NOW, &mut random())
    else {
        panic!("the kept keystore is a file")
    };
    let vault = [input("keystore.certwright", &content.0)];
    let needed = gather(&vault, &Passwords::none(), NOW).err().unwrap();
    assert!(matches!(needed, Problem::PasswordNeeded { .. }), "{needed:?}");
    let wrong = gather(&vault, &passwords(&["another"]), NOW).err().unwrap();
    assert!(matches!(wrong, Problem::PasswordWrong { .. }), "{wrong:?}");

    let written = write(&vault, &["another", "a passphrase"], Target::Pem, None).unwrap();
    assert_eq!(aliases(&written), [("free", EntryKind::KeyPair)]);
    let left: Vec<_> = written.left_out.iter().map(|left| left.problem.clone()).collect();
    assert_eq!(left, [Problem::EntryLocked { alias: "locked".into() }]);
}

#[test]
fn certificates_find_their_keys_whatever_comes_first() {
    let authority = Authority::new();
    let (key, leaf) = authority.server("erp.example.com");
    let (root, inter) = (authority.read("root.pem"), authority.read("inter.pem"));
    let der = authority.der(&leaf);
    let other = new_pem_key(KeyChoice::Ed25519);
    let files = [
        input("root.pem", &root),
        input("a/b/other.key.pem", &other),
        input("leaf.cer", &der),
        input("key.pem", &key),
        input("inter.pem", &inter),
    ];
    for _ in 0..files.len() {
        let mut files = files;
        files.rotate_left(1);
        let written = write(&files, &[], Target::Pkcs12(Pkcs12Target::Modern), Some("a password")).unwrap();
        let mut found = aliases(&written);
        found.sort_unstable_by_key(|(alias, _)| *alias);
        assert_eq!(found, [("erp.example.com", EntryKind::KeyPair), ("other.key", EntryKind::KeyPair)]);
        let report =
            files::inspect("out.p12", written.content.as_bytes(), &passwords(&["a password"])).unwrap();
        let pair = report.key_pairs.iter().find(|pair| pair.alias.as_deref() == Some("erp.example.com"));
        assert_eq!(pair.unwrap().certificates.len(), 3);
    }
}

#[test]
fn a_trusted_certificate_stays_one_beside_a_complete_keystore() {
    let authority = Authority::new();
    let (key, leaf) = authority.server("erp.example.com");
    let (root, inter) = (authority.read("root.pem"), authority.read("inter.pem"));
    let pem = [key, leaf, inter, root.clone()].concat();
    let target = Target::Pkcs12(Pkcs12Target::Modern);
    let store = write(&[input("all.pem", &pem)], &[], target, Some("a password")).unwrap();
    assert_eq!(aliases(&store), [("erp.example.com", EntryKind::KeyPair)]);
    // The chain needs no root any more, so whoever gives one wants it trusted.
    let files = [input("store.p12", store.content.as_bytes()), input("root.pem", &root)];
    let both = write(&files, &["a password"], Target::Jks, Some("a password")).unwrap();
    assert_eq!(
        aliases(&both),
        [("erp.example.com", EntryKind::KeyPair), ("example root", EntryKind::TrustedCertificate)]
    );
    // Once more changes nothing.
    let again = [input("both.jks", both.content.as_bytes()), input("root.pem", &root)];
    let again = write(&again, &["a password"], Target::Jks, Some("a password")).unwrap();
    assert_eq!(aliases(&again), aliases(&both));
}

#[test]
fn the_password_of_the_output_is_the_one_that_opens_the_input() {
    let key = new_pem_key(KeyChoice::EcP256);
    let target = Target::Pkcs12(Pkcs12Target::Modern);
    let store = write(&[input("key.pem", &key)], &[], target, Some("second")).unwrap();
    let files = [input("key.pem", &key), input("store.p12", store.content.as_bytes())];
    let all = passwords(&["first", "second"]);
    assert_eq!(opening_password(&files, &all).unwrap().as_str(), "second");
    assert_eq!(opening_password(&files[..1], &all).unwrap().as_str(), "first", "it needs none");
    assert!(opening_password(&files[..1], &Passwords::none()).is_none());
}

#[test]
fn one_bad_file_keeps_all_from_being_written() {
    let key = new_pem_key(KeyChoice::EcP256);
    for bad in [
        &b""[..],
        b"nonsense",
        b"\x30\x84\xff\xff\xff\xff",
        b"\xfe\xed\xfe\xed\x00\x00\x00\x02\xff\xff\xff\xff",
    ] {
        let files = [input("key.pem", &key), input("bad", bad)];
        let gathered = gather(&files, &passwords(&["x"]), NOW);
        assert!(gathered.is_err(), "{bad:?}");
    }
}

#[test]
fn a_chain_that_is_none_is_kept_as_its_maker_wrote_it() {
    let (authority, other) = (Authority::new(), Authority::new());
    let (key, leaf) = authority.server("erp.example.com");
    let certificate = |pem: &[u8]| Certificate::from_der(&authority.der(pem)).unwrap();
    let chain = vec![certificate(&leaf), certificate(&other.read("root.pem"))];
    let key = read_private_key(&key, None).unwrap();
    let content = Content::KeyPair(KeyPair { key, chain, request: None });
    let entry = Entry::new("odd", content, NOW);
    let jks = generate_jks(&[&entry], &secret::Password::new("a password"), &mut random()).unwrap();
    let inter = authority.read("inter.pem");
    let files = [input("odd.jks", &jks), input("inter.pem", &inter)];
    let written = write(&files, &["a password"], Target::Jks, Some("a password")).unwrap();
    assert_eq!(
        aliases(&written),
        [("odd", EntryKind::KeyPair), ("example intermediate", EntryKind::TrustedCertificate)]
    );
    let report = files::inspect("out.jks", written.content.as_bytes(), &passwords(&["a password"])).unwrap();
    let names: Vec<&str> = report.key_pairs[0].certificates.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["erp.example.com", "Example Root"]);
}
