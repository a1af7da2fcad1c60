//! What the tests of the single formats leave of the table: types of keys × containers × passwords, in both directions with
//! the real openssl and keytool.
//!
//! PKCS#12 under every password is in `pkcs12_matrix.rs`, JKS and JCEKS in `jks_keytool.rs`. Here are PEM and PKCS#7; keys that are kept
//! and never used (DSA, secp256k1) in every container; Java with its older settings; and stores that Java converts.
//! What a tool refuses is stated, so that it shows when that changes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use certwright_certs::Certificate;
use certwright_encoding::pem::{parse_pem, to_pem};
use certwright_keys::{
    KeyAlgorithm, KeyFormat, Password, Passwords, PrivateKey, read::read_private_key, write::WriteKeyError,
};
use certwright_keystore::{
    Contents, Entry, KeyPair,
    jceks::generate_jceks,
    jks::generate_jks,
    open::parse_file,
    pem_bundle::{WritePemError, generate_pem},
    pkcs7::{parse_pkcs7, to_pkcs7},
    pkcs12::{Pkcs12Target, generate_pkcs12},
};
use support::{Bench, key_entry, rng};

const ASCII: &str = "secret1";

fn others_than_ascii() -> [String; 4] {
    [String::new(), "pässwörd".to_owned(), "ლ(ಠ益ಠლ)".to_owned(), "x123456789".repeat(10)]
}

/// A key pair of openssl, in `NAME.key` and `NAME.pem`.
struct Made {
    name: &'static str,
    key: PrivateKey,
    certificate: Certificate,
}

impl Made {
    fn entry(&self) -> Entry {
        let pair = KeyPair { key: self.key.clone(), chain: vec![self.certificate.clone()], request: None };
        key_entry(self.name, pair)
    }

    /// Whether the key can be used, and not only kept.
    fn is_usable(&self) -> bool {
        self.key.cannot_sign().is_none()
    }
}

/// All types of keys.
fn make_all(bench: &Bench) -> Vec<Made> {
    bench.openssl("dsaparam -out dsa.params 1024");
    [
        ("rsa", "rsa:2048", KeyAlgorithm::Rsa { bits: 2048 }),
        ("p256", "ec -pkeyopt ec_paramgen_curve:P-256", KeyAlgorithm::EcP256),
        ("p384", "ec -pkeyopt ec_paramgen_curve:P-384", KeyAlgorithm::EcP384),
        ("p521", "ec -pkeyopt ec_paramgen_curve:P-521", KeyAlgorithm::EcP521),
        ("ed25519", "ed25519", KeyAlgorithm::Ed25519),
        ("dsa", "dsa:dsa.params", KeyAlgorithm::Dsa { bits: 1024 }),
        (
            "k256",
            "ec -pkeyopt ec_paramgen_curve:secp256k1",
            KeyAlgorithm::Other { oid: "1.3.132.0.10".into() },
        ),
    ]
    .into_iter()
    .map(|(name, options, algorithm)| {
        bench.openssl(&format!(
            "req -x509 -newkey {options} -nodes -keyout {name}.key -out {name}.pem -subj /CN={name}"
        ));
        let made = Made {
            name,
            key: bench.key(&format!("{name}.key")),
            certificate: bench.certificate(&format!("{name}.pem")),
        };
        assert_eq!(made.key.algorithm(), algorithm);
        made
    })
    .collect()
}

fn write_password(bench: &Bench, password: &str) {
    bench.write("password", format!("{password}\n").as_bytes());
}

/// The key of a file, as openssl reads it.
fn by_openssl(bench: &Bench, file: &str) -> PrivateKey {
    let der = bench.openssl(&format!("pkey -in {file} -passin file:password -outform DER"));
    read_private_key(&der, None).unwrap()
}

fn open(file: &[u8], password: &str) -> Contents {
    parse_file("", file, &Passwords::from(Password::new(password))).unwrap().contents
}

fn assert_holds(contents: &Contents, made: &[&Made], context: &str) {
    assert_eq!(contents.key_pairs.len(), made.len(), "{context}: {contents:?}");
    for made in made {
        let found = contents.key_pairs.iter().find(|found| found.alias.as_deref() == Some(made.name));
        let found = found.unwrap_or_else(|| panic!("{context}: {} is missing", made.name));
        assert_eq!(found.key.public_key(), made.key.public_key(), "{context}");
        assert_eq!(found.chain, std::slice::from_ref(&made.certificate), "{context}");
    }
}

#[test]
fn pem_in_both_directions() {
    let bench = Bench::new();
    let all = make_all(&bench);
    let under_all_passwords = |made: &Made| made.name == "p256" || made.name == "rsa";
    for password in [ASCII.to_owned()].into_iter().chain(others_than_ascii()) {
        write_password(&bench, &password);
        for made in all.iter().filter(|made| password == ASCII || under_all_passwords(made)) {
            let context = format!("{} {password:?}", made.name);
            let entry = made.entry();
            let secret = Password::new(password.as_str());
            for format in [KeyFormat::Pkcs8EncryptedPem, KeyFormat::TraditionalEncryptedPem] {
                // RSA alone is costly enough for the one, and both for the other.
                if format == KeyFormat::Pkcs8EncryptedPem && password != ASCII && made.name == "rsa" {
                    continue;
                }
                let text = match generate_pem(&[&entry], format, Some(&secret), &mut rng()) {
                    Ok(text) => text,
                    // openssl's own rule for what it encrypts.
                    Err(WritePemError::Key { error: WriteKeyError::PasswordTooShort, .. }) => {
                        assert!(password.is_empty(), "{context}");
                        continue;
                    }
                    // Only PKCS#1 and SEC 1 are older than PKCS#8.
                    Err(WritePemError::Key { error: WriteKeyError::NoPlace { .. }, .. }) => {
                        assert!(format == KeyFormat::TraditionalEncryptedPem, "{context}");
                        assert!(["ed25519", "dsa", "k256"].contains(&made.name), "{context}");
                        continue;
                    }
                    Err(error) => panic!("{context}: {error}"),
                };
                bench.write("ours.pem", text.as_bytes());
                assert_eq!(
                    by_openssl(&bench, "ours.pem").public_key(),
                    made.key.public_key(),
                    "{context} {format:?}"
                );
                let found = open(text.as_bytes(), &password);
                assert_eq!(found.key_pairs[0].chain, std::slice::from_ref(&made.certificate), "{context}");
            }
            for way in [
                "pkcs8 -topk8 -iter 2048",
                "pkcs8 -topk8 -v1 PBE-SHA1-3DES",
                "pkcs8 -topk8 -scrypt -scrypt_N 1024",
                "pkey -traditional -aes256",
            ] {
                let output = bench.run(
                    "openssl",
                    &format!("{way} -in {}.key -passout file:password -out theirs.pem", made.name),
                );
                // openssl has the old encryption for RSA and curves, and there wants four bytes.
                let is_traditional = way.contains("-traditional");
                let is_refused = is_traditional && (made.name == "ed25519" || password.is_empty());
                let said = String::from_utf8_lossy(&output.stderr);
                assert_eq!(output.status.success(), !is_refused, "{context} {way}: {said}");
                if is_refused {
                    continue;
                }
                let theirs = bench.read("theirs.pem");
                let read = read_private_key(&theirs, Some(&Password::new(password.as_str())));
                assert_eq!(
                    read.map(|key| key.public_key().clone()).as_ref(),
                    Ok(made.key.public_key()),
                    "{context} {way}"
                );
                assert!(read_private_key(&theirs, Some(&Password::new("wrong"))).is_err(), "{context} {way}");
            }
        }
    }
}

#[test]
fn pkcs7_in_both_directions() {
    let bench = Bench::new();
    let all = make_all(&bench);
    let certificates: Vec<Certificate> = all.iter().map(|made| made.certificate.clone()).collect();
    bench.write("ours.p7b", &to_pkcs7(&certificates).unwrap());
    let printed = bench.openssl("pkcs7 -inform DER -in ours.p7b -print_certs");
    let by_openssl: Vec<Certificate> =
        parse_pem(&printed).blocks.iter().map(|block| Certificate::from_der(&block.der).unwrap()).collect();
    assert_eq!(by_openssl, certificates);

    let files: String = all.iter().map(|made| format!(" -certfile {}.pem", made.name)).collect();
    bench.openssl(&format!("crl2pkcs7 -nocrl{files} -outform DER -out theirs.p7b"));
    assert_eq!(parse_pkcs7(&bench.read("theirs.p7b")).unwrap(), certificates);
    bench.openssl(&format!("crl2pkcs7 -nocrl{files} -out theirs.pem"));
    assert_eq!(parse_pkcs7(&bench.read("theirs.pem")).unwrap(), certificates);

    let said = bench.keytool("-printcert -file ours.p7b");
    for made in &all {
        assert!(said.contains(&format!("Owner: CN={}", made.name)), "{said}");
    }
}

#[test]
fn kept_keys_in_every_container() {
    let bench = Bench::new();
    let all = make_all(&bench);
    let kept: Vec<&Made> = all.iter().filter(|made| !made.is_usable()).collect();
    assert_eq!(kept.iter().map(|made| made.name).collect::<Vec<_>>(), ["dsa", "k256"]);
    let entries: Vec<Entry> = kept.iter().map(|made| made.entry()).collect();
    let entries: Vec<&Entry> = entries.iter().collect();
    let password = Password::new(ASCII);
    write_password(&bench, ASCII);
    for target in Pkcs12Target::ALL {
        let file = generate_pkcs12(&entries, target, &password, &mut rng()).unwrap();
        assert_holds(&open(&file, ASCII), &kept, &format!("{target:?}"));
        bench.write("ours.p12", &file);
        let text = bench.openssl("pkcs12 -in ours.p12 -nodes -passin file:password");
        let keys: Vec<PrivateKey> = parse_pem(&text)
            .blocks
            .iter()
            .filter(|block| block.label == "PRIVATE KEY")
            .map(|block| PrivateKey::from_pkcs8_der(&block.der).unwrap())
            .collect();
        assert_eq!(keys.len(), kept.len(), "{target:?}");
        for made in &kept {
            assert!(
                keys.iter().any(|key| key.public_key() == made.key.public_key()),
                "{target:?} {}",
                made.name
            );
        }
    }
    for (kind, file) in [
        ("JKS", generate_jks(&entries, &password, &mut rng()).unwrap()),
        ("JCEKS", generate_jceks(&entries, &password, &mut rng()).unwrap()),
    ] {
        assert_holds(&open(&file, ASCII), &kept, kind);
        bench.write("ours.store", &file);
        let listing =
            bench.keytool(&format!("-list -keystore ours.store -storetype {kind} -storepass {ASCII}"));
        for made in &kept {
            assert!(listing.contains(&format!("{}, ", made.name)), "{kind}: {listing}");
        }
        assert_eq!(listing.matches("PrivateKeyEntry").count(), kept.len(), "{kind}: {listing}");
    }
    let text = generate_pem(&entries, KeyFormat::Pkcs8Pem, None, &mut rng()).unwrap();
    assert_holds(&open(text.as_bytes(), ASCII), &kept, "PEM");
}

/// Java as it was before update 301 of version 8: what it writes, and that it reads what is written for it. The copies are
/// made by Java's own `-importkeystore`, each way between its formats.
#[test]
fn java_with_its_older_settings() {
    let bench = Bench::new();
    let all = make_all(&bench);
    let usable: Vec<&Made> = all.iter().filter(|made| made.is_usable() || made.name == "dsa").collect();
    let entries: Vec<Entry> = usable.iter().map(|made| made.entry()).collect();
    let entries: Vec<&Entry> = entries.iter().collect();
    // Without its provider of legacy algorithms openssl opens none of Java's older files.
    let legacy = "-J-Dkeystore.pkcs12.legacy";
    let mut sources: Vec<(String, String, &str, String)> = Vec::new();
    for (number, password) in [ASCII.to_owned(), "x123456789".repeat(10)].into_iter().enumerate() {
        let secret = Password::new(password.as_str());
        for target in [Pkcs12Target::Modern, Pkcs12Target::Java8, Pkcs12Target::OpenSsl11] {
            let name = format!("{target:?}{number}.p12");
            bench.write(&name, &generate_pkcs12(&entries, target, &secret, &mut rng()).unwrap());
            sources.push((name.clone(), format!("{name}.copy"), "PKCS12", password.clone()));
        }
        bench.write(&format!("{number}.jks"), &generate_jks(&entries, &secret, &mut rng()).unwrap());
        sources.push((format!("{number}.jks"), format!("{number}.of-jks"), "PKCS12", password.clone()));
        sources.push((format!("Java8{number}.p12"), format!("{number}.to-jks"), "JKS", password.clone()));
        sources.push((format!("{number}.jks"), format!("{number}.to-jceks"), "JCEKS", password));
    }
    let convert = |(from, to, kind, password): &(String, String, &str, String)| {
        bench.keytool(&format!(
            "{legacy} -importkeystore -noprompt -srckeystore {from} -srcstorepass {password} -destkeystore {to} -deststoretype {kind} -deststorepass {password}"
        ));
    };
    // keytool takes half a second to begin.
    std::thread::scope(|scope| {
        for half in sources.chunks(sources.len().div_ceil(2)) {
            scope.spawn(|| half.iter().for_each(convert));
        }
    });
    for (from, to, kind, password) in &sources {
        let copy = bench.read(to);
        assert_holds(&open(&copy, password), &usable, &format!("{from} as {kind}"));
        if *kind == "PKCS12" {
            write_password(&bench, password);
            let info =
                bench.openssl_info(&format!("pkcs12 -legacy -in {to} -info -noout -passin file:password"));
            assert!(info.contains("pbeWithSHA1And3-KeyTripleDES-CBC"), "{from}: {info}");
            assert!(
                info.contains("pbeWithSHA1And40BitRC2-CBC") && info.contains("MAC: sha1"),
                "{from}: {info}"
            );
        }
    }
}

/// What goes through every container in turn is at its end what it was.
#[test]
fn from_container_to_container() {
    let bench = Bench::new();
    let all = make_all(&bench);
    let made: Vec<&Made> = all.iter().collect();
    let password = Password::new(ASCII);
    let back = |file: &[u8]| -> Vec<Entry> {
        let contents = open(file, ASCII);
        assert_holds(&contents, &made, "on the way");
        let pairs = contents.key_pairs.into_iter();
        pairs
            .map(|found| {
                let pair = KeyPair { key: found.key, chain: found.chain, request: None };
                key_entry(&found.alias.unwrap(), pair)
            })
            .collect()
    };
    let mut entries: Vec<Entry> = all.iter().map(Made::entry).collect();
    for step in 0..5 {
        let borrowed: Vec<&Entry> = entries.iter().collect();
        let file = match step {
            0 => generate_jks(&borrowed, &password, &mut rng()).unwrap(),
            1 => generate_pkcs12(&borrowed, Pkcs12Target::Java8, &password, &mut rng()).unwrap(),
            2 => generate_jceks(&borrowed, &password, &mut rng()).unwrap(),
            3 => generate_pem(&borrowed, KeyFormat::Pkcs8Pem, None, &mut rng()).unwrap().as_bytes().to_vec(),
            _ => generate_pkcs12(&borrowed, Pkcs12Target::Modern, &password, &mut rng()).unwrap(),
        };
        entries = back(&file);
    }
    for (entry, made) in entries.iter().zip(&made) {
        let key = &entry.key_pair().unwrap().key;
        bench.write("end.pem", to_pem("PRIVATE KEY", key.to_pkcs8_der().as_bytes()).as_bytes());
        let public = bench.openssl("pkey -in end.pem -pubout -outform DER");
        let public_at_first = bench.openssl(&format!("pkey -in {}.key -pubout -outform DER", made.name));
        assert_eq!(public, public_at_first, "{}", made.name);
    }
}
