//! A tab: its session, and the model of it. Each action is done in both, and both are compared.

use certwright_engine::session::Session;
use certwright_protocol::Password;
use certwright_protocol::Problem;
use certwright_protocol::ui::{Request, StoreId};
use certwright_protocol::view::{ChainState, EntryKind, EntryView, Persistence};

use crate::actions::ACTIONS;
use crate::dice::Dice;
use crate::model::{Entries, Entry, Model};
use crate::support::desk::Desk;
use crate::support::random;

/// What the keystore is kept under.
pub(crate) const PASSPHRASE: &str = "correct horse";

/// What is kept on the device, as all tabs see it.
#[derive(Default)]
pub(crate) struct Device {
    vault: Option<Vec<u8>>,
    /// What the tab that stored it meant it to hold.
    entries: Entries,
    revision: u64,
}

pub(crate) struct Tab {
    pub(crate) desk: Desk,
    pub(crate) model: Model,
    /// What the tab knows to be stored: the revision, and what it holds.
    knows: u64,
    stored: Entries,
    /// Numbers of names that nothing else has.
    pub(crate) made: u32,
    pub(crate) name: &'static str,
    pub(crate) doing: String,
}

impl Tab {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            desk: Desk::new(),
            model: Model::default(),
            knows: 0,
            stored: Entries::default(),
            made: 0,
            name,
            doing: String::new(),
        }
    }

    /// Does one thing that is possible now, and compares session and model.
    pub(crate) fn act(&mut self, dice: &mut Dice) {
        let all = ACTIONS.iter().map(|(often, _)| often).sum();
        loop {
            let mut left = dice.roll(all);
            let chosen = ACTIONS.iter().find(|(often, _)| {
                let is_it = left < *often;
                left = left.saturating_sub(*often);
                is_it
            });
            let (_, action) = chosen.expect("the dice have as many sides");
            if action(self, dice) {
                break;
            }
        }
        self.compare();
    }

    /// Whether the list shows what the model has, in all keystores.
    pub(crate) fn compare(&self) {
        let view = self.desk.session.view();
        let doing = &self.doing;
        let locked = self.is_locked();
        assert!(!locked || view.entries.is_empty(), "{doing}: {:?}", view.entries);
        if !locked {
            same(&view.entries, &self.model.now.home, doing);
        }
        let open: Vec<u32> = view.stores.iter().map(|store| store.id.0).collect();
        let mut wanted: Vec<u32> = self.model.now.sheets.keys().copied().collect();
        wanted.sort_by_key(|id| open.iter().position(|open| open == id));
        assert_eq!(open, wanted, "{doing}");
        for store in &view.stores {
            let sheet = &self.model.now.sheets[&store.id.0];
            same(&store.entries, &sheet.entries, doing);
            assert_eq!(store.changed, sheet.changed, "{doing}: {}", store.name);
        }
        assert_eq!(view.undo.is_some(), !self.model.done.is_empty(), "{doing}");
        assert_eq!(view.redo.is_some(), !self.model.undone.is_empty(), "{doing}");
    }

    /// Whether every entry holds the key that it had from the beginning.
    pub(crate) fn compare_keys(&mut self) {
        let shown = self.desk.store;
        let home = (!self.is_locked()).then_some((StoreId::HOME, self.model.now.home.clone()));
        let sheets = self.model.now.sheets.iter().map(|(id, sheet)| (StoreId(*id), sheet.entries.clone()));
        let all: Vec<(StoreId, Entries)> = home.into_iter().chain(sheets).collect();
        for (store, entries) in all {
            self.desk.store = store;
            for entry in entries.iter() {
                let detail = self.desk.detail(&entry.alias);
                assert_eq!(detail.public_key_pem.as_deref(), Some(&*entry.key), "{}: {entry:?}", self.doing);
            }
        }
        self.desk.store = shown;
    }

    /// Takes back all that can be taken back.
    pub(crate) fn undo_everything(&mut self) {
        while !self.model.done.is_empty() {
            self.doing = format!("{}: undo, at the end, {} left", self.name, self.model.done.len());
            self.desk.ask(Request::Undo).expect("there is a change");
            let actual = self.actual();
            self.model.undo(&actual);
            self.compare();
        }
        assert_eq!(self.desk.ask(Request::Undo).unwrap_err(), Problem::NothingToUndo);
    }

    pub(crate) fn is_locked(&self) -> bool {
        self.desk.session.persistence() == Persistence::Locked
    }

    pub(crate) fn is_kept(&self) -> bool {
        self.desk.session.persistence() == Persistence::Kept
    }

    /// Puts the keystore on the device.
    pub(crate) fn keep(&mut self, device: &mut Device) {
        self.doing = format!("{}: keep", self.name);
        self.desk.session.keep(&Password::new(PASSPHRASE), &mut random()).expect("nothing is kept yet");
        self.stored = self.model.now.home.clone();
        self.save(device);
    }

    /// Stores what is kept; what another tab stored is taken over first.
    pub(crate) fn save(&mut self, device: &mut Device) {
        if !self.is_kept() {
            return;
        }
        self.take_over(device);
        device.vault = self.desk.session.seal(&mut random()).expect("it can be sealed");
        device.entries = self.model.now.home.clone();
        device.revision += 1;
        self.desk.session.stored();
        self.stored = self.model.now.home.clone();
        self.knows = device.revision;
    }

    /// Takes over what another tab stored.
    pub(crate) fn take_over(&mut self, device: &Device) {
        let Some(vault) = device.vault.as_ref().filter(|_| self.is_kept() && self.knows != device.revision)
        else {
            return;
        };
        self.doing = format!("{}: take over, after {}", self.name, self.doing);
        self.desk.session.take_over(vault).expect("the passphrase is the same");
        let actual = self.actual();
        self.model.now.home = Entries::together(&self.stored, &self.model.now.home, &device.entries, &actual);
        self.stored = device.entries.clone();
        self.knows = device.revision;
        self.compare();
    }

    /// Forgets what is in memory. Files that are open beside it and were changed stay.
    pub(crate) fn lock(&mut self, device: &mut Device) {
        self.save(device);
        self.doing = format!("{}: lock the keystore", self.name);
        self.desk.session.lock().expect("it is kept");
        let mut sheets = core::mem::take(&mut self.model).now.sheets;
        sheets.retain(|_, sheet| sheet.changed);
        self.model.now.sheets = sheets;
        self.desk.store = StoreId::HOME;
        self.compare();
        let refused = self.desk.ask(Request::Detail { alias: "anything".into() }).unwrap_err();
        assert_eq!(refused, Problem::VaultLocked, "{}", self.doing);
    }

    /// Finds that a keystore is kept, as a page does that is opened.
    pub(crate) fn open_locked(&mut self) {
        self.desk.session = Session::new(true);
        assert!(self.is_locked());
    }

    /// Opens what lies on the device.
    pub(crate) fn unlock(&mut self, device: &Device) {
        self.doing = format!("{}: unlock the keystore", self.name);
        let vault = device.vault.as_ref().expect("something is kept");
        self.desk
            .session
            .unlock(vault, &Password::new(PASSPHRASE), &mut random())
            .expect("it is the passphrase");
        let sheets = core::mem::take(&mut self.model).now.sheets;
        self.stored = device.entries.clone();
        self.model.now.home = device.entries.clone();
        self.model.now.sheets = sheets;
        self.knows = device.revision;
        self.compare();
    }

    /// What the keystore of the browser holds now, as the session says.
    pub(crate) fn actual(&mut self) -> Entries {
        if self.is_locked() {
            return Entries::default();
        }
        let shown = core::mem::replace(&mut self.desk.store, StoreId::HOME);
        let entries = entries_of(&mut self.desk);
        self.desk.store = shown;
        entries
    }

    pub(crate) fn entries(&self) -> Option<&Entries> {
        match self.desk.store {
            StoreId::HOME if self.is_locked() => None,
            StoreId::HOME => Some(&self.model.now.home),
            StoreId(id) => Some(&self.model.now.sheets[&id].entries),
        }
    }

    pub(crate) fn change(&mut self, change: impl FnOnce(&mut Entries)) {
        let store = self.desk.store;
        self.model.change(|work| match store {
            StoreId::HOME => change(&mut work.home),
            StoreId(id) => {
                let sheet = work.sheets.get_mut(&id).expect("it is open");
                change(&mut sheet.entries);
                sheet.changed = true;
            }
        });
    }

    pub(crate) fn any(&self, dice: &mut Dice, wished: impl Fn(&Entry) -> bool) -> Option<String> {
        dice.one_of(&self.entries()?.aliases(wished))
    }

    /// A name: mostly a new one, sometimes one that other tabs think of, too, in another case.
    pub(crate) fn new_name(&mut self, dice: &mut Dice, what: &str) -> String {
        self.made += 1;
        match dice.roll(6) {
            0 => format!("{what} {}", dice.roll(4)),
            1 => format!("{what} {}", dice.roll(4)).to_uppercase(),
            _ => format!("{what} {} of {}", self.made, self.name),
        }
    }

    pub(crate) fn begin(&mut self, what: String) {
        self.doing = format!("{}: {what}", self.name);
    }

    /// A keystore that is gone is not shown any more.
    pub(crate) fn show_something(&mut self) {
        if !self.model.now.sheets.contains_key(&self.desk.store.0) {
            self.desk.store = StoreId::HOME;
        }
    }
}

fn entries_of(desk: &mut Desk) -> Entries {
    let mut entries = Entries::default();
    for view in desk.entries() {
        let key = desk.detail(&view.alias).public_key_pem.expect("a key");
        assert!(entries.insert(Entry { key, ..seen(&view) }), "two entries are called {}", view.alias);
    }
    entries
}

fn same(shown: &[EntryView], model: &Entries, doing: &str) {
    for view in shown {
        let entry = model.get(&view.alias).unwrap_or_else(|| panic!("{doing}: nobody made {view:?}"));
        assert_eq!(seen(view), Entry { key: String::new(), ..entry.clone() }, "{doing}");
    }
    let lost = model.aliases(|entry| shown.iter().all(|view| view.alias != entry.alias));
    assert!(lost.is_empty() && shown.len() == model.len(), "{doing}: {lost:?} are lost");
}

/// What the list says of an entry; the key is not part of it.
fn seen(view: &EntryView) -> Entry {
    let state = match (view.kind, &view.chain_state) {
        (EntryKind::TrustedCertificate, _) => "trusted",
        (_, ChainState::NoCertificate) => "no certificate",
        (_, ChainState::Pending) => "pending",
        (_, ChainState::SelfSigned) => "self-signed",
        (_, other) => panic!("{}: {other:?}", view.alias),
    };
    let certificate = view.certificate.as_ref().map(|certificate| certificate.subject.clone());
    Entry {
        alias: view.alias.clone(),
        key: String::new(),
        subject: certificate.or_else(|| view.requested_subject.clone()).unwrap_or_default(),
        state,
        locked: view.locked,
    }
}
