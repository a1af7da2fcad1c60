//! Whatever is dropped: recognised, read, or refused with its reason.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use certwright_encoding::{
    base64::to_base64,
    pem::to_pem,
    sniff::{Kind, recognise},
};
use certwright_keys::{
    KeySpec, Password, password_based::pbes2::Scheme, pkcs8_encrypted::generate_pkcs8_encrypted,
    secret::Passwords,
};
use certwright_keystore::{
    contents::{LockedKind, OtherKind},
    open::{Found, MAX_SIZE, OpenError, parse_file},
    pkcs7::to_pkcs7,
    pkcs12::{Pkcs12Target, generate_pkcs12},
};
use support::{Bench, Ca, key_entry, rng};

fn open(bytes: &[u8]) -> Result<Found, OpenError> {
    parse_file("file", bytes, &Passwords::none())
}

fn refused(bytes: &[u8]) -> OpenError {
    open(bytes).map(|_| ()).unwrap_err()
}

#[test]
fn certificates_in_all_wrappings() {
    let ca = Ca::new("Acme");
    let chain = ca.key_pair(KeySpec::EcP256, "CN=client").chain;
    let der = chain[0].der();
    let concatenated: Vec<u8> = chain.iter().flat_map(|certificate| certificate.der().to_vec()).collect();
    let mut path = vec![0x30, 0x82];
    path.extend(u16::try_from(concatenated.len()).unwrap().to_be_bytes());
    path.extend(&concatenated);
    let pem: String =
        chain.iter().map(|certificate| format!("# {certificate:?}\n{}", certificate.to_pem())).collect();
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend(pem.replace('\n', "\r\n").encode_utf16().flat_map(u16::to_le_bytes));
    let pkcs7 = to_pkcs7(&chain).unwrap();
    for (bytes, kind, count) in [
        (der.to_vec(), Kind::Certificate, 1),
        (concatenated, Kind::Certificate, 3),
        (path, Kind::PkiPath, 3),
        (pem.clone().into_bytes(), Kind::Pem, 3),
        (utf16, Kind::Pem, 3),
        (pem.repeat(2).into_bytes(), Kind::Pem, 3),
        (to_base64(der).into_bytes(), Kind::Certificate, 1),
        (pkcs7.clone(), Kind::Pkcs7, 3),
        (to_base64(&pkcs7).into_bytes(), Kind::Pkcs7, 3),
        (to_pem("CERTIFICATE", &pkcs7).into_bytes(), Kind::Pem, 3),
        (format!("\u{feff}{pem}").into_bytes(), Kind::Pem, 3),
    ] {
        let found = open(&bytes).unwrap_or_else(|error| panic!("{kind:?}: {error}"));
        assert_eq!((found.kind, found.contents.certificates.len()), (kind, count));
        assert_eq!(found.all_certificates(), chain[..count]);
        assert!(found.contents.others.is_empty() && found.lone_keys.is_empty());
    }
}

#[test]
fn keys_and_bundles() {
    let ca = Ca::new("Acme");
    let pair = ca.key_pair(KeySpec::EcP256, "CN=client");
    let (other_key, request) = ca.request(KeySpec::EcP384, "CN=other");
    let password = Password::new("secret");
    let pkcs8 = pair.key.to_pkcs8_der();
    let found = open(pkcs8.as_bytes()).unwrap();
    assert_eq!((found.kind, found.lone_keys[0].public_key()), (Kind::Pkcs8, pair.key.public_key()));
    let encrypted =
        generate_pkcs8_encrypted(&pair.key, &password, Scheme::Pbkdf2Aes256 { iterations: 1000 }, &mut rng())
            .unwrap();
    let kind = Kind::Pkcs8Encrypted;
    assert_eq!(refused(&encrypted), OpenError::NeedsPassword { kind });
    let wrong = parse_file("", &encrypted, &Passwords::from(Password::new("x"))).map(|_| ());
    assert_eq!(wrong, Err(OpenError::WrongPassword { kind }));
    assert_eq!(parse_file("", &encrypted, &Passwords::from(password.clone())).unwrap().lone_keys.len(), 1);
    assert_eq!(open(request.der()).unwrap().requests, std::slice::from_ref(&request));

    // Everything in one text, the key encrypted and in the middle.
    let text = [
        ca.root.to_pem(),
        request.to_pem(),
        to_pem("ENCRYPTED PRIVATE KEY", &encrypted),
        to_pem("PRIVATE KEY", other_key.to_pkcs8_der().as_bytes()),
        to_pem("PUBLIC KEY", pair.key.public_key().spki_der()),
        "-----BEGIN CERTIFICATE-----\nAAA*\n-----END CERTIFICATE-----\n".to_owned(),
        pair.chain[0].to_pem(),
        ca.intermediate.to_pem(),
    ]
    .concat();
    assert_eq!(refused(text.as_bytes()), OpenError::NeedsPassword { kind: Kind::Pem });
    let found = parse_file("", text.as_bytes(), &Passwords::from(password.clone())).unwrap();
    assert_eq!(found.contents.key_pairs.len(), 1);
    assert_eq!(found.contents.key_pairs[0].chain, pair.chain);
    assert_eq!(found.lone_keys[0].public_key(), other_key.public_key());
    assert_eq!(found.requests, [request]);
    assert!(found.contents.certificates.is_empty());
    let others: Vec<_> = found.contents.others.iter().map(|item| &item.what).collect();
    assert!(matches!(others.as_slice(), [OtherKind::BrokenPem { .. }]), "{others:?}");
    assert_eq!(found.contents.public_keys, std::slice::from_ref(pair.key.public_key()));
    let wrong = parse_file("", text.as_bytes(), &Passwords::from(Password::new("x"))).unwrap();
    assert_eq!(wrong.contents.locked[0].what, LockedKind::PrivateKey);
    assert_eq!(wrong.lone_keys.len(), 1);

    let file =
        generate_pkcs12(&[&key_entry("client", pair.clone())], Pkcs12Target::Modern, &password, &mut rng())
            .unwrap();
    for bytes in [file.clone(), to_base64(&file).into_bytes()] {
        let kind = Kind::Pkcs12;
        assert_eq!(refused(&bytes), OpenError::NeedsPassword { kind });
        let found = parse_file("x.p12", &bytes, &Passwords::from(password.clone())).unwrap();
        assert_eq!((found.kind, found.contents.key_pairs.len()), (kind, 1));
    }
}

#[test]
fn kinds_by_content() {
    let bench = Bench::new();
    bench.openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem");
    bench.openssl("req -x509 -key key.pem -subj /CN=a -out cert.pem");
    for (command, kind) in [
        ("pkcs8 -topk8 -nocrypt -in key.pem -outform DER", Kind::Pkcs8),
        ("pkey -in key.pem -traditional -outform DER", Kind::Pkcs1),
        ("pkcs8 -topk8 -in key.pem -outform DER -passout pass:x", Kind::Pkcs8Encrypted),
        ("pkey -in key.pem -pubout -outform DER", Kind::PublicKey),
        ("rsa -in key.pem -RSAPublicKey_out -outform DER", Kind::PublicKey),
        ("ecparam -name P-256 -genkey -noout -outform DER", Kind::Sec1),
        ("req -new -key key.pem -subj /CN=a -outform DER", Kind::CertificateRequest),
        ("x509 -in cert.pem -outform DER", Kind::Certificate),
        ("pkcs12 -export -inkey key.pem -in cert.pem -passout pass:x", Kind::Pkcs12),
        ("crl2pkcs7 -nocrl -certfile cert.pem -outform DER", Kind::Pkcs7),
        ("x509 -in cert.pem", Kind::Pem),
    ] {
        let bytes = bench.openssl(command);
        assert_eq!(recognise(&bytes), kind, "{command}");
        // What is cut off is still what it was, so that its reader can say what is missing.
        if kind != Kind::Pem {
            let cut = &bytes[..bytes.len() - 1];
            assert_eq!(recognise(cut), kind, "{command}, cut");
            assert!(
                matches!(refused(cut), OpenError::Malformed { kind: found, .. } | OpenError::NotRecognised { kind: found } if found == kind),
                "{command}: {}",
                refused(cut)
            );
            assert_eq!(recognise(to_base64(&bytes).as_bytes()), Kind::Base64, "{command}");
        }
    }
    bench.write(
        "ca.cnf",
        b"[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ndefault_md=sha256\ndefault_crl_days=1\n",
    );
    bench.write("index.txt", b"");
    bench.openssl("ca -config ca.cnf -gencrl -keyfile key.pem -cert cert.pem -out list.pem");
    bench.openssl("crl -in list.pem -outform DER -out list.crl");
    let kind = Kind::CertificateList;
    assert_eq!(recognise(&bench.read("list.crl")), kind);
    assert_eq!(refused(&bench.read("list.crl")), OpenError::NotSupportedYet { kind });
    assert_eq!(refused(&bench.read("list.pem")), OpenError::NotSupportedYet { kind });
    bench.keytool("-genkeypair -keystore a.jks -storetype JKS -storepass secret1 -keypass secret1 -alias a -dname CN=a -keyalg EC");
    let found = parse_file("", &bench.read("a.jks"), &Passwords::from(Password::new("secret1"))).unwrap();
    assert_eq!((found.kind, found.contents.key_pairs.len()), (Kind::Jks, 1));
    bench.keytool("-genkeypair -keystore a.jceks -storetype JCEKS -storepass secret1 -keypass secret1 -alias a -dname CN=a -keyalg EC");
    let found = parse_file("", &bench.read("a.jceks"), &Passwords::from(Password::new("secret1"))).unwrap();
    assert_eq!((found.kind, found.contents.key_pairs.len()), (Kind::Jceks, 1));
}

#[test]
fn other_files() {
    assert_eq!(refused(b""), OpenError::Empty);
    assert_eq!(refused(b"\r\n"), OpenError::Empty);
    for (bytes, kind) in [
        (b"<!doctype html><p>Sign in".as_slice(), Kind::Html),
        (b"\xff\xfe<\0h\0t\0m\0l\0>\0", Kind::Html),
        (b"PK\x03\x04\x14\0\0\0\x08\0", Kind::Zip),
        (b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n", Kind::Pgp),
        (b"hello", Kind::Text),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Kind::Unknown),
        (&[0x30, 0x03, 0x02, 0x01, 0x05], Kind::OtherDer),
    ] {
        assert_eq!(refused(bytes), OpenError::NotRecognised { kind });
    }
    let large = vec![b'A'; MAX_SIZE + 1];
    assert_eq!(refused(&large), OpenError::TooLarge { bytes: MAX_SIZE + 1, limit: MAX_SIZE });
    let kind = Kind::PuttyKey;
    assert_eq!(refused(b"PuTTY-User-Key-File-3: ssh-rsa\n"), OpenError::NotSupportedYet { kind });
    let broken = b"text\n-----BEGIN CERTIFICATE-----\nMII*\n-----END CERTIFICATE-----\n";
    assert_eq!(refused(broken), OpenError::Malformed { kind: Kind::Pem, offset: Some(5), part: None });
}

#[test]
fn truncations_never_panic() {
    let ca = Ca::new("Acme");
    let pair = ca.key_pair(KeySpec::EcP256, "CN=client");
    let pkcs7 = to_pkcs7(&pair.chain).unwrap();
    let text =
        format!("{}{}", to_pem("PRIVATE KEY", pair.key.to_pkcs8_der().as_bytes()), pair.chain[0].to_pem());
    for file in [pair.chain[0].der(), pair.key.to_pkcs8_der().as_bytes(), &pkcs7, text.as_bytes()] {
        for length in 0..file.len() {
            let _ = open(&file[..length]);
            let _ = open(to_base64(&file[..length]).as_bytes());
        }
    }
}
