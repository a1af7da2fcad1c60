//! The keystore: empty, with samples, with keys of one's own, with files that are brought, and kept on this device.

use certwright_tests::openssl;
use certwright_tests::page::{id, id_with};

use crate::{FILE_PASSWORD, PASSPHRASE, Walk};

pub(crate) fn samples(walk: &Walk) {
    let browser = &walk.browser;
    walk.show("home-empty");
    walk.sample(2, 5);
    walk.show("home-entries");
    browser.click(&id("validity-open"));
    browser.wait_for(&id("timeline"));
    walk.show("home-validity");
    browser.click(&id("select-all"));
    browser.wait_for(&id("bulk"));
    walk.show("home-selected");

    walk.begin();
    walk.sample(0, 3);
    browser.open_entry("erp-client");
    browser.wait_for(&id("chain-link"));
    walk.show("entry-with-chain");
    browser.click(&id("chain-picture-open"));
    browser.wait_for(&id("chain-drawn"));
    walk.show("entry-chain-drawn");
    browser.click(".pane [data-word=chain]");
    browser.wait_for(&id("word-meaning"));
    walk.show("word-card");
    browser.press("Escape");
    browser.go_to_keystore();
    browser.fill(&id("list-search"), "nothing is called so");
    browser.wait_for(&id("list-none"));
    walk.show("home-nothing-found");

    walk.begin();
    walk.sample(1, 2);
    browser.open_entry("shop-client");
    browser.wait_for(&id_with("chain-link", "data-kind", "missing"));
    walk.show("entry-with-a-missing-certificate");

    walk.begin();
    browser.click(&id("tour-start"));
    for step in ["1", "2", "3", "4", "5", "6"] {
        browser.wait_for(&id_with("tour", "data-step", step));
        // The first, one in the middle, and the last.
        if ["1", "3", "6"].contains(&step) {
            walk.show(&format!("tour-{step}"));
        }
        if step != "6" {
            browser.click(&id("tour-next"));
        }
    }
}

pub(crate) fn own_keys(walk: &Walk) {
    let browser = &walk.browser;
    browser.click(&id("new-key"));
    browser.wait_for(&id("new-key-form"));
    walk.show("new-key");
    walk.unfold("new-key-more");
    walk.show("new-key-other-kinds");
    // The slowest of all, so that there is something to see.
    browser.fill(&id("new-key-alias"), "archive");
    browser.click(&format!("label:has({})", id("new-key-choice-rsa_8192")));
    browser.click(&id("new-key-generate"));
    browser.wait_for(&id("generation-progress"));
    walk.show("new-key-in-the-making");
    if browser.see(&id("cancel-generation")).is_some() {
        browser.click(&id("cancel-generation"));
        browser.wait_until_gone(&id("generation-progress"));
    }
    browser.make_key("erp-client", "ec_p256");
    walk.show("entry-without-certificate");
    browser.press("F2");
    browser.wait_for(&id("rename-alias"));
    walk.show("entry-renamed");
    browser.click(&id("rename-cancel"));

    browser.click(&id("make-request"));
    browser.wait_for(&id("request-form"));
    walk.show("request");
    walk.unfold("request-more");
    browser.fill(&id("request-subject"), "CN=erp-client,nonsense");
    browser.click(&id("request-create"));
    browser.wait_for(&id("problem"));
    walk.show("request-with-a-mistake");
    let fields = [("cn", "erp-client.example.com"), ("o", "Example GmbH"), ("c", "DE")];
    let pem =
        browser.make_request("erp-client", &fields, "erp-client.example.com\n10.0.0.7\nadmin@example.com");
    walk.show("request-made");
    browser.open_entry("erp-client");
    walk.show("entry-pending");

    browser.make_key("demo-ca", "ec_p384");
    browser.click(&id("self-sign"));
    browser.wait_for(&id("self-sign-form"));
    browser.click(&format!("label:has({})", id("self-sign-ca")));
    browser.fill(&id("request-cn"), "Demo Root");
    browser.fill(&id("request-o"), "Example GmbH");
    walk.show("self-sign");
    browser.click(&id("self-sign-create"));
    browser.wait_for(&id("entry-can-issue"));
    walk.show("entry-authority");
    browser.click(&id("sign-requests"));
    browser.wait_for(&id("issue-pane"));
    walk.show("sign-a-request");
    browser.fill(&id("issue-request"), &pem);
    browser.wait_for(&id("issue-form"));
    browser.wait_for(&id("request-facts"));
    walk.show("sign-a-request-read");
    browser.click(&id("issue-create"));
    browser.wait_for(&id("issue-result"));
    walk.show("sign-a-request-done");
    browser.click(&id("issue-import"));
    browser.wait_for(&id_with("entry-pane", "data-alias", "erp-client"));

    browser.open_entry("erp-client");
    browser.click(&id("export-open"));
    browser.wait_for(&id("export-form"));
    walk.show("export");
    browser.open_entry("erp-client");
    browser.click(&id("export-p12-open"));
    browser.wait_for(&id("export-p12-password"));
    walk.show("export-with-password");
    browser.open_entry("erp-client");
    browser.click(&id("lock-entry"));
    browser.wait_for(&id("entry-locked"));
    walk.show("entry-locked");
    browser.go_to_keystore();
    browser.click(&id("store-menu"));
    browser.wait_for(&id("store-pane"));
    walk.show("export-keystore");

    browser.open_entry("demo-ca");
    browser.click(&id("delete-entry"));
    browser.wait_for(&id("toast-action"));
    walk.album.show(browser, "message-with-undo");
}

pub(crate) fn files(walk: &Walk) {
    let browser = &walk.browser;
    let read = |path: std::path::PathBuf| std::fs::read(path).unwrap();
    let certificate = walk.certificate();
    let (root, chain) = (read(walk.receiver.root()), read(certificate.chain.clone()));
    browser.drop_and_look(&[("receiver-root.pem", &root)]);
    walk.show("found-certificate");
    browser.drop_and_look(&[
        ("chain.pem", &chain),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01"),
        ("hosts.txt", b"one.example.com\n"),
    ]);
    walk.show("found-several-files");
    let file = walk.client_file("erp-client", "erp-client.example.com");
    browser.drop_and_look(&[("erp-client.p12", &file)]);
    walk.show("found-password-needed");
    browser.fill(&id("import-password"), "not this one");
    browser.click(&id("import-password-submit"));
    browser.wait_for(&id_with("problem", "data-kind", "password_wrong"));
    walk.show("found-password-wrong");
    browser.fill(&id("import-password"), FILE_PASSWORD);
    browser.click(&id("import-password-submit"));
    browser.wait_for(&id_with("found-item", "data-kind", "key_pair"));
    walk.show("found-key-pair");
    browser.confirm_import("erp-client");
    browser.trust_file(&walk.receiver.root());

    // A keystore beside, and merged into this one.
    let other = walk.client_file("orders", "orders.example.com");
    walk.drop_with_password("orders.p12", &other);
    browser.click(&id("store-open"));
    browser.wait_for(&id_with("entry-row", "data-alias", "orders"));
    walk.show("keystore-beside");
    browser.click(&id_with("store-tab", "data-store", "0"));
    browser.wait_for(&id_with("entry-row", "data-alias", "erp-client"));
    browser.click(&id("store-menu"));
    browser.click(&id("merge-from"));
    browser.wait_for(&id("merge-preview"));
    walk.show("merge");
    browser.click(&id("merge-apply"));
    browser.wait_for(&id("merge-result"));
    walk.show("merge-done");

    // Files are held over the page.
    browser.run(
        "const transfer = new DataTransfer();
         transfer.items.add(new File(['x'], 'x.pem'));
         document.body.dispatchEvent(new DragEvent('dragover', { dataTransfer: transfer, bubbles: true, cancelable: true }));",
        vec![],
    );
    browser.wait_for(&id("drop-overlay"));
    walk.show("files-held-over-the-page");
}

pub(crate) fn kept(walk: &Walk) {
    let browser = &walk.browser;
    browser.make_key("erp-client", "ec_p256");
    browser.go_to_keystore();
    browser.click(&id("persistence"));
    browser.wait_for(&id("keep-passphrase"));
    walk.show("vault-keep");
    browser.keep(PASSPHRASE);
    browser.click(&id("persistence"));
    browser.wait_for(&id("lock"));
    walk.show("vault-kept");
    browser.click(&id("lock"));
    browser.wait_for(&id("unlock-passphrase"));
    walk.show("vault-locked");
    browser.unlock("not this one");
    browser.wait_for(&id_with("problem", "data-kind", "passphrase_wrong"));
    walk.show("vault-wrong-passphrase");
    browser.click(&id("nav-jobs"));
    browser.wait_for(&id("jobs-locked"));
    walk.show("jobs-locked");
    browser.click(&id("nav-settings"));
    browser.click(&id("forget-all"));
    browser.click(&id("forget-all-confirm"));
    browser.wait_for(&id("empty-state"));
}

/// A revocation list of an authority, with one certificate in it.
pub(crate) fn revocation_list(walk: &Walk) -> Vec<u8> {
    let revoked = walk.company.client_certificate("revoked.example.com");
    let configuration = walk.company.path("intermediate/openssl.cnf");
    let configuration = configuration.to_str().unwrap();
    let reason = ["-crl_reason", "keyCompromise"];
    openssl::run(
        ["ca", "-config", configuration, "-revoke", revoked.leaf.to_str().unwrap()].into_iter().chain(reason),
    );
    openssl::run(["ca", "-config", configuration, "-gencrl", "-crldays", "30"])
}
