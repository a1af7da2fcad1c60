//! The first load: bytes over the wire, and the time until the page can be used.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use certwright_tests::browser::{Browser, Kind};
use certwright_tests::program::Server;
use certwright_tests::recorder::Recorder;

use crate::median;

/// Cold loads that are measured.
const LOADS: usize = 5;

/// Notes when the page can be used: its button for a new key is there, and enabled.
const WATCH: &str = "
    const usable = () => {
        const button = document.querySelector('[data-testid=\"new-key\"]');
        const page = document.querySelector('[data-testid=\"keystore-page\"][data-ready=\"true\"]');
        if (button && !button.disabled && page) globalThis.usableAt = performance.now();
        else requestAnimationFrame(usable);
    };
    usable();";

/// Prints each figure beside its goal.
pub(crate) fn measure(server: &Server) {
    println!("\nfirst load");
    for (what, bytes, goal) in bytes(server) {
        let goal = goal.map(|goal| format!("(goal: {goal} KB or less)")).unwrap_or_default();
        println!("  {what:<52} {:>8.1} KB  {goal}", bytes as f64 / 1000.0);
    }
    let usable: Vec<f64> = (0..LOADS).map(|_| time_until_usable(server)).collect();
    println!(
        "  {:<52} {:>8.0} ms  (goal: 1000 ms or less; median of {LOADS} cold loads)",
        "navigation until usable",
        median(&usable)
    );
}

/// Bytes over the wire, heads included, of everything that is asked for when the page is opened: by the page until it can be used, by its worker,
/// and afterwards, which is the rest of the page and what the service worker keeps for the time without a network.
fn bytes(server: &Server) -> Vec<(String, usize, Option<u32>)> {
    let recorder = Recorder::start(server.port());
    let browser = watched(&recorder.address());
    let usable = wait_until_usable(&browser);
    // The rest is asked for a moment later.
    std::thread::sleep(Duration::from_secs(3));
    let needed = browser.run(
        "return performance.getEntriesByType('resource').filter((entry) => entry.startTime <= arguments[0]).map((entry) => new URL(entry.name).pathname);",
        vec![usable.into()],
    );
    let needed: Vec<&str> = needed.as_array().unwrap().iter().filter_map(serde_json::Value::as_str).collect();
    let mut paths: Vec<String> =
        recorder.requests().iter().map(|request| request.trim_start_matches("GET ").to_owned()).collect();
    paths.sort();
    paths.dedup();
    let (mut page, mut worker, mut later, mut rows) = (0, 0, 0, Vec::new());
    for path in paths {
        let bytes = fetch(server.port(), &path).len();
        // What the browser asks for by itself is not among the page's own.
        let by_browser = path == "/" || path.ends_with(".svg") || path.ends_with(".webmanifest");
        let (sum, when) = match () {
            () if path.contains("worker") => (&mut worker, "worker"),
            () if by_browser || needed.contains(&path.as_str()) => (&mut page, "page"),
            () => (&mut later, "later"),
        };
        *sum += bytes;
        rows.push((format!("  {when:<8}{path}"), bytes, None));
    }
    rows.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    let mut all = vec![
        ("page, compressed, until it can be used".to_owned(), page, Some(300)),
        ("worker, compressed, beside it".to_owned(), worker, None),
        ("later: its other parts, and what is kept for offline".to_owned(), later, None),
    ];
    all.append(&mut rows);
    all
}

/// An answer, with its head.
pub(crate) fn fetch(port: u16, path: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let head = format!(
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: br, gzip\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert!(
        answer.starts_with(b"HTTP/1.1 200"),
        "{path}: {}",
        String::from_utf8_lossy(answer.get(..100).unwrap_or(&answer))
    );
    answer
}

/// Milliseconds from the start of the navigation until the page can be used, with nothing cached.
fn time_until_usable(server: &Server) -> f64 {
    wait_until_usable(&watched(&format!("http://127.0.0.1:{}/", server.port())))
}

/// A new browser with the page, which notes when it can be used.
fn watched(address: &str) -> Browser {
    let browser = Browser::start(Kind::Chromium);
    let watch = format!("addEventListener('DOMContentLoaded', () => {{ {WATCH} }});");
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", serde_json::json!({ "source": watch }));
    browser.open_page(address);
    browser
}

fn wait_until_usable(browser: &Browser) -> f64 {
    let begun = Instant::now();
    loop {
        if let Some(at) = browser.run("return globalThis.usableAt ?? null", vec![]).as_f64() {
            return at;
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "the page does not say when it could be used");
        std::thread::sleep(Duration::from_millis(20));
    }
}
