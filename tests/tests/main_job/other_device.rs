//! The PKCS#12 file on another device: a browser with a fresh profile. Bad files each have their sentence, and change nothing.

use std::collections::BTreeSet;

use certwright_tests::browser::{Browser, Kind};
use certwright_tests::flow::Dropped;
use certwright_tests::openssl;
use certwright_tests::page::{id, id_with};

use crate::{EC, FILE_PASSWORD, WRONG_PASSWORD, World};

pub(crate) fn imports_the_key(world: &World) {
    let browser = Browser::start(Kind::Chromium);
    browser.open_page(&world.recorder.address());
    let file = std::fs::read(world.files.path().join(format!("{EC}.p12"))).unwrap();
    bad_files_have_their_sentences(world, &browser, &file);

    let dropped = browser.drop_and_look(&[("erp.p12", &file)]);
    assert_eq!(dropped.problem_kinds(), ["password_needed"], "{dropped:?}");
    let dropped = open_with(&browser, WRONG_PASSWORD, "password_wrong");
    assert!(dropped.items.is_empty(), "{dropped:?}");
    browser.click(&id("import-cancel"));
    assert_eq!(browser.rows(), []);

    browser.drop_and_look(&[("erp.p12", &file)]);
    browser.fill(&id("import-password"), FILE_PASSWORD);
    browser.click(&id("import-password-submit"));
    let item = browser.wait_for(&id_with("found-item", "data-kind", "key_pair"));
    assert_eq!(item.attribute("data-proposal"), "key_pair");
    browser.confirm_import(EC);
    assert_eq!(browser.rows(), [(EC.to_owned(), "complete".to_owned())]);

    // It is there already: a second import says so.
    browser.drop_and_look(&[("erp.p12", &file)]);
    browser.fill(&id("import-password"), FILE_PASSWORD);
    browser.click(&id("import-password-submit"));
    browser.wait_for(&id_with("problem", "data-kind", "key_already_there"));
    browser.click(&id("import-cancel"));
    assert_eq!(browser.rows().len(), 1);

    a_file_made_by_openssl(world, &browser);

    // In memory only: a reload, and it is gone.
    browser.reload();
    browser.wait_until_ready();
    browser.wait_for_persistence("memory_only");
    assert_eq!(browser.rows(), []);
    assert_eq!(crate::traffic::severe(&browser), Vec::<String>::new());
}

/// Types a password and waits for what the page says to it.
fn open_with(browser: &Browser, password: &str, expected: &str) -> Dropped {
    browser.fill(&id("import-password"), password);
    browser.click(&id("import-password-submit"));
    browser.wait_for(&id_with("problem", "data-kind", expected));
    browser.looked()
}

fn bad_files_have_their_sentences(world: &World, browser: &Browser, good: &[u8]) {
    let certificate = std::fs::read(world.files.path().join(format!("{EC}.cer"))).unwrap();
    let mut damaged = certificate.clone();
    damaged.truncate(certificate.len() * 2 / 3);
    let mut words = BTreeSet::new();
    for (name, content, expected) in [
        ("truncated.p12", good.get(..good.len() / 2).unwrap(), "file_damaged"),
        ("truncated.cer", damaged.as_slice(), "file_damaged"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01", "not_recognised"),
        ("page.html", b"<!doctype html><p>Please sign in</p>", "not_recognised"),
        ("empty.p12", b"", "file_empty"),
    ] {
        let dropped = browser.drop_and_look(&[(name, content)]);
        assert_eq!(dropped.problem_kinds(), [expected], "{name}: {dropped:?}");
        let text = dropped.problems.first().unwrap().text.clone();
        assert!(text.contains(name), "{name} is not named: {text}");
        assert!(words.insert(text.replace(name, "")), "{name} has a sentence that another has too: {text}");
        if name == "truncated.p12" {
            browser.picture("damaged-file-1280");
        }
        browser.click(&id("import-cancel"));
        assert_eq!(browser.rows(), [], "{name}");
    }
}

/// The other way round: a PKCS#12 file as openssl writes it.
fn a_file_made_by_openssl(world: &World, browser: &Browser) {
    let client = world.company.client_certificate("made by openssl");
    let (key, leaf, chain) =
        (client.key.to_str().unwrap(), client.leaf.to_str().unwrap(), world.company.bundle());
    let password = format!("pass:{FILE_PASSWORD}");
    let file = openssl::run([
        "pkcs12",
        "-export",
        "-inkey",
        key,
        "-in",
        leaf,
        "-certfile",
        chain.to_str().unwrap(),
        "-name",
        "from-openssl",
        "-passout",
        &password,
    ]);
    browser.drop_and_look(&[("openssl.pfx", &file)]);
    browser.fill(&id("import-password"), FILE_PASSWORD);
    browser.click(&id("import-password-submit"));
    browser.wait_for(&id_with("found-item", "data-proposal", "key_pair"));
    browser.confirm_import("from-openssl");
    assert_eq!(browser.entry_state_after_closing("from-openssl"), "complete");
}
