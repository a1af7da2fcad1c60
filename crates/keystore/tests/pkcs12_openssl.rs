//! PKCS#12 against openssl, in both directions.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use certwright_keys::{KeySpec, Password, ReadKeyError, read::read_private_key};
use certwright_keystore::{
    Contents, Entry, KeyPair,
    contents::OtherKind,
    pkcs12::{ReadPkcs12Error, WritePkcs12Error, parse_pkcs12, to_pkcs12},
};
use support::{Bench, Ca, key_entry, rng, trusted_entry};

fn read(bytes: &[u8], password: &str) -> Result<Contents, ReadPkcs12Error> {
    parse_pkcs12(bytes, Some(&Password::new(password)))
}

fn refused(bytes: &[u8], password: Option<&str>) -> ReadPkcs12Error {
    let password = password.map(Password::new);
    parse_pkcs12(bytes, password.as_ref()).map(|_| ()).unwrap_err()
}

/// A folder with `key.pem`, `leaf.pem` and `issuers.pem` (intermediate and root).
fn material(ca: &Ca, spec: KeySpec) -> KeyPair {
    let pair = ca.key_pair(spec, "CN=client");
    let pem = |label: &str, der: &[u8]| certwright_encoding::pem::to_pem(label, der);
    ca.bench.write("key.pem", pem("PRIVATE KEY", pair.key.to_pkcs8_der().as_bytes()).as_bytes());
    ca.bench.write("leaf.pem", pair.chain[0].to_pem().as_bytes());
    ca.bench.write("issuers.pem", format!("{}{}", ca.root.to_pem(), ca.intermediate.to_pem()).as_bytes());
    pair
}

#[test]
fn what_openssl_writes() {
    let ca = Ca::new("Acme");
    for spec in [KeySpec::EcP256, KeySpec::EcP384, KeySpec::Rsa2048] {
        let pair = material(&ca, spec);
        for options in [
            "",
            "-legacy",
            "-nomac",
            "-keypbe NONE -certpbe NONE",
            "-keypbe NONE -certpbe NONE -nomac",
            "-keypbe AES-128-CBC -certpbe NONE",
            "-keypbe AES-192-CBC -certpbe AES-192-CBC -macalg sha384",
            "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1",
            "-keypbe PBE-SHA1-2DES -certpbe PBE-SHA1-RC2-128 -provider legacy -provider default",
            "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-RC2-40 -provider legacy -provider default -nomac",
            "-macalg sha512 -iter 1 -maciter",
            "-macalg sha224 -nomaciter",
            "-descert -keyex",
        ] {
            for password in
                ["secret", "pässwörd", "€uro 𝄞 long-enough-to-fill-more-than-one-block-of-the-digest"]
            {
                let password = password.replace(' ', "_");
                ca.bench.openssl(&format!(
                    "pkcs12 -export -inkey key.pem -in leaf.pem -certfile issuers.pem -name My_Client -passout pass:{password} -out out.p12 {options}"
                ));
                let file = ca.bench.read("out.p12");
                let contents = read(&file, &password).unwrap_or_else(|error| panic!("{options}: {error}"));
                assert_eq!(contents.key_pairs.len(), 1, "{options}");
                let found = &contents.key_pairs[0];
                assert_eq!(found.alias.as_deref(), Some("My_Client"));
                assert_eq!(found.key.to_pkcs8_der(), pair.key.to_pkcs8_der());
                assert_eq!(found.chain, pair.chain, "{options}");
                assert!(contents.certificates.is_empty() && contents.unusable_keys.is_empty());
                assert!(contents.others.is_empty());
                if options != "-keypbe NONE -certpbe NONE -nomac" {
                    assert_eq!(refused(&file, Some("wrong")), ReadPkcs12Error::WrongPassword, "{options}");
                    assert_eq!(refused(&file, None), ReadPkcs12Error::NeedsPassword, "{options}");
                }
            }
        }
    }
}

#[test]
fn the_empty_password() {
    let ca = Ca::new("Acme");
    let pair = material(&ca, KeySpec::EcP256);
    for options in ["", "-legacy", "-nomac", "-legacy -nomac", "-keypbe NONE -certpbe NONE"] {
        ca.bench.openssl(&format!(
            "pkcs12 -export -inkey key.pem -in leaf.pem -passout pass: -out out.p12 {options}"
        ));
        let file = ca.bench.read("out.p12");
        for password in [None, Some(Password::new(""))] {
            let contents = parse_pkcs12(&file, password.as_ref()).unwrap();
            assert_eq!(contents.key_pairs[0].key.to_pkcs8_der(), pair.key.to_pkcs8_der(), "{options}");
        }
        assert_eq!(refused(&file, Some("x")), ReadPkcs12Error::WrongPassword, "{options}");
    }
}

#[test]
fn certificates_alone_and_keys_alone() {
    let ca = Ca::new("Acme");
    let pair = material(&ca, KeySpec::EcP256);
    ca.bench
        .openssl("pkcs12 -export -nokeys -in leaf.pem -certfile issuers.pem -passout pass:x -out certs.p12");
    let contents = read(&ca.bench.read("certs.p12"), "x").unwrap();
    assert_eq!((contents.key_pairs.len(), contents.certificates.len()), (0, 3));
    assert!(contents.certificates.iter().all(|found| !found.java_trusted && found.alias.is_none()));
    ca.bench.openssl("pkcs12 -export -nocerts -inkey key.pem -in key.pem -passout pass:x -out key.p12");
    let contents = read(&ca.bench.read("key.p12"), "x").unwrap();
    assert_eq!(contents.key_pairs[0].key.to_pkcs8_der(), pair.key.to_pkcs8_der());
    assert!(contents.key_pairs[0].chain.is_empty() && contents.certificates.is_empty());
}

#[test]
fn what_cannot_be_used_is_named() {
    let bench = Bench::new();
    for (options, oid) in
        [("-newkey ed25519", "1.3.101.112"), ("-newkey ec -pkeyopt ec_paramgen_curve:P-521", "1.3.132.0.35")]
    {
        bench.openssl(&format!("req -x509 {options} -nodes -keyout key.pem -out leaf.pem -subj /CN=a"));
        bench.openssl("pkcs12 -export -inkey key.pem -in leaf.pem -name odd -passout pass:x -out out.p12");
        let contents = read(&bench.read("out.p12"), "x").unwrap();
        assert!(contents.key_pairs.is_empty());
        assert_eq!(contents.unusable_keys[0].alias.as_deref(), Some("odd"));
        assert_eq!(
            contents.unusable_keys[0].error,
            ReadKeyError::UnsupportedAlgorithm { oid: oid.to_owned() }
        );
        assert_eq!(contents.certificates.len(), 1);
    }
    bench.openssl("req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out leaf.pem -subj /CN=a");
    for (options, oid) in [
        ("-certpbe PBE-SHA1-RC4-128 -provider legacy -provider default", "1.2.840.113549.1.12.1.1"),
        ("-certpbe camellia-256-cbc", "1.2.392.200011.61.1.1.1.4"),
        ("-macalg sha3-256", "2.16.840.1.101.3.4.2.8"),
    ] {
        bench.openssl(&format!(
            "pkcs12 -export -inkey key.pem -in leaf.pem -passout pass:x -out out.p12 {options}"
        ));
        let unsupported = ReadPkcs12Error::UnsupportedAlgorithm { oid: oid.to_owned() };
        assert_eq!(refused(&bench.read("out.p12"), Some("x")), unsupported, "{options}");
    }
    bench.openssl("pkcs12 -export -inkey key.pem -in leaf.pem -passout pass:x -out out.p12 -keypbe PBE-SHA1-RC4-128 -provider legacy -provider default");
    let contents = read(&bench.read("out.p12"), "x").unwrap();
    let rc4 = ReadKeyError::UnsupportedAlgorithm { oid: "1.2.840.113549.1.12.1.1".to_owned() };
    assert_eq!(contents.unusable_keys[0].error, rc4);
    assert_eq!(contents.certificates.len(), 1);
    assert!(!contents.others.iter().any(|item| matches!(item.what, OtherKind::Secret)));
}

/// What the tools read from a file that we wrote.
fn openssl_view(ca: &Ca, file: &[u8], password: &str) -> String {
    ca.bench.write("ours.p12", file);
    let view = ca.bench.openssl(&format!("pkcs12 -in ours.p12 -nodes -passin pass:{password}"));
    // openssl prints names in Latin-1.
    view.into_iter().map(char::from).collect()
}

#[test]
fn openssl_reads_ours() {
    let ca = Ca::new("Acme");
    for (spec, password) in
        [(KeySpec::EcP256, "secret"), (KeySpec::EcP384, "pässwörd"), (KeySpec::Rsa3072, "€𝄞")]
    {
        let entry = key_entry("Mein Schlüssel", ca.key_pair(spec, "CN=client"));
        let file = to_pkcs12(&[&entry], &Password::new(password), &mut rng()).unwrap();
        let view = openssl_view(&ca, &file, password);
        let pair = entry.key_pair().unwrap();
        let key = read_private_key(view.as_bytes(), None).unwrap();
        assert_eq!(key.public_key(), pair.key.public_key());
        assert_eq!(view.matches("BEGIN CERTIFICATE").count(), 3);
        assert_eq!(view.matches("friendlyName: Mein Schlüssel").count(), 2, "{view}");
        assert_eq!(view.matches("localKeyID").count(), 2);
        let info =
            ca.bench.run("openssl", &format!("pkcs12 -in ours.p12 -info -noout -passin pass:{password}"));
        let info = String::from_utf8(info.stderr).unwrap();
        assert!(info.contains("MAC: sha256, Iteration 100000"), "{info}");
        assert_eq!(
            info.matches("PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256").count(),
            2,
            "{info}"
        );
        assert!(!ca.bench.run("openssl", "pkcs12 -in ours.p12 -nodes -passin pass:wrong").status.success());

        let contents = read(&file, password).unwrap();
        assert_eq!(contents.key_pairs[0].created_ms, Some(entry.created_ms));
        assert_eq!(contents.key_pairs[0].chain, pair.chain);
    }
}

#[test]
fn several_entries_of_all_kinds() {
    let ca = Ca::new("Acme");
    let other = Ca::new("Other");
    let (pending, _) = ca.request(KeySpec::EcP256, "CN=pending");
    let shared = ca.key_pair(KeySpec::EcP256, "CN=shared");
    let entries = [
        key_entry("one", shared.clone()),
        key_entry("two", ca.key_pair(KeySpec::EcP256, "CN=two")),
        key_entry("same key again", shared),
        key_entry("pending", KeyPair::new(pending)),
        key_entry("three", other.key_pair(KeySpec::EcP384, "CN=three")),
        trusted_entry("Root", &ca.root),
        trusted_entry("Root of the other", &other.root),
    ];
    let entries: Vec<&Entry> = entries.iter().collect();
    let password = Password::new("secret");
    let file = to_pkcs12(&entries, &password, &mut rng()).unwrap();
    let contents = parse_pkcs12(&file, Some(&password)).unwrap();
    for (entry, found) in entries.iter().zip(&contents.key_pairs) {
        assert_eq!(found.alias.as_deref(), Some(entry.alias.as_str()));
        assert_eq!(found.key.to_pkcs8_der(), entry.key_pair().unwrap().key.to_pkcs8_der());
        assert_eq!(found.chain, entry.key_pair().unwrap().chain);
    }
    let trusted: Vec<_> =
        contents.certificates.iter().map(|found| (found.alias.as_deref(), found.java_trusted)).collect();
    assert_eq!(trusted, [(Some("Root"), true), (Some("Root of the other"), true)]);
    let view = openssl_view(&ca, &file, "secret");
    assert_eq!(view.matches("BEGIN PRIVATE KEY").count(), 5);
}

#[test]
fn what_is_not_written() {
    let ca = Ca::new("Acme");
    let entry = trusted_entry("root", &ca.root);
    let write = |entries: &[&Entry], password: &str| to_pkcs12(entries, &Password::new(password), &mut rng());
    assert_eq!(write(&[], "x"), Err(WritePkcs12Error::NoEntries));
    assert_eq!(write(&[&entry], ""), Err(WritePkcs12Error::EmptyPassword));
}

#[test]
fn truncations_and_damage_never_panic() {
    let ca = Ca::new("Acme");
    material(&ca, KeySpec::EcP256);
    for options in [
        "-iter 1 -nomaciter",
        "-nomac -keypbe NONE -certpbe NONE",
        "-iter 1 -nomac",
        "-legacy -iter 1 -nomaciter",
    ] {
        ca.bench.openssl(&format!(
            "pkcs12 -export -inkey key.pem -in leaf.pem -passout pass:x -out out.p12 {options}"
        ));
        let file = ca.bench.read("out.p12");
        for length in 0..file.len() {
            let error = refused(&file[..length], Some("x"));
            assert!(matches!(error, ReadPkcs12Error::Malformed { .. }), "{options} {length}: {error}");
        }
        let nodes = certwright_encoding::der::tree(&file, Default::default()).unwrap();
        let children: Vec<_> =
            nodes.iter().filter(|node| node.depth == 1).map(|node| &node.element).collect();
        let authenticated = if children.len() == 3 { children[2].header.start } else { 0 };
        for position in 0..file.len() {
            for change in [1, 0xff] {
                let mut damaged = file.clone();
                damaged[position] ^= change;
                // Without a MAC damage may go unseen; what matters is that the reader comes back.
                let result = read(&damaged, "x");
                assert!(position >= authenticated || result.is_err(), "{options} {position}");
            }
        }
    }
}

#[test]
fn cost_is_bounded() {
    let ca = Ca::new("Acme");
    material(&ca, KeySpec::EcP256);
    ca.bench
        .openssl("pkcs12 -export -inkey key.pem -in leaf.pem -passout pass:x -out out.p12 -macalg sha256");
    let mut file = ca.bench.read("out.p12");
    let end = file.len();
    assert_eq!(file[end - 4..], [2, 2, 8, 0], "INTEGER 2048 at the end");
    file.truncate(end - 4);
    file.extend([2, 4, 0x7f, 0xff, 0xff, 0xff]);
    // The lengths of the two structures around grow by two.
    let nodes = certwright_encoding::der::tree(&ca.bench.read("out.p12"), Default::default())
        .unwrap()
        .into_iter()
        .filter(|node| node.element.content.end == end && node.element.tag.constructed)
        .map(|node| node.element.header.end - 1)
        .collect::<Vec<_>>();
    assert_eq!(nodes.len(), 2);
    for position in nodes {
        file[position] += 2;
    }
    assert_eq!(refused(&file, Some("x")), ReadPkcs12Error::TooExpensive { iterations: 0x7fff_ffff });
}
