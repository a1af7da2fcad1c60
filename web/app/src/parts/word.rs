//! Words that a newcomer stumbles over explain themselves where they stand: a click, or the Enter key, shows a card.
//!
//! All words share one card, which the browser puts beside the word that was clicked. It takes what it says from the attribute `data-word`: a name in the
//! [`glossary`](crate::glossary).

use certwright_protocol::t;
use web_sys::Event;
use yew::prelude::*;

use crate::browser::{self, Listener};
use crate::lazy::{self, Lazy};

/// Name of the word that the card explains.
#[derive(Clone, PartialEq)]
pub(crate) struct Word(pub(crate) AttrValue);

/// The card's id.
pub(crate) const CARD: &str = "word-card";

/// A word with its card. `name` is its name in the glossary.
pub(crate) fn word(name: &'static str, text: &'static str) -> Html {
    html! {
        <button type="button" class="word" popovertarget={CARD} data-word={name} title={t!("What is this? {text}", text)}>{ text }</button>
    }
}

/// A word with its card, and the text after it, whose first marks stay in the word's line.
pub(crate) fn word_before(name: &'static str, text: &'static str, after: &str) -> Html {
    let rest = after.trim_start_matches([',', '.', ':', ';', ')']);
    let marks = after.strip_suffix(rest).unwrap_or_default().to_owned();
    html! { <><span class="together">{ word(name, text) }{ marks }</span>{ rest.to_owned() }</> }
}

/// The one card.
#[component]
pub(crate) fn WordCard() -> Html {
    let shown = use_state_eq(AttrValue::default);
    use_effect_with((), {
        let shown = shown.setter();
        move |()| {
            let listener = Listener::new(browser::window().into(), "click", move |event: Event| {
                if let Some(name) = browser::attribute_at(&event, "data-word") {
                    shown.set(name.into());
                }
            });
            move || drop(listener)
        }
    });
    html! {
        <div popover="auto" id={CARD} class="word-card" role="dialog" aria-label={t!("What a word means")} data-testid={CARD} data-name={(*shown).clone()}>
            if !shown.is_empty() {
                <ContextProvider<Word> context={Word((*shown).clone())}><Lazy key="word" part={lazy::WORD} /></ContextProvider<Word>>
            }
        </div>
    }
}
