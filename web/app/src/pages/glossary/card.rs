//! What the card of a word says: its meaning, the words to read next, and the way to all of them.

use certwright_protocol::t;
use yew::prelude::*;

use crate::glossary::term;
use crate::parts::icon;
use crate::parts::word::{CARD, Word};
use crate::state::{Action, App, use_app};

/// The card's content, for [`crate::lazy`].
pub(crate) fn draw(_: &App) -> Html {
    html! { <Card /> }
}

/// The meaning of the [`Word`] that it lies in; nothing for a word that is not known.
#[component]
fn Card() -> Html {
    let app = use_app();
    let name = use_context::<Word>().map(|word| word.0).unwrap_or_default();
    let Some(found) = term(&name) else { return html! {} };
    let more = app.on({
        move || {
            crate::browser::hide_popover(CARD);
            Action::Term(name.clone())
        }
    });
    html! {
        <>
            <strong>{ found.title() }</strong>
            <p data-testid="word-meaning">{ found.meaning() }</p>
            <p class="word-see">
                { for found.see.iter().filter_map(|name| term(name)).map(|term| html! {
                    <button type="button" class="link" data-word={term.name}>{ term.title() }</button>
                }) }
                <button type="button" class="link word-more" data-testid="word-more" onclick={more}>{ icon("tree") }{ t!("All words") }</button>
            </p>
        </>
    }
}
