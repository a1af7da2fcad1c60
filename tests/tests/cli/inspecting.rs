//! `certwright inspect`: what is in files, also those of Java.

mod things;

use certwright_protocol::report::Inspection;
use certwright_protocol::view::FileRemark;
use certwright_tests::authority::{Authority, Reply};
use certwright_tests::openssl;
use certwright_tests::program::certwright_output;

use crate::{Desk, text};

const PASSWORD: &str = "a password 1";

fn inspect(arguments: &[&str]) -> (i32, Vec<Inspection>) {
    let mut all = vec!["inspect"];
    all.extend(arguments);
    let for_people = certwright_output(&all);
    all.push("--json");
    let output = certwright_output(&all);
    assert_eq!(for_people.status.code(), output.status.code(), "{for_people:?}\n{output:?}");
    let inspections =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    (output.status.code().unwrap(), inspections)
}

#[test]
fn files_are_inspected() {
    let company = Authority::new("Company");
    let client = company.client_certificate("batch-client");
    let (key, leaf, chain) = (text(&client.key), text(&client.leaf), text(&client.chain));
    let (p12, p7b) = (text(&company.path("client.p12")), text(&company.path("reply.p7b")));
    let bundle = text(&company.bundle());
    openssl::run([
        "pkcs12",
        "-export",
        "-inkey",
        &key,
        "-in",
        &leaf,
        "-certfile",
        &bundle,
        "-name",
        "batch",
        "-passout",
        &format!("pass:{PASSWORD}"),
        "-out",
        &p12,
    ]);
    std::fs::write(&p7b, company.reply(&client.leaf, Reply::Pkcs7)).unwrap();

    let (status, found) = inspect(&[&chain, &p7b, &key]);
    assert_eq!((status, found.len()), (0, 3));
    let counts: Vec<(usize, usize)> = found
        .iter()
        .map(|one| one.report.as_ref().unwrap())
        .map(|report| (report.certificates.len(), report.key_pairs.len()))
        .collect();
    assert_eq!(counts, [(2, 0), (3, 0), (0, 1)]);

    let password_file = company.path("password");
    std::fs::write(&password_file, format!("{PASSWORD}\n")).unwrap();
    for options in [["--password", PASSWORD], ["--password-file", password_file.to_str().unwrap()]] {
        let (status, found) = inspect(&[&[p12.as_str()], options.as_slice()].concat());
        assert_eq!(status, 0);
        let report = found.first().unwrap().report.as_ref().unwrap();
        let pair = report.key_pairs.first().unwrap();
        assert_eq!((pair.alias.as_deref(), pair.key.as_str()), (Some("batch"), "RSA 2048"));
        assert!(pair.certificates.first().unwrap().subject.contains("CN=batch-client"));
    }
}

#[test]
fn files_that_cannot_be_read_are_status_2() {
    let company = Authority::new("Company");
    let client = company.client_certificate("batch-client");
    let (key, leaf, p12) = (text(&client.key), text(&client.leaf), company.path("client.p12"));
    let password = format!("pass:{PASSWORD}");
    openssl::run([
        "pkcs12",
        "-export",
        "-inkey",
        &key,
        "-in",
        &leaf,
        "-passout",
        &password,
        "-out",
        &text(&p12),
    ]);
    let truncated = company.path("truncated.p12");
    let whole = std::fs::read(&p12).unwrap();
    std::fs::write(&truncated, whole.get(..whole.len() / 2).unwrap()).unwrap();

    let mut kinds = Vec::new();
    for arguments in [
        vec![text(&p12)],
        vec![text(&p12), "--password".into(), "not the password".into()],
        vec![text(&truncated), "--password".into(), PASSWORD.into()],
    ] {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let (status, found) = inspect(&arguments);
        assert_eq!(status, 2, "{arguments:?}");
        let problem = found.first().unwrap().problem.clone().unwrap();
        let kind = serde_json::to_value(&problem).unwrap().get("kind").unwrap().as_str().unwrap().to_owned();
        kinds.push(kind);
    }
    assert_eq!(kinds, ["password_needed", "password_wrong", "file_damaged"]);

    // One that can be read beside one that cannot: the good one is shown all the same.
    let (status, found) = inspect(&[&leaf, &text(&truncated)]);
    assert_eq!(status, 2);
    assert_eq!(found.iter().map(|one| one.report.is_some()).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn a_keystore_is_told_as_far_as_its_passwords_open_it() {
    let desk = Desk::new();
    let store = desk.name("own.jceks");
    let common = ["-keystore", &store, "-storetype", "JCEKS", "-storepass", "store-password"];
    for (command, alias, algorithm, extra) in [
        ("-genkeypair", "one", "EC", &["-dname", "CN=one", "-keypass", "key-password"][..]),
        ("-genkeypair", "two", "RSA", &["-dname", "CN=two", "-keypass", "store-password"]),
        ("-genseckey", "aes", "AES", &["-keysize", "256", "-keypass", "store-password"]),
    ] {
        crate::keytool(&[&[command, "-alias", alias, "-keyalg", algorithm], extra, &common].concat());
    }
    desk.private("key", "key-password");
    // Java keeps entries in an order of its own.
    let names = |list: Vec<Option<String>>| {
        list.into_iter().flatten().collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    for (options, opened, secret, locked) in [
        (&[][..], &[][..], &[][..], &["aes", "one", "two"][..]),
        (&["--password", "store-password"], &["two"], &["aes"], &["one"]),
        (
            &["--password", "store-password", "--password-file", &desk.name("key")],
            &["one", "two"],
            &["aes"],
            &[],
        ),
        (&["--password", "key-password", "--password", "store-password"], &["one", "two"], &["aes"], &[]),
    ] {
        let (status, found) = inspect(&[&[store.as_str()], options].concat());
        assert_eq!(status, 0, "{options:?}: {found:?}");
        let report = found.first().unwrap().report.clone().unwrap();
        let public = report.locked.iter().filter(|entry| !entry.secret);
        assert!(public.clone().all(|entry| entry.certificates.len() == 1), "the public part is there");
        assert_eq!(
            names(report.key_pairs.into_iter().map(|pair| pair.alias).collect()),
            opened,
            "{options:?}"
        );
        assert_eq!(
            names(report.secret_keys.into_iter().map(|key| key.alias).collect()),
            secret,
            "{options:?}"
        );
        assert_eq!(
            names(report.locked.into_iter().map(|entry| entry.alias).collect()),
            locked,
            "{options:?}"
        );
        assert_eq!(report.remarks.contains(&FileRemark::IntegrityNotChecked), options.is_empty());
    }
    let words = desk.yes("inspect @own.jceks --password store-password");
    for wanted in
        ["Secret key “aes”: AES, 256 bits", "Key pair “two”: RSA", "Key pair “one”: not opened", "CN=one"]
    {
        assert!(words.contains(wanted), "{wanted} in {words}");
    }
}

#[test]
fn public_keys_and_odd_files_are_told() {
    let desk = Desk::new();
    desk.yes("key new --type rsa-2048 --out @key.pem");
    desk.yes("certificate new --key @key.pem --subject CN=x --ca --out @root.pem");
    openssl::run(["pkey", "-in", &desk.name("key.pem"), "-pubout", "-out", &desk.name("public.pem")]);
    let (status, found) = inspect(&[&desk.name("public.pem"), &desk.name("key.pem")]);
    let reports: Vec<_> = found.into_iter().map(|one| one.report.unwrap()).collect();
    assert_eq!(status, 0);
    assert_eq!(reports[0].public_keys[0].spki_pin, reports[1].key_pairs[0].spki_pin);
    // A PKCS#12 file with a certificate that Java does not see.
    let store = desk.name("store.p12");
    openssl::run([
        "pkcs12",
        "-export",
        "-nokeys",
        "-in",
        &desk.name("root.pem"),
        "-name",
        "root",
        "-passout",
        "pass:x",
        "-out",
        &store,
    ]);
    let (_, found) = inspect(&[&store, "--password", "x"]);
    let remarks = found[0].report.clone().unwrap().remarks;
    assert!(
        remarks.iter().any(|remark| matches!(remark, FileRemark::NotVisibleToJava { .. })),
        "{remarks:?}"
    );
    assert!(desk.yes("inspect @store.p12 --password x").contains("Java does not see “"));
}
