//! In Firefox, a second engine, so that nothing rests on Chromium: the main path (key, request, authority, reply, trust, probe), and a chain that is
//! looked at closely.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says no by panicking")]

use certwright_tests::authority::{Authority, Reply};
use certwright_tests::browser::{Browser, Kind};
use certwright_tests::flow::Identity;
use certwright_tests::nginx::{ClientCheck, Nginx, Tls};
use certwright_tests::openssl;
use certwright_tests::page::{id, id_with};
use certwright_tests::program::Server;
use certwright_tests::recorder::Recorder;

const ALIAS: &str = "erp-client";

#[test]
fn the_main_path_in_firefox() {
    let server = Server::start();
    let recorder = Recorder::start(server.port());
    let (company, receiver) = (Authority::new("Company"), Authority::new("Receiver"));
    let certificate = receiver.server_certificate("localhost", "DNS:localhost");
    let browser = Browser::start(Kind::Firefox);
    browser.open_page(&recorder.address());

    browser.make_key(ALIAS, "ec_p384");
    let pem = browser.make_request(
        ALIAS,
        &[("cn", "erp-client.example.com"), ("o", "Example GmbH")],
        "erp-client.example.com",
    );
    browser.click(&format!("{} {}", id("request-result"), id("request-download")));
    let request = browser.take_download(&format!("{ALIAS}.csr"));
    assert_eq!(String::from_utf8_lossy(&request).trim(), pem.trim());
    browser.keep("a passphrase for Firefox");

    let issued = company.sign(&request);
    let dropped = browser.drop_and_look(&[("reply.p7b", &company.reply(&issued, Reply::Pkcs7))]);
    assert_eq!(dropped.proposal(), "reply", "{dropped:?}");
    browser.confirm_import(ALIAS);
    assert_eq!(browser.entry_state_after_closing(ALIAS), "complete");
    browser.trust_file(&receiver.root());

    for (tls, version) in [(Tls::Only13, "TLSv1.3"), (Tls::Only12, "TLSv1.2")] {
        let nginx = Nginx::start(tls, &certificate, &ClientCheck::Required(company.bundle()));
        let outcome = browser.probe("localhost", nginx.port(), Identity::Alias(ALIAS), true);
        assert_eq!(
            (outcome.verdict(), outcome.client("data-use")),
            ("reached", "accepted"),
            "{version}: {outcome:?}"
        );
        let accepted = |line: &str| {
            line.starts_with("200 SUCCESS \"CN=erp-client.example.com") && line.ends_with(version)
        };
        assert!(nginx.log().lines().any(accepted), "{version}: {}", nginx.log());
    }
    browser.picture("firefox-probe-1280");

    browser.open_entry(ALIAS);
    browser.click(&id("export-p12-open"));
    browser.fill(&id("export-p12-password"), "a password for the file");
    browser.fill(&id("export-p12-password-again"), "a password for the file");
    browser.click(&id("export-p12"));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), browser.take_download(&format!("{ALIAS}.p12"))).unwrap();
    let path = file.path().to_str().unwrap();
    let printed = openssl::text(["pkcs12", "-in", path, "-passin", "pass:a password for the file", "-nodes"]);
    assert!(printed.contains("PRIVATE KEY") && printed.contains("erp-client.example.com"), "{printed}");

    let before = browser.rows();
    browser.reload();
    browser.wait_until_ready();
    browser.wait_for_persistence("locked");
    browser.unlock("a passphrase for Firefox");
    browser.wait_for_persistence("kept");
    assert_eq!(browser.rows(), before);
}

#[test]
fn a_chain_is_looked_at_in_firefox() {
    let server = Server::start();
    let recorder = Recorder::start(server.port());
    let authority = Authority::new("Company");
    let certificate = authority.server_certificate("localhost", "DNS:localhost");
    let browser = Browser::start(Kind::Firefox);
    browser.open_page(&recorder.address());
    browser.watch_errors();

    browser.click(&id("nav-inspect"));
    browser.wait_for(&id("inspect-empty"));
    let text =
        [&certificate.chain, &authority.root()].map(|file| std::fs::read_to_string(file).unwrap()).concat();
    browser.fill(&id("inspect-paste"), &text);
    browser.click(&id("inspect-typed"));
    browser.wait_for(&id_with("verdict", "data-code", "untrusted-root"));
    let links = browser.see_all(&id("link"));
    assert!(
        links.len() > 1 && links.iter().all(|link| link.attribute("data-missing") == "false"),
        "{links:?}"
    );
    browser.click(&id("link-trust"));
    browser.wait_for(&id_with("verdict", "data-trusted", "true"));

    browser.click(&id("view-asn1"));
    browser.wait_for(&id("asn1-node"));
    browser.click(&id_with("asn1-node", "data-node", "1"));
    let about = browser.wait_for(&id("asn1-about")).text;
    assert!(about.contains("SEQUENCE"), "{about}");
    assert!(!browser.see_all(&format!("{} b", id("asn1-hex"))).is_empty());
    browser.click(&id("view-details"));
    let sheet = browser.wait_for(&id("sheet")).text;
    assert!(sheet.contains("localhost"), "{sheet}");
    browser.picture("firefox-inspect-1280");

    assert_eq!(browser.errors(), Vec::<String>::new());
}
