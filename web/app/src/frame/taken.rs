//! Where else files can go that were dropped or pasted on a page that took them at once: nobody has to know beforehand which page is for what.

use certwright_protocol::t;
use yew::prelude::*;

use crate::parts::controls::{button, icon_button};
use crate::parts::icon;
use crate::state::{Action, Page, use_app};

/// The line below the header; nothing once it was closed, or another page is open.
#[component]
pub(crate) fn Taken() -> Html {
    let app = use_app();
    let Some((page, files)) = app.state.taken.as_ref().filter(|(page, _)| *page == app.state.page) else {
        return html! {};
    };
    let name = match files.0.as_slice() {
        [file] => file.name.clone(),
        many => t!("{count} files", count = many.len()),
    };
    let ways = [
        (Page::Keystore, "taken-import", "import", t!("Import or open")),
        (Page::Inspect, "taken-inspect", "look", t!("Inspect")),
        (Page::Many, "taken-hosts", "columns", t!("Take as a list of hosts")),
    ];
    let way = |(to, testid, icon_name, words): (Page, &'static str, &'static str, &'static str)| {
        let files = files.clone();
        button("small", testid, icon_name, words, app.on(move || Action::Take(to, files.clone())))
    };
    html! {
        <div class="note-bar calm" role="status" data-testid="taken">
            { icon("file") }<span>{ t!("“{name}” was taken in on this page. Or:", name) }</span>
            { for ways.into_iter().filter(|(to, ..)| to != page).map(way) }
            { icon_button("small", "taken-close", "cross", t!("It is right here"), false, app.on(|| Action::TakenWell)) }
        </div>
    }
}
