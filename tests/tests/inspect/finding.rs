//! What is pasted and dropped is recognised: a proxy's header, the output of `openssl s_client`, hex, a keystore with its password.

use std::process::Stdio;

use certwright_tests::openssl::openssl;
use certwright_tests::page::{id, id_with};
use certwright_tests::peers::OpensslServer;

use crate::World;
use crate::authority::{FILE_PASSWORD, HOST};

pub(crate) fn recognises(world: &World) {
    let browser = &world.browser;
    world.begin();
    world.pictures("inspect-empty");

    // The header in which nginx passes a client's certificate on, pasted anywhere on the page.
    let header = format!("ssl-client-cert: {}", percent_encoded(&world.authority.text("leaf.pem")));
    browser.paste("body", &header);
    browser.wait_for(&id("thing"));
    assert_eq!(world.titles(), [HOST]);
    let sources = browser.wait_for(&id("bag-sources")).text;
    assert!(sources.contains("pasted text") && sources.to_lowercase().contains("url"), "{sources}");

    // What `openssl s_client -showcerts` prints; the server's own certificate comes twice and is in the bag already.
    let output = s_client(world);
    browser.drop_files(&[("s_client.txt", output.as_bytes())]);
    browser.wait_for(&id("thing-same"));
    assert!(world.titles().iter().any(|title| title == "Inspection CA 1"), "{:?}", world.titles());
    let sources = browser.wait_for(&id("bag-sources")).text;
    assert!(sources.contains("s_client"), "{sources}");

    // Hex with colons, typed into the field.
    world.begin();
    let der = world.authority.run(&["x509", "-in", "root.pem", "-outform", "DER"]);
    let hex: Vec<String> = der.iter().map(|octet| format!("{octet:02X}")).collect();
    browser.paste(&id("inspect-paste"), &hex.join(":"));
    browser.wait_for(&id("thing"));
    assert_eq!(world.titles(), ["Inspection Root"]);

    // A keystore says that it needs a password, and opens with it.
    world.begin();
    browser.drop_files(&[("leaf.p12", &world.authority.read("leaf.p12"))]);
    browser.wait_for(&id_with("problem", "data-kind", "password_needed"));
    world.pictures("inspect-password");
    browser.fill(&id("import-password"), FILE_PASSWORD);
    browser.click(&id("import-password-submit"));
    browser.wait_until_gone(&id("import-password"));
    let titles = world.titles();
    assert!(
        titles.contains(&HOST.to_owned()) && titles.contains(&"Inspection CA 1".to_owned()),
        "{titles:?}"
    );
    // The password and the private key stay where they are: see the last chapter.

    // What is no certificate at all is said to be none.
    world.begin();
    browser.paste("body", "just a shopping list");
    browser.wait_for(&id_with("problem", "data-kind", "not_recognised"));

    from_the_other_pages(world);
}

/// A found file, an entry and a probed chain lead here.
fn from_the_other_pages(world: &World) {
    let browser = &world.browser;
    world.begin();
    browser.drop_and_look(&[("leaf.pem", &world.authority.read("leaf.pem"))]);
    browser.click(&id("found-inspect"));
    browser.wait_for(&id("verdict"));
    assert_eq!(world.titles(), [HOST]);

    world.begin();
    browser.trust_file(&world.authority.path("root.pem"));
    browser.open_entry(&browser.rows()[0].0);
    browser.click(&id("entry-inspect"));
    browser.wait_for(&id("verdict"));
    assert_eq!(world.titles(), ["Inspection Root"]);
    browser.go_to_keystore();
    browser.click(&id("undo"));
    browser.wait_for_rows(0);

    world.begin();
    let certificate = server_certificate(world);
    let server = OpensslServer::start(&certificate, &[]);
    browser.probe("127.0.0.1", server.port(), certwright_tests::flow::Identity::None, false);
    browser.click(&id("probe-inspect"));
    browser.wait_for(&id("verdict"));
    // openssl sends its own certificate and then the file, which begins with it.
    assert_eq!(world.titles(), [HOST, HOST, "Inspection CA 1"]);
}

fn server_certificate(world: &World) -> certwright_tests::authority::ServerCertificate {
    let chain = world.authority.text("leaf.pem") + &world.authority.text("intermediate.pem");
    certwright_tests::authority::ServerCertificate {
        chain: world.file("chain.pem", chain.as_bytes()),
        leaf: world.authority.path("leaf.pem"),
        key: world.authority.path("leaf.key"),
    }
}

/// What the tool prints about a server that sends leaf and intermediate.
fn s_client(world: &World) -> String {
    let server = OpensslServer::start(&server_certificate(world), &[]);
    let mut client = openssl(["s_client", "-showcerts", "-connect", &format!("127.0.0.1:{}", server.port())]);
    let output = client.stdin(Stdio::null()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("Certificate chain"), "{text}");
    text
}

fn percent_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
