//! A PKCS#12 file that openssl made is opened through the dialog that gives handles, changed, and saved back into the same file, which openssl reads.
//! Headless Chromium shows no dialog, so the test answers for it, with a real handle of the browser's own private folder.

use certwright_tests::authority::Authority;
use certwright_tests::browser::{Browser, Kind, PATIENCE};
use certwright_tests::openssl::openssl;
use certwright_tests::page::{id, id_with};
use certwright_tests::process::{output_of, wait_until};
use certwright_tests::program::Server;
use serde_json::json;

const PUT: &str = "
    const folder = await navigator.storage.getDirectory();
    const handle = await folder.getFileHandle('store.p12', { create: true });
    const stream = await handle.createWritable();
    await stream.write(Uint8Array.from(arguments[0]));
    await stream.close();
    globalThis.showOpenFilePicker = async () => [handle];
    return true;";
const TAKE: &str = "
    const folder = await navigator.storage.getDirectory();
    const file = await (await folder.getFileHandle('store.p12')).getFile();
    return [...new Uint8Array(await file.arrayBuffer())];";

pub(crate) fn saved_back() {
    let scratch = tempfile::tempdir().unwrap();
    let company = Authority::new("Company");
    let client = company.client_certificate("kept-in-a-file");
    let place = scratch.path().join("store.p12");
    output_of(
        openssl(["pkcs12", "-export", "-name", "before", "-passout", "pass:secret"])
            .arg("-inkey")
            .arg(&client.key)
            .arg("-in")
            .arg(&client.leaf)
            .arg("-out")
            .arg(&place),
    );
    let server = Server::start();
    let browser = Browser::start(Kind::Chromium);
    browser.open_page(&format!("http://127.0.0.1:{}/", server.port()));
    assert_eq!(browser.run_async(PUT, vec![json!(std::fs::read(&place).unwrap())]), true);

    browser.click(&id("import-file"));
    browser.fill(&id("import-password"), "secret");
    browser.click(&id("import-password-submit"));
    browser.click(&id("store-open"));
    browser.open_entry("before");
    browser.click(&id("rename-open"));
    browser.fill(&id("rename-alias"), "after");
    browser.click(&id("rename-submit"));
    browser.wait_for(&id_with("entry-pane", "data-alias", "after"));
    browser.go_to_keystore();
    browser.click(&id("store-save"));
    wait_until("the toast of the saved file", PATIENCE, || {
        browser
            .see_all(&id("toast"))
            .iter()
            .any(|toast| toast.text.contains("Saved to store.p12"))
            .then_some(())
    });

    let saved = browser.run_async(TAKE, vec![]);
    let octets: Vec<u8> =
        saved.as_array().unwrap().iter().map(|octet| octet.as_u64().unwrap() as u8).collect();
    std::fs::write(&place, octets).unwrap();
    let listed = output_of(openssl(["pkcs12", "-nodes", "-passin", "pass:secret", "-in"]).arg(&place));
    let listed = String::from_utf8_lossy(&listed);
    assert!(listed.contains("friendlyName: after") && listed.contains("BEGIN PRIVATE KEY"), "{listed}");
    assert_eq!(browser.downloads(), Vec::<String>::new());

    // Another file of the same name comes without a handle: what is saved of it does not go over the first one.
    let other = company.client_certificate("of-the-same-name");
    let there = scratch.path().join("elsewhere");
    std::fs::create_dir(&there).unwrap();
    output_of(
        openssl(["pkcs12", "-export", "-name", "second", "-passout", "pass:secret"])
            .arg("-inkey")
            .arg(&other.key)
            .arg("-in")
            .arg(&other.leaf)
            .arg("-out")
            .arg(there.join("store.p12")),
    );
    browser.drop_files(&[("store.p12", &std::fs::read(there.join("store.p12")).unwrap())]);
    browser.fill(&id("import-password"), "secret");
    browser.click(&id("import-password-submit"));
    browser.click(&id("store-open"));
    browser.open_entry("second");
    browser.click(&id("rename-open"));
    browser.fill(&id("rename-alias"), "third");
    browser.click(&id("rename-submit"));
    browser.wait_for(&id_with("entry-pane", "data-alias", "third"));
    browser.go_to_keystore();
    browser.click(&id("store-save"));
    wait_until("the download", PATIENCE, || (!browser.downloads().is_empty()).then_some(()));
    assert_eq!(browser.run_async(TAKE, vec![]), saved, "the first file is as it was");
    assert!(server.stop());
}
