//! What the card of a word says: its meaning, the words to read next, and the way to all of them.

use certwright_protocol::t;
use yew::prelude::*;

use crate::glossary::term;
use crate::parts::icon;
use crate::parts::word::CARD;
use crate::state::{Action, use_app};

#[derive(Properties, PartialEq)]
pub(crate) struct CardProps {
    /// Name of the word.
    pub(crate) name: AttrValue,
}

/// The card's content; nothing for a word that is not known.
#[component]
pub(crate) fn Card(props: &CardProps) -> Html {
    let app = use_app();
    let Some(found) = term(&props.name) else { return html! {} };
    let more = app.on({
        let name = props.name.clone();
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
