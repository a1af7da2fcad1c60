//! PKCS#12 against openssl, in both directions.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use certwright_keys::{
    KeyAlgorithm, KeySpec, Password, ReadKeyError, SecretBytes, read::read_private_key, secret::Passwords,
};
use certwright_keystore::{
    Content, Contents, Entry, KeyPair,
    contents::{HiddenFromJava, LockedKind, Remark},
    pkcs12::{Pkcs12Target, ReadPkcs12Error, WritePkcs12Error, generate_pkcs12, parse_pkcs12},
    secret_key::SecretKey,
};
use support::{Bench, Ca, key_entry, rng, trusted_entry};

fn read(bytes: &[u8], password: &str) -> Result<Contents, ReadPkcs12Error> {
    parse_pkcs12(bytes, &Passwords::from(Password::new(password)))
}

fn refused(bytes: &[u8], password: Option<&str>) -> ReadPkcs12Error {
    let passwords = Passwords::from(password.map(Password::new));
    parse_pkcs12(bytes, &passwords).map(|_| ()).unwrap_err()
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
    for spec in [KeySpec::EcP256, KeySpec::EcP384, KeySpec::Rsa { bits: 2048 }] {
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
            "-keypbe PBE-SHA1-RC4-128 -certpbe PBE-SHA1-RC4-40 -provider legacy -provider default",
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
                    // What is in clear is shown without the password. (With -nomac openssl does not encrypt certificates.)
                    let has_mac = !options.contains("-nomac ") && !options.ends_with("-nomac");
                    if options.contains("-certpbe NONE") || !has_mac {
                        let shown = parse_pkcs12(&file, &Passwords::none()).unwrap();
                        let remark = if has_mac { Remark::IntegrityNotChecked } else { Remark::NoMac };
                        assert_eq!(shown.remarks[0], remark);
                        assert_eq!(shown.locked.len(), usize::from(!options.contains("-keypbe NONE")));
                    } else {
                        assert_eq!(refused(&file, None), ReadPkcs12Error::NeedsPassword, "{options}");
                    }
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
            let contents = parse_pkcs12(&file, &Passwords::from(password.clone())).unwrap();
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
    assert!(contents.certificates.iter().all(|found| !found.java_trusted));
    let names: Vec<_> = contents.certificates.iter().map(|found| found.alias.as_deref().unwrap()).collect();
    assert_eq!(names, ["client", "Root", "Issuing"]);
    for name in names {
        let alias = name.to_owned();
        let why = HiddenFromJava::NotMarkedAsTrusted;
        assert!(contents.remarks.contains(&Remark::MissingAlias { alias: alias.clone() }));
        assert!(
            contents.remarks.contains(&Remark::NotVisibleToJava { alias, why }),
            "{:?}",
            contents.remarks
        );
    }
    ca.bench.openssl("pkcs12 -export -nocerts -inkey key.pem -in key.pem -passout pass:x -out key.p12");
    let contents = read(&ca.bench.read("key.p12"), "x").unwrap();
    assert_eq!(contents.key_pairs[0].key.to_pkcs8_der(), pair.key.to_pkcs8_der());
    assert!(contents.key_pairs[0].chain.is_empty() && contents.certificates.is_empty());
}

#[test]
fn keys_that_are_kept() {
    let bench = Bench::new();
    bench.openssl("dsaparam -out dsa.params 2048");
    for (options, algorithm) in [
        ("-newkey ed25519", KeyAlgorithm::Ed25519),
        ("-newkey ec -pkeyopt ec_paramgen_curve:P-521", KeyAlgorithm::EcP521),
        (
            "-newkey ec -pkeyopt ec_paramgen_curve:secp256k1",
            KeyAlgorithm::Other { oid: "1.3.132.0.10".into() },
        ),
        ("-newkey dsa:dsa.params", KeyAlgorithm::Dsa { bits: 2048 }),
        ("-newkey ed448", KeyAlgorithm::Other { oid: "1.3.101.113".into() }),
        ("-newkey rsa:1024", KeyAlgorithm::Rsa { bits: 1024 }),
    ] {
        bench.openssl(&format!("req -x509 {options} -nodes -keyout key.pem -out leaf.pem -subj /CN=a"));
        for target in ["", "-legacy", "-keypbe NONE -certpbe NONE"] {
            bench.openssl(&format!(
                "pkcs12 -export -inkey key.pem -in leaf.pem -name odd -passout pass:x -out out.p12 {target}"
            ));
            let contents = read(&bench.read("out.p12"), "x").unwrap();
            let [pair] = contents.key_pairs.as_slice() else { panic!("{options}: {contents:?}") };
            assert_eq!((pair.key.algorithm(), pair.alias.as_deref()), (algorithm.clone(), Some("odd")));
            assert_eq!(pair.chain, [bench.certificate("leaf.pem")], "{options}");
            assert!(contents.certificates.is_empty());
        }
    }
}

#[test]
fn what_is_not_supported_is_named_and_the_rest_is_shown() {
    let bench = Bench::new();
    bench.openssl("req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out leaf.pem -subj /CN=a");
    let write = |options: &str| {
        bench.openssl(&format!(
            "pkcs12 -export -inkey key.pem -in leaf.pem -name a -passout pass:x -out out.p12 {options}"
        ));
        bench.read("out.p12")
    };
    for (options, oid) in [
        ("-certpbe aria-128-cbc", "1.2.410.200046.1.1.2"),
        ("-certpbe camellia-256-cbc", "1.2.392.200011.61.1.1.1.4"),
    ] {
        let file = write(options);
        let contents = read(&file, "x").unwrap();
        assert_eq!(contents.key_pairs.len(), 1, "{options}");
        assert!(contents.remarks.contains(&Remark::UnsupportedPart { oid: oid.into() }), "{options}");
        assert_eq!(refused(&file, Some("y")), ReadPkcs12Error::WrongPassword);
    }
    let sha3 = "2.16.840.1.101.3.4.2.8".to_owned();
    let file = write("-macalg sha3-256");
    let contents = read(&file, "x").unwrap();
    assert_eq!((contents.key_pairs.len(), contents.key_pairs[0].chain.len()), (1, 1));
    assert_eq!(contents.remarks, [Remark::UnsupportedMac { oid: sha3 }]);
    assert_eq!(refused(&file, Some("y")), ReadPkcs12Error::WrongPassword);
    assert_eq!(refused(&file, None), ReadPkcs12Error::NeedsPassword);

    let camellia = "1.2.392.200011.61.1.1.1.2".to_owned();
    let contents = read(&write("-keypbe camellia-128-cbc"), "x").unwrap();
    let unsupported = ReadKeyError::UnsupportedAlgorithm { oid: camellia.clone() };
    assert_eq!(contents.unusable_keys[0].error, unsupported);
    assert_eq!(contents.unusable_keys[0].alias.as_deref(), Some("a"));
    assert_eq!(contents.certificates.len(), 1);
    let nothing = write("-keypbe camellia-128-cbc -certpbe camellia-128-cbc");
    assert_eq!(refused(&nothing, Some("x")), ReadPkcs12Error::UnsupportedAlgorithm { oid: camellia });
}

#[test]
fn without_the_password_what_is_in_clear_is_shown() {
    let ca = Ca::new("Acme");
    let pair = material(&ca, KeySpec::EcP256);
    ca.bench.openssl("pkcs12 -export -inkey key.pem -in leaf.pem -certfile issuers.pem -name it -certpbe NONE -passout pass:x -out out.p12");
    let file = ca.bench.read("out.p12");
    let contents = parse_pkcs12(&file, &Passwords::none()).unwrap();
    let [locked] = contents.locked.as_slice() else { panic!("{contents:?}") };
    assert_eq!((locked.alias.as_deref(), locked.what), (Some("it"), LockedKind::PrivateKey));
    assert_eq!(locked.chain, pair.chain);
    assert!(contents.certificates.is_empty() && contents.key_pairs.is_empty());
    assert_eq!(contents.remarks, [Remark::IntegrityNotChecked]);
    assert_eq!(refused(&file, Some("y")), ReadPkcs12Error::WrongPassword);
}

#[test]
fn several_passwords_are_tried() {
    let ca = Ca::new("Acme");
    let pair = material(&ca, KeySpec::EcP256);
    ca.bench.openssl("pkcs12 -export -inkey key.pem -in leaf.pem -name it -passout pass:right -out out.p12");
    let file = ca.bench.read("out.p12");
    let passwords = |all: &[&str]| all.iter().copied().map(Password::new).collect::<Passwords>();
    let contents = parse_pkcs12(&file, &passwords(&["", "wrong", "right", "other"])).unwrap();
    assert_eq!(contents.key_pairs[0].key.to_pkcs8_der(), pair.key.to_pkcs8_der());
    let wrong = parse_pkcs12(&file, &passwords(&["", "wrong", "other"])).map(|_| ());
    assert_eq!(wrong, Err(ReadPkcs12Error::WrongPassword));
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
        [(KeySpec::EcP256, "secret"), (KeySpec::EcP384, "pässwörd"), (KeySpec::Rsa { bits: 3072 }, "€𝄞")]
    {
        let entry = key_entry("Mein Schlüssel", ca.key_pair(spec, "CN=client"));
        let file =
            generate_pkcs12(&[&entry], Pkcs12Target::Modern, &Password::new(password), &mut rng()).unwrap();
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
    let file = generate_pkcs12(&entries, Pkcs12Target::Modern, &password, &mut rng()).unwrap();
    let contents = parse_pkcs12(&file, &Passwords::from(password.clone())).unwrap();
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
    let password = Password::new("x");
    let write = |entries: &[&Entry], target| generate_pkcs12(entries, target, &password, &mut rng());
    assert_eq!(write(&[], Pkcs12Target::Modern), Err(WritePkcs12Error::NoEntries));
    let mut entry = key_entry("a", ca.key_pair(KeySpec::EcP256, "CN=a"));
    entry.locked = true;
    let alias = "a".to_owned();
    assert_eq!(
        write(&[&entry], Pkcs12Target::Modern),
        Err(WritePkcs12Error::Locked { alias: alias.clone() })
    );
    let secret = |algorithm: &str| {
        let key = SecretKey::new(algorithm, SecretBytes::new(vec![7; 16]));
        Entry::new("a", Content::SecretKey(key), 1)
    };
    for target in [Pkcs12Target::WindowsServer2016, Pkcs12Target::MacOs, Pkcs12Target::OpenSsl11] {
        let refused = WritePkcs12Error::SecretKey { alias: alias.clone(), target };
        assert_eq!(write(&[&secret("AES")], target), Err(refused));
    }
    let algorithm = "Rot13".to_owned();
    let unknown = WritePkcs12Error::UnknownSecretAlgorithm { alias, algorithm };
    assert_eq!(write(&[&secret("Rot13")], Pkcs12Target::Modern), Err(unknown));
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
