//! The places of the page. The header draws the first of them beside its name, the others as icons.

use certwright_protocol::language::text;
use certwright_protocol::mark;

use super::Command;
use crate::state::{Action, Page};

/// Where the daily work is done.
pub(crate) static MAIN: [(Page, Command); 5] = [
    (
        Page::Keystore,
        Command {
            keys: "1",
            also: mark!("entries list home"),
            ..Command::new("nav-keystore", "key", mark!("Keystore"), |app| {
                app.dispatch(Action::Go(Page::Keystore))
            })
        },
    ),
    (
        Page::Jobs,
        Command {
            keys: "2",
            also: mark!("plans guided steps connect renew hand over system certificate"),
            ..Command::new("nav-jobs", "swap", mark!("Jobs"), |app| app.dispatch(Action::Go(Page::Jobs)))
        },
    ),
    (
        Page::Inspect,
        Command {
            keys: "3",
            also: mark!("look decode certificate compare chain ASN.1"),
            ..Command::new("nav-inspect", "look", mark!("Inspect"), |app| {
                app.dispatch(Action::Go(Page::Inspect))
            })
        },
    ),
    (
        Page::Probe,
        Command {
            keys: "4",
            also: mark!("test connection handshake server TLS"),
            ..Command::new("nav-probe", "probe", mark!("Probe"), |app| app.dispatch(Action::Go(Page::Probe)))
        },
    ),
    (
        Page::Many,
        Command {
            keys: "5",
            also: mark!("scan list of servers"),
            ..Command::new("nav-many", "columns", mark!("Many hosts"), |app| {
                app.dispatch(Action::Go(Page::Many))
            })
        },
    ),
];

/// What is needed now and then.
pub(crate) static MORE: [(Page, Command); 3] = [
    (
        Page::Guide,
        Command {
            also: mark!("help manual how documentation"),
            ..Command::new("nav-guide", "info", mark!("Guide"), |app| app.dispatch(Action::Go(Page::Guide)))
        },
    ),
    (
        Page::Glossary,
        Command {
            also: mark!("words terms what is help"),
            ..Command::new("nav-glossary", "question", mark!("Glossary"), |app| {
                app.dispatch(Action::Go(Page::Glossary));
            })
        },
    ),
    (
        Page::Settings,
        Command {
            keys: ",",
            also: mark!("preferences options language theme defaults forget"),
            ..Command::new("nav-settings", "settings", mark!("Settings"), |app| {
                app.dispatch(Action::Go(Page::Settings))
            })
        },
    ),
];

/// What a page is called.
pub(crate) fn title(page: Page) -> Option<&'static str> {
    let found = MAIN.iter().chain(&MORE).find(|(known, _)| *known == page);
    found.map(|(_, command)| text(command.title))
}

/// All of them.
pub(crate) fn all() -> impl Iterator<Item = &'static Command> {
    MAIN.iter().chain(&MORE).map(|(_, command)| command)
}
