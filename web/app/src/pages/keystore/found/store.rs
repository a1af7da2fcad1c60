//! A found file that is a keystore of its own: what is in it, and that it can be opened beside the others or merged into one.

use std::rc::Rc;

use certwright_protocol::ui::{FoundStore, MergeSource, Request, Response};
use yew::prelude::*;

use super::super::remarks::remarks;
use crate::parts::controls::button;
use crate::parts::{counted, icon};
use crate::state::{Action, App, Pane};

/// Its card.
pub(super) fn card(app: &App, found: &FoundStore) -> Html {
    let id = found.id;
    let open = Callback::from({
        let app = app.clone();
        move |_: MouseEvent| {
            app.ask(Request::OpenStore { id }, |app, response| {
                if let Response::Store { store } = response {
                    app.dispatch(Action::Store(store));
                }
            });
        }
    });
    let merge = app.opens(Pane::Merge {
        from: MergeSource::File { id },
        name: found.file.clone().into(),
        aliases: Rc::default(),
        into: app.state.store,
    });
    let mut format = found.format.clone();
    // It begins a line here.
    if let Some(first) = format.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    html! {
        <li class="found-item" key={format!("store-{id}")} data-testid="found-store" data-file={found.file.clone()} data-locked={found.locked.to_string()}>
            <div class="found-title">{ icon("file") }<strong>{ format }</strong></div>
            <p class="found-facts">{ contents(found) }</p>
            { remarks(&found.remarks) }
            <div class="actions">
                { button("small", "store-open", "file", "Open beside", open) }
                { button("small", "store-merge", "import", format!("Merge into “{}”…", app.state.store_name(app.state.store)), merge) }
            </div>
            <small class="from">{ "from " }{ &found.file }</small>
        </li>
    }
}

fn contents(found: &FoundStore) -> String {
    let kinds = [
        (found.key_pairs, "key pair"),
        (found.certificates, "trusted certificate"),
        (found.secret_keys, "secret key"),
        (found.locked, "key not opened yet"),
    ];
    let told: Vec<String> = kinds
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| match (*count as usize, noun.split_once(" not ")) {
            (count, Some((noun, rest))) => format!("{} not {rest}", counted(count, noun)),
            (count, None) => counted(count, noun),
        })
        .collect();
    if told.is_empty() { "Nothing is in it".into() } else { told.join(" · ") }
}
