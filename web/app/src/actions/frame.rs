//! What concerns the page itself.

use certwright_protocol::mark;

use super::Command;
use crate::browser;
use crate::frame::{keys, palette};
use crate::settings;
use crate::state::{Action, Page};

/// All of them, in the order in which they are listed.
pub(crate) static ALL: [&Command; 4] = [&PALETTE, &KEYS, &THEME, &TOUR];

pub(crate) static PALETTE: Command = Command {
    keys: "Ctrl+K",
    also: mark!("command palette search"),
    ..Command::new("palette-open", "look", mark!("Find an action or entry"), |_| {
        browser::show_popover(palette::ID)
    })
};

pub(crate) static KEYS: Command = Command {
    keys: "?",
    also: mark!("keyboard shortcuts help"),
    ..Command::new("keys-open", "keyboard", mark!("Keys"), |_| browser::show_popover(keys::ID))
};

/// Themes, each with the one that follows.
const NEXT_THEME: [(&str, &str); 2] = [("system", "light"), ("light", "dark")];

pub(crate) static THEME: Command = Command {
    keys: "t",
    also: mark!("dark light colours system"),
    what: |_| Some(settings::current().theme_name().to_owned()),
    ..Command::new("theme", "theme", mark!("Theme"), |app| {
        app.set(|settings| {
            let next = NEXT_THEME.iter().find(|(theme, _)| *theme == settings.theme);
            settings.theme = next.map_or("system", |(_, next)| next).into();
        });
    })
};

static TOUR: Command = Command {
    also: mark!("introduction help first steps"),
    ..Command::new("tour-start", "right", mark!("A tour of one minute"), |app| {
        app.dispatch(Action::Go(Page::Keystore));
        app.dispatch(Action::Tour(Some(0)));
    })
};
