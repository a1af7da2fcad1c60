//! PKCS#12 against keytool, in both directions.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use certwright_keys::{KeyAlgorithm, KeySpec, Password, secret::Passwords};
use certwright_keystore::{
    Entry,
    pkcs12::{Pkcs12Target, ReadPkcs12Error, generate_pkcs12, is_password_for_java, parse_pkcs12},
};
use support::{Bench, Ca, key_entry, rng, trusted_entry};

#[test]
fn what_keytool_writes() {
    let bench = Bench::new();
    for (number, (options, algorithm)) in [
        ("-keyalg RSA -keysize 2048", KeyAlgorithm::Rsa { bits: 2048 }),
        ("-keyalg EC -groupname secp256r1", KeyAlgorithm::EcP256),
        ("-keyalg EC -groupname secp384r1", KeyAlgorithm::EcP384),
        ("-J-Dkeystore.pkcs12.legacy -keyalg EC -groupname secp256r1", KeyAlgorithm::EcP256),
    ]
    .into_iter()
    .enumerate()
    {
        let store = format!("-keystore {number}.p12 -storetype PKCS12 -storepass secret1");
        bench.keytool(&format!("-genkeypair {store} -alias MyKey -dname CN=java {options}"));
        bench.keytool(&format!("-exportcert {store} -alias mykey -rfc -file self.pem"));
        bench.keytool(&format!("-importcert {store} -noprompt -alias MyRoot -file self.pem"));
        bench.keytool(&format!("-genseckey {store} -alias symmetric -keyalg AES -keysize 128"));
        let contents =
            parse_pkcs12(&bench.read(&format!("{number}.p12")), &Passwords::from(Password::new("secret1")))
                .unwrap();
        let pair = &contents.key_pairs[0];
        assert_eq!(pair.key.algorithm(), algorithm);
        assert_eq!(pair.alias.as_deref(), Some("mykey"));
        assert_eq!(pair.chain, [bench.certificate("self.pem")]);
        assert!(pair.created_ms.unwrap() > 1_600_000_000_000);
        assert_eq!(contents.certificates.len(), 1);
        assert!(contents.certificates[0].java_trusted);
        assert_eq!(contents.certificates[0].alias.as_deref(), Some("MyRoot"));
        let [secret] = contents.secret_keys.as_slice() else { panic!("{contents:?}") };
        assert_eq!(
            (secret.alias.as_deref(), secret.key.to_string()),
            (Some("symmetric"), "AES 128".to_owned())
        );
        assert!(contents.others.is_empty());
        let wrong =
            parse_pkcs12(&bench.read(&format!("{number}.p12")), &Passwords::from(Password::new("secret2")));
        assert_eq!(wrong.map(|_| ()), Err(ReadPkcs12Error::WrongPassword));
    }
}

/// Blocks of `keytool -list -v`, by alias.
fn listed(listing: &str, alias: &str) -> String {
    let start =
        listing.find(&format!("Alias name: {alias}\n")).unwrap_or_else(|| panic!("{alias}:\n{listing}"));
    let block = &listing[start..];
    block.find("*******************************************\n").map_or(block, |end| &block[..end]).to_owned()
}

#[test]
fn keytool_reads_ours() {
    let ca = Ca::new("Acme");
    let other = Ca::new("Other");
    let (pending, _) = ca.request(KeySpec::EcP256, "CN=pending");
    let entries = [
        key_entry("EC Key", ca.key_pair(KeySpec::EcP256, "CN=ec")),
        key_entry("rsa", ca.key_pair(KeySpec::Rsa { bits: 2048 }, "CN=rsa")),
        key_entry("p384", other.key_pair(KeySpec::EcP384, "CN=p384")),
        key_entry("Schlüssel", ca.key_pair(KeySpec::EcP256, "CN=umlaut")),
        trusted_entry("Trusted Root", &ca.root),
        key_entry("pending", certwright_keystore::KeyPair::new(pending)),
    ];
    let entries: Vec<&Entry> = entries.iter().collect();
    for password in ["secret1", "~ !\"§"] {
        let readable = is_password_for_java(&Password::new(password));
        let file =
            generate_pkcs12(&entries, Pkcs12Target::Modern, &Password::new(password), &mut rng()).unwrap();
        ca.bench.write("ours.p12", &file);
        // The command line of keytool depends on the locale; a file does not.
        ca.bench.write("password", password.as_bytes());
        if !readable {
            // Java's message is wrong: it is the alphabet of the password that it does not take.
            let output =
                ca.bench.run("keytool", "-J-Dfile.encoding=UTF-8 -J-Duser.language=en -list -keystore ours.p12 -storepass:file password");
            assert!(String::from_utf8_lossy(&output.stdout).contains("keystore password was incorrect"));
            continue;
        }
        let listing = ca.bench.keytool("-list -v -keystore ours.p12 -storepass:file password");
        for alias in ["ec key", "rsa", "p384", "schlüssel"] {
            let block = listed(&listing, alias);
            assert!(block.contains("Entry type: PrivateKeyEntry"), "{block}");
            assert!(block.contains("Certificate chain length: 3"), "{block}");
            assert!(block.contains("Creation date: Nov 14, 2023"), "{block}");
        }
        assert!(listed(&listing, "trusted root").contains("Entry type: trustedCertEntry"));

        ca.bench.keytool("-importkeystore -noprompt -srckeystore ours.p12 -srcstoretype PKCS12 -srcstorepass:file password -destkeystore copy.p12 -deststoretype PKCS12 -deststorepass secret2 -srcalias rsa -destalias copy");
        let copy =
            parse_pkcs12(&ca.bench.read("copy.p12"), &Passwords::from(Password::new("secret2"))).unwrap();
        let pair = entries[1].key_pair().unwrap();
        assert_eq!(copy.key_pairs[0].key.public_key(), pair.key.public_key());
        assert_eq!(copy.key_pairs[0].chain, pair.chain);
        std::fs::remove_file(ca.bench.path("copy.p12")).unwrap();
    }
}

#[test]
fn an_alias_is_found_in_any_case() {
    let ca = Ca::new("Acme");
    let entry = key_entry("MixedCase", ca.key_pair(KeySpec::EcP256, "CN=a"));
    ca.bench.write(
        "ours.p12",
        &generate_pkcs12(&[&entry], Pkcs12Target::Modern, &Password::new("secret1"), &mut rng()).unwrap(),
    );
    for alias in ["MixedCase", "mixedcase", "MIXEDCASE"] {
        let listing =
            ca.bench.keytool(&format!("-list -keystore ours.p12 -storepass secret1 -alias {alias}"));
        assert!(listing.contains("PrivateKeyEntry"), "{listing}");
    }
}
