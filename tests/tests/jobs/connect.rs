//! Connect: the client's side gets a key, has it signed, trusts the server, hands over, and tests; the server's side takes in what it gets.

use std::collections::HashMap;

use certwright_tests::authority::Reply;
use certwright_tests::browser::PATIENCE;
use certwright_tests::openssl;
use certwright_tests::page::{Seen, id, id_with};
use certwright_tests::process::wait_until;
use serde_json::json;
use url::Url;

use crate::side::{Side, selector};
use crate::{PASSPHRASE, World};

pub(crate) const CLIENT: &str = "Orders";
pub(crate) const SERVER: &str = "Ledger";
const STORE_PASSWORD: &str = "storepass";

/// Key, signature, trust.
pub(crate) fn prepares(world: &mut World) {
    // It does not ask for a certificate yet, which is found out, too.
    let certificate = world.certificate.clone();
    world.restart(&certificate);
    let client = &world.client;
    client.go_to_jobs();
    client.pictures("empty");
    client.begin("connect", false, &world.host());
    assert_eq!(client.state("sides"), "now");
    client.name_sides(CLIENT, SERVER);
    client.pictures("begun");

    assert_eq!(client.holds("client", "client_key"), "missing");
    client.make_key("key");

    // Before anybody is asked to sign: is it an authority that the server accepts?
    client.give("signed", "accepted_files", &world.company.root());
    client.wait_finding("signed", "info", "Company Root");
    client.give("signed", "intended_files", &world.new_roots.root());
    client.wait_finding("signed", "bad", "does not accept");
    client.drop_for("intended_files", &world.company.root());
    client.wait_finding("signed", "good", "ask it to sign");

    let pem = client.make_request("signed", &[("cn", "orders.example.com"), ("o", "Example GmbH")]);
    client.wait_finding("signed", "info", "under way");
    assert_eq!(client.holds("client", "client_chain"), "unknown");
    client.pictures("pending");
    let issued = world.company.sign(pem.as_bytes());
    let reply = world.file("reply.p7b", &world.company.reply(&issued, Reply::Pkcs7));
    client.import("signed", "reply", &reply);
    client.wait_step("signed", "done");
    client.wait_finding("signed", "good", "complete up to its root");
    assert_eq!(client.holds("client", "client_chain"), "here");

    assert_eq!(client.holds("client", "server_root"), "missing");
    client.probe("trust", "look");
    client.wait_finding("trust", "info", "with all intermediates");
    client.wait_finding("trust", "warn", "Receiver Root");
    client.pictures("trust");
    // nginx sends no root: the administrator gives it in a file, which has a password.
    let file = world.files.path().join("root.p12");
    let (root, to) = (world.old_roots.root(), file.to_str().unwrap());
    openssl::run([
        "pkcs12",
        "-export",
        "-nokeys",
        "-in",
        root.to_str().unwrap(),
        "-passout",
        &format!("pass:{STORE_PASSWORD}"),
        "-out",
        to,
    ]);
    client.give("trust", "server_files", &file);
    let inside = |testid: &str| format!("{} {}", selector("trust"), id(testid));
    client.browser.wait_for(&inside("import-password"));
    client.pictures("password");
    client.browser.fill(&inside("import-password"), "a guess");
    client.browser.click(&inside("import-password-submit"));
    client.browser.wait_for(&format!("{}[data-kind=password_wrong]", inside("problem")));
    client.browser.fill(&inside("import-password"), STORE_PASSWORD);
    client.browser.click(&inside("import-password-submit"));
    client.browser.wait_until_gone(&inside("import-password"));
    client.act("trust", "trust");
    client.wait_step("trust", "done");
    assert_eq!(client.holds("client", "server_root"), "here");
}

/// The package, the plan, and what the other side does with them.
pub(crate) fn hands_over(world: &mut World) {
    let client = &world.client;
    let folder = world.unpacked("handover", &client.save("handover", "pack", ".zip"));
    let names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    let there = |end: &str| {
        let name = names.iter().find(|name| name.ends_with(end));
        name.unwrap_or_else(|| panic!("no {end} among {names:?}")).clone()
    };

    // The administrator's Java: root into a trust store, and the chain as it is.
    let root = there("root.cer");
    let imported = [
        "-importcert",
        "-noprompt",
        "-alias",
        "orders",
        "-file",
        &root,
        "-keystore",
        "trust.jks",
        "-storetype",
        "JKS",
        "-storepass",
        STORE_PASSWORD,
    ];
    world.keytool(&folder, &imported);
    let listed = world.keytool(&folder, &["-list", "-keystore", "trust.jks", "-storepass", STORE_PASSWORD]);
    assert!(listed.contains("orders") && listed.contains("trustedCertEntry"), "{listed}");
    let printed = world.keytool(&folder, &["-printcert", "-file", &there("chain.p7b")]);
    assert!(printed.contains("CN=orders.example.com") && printed.contains("Company Root"), "{printed}");

    // The mapping sheet says what openssl says.
    let leaf = folder.join(there("client-certificate.pem"));
    let serial = openssl::text(["x509", "-in", leaf.to_str().unwrap(), "-noout", "-serial"]);
    let serial = serial.trim().trim_start_matches("serial=").to_ascii_lowercase();
    let subject =
        openssl::text(["x509", "-in", leaf.to_str().unwrap(), "-noout", "-subject", "-nameopt", "RFC2253"]);
    let sheet = std::fs::read_to_string(folder.join(there("mapping.txt"))).unwrap();
    assert!(sheet.to_ascii_lowercase().contains(&serial), "{serial}: {sheet}");
    assert!(sheet.contains(subject.trim().trim_start_matches("subject=")), "{subject}: {sheet}");
    let line = std::fs::read_to_string(folder.join(there("one-line.txt"))).unwrap();
    assert!(!line.contains('\n') && line.contains("\\n"), "{line}");
    for name in &names {
        let content = std::fs::read(folder.join(name)).unwrap();
        assert!(!String::from_utf8_lossy(&content).contains("PRIVATE KEY"), "{name}");
    }

    is_mailed(client);
    client.act("handover", "done");
    client.wait_step("handover", "done");
    client.pictures("handed-over");
    let file = client.export();
    let text = String::from_utf8_lossy(&file);
    assert!(!text.contains("PRIVATE") && text.contains(SERVER), "{text}");

    // The other side sees its own steps.
    let receiver = &world.receiver;
    assert!(!receiver.open_plan(&file));
    receiver.wait_step("install", "now");
    let step = receiver.browser.wait_for(&selector("install"));
    assert_eq!(step.attribute("data-mine"), "true");
    let step = receiver.browser.wait_for(&selector("handover"));
    assert_eq!(step.attribute("data-mine"), "false");
    assert_eq!(receiver.holds("server", "client_root"), "missing");
    receiver.pictures("other-side");
    let folder = world.unpacked("received", &receiver.save("install", "pack", ".zip"));
    let mapping = String::from_utf8(receiver.save("install", "mapping", ".txt")).unwrap();
    assert!(mapping.contains("orders.example.com"), "{mapping}");
    receiver.act("install", "trust_client");
    receiver.act("install", "done");
    receiver.wait_step("install", "done");
    assert_eq!(receiver.holds("server", "client_root"), "here");

    // What was handed over is what the server trusts from now on.
    world.trusted = vec![folder.join("client-root.pem")];
    let certificate = world.certificate.clone();
    world.restart(&certificate);
    let back = world.receiver.export();
    assert!(world.client.open_plan(&back), "the client's side knows its own plan");
    world.client.wait_step("install", "done");
}

/// The text for the other side goes to the mail program as it stands there, and the page stays.
fn is_mailed(client: &Side) {
    let message = format!("{} {}", selector("handover"), id("plan-message"));
    let (mail, address) = (format!("{message} {}", id("plan-message-mail")), "return location.href");
    client.browser.click(&format!("{message} > summary"));
    let link = client.browser.wait_for(&mail).attribute("href").to_owned();
    let fields: HashMap<_, _> = Url::parse(&link).unwrap().query_pairs().into_owned().collect();
    let text = client.browser.run(
        "return document.querySelector(arguments[0]).textContent",
        vec![format!("{message} {}", id("plan-message-text")).into()],
    );
    assert_eq!(Some(fields["body"].as_str()), text.as_str());
    assert!(link.starts_with("mailto:?") && fields["subject"].contains(CLIENT), "{link}");
    // No mail program is there; what the browser would give it is noted, and that the page lets it go.
    client.browser.run(
        "window.mailed = null;
         addEventListener('click', (event) => {
             window.mailed = [event.target.closest('a')?.href, event.defaultPrevented];
             event.preventDefault();
         }, { once: true });",
        vec![],
    );
    let before = client.browser.run(address, vec![]);
    client.browser.click(&mail);
    assert_eq!(client.browser.run("return window.mailed", vec![]), json!([link, false]));
    assert_eq!(client.browser.run(address, vec![]), before);
    client.browser.wait_for(&id("plan"));
}

/// The page is loaded again before the last step.
pub(crate) fn is_tested(world: &mut World) {
    let client = &world.client;
    client.browser.click(&id("persistence"));
    client.browser.keep(PASSPHRASE);
    assert_eq!(client.browser.errors(), Vec::<String>::new());
    client.browser.reload();
    client.browser.watch_errors();
    client.browser.wait_for(&id("unlock-passphrase"));
    client.browser.click(&id("nav-jobs"));
    client.browser.wait_for(&id("jobs-locked"));
    client.browser.click(&id("jobs-unlock"));
    client.browser.unlock(PASSPHRASE);
    client.browser.wait_for_rows(2);
    client.go_to_jobs();
    let item = client.browser.wait_for(&id("plan-item"));
    assert_eq!(item.attribute("data-my-turn"), "true", "{item:?}");
    client.pictures("list");
    client.browser.click(&id("plan-open"));
    for step in ["sides", "key", "signed", "trust", "handover", "install"] {
        client.wait_step(step, "done");
    }
    client.wait_step("test", "now");

    client.probe("test", "test");
    client.wait_step("test", "done");
    client.unfold("test");
    let used = client.browser.wait_for(&id("probe-client-cert"));
    assert_eq!(used.attribute("data-use"), "accepted", "{used:?}");
    assert!(world.log().contains("200 SUCCESS \"CN=orders.example.com"), "{}", world.log());
    client.pictures("tested");
    let all = |seen: &Seen| seen.attribute("data-done") == seen.attribute("data-steps");
    client.browser.wait_for_state(&id("plan"), "to be done", PATIENCE, all);
    let missing = client.browser.see_all(&id_with("holding", "data-state", "missing"));
    assert!(missing.is_empty(), "{missing:?}");

    // The other side sees it, too.
    let receiver = &world.receiver;
    assert!(receiver.open_plan(&client.export()), "the server's side knows its own plan");
    receiver.wait_step("test", "done");
    receiver.pictures("other-side-done");
}

/// Deleting is undone by its message.
pub(crate) fn is_deleted_and_comes_back(world: &mut World) {
    let client = &world.client;
    client.go_to_jobs();
    let plans = || client.browser.see_all(&id("plan-item")).len();
    let before = plans();
    assert_eq!(before, 3);
    client.pictures("plans");
    client.browser.click(&id("plan-delete"));
    client.browser.wait_for(&id("toast-action"));
    assert_eq!(plans(), before - 1);
    client.browser.click(&id("toast-action"));
    wait_until("the plan to come back", PATIENCE, || (plans() == before).then_some(()));
}

/// The plans know hosts that can be probed together, and a list of hosts is kept with the keystore.
pub(crate) fn hosts_are_probed_together(world: &mut World) {
    let browser = &world.client.browser;
    let text = || {
        let script = "return document.querySelector(arguments[0]).value";
        browser.run(script, vec![id("many-text").into()]).as_str().unwrap_or_default().to_owned()
    };
    browser.click(&id("nav-many"));
    browser.click(&id("many-plans"));
    let host = world.host();
    wait_until("the hosts of the plans", PATIENCE, || text().contains(&host).then_some(()));
    browser.click(&format!("{} summary", id("many-lists")));
    browser.fill(&id("many-list-name"), "servers of the plans");
    browser.click(&id("many-list-keep"));
    browser.wait_for(&id_with("many-list", "data-name", "servers of the plans"));
    browser.fill(&id("many-text"), "other.example.com");
    browser.click(&id("many-list-open"));
    wait_until("the kept list", PATIENCE, || text().contains(&host).then_some(()));
    browser.close_messages();
    browser.click(&id("many-list-delete"));
    browser.wait_until_gone(&id("many-list"));
    browser.click(&id("toast-action"));
    browser.wait_for(&id("many-list"));
}
