//! `certwright convert`: every format from every other, with the tools that made the one and have to read the other.

use std::fs;

use certwright_tests::authority::{Authority, Reply};
use certwright_tests::openssl;
use serde_json::{Value, json};

use crate::{Desk, keytool, text};

const PASSWORD: &str = "changeit-77";

/// Targets of `convert`, and what reads the file: openssl, keytool with this type, or both.
const TARGETS: [(&str, bool, Option<&str>); 8] = [
    ("pkcs12", true, Some("PKCS12")),
    ("pkcs12 --target java8", true, Some("PKCS12")),
    ("pkcs12 --target windows-server-2016", true, Some("PKCS12")),
    ("pkcs12 --target macos", true, None),
    ("pkcs12 --target openssl11", true, None),
    ("jks", false, Some("JKS")),
    ("jceks", false, Some("JCEKS")),
    ("pem", true, None),
];

/// A desk with the key and the chain of a client, `key.pem` and `chain.pem` (root last), made by openssl.
fn desk(key_options: &[&str]) -> Desk {
    let desk = Desk::new();
    let company = Authority::new("Company");
    let (key, request) = (desk.name("key.pem"), desk.name("request.csr"));
    openssl::run([&["genpkey", "-quiet", "-out", &key][..], key_options].concat());
    openssl::run(["req", "-new", "-key", &key, "-subj", "/O=Company/CN=batch-client", "-out", &request]);
    let leaf = company.sign(&fs::read(&request).unwrap());
    fs::write(desk.path("chain.pem"), company.reply(&leaf, Reply::ReversedChain)).unwrap();
    desk.set_mode("key.pem", 0o600);
    desk
}

fn public_key(desk: &Desk, file: &str, password: &str) -> String {
    openssl::text(["pkey", "-in", &desk.name(file), "-passin", &format!("pass:{password}"), "-pubout"])
}

/// What openssl finds in a PKCS#12 file: the public half of its key, and its certificates in number.
fn openssl_reads(desk: &Desk, file: &str, password: &str) -> (String, usize) {
    let (pass, all) = (format!("pass:{password}"), format!("{file}-in-clear.pem"));
    openssl::run(["pkcs12", "-in", &desk.name(file), "-passin", &pass, "-nodes", "-out", &desk.name(&all)]);
    let certificates = fs::read_to_string(desk.path(&all)).unwrap().matches("BEGIN CERTIFICATE").count();
    (public_key(desk, &all, ""), certificates)
}

/// What keytool finds in a keystore: it opens the key, and openssl looks at what it wrote.
fn keytool_reads(desk: &Desk, file: &str, kind: &str, password: &str) -> (String, usize) {
    let (source, copied) = (desk.name(file), format!("{file}-copy.p12"));
    let copy = desk.name(&copied);
    let _ = fs::remove_file(&copy);
    keytool(&[
        "-importkeystore",
        "-noprompt",
        "-srckeystore",
        &source,
        "-srcstoretype",
        kind,
        "-srcstorepass",
        password,
        "-destkeystore",
        &copy,
        "-deststoretype",
        "PKCS12",
        "-deststorepass",
        "for-the-copy",
    ]);
    openssl_reads(desk, &copied, "for-the-copy")
}

#[test]
fn every_key_into_every_format() {
    let keys = [
        ("RSA 2048", &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"][..]),
        ("EC P-256", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
        ("EC P-521", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"]),
        ("Ed25519", &["-algorithm", "ED25519"]),
    ];
    // Side by side: most of the time goes by while keytool starts.
    std::thread::scope(|scope| {
        for (name, options) in keys {
            scope.spawn(move || into_every_format(name, options));
        }
    });
}

fn into_every_format(name: &str, options: &[&str]) {
    let desk = desk(options);
    desk.private("password", PASSWORD);
    let key = public_key(&desk, "key.pem", "");
    for (number, (target, by_openssl, by_keytool)) in TARGETS.into_iter().enumerate() {
        let file = format!("out-{number}");
        desk.yes(&format!(
            "convert @key.pem @chain.pem --out-password-file @password --to {target} --out @{file}"
        ));
        let expected = (key.clone(), 3);
        if by_openssl && target != "pem" {
            assert_eq!(openssl_reads(&desk, &file, PASSWORD), expected, "{name} to {target}: openssl");
        }
        if let Some(kind) = by_keytool {
            assert_eq!(keytool_reads(&desk, &file, kind, PASSWORD), expected, "{name} to {target}: keytool");
        }
        if target == "pem" {
            assert_eq!(public_key(&desk, &file, PASSWORD), key, "{name}");
            let text = fs::read_to_string(desk.path(&file)).unwrap();
            assert!(text.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"), "{name}: {text}");
            assert_eq!(text.matches("BEGIN CERTIFICATE").count(), 3);
        }
        // From there into all others, by way of what Certwright reads of its own.
        let back = desk.json(&format!(
            "convert @{file} --password-file @password --to pem --plain --force --out @back.pem"
        ));
        assert_eq!(
            back["entries"],
            json!([{ "alias": "batch-client", "kind": "key_pair" }]),
            "{name}: {target}"
        );
        assert_eq!(public_key(&desk, "back.pem", ""), key, "{name} back from {target}");
    }
}

#[test]
fn what_other_tools_wrote() {
    let desk = desk(&["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]);
    desk.private("password", PASSWORD);
    let key = public_key(&desk, "key.pem", "");
    let (key_file, chain, pass) = (desk.name("key.pem"), desk.name("chain.pem"), format!("pass:{PASSWORD}"));
    let made = |file: &str, options: &[&str]| {
        let out = desk.name(file);
        let start = ["pkcs12", "-export", "-inkey", &key_file, "-in", &chain, "-name", "Batch Client"];
        openssl::run([&start[..], &["-passout", &pass, "-out", &out], options].concat());
    };
    made("openssl.p12", &[]);
    made("openssl-old.p12", &["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"]);
    made("openssl-nomac.p12", &["-nomac"]);
    for (file, kind) in [("java.jks", "JKS"), ("java.jceks", "JCEKS"), ("java.p12", "PKCS12")] {
        keytool(&[
            "-importkeystore",
            "-noprompt",
            "-srckeystore",
            &desk.name("openssl.p12"),
            "-srcstoretype",
            "PKCS12",
            "-srcstorepass",
            PASSWORD,
            "-destkeystore",
            &desk.name(file),
            "-deststoretype",
            kind,
            "-deststorepass",
            PASSWORD,
        ]);
    }
    openssl::run([
        "rsa",
        "-aes256",
        "-traditional",
        "-in",
        &key_file,
        "-passout",
        &pass,
        "-out",
        &desk.name("old.pem"),
    ]);
    openssl::run([
        "pkcs8",
        "-topk8",
        "-in",
        &key_file,
        "-scrypt",
        "-passout",
        &pass,
        "-out",
        &desk.name("scrypt.pem"),
    ]);
    let all = [
        "@openssl.p12",
        "@openssl-old.p12",
        "@openssl-nomac.p12",
        "@java.jks",
        "@java.jceks",
        "@java.p12",
        "@old.pem @chain.pem",
        "@chain.pem @scrypt.pem",
    ];
    let (desk, key) = (&desk, key.as_str());
    for sources in all {
        for source in sources.split(' ').filter(|source| *source != "@chain.pem") {
            desk.set_mode(source.trim_start_matches('@'), 0o600);
        }
    }
    std::thread::scope(|scope| {
        for (number, sources) in all.into_iter().enumerate() {
            scope.spawn(move || is_converted(desk, key, sources, &format!("out-{number}")));
        }
    });
}

fn is_converted(desk: &Desk, key: &str, sources: &str, out: &str) {
    for (to, kind) in [("pkcs12", "PKCS12"), ("jks", "JKS"), ("jceks", "JCEKS")] {
        // The output has the password of the input.
        let made =
            desk.json(&format!("convert {sources} --password-file @password --to {to} --force --out @{out}"));
        assert_eq!(made["entries"].as_array().unwrap().len(), 1, "{sources} to {to}: {made}");
        assert_eq!(keytool_reads(desk, out, kind, PASSWORD), (key.to_owned(), 3), "{sources} to {to}");
    }
    desk.yes(&format!("convert {sources} --password-file @password --to pkcs7 --force --out @{out}"));
    let printed =
        openssl::text(["pkcs7", "-inform", "DER", "-in", &desk.name(out), "-print_certs", "-noout"]);
    assert_eq!(printed.matches("subject=").count(), 3, "{sources}: {printed}");
}

#[test]
fn passwords_of_every_kind() {
    let desk = desk(&["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    let key = public_key(&desk, "key.pem", "");
    let long = "0123456789".repeat(10);
    for (password, ascii) in
        [("changeit", true), (long.as_str(), true), ("pässwörd", false), ("ლ(ಠ益ಠლ)", false)]
    {
        desk.private("password", &format!("{password}\n"));
        let convert = |to: &str| {
            desk.run(&format!(
                "convert @key.pem @chain.pem --out-password-file @password --to {to} --force --out @out"
            ))
        };
        let expected = (key.clone(), 3);
        for target in ["pkcs12", "pkcs12 --target windows-server-2016", "pkcs12 --target openssl11"] {
            let output = convert(target);
            assert_eq!(output.status.code(), Some(0), "{password} {target}: {output:?}");
            assert_eq!(openssl_reads(&desk, "out", password), expected, "{password} {target}");
            // Java 17 cannot open such a PKCS#12 file, which is said where Java is among the readers.
            assert_eq!(
                output.stderr.is_empty(),
                ascii || target != "pkcs12",
                "{password} {target}: {output:?}"
            );
        }
        assert_eq!(convert("jks").status.code(), Some(0), "{password}");
        assert_eq!(keytool_reads(&desk, "out", "JKS", password), expected, "{password} JKS");
        assert_eq!(convert("pem").status.code(), Some(0), "{password}");
        assert_eq!(public_key(&desk, "out", password), key, "{password} PEM");
        let output = convert("jceks");
        if ascii {
            assert_eq!(keytool_reads(&desk, "out", "JCEKS", password), expected, "{password} JCEKS");
        } else {
            let words = String::from_utf8(output.stderr).unwrap();
            assert!(output.status.code() == Some(2) && words.contains("ASCII"), "{password}: {words}");
        }
        // And back again.
        fs::remove_file(desk.path("out")).unwrap();
        convert("pkcs12");
        desk.yes("convert @out --password-file @password --to pem --plain --force --out @back.pem");
        assert_eq!(public_key(&desk, "back.pem", ""), key, "{password}");
    }
}

#[test]
fn several_keystores_become_one() {
    let desk = Desk::new();
    let store = |file: &str, kind: &str, alias: &str, password: &str, name: &str| {
        let file = desk.name(file);
        keytool(&[
            "-genkeypair",
            "-keystore",
            &file,
            "-storetype",
            kind,
            "-alias",
            alias,
            "-keyalg",
            "EC",
            "-dname",
            name,
            "-storepass",
            password,
            "-keypass",
            password,
        ]);
    };
    store("a.jks", "JKS", "Web", "password-a", "CN=a");
    store("a.jks", "JKS", "only-a", "password-a", "CN=only-a");
    store("b.p12", "PKCS12", "web", "password-b", "CN=b");
    let root = Authority::new("Company");
    fs::copy(root.root(), desk.path("root.pem")).unwrap();
    for (name, password) in [("a", "password-a"), ("b", "password-b")] {
        desk.private(name, password);
    }
    desk.set_mode("a.jks", 0o600);
    desk.set_mode("b.p12", 0o600);
    let output = desk.run(
        "convert @a.jks @b.p12 @root.pem @a.jks --password-file @b --password-file @a --to pkcs12 --out @all.p12 --json",
    );
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("“web-2”"), "{words}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["renamed"][0], json!({ "from": "web", "file": desk.name("b.p12"), "to": "web-2" }));
    // The password is that of the first file, wherever it stands in the list.
    let listed = keytool(&["-list", "-keystore", &desk.name("all.p12"), "-storepass", "password-a"]);
    for (alias, kind) in [
        ("web", "PrivateKeyEntry"),
        ("only-a", "PrivateKeyEntry"),
        ("web-2", "PrivateKeyEntry"),
        ("company root", "trustedCertEntry"),
    ] {
        assert!(
            listed.lines().any(|line| line.starts_with(&format!("{alias},")) && line.contains(kind)),
            "{listed}"
        );
    }
    assert!(listed.contains("contains 4 entries"), "what is there twice counts once: {listed}");

    // Some of it, in another order, as text; and one entry under another name.
    desk.yes(
        "convert @all.p12 --password-file @a --to pem --alias WEB-2 --alias only-a --plain --out @some.pem",
    );
    let text = fs::read_to_string(desk.path("some.pem")).unwrap();
    let names: Vec<&str> =
        text.lines().filter_map(|line| line.trim().strip_prefix("friendlyName: ")).collect();
    assert_eq!(names, ["web-2", "only-a"]);
    desk.yes(
        "convert @some.pem --out-password-file @a --to jks --alias only-a --name Renamed --out @one.jks",
    );
    let listed = keytool(&["-list", "-keystore", &desk.name("one.jks"), "-storepass", "password-a"]);
    assert!(listed.contains("contains 1 entry") && listed.contains("renamed,"), "{listed}");
}

#[test]
fn an_entry_with_a_password_of_its_own() {
    let desk = Desk::new();
    let store = desk.name("own.jks");
    let common = ["-keystore", &store, "-storetype", "JKS", "-storepass", "store-password"];
    for (alias, password) in [("one", "key-password"), ("two", "store-password")] {
        let start = ["-genkeypair", "-alias", alias, "-keyalg", "EC", "-dname", "CN=x", "-keypass", password];
        keytool(&[&start[..], &common].concat());
    }
    desk.set_mode("own.jks", 0o600);
    desk.private("store", "store-password");
    desk.private("key", "key-password");
    let words = desk.no("convert @own.jks --password-file @store --to pkcs12 --out @half.p12", 1);
    assert!(words.contains("“one”") && words.contains("password of its own"), "{words}");
    let words = desk.no("convert @own.jks --password-file @store --alias one --to pkcs12 --out @no.p12", 2);
    assert!(words.contains("password of its own"), "{words}");
    assert!(!desk.path("no.p12").exists());
    desk.yes("convert @own.jks --password-file @store --alias two --to pkcs12 --out @two.p12");
    desk.yes("convert @own.jks --password-file @key --password-file @store --to pkcs12 --out @all.p12");
    let listed = keytool(&["-list", "-keystore", &desk.name("all.p12"), "-storepass", "store-password"]);
    assert!(listed.contains("contains 2 entries"), "{listed}");
}

#[test]
fn a_reply_finds_its_key_and_takes_the_place_of_what_was_there() {
    let desk = Desk::new();
    let company = Authority::new("Company");
    let store = desk.name("store.p12");
    let common = ["-keystore", &store, "-storepass", PASSWORD, "-alias", "client"];
    keytool(&[&["-genkeypair", "-keyalg", "RSA", "-dname", "CN=batch-client"], &common[..]].concat());
    let request = keytool(&[&["-certreq"], &common[..]].concat());
    let issued = company.sign(request.as_bytes());
    desk.set_mode("store.p12", 0o600);
    desk.private("password", PASSWORD);
    for (number, form) in
        [Reply::Leaf, Reply::ReversedChain, Reply::Pkcs7, Reply::Pkcs7Pem].into_iter().enumerate()
    {
        fs::write(desk.path("reply"), company.reply(&issued, form)).unwrap();
        let with_issuers = if form == Reply::Leaf { text(&company.bundle()) } else { String::new() };
        let made = desk.json(&format!(
            "convert @store.p12 @reply {with_issuers} --password-file @password --to pkcs12 --out @new-{number}.p12"
        ));
        assert_eq!(made["entries"], json!([{ "alias": "client", "kind": "key_pair" }]), "{form:?}");
        let file = desk.name(&format!("new-{number}.p12"));
        let listed = keytool(&["-list", "-v", "-keystore", &file, "-storepass", PASSWORD]);
        assert!(listed.contains("Certificate chain length: 3"), "{form:?}: {listed}");
    }
}
