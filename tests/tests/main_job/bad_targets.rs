//! Targets at which there is nothing to reach: each has its own sentence, and the keystore is unchanged.

use std::collections::BTreeMap;

use certwright_tests::flow::{Identity, Outcome};
use certwright_tests::nginx::{ClientCheck, Nginx, Tls};
use certwright_tests::page::{Seen, id};
use certwright_tests::peers::{Manner, Peer, closed_port};

use crate::{EC, World};

pub(crate) fn have_their_sentences(world: &World) {
    let browser = &world.browser;
    let before = browser.rows();
    let certificate = world.receiver.server_certificate("localhost", "DNS:localhost");
    let plain = Nginx::start(Tls::Plain, &certificate, &ClientCheck::None);
    let silent = Peer::start(Manner::Silent);
    let rude = Peer::start(Manner::HangsUp);

    let mut said: BTreeMap<String, String> = BTreeMap::new();
    let mut tell = |what: &str, expected: &[&str], outcome: &Outcome| {
        assert_eq!(
            outcome.verdict(),
            if outcome.verdict().is_empty() { "" } else { "failed" },
            "{what}: {outcome:?}"
        );
        assert!(expected.contains(&outcome.failure()), "{what}: {outcome:?}");
        let words = outcome.words();
        assert!(words.split_whitespace().count() >= 4, "{what} has no sentence: {words:?}");
        if let Some(same) = said.insert(words.clone(), what.to_owned()) {
            panic!("{what} and {same} have the same sentence: {words}");
        }
    };
    let probe = |host: &str, port: u16| browser.probe(host, port, Identity::Alias(EC), true);

    // Where there is no name service at all, that is what the system says, and the page cannot know better.
    let unknown = probe("no-such-host.invalid", 443);
    tell("an unknown host", &["name_not_found", "name_service_failed"], &unknown);
    assert!(unknown.words().contains("no-such-host.invalid"), "{}", unknown.words());
    tell("a closed port", &["connection_refused"], &probe("localhost", closed_port()));
    tell("a plain HTTP port", &["not_tls"], &probe("localhost", plain.port()));
    tell("one that hangs up in the middle", &["hung_up"], &probe("localhost", rude.port()));
    tell("a forbidden address", &["target_refused"], &probe("169.254.169.254", 443));
    tell("a port that is none", &["port_invalid"], &{
        browser.begin_probe_on_port("localhost", "70000", Identity::Alias(EC));
        browser.probe_outcome()
    });
    tell("a host that is none", &["host_invalid", "bad_target"], &probe("not a host", 443));

    // The WebSocket drops while the probe waits for a silent port.
    browser.begin_probe("localhost", silent.port(), Identity::Alias(EC), true);
    let running = |seen: &Seen| seen.attribute("data-state") == "running";
    browser.wait_for_state(
        &id("probe-phase-handshake"),
        "to run",
        certwright_tests::browser::PATIENCE,
        running,
    );
    world.pictures("probe-running");
    assert_eq!(world.recorder.cut_websockets(), 1, "one WebSocket is open while a probe runs");
    tell("a WebSocket that drops", &["server_lost"], &browser.probe_outcome());

    // A user who has waited long enough.
    browser.begin_probe("localhost", silent.port(), Identity::Alias(EC), true);
    browser.wait_for_state(
        &id("probe-phase-handshake"),
        "to run",
        certwright_tests::browser::PATIENCE,
        running,
    );
    browser.click(&id("probe-stop"));
    tell("a probe that is stopped", &["stopped", "cancelled"], &browser.probe_outcome());

    let outcome = probe("localhost", silent.port());
    tell("a silent port", &["handshake_timed_out"], &outcome);
    world.pictures("probe-silent");

    assert_eq!(browser.rows(), before);
}
