//! Where several paths lead to a root, another one is chosen; and the user's keys are held against the authorities that are looked at.

use certwright_tests::page::{id, id_with};

use crate::World;
use crate::authority::FILE_PASSWORD;

/// The two roots of the intermediate.
const ROOTS: [&str; 2] = ["Inspection Root", "Other Root"];

pub(crate) fn are_chosen(world: &World) {
    let browser = &world.browser;
    cross_certify(world);
    world.begin_with(&["leaf.pem", "intermediate.pem", "root.pem", "cross.pem", "other.pem"]);
    world.untrusted_for("untrusted-root");
    browser.wait_for(&id("path-choice"));
    let choices = browser.see_all(&id("path-choice"));
    assert_eq!(choices.len(), 2, "{choices:?}");
    let link = |root: &str| id_with("link", "data-name", root);
    let (shown, other): (Vec<&str>, Vec<&str>) =
        ROOTS.into_iter().partition(|root| browser.see(&link(root)).is_some());
    let ([shown], [other]) = (shown.as_slice(), other.as_slice()) else {
        panic!("one root is drawn at a time: {shown:?}, {other:?}");
    };
    for root in [other, shown] {
        browser.click(&id_with("path-choice", "aria-pressed", "false"));
        browser.wait_for(&link(root));
        assert_eq!(browser.see_all(&id_with("link", "data-missing", "false")).len(), 3);
        assert_eq!(ROOTS.into_iter().filter(|root| browser.see(&link(root)).is_some()).count(), 1);
    }
    world.pictures("inspect-paths");

    // With one of the roots trusted its path is the one that is drawn, and the other can still be looked at.
    browser.click(&id("link-trust"));
    world.verdict("to be good", |seen| seen.attribute("data-trusted") == "true");
    assert_eq!(browser.see_all(&id_with("path", "data-trusted", "true")).len(), 1);
    browser.click(&id_with("path-choice", "aria-pressed", "false"));
    browser.wait_for(&id_with("path", "data-trusted", "false"));
    forget(world);
}

pub(crate) fn of_my_keys(world: &World) {
    let browser = &world.browser;
    browser.drop_and_look(&[("leaf.p12", &world.authority.read("leaf.p12"))]);
    browser.fill(&id("import-password"), FILE_PASSWORD);
    browser.click(&id("import-password-submit"));
    browser.wait_for(&id_with("found-item", "data-kind", "key_pair"));
    browser.confirm_import("shop");
    for (authority, fits) in [("intermediate.pem", "true"), ("root.pem", "true"), ("other.pem", "false")] {
        world.begin_with(&[authority]);
        browser.click(&id("which-keys"));
        let fit = browser.wait_for(&id_with("key-fit", "data-alias", "shop"));
        assert_eq!(fit.attribute("data-fits"), fits, "{authority}: {fit:?}");
    }
    world.pictures("inspect-keys");
    forget(world);
}

/// Another root certifies the key of the intermediate.
fn cross_certify(world: &World) {
    let authority = &world.authority;
    authority.run(&[
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        "other.key",
        "-subj",
        "/O=Inspection/CN=Other Root",
        "-days",
        "3650",
        "-out",
        "other.pem",
        "-addext",
        "keyUsage=critical,keyCertSign,cRLSign",
    ]);
    authority.run(&[
        "x509",
        "-req",
        "-in",
        "intermediate.csr",
        "-CA",
        "other.pem",
        "-CAkey",
        "other.key",
        "-CAcreateserial",
        "-extfile",
        "root.ext",
        "-days",
        "365",
        "-out",
        "cross.pem",
    ]);
}

/// Takes back what was put into the keystore.
fn forget(world: &World) {
    world.browser.go_to_keystore();
    world.browser.click(&id("undo"));
    world.browser.wait_for_rows(0);
}
