//! What is exported is read by the tools that the other side has: openssl and Java's keytool.

use std::path::PathBuf;
use std::process::Command;

use certwright_tests::openssl;
use certwright_tests::page::id;
use certwright_tests::process::output_of;

use crate::{EC, FILE_PASSWORD, RSA, World};

pub(crate) fn are_read_by_others(world: &World) {
    for (alias, subject) in [(EC, "CN = erp-client.example.com"), (RSA, "CN = legacy-client")] {
        let file = export_pkcs12(world, alias);
        let path = file.to_str().unwrap();
        let password = format!("pass:{FILE_PASSWORD}");
        let printed = openssl::text(["pkcs12", "-in", path, "-passin", &password, "-nokeys", "-info"]);
        assert_eq!(printed.matches("BEGIN CERTIFICATE").count(), 3, "{printed}");
        assert!(printed.contains(subject) && printed.contains("Company Root"), "{printed}");
        assert!(printed.contains(&format!("friendlyName: {alias}")), "{printed}");
        let (yes, words) =
            openssl::says_yes(["pkcs12", "-in", path, "-passin", "pass:something else", "-noout"]);
        assert!(!yes && words.contains("Mac verify error"), "{words}");
        the_key_fits_the_certificate(world, &file);

        let mut keytool = Command::new("keytool");
        keytool.args(["-list", "-v", "-storetype", "PKCS12", "-storepass", FILE_PASSWORD, "-keystore", path]);
        let listed = String::from_utf8_lossy(&output_of(keytool.args(["-J-Duser.language=en"]))).into_owned();
        assert!(listed.contains(&format!("Alias name: {alias}")), "{listed}");
        assert!(listed.contains("Entry type: PrivateKeyEntry"), "{listed}");
        assert!(listed.contains("Certificate chain length: 3"), "{listed}");

        the_chain_without_the_key(world, alias, subject);
    }
}

/// Exports an entry with its key, and keeps the file.
fn export_pkcs12(world: &World, alias: &str) -> PathBuf {
    let browser = &world.browser;
    browser.open_entry(alias);
    browser.click(&id("export-p12-open"));
    // Two that differ are no password.
    browser.fill(&id("export-p12-password"), FILE_PASSWORD);
    browser.fill(&id("export-p12-password-again"), "something else");
    browser.click(&id("export-p12"));
    assert_eq!(browser.downloads(), Vec::<String>::new());
    browser.fill(&id("export-p12-password"), FILE_PASSWORD);
    browser.fill(&id("export-p12-password-again"), FILE_PASSWORD);
    if alias == EC {
        world.pictures("export");
    }
    browser.click(&id("export-p12"));
    world.file(&format!("{alias}.p12"), &browser.take_download(&format!("{alias}.p12")))
}

fn the_key_fits_the_certificate(world: &World, file: &std::path::Path) {
    let (path, password) = (file.to_str().unwrap(), format!("pass:{FILE_PASSWORD}"));
    let key = openssl::run(["pkcs12", "-in", path, "-passin", &password, "-nodes", "-nocerts"]);
    let key = world.file("key-of-export.pem", &key);
    let certificate = openssl::run(["pkcs12", "-in", path, "-passin", &password, "-nokeys", "-clcerts"]);
    let certificate = world.file("certificate-of-export.pem", &certificate);
    let of_key = openssl::run(["pkey", "-in", key.to_str().unwrap(), "-pubout"]);
    let of_certificate = openssl::run(["x509", "-in", certificate.to_str().unwrap(), "-noout", "-pubkey"]);
    assert_eq!(of_key, of_certificate);
    std::fs::remove_file(key).unwrap();
}

fn the_chain_without_the_key(world: &World, alias: &str, subject: &str) {
    let browser = &world.browser;
    browser.click(&id("export-p7b"));
    let content = browser.take_download(&format!("{alias}.p7b"));
    let inform = if content.starts_with(b"-----BEGIN") { "PEM" } else { "DER" };
    let file = world.file(&format!("{alias}.p7b"), &content);
    let printed =
        openssl::text(["pkcs7", "-inform", inform, "-in", file.to_str().unwrap(), "-print_certs", "-noout"]);
    assert_eq!(printed.matches("subject=").count(), 3, "{printed}");
    assert!(printed.contains(subject), "{printed}");

    browser.click(&id("export-pem"));
    let text = String::from_utf8(browser.take_download(&format!("{alias}.pem"))).unwrap();
    assert_eq!(text.matches("BEGIN CERTIFICATE").count(), 3, "{text}");
    assert!(!text.contains("PRIVATE KEY"));
    let file = world.file(&format!("{alias}.pem"), text.as_bytes());
    // The certificate is first, so openssl reads that.
    let printed = openssl::text(["x509", "-in", file.to_str().unwrap(), "-noout", "-subject"]);
    assert!(printed.contains(subject), "{printed}");

    browser.click(&id("export-cer"));
    let file = world.file(&format!("{alias}.cer"), &browser.take_download(&format!("{alias}.cer")));
    let printed =
        openssl::text(["x509", "-inform", "DER", "-in", file.to_str().unwrap(), "-noout", "-subject"]);
    assert!(printed.contains(subject), "{printed}");
}
