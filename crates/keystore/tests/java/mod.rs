//! Java's own view of keystores, by a small program that it compiles as it runs.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

use certwright_certs::Certificate;
use certwright_keys::KeyAlgorithm;
use certwright_keystore::{Content, Contents, Entry};

use crate::support::Bench;

/// Passwords of every making; the names are for files.
pub(crate) fn passwords() -> Vec<(&'static str, String)> {
    vec![
        ("ascii", "secret1 ~!".to_owned()),
        ("empty", String::new()),
        ("umlaut", "pässwörd".to_owned()),
        ("unicode", "ლ(ಠ益ಠლ)".to_owned()),
        ("long", "0123456789".repeat(10)),
    ]
}

/// Runs jobs of `Stores.java`; gives the lines that each of them prints.
pub(crate) fn run(bench: &Bench, jobs: &[String]) -> Vec<Vec<String>> {
    run_with(bench, jobs, "")
}

/// As [`run`], with the archive of Bouncy Castle.
pub(crate) fn run_with_bouncy_castle(bench: &Bench, jobs: &[String], archive: &str) -> Vec<Vec<String>> {
    run_with(bench, jobs, &format!("-Dorg.bouncycastle.bks.enable_v1=true -cp {archive}"))
}

fn run_with(bench: &Bench, jobs: &[String], options: &str) -> Vec<Vec<String>> {
    bench.write("Stores.java", include_bytes!("Stores.java"));
    bench.write("jobs", jobs.join("\n").as_bytes());
    let arguments = format!("-Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 {options} Stores.java jobs");
    let output = bench.run("java", &arguments);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let mut results: Vec<Vec<String>> = Vec::new();
    for line in text.lines() {
        match line {
            "begin" => results.push(Vec::new()),
            "end" => {}
            line => results.last_mut().unwrap().push(line.to_owned()),
        }
    }
    assert_eq!(results.len(), jobs.len(), "{text}");
    results
}

/// The job that describes a store.
pub(crate) fn describe(kind: &str, file: &str, password: &str, key_password: &str) -> String {
    format!("describe {kind} {file} {} {}", hex(password.as_bytes()), hex(key_password.as_bytes()))
}

/// The job that copies a store.
pub(crate) fn copy(source: (&str, &str, &str), target: (&str, &str, &str), key_password: &str) -> String {
    format!(
        "copy {} {} {} {} {} {} {}",
        source.0,
        source.1,
        hex(source.2.as_bytes()),
        target.0,
        target.1,
        hex(target.2.as_bytes()),
        hex(key_password.as_bytes())
    )
}

/// Hexadecimal as the program takes it.
pub(crate) fn hex(bytes: &[u8]) -> String {
    if bytes.is_empty() { "-".to_owned() } else { plain_hex(bytes) }
}

fn plain_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Our own view of a store, in the words of the program.
pub(crate) fn described(contents: &Contents) -> Vec<String> {
    let mut lines = Vec::new();
    for pair in &contents.key_pairs {
        let algorithm = match pair.key.algorithm() {
            KeyAlgorithm::Rsa { .. } => "RSA",
            KeyAlgorithm::Dsa { .. } => "DSA",
            KeyAlgorithm::EcP256 | KeyAlgorithm::EcP384 | KeyAlgorithm::EcP521 => "EC",
            // Ed448 is one of those that are kept.
            KeyAlgorithm::Ed25519 | KeyAlgorithm::Other { .. } => "EdDSA",
            other => panic!("{other}"),
        };
        let alias = pair.alias.as_deref().unwrap();
        let mut line = format!("{alias} {} key {algorithm}", pair.created_ms.unwrap());
        if let Some(leaf) = pair.chain.first() {
            assert_eq!(pair.key.public_key().spki_der(), leaf.spki_der());
            line.push_str(" fits");
        }
        for certificate in &pair.chain {
            line.push_str(&format!(" {}", fingerprint(certificate)));
        }
        lines.push(line);
    }
    for found in &contents.certificates {
        assert!(found.java_trusted);
        let (alias, date) = (found.alias.as_deref().unwrap(), found.created_ms.unwrap());
        lines.push(format!("{alias} {date} trusted {}", fingerprint(&found.certificate)));
    }
    for secret in &contents.secret_keys {
        let (alias, date) = (secret.alias.as_deref().unwrap(), secret.created_ms.unwrap());
        let key = &secret.key;
        lines.push(format!("{alias} {date} secret {} {}", key.algorithm, plain_hex(key.bytes.as_bytes())));
    }
    assert!(contents.others.is_empty() && contents.locked.is_empty(), "{contents:?}");
    assert!(contents.unusable_keys.is_empty(), "{contents:?}");
    lines.sort();
    lines
}

fn fingerprint(certificate: &Certificate) -> String {
    plain_hex(&certificate.fingerprint_sha256())
}

/// What was found, as entries with their dates.
pub(crate) fn to_entries(contents: &Contents) -> Vec<Entry> {
    let mut entries = Vec::new();
    for pair in &contents.key_pairs {
        let content = Content::KeyPair(certwright_keystore::KeyPair {
            key: pair.key.clone(),
            chain: pair.chain.clone(),
            request: None,
        });
        entries.push(Entry::new(pair.alias.as_deref().unwrap(), content, pair.created_ms.unwrap()));
    }
    for found in &contents.certificates {
        let content = Content::TrustedCertificate(found.certificate.clone());
        entries.push(Entry::new(found.alias.as_deref().unwrap(), content, found.created_ms.unwrap()));
    }
    for secret in &contents.secret_keys {
        let content = Content::SecretKey(secret.key.clone());
        entries.push(Entry::new(secret.alias.as_deref().unwrap(), content, secret.created_ms.unwrap()));
    }
    entries
}
