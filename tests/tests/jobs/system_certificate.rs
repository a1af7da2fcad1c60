//! The system certificate, in each browser: brought in a PKCS#12 file that openssl has written, shown with its chain, handed on, exported, deleted, undone;
//! and one whose key signs itself.

use certwright_tests::authority::Authority;
use certwright_tests::browser::{Browser, Kind};
use certwright_tests::openssl;
use certwright_tests::page::{id, id_with};
use certwright_tests::program::Server;

use crate::side::{Side, selector};

const PASSWORD: &str = "p12-Kennwort 4711";

pub(crate) fn walks(kind: Kind) {
    let server = Server::start();
    let company = Authority::new("Company");
    let system = company.client_certificate("connector.example.com");
    let file = company.path("connector.p12");
    let text = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    openssl::run([
        "pkcs12",
        "-export",
        "-name",
        "connector",
        "-in",
        &text(&system.chain),
        "-inkey",
        &text(&system.key),
        "-certfile",
        &text(&company.bundle()),
        "-passout",
        &format!("pass:{PASSWORD}"),
        "-out",
        &text(&file),
    ]);

    let side = Side::new(Browser::start(kind));
    let browser = &side.browser;
    browser.open_page(&format!("http://127.0.0.1:{}/", server.port()));
    browser.watch_errors();
    side.begin("system_certificate", false, "");
    side.pictures("system-certificate-begun");
    side.fill("sides", "client_name", "Connector");
    side.wait_step("sides", "done");
    assert_eq!(side.holds("client", "client_key"), "missing");

    side.act("key", "import");
    browser.choose_file(&id("file-input"), &file);
    browser.fill(&id("import-password"), PASSWORD);
    browser.click(&id("import-password-submit"));
    browser.wait_for(&id("import-confirm"));
    browser.click(&id("import-confirm"));
    browser.wait_for(&id("plan"));
    side.wait_step("key", "done");
    side.wait_step("signed", "done");
    side.wait_finding("signed", "good", "complete up to its root");
    assert_eq!(side.holds("client", "client_key"), "here");
    assert_eq!(side.holds("client", "client_chain"), "here");
    side.pictures("system-certificate");

    let package = side.save("give", "pack", ".zip");
    assert!(package.starts_with(b"PK"));
    side.act("give", "export");
    browser.wait_for(&id("errand"));
    browser.click(&id("errand-back"));
    side.act("give", "done");
    side.wait_step("give", "done");
    side.wait_step("watch", "done");
    let calendar = String::from_utf8(side.save("watch", "calendar", ".ics")).unwrap();
    assert!(calendar.contains("BEGIN:VCALENDAR"), "{calendar}");
    side.pictures("system-certificate-done");

    // Renewed by a plan of its own, which opens.
    let first = browser.wait_for(&id("plan")).attribute("data-plan").to_owned();
    side.act("watch", "renew");
    side.browser.wait_for(&selector("old"));
    assert_ne!(browser.wait_for(&id("plan")).attribute("data-plan"), first);
    side.go_to_jobs();
    assert_eq!(browser.see_all(&id("plan-item")).len(), 2);

    // Deleted, and undone.
    browser.click(&format!("{} {}", id_with("plan-item", "data-plan", &first), id("plan-open")));
    browser.wait_for(&id("plan"));
    side.act("watch", "delete_entry");
    browser.wait_for(&format!("{}[data-state=\"missing\"]", id_with("holding", "data-what", "client_key")));
    browser.click(&id("undo"));
    browser.wait_for(&format!("{}[data-state=\"here\"]", id_with("holding", "data-what", "client_key")));

    // Another one is made here, and signs itself.
    side.begin("system_certificate", false, "");
    side.fill("sides", "client_name", "Scheduler");
    side.wait_step("sides", "done");
    side.make_key("key");
    side.self_sign("signed", "scheduler.example.com");
    side.wait_step("signed", "done");
    assert_eq!(side.holds("client", "client_key"), "here");
    assert_eq!(side.holds("client", "client_chain"), "here");
    side.nothing_is_wrong();
    assert!(server.stop(), "the server does not end when it is asked to");
}
