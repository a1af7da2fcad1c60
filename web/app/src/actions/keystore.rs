//! What concerns the keystore that is shown, or all of them.

use certwright_protocol::ui::{ExportFormat, Request};
use certwright_protocol::view::Persistence;
use certwright_protocol::{mark, t};

use super::{Command, closed};
use crate::browser;
use crate::frame::drop::choose_files;
use crate::frame::handles;
use crate::frame::persistence::PANEL;
use crate::settings;
use crate::state::{Action, App, Pane, Tone};

/// All of them, in the order in which they are listed.
pub(crate) static ALL: [&Command; 14] = [
    &NEW_KEY, &IMPORT, &FIND, &UNDO, &REDO, &SAVE, &SAVE_AS, &NEW_STORE, &CSV, &JSON, &CALENDAR, &KEEP,
    &LOCK, &BACKUP,
];

pub(crate) static NEW_KEY: Command = Command {
    keys: "n",
    also: mark!("generate make create key pair RSA EC"),
    why_not: closed,
    ..Command::new("new-key", "plus", mark!("New key"), |app| app.dispatch(Action::Open(Pane::NewKey)))
};

pub(crate) static IMPORT: Command = Command {
    keys: "o",
    also: mark!("open read load drop paste certificate reply PKCS#12 JKS PEM"),
    ..Command::new("import-file", "import", mark!("Import a file"), |_| choose_files())
};

pub(crate) static FIND: Command = Command {
    keys: "/",
    also: mark!("search filter"),
    why_not: |app| app.state.entries().is_empty().then(|| t!("There are no entries to find")),
    ..Command::new("find-entry", "look", mark!("Find an entry"), |app| {
        app.dispatch(Action::Go(crate::state::Page::Keystore));
        browser::focus_later("[data-testid=list-search]");
    })
};

pub(crate) static UNDO: Command = Command {
    keys: "Ctrl+Z",
    what: |app| app.state.keystore.undo.clone(),
    why_not: |app| app.state.keystore.undo.is_none().then(|| t!("Nothing to undo")),
    ..Command::new("undo", "undo", mark!("Undo"), App::undo)
};

pub(crate) static REDO: Command = Command {
    keys: "Ctrl+Shift+Z Ctrl+Y",
    what: |app| app.state.keystore.redo.clone(),
    why_not: |app| app.state.keystore.redo.is_none().then(|| t!("Nothing to redo")),
    ..Command::new("redo", "redo", mark!("Redo"), App::redo)
};

pub(crate) static SAVE: Command = Command {
    keys: "Ctrl+S",
    also: mark!("write file"),
    why_not: |app| {
        let can = app.state.opened().is_some_and(|store| store.can_save && store.changed);
        (!can)
            .then(|| t!("There is no opened file with changes to save. “Save as, merge…” writes any format"))
    },
    ..Command::new("store-save", "download", mark!("Save"), |app| {
        let store = app.state.store;
        let request = Request::Export { aliases: Vec::new(), what: ExportFormat::AsOpened };
        app.ask(request, move |app, response| handles::save(app, store, response));
    })
};

pub(crate) static SAVE_AS: Command = Command {
    keys: "s",
    also: mark!("export convert format password alias rules"),
    why_not: closed,
    ..Command::new("store-menu", "file", mark!("Save as, merge…"), |app| {
        app.dispatch(Action::Open(Pane::Store))
    })
};

pub(crate) static NEW_STORE: Command = Command {
    also: mark!("empty tab"),
    ..Command::new("store-new", "plus", mark!("New keystore"), |app| {
        app.new_store(|app, store| app.dispatch(Action::Store(store)));
    })
};

static CSV: Command = Command {
    also: mark!("inventory table spreadsheet"),
    why_not: empty,
    ..Command::new("all-csv", "file", mark!("List all entries as CSV"), |app| {
        app.export(Vec::new(), ExportFormat::InventoryCsv);
    })
};

static JSON: Command = Command {
    also: mark!("inventory"),
    why_not: empty,
    ..Command::new("all-json", "file", mark!("List all entries as JSON"), |app| {
        app.export(Vec::new(), ExportFormat::InventoryJson);
    })
};

static CALENDAR: Command = Command {
    also: mark!("ics reminders expiry dates"),
    why_not: empty,
    ..Command::new("all-ics", "clock", mark!("Calendar of all expiry dates"), |app| {
        app.export(Vec::new(), calendar());
    })
};

static KEEP: Command = Command {
    also: mark!("store persist passphrase vault encrypt"),
    why_not: |app| match app.state.keystore.persistence {
        Persistence::MemoryOnly => None,
        _ => Some(t!("It is kept on this device already")),
    },
    ..Command::new("keep-open", "device", mark!("Keep on this device…"), |_| browser::show_popover(PANEL))
};

static LOCK: Command = Command {
    keys: "l",
    also: mark!("close vault"),
    why_not: kept,
    ..Command::new("lock-now", "lock", mark!("Lock the keystore"), |app| {
        app.ask(Request::Lock, |app, _| app.toast(Tone::Info, t!("Locked")));
    })
};

static BACKUP: Command = Command {
    also: mark!("vault copy other browser"),
    why_not: kept,
    ..Command::new("backup", "download", mark!("Download a backup"), |app| {
        app.ask(Request::ExportVault, |app, response| app.save(response));
    })
};

/// A calendar whose reminders come when the settings want a warning, and once more a week before.
pub(crate) fn calendar() -> ExportFormat {
    ExportFormat::Calendar { remind_days: vec![settings::current().warn_days, 7] }
}

fn empty(app: &App) -> Option<&'static str> {
    app.state.entries().is_empty().then(|| t!("The keystore has no entries"))
}

fn kept(app: &App) -> Option<&'static str> {
    (app.state.keystore.persistence != Persistence::Kept)
        .then(|| t!("Only a keystore that is kept on this device, and open, can do that"))
}
