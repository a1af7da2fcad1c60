//! The options of a probe, each against a peer that shows whether it was followed.

use base64ct::{Base64, Encoding};
use certwright_tests::needles;
use certwright_tests::nginx::{ClientCheck, Nginx, Tls};
use certwright_tests::page::id;
use certwright_tests::peers::OpensslServer;
use certwright_tests::recorder::Needle;

use crate::World;
use crate::relay::{Manner, Relay};

const PASSWORD: &str = "proxy-Kennwort 0815";

pub(crate) fn do_what_they_say(world: &World) {
    server_name(world);
    versions(world);
    starttls(world);
    addressing(world);
    questions(world);
    pictures(world);
}

/// A server with two certificates, the second one for who asks for `localhost`.
fn server_name(world: &World) {
    let usual = world.receiver.server_certificate("default.example", "DNS:default.example,IP:127.0.0.1");
    let named = &world.certificate;
    let options = [
        "-servername",
        "localhost",
        "-cert2",
        named.leaf.to_str().unwrap(),
        "-key2",
        named.key.to_str().unwrap(),
    ];
    let server = OpensslServer::start(&usual, &options);
    world.probe_with("localhost", server.port(), &[], &[]);
    assert_eq!(world.served(), "localhost");
    world.probe_with("localhost", server.port(), &[("sni", "absent")], &[("sni", "")]);
    assert_eq!(world.served(), "default.example");
    let other = [("sni", "name"), ("sni-name", "other.example")];
    world.probe_with("localhost", server.port(), &other, &[("sni", "")]);
    assert_eq!(world.served(), "default.example");
}

fn versions(world: &World) {
    let server = OpensslServer::start(&world.certificate, &[]);
    for (chosen, shown) in [("tls12", "TLS 1.2"), ("tls13", "TLS 1.3"), ("", "TLS 1.3")] {
        world.probe_with("localhost", server.port(), &[("versions", chosen)], &[("versions", "")]);
        assert_eq!(world.fact("version"), shown, "{chosen}");
    }
    world.probe_with("localhost", server.port(), &[("groups", "classic")], &[("groups", "")]);
    assert!(world.fact("group").to_lowercase().contains("25519"), "{}", world.fact("group"));
}

/// A mail server on a port that tells nothing: the protocol is chosen, and what was said is shown.
fn starttls(world: &World) {
    let server = OpensslServer::start(&world.certificate, &[]);
    let relay = Relay::start(Manner::Smtp, server.port());
    let outcome = world.probe_with("localhost", relay.port, &[("starttls", "smtp")], &[("starttls", "none")]);
    assert_eq!(outcome.verdict(), "reached", "{outcome:?}");
    assert!(world.fact("greeting").contains("ESMTP relay"), "{}", world.fact("greeting"));
    assert!(relay.heard.lock().unwrap().iter().any(|line| line == "STARTTLS"));
    // The protocol follows the port until one is chosen; here one was.
    world.browser.fill(&id("probe-port"), "587");
    let chosen = |testid: &str| {
        world.browser.run("return document.querySelector(arguments[0]).value", vec![id(testid).into()])
    };
    assert_eq!(chosen("probe-starttls"), "none");
}

/// Another machine is asked in the place of the host, which still is what is judged.
fn addressing(world: &World) {
    let server = OpensslServer::start(&world.certificate, &[]);
    let there = format!("127.0.0.1:{}", server.port());
    let outcome = world.probe_with("localhost", 443, &[("connect", &there)], &[("connect", "")]);
    assert_eq!(outcome.verdict(), "reached", "{outcome:?}");
    assert!(world.fact("remote").contains(&there), "{}", world.fact("remote"));
    let outcome = world.probe_with("localhost", server.port(), &[("family", "v4")], &[("family", "")]);
    assert_eq!(outcome.verdict(), "reached", "{outcome:?}");
    let wrong = world.probe_with("localhost", server.port(), &[("connect", "a b")], &[("connect", "")]);
    assert_eq!(wrong.failure(), "bad_target", "{wrong:?}");
}

/// What else is found out: whether a certificate is required, whether sessions are resumed, what each address shows, what HTTP answers.
fn questions(world: &World) {
    let nginx =
        Nginx::start(Tls::Only13, &world.certificate, &ClientCheck::Optional(world.receiver.bundle()));
    let all = [("demand", "on"), ("resumption", "on"), ("every_address", "on"), ("http", "head")];
    let none = [("demand", "off"), ("resumption", "off"), ("every_address", "off"), ("http", "")];
    let outcome = world.probe_with("localhost", nginx.port(), &all, &none);
    assert_eq!(outcome.verdict(), "reached", "{outcome:?}");
    assert!(world.fact("demand").contains("works without"), "{}", world.fact("demand"));
    assert!(!world.fact("resumption").is_empty());
    assert!(world.fact("http-status").contains("200"), "{}", world.fact("http-status"));
    assert!(world.fact("http-server").contains("nginx"), "{}", world.fact("http-server"));
    assert!(!world.browser.see_all(&id("probe-address")).is_empty(), "no address is shown");
    world.pictures("probe-questions");
}

fn pictures(world: &World) {
    world.set(&[("proxy", "socks5")]);
    world.pictures("probe-form");
    world.set(&[("proxy", "")]);
}

/// The password of a proxy is in the one message to our own server that opens the connection, and at the proxy.
pub(crate) fn a_password_goes_one_way(world: &World) {
    let server = OpensslServer::start(&world.certificate, &[]);
    let proxy = Relay::start(Manner::Connect, server.port());
    let (port, before) = (proxy.port.to_string(), holding(world));
    let through = [
        ("proxy", "http"),
        ("proxy-host", "127.0.0.1"),
        ("proxy-port", port.as_str()),
        ("proxy-user", "user"),
        ("proxy-password", PASSWORD),
    ];
    let outcome = world.probe_with("localhost", server.port(), &through, &[("proxy", "")]);
    assert_eq!(outcome.verdict(), "reached", "{outcome:?}");
    let credentials = Base64::encode_string(format!("user:{PASSWORD}").as_bytes());
    let heard = proxy.heard.lock().unwrap().join("\n");
    assert!(heard.contains(&credentials), "{heard}");

    assert_eq!((before.len(), holding(world).len()), (0, 1), "{:?}", holding(world));
    let message = holding(world).remove(0);
    assert!(message.starts_with('{') && message.contains("\"kind\":\"start\""), "{message}");
    let secrets = needles::of_password("the proxy's password", PASSWORD);
    let log = world.server.log();
    assert_eq!(certwright_tests::recorder::find_in(log.as_bytes(), &secrets), Vec::<String>::new(), "{log}");
    let page = world.browser.run("return document.documentElement.outerHTML", vec![]).to_string();
    assert!(!page.contains(PASSWORD) && !page.contains(&credentials), "the page shows the password");
    // The search sees what is there.
    assert_eq!(world.recorder.find(&[Needle::new("password", PASSWORD)]), ["password"]);
    let requests = world.recorder.requests();
    assert!(requests.iter().all(|line| !line.contains(['?', '%', '#'])), "{requests:?}");
}

/// The messages that hold the password.
fn holding(world: &World) -> Vec<String> {
    world.recorder.websocket_messages().into_iter().filter(|message| message.contains(PASSWORD)).collect()
}
