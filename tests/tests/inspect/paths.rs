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

    // With one of the roots trusted its path is the one that counts, and what leads elsewhere is not drawn.
    browser.click(&id("link-trust"));
    world.verdict("to be good", |seen| seen.attribute("data-trusted") == "true");
    browser.wait_until_gone(&id("path-choice"));
    browser.wait_for(&link(shown));
    forget(world);
}

pub(crate) fn of_my_keys(world: &World) {
    let browser = &world.browser;
    make_client(world);
    // A server's key is for no client, whoever certified it.
    for (file, alias, fits) in
        [("leaf.p12", "shop", ["false", "false"]), ("client.p12", "till", ["true", "false"])]
    {
        browser.drop_and_look(&[(file, &world.authority.read(file))]);
        browser.fill(&id("import-password"), FILE_PASSWORD);
        browser.click(&id("import-password-submit"));
        browser.wait_for(&id_with("found-item", "data-kind", "key_pair"));
        browser.confirm_import(alias);
        for (authority, fits) in ["root.pem", "other.pem"].into_iter().zip(fits) {
            world.begin_with(&[authority]);
            browser.click(&id("which-keys"));
            let fit = browser.wait_for(&id_with("key-fit", "data-alias", alias));
            assert_eq!(fit.attribute("data-fits"), fits, "{authority}: {fit:?}");
        }
        world.pictures(&format!("inspect-keys-{alias}"));
        forget(world);
    }
}

/// `client.p12`: the same key in a certificate for a client.
fn make_client(world: &World) {
    let authority = &world.authority;
    world.file(
        "client.ext",
        b"basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\nauthorityKeyIdentifier=keyid\n",
    );
    authority.run(&[
        "x509",
        "-req",
        "-in",
        "leaf.csr",
        "-CA",
        "intermediate.pem",
        "-CAkey",
        "intermediate.key",
        "-CAcreateserial",
        "-extfile",
        "client.ext",
        "-days",
        "30",
        "-out",
        "client.pem",
    ]);
    authority.run(&[
        "pkcs12",
        "-export",
        "-in",
        "client.pem",
        "-inkey",
        "leaf.key",
        "-certfile",
        "intermediate.pem",
        "-name",
        "till",
        "-passout",
        &format!("pass:{FILE_PASSWORD}"),
        "-out",
        "client.p12",
    ]);
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
