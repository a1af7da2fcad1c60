//! Words that a newcomer stumbles over explain themselves where they stand: a click shows the card of `assets/words.html`.

use yew::prelude::*;

/// A word with its card. `name` is the card's id without `word-`.
pub(crate) fn word(name: &'static str, text: &'static str) -> Html {
    html! {
        <button type="button" class="word" popovertarget={format!("word-{name}")} title={format!("What is this? {text}")}>{ text }</button>
    }
}
