//! Everything that can be done, one record each: buttons, the palette (`Ctrl-K`), shortcuts and the list of keys (`?`) draw from here.
//!
//! A new action is a `static` in the file of its area and a line in that file's table. What concerns several selected entries stands in
//! the list, which alone knows what is selected.

pub(crate) mod entry;
pub(crate) mod frame;
pub(crate) mod keystore;
pub(crate) mod pages;

use certwright_protocol::language::text;
use certwright_protocol::{mark, t};
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};
use yew::prelude::*;

use crate::browser;
use crate::parts::icon;
use crate::settings;
use crate::state::{App, Tone};

/// Something that can be done.
pub(crate) struct Command {
    /// Its name in tests: `data-testid` of its button.
    pub(crate) id: &'static str,
    pub(crate) icon: &'static str,
    /// What it does, in a few words; marked.
    pub(crate) title: &'static str,
    /// Further words under which it is looked for; marked.
    pub(crate) also: &'static str,
    /// Its keys, with a blank between several: `Ctrl+K`, `F2`, `n`.
    pub(crate) keys: &'static str,
    /// What it would concern now, such as the change that is taken back.
    pub(crate) what: fn(&App) -> Option<String>,
    /// Why it cannot be done now; `None` if it can.
    pub(crate) why_not: fn(&App) -> Option<&'static str>,
    pub(crate) run: fn(&App),
}

impl Command {
    /// One that is always possible and has no keys.
    const fn new(id: &'static str, icon: &'static str, title: &'static str, run: fn(&App)) -> Self {
        Self { id, icon, title, also: "", keys: "", what: |_| None, why_not: |_| None, run }
    }

    /// Its title, and what it would concern now.
    pub(crate) fn label(&self, app: &App) -> String {
        match (self.what)(app) {
            Some(what) => format!("{}: {what}", text(self.title)),
            None => text(self.title).to_owned(),
        }
    }

    /// Does it; where it cannot be done, says why.
    pub(crate) fn try_run(&self, app: &App) {
        match (self.why_not)(app) {
            Some(why) => app.toast(Tone::Info, why),
            None => (self.run)(app),
        }
    }

    /// A callback that does it.
    pub(crate) fn callback<E: 'static>(&'static self, app: &App) -> Callback<E> {
        let app = app.clone();
        Callback::from(move |_: E| self.try_run(&app))
    }

    /// Its button, with icon and words.
    pub(crate) fn button(&'static self, app: &App, class: &'static str) -> Html {
        self.draw(app, class, Some(text(self.title)))
    }

    /// Its button as an icon alone.
    pub(crate) fn icon_button(&'static self, app: &App, class: &'static str) -> Html {
        self.draw(app, class, None)
    }

    fn draw(&'static self, app: &App, class: &'static str, words: Option<&'static str>) -> Html {
        let why_not = (self.why_not)(app);
        let mut title = why_not.map_or_else(|| self.label(app), str::to_owned);
        let keys = settings::current().shown_keys(self.keys);
        if !keys.is_empty() {
            title.push_str(" (");
            title.push_str(&written(keys));
            title.push(')');
        }
        let label = words.is_none().then(|| title.clone());
        let square = words.is_none().then_some("quiet square");
        html! {
            <button type="button" class={classes!("button", square, class)} data-testid={self.id} {title} aria-label={label}
                disabled={why_not.is_some()} onclick={self.callback::<MouseEvent>(app)}>{ icon(self.icon) }{ words }</button>
        }
    }
}

/// The groups of all actions with their names, in the order in which they are listed.
pub(crate) fn groups() -> [(&'static str, Vec<&'static Command>); 4] {
    [
        (t!("Pages"), pages::all().collect()),
        (t!("Keystore"), keystore::ALL.to_vec()),
        (t!("The entry that is open"), entry::ALL.to_vec()),
        (t!("This page"), frame::ALL.to_vec()),
    ]
}

/// The one that works while something is typed, too.
const EVERYWHERE: &str = "Ctrl+K";

/// Does what a key stands for. Keys belong to fields first, and letters do nothing where the user does not want that.
pub(crate) fn on_key(app: &App, event: &Event) {
    let key = event.unchecked_ref::<KeyboardEvent>();
    if event.default_prevented() || key.alt_key() || key.is_composing() {
        return;
    }
    let name = name_of(&key.key(), key.ctrl_key() || key.meta_key(), key.shift_key());
    if name != EVERYWHERE && browser::is_field(event.target()) {
        return;
    }
    let settings = settings::current();
    let found = groups()
        .into_iter()
        .flat_map(|(_, all)| all)
        .find(|command| settings.shown_keys(command.keys).split(' ').any(|known| known == name));
    // What lies over the page is closed first, and no form is lost by a key that was pressed for something else.
    let may_escape = || app.state.pane.is_view() && !browser::has_open_popover();
    if let Some(command) = found.filter(|_| name != "Escape" || may_escape()) {
        event.prevent_default();
        command.try_run(app);
    }
}

/// A key as the records write it. With Ctrl, letters are large whatever Shift says; without, they are as they are typed.
fn name_of(key: &str, control: bool, shift: bool) -> String {
    if !control {
        return key.to_owned();
    }
    format!("Ctrl+{}{}", if shift { "Shift+" } else { "" }, key.to_ascii_uppercase())
}

/// What keys are called on the keyboard, where it differs from what browsers call them; marked.
const CALLED: [(&str, &str); 6] = [
    (mark!("Ctrl"), mark!("Ctrl")),
    (mark!("Shift"), mark!("Shift")),
    ("Escape", mark!("Esc")),
    ("Delete", mark!("Del")),
    ("Home", mark!("Home")),
    ("End", mark!("End")),
];

/// Keys as they are written on the keyboard of whoever reads.
pub(crate) fn written(keys: &str) -> String {
    CALLED.iter().fold(keys.to_owned(), |keys, (name, called)| keys.replace(name, text(called)))
}

/// Why nothing can be done with the keystore that is shown; `None` if it is open.
fn closed(app: &App) -> Option<&'static str> {
    (!app.state.is_open()).then(|| t!("The keystore is locked, or still being opened"))
}

/// Said of what concerns an entry while none is open.
const NO_ENTRY: &str = mark!("Open an entry first");

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_and_keys_are_unique() {
        let all: Vec<&Command> = groups().into_iter().flat_map(|(_, all)| all).collect();
        let ids: HashSet<&str> = all.iter().map(|command| command.id).collect();
        assert_eq!(ids.len(), all.len());
        let keys: Vec<&str> =
            all.iter().flat_map(|command| command.keys.split(' ')).filter(|key| !key.is_empty()).collect();
        assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len(), "{keys:?}");
    }

    #[test]
    fn keys_have_the_names_of_the_records() {
        assert_eq!(name_of("k", true, false), "Ctrl+K");
        assert_eq!(name_of("Z", true, true), "Ctrl+Shift+Z");
        assert_eq!(name_of("?", false, true), "?");
        assert_eq!(name_of("F2", false, false), "F2");
    }
}
