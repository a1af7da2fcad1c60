//! Files that no tool at hand writes: put together from the parts of the writer.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

use std::time::{Duration, Instant};

use certwright_certs::Certificate;
use certwright_encoding::der::Tlv;
use certwright_keys::{
    KeySpec, Password, PrivateKey, SecretBytes, generate::generate_key, password_based::EncodedPassword,
    secret::Passwords,
};
use der::{
    Decode, Encode, Sequence,
    asn1::{Any, ObjectIdentifier, OctetString},
};
use rand_core::UnwrapErr;

use super::{
    Pkcs12Target, ReadPkcs12Error, parse_pkcs12,
    structures::{
        Attribute, CRL_BAG, ContentInfo, FRIENDLY_NAME, KEY_BAG, LOCAL_KEY_ID, SAFE_CONTENTS_BAG,
        SHROUDED_KEY_BAG, SafeBag,
    },
    target::{Cipher, Making},
    write::{Writer, to_bag, to_bmp_string, to_certificate_bag},
};
use crate::contents::{Contents, HiddenFromJava, OtherKind, Remark};

type Rng = UnwrapErr<getrandom::SysRng>;

fn rng() -> Rng {
    UnwrapErr(getrandom::SysRng)
}

fn making(cipher: Cipher, iterations: u32) -> Making {
    Making { cipher, iterations, ..Pkcs12Target::Modern.making() }
}

/// A writer whose PBES2 and own schemes may have different bytes for one password.
fn writer<'a>(
    password: &'a Password,
    bmp: Option<Vec<u8>>,
    cipher: Cipher,
    rng: &'a mut Rng,
) -> Writer<'a, Rng> {
    let usual = EncodedPassword::new(password);
    let bmp = bmp.map_or(usual.bmp, SecretBytes::new);
    let encoded = EncodedPassword { utf8: usual.utf8, bmp };
    Writer { target: Pkcs12Target::Modern, making: making(cipher, 10), password, encoded, rng }
}

/// A file with this content, its MAC under the usual form of a password.
fn file(parts: &Vec<ContentInfo>, password: &str) -> Vec<u8> {
    let password = Password::new(password);
    writer(&password, None, Cipher::Aes256, &mut rng()).generate_file(parts.to_der().unwrap(), 10).unwrap()
}

fn read(file: &[u8], password: &str) -> Contents {
    parse_pkcs12(file, &Passwords::from(Password::new(password))).unwrap()
}

/// A key with a self-signed certificate.
fn key_pair(name: &str) -> (PrivateKey, Certificate) {
    let folder = tempfile::tempdir().unwrap();
    let key = generate_key(KeySpec::EcP256, &mut rng());
    let pem = certwright_encoding::pem::to_pem("PRIVATE KEY", key.to_pkcs8_der().as_bytes());
    std::fs::write(folder.path().join("key.pem"), pem).unwrap();
    let output = std::process::Command::new("openssl")
        .args(["req", "-x509", "-key", "key.pem", "-subj", &format!("/CN={name}"), "-outform", "DER"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    (key, Certificate::from_der(&output.stdout).unwrap())
}

fn name(alias: &str) -> Attribute {
    Attribute::new(FRIENDLY_NAME, to_bmp_string(alias).unwrap()).unwrap()
}

fn local_id(id: &[u8]) -> Attribute {
    Attribute::new(LOCAL_KEY_ID, Any::encode_from(&OctetString::new(id).unwrap()).unwrap()).unwrap()
}

fn shrouded(key: &PrivateKey, password: &str, attributes: Vec<Attribute>) -> SafeBag {
    let password = Password::new(password);
    let mut rng = rng();
    let mut writer = writer(&password, None, Cipher::Aes256, &mut rng);
    let encrypted = writer.generate_encrypted_key(&key.to_pkcs8_der()).unwrap();
    to_bag(SHROUDED_KEY_BAG, Any::from_der(&encrypted).unwrap(), attributes).unwrap()
}

fn clear(bags: &Vec<SafeBag>) -> ContentInfo {
    ContentInfo::data(bags).unwrap()
}

#[test]
fn keys_without_identifiers_find_their_certificates() {
    let (first, first_leaf) = key_pair("first");
    let (second, second_leaf) = key_pair("second");
    let keys = vec![shrouded(&first, "x", Vec::new()), shrouded(&second, "x", vec![name("Zweiter")])];
    let certificates = vec![
        to_certificate_bag(&second_leaf, Vec::new()).unwrap(),
        to_certificate_bag(&first_leaf, Vec::new()).unwrap(),
    ];
    let contents = read(&file(&vec![clear(&keys), clear(&certificates)], "x"), "x");
    let found: Vec<_> =
        contents.key_pairs.iter().map(|pair| (pair.alias.as_deref().unwrap(), pair.chain.clone())).collect();
    assert_eq!(found, [("first", vec![first_leaf]), ("Zweiter", vec![second_leaf])]);
    let why = HiddenFromJava::NoLocalKeyId;
    assert_eq!(
        contents.remarks,
        [
            Remark::MissingAlias { alias: "first".into() },
            Remark::NotVisibleToJava { alias: "Zweiter".into(), why },
        ]
    );
}

#[test]
fn names_that_differ_in_case_only() {
    let (key, leaf) = key_pair("a");
    let bags = vec![
        shrouded(&key, "x", vec![name("Name"), local_id(b"1")]),
        shrouded(&key, "x", vec![name("NAME"), local_id(b"2")]),
        shrouded(&key, "x", vec![name("other"), local_id(b"3")]),
        to_certificate_bag(&leaf, vec![name("name"), local_id(b"1")]).unwrap(),
    ];
    let contents = read(&file(&vec![clear(&bags)], "x"), "x");
    assert_eq!(contents.key_pairs.len(), 3);
    let aliases = vec!["Name".to_owned(), "NAME".to_owned()];
    assert_eq!(contents.remarks, [Remark::AliasesDifferOnlyInCase { aliases }]);
}

/// `CRLBag`, or any bag of that shape.
#[derive(Sequence)]
struct TypedBag {
    id: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    value: OctetString,
}

#[test]
fn bags_of_all_kinds() {
    let (key, leaf) = key_pair("a");
    let typed = |id: &str| {
        let id = ObjectIdentifier::new(id).unwrap();
        Any::encode_from(&TypedBag { id, value: OctetString::new([5, 0]).unwrap() }).unwrap()
    };
    let plain = Any::from_der(key.to_pkcs8_der().as_bytes()).unwrap();
    let mut inner = vec![to_bag(KEY_BAG, plain, vec![name("clear"), local_id(b"1")]).unwrap()];
    for _ in 0..3 {
        inner = vec![to_bag(SAFE_CONTENTS_BAG, Any::encode_from(&inner).unwrap(), Vec::new()).unwrap()];
    }
    inner.push(to_certificate_bag(&leaf, vec![local_id(b"1")]).unwrap());
    let sdsi = typed("1.2.840.113549.1.9.22.2");
    inner.push(to_bag(super::structures::CERT_BAG, sdsi, Vec::new()).unwrap());
    inner.push(to_bag(CRL_BAG, typed("1.2.840.113549.1.9.23.1"), vec![name("list")]).unwrap());
    inner.push(to_bag(super::structures::SECRET_BAG, typed("1.2.3"), vec![name("secret")]).unwrap());
    inner.push(to_bag(ObjectIdentifier::new("1.2.3.4").unwrap(), typed("1.2.3"), Vec::new()).unwrap());
    let contents = read(&file(&vec![clear(&inner)], "x"), "x");
    assert_eq!(contents.key_pairs[0].key.public_key(), key.public_key());
    assert_eq!(contents.key_pairs[0].chain, [leaf]);
    let others: Vec<_> =
        contents.others.iter().map(|item| (item.alias.as_deref(), item.what.clone())).collect();
    assert_eq!(
        others,
        [
            (None, OtherKind::UnknownBag { oid: "1.2.840.113549.1.9.22.2".into() }),
            (Some("list"), OtherKind::RevocationList),
            (Some("secret"), OtherKind::Secret),
            (None, OtherKind::UnknownBag { oid: "1.2.3.4".into() }),
        ]
    );
    let why = HiddenFromJava::NotEncrypted;
    assert_eq!(contents.remarks, [Remark::NotVisibleToJava { alias: "clear".into(), why }]);
}

#[test]
fn nesting_is_bounded() {
    let (_, leaf) = key_pair("a");
    let mut inner = vec![to_certificate_bag(&leaf, Vec::new()).unwrap()];
    for depth in 1..12 {
        inner = vec![to_bag(SAFE_CONTENTS_BAG, Any::encode_from(&inner).unwrap(), Vec::new()).unwrap()];
        let result = parse_pkcs12(&file(&vec![clear(&inner)], "x"), &Passwords::from(Password::new("x")));
        assert_eq!(result.is_ok(), depth <= 4, "{depth}");
    }
    for deep in [[0x30, 0x80].repeat(10_000), [0x24, 0x80].repeat(10_000), [0xa0, 0x80].repeat(10_000)] {
        let start = Instant::now();
        let part = ContentInfo::data(&OctetString::new(deep.clone()).unwrap()).unwrap();
        for bytes in [file(&vec![part], "x"), [vec![0x30, 0x80, 2, 1, 3, 0x30, 0x80], deep].concat()] {
            let result = parse_pkcs12(&bytes, &Passwords::from(Password::new("x")));
            assert!(matches!(result, Err(ReadPkcs12Error::Malformed { .. })), "{result:?}");
        }
        assert!(start.elapsed() < Duration::from_secs(1));
    }
}

#[test]
fn passwords_in_the_ways_of_other_programs() {
    let (key, _) = key_pair("a");
    let widened = |bytes: &[u8], mask: u8| {
        let mut bmp: Vec<u8> = bytes.iter().flat_map(|byte| [0, byte & mask]).collect();
        bmp.extend([0, 0]);
        bmp
    };
    let text = "pässwörd";
    let as_text = |bytes: Vec<u8>| String::from_utf8(bytes).ok();
    for (password, utf8, bmp, cipher) in [
        // OpenSSL before 1.1.0, and newer Java, with 3DES.
        (text, None, Some(widened(text.as_bytes(), 0xff)), Cipher::TripleDes),
        (text, None, Some(widened(text.as_bytes(), 0x7f)), Cipher::TripleDes),
        // The empty password as nothing, and as one NUL.
        ("", None, Some(Vec::new()), Cipher::TripleDes),
        ("", None, Some(vec![0; 4]), Cipher::TripleDes),
        ("", as_text(vec![0]), None, Cipher::Aes256),
        // NSS with PBES2. (What is ASCII in UTF-16 is UTF-8 too.)
        ("secret", as_text(widened(b"secret", 0xff)), None, Cipher::Aes256),
    ] {
        let own = Password::new(utf8.clone().unwrap_or_else(|| password.to_owned()));
        let mut rng = rng();
        let encrypted =
            writer(&own, bmp.clone(), cipher, &mut rng).generate_encrypted_key(&key.to_pkcs8_der()).unwrap();
        let bag = to_bag(SHROUDED_KEY_BAG, Any::from_der(&encrypted).unwrap(), Vec::new()).unwrap();
        let contents = read(&file(&vec![clear(&vec![bag])], password), password);
        assert_eq!(contents.key_pairs.len(), 1, "{password:?} {utf8:?} {bmp:?}");
        assert!(contents.locked.is_empty());
    }
}

#[test]
fn a_key_may_have_its_own_password() {
    let (own, own_leaf) = key_pair("own");
    let (other, other_leaf) = key_pair("other");
    let bags = vec![
        shrouded(&own, "of the file", vec![name("own"), local_id(b"1")]),
        shrouded(&other, "of the key", vec![name("other"), local_id(b"Time 1700000000000")]),
        to_certificate_bag(&own_leaf, vec![local_id(b"1")]).unwrap(),
        to_certificate_bag(&other_leaf, vec![local_id(b"Time 1700000000000")]).unwrap(),
    ];
    let bytes = file(&vec![clear(&bags)], "of the file");
    let contents = read(&bytes, "of the file");
    assert_eq!(contents.key_pairs.len(), 1);
    let [locked] = contents.locked.as_slice() else { panic!("{contents:?}") };
    assert_eq!((locked.alias.as_deref(), locked.created_ms), (Some("other"), Some(1_700_000_000_000)));
    assert_eq!(locked.chain, [other_leaf]);
    let both: Passwords = ["of the key", "of the file"].into_iter().map(Password::new).collect();
    let contents = parse_pkcs12(&bytes, &both).unwrap();
    assert_eq!((contents.key_pairs.len(), contents.locked.len()), (2, 0));
    assert_eq!(contents.remarks, [Remark::KeyPasswordDiffers { alias: "other".into() }]);
    let wrong = parse_pkcs12(&bytes, &Passwords::from(Password::new("of the key"))).map(|_| ());
    assert_eq!(wrong, Err(ReadPkcs12Error::WrongPassword));
}

/// The same in BER, as NSS and the older macOS write it: indefinite lengths, octet strings in pieces.
fn to_ber(element: &Tlv<'_>) -> Vec<u8> {
    let tag = element.bytes()[0];
    let mut ber = Vec::new();
    if element.tag.constructed {
        ber.extend([tag, 0x80]);
        for child in element.children() {
            ber.extend(to_ber(&child.unwrap()));
        }
        ber.extend([0, 0]);
    } else if tag == 0x04 || tag == 0x80 {
        ber.extend([tag | 0x20, 0x80]);
        for piece in element.value().chunks(100) {
            ber.extend([0x04, 0x82, 0, u8::try_from(piece.len()).unwrap()]);
            ber.extend(piece);
        }
        ber.extend([0, 0]);
    } else {
        ber.extend(element.bytes());
    }
    ber
}

#[test]
fn ber_is_read_on_every_level() {
    let (key, leaf) = key_pair("a");
    let password = Password::new("x");
    let mut rng = rng();
    let ber = |value: &dyn Fn() -> Vec<u8>| to_ber(&Tlv::parse_document(&value()).unwrap());
    for cipher in [Cipher::Aes256, Cipher::TripleDes] {
        let mut writer = writer(&password, None, cipher, &mut rng);
        let keys = vec![shrouded(&key, "x", vec![name("a"), local_id(b"1")])];
        let certificates = vec![to_certificate_bag(&leaf, vec![local_id(b"1")]).unwrap()];
        let parts = vec![clear(&keys), writer.generate_encrypted_part(&certificates).unwrap()];
        let safe = ber(&|| parts.to_der().unwrap());
        let whole = writer.generate_file(safe, 10).unwrap();
        let bytes = ber(&|| whole.clone());
        assert_eq!(bytes[..2], [0x30, 0x80]);
        let contents = read(&bytes, "x");
        assert_eq!((contents.key_pairs.len(), contents.key_pairs[0].chain.len()), (1, 1), "{cipher:?}");
        for length in (0..bytes.len()).step_by(7) {
            let cut = parse_pkcs12(&bytes[..length], &Passwords::from(Password::new("x")));
            assert!(matches!(cut, Err(ReadPkcs12Error::Malformed { .. })), "{length}");
        }
    }
}

#[test]
fn what_would_take_too_long_is_refused_at_once() {
    let (key, _) = key_pair("a");
    let password = Password::new("x");
    let mut rng = rng();
    for cipher in [Cipher::Aes256, Cipher::TripleDes] {
        let start = Instant::now();
        let making = making(cipher, 1);
        let encoded = EncodedPassword::new(&password);
        let mut writer =
            Writer { target: Pkcs12Target::Modern, making, password: &password, encoded, rng: &mut rng };
        let encrypted = writer.generate_encrypted_key(&key.to_pkcs8_der()).unwrap();
        let encrypted = with_iterations(&encrypted, 0x7fff_ffff);
        let bag = to_bag(SHROUDED_KEY_BAG, Any::from_der(&encrypted).unwrap(), Vec::new()).unwrap();
        let bytes = writer.generate_file(vec![clear(&vec![bag])].to_der().unwrap(), 10).unwrap();
        let result = parse_pkcs12(&bytes, &Passwords::from(password.clone())).map(|_| ());
        assert_eq!(result, Err(ReadPkcs12Error::TooExpensive { iterations: 0x7fff_ffff }), "{cipher:?}");
        assert!(start.elapsed() < Duration::from_secs(1));
    }
}

/// The same structure with its one `INTEGER 1` replaced by a larger one.
fn with_iterations(der: &[u8], iterations: u32) -> Vec<u8> {
    fn rewrite(element: &Tlv<'_>, iterations: u32) -> Vec<u8> {
        let tag = element.bytes()[0];
        let content: Vec<u8> = if element.tag.constructed {
            element.children().flat_map(|child| rewrite(&child.unwrap(), iterations)).collect()
        } else if element.bytes() == [2, 1, 1] {
            iterations.to_be_bytes().to_vec()
        } else {
            element.value().to_vec()
        };
        let length = u8::try_from(content.len()).unwrap();
        let length = if length < 0x80 { vec![length] } else { vec![0x81, length] };
        [vec![tag], length, content].concat()
    }
    rewrite(&Tlv::parse_document(der).unwrap(), iterations)
}
