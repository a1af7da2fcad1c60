//! JKS and JCEKS stores that no tool makes, put together byte by byte: what is odd is remarked, what is broken is refused
//! with its place, what is a bomb costs nothing.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod java;
mod support;

use std::time::{Duration, Instant};

use certwright_keys::{KeySpec, Password, ReadKeyError, secret::Passwords};
use certwright_keystore::{
    Contents,
    contents::{LockedKind, OtherKind, Remark},
    jceks::{generate_jceks, parse_jceks},
    jks::{JCEKS_MAGIC, JKS_MAGIC, ReadJksError, generate_jks, parse_jks},
};
use proptest::prelude::*;
use sha1::{Digest, Sha1};
use support::{Ca, key_entry, rng, trusted_entry};

const PASSWORD: &str = "secret1";

fn passwords() -> Passwords {
    Passwords::from(Password::new(PASSWORD))
}

/// A store with its digest.
fn store(magic: u32, version: u32, entries: &[Vec<u8>]) -> Vec<u8> {
    let count = u32::try_from(entries.len()).unwrap();
    let mut bytes = [magic.to_be_bytes(), version.to_be_bytes(), count.to_be_bytes()].concat();
    bytes.extend(entries.concat());
    seal(bytes)
}

fn seal(mut bytes: Vec<u8>) -> Vec<u8> {
    let password: Vec<u8> = PASSWORD.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let digest =
        Sha1::new_with_prefix(password).chain_update("Mighty Aphrodite").chain_update(&bytes).finalize();
    bytes.extend(digest);
    bytes
}

fn text(text: &str) -> Vec<u8> {
    [&u16::try_from(text.len()).unwrap().to_be_bytes(), text.as_bytes()].concat()
}

fn counted(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat()
}

fn head(tag: u32, alias: &str) -> Vec<u8> {
    [&tag.to_be_bytes(), text(alias).as_slice(), &1_700_000_000_000_i64.to_be_bytes()].concat()
}

fn trusted(alias: &str, certificate_type: &str, der: &[u8]) -> Vec<u8> {
    [head(2, alias), text(certificate_type), counted(der)].concat()
}

fn key(alias: &str, protected: &[u8], chain: &[&[u8]]) -> Vec<u8> {
    let mut bytes = [head(1, alias), counted(protected)].concat();
    bytes.extend(u32::try_from(chain.len()).unwrap().to_be_bytes());
    for der in chain {
        bytes.extend([text("X.509"), counted(der)].concat());
    }
    bytes
}

/// A serialised object with this after its magic number.
fn secret(alias: &str, stream: &[u8]) -> Vec<u8> {
    [&head(3, alias), &[0xac, 0xed, 0, 5][..], stream].concat()
}

fn class(name: &str, flags: u8, fields: &[u8], count: u16) -> Vec<u8> {
    [&[0x72][..], &text(name), &[0; 8], &[flags], &count.to_be_bytes(), fields, &[0x78, 0x70]].concat()
}

/// The protected key of the one entry of a store of ours.
fn protected_key(file: &[u8], alias: &str) -> Vec<u8> {
    let start = 12 + 4 + 2 + alias.len() + 8;
    let length = u32::from_be_bytes(file[start..start + 4].try_into().unwrap());
    file[start + 4..][..usize::try_from(length).unwrap()].to_vec()
}

fn read(bytes: &[u8]) -> Result<Contents, ReadJksError> {
    parse_jceks(bytes, &passwords())
}

fn malformed(bytes: &[u8]) -> (&'static str, usize) {
    match read(bytes) {
        Err(ReadJksError::Malformed { part, offset }) => (part, offset),
        other => panic!("{other:?}"),
    }
}

#[test]
fn version_one() {
    let ca = Ca::new("Acme");
    let entry = [head(2, "root"), counted(ca.root.der())].concat();
    let file = store(JKS_MAGIC, 1, &[entry]);
    let contents = parse_jks(&file, &passwords()).unwrap();
    assert_eq!(contents.certificates[0].certificate, ca.root);
    ca.bench.write("v1.jks", &file);
    let view = java::run(&ca.bench, &[java::describe("JKS", "v1.jks", PASSWORD, PASSWORD)]).remove(0);
    assert_eq!(java::described(&contents), view);
    assert_eq!(
        parse_jks(&store(JKS_MAGIC, 3, &[]), &passwords()).map(|_| ()),
        Err(ReadJksError::UnsupportedVersion { version: 3 })
    );
}

#[test]
fn magic_numbers() {
    let empty = |magic| store(magic, 2, &[]);
    let other = |magic| Err(ReadJksError::OtherMagic { magic });
    assert!(parse_jks(&empty(JKS_MAGIC), &passwords()).unwrap().is_empty());
    assert!(parse_jceks(&empty(JKS_MAGIC), &passwords()).unwrap().is_empty());
    assert!(parse_jceks(&empty(JCEKS_MAGIC), &passwords()).unwrap().is_empty());
    assert_eq!(parse_jks(&empty(JCEKS_MAGIC), &passwords()).map(|_| ()), other(JCEKS_MAGIC));
    assert_eq!(parse_jceks(&empty(7), &passwords()).map(|_| ()), other(7));
}

#[test]
fn names_that_java_does_not_find() {
    let ca = Ca::new("Acme");
    let (root, issuing) = (ca.root.der(), ca.intermediate.der());
    let entries = [
        trusted("twice", "X.509", root),
        trusted("Mixed", "X.509", root),
        trusted("mixed", "x509", issuing),
        trusted("twice", "X.509", issuing),
    ];
    let file = store(JKS_MAGIC, 2, &entries);
    let contents = parse_jks(&file, &passwords()).unwrap();
    let found: Vec<_> = contents
        .certificates
        .iter()
        .map(|found| (found.alias.as_deref().unwrap(), &found.certificate))
        .collect();
    let expected = [
        ("twice-2", &ca.root),
        ("Mixed", &ca.root),
        ("mixed", &ca.intermediate),
        ("twice", &ca.intermediate),
    ];
    assert_eq!(found, expected);
    let same = |first: &str, second: &str| Remark::AliasesDifferOnlyInCase {
        aliases: vec![first.to_owned(), second.to_owned()],
    };
    let unreachable = Remark::MixedCaseUnreachable { alias: "Mixed".to_owned() };
    assert_eq!(contents.remarks, [same("twice", "twice"), same("Mixed", "mixed"), unreachable]);

    // Java agrees: of two with one name it sees the last, and the mixed one is out of its reach.
    ca.bench.write("a.jks", &file);
    let listing = ca
        .bench
        .keytool(&format!("-list -keystore a.jks -storetype JKS -storepass {PASSWORD} -rfc -alias twice"));
    assert_eq!(
        support::pem_certificate(&listing.as_bytes()[listing.find("-----BEGIN").unwrap()..]),
        ca.intermediate
    );
    let alone = store(JKS_MAGIC, 2, &[trusted("Mixed", "X.509", root)]);
    ca.bench.write("b.jks", &alone);
    let refused = ca
        .bench
        .run("keytool", &format!("-list -keystore b.jks -storetype JKS -storepass {PASSWORD} -alias Mixed"));
    assert!(!refused.status.success());
    let repaired = parse_jks(&alone, &passwords()).unwrap();
    let repaired: Vec<_> = java::to_entries(&repaired);
    let repaired = generate_jks(&[&repaired[0]], &Password::new(PASSWORD), &mut rng()).unwrap();
    ca.bench.write("b.jks", &repaired);
    ca.bench.keytool(&format!("-list -keystore b.jks -storetype JKS -storepass {PASSWORD} -alias Mixed"));
}

#[test]
fn what_is_no_certificate_is_named() {
    let ca = Ca::new("Acme");
    let entries = [
        trusted("pgp", "PGP", b"anything"),
        trusted("broken", "X.509", &ca.root.der()[..100]),
        trusted("root", "X.509", ca.root.der()),
    ];
    let mut file = store(JKS_MAGIC, 2, &entries);
    let end = file.len();
    file.extend(b"\n\n");
    let contents = parse_jks(&file, &passwords()).unwrap();
    assert_eq!(contents.certificates.len(), 1);
    let others: Vec<_> =
        contents.others.iter().map(|other| (other.alias.as_deref().unwrap_or(""), &other.what)).collect();
    assert_eq!(others[0], ("pgp", &OtherKind::ForeignCertificate { certificate_type: "PGP".to_owned() }));
    assert!(matches!(others[1], ("broken", OtherKind::BrokenCertificate(_))), "{others:?}");
    assert_eq!(others[2], ("", &OtherKind::TrailingBytes { offset: end, count: 2 }));
}

#[test]
fn keys_that_are_odd() {
    let ca = Ca::new("Acme");
    let pair = ca.key_pair(KeySpec::EcP256, "CN=a");
    let other = ca.key_pair(KeySpec::EcP256, "CN=b");
    let password = Password::new(PASSWORD);
    let ours = generate_jks(&[&key_entry("a", pair.clone())], &password, &mut rng()).unwrap();
    let protected = protected_key(&ours, "a");
    let leaf = other.chain[0].der();
    // AlgorithmIdentifier { 1.2.3.4 }, OCTET STRING.
    let unknown = [0x30, 0x0b, 0x30, 0x05, 0x06, 0x03, 0x2a, 0x03, 0x04, 0x04, 0x02, 1, 2];
    let mut damaged = protected.clone();
    *damaged.last_mut().unwrap() ^= 1;
    let file = store(
        JKS_MAGIC,
        2,
        &[
            key("mismatch", &protected, &[leaf]),
            key("unknown", &unknown, &[leaf]),
            key("garbage", b"garbage", &[leaf]),
            key("other", &damaged, &[leaf, b"broken", ca.root.der()]),
            key("", &protected, &[]),
        ],
    );
    let contents = parse_jks(&file, &passwords()).unwrap();
    let aliases: Vec<_> =
        contents.key_pairs.iter().map(|pair| (pair.alias.as_deref(), pair.chain.len())).collect();
    assert_eq!(aliases, [(Some("mismatch"), 0), (None, 0)]);
    assert_eq!(contents.key_pairs[0].key.public_key(), pair.key.public_key());
    let errors: Vec<_> =
        contents.unusable_keys.iter().map(|key| (key.alias.as_deref().unwrap(), &key.error)).collect();
    assert_eq!(errors[0], ("unknown", &ReadKeyError::UnsupportedAlgorithm { oid: "1.2.3.4".to_owned() }));
    assert!(matches!(errors[1], ("garbage", ReadKeyError::Malformed { .. })), "{errors:?}");
    assert_eq!(errors.len(), 2);
    assert_eq!(contents.locked[0].alias.as_deref(), Some("other"));
    assert_eq!((contents.locked[0].what, contents.locked[0].chain.len()), (LockedKind::PrivateKey, 1));
    // No certificate is lost: those of keys that are not theirs, and the one after the broken one.
    let names: Vec<_> = contents.certificates.iter().map(|found| found.alias.as_deref()).collect();
    assert_eq!(names, [Some("mismatch"), Some("unknown"), Some("garbage"), None]);
    assert!(contents.certificates.iter().all(|found| !found.java_trusted));
}

#[test]
fn damage() {
    let ca = Ca::new("Acme");
    let password = Password::new(PASSWORD);
    let entries = [key_entry("key", ca.key_pair(KeySpec::EcP256, "CN=a")), trusted_entry("root", &ca.root)];
    let file = generate_jks(&[&entries[0], &entries[1]], &password, &mut rng()).unwrap();
    for length in 0..file.len() {
        match parse_jks(&file[..length], &passwords()) {
            Err(ReadJksError::Malformed { offset, .. }) => assert!(offset <= length),
            other => panic!("{length}: {other:?}"),
        }
        assert!(parse_jks(&file[..length], &Passwords::none()).is_err());
    }
    let key_at = 12..12 + 4 + 5 + 8 + 4 + protected_key(&file, "key").len();
    for at in 0..file.len() {
        let mut flipped = file.clone();
        flipped[at] ^= 0x10;
        let error = parse_jks(&flipped, &passwords()).map(|_| ()).unwrap_err();
        // The password is right: as long as the key shows that, it is not called wrong.
        if !key_at.contains(&at) {
            assert_ne!(error, ReadJksError::WrongPassword, "{at}");
        }
        let _ = parse_jks(&flipped, &Passwords::none());
    }
}

#[test]
fn bombs() {
    let start = Instant::now();
    let frame = |count: u32, rest: &[u8]| {
        [&JCEKS_MAGIC.to_be_bytes(), &2_u32.to_be_bytes(), &count.to_be_bytes(), rest].concat()
    };
    assert_eq!(malformed(&frame(1 << 31, &[])), ("entry tag", 12));
    assert_eq!(
        malformed(&frame(1, &[head(2, "a"), text("X.509"), vec![0xff; 4]].concat())),
        ("certificate", 34)
    );
    assert_eq!(malformed(&frame(1, &[head(1, "a"), vec![0x80, 0, 0, 0]].concat())), ("private key", 27));
    let chain = [head(1, "a"), counted(b"k"), vec![0x80, 0, 0, 0]].concat();
    assert_eq!(malformed(&frame(1, &chain)), ("certificate type", 36));
    assert_eq!(malformed(&frame(1, &head(4, "a"))), ("entry tag", 12));
    assert_eq!(malformed(&frame(1, &[2_u32.to_be_bytes().to_vec(), vec![0xff; 30]].concat())), ("alias", 16));
    assert_eq!(
        malformed(&frame(1, &[&2_u32.to_be_bytes()[..], &[0, 2, b'a', 0xff], &[0; 8]].concat())),
        ("alias", 19)
    );
    // Empty certificates by the hundred thousand.
    let empty = [text("X.509"), vec![0; 4]].concat().repeat(100_000);
    let many = [head(1, "a"), counted(b"k"), 100_000_u32.to_be_bytes().to_vec(), empty].concat();
    assert_eq!(read(&frame(1, &many)).map(|_| ()), Err(ReadJksError::TooManyItems { limit: 1 << 16 }));

    // Nesting of 10 000: arrays in arrays, classes above classes, annotations in annotations.
    let in_arrays =
        [&[0x75][..], &class("[Ljava.lang.Object;", 2, &[], 0), &[0, 0, 0, 1]].concat().repeat(10_000);
    let above = [&[0x72][..], &text("A"), &[0; 8], &[2, 0, 0, 0x78]].concat().repeat(10_000);
    let annotations = [&[0x72][..], &text("A"), &[0; 8], &[2, 0, 0]].concat().repeat(10_000);
    for stream in [in_arrays, [vec![0x73], above].concat(), [vec![0x73], annotations].concat()] {
        assert_eq!(malformed(&frame(1, &secret("a", &stream))).0, "serialised object");
    }
    // An array of 2^31 nulls, of as many numbers, a string of 2^63 bytes, 65 535 fields in a class.
    let nulls =
        [&[0x75][..], &class("[Ljava.lang.Object;", 2, &[], 0), &[0x80, 0, 0, 0], &[0x70; 100_000]].concat();
    let numbers = [&[0x75][..], &class("[J", 2, &[], 0), &[0xff; 4]].concat();
    let string = [&[0x7c][..], &[0xff; 8]].concat();
    let fields =
        [&[0x73][..], &class("A", 2, &[b"B\0\x01f".as_slice()].concat().repeat(65_535), 65_535)].concat();
    for stream in [nulls, numbers, string, fields] {
        assert_eq!(malformed(&frame(1, &secret("a", &stream))).0, "serialised object");
    }
    // A class that is above itself.
    let itself = [&[0x73, 0x72][..], &text("A"), &[0; 8], &[2, 0, 0, 0x78, 0x71, 0, 0x7e, 0, 0]].concat();
    assert_eq!(malformed(&frame(1, &secret("a", &itself))).0, "serialised object");

    // 2^31 iterations, for a private key.
    // SEQUENCE { SEQUENCE { 1.3.6.1.4.1.42.2.19.1, SEQUENCE { salt, 2^31 } }, OCTET STRING }.
    let parameters =
        [&[0x30, 0x11, 0x04, 8][..], &[1, 2, 3, 4, 5, 6, 7, 8], &[2, 5, 0, 0x80, 0, 0, 0]].concat();
    let oid = [0x06, 9, 0x2b, 6, 1, 4, 1, 0x2a, 2, 0x13, 1];
    let algorithm =
        [&[0x30, u8::try_from(oid.len() + parameters.len()).unwrap()][..], &oid, &parameters].concat();
    let body = [algorithm, vec![0x04, 8], vec![0; 8]].concat();
    let costly = [&[0x30, u8::try_from(body.len()).unwrap()][..], &body].concat();
    let contents = read(&store(JCEKS_MAGIC, 2, &[key("a", &costly, &[])])).unwrap();
    assert_eq!(contents.unusable_keys[0].error, ReadKeyError::TooExpensive { iterations: 1 << 31 });
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[test]
fn objects_of_other_classes() {
    let ca = Ca::new("Acme");
    let root = trusted("root", "X.509", ca.root.der());
    let password = Password::new(PASSWORD);
    // Numbers of all widths, a string twice, an array, a constant of an enumeration, what a class writes itself.
    let fields =
        b"I\0\x01iJ\0\x01jZ\0\x01zL\0\x01st\0\x12Ljava/lang/String;[\0\x01ct\0\x02[CL\0\x01eq\0\x7e\0\x01";
    let mut object = [&[0x73][..], &class("org.example.Odd", 3, fields, 6)].concat();
    object.extend([0, 0, 0, 1]);
    object.extend([0; 8]);
    object.push(1);
    object.extend(b"t\0\x02hi");
    object.extend([&[0x75][..], &class("[C", 2, &[], 0), &[0, 0, 0, 2, 0, b'a', 0, b'b']].concat());
    object.extend([&[0x7e][..], &class("org.example.Kind", 0x12, &[], 0), b"t\0\x03ONE"].concat());
    object.extend(b"\x77\x02xy\x7a\0\0\0\x01z\x70\x78");
    let file = store(JCEKS_MAGIC, 2, &[secret("odd", &object), root.clone()]);
    let contents = read(&file).unwrap();
    assert_eq!(contents.certificates.len(), 1, "the entry after it is found");
    let foreign = |class: &str| OtherKind::ForeignObject { class: class.to_owned() };
    assert_eq!(contents.others[0].what, foreign("org.example.Odd"));

    // The end of this one cannot be found, and so not what comes after it.
    let opaque = [&[0x73][..], &class("org.example.Opaque", 4, &[], 0), b"whatever"].concat();
    let file = store(JCEKS_MAGIC, 2, &[root.clone(), secret("opaque", &opaque), root]);
    let contents = read(&file).unwrap();
    assert_eq!(contents.certificates.len(), 1);
    assert_eq!(contents.others[0].what, foreign("org.example.Opaque"));
    assert!(
        matches!(contents.others[1].what, OtherKind::UnreadEntries { count: 1, .. }),
        "{:?}",
        contents.others
    );
    assert_eq!(contents.remarks, [], "the digest is at the end all the same");
    assert_eq!(
        parse_jceks(&file, &Passwords::from(Password::new("x"))).map(|_| ()),
        Err(ReadJksError::WrongPassword)
    );

    // Sealed with another algorithm.
    let (_, request) = ca.request(KeySpec::EcP256, "CN=unused");
    let aes = certwright_keystore::SecretKey {
        algorithm: "AES".to_owned(),
        bytes: certwright_keys::SecretBytes::new(request.to_pem().into_bytes()[..16].to_vec()),
    };
    let entry = certwright_keystore::Entry::new("s", certwright_keystore::Content::SecretKey(aes), 5);
    let mut file = generate_jceks(&[&entry], &password, &mut rng()).unwrap();
    let name = b"PBEWithMD5AndTripleDES";
    let at = file.windows(name.len()).rposition(|window| window == name).unwrap();
    file[at..at + name.len()].copy_from_slice(b"PBEWithMD5AndQuadraDES");
    file.truncate(file.len() - 20);
    let contents = read(&seal(file)).unwrap();
    let seal_of = OtherKind::ForeignSeal { algorithm: "PBEWithMD5AndQuadraDES".to_owned() };
    assert_eq!(contents.others[0].what, seal_of);
}

proptest! {
    #[test]
    fn any_bytes_are_survived(
        magic in prop_oneof![Just(JKS_MAGIC), Just(JCEKS_MAGIC)],
        version in 1_u32..3,
        count in 0_u32..4,
        tag in 1_u32..4,
        rest in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let head = [magic.to_be_bytes(), version.to_be_bytes(), count.to_be_bytes()].concat();
        for body in [rest.clone(), [&head[..0], &tag.to_be_bytes(), &[0, 1, b'a'], &[0; 8], &rest].concat()] {
            for passwords in [passwords(), Passwords::none()] {
                let _ = parse_jceks(&[head.clone(), body.clone()].concat(), &passwords);
                let _ = parse_jceks(&body, &passwords);
            }
            let _ = read(&seal([head.clone(), body].concat()));
        }
    }

    #[test]
    fn any_stream_is_survived(
        pieces in proptest::collection::vec(
            prop_oneof![
                proptest::collection::vec(any::<u8>(), 1..8),
                (0x70_u8..0x7f).prop_map(|code| vec![code]),
                (0_u8..20).prop_map(|handle| vec![0x71, 0, 0x7e, 0, handle]),
                (0_u8..16, 0_u16..3).prop_map(|(flags, count)| {
                    class("A", flags, &b"I\0\x01i".repeat(usize::from(count)), count)
                }),
                Just(b"t\0\x02hi".to_vec()),
                Just([&[0x75][..], &class("[B", 2, &[], 0), &[0, 0, 0, 1, 7]].concat()),
                Just(b"\x77\x02xy".to_vec()),
            ],
            0..40,
        ),
    ) {
        let stream = pieces.concat();
        let _ = read(&store(JCEKS_MAGIC, 2, &[secret("a", &stream)]));
        let _ = read(&store(JCEKS_MAGIC, 2, &[secret("a", &[vec![0x73], stream].concat())]));
    }
}
