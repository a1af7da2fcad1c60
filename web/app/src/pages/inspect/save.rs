//! What is looked at as a file, on the clipboard, or on paper.

use certwright_protocol::t;
use certwright_protocol::ui::inspect::Thing;
use certwright_protocol::ui::{Request, Response, ThingFormat};
use yew::prelude::*;

use crate::browser;
use crate::parts::controls::button;
use crate::parts::copy::Copy;
use crate::state::{App, Tone};

/// Downloads things as a file.
pub(super) fn save(app: &App, things: Vec<u32>, format: ThingFormat) -> Callback<MouseEvent> {
    let app = app.clone();
    Callback::from(move |_| {
        let things = things.clone();
        app.ask(Request::ExportThings { things, format }, |app, response| app.save(response));
    })
}

/// Everything that can be had of a thing.
pub(super) fn tools(app: &App, thing: &Thing, pem: Option<&String>) -> Html {
    let file = |testid: &'static str, label: &'static str, format: ThingFormat| {
        button("small", testid, "download", label, save(app, vec![thing.id], format))
    };
    html! {
        <div class="actions downloads" role="group" aria-label={t!("Download")}>
            { file("save-text", t!("Text"), ThingFormat::Text) }
            { file("save-json", "JSON", ThingFormat::Json) }
            if pem.is_some() {
                { file("save-pem", "PEM", ThingFormat::Pem) }
                { file("save-der", "DER", ThingFormat::Der) }
            }
            { button("small", "copy-text", "copy", t!("Copy as text"), copy_text(app, thing.id)) }
            if let Some(pem) = pem { <Copy text={pem.clone()} what="PEM" labelled={true} class="small" testid="copy-pem" /> }
            { print_button() }
        </div>
    }
}

/// Prints what is shown; the style sheet leaves out what belongs to the screen.
pub(super) fn print_button() -> Html {
    button("small", "print", "print", t!("Print"), Callback::from(|_| browser::print()))
}

fn copy_text(app: &App, thing: u32) -> Callback<MouseEvent> {
    let app = app.clone();
    Callback::from(move |_| {
        app.ask(Request::ExportThings { things: vec![thing], format: ThingFormat::Text }, |app, response| {
            let Response::File { content, .. } = response else { return };
            let app = app.clone();
            browser::copy_text(&String::from_utf8_lossy(&content.0), move |worked| match worked {
                true => app.toast(Tone::Good, t!("Copied as text")),
                false => {
                    app.toast(Tone::Bad, t!("The browser does not let the page copy: download it instead"))
                }
            });
        });
    })
}
