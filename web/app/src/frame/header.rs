//! The header: name, pages, undo and redo, where the keystore lives, settings. Where it is narrow, the pages are a menu.

use certwright_protocol::language::text;
use certwright_protocol::t;
use yew::prelude::*;

use super::persistence::Persistence;
use crate::actions::{Command, frame, keystore, pages};
use crate::browser;
use crate::parts::icon;
use crate::state::{App, Page, use_app};

/// The popover that the pages are in where it is narrow.
const MENU: &str = "pages";

/// The header.
#[component]
pub(crate) fn Header() -> Html {
    let app = use_app();
    html! {
        <header class="bar">
            <a class="skip" href="#main">{ t!("Skip to the content") }</a>
            <div class="brand">
                <svg class="mark" aria-hidden="true"><use href="#i-mark" /></svg>
                <span>{ "Certwright" }</span>
            </div>
            <button type="button" class="button menu-button" popovertarget={MENU} data-testid="menu">
                { icon("menu") }<span>{ pages::title(app.state.page) }</span>
                <span class="offscreen">{ t!("Pages") }</span>
            </button>
            <nav class="nav" id={MENU} popover="auto" aria-label={t!("Pages")}>
                { for pages::MAIN.iter().map(|(page, command)| place(&app, *page, command, "")) }
                { for pages::MORE.iter().map(|(page, command)| place(&app, *page, command, "rare")) }
            </nav>
            <div class="bar-tools">
                { frame::PALETTE.icon_button(&app, "") }
                <div class="history" role="group" aria-label={t!("History")}>
                    { keystore::UNDO.icon_button(&app, "") }
                    { keystore::REDO.icon_button(&app, "") }
                </div>
                <Persistence />
            </div>
        </header>
    }
}

/// A page. Those that are needed now and then are icons alone where there is room for all.
fn place(app: &App, page: Page, command: &'static Command, class: &'static str) -> Html {
    let current = (app.state.page == page).then_some("page");
    let app = app.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        browser::hide_popover(MENU);
        command.try_run(&app);
    });
    let label = text(command.title);
    html! {
        <button type="button" class={classes!("nav-item", class)} data-testid={command.id} aria-current={current} title={label} {onclick}>
            { icon(command.icon) }<span>{ label }</span>
        </button>
    }
}
