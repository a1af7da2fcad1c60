//! PKCS#12 in both directions with the real tools: key types × targets × passwords. What a tool refuses is stated, so that
//! it shows when that changes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use certwright_keys::SecretBytes;
use certwright_keys::{KeyAlgorithm, KeySpec, Password, PrivateKey, secret::Passwords};
use certwright_keystore::{
    Content, Entry, SecretKey,
    contents::Remark,
    pkcs12::{
        PasswordTrouble, Pkcs12Target, ReadPkcs12Error, generate_pkcs12, is_password_for_java, parse_pkcs12,
    },
};
use support::{Bench, Ca, key_entry, rng, trusted_entry};

const SPECS: [(KeySpec, &str); 5] = [
    (KeySpec::Rsa { bits: 2048 }, "rsa"),
    (KeySpec::EcP256, "p256"),
    (KeySpec::EcP384, "p384"),
    (KeySpec::EcP521, "p521"),
    (KeySpec::Ed25519, "ed25519"),
];

fn passwords() -> [String; 5] {
    [
        "secret1".to_owned(),
        String::new(),
        "pässwörd".to_owned(),
        "ლ(ಠ益ಠლ)".to_owned(),
        "x123456789".repeat(10),
    ]
}

fn read(file: &[u8], password: &str) -> certwright_keystore::Contents {
    parse_pkcs12(file, &Passwords::from(Password::new(password))).unwrap()
}

/// One key pair of each kind, and a trusted certificate.
fn entries(ca: &Ca) -> Vec<Entry> {
    let pairs = SPECS
        .into_iter()
        .map(|(spec, name)| key_entry(&format!("My {name}"), ca.key_pair(spec, &format!("CN={name}"))));
    pairs.chain([trusted_entry("The Root", &ca.root)]).collect()
}

#[test]
fn what_we_write_the_tools_read() {
    let ca = Ca::new("Acme");
    let bench = &ca.bench;
    let entries = entries(&ca);
    let entries: Vec<&Entry> = entries.iter().collect();
    for password in passwords() {
        bench.write("password", format!("{password}\n").as_bytes());
        for target in Pkcs12Target::ALL {
            let context = format!("{target:?} {password:?}");
            let password = Password::new(password.as_str());
            let file = generate_pkcs12(&entries, target, &password, &mut rng()).unwrap();
            bench.write("ours.p12", &file);

            let legacy =
                matches!(target, Pkcs12Target::Java8 | Pkcs12Target::WindowsServer2016 | Pkcs12Target::MacOs);
            // 3DES is in the default provider of OpenSSL 3, so that none of our files needs `-legacy`.
            let info = bench.openssl_info("pkcs12 -in ours.p12 -info -noout -passin file:password");
            let (cipher, mac, iterations) = match target {
                Pkcs12Target::Modern => ("AES-256-CBC", "sha256", [100_000, 100_000]),
                Pkcs12Target::Java8 => ("pbeWithSHA1And3-KeyTripleDES-CBC", "sha1", [50_000, 100_000]),
                Pkcs12Target::WindowsServer2016 => {
                    ("pbeWithSHA1And3-KeyTripleDES-CBC", "sha1", [2_000, 2_000])
                }
                Pkcs12Target::MacOs => ("pbeWithSHA1And3-KeyTripleDES-CBC", "sha1", [2_048, 2_048]),
                Pkcs12Target::OpenSsl11 => ("AES-256-CBC", "sha256", [20_000, 20_000]),
            };
            assert!(info.contains(&format!("MAC: {mac}, Iteration {}", iterations[1])), "{context}: {info}");
            // One for each key, and one for all certificates.
            let parts = info.lines().filter(|line| {
                line.contains(cipher) && line.contains(&format!("Iteration {}", iterations[0]))
            });
            assert_eq!(parts.count(), SPECS.len() + 1, "{context}: {info}");
            assert_eq!(info.contains("PRF hmacWithSHA256"), !legacy, "{context}");

            let text = bench.openssl("pkcs12 -in ours.p12 -nodes -passin file:password");
            let text = String::from_utf8_lossy(&text).into_owned();
            assert_eq!(text.matches("BEGIN PRIVATE KEY").count(), SPECS.len(), "{context}");
            // The leaves, the intermediate, and the root that is trusted and in all chains.
            assert_eq!(text.matches("BEGIN CERTIFICATE").count(), SPECS.len() + 2, "{context}");
            for entry in &entries[..SPECS.len()] {
                let key = &entry.key_pair().unwrap().key;
                let pem = certwright_encoding::pem::to_pem("PRIVATE KEY", key.to_pkcs8_der().as_bytes());
                let found = certwright_encoding::pem::parse_pem(text.as_bytes());
                let same = |der: &[u8]| {
                    PrivateKey::from_pkcs8_der(der).is_ok_and(|found| found.public_key() == key.public_key())
                };
                assert!(found.blocks.iter().any(|block| same(&block.der)), "{context}: {pem}");
            }

            let copy = "-importkeystore -noprompt -srckeystore ours.p12 -srcstorepass:file password -destkeystore copy.p12 -deststorepass secret2";
            let output =
                bench.run("keytool", &format!("-J-Dfile.encoding=UTF-8 -J-Duser.language=en {copy}"));
            let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
            if !is_password_for_java(&password) {
                // Its message is wrong: it is the alphabet of the password that it does not take.
                assert!(said.contains("password was incorrect"), "{context}: {said}");
                let trouble = target.password_trouble(&password);
                let is_for_java = matches!(target, Pkcs12Target::Modern | Pkcs12Target::Java8);
                assert_eq!(trouble, is_for_java.then_some(PasswordTrouble::JavaTakesAsciiOnly));
                continue;
            }
            assert!(output.status.success(), "{context}: {said}");
            let copied = read(&bench.read("copy.p12"), "secret2");
            std::fs::remove_file(bench.path("copy.p12")).unwrap();
            assert_eq!(copied.key_pairs.len(), SPECS.len(), "{context}: {said}");
            for entry in &entries[..SPECS.len()] {
                let pair = entry.key_pair().unwrap();
                let alias = entry.alias.to_lowercase();
                let found =
                    copied.key_pairs.iter().find(|found| found.alias.as_deref() == Some(alias.as_str()));
                let found = found.unwrap_or_else(|| panic!("{context} {alias}"));
                assert_eq!(found.key.public_key(), pair.key.public_key(), "{context}");
                assert_eq!(found.chain, pair.chain, "{context} {alias}");
            }
            let trusted: Vec<_> = copied.certificates.iter().filter(|found| found.java_trusted).collect();
            assert_eq!(trusted.len(), 1, "{context}: {said} {copied:?}");
            assert_eq!(trusted[0].certificate, ca.root);
        }
    }
}

#[test]
fn what_openssl_writes_we_read() {
    let bench = Bench::new();
    bench.openssl("dsaparam -out dsa.params 2048");
    for (options, algorithm) in [
        ("rsa:2048", KeyAlgorithm::Rsa { bits: 2048 }),
        ("ec -pkeyopt ec_paramgen_curve:P-256", KeyAlgorithm::EcP256),
        ("ec -pkeyopt ec_paramgen_curve:P-384", KeyAlgorithm::EcP384),
        ("ec -pkeyopt ec_paramgen_curve:P-521", KeyAlgorithm::EcP521),
        ("ed25519", KeyAlgorithm::Ed25519),
        ("dsa:dsa.params", KeyAlgorithm::Dsa { bits: 2048 }),
        ("ec -pkeyopt ec_paramgen_curve:secp256k1", KeyAlgorithm::Other { oid: "1.3.132.0.10".into() }),
    ] {
        bench.openssl(&format!(
            "req -x509 -newkey {options} -nodes -keyout key.pem -out leaf.pem -subj /CN=a"
        ));
        let public = bench.certificate("leaf.pem").public_key().unwrap();
        for password in passwords() {
            bench.write("password", format!("{password}\n").as_bytes());
            for way in [
                "",
                "-legacy",
                "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 -iter 2000",
                "-keypbe AES-256-CBC -certpbe AES-256-CBC -macalg sha256 -iter 10000",
            ] {
                bench.openssl(&format!(
                    "pkcs12 -export -inkey key.pem -in leaf.pem -name It -passout file:password -out out.p12 {way}"
                ));
                let file = bench.read("out.p12");
                let contents = read(&file, &password);
                let [pair] = contents.key_pairs.as_slice() else {
                    panic!("{way} {password:?}: {contents:?}")
                };
                assert_eq!((pair.alias.as_deref(), pair.key.algorithm()), (Some("It"), algorithm.clone()));
                assert_eq!(pair.key.public_key(), &public);
                assert_eq!(pair.chain.len(), 1);
                let weak = Remark::WeakEncryption { oid: "1.2.840.113549.1.12.1.6".into() };
                let remarks = if way == "-legacy" { vec![weak] } else { Vec::new() };
                assert_eq!(contents.remarks, remarks, "{way} {password:?}");
                let wrong = parse_pkcs12(&file, &Passwords::from(Password::new("wrong"))).map(|_| ());
                assert_eq!(wrong, Err(ReadPkcs12Error::WrongPassword), "{way} {password:?}");
            }
        }
    }
}

#[test]
fn what_keytool_writes_we_read() {
    let bench = Bench::new();
    for (number, (password, options)) in [
        ("secret1", ""),
        ("secret1", "-J-Dkeystore.pkcs12.legacy"),
        (&*"x123456789".repeat(10), ""),
        (&*"x123456789".repeat(10), "-J-Dkeystore.pkcs12.legacy"),
    ]
    .into_iter()
    .enumerate()
    {
        let store = format!("-keystore {number}.p12 -storepass {password} {options}");
        let keys = [
            ("rsa", "-keyalg RSA -keysize 2048", KeyAlgorithm::Rsa { bits: 2048 }),
            ("p256", "-keyalg EC -groupname secp256r1", KeyAlgorithm::EcP256),
            ("p384", "-keyalg EC -groupname secp384r1", KeyAlgorithm::EcP384),
            ("p521", "-keyalg EC -groupname secp521r1", KeyAlgorithm::EcP521),
            ("ed25519", "-keyalg Ed25519", KeyAlgorithm::Ed25519),
            ("dsa", "-keyalg DSA -keysize 2048", KeyAlgorithm::Dsa { bits: 2048 }),
        ];
        for (alias, how, _) in &keys {
            bench.keytool(&format!("-genkeypair {store} -alias {alias} -dname CN={alias} {how}"));
        }
        let contents = read(&bench.read(&format!("{number}.p12")), password);
        assert_eq!(contents.key_pairs.len(), keys.len(), "{options}: {contents:?}");
        for (alias, _, algorithm) in keys {
            let found = contents.key_pairs.iter().find(|pair| pair.alias.as_deref() == Some(alias)).unwrap();
            assert_eq!((found.key.algorithm(), found.chain.len()), (algorithm, 1));
        }
    }
    // keytool itself takes neither of these.
    bench.write("password", "pässwörd\n".as_bytes());
    let output = bench.run("keytool", "-J-Dfile.encoding=UTF-8 -J-Duser.language=en -genkeypair -keystore no.p12 -storepass:file password -alias a -dname CN=a -keyalg EC");
    assert!(String::from_utf8_lossy(&output.stdout).contains("Password is not ASCII"));
    bench.write("password", b"\n");
    let output = bench.run("keytool", "-J-Duser.language=en -genkeypair -keystore no.p12 -storepass:file password -alias a -dname CN=a -keyalg EC");
    assert!(!output.status.success());
}

#[test]
fn secret_keys_in_both_directions() {
    let bench = Bench::new();
    let store = "-keystore java.p12 -storepass secret1";
    let keys = [
        ("aes", "AES", 256),
        ("desede", "DESede", 168),
        ("hmac", "HmacSHA256", 256),
        ("sha1", "HmacSHA1", 160),
    ];
    for (alias, algorithm, bits) in keys {
        bench.keytool(&format!("-genseckey {store} -alias {alias} -keyalg {algorithm} -keysize {bits}"));
    }
    let contents = read(&bench.read("java.p12"), "secret1");
    assert_eq!(contents.secret_keys.len(), keys.len());
    let mut entries = Vec::new();
    for ((alias, algorithm, bits), found) in keys.into_iter().zip(&contents.secret_keys) {
        assert_eq!((found.alias.as_deref(), found.key.algorithm.as_str()), (Some(alias), algorithm));
        let with_parity = if algorithm == "DESede" { 192 } else { bits };
        assert_eq!(found.key.bits(), with_parity);
        assert!(found.created_ms.is_some());
        entries.push(Entry::new(alias, Content::SecretKey(found.key.clone()), 1));
    }
    let own = SecretKey::new("AES", SecretBytes::new(vec![7; 16]));
    entries.push(Entry::new("own", Content::SecretKey(own), 1));
    let entries: Vec<&Entry> = entries.iter().collect();
    for target in [Pkcs12Target::Modern, Pkcs12Target::Java8] {
        let file = generate_pkcs12(&entries, target, &Password::new("secret1"), &mut rng()).unwrap();
        bench.write("ours.p12", &file);
        let listing = bench.keytool("-list -keystore ours.p12 -storepass secret1");
        assert_eq!(listing.matches("SecretKeyEntry").count(), entries.len(), "{listing}");
        bench.keytool("-importkeystore -noprompt -srckeystore ours.p12 -srcstorepass secret1 -destkeystore copy.p12 -deststorepass secret2 -destkeypass secret2");
        let copied = read(&bench.read("copy.p12"), "secret2");
        std::fs::remove_file(bench.path("copy.p12")).unwrap();
        assert_eq!(copied.secret_keys.len(), entries.len());
        for (entry, found) in entries.iter().zip(&copied.secret_keys) {
            let Content::SecretKey(key) = &entry.content else { panic!("{entry:?}") };
            assert_eq!((found.alias.as_deref(), &found.key), (Some(entry.alias.as_str()), key));
        }
        // openssl shows the bags and opens the rest.
        bench.openssl("pkcs12 -in ours.p12 -nodes -passin pass:secret1");
    }
}
