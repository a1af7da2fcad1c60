//! The main job, end to end, in headless Chromium: a key that is made in the browser authenticates a TLS probe.
//!
//! One session goes through everything that a user does with real peers: an authority run with `openssl ca`, nginx in several
//! states, openssl's own server. The browser talks to the server through a recorder, and at the end the whole traffic is
//! searched for the private keys and passwords. That is why it is one test: each chapter goes on where the one before ended.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says no by panicking")]
#![allow(clippy::print_stdout, reason = "a test that takes minutes says where it is")]

mod bad_targets;
mod exports;
mod keys;
mod other_device;
mod probes;
mod replies;
mod return_visits;
mod traffic;

use std::path::PathBuf;
use std::time::Instant;

use certwright_tests::authority::Authority;
use certwright_tests::browser::{Browser, Kind};
use certwright_tests::process::root;
use certwright_tests::program::Server;
use certwright_tests::recorder::Recorder;
use tempfile::TempDir;

/// The EC P-256 key's entry.
const EC: &str = "erp-client";
/// The RSA 2048 key's entry.
const RSA: &str = "legacy-client";
/// What the keystore is kept under. Not all of it is ASCII.
const PASSPHRASE: &str = "Käsebrot im Tresor 9";
/// What the PKCS#12 files are under. ASCII alone, for tools that guess encodings.
const FILE_PASSWORD: &str = "p12-Kennwort 4711";
/// Typed where something else is right.
const WRONG_PASSWORD: &str = "falsches Kennwort 1234";

/// A part of the session.
type Chapter = fn(&mut World);

/// What all chapters share.
struct World {
    browser: Browser,
    recorder: Recorder,
    server: Server,
    /// The authority that signs our client certificates.
    company: Authority,
    /// The authority of the servers that we probe.
    receiver: Authority,
    /// An authority that nobody here trusts.
    stranger: Authority,
    profile: TempDir,
    /// A folder for files that tools are given.
    files: TempDir,
}

impl World {
    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.files.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Pictures of the page as it is: narrow, wide, and dark.
    fn pictures(&self, name: &str) {
        self.browser.close_messages();
        for (width, height) in [(400, 860), (1280, 900)] {
            self.browser.resize(width, height);
            let file = self.browser.picture(&format!("{name}-{width}"));
            // The README's picture changes only when that is asked for.
            if let Some(picture) =
                std::env::var_os("CERTWRIGHT_PICTURE").filter(|_| name == "probe-accepted" && width == 1280)
            {
                let picture = root().join(picture);
                std::fs::create_dir_all(picture.parent().unwrap()).unwrap();
                std::fs::copy(file, picture).unwrap();
            }
        }
        self.browser.prefer_dark(true);
        self.browser.picture(&format!("{name}-dark"));
        self.browser.prefer_dark(false);
    }
}

#[test]
fn a_key_made_in_the_browser_authenticates_a_probe() {
    // A port that says nothing is given up after ten seconds, not thirty.
    let server = Server::start_with(&["--probe-seconds", "10"]);
    let recorder = Recorder::start(server.port());
    let profile = tempfile::tempdir().unwrap();
    let browser = Browser::start_with_profile(Kind::Chromium, profile.path());
    let mut world = World {
        browser,
        recorder,
        server,
        company: Authority::new("Company"),
        receiver: Authority::new("Receiver"),
        stranger: Authority::new("Stranger"),
        profile,
        files: tempfile::tempdir().unwrap(),
    };
    let chapters: [(&str, Chapter); 9] = [
        ("keys are made, and one is not", |world| keys::are_made(world)),
        ("signing requests are made, and the keystore is kept", |world| keys::are_requested(world)),
        ("the authority's replies find their keys", |world| replies::find_their_keys(world)),
        ("probes say who accepts", |world| probes::say_who_accepts(world)),
        ("bad targets each have their sentence", |world| bad_targets::have_their_sentences(world)),
        ("exports are read by other tools", |world| exports::are_read_by_others(world)),
        ("another device imports the key", |world| other_device::imports_the_key(world)),
        ("the keystore is there after reload and restart", return_visits::find_the_keystore),
        ("nothing secret was in the traffic", |world| traffic::holds_no_secret(world)),
    ];
    for (what, chapter) in chapters {
        let begun = Instant::now();
        chapter(&mut world);
        println!("    {what}: {:.1} s", begun.elapsed().as_secs_f64());
    }
    assert!(world.server.stop(), "the server does not end when it is asked to");
}
