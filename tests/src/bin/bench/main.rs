//! Measures what the goals are about, through a real browser: the first load, the page at work with 2 000 entries, a probe beside
//! `openssl s_client`, opening keystores beside keytool, openssl and WebCrypto, certificates and chains beside x509-parser, rustls-webpki and
//! openssl, and probes of many hosts beside Go, sslyze and openssl.
//!
//! Medians, because a machine has other things to do now and then; the sides of a comparison take turns, so that all have the
//! same weather. Prints each figure beside its goal. Missing a goal is no failure: the figure is what counts.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what cannot be measured ends with a message"
)]
#![allow(clippy::print_stdout, reason = "prints its results")]

mod chains;
mod checks;
mod first_load;
mod hosts;
mod keystores;
mod workbench;

use std::process::Stdio;
use std::time::Instant;

use certwright_tests::authority::Authority;
use certwright_tests::browser::{Browser, Kind};
use certwright_tests::flow::Identity;
use certwright_tests::nginx::{ClientCheck, Nginx, Tls};
use certwright_tests::openssl;
use certwright_tests::page::id;
use certwright_tests::program::Server;

/// Probes that are measured, on each side.
const PROBES: usize = 15;

/// Notes when the probe is asked for, and when the page has told its last word.
const TIME_PROBE: &str = "
    const end = () => document.querySelector('[data-testid=\"probe-verdict\"]') && !document.querySelector('[data-testid=\"probe-stop\"]');
    const begun = performance.now();
    document.querySelector('[data-testid=\"probe-start\"]').click();
    // The old verdict goes first.
    while (end()) await new Promise((resolve) => setTimeout(resolve, 0));
    if (!end()) await new Promise((resolve) => {
        const observer = new MutationObserver(() => { if (end()) { observer.disconnect(); resolve(); } });
        observer.observe(document.body, { subtree: true, childList: true, attributes: true });
        if (end()) { observer.disconnect(); resolve(); }
    });
    return performance.now() - begun;";

fn main() {
    // A part alone, for whoever works on it.
    let part = std::env::args().nth(1);
    match part.as_deref() {
        Some("chains") => return chains::compare(),
        Some("hosts") => return hosts::compare(),
        _ => {}
    }
    let server = Server::start();
    match part.as_deref() {
        None => {}
        Some("page") => {
            first_load::measure(&server);
            workbench::measure(&server);
            return;
        }
        Some("keystores") => return keystores::compare_large(&server),
        Some("derivation") => return keystores::compare_derivation(&server),
        Some(other) => panic!("there is no part `{other}`"),
    }
    first_load::measure(&server);
    workbench::measure(&server);
    println!("\nprobe with client certificate, nginx on this machine, median of {PROBES}");
    for tls in [Tls::Only13, Tls::Only12] {
        compare_probe(&server, tls);
    }
    keystores::compare_large(&server);
    keystores::compare_derivation(&server);
    chains::compare();
    hosts::compare();
}

fn compare_probe(server: &Server, tls: Tls) {
    let (company, receiver) = (Authority::new("Company"), Authority::new("Receiver"));
    let certificate = receiver.server_certificate("localhost", "DNS:localhost");
    let nginx = Nginx::start(tls, &certificate, &ClientCheck::Required(company.bundle()));
    let browser = Browser::start(Kind::Chromium);
    browser.open_page(&format!("http://127.0.0.1:{}/", server.port()));
    browser.make_key("bench", "ec_p256");
    let request = browser.make_request("bench", &[("cn", "bench")], "");
    let issued = company.sign(request.as_bytes());
    let reply = company.reply(&issued, certwright_tests::authority::Reply::ReversedChain);
    browser.drop_and_look(&[("reply.pem", &reply)]);
    browser.confirm_import("bench");
    browser.trust_file(&receiver.root());
    let outcome = browser.probe("localhost", nginx.port(), Identity::Alias("bench"), true);
    assert_eq!((outcome.verdict(), outcome.client("data-use")), ("reached", "accepted"), "{outcome:?}");
    browser.wait_for(&id("probe-start"));

    let client = company.client_certificate("bench-of-openssl");
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..PROBES {
        ours.push(browser.run_async(TIME_PROBE, vec![]).as_f64().unwrap());
        theirs.push(time_s_client(nginx.port(), &receiver, &client));
    }
    let (ours, theirs) = (median(&ours), median(&theirs));
    let version = if tls == Tls::Only13 { "TLS 1.3" } else { "TLS 1.2" };
    println!(
        "  {version}: page {ours:.1} ms, openssl s_client {theirs:.1} ms, ratio {:.2}  (goal: 3 or less)",
        ours / theirs
    );
}

/// Milliseconds that `openssl s_client` takes from its start to its end, with a client certificate.
fn time_s_client(
    port: u16,
    receiver: &Authority,
    client: &certwright_tests::authority::ServerCertificate,
) -> f64 {
    let mut command = openssl::openssl([
        "s_client",
        "-connect",
        &format!("localhost:{port}"),
        "-servername",
        "localhost",
        "-CAfile",
    ]);
    command
        .arg(receiver.root())
        .arg("-cert")
        .arg(&client.leaf)
        .arg("-cert_chain")
        .arg(&client.chain)
        .arg("-key")
        .arg(&client.key);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let begun = Instant::now();
    assert!(command.status().unwrap().success());
    begun.elapsed().as_secs_f64() * 1000.0
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
