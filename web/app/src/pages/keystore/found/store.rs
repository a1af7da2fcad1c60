//! A found file that is a keystore of its own: what is in it, and that it can be opened beside the others or merged into one.

use std::rc::Rc;

use certwright_protocol::ui::{FoundStore, InputFile, MergeSource, Request, Response};
use certwright_protocol::{t, tn};
use yew::prelude::*;

use super::super::remarks::remarks;
use crate::frame::handles;
use crate::parts::controls::button;
use crate::parts::icon;
use crate::state::{Action, App, Pane};

/// Its card.
pub(super) fn card(app: &App, found: &FoundStore) -> Html {
    let id = found.id;
    let open = Callback::from({
        let (app, name) = (app.clone(), found.file.clone());
        move |_: MouseEvent| {
            let file = the_file(&app, &name);
            app.ask(Request::OpenStore { id }, move |app, response| {
                if let Response::Store { store } = response {
                    if let Some(file) = file {
                        handles::opened_from(store, file);
                    }
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
                { button("small", "store-open", "file", t!("Open beside"), open) }
                { button("small", "store-merge", "import", t!("Merge into “{store}”…", store = app.state.store_name(app.state.store)), merge) }
            </div>
            <small class="from">{ t!("from ") }{ &found.file }</small>
        </li>
    }
}

/// The file of that name among those that were looked at, if there is one alone.
fn the_file(app: &App, name: &str) -> Option<InputFile> {
    let Pane::Found(_, files, _) = &app.state.pane else { return None };
    let mut named = files.0.iter().filter(|file| file.name == name);
    named.next().filter(|_| named.next().is_none()).cloned()
}

fn contents(found: &FoundStore) -> String {
    let kinds = [
        (found.key_pairs, tn!(found.key_pairs, "1 key pair", "{count} key pairs", count = found.key_pairs)),
        (
            found.certificates,
            tn!(
                found.certificates,
                "1 trusted certificate",
                "{count} trusted certificates",
                count = found.certificates
            ),
        ),
        (
            found.secret_keys,
            tn!(found.secret_keys, "1 secret key", "{count} secret keys", count = found.secret_keys),
        ),
        (
            found.locked,
            tn!(found.locked, "1 key not opened yet", "{count} keys not opened yet", count = found.locked),
        ),
    ];
    let told: Vec<String> =
        kinds.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect();
    if told.is_empty() { t!("Nothing is in it").into() } else { told.join(" · ") }
}
