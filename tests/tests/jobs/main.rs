//! Guided jobs from start to a checked end, in real browsers: one for each side, Chromium and Firefox, and files that pass between them. Every job is
//! walked twice, so that each browser plays each role. openssl is the authority of both sides, nginx the server that is called, keytool the tool of an
//! administrator who takes what is handed over. What Chromium shows on the way is looked at closely: pictures, axe-core, light and dark.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says no by panicking"
)]
#![allow(clippy::print_stdout, reason = "a test that takes minutes says where it is")]

mod connect;
mod renew_client;
mod renew_server;
mod side;
mod system_certificate;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use certwright_tests::authority::{Authority, ServerCertificate};
use certwright_tests::browser::{Browser, Kind};
use certwright_tests::nginx::{ClientCheck, Nginx, Tls};
use certwright_tests::process::{free_port, output_of};
use certwright_tests::program::Server;
use tempfile::TempDir;

use crate::side::Side;

/// What the client's keystore is kept under.
const PASSPHRASE: &str = "a passphrase for the jobs";

/// A part of the session.
type Chapter = fn(&mut World);

/// What all chapters share.
struct World {
    /// Who works on the system that calls.
    client: Side,
    /// Who looks after the server that is called: another browser, another profile.
    receiver: Side,
    /// Signs the client's certificates.
    company: Authority,
    /// Signs the server's first certificate.
    old_roots: Authority,
    /// Signs its second.
    new_roots: Authority,
    /// The server's first certificate.
    certificate: ServerCertificate,
    /// The server that is called, and its port, which stays when it is restarted.
    nginx: Option<Nginx>,
    port: u16,
    /// Authorities that it trusts, as they were handed over.
    trusted: Vec<PathBuf>,
    files: TempDir,
}

impl World {
    fn new(address: &str, client: Kind, receiver: Kind) -> Self {
        let old_roots = Authority::new("Receiver");
        let certificate = old_roots.server_certificate("localhost", "DNS:localhost");
        let side = |kind| {
            let side = Side::new(Browser::start(kind));
            side.browser.open_page(address);
            side.browser.watch_errors();
            side
        };
        Self {
            client: side(client),
            receiver: side(receiver),
            company: Authority::new("Company"),
            new_roots: Authority::new("Receiver Next"),
            certificate,
            old_roots,
            nginx: None,
            port: free_port(),
            trusted: Vec::new(),
            files: tempfile::tempdir().unwrap(),
        }
    }

    /// Where the server is, as people type it.
    fn host(&self) -> String {
        format!("localhost:{}", self.port)
    }

    /// Starts the server anew, with this certificate, and with the authorities that were handed over.
    fn restart(&mut self, certificate: &ServerCertificate) {
        // The port is free only when the one before has ended.
        self.nginx = None;
        let check = if self.trusted.is_empty() {
            ClientCheck::None
        } else {
            let bundle: Vec<u8> = self.trusted.iter().flat_map(|file| std::fs::read(file).unwrap()).collect();
            ClientCheck::Required(self.file("trusted.pem", &bundle))
        };
        self.nginx = Some(Nginx::start_on(self.port, Tls::Only13, certificate, &check));
    }

    fn log(&self) -> String {
        self.nginx.as_ref().map(Nginx::log).unwrap_or_default()
    }

    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.files.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Unpacks what was handed over, with Python's zipfile.
    fn unpacked(&self, name: &str, archive: &[u8]) -> PathBuf {
        let (file, folder) = (self.file(&format!("{name}.zip"), archive), self.files.path().join(name));
        output_of(Command::new("python3").args(["-m", "zipfile", "-e"]).arg(file).arg(&folder));
        folder
    }

    /// keytool in a folder, in English; it has to succeed.
    fn keytool(&self, folder: &Path, arguments: &[&str]) -> String {
        let mut keytool = Command::new("keytool");
        keytool.arg("-J-Duser.language=en").args(arguments).current_dir(folder);
        String::from_utf8_lossy(&output_of(&mut keytool)).into_owned()
    }
}

fn walk(client: Kind, receiver: Kind) {
    let server = Server::start();
    let address = format!("http://127.0.0.1:{}/", server.port());
    let mut world = World::new(&address, client, receiver);
    let chapters: [(&str, Chapter); 7] = [
        ("the client gets its key and trusts the server", connect::prepares),
        ("what is handed over is taken in by the other side", connect::hands_over),
        ("the connection is tested, after a reload", connect::is_tested),
        ("the server's certificate is renewed without an outage", renew_server::walks),
        ("the client's certificate is renewed", renew_client::walks),
        ("the hosts of the plans are a list", connect::hosts_are_probed_together),
        ("plans are deleted, and come back", connect::is_deleted_and_comes_back),
    ];
    for (what, chapter) in chapters {
        let begun = Instant::now();
        chapter(&mut world);
        println!("    {what}: {:.1} s", begun.elapsed().as_secs_f64());
    }
    for side in [&world.client, &world.receiver] {
        side.nothing_is_wrong();
    }
    assert!(server.stop(), "the server does not end when it is asked to");
}

#[test]
fn every_job_with_the_client_in_chromium_and_the_server_in_firefox() {
    walk(Kind::Chromium, Kind::Firefox);
}

#[test]
fn every_job_with_the_client_in_firefox_and_the_server_in_chromium() {
    walk(Kind::Firefox, Kind::Chromium);
}

#[test]
fn a_system_certificate_in_chromium() {
    system_certificate::walks(Kind::Chromium);
}

#[test]
fn a_system_certificate_in_firefox() {
    system_certificate::walks(Kind::Firefox);
}
