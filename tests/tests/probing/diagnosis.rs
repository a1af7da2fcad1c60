//! What a result tells and offers: the root to be trusted, the cause of a failure and who has to act, all that a server speaks.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};

use certwright_tests::authority::ServerCertificate;
use certwright_tests::flow::{Identity, PROBE};
use certwright_tests::nginx::{ClientCheck, Nginx, Tls};
use certwright_tests::page::{id, id_with};
use certwright_tests::peers::OpensslServer;

use crate::World;

/// The server sends its root; it is trusted from the result, and the next probe is green.
pub(crate) fn the_root_is_added(world: &World) {
    let browser = &world.browser;
    let chain =
        [std::fs::read(&world.certificate.chain).unwrap(), std::fs::read(world.receiver.root()).unwrap()];
    let file = world.receiver.path("with-root.pem");
    std::fs::write(&file, chain.concat()).unwrap();
    let nginx = Nginx::start(
        Tls::Only13,
        &ServerCertificate { chain: file, ..world.certificate.clone() },
        &ClientCheck::None,
    );
    let outcome = browser.probe("localhost", nginx.port(), Identity::None, true);
    assert_eq!(outcome.verdict(), "server_not_trusted", "{outcome:?}");
    world.pictures("probing-untrusted");
    browser.click(&format!("{}[data-subject*=\"Receiver Root\"]", id("trust-add")));
    browser.wait_for(&id("toast"));
    browser.close_messages();
    browser.click(&id("probe-again"));
    browser.wait_for_state(&id("probe-verdict"), "to be green", PROBE, |seen| {
        seen.attribute("data-verdict") == "reached"
    });
    browser.wait_for(&id_with("probe-chain", "data-trusted", "true"));
    browser.wait_until_gone(&id("probe-stop"));
    world.pictures("probing-trusted");
}

/// The server does not send its intermediate; it is fetched from the address in the certificate, and the next probe is green. The root is trusted already.
pub(crate) fn the_intermediate_is_fetched(world: &World) {
    let browser = &world.browser;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://{}/issuing.cer", listener.local_addr().unwrap());
    let intermediate = std::fs::read(world.receiver.intermediate()).unwrap();
    std::thread::spawn(move || {
        for mut asked in listener.incoming().map_while(Result::ok) {
            // An answer without its question read could be lost by a reset.
            let _ = asked.read(&mut [0; 4096]);
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                intermediate.len()
            );
            let _ = asked.write_all(&[head.as_bytes(), &intermediate].concat());
        }
    });
    let names = "DNS:localhost,IP:127.0.0.1";
    let certificate = world.receiver.server_certificate_naming_issuer("localhost", names, &url);
    let alone = ServerCertificate { chain: certificate.leaf.clone(), ..certificate };
    let nginx = Nginx::start(Tls::Only13, &alone, &ClientCheck::None);
    let outcome = browser.probe("localhost", nginx.port(), Identity::None, true);
    assert_eq!(outcome.verdict(), "server_not_trusted", "{outcome:?}");
    let told = browser.wait_for(&id("probe-diagnosis"));
    assert_eq!(told.attribute("data-kind"), "intermediate_not_sent", "{told:?}");
    let missing = browser.wait_for(&id_with("chain-link", "data-kind", "missing"));
    assert!(missing.attribute("data-name").contains("Issuing CA"), "{missing:?}");
    world.pictures("probing-missing");
    browser.click(&id("chain-fetch"));
    browser.wait_for_state(&id("probe-verdict"), "to be green", PROBE, |seen| {
        seen.attribute("data-verdict") == "reached"
    });
    browser.wait_for(&id_with("probe-chain", "data-trusted", "true"));
    assert!(browser.see(&id_with("chain-link", "data-kind", "missing")).is_none());
    browser.wait_until_gone(&id("probe-stop"));
}

pub(crate) fn a_failure_is_explained(world: &World) {
    let browser = &world.browser;
    // An old server: openssl, which speaks TLS 1.1 only when it is talked into it.
    let old = OpensslServer::start(&world.certificate, &["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]);
    let outcome = browser.probe("localhost", old.port(), Identity::None, true);
    assert_eq!(outcome.verdict(), "failed", "{outcome:?}");
    let told = browser.wait_for(&id("probe-diagnosis"));
    assert_eq!(
        (told.attribute("data-kind"), told.attribute("data-who")),
        ("old_versions_only", "server_owner"),
        "{told:?}"
    );
    assert!(!browser.wait_for(&id("probe-who")).text.is_empty());
    assert!(browser.wait_for(&id("probe-evidence")).text.contains("TLS 1"), "{told:?}");
    world.pictures("probing-diagnosed");

    // No TLS at all.
    let plain = Nginx::start(Tls::Plain, &world.certificate, &ClientCheck::None);
    let outcome = browser.probe("localhost", plain.port(), Identity::None, true);
    assert_eq!(outcome.verdict(), "failed", "{outcome:?}");
    let told = browser.wait_for(&id("probe-diagnosis"));
    assert_eq!(told.attribute("data-kind"), "plain_http", "{told:?}");

    // Nothing is looked into if that is not wanted.
    let outcome = world.probe_with("localhost", plain.port(), &[("diagnose", "off")], &[("diagnose", "on")]);
    assert_eq!(outcome.verdict(), "failed", "{outcome:?}");
    assert!(browser.see(&id("probe-evidence")).is_none());
}

pub(crate) fn a_survey_is_shown(world: &World) {
    let browser = &world.browser;
    let nginx = Nginx::start(Tls::Only12, &world.certificate, &ClientCheck::None);
    let outcome = world.probe_with("localhost", nginx.port(), &[("survey", "on")], &[("survey", "off")]);
    assert_eq!(outcome.verdict(), "reached", "{outcome:?}");
    browser.click(&format!("{} > summary", id("probe-survey")));
    browser.click(&format!("{} > summary", id("survey-tls12")));
    let suites = browser
        .wait_for_state(&id("survey-tls12"), "to list suites", PROBE, |seen| seen.text.contains("TLS_"));
    assert!(suites.text.contains("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"), "{}", suites.text);
    world.pictures("probing-survey");
}
