//! Why not: wrong passwords, algorithms that are not supported, formats without a place for what is wished.

use std::fs;

use certwright_tests::openssl;

use crate::{Desk, keytool};

const PASSWORD: &str = "changeit-77";

/// A desk with `key.pem`, `cert.pem`, `key.p12` under the password in `password`, and another password in `wrong`.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.private("password", PASSWORD);
    desk.private("wrong", "not-it-at-all");
    desk.yes("key new --type rsa-2048 --out @key.pem");
    desk.yes("certificate new --key @key.pem --subject CN=client,O=Example --out @cert.pem");
    desk.yes("convert @key.pem @cert.pem --out-password-file @password --to pkcs12 --out @key.p12");
    desk
}

#[test]
fn wrong_password_is_said_only_when_it_is_the_password() {
    let desk = desk();
    for (to, file) in [("pkcs12", "key.p12"), ("jks", "key.jks"), ("jceks", "key.jceks"), ("pem", "pair.pem")]
    {
        desk.yes(&format!("convert @key.p12 --password-file @password --to {to} --force --out @{file}"));
        let convert = format!("convert @{file} --to pkcs12 --out @out.p12");
        let words = desk.no(&format!("{convert} --password-file @wrong"), 2);
        assert!(words.contains("Wrong password"), "{to}: {words}");
        let words = desk.no(&format!("{convert} --out-password-file @password"), 2);
        assert!(words.contains("A password is needed"), "{to}: {words}");
        // A damaged file is none of the password's business.
        let mut bytes = fs::read(desk.path(file)).unwrap();
        let length = bytes.len();
        bytes.truncate(length / 2);
        fs::write(desk.path("damaged"), bytes).unwrap();
        desk.set_mode("damaged", 0o600);
        let words = desk.no("convert @damaged --password-file @password --to pkcs12 --out @out.p12", 2);
        assert!(!words.contains("Wrong password"), "{to}: {words}");
    }
    let words = desk.no("request new --key @key.p12 --password-file @wrong --subject CN=x --out @x.csr", 2);
    assert!(words.contains("Wrong password"), "{words}");
    assert!(!desk.path("out.p12").exists() && !desk.path("x.csr").exists());
}

#[test]
fn an_unsupported_algorithm_is_named() {
    let desk = desk();
    // Camellia is in no reader but openssl's.
    openssl::run([
        "pkcs8",
        "-topk8",
        "-in",
        &desk.name("key.pem"),
        "-v2",
        "camellia-256-cbc",
        "-passout",
        &format!("pass:{PASSWORD}"),
        "-out",
        &desk.name("camellia.pem"),
    ]);
    desk.set_mode("camellia.pem", 0o600);
    let words = desk.no("convert @camellia.pem --password-file @password --to pkcs12 --out @out.p12", 2);
    assert!(
        words.contains("An algorithm is not supported") && words.contains("1.2.392.200011.61.1.1.1.4"),
        "{words}"
    );
    let words =
        desk.no("request new --key @camellia.pem --password-file @password --subject CN=x --out @x.csr", 2);
    assert!(words.contains("1.2.392.200011.61.1.1.1.4"), "{words}");
}

#[test]
fn what_a_format_cannot_hold_is_said_for_every_entry() {
    let desk = desk();
    let store = desk.name("all.jceks");
    let common = ["-keystore", &store, "-storetype", "JCEKS", "-storepass", PASSWORD, "-keypass", PASSWORD];
    keytool(
        &[&["-genkeypair", "-alias", "pair", "-keyalg", "RSA", "-dname", "CN=pair"], &common[..]].concat(),
    );
    for (alias, algorithm, size) in [("aes", "AES", "256"), ("mac", "HmacSHA256", "256")] {
        let start = ["-genseckey", "-alias", alias, "-keyalg", algorithm, "-keysize", size];
        keytool(&[&start[..], &common].concat());
    }
    desk.set_mode("all.jceks", 0o600);
    for (to, written) in [("jks", 1), ("pem", 1), ("pkcs7", 1), ("pkcs12 --target macos", 1)] {
        let arguments =
            format!("convert @all.jceks --password-file @password --to {to} --force --out @out --json");
        let output = desk.run(&arguments);
        assert_eq!(output.status.code(), Some(1), "{to}: {output:?}");
        let words = String::from_utf8(output.stderr).unwrap();
        assert!(
            words.contains("“aes”") && words.contains("“mac”") && words.contains("a secret key"),
            "{words}"
        );
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["entries"].as_array().unwrap().len(), written, "{to}: {report}");
        let left: Vec<&str> = report["left_out"]
            .as_array()
            .unwrap()
            .iter()
            .map(|left| left["alias"].as_str().unwrap())
            .collect();
        assert_eq!(left, ["aes", "mac"], "{to}");
        assert_eq!(report["left_out"][0]["problem"]["kind"], "format_cannot_hold");
        fs::remove_file(desk.path("out")).unwrap();
    }
    // Where nothing remains, nothing is written.
    let only = "convert @all.jceks --password-file @password --to jks --alias aes --out @out";
    assert!(desk.no(only, 2).contains("a secret key"));
    assert!(!desk.path("out").exists());
    // Where all are held, all is well, and Java finds them.
    desk.yes("convert @all.jceks --password-file @password --to jceks --out @again.jceks");
    desk.yes("convert @all.jceks --password-file @password --to pkcs12 --out @again.p12");
    for (file, kind) in [("again.jceks", "JCEKS"), ("again.p12", "PKCS12")] {
        let listed =
            keytool(&["-list", "-keystore", &desk.name(file), "-storetype", kind, "-storepass", PASSWORD]);
        assert_eq!(listed.matches("SecretKeyEntry").count(), 2, "{listed}");
        assert_eq!(listed.matches("PrivateKeyEntry").count(), 1, "{listed}");
    }
}

#[test]
fn a_key_without_certificate_has_no_place_in_java_keystores() {
    let desk = desk();
    for to in ["jks", "jceks"] {
        let words =
            desk.no(&format!("convert @key.pem --to {to} --out-password-file @password --out @out"), 2);
        assert!(words.contains("a key without a certificate"), "{words}");
    }
    let words = desk.no("convert @key.pem --to pkcs7 --out @out", 2);
    assert!(words.contains("No certificate yet"), "{words}");
}

#[test]
fn wishes_that_make_no_sense() {
    let desk = desk();
    let convert = "convert @key.p12 --password-file @password --out @out";
    for (arguments, wanted) in [
        ("convert @cert.pem --to pkcs12 --out @out".to_owned(), "--out-password-file"),
        (format!("{convert} --to jks --target java8"), "--target"),
        (format!("{convert} --to jks --plain"), "--plain"),
        (format!("{convert} --to pkcs12 --alias nobody"), "No such entry"),
        (format!("{convert} --to pkcs12 --target windows-95"), "windows-server-2016"),
        (format!("{convert} --to der"), "pkcs12"),
        ("key new --type rsa-1024 --out @out".to_owned(), "2048 to 8192"),
        ("key new --type dsa --out @out".to_owned(), "ec-p256"),
        ("key new --type ml-dsa-44 --format openssh --out @out".to_owned(), "ML-DSA-44"),
        (
            "key new --type ec-p256 --format jwk --password-file @password --out @out".to_owned(),
            "never encrypted",
        ),
        ("request new --key @key.pem --out @out".to_owned(), "name nobody"),
        ("request new --key @key.pem --subject CN=x,nonsense --out @out".to_owned(), "At character 6"),
        ("request new --key @key.pem --subject CN=x --signature ed25519 --out @out".to_owned(), "RSA 2048"),
        ("request new --key @key.pem --subject CN=x --san a..b --out @out".to_owned(), "a..b"),
        ("request new --key @key.pem --subject CN=x --key-usage flying --out @out".to_owned(), "flying"),
        ("request new --key @cert.pem --subject CN=x --out @out".to_owned(), "no private key"),
        ("certificate new --key @key.pem --subject CN=x --days 0 --out @out".to_owned(), "at least one day"),
        (
            "sign --issuer @key.p12 --password-file @password --request @cert.pem --out @out".to_owned(),
            "request",
        ),
    ] {
        let words = desk.no(&arguments, 2);
        assert!(words.contains(wanted), "{arguments}: {words}");
        assert!(!desk.path("out").exists(), "{arguments}");
    }
}

#[test]
fn requests_that_are_not_signed() {
    let desk = desk();
    desk.yes(
        "certificate new --key @key.pem --subject CN=Root --ca --path-length 0 --days 10 --out @root.pem",
    );
    desk.yes("key new --type ec-p256 --out @other.pem");
    desk.yes("request new --key @other.pem --subject CN=x --out @x.csr");
    let weak = desk.name("weak.pem");
    openssl::run(["genrsa", "-out", &weak, "1024"]);
    openssl::run(["req", "-new", "-key", &weak, "-subj", "/CN=weak", "-out", &desk.name("weak.csr")]);
    let der = desk.name("x.der");
    openssl::run(["req", "-in", &desk.name("x.csr"), "-outform", "DER", "-out", &der]);
    let mut forged = fs::read(&der).unwrap();
    *forged.last_mut().unwrap() ^= 1;
    fs::write(desk.path("forged.csr"), forged).unwrap();
    let sign = "sign --issuer @root.pem --issuer-key @key.pem --out @out";
    for (options, wanted) in [
        ("--request @forged.csr", "signature does not hold"),
        ("--request @weak.csr", "too weak"),
        ("--request @x.csr --days 11", "outlive its issuer"),
        ("--request @x.csr --ca", "path length is 0"),
        ("--request @x.csr --honour flying", "flying"),
        ("--request @x.csr --issuer-key @other.pem", "cannot be used multiple times"),
    ] {
        let words = desk.no(&format!("{sign} {options}"), 2);
        assert!(words.contains(wanted), "{options}: {words}");
    }
    let words = desk.no("sign --issuer @root.pem --issuer-key @other.pem --request @x.csr --out @out", 2);
    assert!(words.contains("cannot be the issuer") || words.contains("No certificate yet"), "{words}");
    assert!(!desk.path("out").exists());
    // Cut to the issuer's validity it is issued.
    desk.yes(&format!("{sign} --request @x.csr --days 11 --cut-validity"));
}
