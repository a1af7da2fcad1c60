//! Key, request, certificate, keystore, one after the other as people do it, with openssl and keytool as judges at every step.

use certwright_tests::authority::{Authority, Reply};
use certwright_tests::openssl;
use serde_json::Value;

use crate::{Desk, keytool};

/// Types of keys that openssl 3.0 and Java 17 know.
const TYPES: [&str; 6] = ["rsa-2048", "rsa-3072", "ec-p256", "ec-p384", "ec-p521", "ed25519"];
const PASSWORD: &str = "changeit-77";

/// A desk with a root (`root.pem`, `root.key`) and an authority below it (`inter.pem`, `inter.key`), all made here.
fn with_authority() -> Desk {
    let desk = Desk::new();
    desk.yes("key new --type ec-p384 --out @root.key");
    desk.yes(
        "certificate new --key @root.key --subject CN=Desk~Root,O=Example~GmbH,C=DE --ca --out @root.pem",
    );
    desk.yes("key new --type rsa-2048 --out @inter.key");
    desk.yes(
        "request new --key @inter.key --subject /C=DE/O=Example~GmbH/CN=Desk~Authority --ca --out @inter.csr",
    );
    desk.yes(
        "sign --issuer @root.pem --issuer-key @root.key --request @inter.csr --ca --path-length 0 --out @inter.pem",
    );
    desk
}

fn openssl_text(arguments: &[&str]) -> String {
    openssl::text(arguments)
}

fn verifies(desk: &Desk, certificate: &str, purpose: &str) {
    let (yes, words) = openssl::says_yes([
        "verify",
        "-x509_strict",
        "-purpose",
        purpose,
        "-CAfile",
        &desk.name("root.pem"),
        "-untrusted",
        &desk.name("inter.pem"),
        &desk.name(certificate),
    ]);
    assert!(yes, "{certificate}: {words}");
}

#[test]
fn from_key_to_keystore_for_every_type() {
    let desk = with_authority();
    desk.private("password", PASSWORD);
    for kind in TYPES {
        let made = desk.json(&format!("key new --type {kind} --out @{kind}.key --password-file @password"));
        assert_eq!(made["encrypted"], Value::Bool(true));
        let request = desk.json(&format!(
            "request new --key @{kind}.key --password-file @password --purpose both --out @{kind}.csr \
             --subject CN=erp.example.com,OU=A+OU=B,O=Käse~GmbH,C=DE --san DNS:erp.example.com,IP:10.0.0.1 --san UPN:user@corp.example"
        ));
        assert_eq!(request["subject"], "CN=erp.example.com,OU=A+OU=B,O=Käse GmbH,C=DE");
        let (yes, words) =
            openssl::says_yes(["req", "-in", &desk.name(&format!("{kind}.csr")), "-verify", "-noout"]);
        assert!(yes && words.contains("OK"), "{kind}: {words}");

        desk.yes(&format!(
            "sign --issuer @inter.pem --issuer-key @inter.key --request @{kind}.csr --days 30 --out @{kind}.pem"
        ));
        verifies(&desk, &format!("{kind}.pem"), "sslclient");
        verifies(&desk, &format!("{kind}.pem"), "sslserver");
        let printed = openssl_text(&["x509", "-in", &desk.name(&format!("{kind}.pem")), "-noout", "-text"]);
        for wanted in
            ["DNS:erp.example.com", "IP Address:10.0.0.1", "TLS Web Client Authentication", "CA:FALSE"]
        {
            assert!(printed.contains(wanted), "{kind}: {wanted} in {printed}");
        }

        // The chain was written with the certificate, so nothing is missing for Java.
        desk.yes(&format!(
            "convert @{kind}.key @{kind}.pem --to pkcs12 --name {kind} --password-file @password --out @{kind}.p12"
        ));
        let listed = keytool(&[
            "-list",
            "-v",
            "-keystore",
            &desk.name(&format!("{kind}.p12")),
            "-storepass",
            PASSWORD,
        ]);
        assert!(listed.contains("Certificate chain length: 3"), "{kind}: {listed}");
        assert!(listed.contains(&format!("Alias name: {kind}")), "{kind}: {listed}");
        let (public, again) = (
            openssl_text(&["x509", "-in", &desk.name(&format!("{kind}.pem")), "-noout", "-pubkey"]),
            public_key_in(&desk, &format!("{kind}.p12")),
        );
        assert_eq!(public, again, "{kind}");
    }
}

/// The public half of a PKCS#12 file's key, as openssl sees it.
fn public_key_in(desk: &Desk, file: &str) -> String {
    let (file, pass) = (desk.name(file), format!("pass:{PASSWORD}"));
    let key = desk.name("key-in-clear.pem");
    openssl::run(["pkcs12", "-in", &file, "-passin", &pass, "-nocerts", "-nodes", "-out", &key]);
    openssl_text(&["pkey", "-in", &key, "-pubout"])
}

#[test]
fn new_keys_in_every_format() {
    let desk = Desk::new();
    desk.private("password", PASSWORD);
    let pass = format!("pass:{PASSWORD}");
    for kind in ["rsa-2048", "ec-p256", "ec-p521"] {
        for format in ["pkcs8", "traditional"] {
            for (options, label) in [("", "plain"), (" --password-file @password", "encrypted")] {
                let name = format!("{kind}-{format}-{label}.pem");
                desk.yes(&format!("key new --type {kind} --format {format} --out @{name}{options}"));
                openssl::run(["pkey", "-in", &desk.name(&name), "-passin", &pass, "-check", "-noout"]);
                let text = std::fs::read_to_string(desk.path(&name)).unwrap();
                assert_eq!(text.contains("ENCRYPTED"), label == "encrypted", "{name}");
                assert_eq!(text.contains("BEGIN RSA") || text.contains("BEGIN EC"), format == "traditional");
            }
        }
    }
    desk.yes("key new --type ed25519 --format pkcs8-der --out @ed.der");
    openssl::run(["pkey", "-inform", "DER", "-in", &desk.name("ed.der"), "-noout"]);
    // Formats that openssl does not know are read by Certwright again; ssh-keygen is not everywhere.
    for (kind, format) in [("ed25519", "openssh"), ("rsa-2048", "jwk"), ("ml-dsa-65", "pkcs8")] {
        let made = desk.json(&format!("key new --type {kind} --format {format} --out @{kind}.{format}"));
        let found: Value =
            serde_json::from_str(&desk.yes(&format!("inspect --json @{kind}.{format}"))).unwrap();
        assert_eq!(found[0]["report"]["key_pairs"][0]["spki_pin"], made["spki_pin"], "{kind} {format}");
        assert_eq!(found[0]["report"]["key_pairs"][0]["key"], made["key"]);
    }
}

#[test]
fn a_request_is_like_a_certificate() {
    let desk = Desk::new();
    let company = Authority::new("Company");
    let old = company.client_certificate("batch-client");
    std::fs::copy(&old.leaf, desk.path("old.pem")).unwrap();
    std::fs::copy(&old.key, desk.path("old.key")).unwrap();
    desk.set_mode("old.key", 0o600);
    desk.yes("key new --type ec-p256 --out @new.key");
    desk.private("challenge", "revoke me");
    desk.yes(
        "request new --key @new.key --like @old.pem --san new.example.com --challenge-password-file @challenge \
         --signature sha384 --out @new.csr",
    );
    let subject = |kind: &str, file: &str| {
        openssl_text(&[
            kind,
            "-in",
            &desk.name(file),
            "-noout",
            "-subject",
            "-nameopt",
            "RFC2253,dump_all,dump_der",
        ])
    };
    assert_eq!(subject("x509", "old.pem"), subject("req", "new.csr"), "to the byte");
    let printed = openssl_text(&["req", "-in", &desk.name("new.csr"), "-noout", "-text", "-verify"]);
    for wanted in [
        "TLS Web Client Authentication",
        "DNS:new.example.com",
        "revoke me",
        "ecdsa-with-SHA384",
        "Digital Signature",
    ] {
        assert!(printed.contains(wanted), "{wanted} in {printed}");
    }
    assert_eq!(desk.mode("new.csr"), 0o600, "it holds a password");
    assert!(!desk.yes("inspect @new.csr").contains("revoke me"), "told, and not shown");

    // The authority's word on it comes back, and finds its key.
    let issued = company.sign(&std::fs::read(desk.path("new.csr")).unwrap());
    let reply = company.reply(&issued, Reply::Pkcs7);
    std::fs::write(desk.path("reply.p7b"), reply).unwrap();
    desk.private("password", PASSWORD);
    let made =
        desk.json("convert @new.key @reply.p7b --to pkcs12 --out-password-file @password --out @new.p12");
    assert_eq!(made["entries"][0]["alias"], "batch-client");
    assert_eq!(made["entries"].as_array().unwrap().len(), 1, "the issuers are in its chain");
}

#[test]
fn what_a_request_asks_for_is_honoured_as_wished() {
    let desk = with_authority();
    desk.yes("key new --type ec-p256 --out @key.pem");
    desk.yes("request new --key @key.pem --subject CN=x --san x.example.com --purpose server --out @x.csr");
    let sign = |options: &str| {
        desk.json(&format!(
            "sign --issuer @inter.pem --issuer-key @inter.key --request @x.csr --force --out @x.pem {options}"
        ))
    };
    let all = sign("");
    assert_eq!(all["subject_alternative_names"], serde_json::json!(["DNS:x.example.com"]));
    assert_eq!(all["extended_key_usage"], serde_json::json!(["serverAuth"]));
    let none = sign("--no-honour --purpose client --subject CN=y,O=Example --san y.example.com");
    assert_eq!(none["subject"], "CN=y,O=Example");
    assert_eq!(none["subject_alternative_names"], serde_json::json!(["DNS:y.example.com"]));
    assert_eq!(none["extended_key_usage"], serde_json::json!(["clientAuth"]));
    let names = sign("--honour san --purpose both --signature pss-sha512");
    assert_eq!(names["subject_alternative_names"], serde_json::json!(["DNS:x.example.com"]));
    assert_eq!(names["extended_key_usage"], serde_json::json!(["clientAuth", "serverAuth"]));
    verifies(&desk, "x.pem", "sslclient");
    let printed = openssl_text(&["x509", "-in", &desk.name("x.pem"), "-noout", "-text"]);
    assert!(printed.contains("rsassaPss") && printed.contains("mgf1 with sha512"), "{printed}");
    // Asking for an authority is not getting one, unless the issuer says so.
    desk.yes("request new --key @key.pem --subject CN=greedy --ca --force --out @x.csr");
    assert_eq!(sign("--honour all")["is_ca"], false);
    assert_eq!(sign("")["is_ca"], false);
    desk.no("sign --issuer @inter.pem --issuer-key @inter.key --request @x.csr --honour basic-constraints --out @no.pem", 2);
    let authority = desk.json(
        "sign --issuer @root.pem --issuer-key @root.key --request @x.csr --honour basic-constraints,all --out @ca.pem",
    );
    assert_eq!(
        (&authority["is_ca"], &authority["key_usage"][0]),
        (&Value::Bool(true), &Value::from("keyCertSign"))
    );
    for (format, arguments) in [("der", ["x509", "-inform", "DER"]), ("pkcs7", ["pkcs7", "-inform", "DER"])] {
        sign(&format!("--format {format}"));
        openssl::run(arguments.into_iter().chain(["-in", &desk.name("x.pem"), "-noout"]));
    }
}

#[test]
fn an_issuer_in_a_java_keystore_signs_too() {
    let desk = Desk::new();
    let store = desk.name("ca.jks");
    let common = ["-keystore", &store, "-storetype", "JKS", "-storepass", PASSWORD, "-keypass", PASSWORD];
    let make = |alias: &str, name: &str, extra: &[&str]| {
        let start = ["-genkeypair", "-alias", alias, "-keyalg", "EC", "-dname", name];
        keytool(&[&start[..], &common, extra].concat());
    };
    make(
        "authority",
        "CN=Java CA",
        &["-ext", "bc:c=ca:true", "-ext", "ku:c=keyCertSign", "-validity", "900"],
    );
    make("somebody", "CN=somebody", &[]);
    desk.set_mode("ca.jks", 0o600);
    desk.private("password", PASSWORD);
    desk.yes("key new --type ec-p256 --out @key.pem");
    desk.yes("request new --key @key.pem --subject CN=x --out @x.csr --format der");
    // Of two keys one may issue, so that is the one.
    desk.yes("sign --issuer @ca.jks --password-file @password --request @x.csr --out @x.pem");
    let words = desk.no(
        "sign --issuer @ca.jks --password-file @password --alias somebody --request @x.csr --out @y.pem",
        2,
    );
    assert!(words.contains("not that of a certification authority"), "{words}");
    let root = keytool(&[&["-exportcert", "-rfc", "-alias", "authority"], &common[..6]].concat());
    std::fs::write(desk.path("root.pem"), root).unwrap();
    let (yes, words) = openssl::says_yes(["verify", "-CAfile", &desk.name("root.pem"), &desk.name("x.pem")]);
    assert!(yes, "{words}");
    // Without an alias a request may be meant for either.
    let words = desk.no("request new --key @ca.jks --password-file @password --subject CN=y --out @y.csr", 2);
    assert!(words.contains("“authority”, “somebody”"), "{words}");
    desk.yes(
        "request new --key @ca.jks --password-file @password --alias Somebody --subject CN=y --out @y.csr",
    );
}

#[test]
fn keys_are_encrypted_in_the_way_that_was_asked_for() {
    let desk = Desk::new();
    desk.private("pw", PASSWORD);
    for (format, algorithm) in
        [("pkcs8-scrypt", "scrypt"), ("pkcs8-3des", "des-ede3-cbc"), ("pkcs8", "aes-256-cbc")]
    {
        desk.yes(&format!(
            "key new --type ec-p256 --format {format} --password-file @pw --out @{format}.pem"
        ));
        let file = desk.name(&format!("{format}.pem"));
        let password = format!("pass:{PASSWORD}");
        assert!(
            openssl_text(&["pkey", "-in", &file, "-passin", &password, "-noout", "-text"])
                .contains("256 bit")
        );
        assert!(openssl_text(&["asn1parse", "-in", &file]).contains(algorithm), "{format}");
    }
}
