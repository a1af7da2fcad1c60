//! What is listed of a keystore: duplicates, the inventory, the calendar.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use certwright_keys::{KeySpec, SecretBytes};
use certwright_keystore::{
    Content, Entry, KeyPair, Keystore, SecretKey,
    calendar::to_calendar,
    duplicates::{Duplicate, DuplicateGroup, find_duplicates},
    inventory::{InventoryChain, InventoryKind, inventory, to_inventory_csv},
};
use support::{Ca, key_entry, trusted_entry};

fn secret_entry(alias: &str, byte: u8) -> Entry {
    Entry::new(alias, Content::SecretKey(SecretKey::new("AES", SecretBytes::new(vec![byte; 32]))), 3)
}

#[test]
fn what_is_there_twice() {
    let ca = Ca::new("Acme");
    let pair = ca.key_pair(KeySpec::EcP256, "CN=client");
    let self_signed = ca.root.clone();
    let mut keystore = Keystore::new();
    keystore.insert(secret_entry("s1", 1)).unwrap();
    keystore.insert(key_entry("client", pair.clone())).unwrap();
    keystore.insert(trusted_entry("issuing", &ca.intermediate)).unwrap();
    keystore.insert(trusted_entry("root", &self_signed)).unwrap();
    keystore.insert(secret_entry("s2", 2)).unwrap();
    // A trusted certificate is also in the chain of the key pair, and that is as it should be.
    assert_eq!(find_duplicates(&keystore), []);

    keystore.insert(key_entry("same key, pending", KeyPair::new(pair.key))).unwrap();
    keystore.insert(trusted_entry("root again", &self_signed)).unwrap();
    keystore.insert(key_entry("other", ca.key_pair(KeySpec::EcP256, "CN=client"))).unwrap();
    keystore.insert(secret_entry("s3", 1)).unwrap();
    keystore.insert(trusted_entry("and again", &self_signed)).unwrap();
    let group = |what, aliases: &[&str]| DuplicateGroup {
        what,
        aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
    };
    assert_eq!(
        find_duplicates(&keystore),
        [
            group(Duplicate::SecretKey, &["s1", "s3"]),
            group(Duplicate::PrivateKey, &["client", "same key, pending"]),
            group(Duplicate::TrustedCertificate, &["root", "root again", "and again"]),
        ]
    );
}

#[test]
fn rows_of_the_inventory() {
    let ca = Ca::new("=Acme");
    let client = ca.key_pair(KeySpec::EcP384, "CN=client,O=Acme\\, Inc.");
    let leaf = client.chain[0].clone();
    let lone = ca.key_pair(KeySpec::EcP256, "CN=lone");
    let stranger = Ca::new("Stranger");
    let mut keystore = Keystore::new();
    let (pending, _) = ca.request(KeySpec::EcP256, "CN=pending");
    keystore.insert(key_entry("pending", KeyPair::new(pending))).unwrap();
    keystore.insert(secret_entry("secret", 1)).unwrap();
    keystore.insert(key_entry("client, \"the first\"", client)).unwrap();
    // Its issuers are in the chain of the other.
    keystore.insert(key_entry("-lone", KeyPair { chain: vec![lone.chain[0].clone()], ..lone })).unwrap();
    keystore.insert(trusted_entry("root", &ca.root)).unwrap();
    keystore.insert(trusted_entry("stranger", &stranger.intermediate)).unwrap();
    keystore.lock_entry("root", 7).unwrap();

    let day = 86_400;
    let rows = inventory(&keystore, leaf.not_after() - 30 * day);
    let of = |position: usize| &rows[position];
    assert_eq!(
        rows.iter().map(|row| row.alias.as_str()).collect::<Vec<_>>(),
        ["client, \"the first\"", "-lone", "root", "stranger"]
    );
    assert_eq!((of(0).kind, &of(0).chain), (InventoryKind::KeyPair, &InventoryChain::Complete));
    assert_eq!((of(0).owner.as_str(), of(0).subject.as_str()), ("client", "CN=client,O=Acme\\, Inc."));
    assert_eq!((of(0).key.as_str(), of(0).days_left, of(0).locked), ("EC P-384", 30, false));
    assert_eq!((of(0).not_before, of(0).not_after), (leaf.not_before(), leaf.not_after()));
    assert_eq!(of(0).serial, leaf.serial_hex());
    assert_eq!(of(1).chain, InventoryChain::Complete);
    assert_eq!((of(2).kind, &of(2).chain), (InventoryKind::TrustedCertificate, &InventoryChain::SelfSigned));
    assert!(of(2).locked);
    assert_eq!(of(3).chain, InventoryChain::Incomplete { missing: stranger.root.subject().to_rfc4514() });
    // The last day is 0, and what has expired counts down.
    assert_eq!(inventory(&keystore, leaf.not_after())[0].days_left, 0);
    assert_eq!(inventory(&keystore, leaf.not_after() + 1)[0].days_left, -1);

    ca.bench.write("leaf.der", leaf.der());
    let shown = ca.bench.openssl("x509 -in leaf.der -inform DER -noout -fingerprint -sha256");
    let shown = String::from_utf8(shown).unwrap();
    assert_eq!(shown.trim().rsplit('=').next().unwrap(), of(0).sha256);

    let csv = to_inventory_csv(&rows, false);
    assert_eq!(format!("\u{feff}{csv}"), to_inventory_csv(&rows, true));
    let lines: Vec<&str> = csv.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 5);
    assert!(lines[0].starts_with("Alias,Type,Owner,Subject,Issuer,"));
    assert!(
        lines[1].starts_with("\"client, \"\"the first\"\"\",Key pair,client,\"CN=client,O=Acme\\, Inc.\","),
        "{}",
        lines[1]
    );
    assert!(lines[1].ends_with(",complete,no"), "{}", lines[1]);
    assert!(lines[2].starts_with("'-lone,Key pair,lone,"), "{}", lines[2]);
    assert!(lines[3].ends_with(",self-signed,yes"), "{}", lines[3]);
    // Python's reader is a stranger to all this.
    ca.bench.write("inventory.csv", csv.as_bytes());
    ca.bench.write(
        "read.py",
        b"import csv\nrows = list(csv.reader(open('inventory.csv', newline='', encoding='utf-8')))\nassert all(len(row) == 15 for row in rows)\nprint(rows[1][0])\n",
    );
    let output = ca.bench.run("python3", "read.py");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "client, \"the first\"\n");
}

#[test]
fn a_calendar_of_what_expires() {
    let ca = Ca::new("Acme");
    let client = ca.key_pair(KeySpec::EcP256, "CN=client\\, the first\\;x,O=Acme");
    let leaf = client.chain[0].clone();
    let mut keystore = Keystore::new();
    keystore.insert(trusted_entry("root", &ca.root)).unwrap();
    keystore.insert(trusted_entry("root; again", &ca.root)).unwrap();
    keystore.insert(key_entry("client", client)).unwrap();
    keystore.insert(secret_entry("secret", 1)).unwrap();
    let now = 1_767_225_600;
    let calendar = to_calendar(keystore.iter(), now, &[7, 30, 7]).unwrap();
    assert!(calendar.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:"));
    assert!(calendar.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"));
    assert!(calendar.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')));
    let unfolded = calendar.replace("\r\n ", "");
    let lines: Vec<&str> = unfolded.split_terminator("\r\n").collect();
    let values = |name: &str| -> Vec<&str> {
        lines.iter().filter_map(|line| line.strip_prefix(name)?.strip_prefix(':')).collect()
    };
    // The client's certificate expires first, though it comes last; the root is one event, though it is there twice.
    let hex = |bytes: [u8; 32]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert_eq!(
        values("UID"),
        [&leaf, &ca.root].map(|c| format!("{}@certwright", hex(c.fingerprint_sha256())))
    );
    assert_eq!(
        values("SUMMARY"),
        ["Certificate “client” expires", "Trusted certificate “root”\\, “root\\; again” expires"]
    );
    assert_eq!(values("DTSTAMP"), ["20260101T000000Z"; 2]);
    assert_eq!(values("TRIGGER"), ["-P30D", "-P7D", "-P30D", "-P7D"]);
    ca.bench.write("leaf.der", leaf.der());
    let shown = ca.bench.openssl("x509 -in leaf.der -inform DER -noout -enddate -dateopt iso_8601");
    let end: String = String::from_utf8(shown).unwrap().chars().filter(char::is_ascii_digit).collect();
    assert_eq!(values("DTSTART")[0], format!("{}T{}Z", &end[..8], &end[8..]));
    assert!(
        values("DESCRIPTION")[0].contains("Subject: CN=client\\\\\\, the first\\\\\\;x\\,O=Acme\\n"),
        "{unfolded}"
    );

    let after = to_calendar(keystore.iter(), leaf.not_after() + 1, &[]).unwrap();
    assert_eq!((after.matches("BEGIN:VEVENT").count(), after.matches("BEGIN:VALARM").count()), (1, 0));
    assert_eq!(to_calendar(keystore.iter(), ca.root.not_after() + 1, &[7]), None);
    assert_eq!(to_calendar(Keystore::new().iter(), now, &[7]), None);
}
