//! A gallery of every page and every state of it that matters: narrow and wide, light and dark, English and German, in headless Chromium. The pictures
//! go to `screenshots/gallery` in the target folder, with an `index.html` that shows them side by side, for somebody to look at.
//!
//! What a program can see is asserted, and all of it told at once: nothing is wider than the window, no text is cut in what is clicked on, nothing is
//! English in German, axe-core finds nothing, no error in the console. Whether the page does what it says is asked elsewhere. `CERTWRIGHT_GALLERY` with a part of a chapter's
//! name takes the pictures of that chapter alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says no by panicking"
)]
#![allow(
    clippy::print_stdout,
    reason = "a test that takes minutes says where it is, and where its pictures are"
)]

mod album;
mod frame;
mod inspect;
mod jobs;
mod keystore;
mod notes;
mod probe;
#[path = "../jobs/side.rs"]
#[allow(dead_code, reason = "the test of the jobs does more with a plan")]
mod side;
mod story;

use std::time::Instant;

use certwright_tests::authority::{Authority, ServerCertificate};
use certwright_tests::browser::{Browser, Kind};
use certwright_tests::nginx::{ClientCheck, Nginx, Tls};
use certwright_tests::openssl;
use certwright_tests::page::{id, id_with};
use certwright_tests::program::Server;
use serde_json::json;

use crate::album::{Album, Look};

/// What the PKCS#12 files are under.
const FILE_PASSWORD: &str = "p12-Kennwort 4711";
/// What the keystore is kept under.
const PASSPHRASE: &str = "a long passphrase, for once";

/// A part of the walk.
type Chapter = fn(&Walk);

const CHAPTERS: [(&str, Chapter); 9] = [
    ("the keystore", keystore::samples),
    ("keys of one's own", keystore::own_keys),
    ("files that are brought", keystore::files),
    ("the keystore on this device", keystore::kept),
    ("looking closely", inspect::desk),
    ("probes", probe::probes),
    ("guided jobs", jobs::all),
    ("what lies around the page", frame::all),
    ("messages of the page itself", notes::all),
];

/// One walk through the page, in one language.
struct Walk {
    browser: Browser,
    language: &'static str,
    server: Server,
    album: Album,
    /// Signs the client's certificates.
    company: Authority,
    /// Signs the servers' certificates.
    receiver: Authority,
    /// Signs what nobody here trusts.
    stranger: Authority,
}

impl Walk {
    fn new(language: &'static str, looks: &'static [Look]) -> Self {
        Self {
            browser: Browser::start_in(Kind::Chromium, language),
            language,
            server: Server::start(),
            album: Album::new(language, looks),
            company: Authority::new("Contoso"),
            receiver: Authority::new("Example"),
            stranger: Authority::new("Fabrikam"),
        }
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}/", self.server.port())
    }

    /// Begins anew, without anything.
    fn begin(&self) {
        self.browser.leave();
        self.browser.open_page(&self.address());
        self.browser.wait_for(&id("empty-state"));
        self.album.quiet(&self.browser);
    }

    /// Takes the pictures of the page as it is now.
    fn show(&self, name: &str) {
        self.browser.close_messages();
        self.album.show(&self.browser, name);
    }

    /// Opens a sample and waits for its entries.
    fn sample(&self, number: u32, rows: usize) {
        self.browser.click(&id(&format!("sample-{number}")));
        self.browser.wait_for_rows(rows);
    }

    /// Unfolds a part of the page.
    fn unfold(&self, testid: &str) {
        self.browser.wait_for(&id(testid));
        self.browser.run("document.querySelector(arguments[0]).open = true", vec![json!(id(testid))]);
    }

    /// Goes to a page by the header.
    fn go(&self, page: &str) {
        self.browser.click(&id(&format!("nav-{page}")));
        self.browser.wait_for(&id(&format!("{page}-page")));
    }

    /// A PKCS#12 file with a client's key and its chain, by the company.
    fn client_file(&self, alias: &str, common_name: &str) -> Vec<u8> {
        let client = self.company.client_certificate(common_name);
        let password = format!("pass:{FILE_PASSWORD}");
        let (key, leaf, chain) = (client.key, client.leaf, self.company.bundle());
        openssl::run([
            "pkcs12",
            "-export",
            "-name",
            alias,
            "-inkey",
            key.to_str().unwrap(),
            "-in",
            leaf.to_str().unwrap(),
            "-certfile",
            chain.to_str().unwrap(),
            "-passout",
            &password,
        ])
    }

    /// Drops a PKCS#12 file and gives its password.
    fn drop_with_password(&self, name: &str, file: &[u8]) {
        self.browser.drop_and_look(&[(name, file)]);
        self.browser.fill(&id("import-password"), FILE_PASSWORD);
        self.browser.click(&id("import-password-submit"));
        self.browser.wait_for(&id_with("found-item", "data-kind", "key_pair"));
    }

    /// A server on localhost that demands a certificate of the company.
    fn server(&self, certificate: &ServerCertificate) -> Nginx {
        Nginx::start(Tls::Only13, certificate, &ClientCheck::Required(self.company.bundle()))
    }

    fn certificate(&self) -> ServerCertificate {
        self.receiver.server_certificate("localhost", "DNS:localhost,IP:127.0.0.1")
    }
}

/// Walks through all chapters; returns the album with what is wrong in it.
fn walk(language: &'static str, looks: &'static [Look]) -> Album {
    let mut walk = Walk::new(language, looks);
    let wanted = std::env::var("CERTWRIGHT_GALLERY").unwrap_or_default();
    for (name, chapter) in CHAPTERS.into_iter().filter(|(name, _)| name.contains(&wanted)) {
        let begun = Instant::now();
        walk.album.begin(name);
        walk.begin();
        chapter(&walk);
        walk.album.look_at_console(&walk.browser, name);
        println!("    {language}, {name}: {:.1} s", begun.elapsed().as_secs_f32());
    }
    walk.album.begin("without the server");
    walk.begin();
    notes::without_server(&mut walk);
    walk.album
}

#[test]
fn every_page_can_be_looked_at() {
    album::empty();
    let albums = std::thread::scope(|scope| {
        let walks = [("en", &album::ALL[..]), ("de", &album::LIGHT[..])]
            .map(|(language, looks)| scope.spawn(move || walk(language, looks)));
        walks.map(|walk| walk.join().unwrap_or_else(|fault| std::panic::resume_unwind(fault)))
    });
    println!("    {}", album::bind(&albums).display());
    let findings: Vec<String> = albums.iter().flat_map(Album::findings).collect();
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}

#[test]
fn the_story_is_told_in_pictures() {
    story::tell();
}
