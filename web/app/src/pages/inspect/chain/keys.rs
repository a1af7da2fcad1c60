//! Which of the user's keys a server would take that accepts certificates of the authorities in the bag.

use std::rc::Rc;

use certwright_protocol::t;
use certwright_protocol::ui::Told;
use certwright_protocol::ui::{KeyFit, Request, Response};
use certwright_protocol::view::EntryKind;
use yew::prelude::*;

use crate::parts::controls::button;
use crate::parts::explanation::maybe_problem;
use crate::parts::key_fits::key_fits;
use crate::state::use_app;

/// The question, and its answer.
#[component]
pub(super) fn WhichKeys() -> Html {
    let app = use_app();
    let answer = use_state(|| None::<Rc<Result<Vec<KeyFit>, Told>>>);
    if !app.state.keystore.entries.iter().any(|entry| entry.kind == EntryKind::KeyPair) {
        return html! {};
    }
    let onclick = Callback::from({
        let answer = answer.setter();
        move |_: MouseEvent| {
            let answer = answer.clone();
            app.ask_home(Request::WhichKeys { authorities: Vec::new() }, move |told| {
                answer.set(match told {
                    Ok(Response::KeyFits { fits }) => Some(Rc::new(Ok(fits))),
                    Ok(_) => None,
                    Err(problem) => Some(Rc::new(Err(problem))),
                });
            });
        }
    });
    html! {
        <div class="which-keys">
            <div class="actions screen">{ button("small", "which-keys", "key", t!("Which of my keys would a server accept that trusts these authorities?"), onclick) }</div>
            { match answer.as_deref() {
                Some(Ok(fits)) => key_fits(fits),
                Some(Err(problem)) => maybe_problem(Some(problem)),
                None => html! {},
            } }
        </div>
    }
}
