//! The header: name, pages, undo and redo, where the keystore lives, theme.

use yew::prelude::*;

use super::persistence::Persistence;
use crate::browser;
use crate::parts::controls::icon_button;
use crate::parts::icon;
use crate::state::{App, Page, use_app};

/// The header.
#[component]
pub(crate) fn Header() -> Html {
    let app = use_app();
    let page = |page: Page, id: &'static str, icon_name: &'static str, label: &'static str| {
        let current = (app.state.page == page).then_some("page");
        html! {
            <button type="button" class="nav-item" data-testid={id} aria-current={current} onclick={app.go(page)}>
                { icon(icon_name) }<span>{ label }</span>
            </button>
        }
    };
    html! {
        <header class="bar">
            <a class="skip" href="#main">{ "Skip to the content" }</a>
            <div class="brand">
                <svg class="mark" aria-hidden="true"><use href="#i-mark" /></svg>
                <span>{ "Certwright" }</span>
            </div>
            <nav class="nav" aria-label="Pages">
                { page(Page::Keystore, "nav-keystore", "key", "Keystore") }
                { page(Page::Inspect, "nav-inspect", "look", "Inspect") }
                { page(Page::Probe, "nav-probe", "probe", "Probe") }
                { page(Page::Many, "nav-many", "columns", "Many hosts") }
            </nav>
            <div class="bar-tools">
                { history(&app) }
                <Persistence />
                <Theme />
            </div>
        </header>
    }
}

/// Undo and redo, each naming its change.
fn history(app: &App) -> Html {
    let button =
        |id: &'static str, verb: &'static str, change: &Option<String>, run: Callback<MouseEvent>| {
            let title = match change {
                Some(change) => format!("{verb}: {change}"),
                None => format!("Nothing to {}", verb.to_ascii_lowercase()),
            };
            icon_button("", id, if id == "undo" { "undo" } else { "redo" }, title, change.is_none(), run)
        };
    let undo = Callback::from({
        let app = app.clone();
        move |_| app.undo()
    });
    let redo = Callback::from({
        let app = app.clone();
        move |_| app.redo()
    });
    let keystore = &app.state.keystore;
    html! {
        <div class="history" role="group" aria-label="History">
            { button("undo", "Undo", &keystore.undo, undo) }
            { button("redo", "Redo", &keystore.redo, redo) }
        </div>
    }
}

const THEMES: [(&str, &str, &str); 3] = [
    ("system", "theme", "Theme: as the system"),
    ("light", "sun", "Theme: light"),
    ("dark", "moon", "Theme: dark"),
];

/// Follows the system, or is light or dark by choice.
#[component]
fn Theme() -> Html {
    let chosen = use_state(|| browser::setting("theme").unwrap_or_default());
    let index = THEMES.iter().position(|(name, ..)| *name == chosen.as_str()).unwrap_or(0);
    let (name, icon_name, title) = *THEMES.get(index).unwrap_or(&("system", "theme", "Theme"));
    use_effect_with(name, |name| {
        if let Some(root) = browser::document().document_element() {
            let _ = root.set_attribute("data-theme", name);
        }
    });
    let onclick = Callback::from(move |_: MouseEvent| {
        if let Some((next, ..)) = THEMES.get((index + 1) % THEMES.len()) {
            browser::set_setting("theme", next);
            chosen.set((*next).into());
        }
    });
    html! {
        <button type="button" class="button quiet square" data-testid="theme" data-theme={name} {title} aria-label={title} {onclick}>
            { icon(icon_name) }
        </button>
    }
}
