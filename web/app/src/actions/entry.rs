//! What concerns the entry that is open beside the list.

use std::rc::Rc;

use certwright_protocol::language::text;
use certwright_protocol::ui::Request;
use certwright_protocol::view::{EntryKind, EntryView};
use certwright_protocol::{mark, t};

use super::{Command, NO_ENTRY};
use crate::browser;
use crate::pages::inspect::intake::fills;
use crate::state::{Action, App, Page, Pane};

/// All of them, in the order in which they are listed.
pub(crate) static ALL: [&Command; 9] =
    [&PROBE_WITH, &REQUEST, &SELF_SIGN, &EXPORT, &INSPECT, &RENAME, &LOCK, &DELETE, &CLOSE];

pub(crate) static PROBE_WITH: Command = Command {
    keys: "p",
    also: mark!("test connection client certificate"),
    why_not: |app| match entry(app) {
        None => Some(text(NO_ENTRY)),
        Some(_) if app.state.opened().is_some() => {
            Some(t!("Probes use the keys of your own keystore: copy the entry there"))
        }
        Some(entry) => {
            (!signs(entry) || entry.certificate.is_none()).then(|| t!("It takes a key with a certificate"))
        }
    },
    ..Command::new("probe-with", "probe", mark!("Probe with this key"), |app| {
        if let Some(entry) = entry(app) {
            app.dispatch(Action::Go(Page::Probe));
            app.dispatch(Action::Form(app.state.probe_form.with("auth", format!("alias:{}", entry.alias))));
        }
    })
};

pub(crate) static REQUEST: Command = Command {
    keys: "r",
    also: mark!("CSR certificate authority renew sign"),
    why_not: |app| needs(app, signs, t!("It takes a key that can sign")),
    ..Command::new("make-request", "send", mark!("New signing request"), |app| open(app, Pane::MakeRequest))
};

pub(crate) static SELF_SIGN: Command = Command {
    also: mark!("certificate demo own authority CA"),
    why_not: |app| {
        needs(
            app,
            |entry| signs(entry) && !entry.locked,
            t!("It takes a key that can sign and is not locked"),
        )
    },
    ..Command::new("self-sign", "cert", mark!("Self-sign…"), |app| open(app, Pane::SelfSign))
};

static EXPORT: Command = Command {
    keys: "e",
    also: mark!("download save PKCS#12 PEM DER JKS"),
    why_not: |app| needs(app, |_| true, ""),
    ..Command::new("entry-export", "download", mark!("Export…"), |app| {
        open(app, |alias| Pane::Export(Rc::new(vec![alias.to_string()])));
    })
};

pub(crate) static INSPECT: Command = Command {
    keys: "i",
    also: mark!("look details ASN.1"),
    why_not: |app| {
        let known = |entry: &EntryView| entry.certificate.is_some() || entry.requested_subject.is_some();
        needs(app, known, t!("It has no certificate and no request"))
    },
    ..Command::new("entry-inspect", "look", mark!("Inspect"), |app| {
        let Some(entry) = entry(app) else { return };
        let (filled, next) = (fills(app), app.clone());
        app.request(Request::InspectEntry { alias: entry.alias.clone() }, move |answer| {
            let told = answer.is_ok();
            filled.emit(answer);
            if told {
                next.dispatch(Action::Go(Page::Inspect));
            }
        });
    })
};

pub(crate) static RENAME: Command = Command {
    keys: "F2",
    also: mark!("alias name"),
    why_not: |app| needs(app, |entry| !entry.locked, t!("Locked: cannot be renamed")),
    ..Command::new("rename-open", "pen", mark!("Rename"), |app| match &app.state.pane {
        Pane::Rename(alias) => app.dispatch(Action::Open(Pane::Entry(alias.clone()))),
        _ => open(app, Pane::Rename),
    })
};

pub(crate) static LOCK: Command = Command {
    also: mark!("unlock protect"),
    why_not: |app| needs(app, |entry| !entry.closed, t!("Its password is not known")),
    what: |app| entry(app).filter(|entry| entry.locked).map(|_| t!("it is locked now").to_owned()),
    ..Command::new("lock-entry", "lock", mark!("Lock or unlock the entry"), |app| {
        if let Some(entry) = entry(app) {
            app.set_locked(vec![entry.alias.clone()], !entry.locked);
        }
    })
};

pub(crate) static DELETE: Command = Command {
    keys: mark!("Delete"),
    also: mark!("remove"),
    why_not: |app| needs(app, |entry| !entry.locked, t!("Locked: cannot be deleted")),
    ..Command::new("delete-entry", "trash", mark!("Delete (can be undone)"), |app| {
        if let Some(entry) = entry(app) {
            app.delete(vec![entry.alias.clone()]);
        }
    })
};

pub(crate) static CLOSE: Command = Command {
    keys: "Escape",
    why_not: |app| (!has_pane(app)).then(|| t!("Nothing is open beside the list")),
    ..Command::new("pane-close", "cross", mark!("Close and go back to the list"), |app| {
        // The focus goes back to where the pane was opened from.
        browser::focus_entry(app.state.pane.alias().map_or("", |alias| alias));
        app.dispatch(Action::Open(Pane::None));
    })
};

/// The entry that the pane is about.
fn entry(app: &App) -> Option<&EntryView> {
    app.state.entry(app.state.pane.alias().filter(|_| has_pane(app))?)
}

fn has_pane(app: &App) -> bool {
    app.state.page == Page::Keystore && app.state.pane != Pane::None
}

fn signs(entry: &EntryView) -> bool {
    entry.kind == EntryKind::KeyPair && !entry.closed && entry.cannot_sign.is_none()
}

fn needs(app: &App, fits: fn(&EntryView) -> bool, otherwise: &'static str) -> Option<&'static str> {
    match entry(app) {
        None => Some(text(NO_ENTRY)),
        Some(entry) => (!fits(entry)).then_some(otherwise),
    }
}

fn open(app: &App, pane: fn(yew::AttrValue) -> Pane) {
    if let Some(entry) = entry(app) {
        app.dispatch(Action::Open(pane(entry.alias.clone().into())));
    }
}
