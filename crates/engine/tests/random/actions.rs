//! What a user may do next, done in the session and in the model. What is refused is tried, too.

use std::sync::LazyLock;

use certwright_protocol::ui::{KeyChoice, MergeMode, MergeSource, Request, Response, StoreId, Validity};
use certwright_protocol::{Bytes, Problem};

use crate::dice::Dice;
use crate::model::{Entry, Sheet};
use crate::support::desk::Desk;
use crate::tab::Tab;

/// More entries than this are not made in a keystore.
const MOST_ENTRIES: usize = 16;
/// More keystores than this are not opened.
const MOST_SHEETS: usize = 3;

/// Certificates of others, with their public keys (PEM) and subjects.
static PARTNERS: LazyLock<Vec<(Bytes, String, String)>> = LazyLock::new(|| {
    let mut desk = Desk::new();
    let partner = |number: u32| {
        let alias = format!("partner {number}");
        desk.add_key(&alias, KeyChoice::Ed25519);
        sign_itself(&mut desk, &alias, &format!("CN={alias}")).expect("it signs itself");
        let detail = desk.detail(&alias);
        let certificate = detail.certificates.into_iter().next().expect("a certificate");
        (certificate.der, detail.public_key_pem.expect("a key"), certificate.subject)
    };
    (0..12).map(partner).collect()
});

fn sign_itself(desk: &mut Desk, alias: &str, subject: &str) -> Result<Response, Problem> {
    let plan = Box::new(desk.plan(alias, subject, &[])?);
    let validity = Validity { not_before: None, days: 365 };
    desk.ask(Request::SelfSign { alias: alias.into(), plan, validity })
}

/// An action: how often it is taken, and what does it. It says no where it is not possible now.
pub(crate) type Action = (usize, fn(&mut Tab, &mut Dice) -> bool);

pub(crate) const ACTIONS: [Action; 13] = [
    (16, Tab::make_key),
    (9, Tab::trust),
    (12, Tab::rename),
    (10, Tab::lock_or_unlock),
    (10, Tab::delete),
    (8, Tab::request),
    (8, Tab::sign_itself),
    (12, Tab::undo),
    (8, Tab::redo),
    (4, Tab::new_keystore),
    (2, Tab::close_keystore),
    (6, Tab::show_another),
    (7, Tab::copy),
];

impl Tab {
    fn make_key(&mut self, dice: &mut Dice) -> bool {
        let Some(entries) = self.entries().filter(|entries| entries.len() < MOST_ENTRIES).cloned() else {
            return false;
        };
        let alias = self.new_name(dice, "key");
        self.begin(format!("new key {alias}"));
        let choice = if dice.roll(2) == 0 { KeyChoice::EcP256 } else { KeyChoice::Ed25519 };
        let checked = self.desk.session.check_new_key(self.desk.store, &alias, choice);
        if let Some(other) = entries.get(&alias) {
            let taken = matches!(&checked, Err(Problem::AliasTaken { .. }));
            assert!(taken, "{}: {checked:?} beside {}", self.doing, other.alias);
            return true;
        }
        checked.expect("the alias is free");
        self.desk.add_key(&alias, choice);
        let key = self.desk.detail(&alias).public_key_pem.expect("a key");
        let entry = Entry { alias, key, subject: String::new(), state: "no certificate", locked: false };
        self.change(|entries| assert!(entries.insert(entry)));
        true
    }

    fn trust(&mut self, dice: &mut Dice) -> bool {
        let Some(entries) = self.entries().filter(|entries| entries.len() < MOST_ENTRIES).cloned() else {
            return false;
        };
        let (certificate, key, subject) = dice.one_of(&PARTNERS).expect("there are partners");
        self.begin(format!("trust {subject}"));
        let answer = self.desk.ask(Request::Trust { certificate, alias: None });
        if entries.iter().any(|entry| entry.state == "trusted" && entry.key == key) {
            assert!(
                matches!(answer, Err(Problem::CertificateAlreadyThere { .. })),
                "{}: {answer:?}",
                self.doing
            );
            return true;
        }
        let Ok(Response::Entry { alias }) = answer else { panic!("{}: {answer:?}", self.doing) };
        let entry = Entry { alias, key, subject, state: "trusted", locked: false };
        self.change(|entries| assert!(entries.insert(entry)));
        true
    }

    fn rename(&mut self, dice: &mut Dice) -> bool {
        let Some(alias) = self.any(dice, |_| true) else { return false };
        let entries = self.entries().cloned().unwrap_or_default();
        let to = match dice.roll(5) {
            0 => alias.to_uppercase(),
            1 => dice.one_of(&entries.aliases(|_| true)).unwrap_or_default(),
            _ => self.new_name(dice, "renamed"),
        };
        self.begin(format!("rename {alias} to {to}"));
        let answer = self.desk.ask(Request::Rename { alias: alias.clone(), to: to.clone() });
        let taken = entries.get(&to).is_some_and(|other| other.alias != alias);
        if entries.get(&alias).is_some_and(|entry| entry.locked) {
            assert_eq!(answer.unwrap_err(), Problem::EntryLocked { alias }, "{}", self.doing);
        } else if taken {
            assert!(matches!(answer, Err(Problem::AliasTaken { .. })), "{}: {answer:?}", self.doing);
        } else {
            answer.expect("the alias is free");
            self.change(|entries| {
                let entry = entries.remove(&alias).expect("it was there");
                assert!(entries.insert(Entry { alias: to, ..entry }));
            });
        }
        true
    }

    fn lock_or_unlock(&mut self, dice: &mut Dice) -> bool {
        let Some(entries) = self.entries().filter(|entries| entries.len() > 0) else { return false };
        let aliases = dice.some_of(&entries.aliases(|_| true), 4);
        let locked = dice.roll(3) == 0;
        self.begin(format!("lock ({locked}) {aliases:?}"));
        self.desk.ask(Request::SetLocked { aliases: aliases.clone(), locked }).expect("they are there");
        self.change(|entries| {
            for alias in &aliases {
                entries.get_mut(alias).expect("it is there").locked = locked;
            }
        });
        true
    }

    fn delete(&mut self, dice: &mut Dice) -> bool {
        let Some(entries) = self.entries().filter(|entries| entries.len() > 0).cloned() else { return false };
        let aliases = dice.some_of(&entries.aliases(|_| true), 3);
        self.begin(format!("delete {aliases:?}"));
        let answer = self.desk.ask(Request::Delete { aliases: aliases.clone() });
        if aliases.iter().any(|alias| entries.get(alias).is_some_and(|entry| entry.locked)) {
            assert!(matches!(answer, Err(Problem::EntryLocked { .. })), "{}: {answer:?}", self.doing);
        } else {
            answer.expect("none is locked");
            self.change(|entries| aliases.iter().for_each(|alias| drop(entries.remove(alias))));
        }
        true
    }

    fn request(&mut self, dice: &mut Dice) -> bool {
        let waits = |entry: &Entry| !entry.locked && matches!(entry.state, "no certificate" | "pending");
        let Some(alias) = self.any(dice, waits) else { return false };
        self.made += 1;
        let subject = format!("CN={} {}", self.name, self.made);
        self.begin(format!("signing request for {alias}"));
        let plan = self.desk.plan(&alias, &subject, &[]).expect("a plan");
        self.desk.make_request(&alias, plan).expect("a request");
        self.change(|entries| {
            let entry = entries.get_mut(&alias).expect("it is there");
            (entry.state, entry.subject) = ("pending", subject);
        });
        true
    }

    fn sign_itself(&mut self, dice: &mut Dice) -> bool {
        let fits = |entry: &Entry| !entry.locked && entry.state == "no certificate";
        let Some(alias) = self.any(dice, fits) else { return false };
        self.made += 1;
        let subject = format!("CN={} {}", self.name, self.made);
        self.begin(format!("self-sign {alias}"));
        sign_itself(&mut self.desk, &alias, &subject).expect("it has no certificate");
        self.change(|entries| {
            let entry = entries.get_mut(&alias).expect("it is there");
            (entry.state, entry.subject) = ("self-signed", subject);
        });
        true
    }

    fn undo(&mut self, _: &mut Dice) -> bool {
        self.begin("undo".into());
        let answer = self.desk.ask(Request::Undo);
        if self.model.done.is_empty() {
            assert_eq!(answer.unwrap_err(), Problem::NothingToUndo);
        } else {
            answer.expect("there is a change");
            let actual = self.actual();
            self.model.undo(&actual);
            self.show_something();
        }
        true
    }

    fn redo(&mut self, _: &mut Dice) -> bool {
        if self.model.undone.is_empty() {
            return false;
        }
        self.begin("redo".into());
        self.desk.ask(Request::Redo).expect("there is an undone change");
        let actual = self.actual();
        self.model.redo(&actual);
        self.show_something();
        true
    }

    fn new_keystore(&mut self, _: &mut Dice) -> bool {
        if self.model.now.sheets.len() >= MOST_SHEETS {
            return false;
        }
        self.begin("new keystore".into());
        let answer = self.desk.ask(Request::NewStore { name: String::new() });
        let Ok(Response::Store { store }) = answer else { panic!("{}: {answer:?}", self.doing) };
        self.model.change(|work| assert!(work.sheets.insert(store.0, Sheet::default()).is_none()));
        self.desk.store = store;
        true
    }

    fn close_keystore(&mut self, dice: &mut Dice) -> bool {
        let open: Vec<u32> = self.model.now.sheets.keys().copied().collect();
        let Some(id) = dice.one_of(&open) else { return false };
        self.begin(format!("close keystore {id}"));
        self.desk.store = StoreId(id);
        self.desk.ask(Request::CloseStore).expect("it is open");
        self.model.change(|work| drop(work.sheets.remove(&id)));
        self.show_something();
        true
    }

    fn show_another(&mut self, dice: &mut Dice) -> bool {
        self.begin("show another keystore".into());
        self.desk.store = StoreId::HOME;
        let open: Vec<u32> = self.model.now.sheets.keys().copied().collect();
        if dice.roll(2) == 0
            && let Some(id) = dice.one_of(&open)
        {
            self.desk.store = StoreId(id);
        }
        true
    }

    /// Copies entries into another keystore; those whose alias is taken there stay out.
    fn copy(&mut self, dice: &mut Dice) -> bool {
        let Some(entries) = self.entries().filter(|entries| entries.len() > 0).cloned() else { return false };
        let open = self.model.now.sheets.keys().map(|id| StoreId(*id));
        let home = (!self.is_locked()).then_some(StoreId::HOME);
        let others: Vec<StoreId> = open.chain(home).filter(|store| *store != self.desk.store).collect();
        let Some(to) = dice.one_of(&others) else { return false };
        let aliases = dice.some_of(&entries.aliases(|_| true), 5);
        let from = MergeSource::Store { store: self.desk.store };
        self.begin(format!("copy {aliases:?} from {:?} to {to:?}", self.desk.store));
        self.desk.store = to;
        let free: Vec<Entry> = aliases
            .iter()
            .filter_map(|alias| entries.get(alias))
            .filter(|entry| self.entries().is_some_and(|there| there.get(&entry.alias).is_none()))
            .cloned()
            .collect();
        let request = Request::Merge {
            from,
            aliases: Some(aliases),
            mode: MergeMode::Add,
            overwrite: false,
            apply: true,
        };
        self.desk.ask(request).expect("a merge says of each entry what becomes of it");
        if !free.is_empty() {
            self.change(|entries| free.into_iter().for_each(|entry| assert!(entries.insert(entry))));
        }
        true
    }
}
