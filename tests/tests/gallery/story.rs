//! The walk through the page that README shows: pictures of one job from an empty keystore to an accepted client certificate, one after another. With
//! `CERTWRIGHT_STORY` naming a folder they are put there, for `cargo xtask screenshots` to join.

use std::cell::Cell;
use std::path::PathBuf;

use certwright_tests::authority::{Authority, Reply};
use certwright_tests::browser::{Browser, Kind};
use certwright_tests::flow::Identity;
use certwright_tests::nginx::{ClientCheck, Nginx, Tls};
use certwright_tests::page::{id, id_with};
use certwright_tests::process::target;
use certwright_tests::program::Server;
use serde_json::json;

use crate::album;

/// The size of the pictures.
const SIZE: (u32, u32) = (1180, 800);

struct Story {
    browser: Browser,
    folder: PathBuf,
    told: Cell<usize>,
}

impl Story {
    /// Takes the next picture, from the top of the page.
    fn next(&self) {
        self.browser.close_messages();
        self.browser.run("document.activeElement?.blur?.(); scrollTo(0, 0);", vec![]);
        self.here();
    }

    /// The same, with what is scrolled to and what has the focus as it is.
    fn here(&self) {
        self.browser.run_async(
            "await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go))); return true;",
            vec![],
        );
        let number = self.told.replace(self.told.get() + 1);
        let picture = album::capture(&self.browser, "png");
        std::fs::write(self.folder.join(format!("{number:02}.png")), picture).unwrap();
    }

    fn scroll_to(&self, selector: &str) {
        let script = "document.querySelector(arguments[0]).scrollIntoView({ block: 'start' })";
        self.browser.run(script, vec![json!(selector)]);
    }
}

pub(crate) fn tell() {
    let named = std::env::var_os("CERTWRIGHT_STORY").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| target().join("screenshots").join("story"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let (company, receiver) = (Authority::new("Company"), Authority::new("Receiver"));
    let server = Server::start();
    let story = Story { browser: Browser::start(Kind::Chromium), folder, told: Cell::new(0) };
    let browser = &story.browser;
    browser.devtools("Emulation.setScrollbarsHidden", json!({ "hidden": true }));
    browser.open_page(&format!("http://127.0.0.1:{}/", server.port()));
    browser.resize(SIZE.0, SIZE.1);
    browser.run(album::QUIET, vec![]);
    story.next();

    // A key, and a signing request for it.
    browser.click(&id("new-key"));
    browser.fill(&id("new-key-alias"), "orders-client");
    story.here();
    browser.click(&id("new-key-generate"));
    browser.wait_for(&id_with("entry-pane", "data-alias", "orders-client"));
    story.next();
    browser.click(&id("make-request"));
    browser.wait_for(&id("request-form"));
    for (field, value) in [("cn", "orders.example.com"), ("o", "Example GmbH"), ("c", "DE")] {
        browser.fill(&id(&format!("request-{field}")), value);
    }
    story.here();
    browser.click(&id("request-create"));
    browser.wait_for(&id("request-result"));
    let script = "return document.querySelector(arguments[0]).textContent";
    let pem = browser.run(script, vec![json!(id("request-pem"))]).as_str().unwrap_or_default().to_owned();
    story.next();

    // The authority's reply finds its key.
    let issued = company.sign(pem.as_bytes());
    browser.drop_and_look(&[("reply.p7b", &company.reply(&issued, Reply::Pkcs7))]);
    story.next();
    browser.confirm_import("orders-client");
    browser.wait_for(&id("chain-link"));
    story.next();

    // The server is not trusted, then it is; and it accepts the certificate.
    let certificate = receiver.server_certificate("localhost", "DNS:localhost");
    let chain = [&certificate.chain, &receiver.root()].map(|file| std::fs::read(file).unwrap()).concat();
    let with_root = receiver.path("with-root.pem");
    std::fs::write(&with_root, chain).unwrap();
    let certificate = certwright_tests::authority::ServerCertificate { chain: with_root, ..certificate };
    let nginx = Nginx::start(Tls::Only13, &certificate, &ClientCheck::Required(company.bundle()));
    browser.click(&id("nav-probe"));
    browser.fill(&id("probe-host"), "localhost");
    browser.fill(&id("probe-port"), &nginx.port().to_string());
    browser.choose(&id("probe-auth"), "alias:orders-client");
    story.next();
    let outcome = browser.probe("localhost", nginx.port(), Identity::Alias("orders-client"), true);
    assert_eq!(outcome.verdict(), "server_not_trusted", "{outcome:?}");
    story.next();
    browser.click(&format!("{}[data-subject*=\"Receiver Root\"]", id("trust-add")));
    browser.wait_for(&id("toast"));
    story.here();
    let outcome = browser.probe("localhost", nginx.port(), Identity::Alias("orders-client"), true);
    assert_eq!((outcome.verdict(), outcome.client("data-use")), ("reached", "accepted"), "{outcome:?}");
    story.next();
    browser.click(&id("probe-steps-open"));
    browser.wait_for(&id("sequence"));
    story.scroll_to(&id("probe-steps"));
    story.here();
    let errors: Vec<String> =
        browser.console().into_iter().filter(|line| line.starts_with("SEVERE")).collect();
    assert_eq!(errors, Vec::<String>::new());
    assert!(server.stop(), "the server does not end when it is asked to");
}
