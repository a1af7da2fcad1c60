//! A Java keystore whose entries have different passwords: opened beside, changed, saved in its own format, merged, written for others.

use std::process::Command;

use certwright_tests::openssl;
use certwright_tests::page::{id, id_with};
use certwright_tests::process::output_of;

use crate::{ENTRY_PASSWORD, STORE_PASSWORD, World};

const FILE: &str = "partner.jks";

pub(crate) fn is_worked_on(world: &World) {
    let browser = &world.browser;
    make(world);
    let content = world.read(FILE);

    // Without a password its public part is there; a wrong one is called wrong; the right one leaves the entry with its own.
    let dropped = browser.drop_and_look(&[(FILE, &content)]);
    assert!(dropped.items.iter().any(|item| item.attribute("data-kind") == "locked_key"), "{dropped:?}");
    browser.fill(&id("entry-password"), "nonsense");
    browser.click(&id("entry-password-submit"));
    browser.wait_for(&id_with("problem", "data-kind", "password_wrong"));
    let dropped = browser.drop_and_look(&[(FILE, &content)]);
    assert_eq!(dropped.problem_kinds(), Vec::<&str>::new());
    browser.fill(&id("entry-password"), STORE_PASSWORD);
    browser.click(&id("entry-password-submit"));
    browser.wait_for(&id_with("found-store", "data-locked", "1"));
    world.pictures("found-keystore");
    browser.click(&id("store-open"));
    browser.wait_for(&id_with("closed-entries", "data-count", "1"));
    let row = browser.wait_for(&id_with("entry-row", "data-alias", "payroll"));
    assert_eq!(row.attribute("data-closed"), "true");
    world.pictures("keystore-beside");
    browser.fill(&id("closed-password"), ENTRY_PASSWORD);
    browser.click(&id("closed-password-submit"));
    browser.wait_until_gone(&id("closed-entries"));

    // Changed, and saved with its own password in its own format.
    browser.open_entry("payroll");
    browser.click(&id("rename-open"));
    browser.fill(&id("rename-alias"), "payroll-2027");
    browser.click(&id("rename-submit"));
    browser.wait_for(&id_with("entry-pane", "data-alias", "payroll-2027"));
    browser.wait_for(&id_with("store-tab", "data-changed", "true"));
    browser.go_to_keystore();
    browser.click(&id("store-save"));
    world.file("saved.jks", &browser.take_download(FILE));
    let listed = world.keytool(&["-list", "-v", "-keystore", "saved.jks", "-storepass", STORE_PASSWORD]);
    assert!(listed.contains("Alias name: payroll-2027") && listed.contains("Alias name: orders"), "{listed}");
    assert!(listed.contains("Keystore type: JKS"), "{listed}");

    for_others(world);

    // Into the keystore of the browser, seen first.
    browser.click(&id_with("store-tab", "data-store", "0"));
    browser.wait_for(&id_with("entry-row", "data-alias", "demo ca"));
    browser.click(&id("store-menu"));
    browser.click(&id("merge-from"));
    browser.wait_for(&id("merge-preview"));
    let rows = browser.see_all(&id("merge-row"));
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert!(rows.iter().all(|row| row.attribute("data-outcome") == "created"), "{rows:?}");
    world.pictures("merge");
    browser.click(&id("merge-apply"));
    browser.wait_for(&id("merge-result"));
    browser.click(&id("merge-done"));
    browser.wait_for_rows(5);

    // Locked: used, never given away.
    browser.open_entry("orders");
    browser.click(&id("lock-entry"));
    browser.wait_for(&id("entry-locked"));
    browser.click(&id("export-open"));
    browser.wait_for(&id("export-sealed"));
    world.pictures("locked-entry");
    browser.click(&id("lock-entry"));
    browser.wait_until_gone(&id("entry-locked"));
}

/// Written for old readers, as JCEKS, and as PEM: each is opened by the tool it is for.
fn for_others(world: &World) {
    let browser = &world.browser;
    let password = "a password for others";
    browser.click(&id("store-menu"));
    browser.wait_for(&id("export-form"));
    browser.choose(&id("export-format"), "p12");
    browser.choose(&id("export-target"), "windows_server2016");
    browser.fill(&id("export-p12-password"), password);
    browser.fill(&id("export-p12-password-again"), password);
    world.pictures("export-target");
    browser.click(&id("export-p12"));
    let file = world.file("old.p12", &browser.take_download("partner.p12"));
    let (path, password_of_file) = (file.to_str().unwrap(), format!("pass:{password}"));
    let command = ["pkcs12", "-legacy", "-in", path, "-passin", &password_of_file, "-nodes"];
    let printed = openssl::text(command);
    assert_eq!(printed.matches("BEGIN PRIVATE KEY").count(), 2, "{printed}");
    let (yes, words) = openssl::says_yes(command.into_iter().chain(["-info", "-noout"]));
    assert!(yes && words.contains("3-KeyTripleDES-CBC") && !words.contains("PBES2"), "{words}");

    browser.choose(&id("export-format"), "jceks");
    browser.fill(&id("export-password"), password);
    browser.fill(&id("export-password-again"), password);
    browser.click(&id("export-submit"));
    world.file("new.jceks", &browser.take_download("partner.jceks"));
    let listed =
        world.keytool(&["-list", "-storetype", "JCEKS", "-keystore", "new.jceks", "-storepass", password]);
    assert!(listed.contains("3 entries"), "{listed}");

    browser.open_entry("orders");
    browser.click(&id("export-open"));
    browser.choose(&id("export-format"), "key_chain");
    browser.fill(&id("export-password"), password);
    browser.fill(&id("export-password-again"), password);
    browser.click(&id("export-submit"));
    let file = world.file("orders.pem", &browser.take_download("orders.pem"));
    let path = file.to_str().unwrap();
    let of_key = openssl::run(["pkey", "-in", path, "-passin", &format!("pass:{password}"), "-pubout"]);
    let of_certificate = openssl::run(["x509", "-in", path, "-noout", "-pubkey"]);
    assert_eq!(of_key, of_certificate);
}

/// Two key pairs, one under a password of its own, and a trusted certificate.
fn make(world: &World) {
    let store = ["-keystore", FILE, "-storetype", "JKS", "-storepass", STORE_PASSWORD];
    let with = |more: &[&str]| {
        let mut keytool = Command::new("keytool");
        keytool.args(more).args(store).current_dir(world.files.path());
        output_of(&mut keytool);
    };
    with(&[
        "-genkeypair",
        "-alias",
        "orders",
        "-keyalg",
        "RSA",
        "-keysize",
        "2048",
        "-dname",
        "CN=orders.example.com",
    ]);
    with(&[
        "-genkeypair",
        "-alias",
        "payroll",
        "-keyalg",
        "EC",
        "-groupname",
        "secp384r1",
        "-dname",
        "CN=payroll.example.com",
        "-keypass",
        ENTRY_PASSWORD,
    ]);
    with(&["-exportcert", "-alias", "orders", "-file", "orders.cer"]);
    with(&["-importcert", "-noprompt", "-alias", "partner", "-file", "orders.cer"]);
}
