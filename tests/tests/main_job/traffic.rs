//! The private keys and passwords of the whole session are in no traffic, no log and no storage.

use certwright_tests::browser::Browser;
use certwright_tests::needles;
use certwright_tests::openssl;
use certwright_tests::recorder::{Needle, find_in};

use crate::{EC, FILE_PASSWORD, PASSPHRASE, RSA, WRONG_PASSWORD, World};

pub(crate) fn holds_no_secret(world: &World) {
    let secrets = secrets(world);
    println!("    {} needles, {} KB of traffic", secrets.len(), world.recorder.bytes() / 1000);
    the_search_finds_what_is_there(world);
    assert_eq!(world.recorder.find(&secrets), Vec::<String>::new(), "secrets are in the traffic");

    // In the browser's storage lies the encrypted vault, and nothing else.
    let stored = std::fs::read(world.files.path().join("stored-by-the-browser")).unwrap();
    assert!(stored.len() > 2000, "nothing is stored: {} bytes", stored.len());
    assert_eq!(find_in(&stored, &secrets), Vec::<String>::new(), "secrets are in the browser's storage");
    let names = [Needle::new("alias", EC), Needle::new("subject", "erp-client.example.com")];
    assert_eq!(find_in(&stored, &names), Vec::<String>::new(), "the vault shows what is in it");

    // The server's log holds no secrets, and no data of users.
    let log = world.server.log();
    assert!(!log.is_empty(), "the server logs nothing at all");
    let of_users = [
        Needle::new("alias", EC),
        Needle::new("host", "no-such-host.invalid"),
        Needle::new("subject", "legacy-client"),
    ];
    assert_eq!(find_in(log.as_bytes(), &of_users), Vec::<String>::new(), "{log}");
    assert_eq!(find_in(log.as_bytes(), &secrets), Vec::<String>::new(), "secrets are in the server's log");

    only_plain_requests(world);
    no_request_leaves_the_origin(world);
}

/// Everything that must not be found.
fn secrets(world: &World) -> Vec<Needle> {
    let mut secrets = Vec::new();
    for alias in [EC, RSA] {
        let pem = world.files.path().join(format!("{alias}-key.pem"));
        needles::take_private_key(&world.files.path().join(format!("{alias}.p12")), FILE_PASSWORD, &pem);
        secrets.extend(needles::of_private_key(alias, &pem));
    }
    for (name, password) in [
        ("passphrase", PASSPHRASE),
        ("password of a file", FILE_PASSWORD),
        ("wrong password", WRONG_PASSWORD),
    ] {
        secrets.extend(needles::of_password(name, password));
    }
    secrets
}

/// What is known to have crossed the wire must be found, whole and in pieces, or the search above says nothing.
fn the_search_finds_what_is_there(world: &World) {
    let der = openssl::certificate_der(&world.files.path().join("issued.pem"));
    let found = world.recorder.find(&[
        Needle::new("client certificate", der.as_slice()),
        Needle::new("host", "localhost"),
        Needle::new("head of an answer", "content-security-policy"),
        Needle::new("nowhere", "this text was never sent"),
    ]);
    assert_eq!(found, ["client certificate", "head of an answer", "host"]);
    // The public key of the certificate in pieces, as the secret numbers are looked for: each piece, in some encoding.
    let middle = der.get(der.len() / 2..der.len() / 2 + 64).unwrap();
    let found = world.recorder.find(&needles::of_public_bytes("certificate", middle));
    for piece in 0..4 {
        let names = format!("certificate: piece {piece} ");
        assert!(found.iter().any(|name| name.starts_with(&names)), "piece {piece} was not found: {found:?}");
    }
}

/// The browser asked for the page's files and opened the probe's WebSocket. It posted nothing, and no address carries anything.
fn only_plain_requests(world: &World) {
    let requests = world.recorder.requests();
    assert!(requests.iter().any(|request| request == "GET /api/probe"), "{requests:?}");
    for request in &requests {
        assert!(request.starts_with("GET /") && !request.contains(['?', '%', '#']), "{request}");
    }
}

/// Chromium's own list of requests, workers and WebSockets included.
pub(crate) fn no_request_leaves_the_origin(world: &World) {
    let address = world.recorder.address();
    let of_sockets = address.replacen("http", "ws", 1);
    let requested = world.browser.requested_addresses();
    assert!(!requested.is_empty(), "the browser reports no requests");
    for url in &requested {
        assert!(url.starts_with(&address) || url.starts_with(&of_sockets), "the page asked for {url}");
    }
    assert_eq!(severe(&world.browser), Vec::<String>::new());
}

/// Errors in the console; breaches of the Content-Security-Policy are among them.
pub(crate) fn severe(browser: &Browser) -> Vec<String> {
    browser.console().into_iter().filter(|line| line.starts_with("SEVERE")).collect()
}
