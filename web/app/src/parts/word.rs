//! Words that a newcomer stumbles over explain themselves where they stand: a click, or the Enter key, shows the card of the [`glossary`](crate::glossary).
//!
//! All words share one card, which the browser puts beside the word that was clicked. It takes what it says from the attribute `data-word`.

use certwright_protocol::t;
use web_sys::Event;
use yew::prelude::*;

use crate::browser::{self, Listener};
use crate::glossary::term;
use crate::parts::icon;
use crate::state::{Action, use_app};

const CARD: &str = "word-card";

/// A word with its card. `name` is its name in the glossary.
pub(crate) fn word(name: &'static str, text: &'static str) -> Html {
    html! {
        <button type="button" class="word" popovertarget={CARD} data-word={name} title={t!("What is this? {text}", text)}>{ text }</button>
    }
}

/// The one card.
#[component]
pub(crate) fn WordCard() -> Html {
    let app = use_app();
    let shown = use_state_eq(String::new);
    use_effect_with((), {
        let shown = shown.setter();
        move |()| {
            let listener = Listener::new(browser::window().into(), "click", move |event: Event| {
                if let Some(name) = browser::attribute_at(&event, "data-word") {
                    shown.set(name);
                }
            });
            move || drop(listener)
        }
    });
    let found = term(&shown);
    let more = app.on({
        let name = AttrValue::from((*shown).clone());
        move || {
            browser::hide_popover(CARD);
            Action::Term(name.clone())
        }
    });
    html! {
        <div popover="auto" id={CARD} class="word-card" role="dialog" aria-labelledby="word-title" data-testid={CARD} data-name={(*shown).clone()}>
            <strong id="word-title">{ found.map(|term| term.title()).unwrap_or_default() }</strong>
            <p>{ found.map(|term| term.meaning()).unwrap_or_default() }</p>
            if let Some(found) = found {
                <p class="word-see">{ for found.see.iter().filter_map(|name| term(name)).map(|term| html! {
                    <><button type="button" class="link" data-word={term.name}>{ term.title() }</button>{ " " }</>
                }) }</p>
            }
            <button type="button" class="link word-more" data-testid="word-more" onclick={more}>{ icon("tree") }{ t!("All words") }</button>
        </div>
    }
}
