//! One kept keystore, open in two tabs; its passphrase changed; its file taken away and brought back.

use certwright_tests::page::{id, id_with};

use crate::World;

const PASSPHRASE: &str = "the first passphrase";
const OTHER: &str = "die zweite Passphrase";

pub(crate) fn keep_changes(world: &World) {
    let browser = &world.browser;
    browser.go_to_keystore();
    browser.click(&id("persistence"));
    browser.keep(PASSPHRASE);
    let first = browser.window();
    let second = browser.open_tab(&world.address);
    browser.wait_until_ready();
    browser.unlock(PASSPHRASE);
    browser.wait_for_persistence("kept");
    browser.make_key("from the second tab", "ec_p256");

    browser.switch_to(&first);
    browser.wait_for(&id_with("entry-row", "data-alias", "from the second tab"));
    browser.make_key("from the first tab", "ec_p256");
    browser.switch_to(&second);
    browser.wait_for(&id_with("entry-row", "data-alias", "from the first tab"));
    browser.close_tab();
    browser.switch_to(&first);

    browser.go_to_keystore();
    browser.click(&id("persistence"));
    world.pictures("kept");
    browser.click(&id("vault-export"));
    let vault = browser.take_download("keystore.certwright");
    browser.click(&format!("{} > summary", id("change-passphrase")));
    browser.fill(&id("change-old"), PASSPHRASE);
    browser.fill(&id("change-new"), OTHER);
    browser.fill(&id("change-new-again"), OTHER);
    browser.click(&id("change-submit"));
    browser.wait_until_gone(&id("change-old"));
    browser.leave();
    browser.open_page(&world.address);
    browser.unlock(PASSPHRASE);
    browser.wait_for(&id_with("problem", "data-kind", "passphrase_wrong"));
    browser.unlock(OTHER);
    browser.wait_for_persistence("kept");
    browser.wait_for_rows(7);

    // The file of the kept keystore is a keystore like others, under the passphrase that it had.
    browser.drop_files(&[("backup.certwright", &vault)]);
    browser.wait_for(&id("import-password"));
    browser.fill(&id("import-password"), PASSPHRASE);
    browser.click(&id("import-password-submit"));
    browser.wait_for(&id("found-store"));
    browser.click(&id("store-open"));
    browser.wait_for(&id_with("store-tab", "data-name", "backup.certwright"));
    browser.wait_for_rows(7);
}
