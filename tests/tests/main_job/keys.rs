//! Keys are made in a worker, with progress and a cancel button that works at once; requests are what an authority takes.

use std::time::{Duration, Instant};

use certwright_tests::flow::GENERATION;
use certwright_tests::openssl;
use certwright_tests::page::{id, id_with};

use crate::{EC, PASSPHRASE, RSA, World};

/// The longest time that the page may not draw while a key is made. The key is made in another thread, so this is only what
/// two busy cores take away.
const LONGEST_GAP_MS: f64 = 500.0;

pub(crate) fn are_made(world: &World) {
    let browser = &world.browser;
    browser.open_page(&world.recorder.address());
    browser.wait_for(&id("empty-state"));
    world.pictures("empty");
    assert!(!asks_before_leaving(world), "nothing would be lost yet");

    browser.make_key(EC, "ec_p256");
    assert_eq!(browser.entry_state(EC), "no_certificate");
    browser.wait_for_persistence("memory_only");
    browser.wait_for(&id("memory-note"));
    assert!(asks_before_leaving(world), "the key would be lost");

    // The same name again, in other letters, is refused, and nothing has changed.
    browser.begin_key(&EC.to_uppercase(), "ec_p384");
    let problem = browser.wait_for(&id_with("problem", "data-kind", "alias_taken"));
    assert!(problem.text.contains(EC) || problem.text.contains(&EC.to_uppercase()), "{}", problem.text);
    assert_eq!(browser.rows(), [(EC.to_owned(), "no_certificate".to_owned())]);

    a_long_generation_is_cancelled(world);

    watch_drawing(world);
    browser.begin_key(RSA, "rsa_2048");
    browser.wait_for_state(
        &id_with("entry-pane", "data-alias", RSA),
        "to open with the new key",
        GENERATION,
        |_| true,
    );
    let gap = longest_gap(world);
    assert!(gap <= LONGEST_GAP_MS, "the page did not draw for {gap} ms while a key was made");
    assert_eq!(browser.rows().len(), 2);
}

fn a_long_generation_is_cancelled(world: &World) {
    let browser = &world.browser;
    watch_drawing(world);
    browser.begin_key("never-made", "rsa_4096");
    browser.wait_for(&id("generation-progress"));
    // Long enough to be in the midst of it.
    std::thread::sleep(Duration::from_millis(700));
    world.pictures("generating");
    let begun = Instant::now();
    browser.click(&id("cancel-generation"));
    browser.wait_until_gone(&id("generation-progress"));
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(3), "cancelling took {took:?}");
    let gap = longest_gap(world);
    assert!(gap <= LONGEST_GAP_MS, "the page did not draw for {gap} ms while a key was made");
    assert_eq!(browser.rows().len(), 1, "a key that was cancelled is not there");
}

/// Begins to note when the page draws.
fn watch_drawing(world: &World) {
    world.browser.run(
        "globalThis.longestGap = 0;
         if (!globalThis.lastFrame) {
             const frame = (now) => {
                 globalThis.longestGap = Math.max(globalThis.longestGap, now - globalThis.lastFrame);
                 globalThis.lastFrame = now;
                 requestAnimationFrame(frame);
             };
             globalThis.lastFrame = performance.now();
             requestAnimationFrame(frame);
         }",
        vec![],
    );
}

/// The longest time between two frames since then, in milliseconds.
fn longest_gap(world: &World) -> f64 {
    let gap = world.browser.run("return globalThis.longestGap", vec![]).as_f64().unwrap();
    assert!(gap > 0.0, "the page drew nothing at all");
    gap
}

/// Whether the page would have the browser ask before it is left.
fn asks_before_leaving(world: &World) -> bool {
    let script = "const event = new Event('beforeunload', { cancelable: true });
                  dispatchEvent(event);
                  return event.defaultPrevented;";
    world.browser.run(script, vec![]) == true
}

pub(crate) fn are_requested(world: &World) {
    let browser = &world.browser;
    // A subject that cannot be read says where it cannot be read.
    browser.open_entry(EC);
    browser.click(&id("make-request"));
    browser.wait_for(&id("request-form"));
    browser.fill(&id("request-subject"), "CN=erp-client,nonsense");
    browser.click(&id("request-create"));
    browser.wait_for(&id_with("problem", "data-kind", "subject_invalid"));
    assert_eq!(browser.entry_state_after_closing(EC), "no_certificate");

    let fields = [("cn", "erp-client.example.com"), ("o", "Example GmbH"), ("c", "DE")];
    let pem = browser.make_request(EC, &fields, "erp-client.example.com\n10.0.0.7\nadmin@example.com");
    world.pictures("request");
    browser.click(&format!("{} {}", id("request-result"), id("request-copy")));
    assert_eq!(browser.clipboard().trim(), pem.trim());
    browser.click(&format!("{} {}", id("request-result"), id("request-download")));
    let file = browser.take_download(&format!("{EC}.csr"));
    assert_eq!(String::from_utf8_lossy(&file).trim(), pem.trim());
    let facts = read_request(world, EC, &file);
    for fact in [
        "CN = erp-client.example.com",
        "O = Example GmbH",
        "C = DE",
        "DNS:erp-client.example.com",
        "IP Address:10.0.0.7",
        "email:admin@example.com",
        "prime256v1",
    ] {
        assert!(facts.contains(fact), "{fact} is not in\n{facts}");
    }

    // Making a request asks to keep the keystore: the reply is of no use without the key.
    browser.wait_for(&id("keep-offer"));
    browser.keep(PASSPHRASE);
    browser.click(&id("request-done"));
    browser.wait_for(&id("entry-pending"));
    world.pictures("pending");
    assert_eq!(browser.entry_state_after_closing(EC), "pending");
    assert!(!asks_before_leaving(world), "everything is kept");

    browser.make_request(RSA, &[("subject", "CN=legacy-client,OU=Werk 3,O=Example GmbH,C=DE")], "");
    browser.click(&format!("{} {}", id("request-result"), id("request-download")));
    let facts = read_request(world, RSA, &browser.take_download(&format!("{RSA}.csr")));
    for fact in ["CN = legacy-client", "OU = Werk 3", "2048 bit"] {
        assert!(facts.contains(fact), "{fact} is not in\n{facts}");
    }
    assert_eq!(browser.entry_state_after_closing(RSA), "pending");
}

/// Keeps the request for the authority, and returns what openssl says of it.
fn read_request(world: &World, alias: &str, content: &[u8]) -> String {
    let file = world.file(&format!("{alias}.csr"), content);
    let path = file.to_str().unwrap();
    let (yes, words) = openssl::says_yes(["req", "-in", path, "-verify", "-noout", "-text"]);
    assert!(yes && words.contains("verify OK"), "{words}");
    words
}
