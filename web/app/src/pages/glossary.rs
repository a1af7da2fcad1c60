//! The glossary: every word that explains itself elsewhere, searched and linked among each other.

pub(crate) mod card;

use certwright_protocol::{t, tn};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::browser::{self, lower_case};
use crate::glossary::{TERMS, Term, term};
use crate::state::{Action, App, use_app};

/// The page, for [`crate::lazy`].
pub(crate) fn draw(_: &App) -> Html {
    html! { <GlossaryPage /> }
}

#[component]
fn GlossaryPage() -> Html {
    let app = use_app();
    let search = use_state_eq(String::new);
    let wanted = app.state.term.clone();
    // A word that was asked for comes into sight, and takes the focus from where the reader came.
    use_effect_with(wanted.clone(), |wanted| {
        let id = format!("term-{wanted}");
        browser::after(0, move || browser::show_and_focus(&id));
    });
    let clear = search.setter();
    use_effect_with(wanted.clone(), move |_| clear.set(String::new()));
    let oninput = Callback::from({
        let search = search.setter();
        move |event: InputEvent| search.set(event.target_unchecked_into::<HtmlInputElement>().value())
    });
    let words = lower_case(&search);
    let shown: Vec<&Term> = TERMS
        .iter()
        .filter(|term| {
            let text = lower_case(&format!("{} {} {}", term.title(), term.meaning(), term.name));
            words.split_whitespace().all(|word| text.contains(word))
        })
        .collect();
    let order = browser::order(shown.iter().map(|term| lower_case(term.title())).collect());
    let onclick = Callback::from({
        let app = app.clone();
        move |event: MouseEvent| {
            if let Some(name) = browser::attribute_at(&event, "data-term") {
                app.dispatch(Action::Term(name.into()));
            }
        }
    });
    html! {
        <div class="page reading" data-testid="glossary-page">
            <h1>{ t!("Glossary") }</h1>
            <p class="lead">{ t!("Every word with dots below it explains itself where it stands. Here are all of them.") }</p>
            <div class="list-controls" role="search">
                <input type="search" data-testid="glossary-search" aria-label={t!("Search the glossary")} placeholder={t!("Search a word")}
                    value={(*search).clone()} {oninput} autocomplete="off" spellcheck="false" />
                <span class="list-count" role="status" data-testid="glossary-count" data-count={shown.len().to_string()}>{ tn!(shown.len(), "{n} word", "{n} words", n = shown.len()) }</span>
            </div>
            <dl class="glossary" {onclick}>
                { for order.into_iter().filter_map(|place| shown.get(place).copied()).map(|found| entry(found, wanted == found.name)) }
            </dl>
        </div>
    }
}

fn entry(found: &'static Term, wanted: bool) -> Html {
    html! {
        <div class={classes!("term", wanted.then_some("chosen"))} key={found.name} data-testid="glossary-term" data-name={found.name}>
            <dt id={format!("term-{}", found.name)} tabindex="-1">{ found.title() }</dt>
            <dd>
                <p>{ found.meaning() }</p>
                <p class="word-see">{ t!("See also:") }{ " " }{ for found.see.iter().filter_map(|name| term(name)).map(|term| html! {
                    <><button type="button" class="link" data-term={term.name}>{ term.title() }</button>{ " " }</>
                }) }</p>
            </dd>
        </div>
    }
}
