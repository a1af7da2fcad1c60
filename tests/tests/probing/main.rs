//! Probes with options, in headless Chromium: what the form offers does what it says, a failure is explained, what is missing is added from the
//! result, many hosts have a table, and whoever leaves leaves nothing behind. The peers are real where real ones do it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says no by panicking"
)]
#![allow(clippy::print_stdout, reason = "a test that takes minutes says where it is")]

mod diagnosis;
mod hosts;
mod leaving;
mod options;
mod relay;

use std::time::Instant;

use certwright_tests::authority::{Authority, ServerCertificate};
use certwright_tests::browser::{Browser, Kind};
use certwright_tests::flow::{Identity, Outcome};
use certwright_tests::page::id;
use certwright_tests::program::Server;
use certwright_tests::recorder::Recorder;
use serde_json::json;

/// A part of the session.
type Chapter = fn(&World);

/// What all chapters share.
struct World {
    browser: Browser,
    recorder: Recorder,
    server: Server,
    receiver: Authority,
    stranger: Authority,
    /// For `localhost` and 127.0.0.1, by the receiver.
    certificate: ServerCertificate,
}

impl World {
    /// Unfolds a part of the form, if it is folded.
    fn unfold(&self, testid: &str) {
        self.browser.wait_for(&id(testid));
        self.browser.run("document.querySelector(arguments[0]).open = true", vec![json!(id(testid))]);
    }

    /// Chooses options of a probe; the value of a check box is `on` or `off`.
    fn set(&self, options: &[(&str, &str)]) {
        let browser = &self.browser;
        browser.click(&id("nav-probe"));
        self.unfold("probe-advanced");
        self.unfold("probe-also");
        for (name, value) in options {
            let selector = id(&format!("probe-{name}"));
            browser.wait_for(&selector);
            let kind = browser.run(
                "const field = document.querySelector(arguments[0]);
                 return field.tagName === 'SELECT' ? 'select' : field.type;",
                vec![json!(selector)],
            );
            match kind.as_str() {
                Some("select") => browser.choose(&selector, value),
                Some("checkbox") => browser.check(&selector, *value == "on"),
                _ => browser.fill(&selector, value),
            }
        }
    }

    /// Probes without a client certificate, with options that are taken back afterwards.
    fn probe_with(&self, host: &str, port: u16, options: &[(&str, &str)], usual: &[(&str, &str)]) -> Outcome {
        self.set(options);
        let outcome = self.browser.probe(host, port, Identity::None, true);
        self.set(usual);
        outcome
    }

    /// A fact about the connection; empty if it is not told.
    fn fact(&self, name: &str) -> String {
        let seen = self.browser.see(&id(&format!("probe-fact-{name}")));
        seen.map(|seen| seen.text.trim().to_owned()).unwrap_or_default()
    }

    /// The name of the server's own certificate.
    fn served(&self) -> String {
        self.browser.wait_for(&id("chain-link")).attribute("data-name").to_owned()
    }

    /// Pictures of the page as it is, narrow and wide. Nothing of it is wider than the window.
    fn pictures(&self, name: &str) {
        self.browser.close_messages();
        for (width, height) in [(400, 860), (1280, 900)] {
            self.browser.resize(width, height);
            self.browser.picture(&format!("{name}-{width}"));
            let over = self.browser.run("return document.documentElement.scrollWidth - innerWidth", vec![]);
            assert!(over.as_i64().unwrap() <= 0, "{name} is wider than {width}: by {over}");
        }
    }
}

#[test]
fn probes_answer_what_people_ask() {
    let server = Server::start();
    let recorder = Recorder::start(server.port());
    let receiver = Authority::new("Receiver");
    let certificate = receiver.server_certificate("localhost", "DNS:localhost,IP:127.0.0.1");
    let world = World {
        browser: Browser::start(Kind::Chromium),
        recorder,
        server,
        stranger: Authority::new("Stranger"),
        receiver,
        certificate,
    };
    world.browser.open_page(&world.recorder.address());
    let chapters: [(&str, Chapter); 8] = [
        ("what is missing is added from the result", diagnosis::the_root_is_added),
        ("a missing intermediate is fetched", diagnosis::the_intermediate_is_fetched),
        ("options do what they say", options::do_what_they_say),
        ("a proxy's password goes one way only", options::a_password_goes_one_way),
        ("a failure is explained", diagnosis::a_failure_is_explained),
        ("all that a server speaks is listed", diagnosis::a_survey_is_shown),
        ("many hosts have a table", hosts::have_a_table),
        ("whoever leaves leaves nothing behind", leaving::frees_everything),
    ];
    for (what, chapter) in chapters {
        let begun = Instant::now();
        chapter(&world);
        println!("    {what}: {:.1} s", begun.elapsed().as_secs_f64());
    }
    assert!(world.server.stop(), "the server does not end when it is asked to");
}

/// Errors in the console; breaches of the Content-Security-Policy are among them.
fn severe(browser: &Browser) -> Vec<String> {
    browser.console().into_iter().filter(|line| line.starts_with("SEVERE")).collect()
}
