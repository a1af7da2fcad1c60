//! An entry with all its facts, asked of the worker when it is needed: the list of entries carries little, since keystores are large.

use std::rc::Rc;

use certwright_protocol::ui::{Request, Response};
use certwright_protocol::view::EntryDetail;
use yew::prelude::*;

use crate::state::use_app;

/// The facts of an entry of the keystore that is shown; `None` until they have come. They are asked for again whenever the keystore changes.
#[hook]
pub(super) fn use_detail(alias: &str) -> Option<Rc<EntryDetail>> {
    let app = use_app();
    let detail = use_state_eq(|| None::<Rc<EntryDetail>>);
    let version = Rc::as_ptr(&app.state.keystore) as usize;
    use_effect_with((alias.to_owned(), app.state.store, version), {
        let detail = detail.setter();
        move |(alias, ..)| {
            // An entry that is gone in the meantime closes its pane; there is nothing to tell.
            app.request(Request::Detail { alias: alias.clone() }, move |answer| {
                if let Ok(Response::Detail { entry }) = answer {
                    detail.set(Some(Rc::from(entry)));
                }
            });
        }
    });
    (*detail).clone().filter(|detail| detail.entry.alias == alias)
}
