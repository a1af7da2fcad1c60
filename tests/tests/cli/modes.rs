//! Private keys are read and written only as files that are their owner's alone.

use std::fs;
use std::os::unix::fs::symlink;

use certwright_tests::openssl;

use crate::Desk;

#[test]
fn what_holds_a_key_is_written_for_its_owner() {
    let desk = Desk::new();
    desk.private("password", "changeit-1");
    desk.yes("key new --type ec-p256 --out @key.pem");
    desk.yes("certificate new --key @key.pem --subject CN=x --out @cert.pem");
    desk.yes("request new --key @key.pem --subject CN=x --out @x.csr");
    for (to, mode) in [("pkcs12", 0o600), ("jks", 0o600), ("jceks", 0o600), ("pem", 0o600), ("pkcs7", 0o644)]
    {
        desk.yes(&format!("convert @key.pem @cert.pem --password-file @password --to {to} --out @out.{to}"));
        assert_eq!(desk.mode(&format!("out.{to}")) & 0o477, mode & 0o477, "{to}");
    }
    assert_eq!(desk.mode("key.pem"), 0o600);
    // The rest is up to the umask, under which tests run.
    fs::write(desk.path("usual"), "").unwrap();
    desk.yes("convert @cert.pem --to jks --out-password-file @password --out @truststore.jks");
    for public in ["cert.pem", "x.csr", "out.pkcs7", "truststore.jks"] {
        assert_eq!(desk.mode(public), desk.mode("usual"), "{public}");
    }
    // What was open to all is not when it is overwritten with a key.
    desk.set_mode("usual", 0o666);
    desk.yes("key new --type ec-p256 --force --out @usual");
    assert_eq!(desk.mode("usual"), 0o600);
}

#[test]
fn a_key_that_others_may_read_is_refused() {
    let desk = Desk::new();
    desk.private("password", "changeit-1");
    desk.yes("key new --type ec-p256 --out @key.pem");
    desk.yes("certificate new --key @key.pem --subject CN=x --ca --out @cert.pem");
    desk.yes("request new --key @key.pem --subject CN=y --out @x.csr");
    desk.yes("convert @key.pem @cert.pem --out-password-file @password --to pkcs12 --out @key.p12");
    for mode in [0o644, 0o640, 0o604, 0o620] {
        desk.set_mode("key.pem", mode);
        desk.set_mode("key.p12", mode);
        let files = desk.files();
        for (file, arguments) in [
            ("key.pem", "convert @key.pem @cert.pem --out-password-file @password --to jks --out @out"),
            ("key.p12", "convert @key.p12 --password-file @password --to pem --out @out"),
            ("key.pem", "request new --key @key.pem --subject CN=x --out @out"),
            ("key.pem", "certificate new --key @key.pem --subject CN=x --out @out"),
            ("key.pem", "sign --issuer @cert.pem --issuer-key @key.pem --request @x.csr --out @out"),
            ("key.p12", "sign --issuer @key.p12 --password-file @password --request @x.csr --out @out"),
            ("key.pem", "probe 127.0.0.1:9 --cert @cert.pem --key @key.pem"),
        ] {
            let words = desk.no(arguments, 2);
            let remedy = format!("chmod 600 {}", desk.name(file));
            assert!(words.contains(&remedy) && words.contains(&format!("mode {mode:04o}")), "{words}");
            assert_eq!(words.lines().count(), 1, "{words}");
            assert_eq!(desk.files(), files, "nothing is written: {arguments}");
        }
        // Looking is free, and so is what takes the certificates alone.
        desk.yes("inspect @key.pem");
        desk.yes("convert @key.p12 --password-file @password --to pkcs7 --force --out @chain.p7b");
    }
    desk.set_mode("key.pem", 0o400);
    desk.yes("request new --key @key.pem --subject CN=x --out @out");
}

#[test]
fn a_password_that_others_may_read_is_refused() {
    let desk = Desk::new();
    desk.private("password", "changeit-1");
    desk.set_mode("password", 0o644);
    let words = desk.no("key new --type ec-p256 --out @key.pem --password-file @password", 2);
    assert!(words.contains("holds a password") && words.contains("chmod 600"), "{words}");
    assert_eq!(desk.files(), 1);
}

#[test]
fn nothing_is_overwritten_or_half_written() {
    let desk = Desk::new();
    desk.yes("key new --type ec-p256 --out @key.pem");
    let before = fs::read(desk.path("key.pem")).unwrap();
    let words = desk.no("key new --type ec-p256 --out @key.pem", 2);
    assert!(words.contains("is there already") && words.contains("--force"), "{words}");
    assert_eq!(fs::read(desk.path("key.pem")).unwrap(), before);
    desk.yes("key new --type ec-p256 --out @key.pem --force");
    assert_ne!(fs::read(desk.path("key.pem")).unwrap(), before);
    assert_eq!(desk.files(), 1, "nothing is left beside it");
    // A link is no way around it either.
    symlink(desk.path("nowhere"), desk.path("link")).unwrap();
    desk.no("key new --type ec-p256 --out @link", 2);
    desk.no("key new --type ec-p256 --out @no/such/folder/key.pem", 2);
    desk.no("key new --type ec-p256 --out /dev/null --force", 2);
    assert_eq!(desk.files(), 2);
}

#[test]
fn no_key_is_printed() {
    let desk = Desk::new();
    desk.private("password", "changeit-1");
    let mut printed = desk.yes("key new --type ec-p256 --out @key.pem");
    printed += &desk.yes("certificate new --key @key.pem --subject CN=x --json --out @cert.pem");
    printed += &desk.yes("request new --key @key.pem --subject CN=x --json --out @x.csr");
    for options in ["", " --json"] {
        printed += &desk.yes(&format!(
            "convert @key.pem @cert.pem --out-password-file @password --to pkcs12 --force --out @key.p12{options}"
        ));
        printed += &desk.yes(&format!("inspect @key.pem @cert.pem @x.csr{options}"));
        printed += &desk.yes(&format!("inspect @key.p12 --password-file @password{options}"));
    }
    assert!(!printed.contains("PRIVATE KEY") && !printed.contains("changeit-1"), "{printed}");
    // The scalar, in base64 as it stands in the file and in hexadecimal.
    let text = openssl::text(["pkey", "-in", &desk.name("key.pem"), "-noout", "-text"]);
    let scalar: String = text
        .lines()
        .skip_while(|line| !line.starts_with("priv:"))
        .skip(1)
        .take_while(|line| line.starts_with(' '))
        .flat_map(|line| line.chars().filter(char::is_ascii_hexdigit))
        .collect();
    assert_eq!(scalar.trim_start_matches("00").len(), 64, "{text}");
    let lower = printed.to_lowercase().replace(':', "");
    assert!(!lower.contains(scalar.trim_start_matches("00")));
    let body: String = fs::read_to_string(desk.path("key.pem")).unwrap().lines().skip(1).take(1).collect();
    assert!(!printed.contains(&body));
}
