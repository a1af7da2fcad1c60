//! Another build lies on the server: it waits, an open session goes on with the files that it began with, and the page can be reloaded when it suits.
//!
//! The other build is the same with another service worker and a word in the page, served from the port that the program had.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;

use certwright_tests::browser::{Browser, Kind, PATIENCE};
use certwright_tests::page::id;
use certwright_tests::process::{root, wait_until};
use certwright_tests::program::Server;

use crate::kept::wait_until_kept;
use crate::{errors, every_page};

const ASK: &str = "await (await navigator.serviceWorker.getRegistration()).update(); return true;";
const KEPT_BUILDS: &str = "return (await caches.keys()).length;";
const MARK: &str = "return document.querySelector('meta[name=another-build]') !== null";

pub(crate) fn when_it_is_wanted() {
    let server = Server::start();
    let port = server.port();
    let address = format!("http://127.0.0.1:{port}/");
    let browser = Browser::start(Kind::Chromium);
    browser.open_page(&address);
    wait_until_kept(&browser);
    // Only a page that a service worker opened is one that it serves.
    browser.reload();
    browser.wait_until_ready();
    assert!(server.stop());
    serve(port, &root().join("dist"));

    browser.run_async(ASK, vec![]);
    browser.wait_for(&id("update-note"));
    // Opened again meanwhile, the page is the older one still, and the newer one keeps its files.
    browser.reload();
    browser.wait_until_ready();
    browser.wait_for(&id("update-note"));
    assert_eq!(browser.run(MARK, vec![]), false);
    assert_eq!(browser.run_async(KEPT_BUILDS, vec![]), 2);
    browser.make_key("in-the-session", "ec_p256");
    browser.click(&id("update-later"));
    browser.wait_until_gone(&id("update-note"));
    // The session goes on, with the files of its own build.
    every_page(&browser);
    assert_eq!(browser.rows().len(), 1);
    // A second tab is still of the same build, and is told when it opens.
    let first = browser.window();
    browser.open_tab(&address);
    browser.wait_until_ready();
    assert_eq!(browser.run(MARK, vec![]), false);
    browser.click(&id("update-now"));
    browser.wait_until_ready();
    wait_until("the other build", PATIENCE, || (browser.run(MARK, vec![]) == true).then_some(()));
    browser.wait_until_ready();
    every_page(&browser);
    browser.close_tab();
    browser.switch_to(&first);
    every_page(&browser);
    assert_eq!(browser.rows().len(), 1, "the session in the first tab lost its entry");
    assert_eq!(errors(&browser), Vec::<String>::new());
}

/// Serves the files of a folder as another build of the page, for as long as the test runs.
fn serve(port: u16, folder: &Path) {
    let mut files = HashMap::from([("/healthz".to_owned(), b"ok".to_vec())]);
    let below = std::fs::read_dir(folder.join("pictures")).unwrap();
    for entry in std::fs::read_dir(folder).unwrap().chain(below) {
        let path = entry.unwrap().path();
        if path.is_file() {
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            let mut content = std::fs::read(&path).unwrap();
            if name == "sw.js" {
                content.extend(b"\n// Another build.\n");
                let text = String::from_utf8(content).unwrap();
                content = text.replace("const VERSION = \"", "const VERSION = \"another-").into_bytes();
            } else if name == "index.html" {
                let text = String::from_utf8(content).unwrap();
                content = text.replacen("</head>", "<meta name=another-build></head>", 1).into_bytes();
            }
            files.insert(format!("/{name}"), content);
        }
    }
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let files = Arc::new(files);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let files = Arc::clone(&files);
            std::thread::spawn(move || answer(stream, &files));
        }
    });
}

fn answer(mut stream: TcpStream, files: &HashMap<String, Vec<u8>>) {
    let mut head = Vec::new();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    loop {
        let mut line = String::new();
        match reader.read_line(&mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) if line == "\r\n" => break,
            Ok(_) => head.push(line),
        }
    }
    let path = head.first().and_then(|line| line.split(' ').nth(1)).unwrap_or("/");
    let path = if path == "/" { "/index.html" } else { path };
    let kind = match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    };
    let (status, body) = match files.get(path) {
        Some(body) => ("200 OK", body.as_slice()),
        None => ("404 Not Found", &b""[..]),
    };
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-cache\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(body);
}
