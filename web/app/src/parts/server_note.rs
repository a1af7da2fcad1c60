//! Says on the pages that probe that the server cannot be reached, or that there is none: a probe needs it, and nothing else does.

use certwright_protocol::t;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;
use yew::prelude::*;

use super::controls::button;
use super::icon;
use super::kept::use_flag;
use crate::browser::{self, Listener};

/// Answers whenever the server runs.
const ALIVE: &str = "/healthz";

/// The note, if there is something to say. It asks the server when it is drawn first, and whenever the browser says that the network has come or gone.
#[component]
pub(crate) fn ServerNote() -> Html {
    let gone = use_flag();
    let ask = Callback::from({
        let gone = gone.setter();
        move |()| {
            let gone = gone.clone();
            spawn_local(async move { gone.set(!answers().await) });
        }
    });
    use_effect_with((), {
        let ask = ask.clone();
        move |()| {
            if !browser::is_file() {
                ask.emit(());
            }
            let listeners = ["online", "offline"].map(|name| {
                let ask = ask.clone();
                Listener::new(browser::window().into(), name, move |_| ask.emit(()))
            });
            move || drop(listeners)
        }
    });
    if browser::is_file() {
        return html! {
            <div class="note-bar calm" role="status" data-testid="server-none">
                { icon("info") }
                <span>{ t!("This is Certwright in a single file. Probes need a Certwright server, which opens the connections; everything else works here.") }</span>
            </div>
        };
    }
    if !*gone {
        return html! {};
    }
    let again = Callback::from(move |_: MouseEvent| ask.emit(()));
    html! {
        <div class="note-bar" role="status" data-testid="server-gone">
            { icon("warn") }
            <span>{ t!("The Certwright server cannot be reached, and probes need it to open their connections. Everything else works without it.") }</span>
            { button("small", "server-again", "", t!("Ask again"), again) }
        </div>
    }
}

async fn answers() -> bool {
    if !browser::window().navigator().on_line() {
        return false;
    }
    match JsFuture::from(browser::window().fetch_with_str(ALIVE)).await {
        Ok(answer) => answer.unchecked_into::<Response>().ok(),
        Err(_) => false,
    }
}
