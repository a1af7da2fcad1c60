//! Probes against real servers: who accepts which key, in both versions of TLS, and what the page says where nobody does.

use certwright_tests::authority::ServerCertificate;
use certwright_tests::flow::{Identity, Outcome};
use certwright_tests::nginx::{ClientCheck, Nginx, Tls};
use certwright_tests::page::{id, id_with};
use certwright_tests::peers::OpensslServer;

use crate::{EC, RSA, World};

pub(crate) fn say_who_accepts(world: &World) {
    let certificate = world.receiver.server_certificate("localhost", "DNS:localhost,IP:127.0.0.1");
    one_that_asks_for_nothing(world, &certificate);
    one_that_is_not_trusted(world);
    ones_that_accept(world, &certificate);
    ones_that_refuse(world, &certificate);
    one_with_another_name(world);
}

/// Asks for no certificate. Its root comes into the trust store from what the probe saw, and then again by file.
fn one_that_asks_for_nothing(world: &World, certificate: &ServerCertificate) {
    let (browser, receiver) = (&world.browser, &world.receiver);
    let chain =
        [certificate.chain.clone(), receiver.root()].map(|file| std::fs::read(file).unwrap()).concat();
    let with_root = ServerCertificate { chain: world.file("with-root.pem", &chain), ..certificate.clone() };
    let nginx = Nginx::start(Tls::Only13, &with_root, &ClientCheck::None);

    let outcome = browser.probe("localhost", nginx.port(), Identity::First, true);
    assert_eq!(outcome.verdict(), "server_not_trusted", "{outcome:?}");
    browser.wait_for(&id_with("probe-chain", "data-trusted", "false"));
    browser.wait_for(&id_with("probe-failure", "data-reason", "untrusted_root"));
    world.pictures("probe-untrusted");

    let root = format!("{}[data-subject*=\"Receiver Root\"]", id("trust-add"));
    browser.click(&root);
    browser.wait_for(&id("toast"));
    let outcome = browser.probe("localhost", nginx.port(), Identity::First, true);
    assert_eq!(outcome.verdict(), "reached", "{outcome:?}");
    assert_eq!(
        (outcome.client("data-use"), outcome.client("data-why")),
        ("not_used", "not_requested"),
        "{outcome:?}"
    );
    browser.wait_for(&id_with("probe-chain", "data-trusted", "true"));
    browser.wait_for(&id_with("probe-remark", "data-kind", "root_sent"));

    // Taken back with the toast's own button, and brought in again as a file.
    let entries = browser.rows().len();
    browser.click(&id("undo"));
    browser.wait_for_rows(entries - 1);
    browser.trust_file(&receiver.root());
    assert_eq!(browser.rows().len(), entries);
}

/// Asks for a certificate and is not trusted: nothing is signed for it, unless the user has said so.
fn one_that_is_not_trusted(world: &World) {
    let browser = &world.browser;
    let certificate = world.stranger.server_certificate("localhost", "DNS:localhost");
    let nginx = Nginx::start(Tls::Only13, &certificate, &ClientCheck::Required(world.company.bundle()));
    let before = signatures(world);
    for identity in [Identity::Alias(EC), Identity::First] {
        let outcome = browser.probe("localhost", nginx.port(), identity, true);
        assert_eq!(outcome.verdict(), "server_not_trusted", "{outcome:?}");
        assert_eq!(
            (outcome.client("data-use"), outcome.client("data-why")),
            ("not_used", "server_not_trusted"),
            "{outcome:?}"
        );
    }
    assert_eq!(signatures(world), before, "a server that is not trusted got a signature");
    assert!(!nginx.log().contains("SUCCESS"), "{}", nginx.log());

    let outcome = browser.probe("localhost", nginx.port(), Identity::Alias(EC), false);
    assert_eq!(outcome.client("data-use"), "accepted", "{outcome:?}");
    assert_eq!(signatures(world), before + 1);
    assert!(nginx.log().contains("SUCCESS"), "{}", nginx.log());
}

/// How many signatures the browser has given away.
fn signatures(world: &World) -> usize {
    let messages = world.recorder.websocket_messages();
    messages
        .iter()
        .filter(|message| message.starts_with('{') && message.contains("\"kind\":\"signature\""))
        .count()
}

fn ones_that_accept(world: &World, certificate: &ServerCertificate) {
    let browser = &world.browser;
    for (tls, version) in [(Tls::Only13, "TLS 1.3"), (Tls::Only12, "TLS 1.2")] {
        let nginx = Nginx::start(tls, certificate, &ClientCheck::Required(world.company.bundle()));
        for (alias, subject) in [(EC, "CN=erp-client.example.com"), (RSA, "CN=legacy-client")] {
            let what = format!("{alias}, {version}");
            let outcome = browser.probe("localhost", nginx.port(), Identity::Alias(alias), true);
            assert_accepted(&what, &outcome);
            assert!(outcome.words().len() > 20, "{what}: {}", outcome.words());
            assert_eq!(browser.wait_for(&id("probe-fact-version")).text.trim(), version);
            for phase in ["resolve", "connect", "handshake", "client_authentication", "after_handshake"] {
                let seen = browser.wait_for(&id(&format!("probe-phase-{phase}")));
                assert_eq!(seen.attribute("data-state"), "done", "{what}: {phase}: {}", seen.text);
                assert!(seen.text.contains('s'), "{what}: {phase} has no time: {}", seen.text);
            }
            let links = browser.see_all(&format!("{} {}", id("probe-chain"), id("chain-link")));
            let names: Vec<&str> = links.iter().map(|link| link.attribute("data-name")).collect();
            assert_eq!(names, ["localhost", "Receiver Issuing CA", "Receiver Root"], "{what}");
            let accepted = format!("200 SUCCESS \"{subject}");
            assert!(nginx.log().lines().any(|line| line.starts_with(&accepted)), "{what}: {}", nginx.log());
            if (alias, tls) == (EC, Tls::Only13) {
                world.pictures("probe-accepted");
            }
        }
        // nginx names its authorities, and the first key that they have certified is taken.
        let outcome = browser.probe("127.0.0.1", nginx.port(), Identity::First, true);
        assert_accepted(&format!("first, {version}"), &outcome);
        browser.click(&format!("{} > summary", id("probe-accepts")));
        let fit = browser.wait_for(&format!("{}[data-fits='true']", id("key-fit"))).text;
        assert!(fit.contains("leads to an accepted authority"), "{fit}");
        let authorities = browser.wait_for(&id("probe-authorities")).text;
        assert!(
            authorities.contains("Company Root") && authorities.contains("Company Issuing CA"),
            "{authorities}"
        );
        let schemes = browser.wait_for(&id("probe-schemes")).text;
        assert!(
            schemes.contains("ecdsa_secp256r1_sha256") && schemes.contains("rsa_pss_rsae_sha256"),
            "{schemes}"
        );

        let outcome = browser.probe("localhost", nginx.port(), Identity::None, true);
        assert_eq!(outcome.verdict(), "certificate_demanded", "{outcome:?}");
        assert_eq!(
            (outcome.client("data-use"), outcome.client("data-why")),
            ("not_used", "not_wanted"),
            "{outcome:?}"
        );
    }
    // One that would take a certificate and does without.
    let nginx = Nginx::start(Tls::Only13, certificate, &ClientCheck::Optional(world.company.bundle()));
    let outcome = browser.probe("localhost", nginx.port(), Identity::None, true);
    assert_eq!(outcome.verdict(), "reached", "{outcome:?}");
    assert_eq!(
        (outcome.client("data-use"), outcome.client("data-why")),
        ("not_used", "not_wanted"),
        "{outcome:?}"
    );
}

fn assert_accepted(what: &str, outcome: &Outcome) {
    assert_eq!(outcome.verdict(), "reached", "{what}: {outcome:?}");
    assert_eq!(outcome.client("data-use"), "accepted", "{what}: {outcome:?}");
}

/// Servers that accept another authority's certificates alone.
fn ones_that_refuse(world: &World, certificate: &ServerCertificate) {
    let browser = &world.browser;
    let others = world.stranger.bundle();
    for tls in [Tls::Only13, Tls::Only12] {
        // nginx completes the handshake and says no in HTTP.
        let nginx = Nginx::start(tls, certificate, &ClientCheck::Required(others.clone()));
        let outcome = browser.probe("localhost", nginx.port(), Identity::Alias(EC), true);
        assert_eq!(outcome.verdict(), "certificate_refused", "{tls:?}: {outcome:?}");
        assert_eq!(
            (outcome.client("data-use"), outcome.client("data-by")),
            ("refused", "http"),
            "{tls:?}: {outcome:?}"
        );
        assert_eq!(outcome.client("data-status"), "400", "{tls:?}: {outcome:?}");
        if tls == Tls::Only13 {
            world.pictures("probe-refused");
        }
        // It names whom it accepts, so no key fits, and none is used.
        let outcome = browser.probe("localhost", nginx.port(), Identity::First, true);
        assert_eq!(outcome.verdict(), "certificate_demanded", "{tls:?}: {outcome:?}");
        assert_eq!(
            (outcome.client("data-use"), outcome.client("data-why")),
            ("not_used", "none_fits"),
            "{tls:?}: {outcome:?}"
        );

        // openssl says no with an alert; in TLS 1.3 after the client believes the handshake done.
        let version = if tls == Tls::Only12 { "-tls1_2" } else { "-tls1_3" };
        let demanding = OpensslServer::demanding(&others);
        let mut options: Vec<&str> = demanding.iter().map(String::as_str).collect();
        options.push(version);
        let server = OpensslServer::start(certificate, &options);
        let outcome = browser.probe("localhost", server.port(), Identity::Alias(RSA), true);
        assert_eq!(outcome.verdict(), "certificate_refused", "{tls:?}: {outcome:?}");
        assert_eq!(
            (outcome.client("data-use"), outcome.client("data-by")),
            ("refused", "alert"),
            "{tls:?}: {outcome:?}"
        );
        // unknown_ca (RFC 8446 section 6.2)
        assert_eq!(outcome.client("data-code"), "48", "{tls:?}: {outcome:?}");
    }
}

fn one_with_another_name(world: &World) {
    let certificate = world.receiver.server_certificate("other.example", "DNS:other.example");
    let nginx = Nginx::start(Tls::Only13, &certificate, &ClientCheck::Required(world.company.bundle()));
    let outcome = world.browser.probe("localhost", nginx.port(), Identity::Alias(EC), true);
    assert_eq!(outcome.verdict(), "server_not_trusted", "{outcome:?}");
    assert_eq!(outcome.client("data-why"), "server_not_trusted", "{outcome:?}");
    let failure = world.browser.wait_for(&id_with("probe-failure", "data-reason", "host_mismatch"));
    assert!(failure.text.contains("localhost") && failure.text.contains("other.example"), "{}", failure.text);
}
