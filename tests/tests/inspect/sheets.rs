//! What a sheet says, what is written as a file and what would be printed, beside what openssl says.

use certwright_tests::page::{id, id_with};
use serde_json::Value;

use crate::World;
use crate::authority::HOST;

pub(crate) fn agree_with_openssl(world: &World) {
    let browser = &world.browser;
    world.begin_with(&["leaf.pem"]);
    browser.click(&id("view-details"));
    let sheet = browser.wait_for(&id("sheet")).text;
    let said = |option: &str| {
        let printed = world.authority.run(&["x509", "-in", "leaf.pem", "-noout", option]);
        String::from_utf8(printed).unwrap().trim().rsplit('=').next().unwrap_or_default().to_owned()
    };
    let plain = |text: &str| text.replace([':', ' ', '\n'], "").to_uppercase();
    for option in ["-serial", "-fingerprint"] {
        let value = plain(&said(option));
        assert!(plain(&sheet).contains(&value), "{option} {value} is not in\n{sheet}");
    }
    assert!(
        sheet.contains(HOST) && sheet.contains("old.example.com") && sheet.contains("Inspection CA 1"),
        "{sheet}"
    );
    let titles = browser.see_all(&id("section"));
    assert!(titles.len() > 6, "{titles:?}");
    world.pictures("inspect-details");

    // What is copied is the value.
    browser.click(&format!("{} .copy", id("row")));
    let first = browser.see_all(&format!("{} .value", id("row")));
    assert_eq!(browser.clipboard(), first[0].text);

    // Files.
    browser.click(&id("save-der"));
    assert_eq!(download(world, "cer"), world.authority.run(&["x509", "-in", "leaf.pem", "-outform", "DER"]));
    browser.click(&id("save-pem"));
    let pem = world.file("saved.pem", &download(world, "pem"));
    let again = world.authority.run(&["x509", "-in", pem.to_str().unwrap()]);
    assert_eq!(again, world.authority.run(&["x509", "-in", "leaf.pem"]));
    browser.click(&id("save-json"));
    let json: Value = serde_json::from_slice(&download(world, "json")).unwrap();
    assert_eq!(json["thing"]["title"], HOST, "{json}");
    browser.click(&id("save-text"));
    let text = String::from_utf8(download(world, "txt")).unwrap();
    let theirs =
        String::from_utf8(world.authority.run(&["x509", "-in", "leaf.pem", "-noout", "-text"])).unwrap();
    let trimmed = |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    assert_eq!(trimmed(&text), trimmed(&theirs), "not the text of openssl");

    // On paper: the sheet, and nothing that belongs to the screen.
    browser.as_printed(true);
    for gone in [".bar", ".bag", ".views", ".copy", ".actions"] {
        assert!(!browser.is_shown(gone), "{gone} would be printed");
    }
    assert!(browser.is_shown(&id("sheet")) && browser.is_shown(&id("row")));
    browser.picture("inspect-printed");
    browser.as_printed(false);
    assert!(browser.is_shown(".bag"));
}

pub(crate) fn are_compared(world: &World) {
    let browser = &world.browser;
    world.begin_with(&["leaf.pem", "renewed.pem"]);
    browser.click(&id("view-compare"));
    browser.wait_for(&id("comparison"));
    let summary = browser.wait_for(&id("compare-summary")).text;
    assert!(summary.contains("old.example.com"), "{summary}");
    let differing = browser.see_all(&id_with("compared-row", "data-differs", "true"));
    assert!(differing.iter().any(|row| row.text.contains("old.example.com")), "{differing:?}");
    let all = browser.see_all(&id("compared-row")).len();
    world.pictures("inspect-compare");
    browser.check(&id("compare-only"), true);
    browser.wait_until_gone(&id_with("compared-row", "data-differs", "false"));
    let only = browser.see_all(&id("compared-row")).len();
    assert_eq!(only, differing.len());
    assert!(only < all);
    // The other way round what was lost is gained.
    browser.click(&id("compare-swap"));
    let other = |seen: &certwright_tests::page::Seen| seen.text != summary;
    browser.wait_for_state(&id("compare-summary"), "to change", certwright_tests::browser::PATIENCE, other);
}

/// The one download whose name ends like this.
fn download(world: &World, ending: &str) -> Vec<u8> {
    let name =
        certwright_tests::process::wait_until("a download", certwright_tests::browser::PATIENCE, || {
            world.browser.downloads().into_iter().find(|name| name.ends_with(&format!(".{ending}")))
        });
    world.browser.take_download(&name)
}
