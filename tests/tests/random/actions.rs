//! What a user may do next, done in the page and in the model.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};

use certwright_tests::browser::Browser;
use certwright_tests::page::{id, id_with};
use certwright_tests::process::output_of;

use crate::model::{Entry, History, Model, Store};

/// How long the page may take to show what the model says.
const LIMIT: Duration = Duration::from_secs(30);

/// More entries than this are not made in a keystore, so that all its rows are drawn.
const MOST_ENTRIES: usize = 24;
/// More keystores than this are not opened.
const MOST_STORES: usize = 4;

/// An action: how often it is taken, and what does it. It says no where it is not possible now.
type Action = (u64, fn(&mut Session) -> bool);

const ACTIONS: [Action; 14] = [
    (18, Session::make_key),
    (14, Session::import_certificate),
    (9, Session::rename),
    (9, Session::lock_or_unlock),
    (7, Session::lock_several),
    (8, Session::delete),
    (3, Session::delete_several),
    (8, Session::request),
    (7, Session::sign_itself),
    (6, Session::undo),
    (5, Session::redo),
    (3, Session::open_or_close_a_keystore),
    (3, Session::show_another_keystore),
    (6, Session::look_elsewhere),
];

/// Where one looks without changing anything: what is clicked, and what is there then.
const ELSEWHERE: [(&str, &str); 5] = [
    ("nav-jobs", "jobs-page"),
    ("nav-inspect", "inspect-page"),
    ("nav-probe", "probe-page"),
    ("nav-many", "many-page"),
    ("nav-settings", "settings-page"),
];

/// The page, the model and the dice.
pub(crate) struct Session {
    browser: Browser,
    history: History,
    dice: u64,
    made: u64,
    doing: String,
}

impl Session {
    pub(crate) fn new(browser: Browser, seed: u64) -> Self {
        Self { browser, history: History::new(), dice: seed, made: 0, doing: String::new() }
    }

    pub(crate) fn browser(&self) -> &Browser {
        &self.browser
    }

    /// Changes that were made, undone ones too.
    pub(crate) fn changes(&self) -> usize {
        self.history.changes()
    }

    /// Does one thing that is possible now, and compares page and model.
    pub(crate) fn act(&mut self, number: u64) {
        // One action in four with the browser's own pointer and keys, which are slow.
        let quick = self.roll(4) != 0;
        self.browser.set_quick(quick);
        let all: u64 = ACTIONS.iter().map(|(often, _)| often).sum();
        loop {
            let mut left = self.roll(all);
            let chosen = ACTIONS.iter().find(|(often, _)| {
                let is_it = left < *often;
                left = left.saturating_sub(*often);
                is_it
            });
            let (_, action) = chosen.expect("the dice have as many sides");
            if action(self) {
                break;
            }
        }
        self.compare(number);
        self.browser.run(
            "document.querySelectorAll(arguments[0]).forEach((button) => button.click())",
            vec![id("toast-close").into()],
        );
    }

    /// Takes back all that can be taken back; returns how many changes that were.
    pub(crate) fn undo_everything(&mut self) -> u64 {
        let mut count = 0;
        self.browser.set_quick(true);
        while self.history.can_undo() {
            self.doing = "undo, at the end".into();
            self.browser.click(&id("undo"));
            self.history.undo();
            count += 1;
            self.compare(count);
        }
        assert_eq!(self.history.now().stores, Model::new().stores);
        count
    }

    /// Waits until the page shows what the model says.
    fn compare(&self, number: u64) {
        let script = "return [
             [...document.querySelectorAll(arguments[0])].map((row) => [row.dataset.alias, row.dataset.kind, row.dataset.state, row.dataset.locked === 'true']),
             [...document.querySelectorAll(arguments[1])].map((tab) => [Number(tab.dataset.store), tab.getAttribute('aria-current') === 'true']),
             [...document.querySelectorAll(arguments[2])].map((toast) => toast.innerText),
             [...document.querySelectorAll(arguments[3])].length,
         ];";
        let bad = id_with("toast", "data-tone", "bad");
        let selectors = [id("entry-row"), id("store-tab"), bad, id("worker-failed")]
            .map(serde_json::Value::from)
            .to_vec();
        let begun = Instant::now();
        loop {
            let seen = self.browser.run(script, selectors.clone());
            assert_eq!((&seen[2], &seen[3]), (&serde_json::json!([]), &0.into()), "{number}: {}", self.doing);
            let (rows, tabs) = (seen[0].as_array().unwrap(), seen[1].as_array().unwrap());
            let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
            let store: Store = rows
                .iter()
                .map(|row| {
                    let entry = Entry { kind: text(&row[1]), state: text(&row[2]), locked: row[3] == true };
                    (text(&row[0]), entry)
                })
                .collect();
            let open: BTreeMap<u64, bool> =
                tabs.iter().map(|tab| (tab[0].as_u64().unwrap(), tab[1] == true)).collect();
            let now = self.history.now();
            let wanted: BTreeMap<u64, bool> =
                now.stores.keys().map(|number| (*number, *number == now.shown)).collect();
            // As long as there is one keystore, and that is empty, there are no tabs.
            let tabs_fit = open == wanted || (open.is_empty() && wanted.len() == 1);
            if tabs_fit && store == *now.store() && rows.len() == store.len() {
                return;
            }
            assert!(
                begun.elapsed() < LIMIT,
                "{number}: {}: the page shows {store:?} of {open:?}, and the model has {now:?}; picture: {}",
                self.doing,
                self.browser.picture("random").display()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// A number below `sides` (SplitMix64).
    fn roll(&mut self, sides: u64) -> u64 {
        self.dice = self.dice.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.dice;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn one_of<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        let sides = u64::try_from(all.len()).ok().filter(|sides| *sides > 0)?;
        let place = usize::try_from(self.roll(sides)).ok()?;
        all.get(place).cloned()
    }

    fn entry_of(&mut self, wished: impl Fn(&Entry) -> bool) -> Option<String> {
        let aliases = self.history.now().aliases(wished);
        self.one_of(&aliases)
    }

    fn name(&mut self, what: &str) -> String {
        self.made += 1;
        format!("{what} {}", self.made)
    }

    fn has_room(&self) -> bool {
        self.history.now().store().len() < MOST_ENTRIES
    }

    fn open(&self, alias: &str) {
        self.browser.click(&format!("{} {}", id_with("entry-row", "data-alias", alias), id("entry-open")));
        self.browser.wait_for(&id_with("entry-pane", "data-alias", alias));
    }

    /// Ticks these entries, and clicks on what is to be done with them.
    fn with_all(&self, aliases: &[String], button: &str) {
        for alias in aliases {
            let row = id_with("entry-row", "data-alias", alias);
            self.browser.click(&format!("{row} {}", id("entry-select")));
        }
        self.browser.wait_for(&id_with("bulk", "data-count", &aliases.len().to_string()));
        self.browser.click(&id(button));
    }

    fn make_key(&mut self) -> bool {
        if !self.has_room() {
            return false;
        }
        let alias = self.name("key");
        self.doing = format!("new key {alias}");
        self.browser.make_key(&alias, "ec_p256");
        let entry = Entry { kind: "key_pair".into(), state: "no_certificate".into(), locked: false };
        self.history.change(|model| drop(model.store_mut().insert(alias, entry)));
        true
    }

    fn import_certificate(&mut self) -> bool {
        if !self.has_room() {
            return false;
        }
        let name = self.name("partner");
        self.doing = format!("import {name}");
        let mut openssl = Command::new("openssl");
        openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]);
        openssl.args(["-keyout", "/dev/null", "-days", "400", "-subj", &format!("/CN={name}")]);
        let certificate = output_of(&mut openssl);
        let dropped = self.browser.drop_and_look(&[(&format!("{name}.cer"), certificate.as_slice())]);
        assert_eq!(dropped.proposal(), "trust", "{dropped:?}");
        self.browser.click(&id("import-confirm"));
        let pane = self.browser.wait_for(&id("entry-pane"));
        let alias = pane.attribute("data-alias").to_owned();
        let entry = Entry { kind: "trusted_certificate".into(), state: "trusted".into(), locked: false };
        self.history.change(|model| assert!(model.store_mut().insert(alias, entry).is_none()));
        true
    }

    fn rename(&mut self) -> bool {
        let Some(alias) = self.entry_of(|entry| !entry.locked) else { return false };
        let to = self.name("renamed");
        self.doing = format!("rename {alias} to {to}");
        self.open(&alias);
        self.browser.click(&id("rename-open"));
        self.browser.fill(&id("rename-alias"), &to);
        self.browser.click(&id("rename-submit"));
        self.history.change(|model| {
            let entry = model.store_mut().remove(&alias).expect("it was there");
            model.store_mut().insert(to, entry);
        });
        true
    }

    fn lock_or_unlock(&mut self) -> bool {
        let Some(alias) = self.entry_of(|_| true) else { return false };
        self.doing = format!("lock or unlock {alias}");
        self.open(&alias);
        self.browser.click(&id("lock-entry"));
        self.history.change(|model| {
            let entry = model.store_mut().get_mut(&alias).expect("it was there");
            entry.locked = !entry.locked;
        });
        true
    }

    fn several(&mut self, wished: impl Fn(&Entry) -> bool) -> Option<Vec<String>> {
        let mut aliases = self.history.now().aliases(wished);
        while aliases.len() > 3 {
            let gone = usize::try_from(self.roll(u64::try_from(aliases.len()).ok()?)).ok()?;
            aliases.remove(gone);
        }
        (aliases.len() > 1).then_some(aliases)
    }

    fn lock_several(&mut self) -> bool {
        let lock = self.roll(2) == 0;
        let Some(aliases) = self.several(|entry| entry.locked != lock) else { return false };
        self.doing = format!("lock ({lock}) {aliases:?}");
        self.browser.go_to_keystore();
        self.with_all(&aliases, if lock { "bulk-lock" } else { "bulk-unlock" });
        self.browser.click(&id("bulk-clear"));
        self.history.change(|model| {
            for alias in &aliases {
                model.store_mut().get_mut(alias).expect("it was there").locked = lock;
            }
        });
        true
    }

    fn delete(&mut self) -> bool {
        let Some(alias) = self.entry_of(|entry| !entry.locked) else { return false };
        self.doing = format!("delete {alias}");
        self.open(&alias);
        self.browser.click(&id("delete-entry"));
        self.history.change(|model| drop(model.store_mut().remove(&alias)));
        true
    }

    fn delete_several(&mut self) -> bool {
        let Some(aliases) = self.several(|entry| !entry.locked) else { return false };
        self.doing = format!("delete {aliases:?}");
        self.browser.go_to_keystore();
        self.with_all(&aliases, "bulk-delete");
        self.history.change(|model| model.store_mut().retain(|alias, _| !aliases.contains(alias)));
        true
    }

    fn request(&mut self) -> bool {
        let waits = |entry: &Entry| !entry.locked && matches!(&*entry.state, "no_certificate" | "pending");
        let Some(alias) = self.entry_of(waits) else { return false };
        self.doing = format!("signing request for {alias}");
        self.browser.make_request(&alias, &[("cn", &alias)], "");
        self.history.change(|model| {
            model.store_mut().get_mut(&alias).expect("it was there").state = "pending".into();
        });
        true
    }

    fn sign_itself(&mut self) -> bool {
        let fits = |entry: &Entry| !entry.locked && entry.state == "no_certificate";
        let Some(alias) = self.entry_of(fits) else { return false };
        self.doing = format!("self-sign {alias}");
        self.open(&alias);
        self.browser.click(&id("self-sign"));
        self.browser.wait_for(&id("self-sign-form"));
        self.browser.fill(&id("request-cn"), &alias);
        self.browser.click(&id("self-sign-create"));
        self.browser.wait_for(&id_with("entry-pane", "data-alias", &alias));
        self.history.change(|model| {
            model.store_mut().get_mut(&alias).expect("it was there").state = "self_signed".into();
        });
        true
    }

    fn undo(&mut self) -> bool {
        if self.history.can_undo() {
            self.doing = "undo".into();
            self.browser.click(&id("undo"));
            self.history.undo();
            true
        } else {
            false
        }
    }

    fn redo(&mut self) -> bool {
        if self.history.can_redo() {
            self.doing = "redo".into();
            self.browser.click(&id("redo"));
            self.history.redo();
            true
        } else {
            false
        }
    }

    fn open_or_close_a_keystore(&mut self) -> bool {
        let open: Vec<u64> = self.history.now().stores.keys().copied().collect();
        let beside: Vec<u64> = open.iter().copied().filter(|number| *number != crate::model::HOME).collect();
        if open.len() < MOST_STORES && (beside.is_empty() || self.roll(2) == 0) {
            if self.browser.see(&id("store-new")).is_none() {
                return false;
            }
            self.doing = "new keystore".into();
            self.browser.click(&id("store-new"));
            let current = format!("{}[aria-current=true]", id("store-tab"));
            let is_new = |seen: &certwright_tests::page::Seen| {
                seen.attribute("data-store").parse().is_ok_and(|number| !open.contains(&number))
            };
            let tab = self.browser.wait_for_state(&current, "to be a new keystore", LIMIT, is_new);
            let number = tab.attribute("data-store").parse().expect("a number");
            self.history.change(|model| {
                model.stores.insert(number, Store::new());
                model.shown = number;
            });
        } else {
            let Some(number) = self.one_of(&beside) else { return false };
            self.doing = format!("close keystore {number}");
            self.browser.click(&id_with("store-close", "data-store", &number.to_string()));
            self.history.change(|model| {
                model.stores.remove(&number);
                if model.shown == number {
                    model.shown = crate::model::HOME;
                }
            });
        }
        true
    }

    fn show_another_keystore(&mut self) -> bool {
        let now = self.history.now();
        let others: Vec<u64> = now.stores.keys().copied().filter(|number| *number != now.shown).collect();
        let Some(number) = self.one_of(&others) else { return false };
        self.doing = format!("show keystore {number}");
        self.browser.click(&id_with("store-tab", "data-store", &number.to_string()));
        self.history.show(number);
        true
    }

    fn look_elsewhere(&mut self) -> bool {
        match self.roll(4) {
            0 => {
                let Some((button, page)) = self.one_of(&ELSEWHERE) else { return false };
                self.doing = format!("look at {page}");
                self.browser.click(&id(button));
                self.browser.wait_for(&id(page));
                self.browser.go_to_keystore();
            }
            1 => {
                self.doing = "the palette".into();
                self.browser.press("Ctrl+k");
                self.browser.wait_for(&format!("{}:popover-open", id("palette")));
                self.browser.press("Escape");
                self.browser.wait_until_gone(&format!("{}:popover-open", id("palette")));
            }
            2 if self.browser.see(&id("list-search")).is_some() => {
                self.doing = "search".into();
                self.browser.fill(&id("list-search"), "nothing is called so");
                self.browser.wait_for(&id("list-none"));
                self.browser.fill(&id("list-search"), "");
            }
            _ => {
                let Some(alias) = self.entry_of(|_| true) else { return false };
                self.doing = format!("look at {alias}");
                self.open(&alias);
                self.browser.go_to_keystore();
            }
        }
        true
    }
}
