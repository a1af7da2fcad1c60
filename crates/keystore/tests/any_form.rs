//! Keys, requests and certificates in all the forms in which people have them, alone and together.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use certwright_encoding::{base64::to_base64, pem::to_pem, sniff::Kind};
use certwright_keys::{
    KeyAlgorithm, KeySpec, Password, error::ReadKeyError, secret::Passwords, write::KeyFormat,
};
use certwright_keystore::{
    Entry, KeyPair,
    certificates::{ReadCertificatesError, parse_certificates, to_certificates},
    open::{Found, OpenError, parse_file},
    pem_bundle::{WritePemError, generate_pem, parse_pem_bundle, to_pem_chain},
    pkcs7::to_pkcs7,
    pkcs12::{Pkcs12Target, generate_pkcs12},
    pkipath::{PkiPathError, parse_pkipath, to_pkipath},
};
use proptest::prelude::*;
use support::{Bench, Ca, key_entry, rng, trusted_entry};

fn open_with(bytes: &[u8], passwords: &[&str]) -> Result<Found, OpenError> {
    let passwords: Passwords = passwords.iter().copied().map(Password::new).collect();
    parse_file("file", bytes, &passwords)
}

fn open(bytes: &[u8]) -> Result<Found, OpenError> {
    open_with(bytes, &[])
}

fn refused(bytes: &[u8]) -> OpenError {
    open(bytes).map(|_| ()).unwrap_err()
}

fn utf16(text: &str) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xfe];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    bytes
}

#[test]
fn certificates_one_after_the_other() {
    let ca = Ca::new("Acme");
    let chain = ca.key_pair(KeySpec::EcP256, "CN=client").chain;
    let der = to_certificates(&chain);
    assert_eq!(parse_certificates(&der).unwrap(), chain);
    let with_line_end = [der.as_slice(), b"\r\n"].concat();
    assert_eq!(open(&with_line_end).unwrap().all_certificates(), chain);
    // A reply in two pieces, one of them PKCS#7.
    let mixed = [chain[0].der().to_vec(), to_pkcs7(&chain[1..]).unwrap()].concat();
    assert_eq!(open(&mixed).unwrap().all_certificates(), chain);
    let mixed = [to_pkcs7(&chain[..2]).unwrap(), chain[2].der().to_vec()].concat();
    assert_eq!(open(&mixed).unwrap().all_certificates(), chain);

    // Each with its own padding, with and without line ends, in UTF-16 too.
    let pieces: Vec<String> = chain.iter().map(|certificate| to_base64(certificate.der())).collect();
    for text in [pieces.concat(), pieces.join("\r\n\r\n"), format!("\u{feff}{}\n", pieces.join("\n"))] {
        assert_eq!(open(text.as_bytes()).unwrap().all_certificates(), chain);
        assert_eq!(open(&utf16(text.trim_start_matches('\u{feff}'))).unwrap().all_certificates(), chain);
    }
    let pkcs7 = to_base64(&to_pkcs7(&chain).unwrap());
    assert_eq!(open(&utf16(&pkcs7)).unwrap().all_certificates(), chain);

    let kind = Kind::Certificate;
    let garbage = [der.as_slice(), b"garbage"].concat();
    assert_eq!(refused(&garbage), OpenError::Malformed { kind, offset: Some(der.len()), part: None });
    let other = [der.as_slice(), &[0x30, 0x03, 2, 1, 5]].concat();
    assert_eq!(
        parse_certificates(&other),
        Err(ReadCertificatesError::OtherKind { offset: der.len(), kind: Kind::OtherDer })
    );
    assert_eq!(
        refused(&other),
        OpenError::Malformed { kind, offset: Some(der.len()), part: Some("certificate") }
    );
    let cut = &der[..der.len() - 1];
    let third = der.len() - chain[2].der().len();
    assert_eq!(refused(cut), OpenError::Malformed { kind, offset: Some(third), part: None });
    assert_eq!(parse_certificates(b" \n"), Err(ReadCertificatesError::NoCertificates));
}

#[test]
fn paths() {
    let ca = Ca::new("Acme");
    let chain = ca.key_pair(KeySpec::EcP256, "CN=client").chain;
    let path = to_pkipath(&chain).unwrap();
    let from_root: Vec<_> = chain.iter().rev().cloned().collect();
    assert_eq!(parse_pkipath(&path).unwrap(), from_root);
    let other_way = to_pkipath(&from_root).unwrap();
    assert_eq!(parse_pkipath(&other_way).unwrap(), chain);
    for bytes in [&path, &other_way] {
        let found = open(bytes).unwrap();
        assert_eq!((found.kind, found.contents.certificates.len()), (Kind::PkiPath, 3));
        for length in 0..bytes.len() {
            assert!(parse_pkipath(&bytes[..length]).is_err());
        }
    }
    // Java's own factory reads it, and in this order.
    ca.bench.write("ours.pkipath", &path);
    ca.bench.write(
        "Path.java",
        b"import java.io.*; import java.security.cert.*;\n\
        public class Path { public static void main(String[] a) throws Exception {\n\
        CertPath path = CertificateFactory.getInstance(\"X.509\").generateCertPath(new FileInputStream(a[0]), \"PkiPath\");\n\
        for (Certificate c : path.getCertificates()) System.out.println(((X509Certificate) c).getSubjectX500Principal());\n\
        try (OutputStream o = new FileOutputStream(\"java.pkipath\")) { o.write(path.getEncoded(\"PkiPath\")); } } }",
    );
    let said = ca.bench.java("Path.java", "ours.pkipath");
    assert_eq!(said.lines().collect::<Vec<_>>(), ["CN=client", "CN=Issuing, O=Acme", "CN=Root, O=Acme"]);
    assert_eq!(ca.bench.read("java.pkipath"), path);
    assert_eq!(to_pkipath(&[]), Err(PkiPathError::NoCertificates));
    assert_eq!(parse_pkipath(&[0x30, 0]), Err(PkiPathError::NoCertificates));
}

#[test]
fn keys_in_all_forms() {
    let bench = Bench::new();
    bench.openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem");
    bench.openssl("req -x509 -key key.pem -subj /CN=a -out cert.pem");
    let key = bench.key("key.pem");
    for (command, kind, encrypted) in [
        ("pkey -in key.pem", Kind::Pem, false),
        ("pkey -in key.pem -traditional", Kind::Pem, false),
        ("ec -in key.pem -aes256 -passout pass:secret", Kind::Pem, true),
        ("pkcs8 -topk8 -nocrypt -in key.pem -outform DER", Kind::Pkcs8, false),
        ("ec -in key.pem -outform DER", Kind::Sec1, false),
        ("pkcs8 -topk8 -in key.pem -passout pass:secret", Kind::Pem, true),
        ("pkcs8 -topk8 -in key.pem -passout pass:secret -outform DER", Kind::Pkcs8Encrypted, true),
        ("pkcs8 -topk8 -in key.pem -passout pass:secret -v1 PBE-SHA1-3DES", Kind::Pem, true),
        ("pkcs8 -topk8 -in key.pem -passout pass:secret -scrypt", Kind::Pem, true),
    ] {
        let bytes = bench.openssl(command);
        let forms = [bytes.clone(), utf16(&String::from_utf8_lossy(&bytes)), to_base64(&bytes).into_bytes()];
        // Text has its form in UTF-16, and binary in base64.
        let forms = if kind == Kind::Pem { &forms[..2] } else { &[forms[0].clone(), forms[2].clone()][..] };
        for form in forms {
            let found = open_with(form, &["wrong", "secret", "other"]).unwrap();
            assert_eq!((found.kind, found.lone_keys.len()), (kind, 1), "{command}");
            assert_eq!(found.lone_keys[0].public_key(), key.public_key());
            if encrypted {
                assert_eq!(refused(form), OpenError::NeedsPassword { kind }, "{command}");
                let wrong = open_with(form, &["wrong", "other"]).map(|_| ());
                assert_eq!(wrong, Err(OpenError::WrongPassword { kind }), "{command}");
            }
        }
    }
    let entry = key_entry("a", KeyPair::new(key.clone()));
    for (format, kind) in
        [(KeyFormat::OpenSsh, Kind::OpenSshKey), (KeyFormat::OpenSshEncrypted, Kind::OpenSshKey)]
    {
        let text = generate_pem(&[&entry], format, Some(&Password::new("secret")), &mut rng()).unwrap();
        let found = open_with(text.as_bytes(), &["wrong", "secret"]).unwrap();
        assert_eq!((found.kind, found.lone_keys[0].public_key()), (kind, key.public_key()));
        // With its certificate beside it, it is a PEM text like others.
        let with = [text.as_bytes(), &bench.read("cert.pem")].concat();
        let found = open_with(&with, &["secret"]).unwrap();
        assert_eq!((found.kind, found.contents.key_pairs[0].chain.len()), (Kind::Pem, 1));
    }
}

#[test]
fn json_web_keys() {
    let ca = Ca::new("Acme");
    let pair = ca.key_pair(KeySpec::EcP256, "CN=client");
    let password = None;
    let jwk = certwright_keys::write::generate_key_file(&pair.key, KeyFormat::Jwk, password, &mut rng());
    let jwk = String::from_utf8(jwk.unwrap().as_bytes().to_vec()).unwrap();
    for bytes in [jwk.clone().into_bytes(), utf16(&jwk), format!("\u{feff}{jwk}").into_bytes()] {
        let found = open(&bytes).unwrap();
        assert_eq!((found.kind, found.lone_keys[0].public_key()), (Kind::Jwk, pair.key.public_key()));
    }
    let x5c: Vec<String> =
        pair.chain.iter().map(|certificate| format!("\"{}\"", to_base64(certificate.der()))).collect();
    let named = jwk.trim().trim_end_matches('}').trim_end().to_owned()
        + &format!(",\"kid\":\"mine\",\"x5c\":[{}]}}", x5c.join(","));
    let set = format!(
        "{{\"keys\":[{named},{{\"kty\":\"oct\",\"k\":\"AAECAwQFBgcICQoLDA0ODw\",\"alg\":\"HS256\",\"kid\":\"mac\"}},{{\"kty\":\"XX\",\"kid\":\"odd\"}}]}}"
    );
    let found = open(set.as_bytes()).unwrap();
    let [mine] = found.contents.key_pairs.as_slice() else { panic!("{found:?}") };
    assert_eq!((mine.alias.as_deref(), &mine.chain), (Some("mine"), &pair.chain));
    let secret = &found.contents.secret_keys[0];
    assert_eq!((secret.alias.as_deref(), secret.key.to_string()), (Some("mac"), "HmacSHA256 128".to_owned()));
    assert_eq!(found.contents.unusable_keys[0].alias.as_deref(), Some("odd"));
    assert_eq!(refused(b"{\"keys\":[]}"), OpenError::NotRecognised { kind: Kind::Jwk });
}

#[test]
fn public_keys_in_all_forms() {
    let bench = Bench::new();
    bench.openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem");
    let key = bench.key("key.pem");
    let line = certwright_keys::write::to_public_key_file(
        key.public_key(),
        certwright_keys::write::PublicKeyFormat::OpenSsh,
    );
    let ssh = line.unwrap();
    for (bytes, kind) in [
        (bench.openssl("pkey -in key.pem -pubout"), Kind::Pem),
        (bench.openssl("rsa -in key.pem -RSAPublicKey_out"), Kind::Pem),
        (bench.openssl("pkey -in key.pem -pubout -outform DER"), Kind::PublicKey),
        (bench.openssl("rsa -in key.pem -RSAPublicKey_out -outform DER"), Kind::PublicKey),
        (to_base64(&bench.openssl("pkey -in key.pem -pubout -outform DER")).into_bytes(), Kind::PublicKey),
        (ssh.clone(), Kind::SshPublicKey),
        (utf16(&String::from_utf8(ssh).unwrap()), Kind::SshPublicKey),
    ] {
        let found = open(&bytes).unwrap_or_else(|error| panic!("{kind:?} {error}"));
        assert_eq!(found.kind, kind);
        assert_eq!(found.contents.public_keys.len(), 1, "{kind:?}");
        assert_eq!(found.contents.public_keys[0].key_bits(), key.public_key().key_bits());
    }
}

#[test]
fn pem_as_openssl_prints_it() {
    let ca = Ca::new("Acme");
    let one = key_entry("One", ca.key_pair(KeySpec::EcP256, "CN=one"));
    let two = key_entry("zweiter Schlüssel", ca.key_pair(KeySpec::EcP384, "CN=two"));
    let root = trusted_entry("The Root", &ca.root);
    let password = Password::new("secret");
    let file = generate_pkcs12(&[&one, &two, &root], Pkcs12Target::OpenSsl11, &password, &mut rng()).unwrap();
    ca.bench.write("ours.p12", &file);
    for options in ["-nodes", "-passout pass:other"] {
        let text = ca.bench.openssl(&format!("pkcs12 -in ours.p12 -passin pass:secret {options}"));
        let found = open_with(&text, &["secret", "other"]).unwrap();
        let names: Vec<_> =
            found.contents.key_pairs.iter().map(|pair| pair.alias.as_deref().unwrap()).collect();
        assert_eq!(names, ["One", "zweiter Schlüssel"], "{}", String::from_utf8_lossy(&text));
        for (pair, entry) in found.contents.key_pairs.iter().zip([&one, &two]) {
            assert_eq!(pair.chain, entry.key_pair().unwrap().chain);
        }
    }
}

#[test]
fn labels_of_all_kinds() {
    let ca = Ca::new("Acme");
    let (key, request) = ca.request(KeySpec::EcP256, "CN=a");
    let leaf = ca.issue(&request);
    ca.bench.write("leaf.pem", leaf.to_pem().as_bytes());
    let trusted = ca.bench.openssl("x509 -in leaf.pem -addtrust clientAuth -setalias a -trustout");
    assert!(trusted.starts_with(b"-----BEGIN TRUSTED CERTIFICATE"));
    for text in [
        to_pem("X509 CERTIFICATE", leaf.der()),
        String::from_utf8(trusted).unwrap(),
        to_pem("PKCS7", &to_pkcs7(std::slice::from_ref(&leaf)).unwrap()),
    ] {
        assert_eq!(open(text.as_bytes()).unwrap().all_certificates(), std::slice::from_ref(&leaf), "{text}");
    }
    for label in ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"] {
        assert_eq!(
            open(to_pem(label, request.der()).as_bytes()).unwrap().requests,
            std::slice::from_ref(&request)
        );
    }
    // openssl ecparam writes the curve before the key.
    let text = ca.bench.openssl("ecparam -name P-384 -genkey");
    assert!(text.starts_with(b"-----BEGIN EC PARAMETERS"));
    let found = open(&text).unwrap();
    assert_eq!(found.lone_keys[0].algorithm(), KeyAlgorithm::EcP384);
    assert!(found.contents.others.is_empty());
    assert!(open(to_pem("PRIVATE KEY", key.to_pkcs8_der().as_bytes()).as_bytes()).is_ok());
}

#[test]
fn what_we_write_as_pem() {
    let ca = Ca::new("Acme");
    let one = key_entry("one", ca.key_pair(KeySpec::EcP256, "CN=one"));
    let two = key_entry("Zweiter: Schlüssel", ca.key_pair(KeySpec::Rsa { bits: 2048 }, "CN=two"));
    let root = trusted_entry("root", &ca.root);
    let password = Password::new("secret");
    let write = |entries: &[&Entry], format| generate_pem(entries, format, Some(&password), &mut rng());
    for format in [
        KeyFormat::Pkcs8Pem,
        KeyFormat::Pkcs8EncryptedPem,
        KeyFormat::TraditionalPem,
        KeyFormat::TraditionalEncryptedPem,
    ] {
        let text = write(&[&one], format).unwrap();
        assert!(text.as_bytes().starts_with(b"-----BEGIN "));
        ca.bench.write("one.pem", text.as_bytes());
        // What servers do with such a file: the key from it, and the chain.
        ca.bench.openssl("pkey -in one.pem -passin pass:secret -noout -check");
        ca.bench.openssl("x509 -in one.pem -noout -checkend 0");
        let text = write(&[&one, &two, &root], format).unwrap();
        let found = open_with(text.as_bytes(), &["secret"]).unwrap();
        let names: Vec<_> = found.contents.key_pairs.iter().map(|pair| pair.alias.as_deref()).collect();
        assert_eq!(names, [Some("one"), Some("Zweiter: Schlüssel")]);
    }
    assert_eq!(
        to_pem_chain(one.certificates()),
        one.certificates().iter().map(|certificate| certificate.to_pem()).collect::<String>()
    );
    let format = KeyFormat::Pkcs8Der;
    assert_eq!(write(&[&one], format), Err(WritePemError::NotPem { format }));
    assert_eq!(write(&[], KeyFormat::Pkcs8Pem), Err(WritePemError::NoEntries));
    let locked = Entry { locked: true, ..one };
    let alias = "one".to_owned();
    assert_eq!(write(&[&locked], KeyFormat::Pkcs8Pem), Err(WritePemError::Locked { alias }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = open_with(&bytes, &["x"]);
        for start in [
            b"\x30\x82\x01\x00\x02\x01\x03\x30".as_slice(),
            b"\x30\x80\x02\x01\x03\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x80\x24\x80\x04",
            b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80\x30\x80",
            b"\x30\x84\x7f\xff\xff\xff\x30\x82\xff\xff\x30\x82",
            b"-----BEGIN CERTIFICATE-----\n",
            b"{\"kty\":\"RSA\",",
            b"ssh-rsa ",
            b"\xff\xfe",
        ] {
            let _ = open_with(&[start, &bytes].concat(), &["x"]);
        }
    }
}

#[test]
fn a_text_full_of_encrypted_keys_is_not_tried_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    let mut command = std::process::Command::new("ssh-keygen");
    command.args(["-q", "-t", "ed25519", "-a", "1", "-N", "secret", "-f"]).arg(&file);
    assert!(command.status().unwrap().success());
    let many = std::fs::read_to_string(&file).unwrap().repeat(33);
    let passwords: Passwords = [Password::new("secret")].into_iter().collect();
    let bundle = parse_pem_bundle(many.as_bytes(), &passwords).unwrap();
    let too_many = bundle.contents.unusable_keys;
    assert_eq!(too_many.len(), 3);
    assert!(
        too_many.iter().all(|key| matches!(key.error, ReadKeyError::TooExpensive { .. })),
        "{too_many:?}"
    );
}
