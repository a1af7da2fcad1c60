//! Pictures: drawn in the page, saved as files that stand alone, printed alone.

use certwright_tests::browser::PATIENCE;
use certwright_tests::flow::Identity;
use certwright_tests::page::{Seen, id, id_with};
use certwright_tests::peers::OpensslServer;
use serde_json::json;

use crate::World;

impl World {
    /// Saves a picture and returns the file, which is a picture for the browser, too, and needs nothing of the page.
    fn save(&self, drawn: &str, file: &str) -> String {
        self.browser.wait_for(&id(drawn));
        self.browser.click(&format!("{} {}", id(drawn), id("picture-save")));
        let svg = String::from_utf8(self.browser.take_download(file)).unwrap();
        let read = self.browser.run_async(
            "const read = new DOMParser().parseFromString(arguments[0], 'image/svg+xml');
             if (read.querySelector('parsererror')) return read.documentElement.textContent;
             const picture = new Image();
             picture.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(arguments[0]);
             await picture.decode();
             return picture.naturalWidth > 100 && !!read.querySelector('title').textContent && !!read.querySelector('desc').textContent;",
            vec![json!(svg)],
        );
        assert_eq!(read, true, "{svg}");
        for foreign in ["var(", "href", "class=", "<script", "style="] {
            assert!(!svg.contains(foreign), "{foreign} in {svg}");
        }
        svg
    }
}

pub(crate) fn chain_and_validity(world: &World) {
    let browser = &world.browser;
    world.sample(1, 2);
    browser.open_entry("shop-client");
    browser.click(&id("chain-picture-open"));
    let chain = world.save("chain-drawn", "chain.svg");
    // Missing is said and not only drawn.
    for part in ["shop.example.com", "Missing", "Example Issuing CA 1", "stroke-dasharray", "was signed by"] {
        assert!(chain.contains(part), "{part} {chain}");
    }
    world.look("picture-chain");
    // Printed alone: the rest of the page is not on the paper.
    browser.run(
        "window.print = () => { window.printed = document.body.className + ' ' + document.querySelector('.printed').dataset.testid; }",
        vec![],
    );
    browser.click(&id("picture-print"));
    assert_eq!(browser.run("return window.printed", vec![]), "printing-alone chain-drawn");
    assert_eq!(browser.run("return document.querySelectorAll('.printed').length", vec![]), 0);

    world.begin();
    world.sample(2, 5);
    browser.click(&id("validity-open"));
    let validity = world.save("timeline", "validity.svg");
    for part in ["billing-old", "orders", "days together", "now, "] {
        assert!(validity.contains(part), "{part} {validity}");
    }
    // Those that are selected alone.
    browser.click(".entry[data-alias=orders] [data-testid=entry-select]");
    browser.wait_for(".entry.selected[data-alias=orders]");
    let alone = world.save("timeline", "validity.svg");
    assert!(alone.contains("orders") && !alone.contains("billing-old"), "{alone}");
    browser.click(".entry[data-alias=orders] [data-testid=entry-select]");
    world.look("picture-validity");
}

pub(crate) fn handshakes(world: &World) {
    let browser = &world.browser;
    let certificate = world.receiver.server_certificate("localhost", "DNS:localhost,IP:127.0.0.1");
    let server = OpensslServer::start(&certificate, &[]);
    browser.trust_file(&world.receiver.root());
    let outcome = browser.probe("localhost", server.port(), Identity::None, true);
    assert_eq!(outcome.verdict(), "reached", "{outcome:?}");
    world.for_the_guide("probe");
    browser.click(&id("probe-steps-open"));
    let steps = world.save("sequence", &format!("localhost-{}-handshake.svg", server.port()));
    let places: Vec<usize> = ["ClientHello", "ServerHello", "CertificateVerify", "TLS 1.3 stands"]
        .iter()
        .map(|part| steps.find(&format!(">{part}<")).unwrap_or_else(|| panic!("no {part} in {steps}")))
        .collect();
    assert!(places.is_sorted(), "{places:?}");
    world.look("picture-handshake");

    // A server that demands a certificate and gets none says so in an alert, which is told in words.
    let demanding = OpensslServer::demanding(&world.receiver.root());
    let options: Vec<&str> = demanding.iter().map(String::as_str).collect();
    let strict = OpensslServer::start(&certificate, &options);
    let outcome = browser.probe("localhost", strict.port(), Identity::None, true);
    assert_eq!(outcome.verdict(), "certificate_demanded", "{outcome:?}");
    browser.click(&id("probe-steps-open"));
    let steps = world.save("sequence", &format!("localhost-{}-handshake.svg", strict.port()));
    assert!(steps.contains("✗ Alert: certificate_required"), "{steps}");
    assert!(steps.contains("CertificateRequest"), "{steps}");
    world.look("picture-refused");

    // The guide has pictures of the other pages, too.
    if std::env::var_os("CERTWRIGHT_PICTURES").is_some() {
        browser.run("scrollTo(0, 0)", vec![]);
        browser.run("document.querySelector(arguments[0]).click()", vec![json!(id("probe-inspect"))]);
        browser.wait_for(&id("inspect-page"));
        std::thread::sleep(std::time::Duration::from_millis(800));
        browser.run("scrollTo(0, 0)", vec![]);
        world.for_the_guide("inspect");
        begin_a_job(world);
        browser.run("scrollTo(0, 0)", vec![]);
        world.for_the_guide("jobs");
    }
}

/// A plan to connect two systems, with their names.
fn begin_a_job(world: &World) {
    let browser = &world.browser;
    browser.click(&id("nav-jobs"));
    browser.click(&id("begin-connect"));
    browser.wait_for(&id("begin-form"));
    browser.click(&format!("label:has({})", id("begin-client")));
    browser.fill(&id("begin-host"), "ledger.example.com");
    browser.click(&id("begin-submit"));
    browser.wait_for(&id("plan"));
    for (field, name) in [("client_name", "Orders"), ("server_name", "Ledger")] {
        let step = id_with("plan-step", "data-step", "sides");
        browser.fill(&format!("{step} {}", id(&format!("plan-field-{field}"))), name);
        browser.run("document.activeElement.blur()", vec![]);
        let named = |seen: &Seen| seen.text.contains(name);
        browser.wait_for_state(&id("plan-title"), "to name both sides", PATIENCE, named);
    }
}
