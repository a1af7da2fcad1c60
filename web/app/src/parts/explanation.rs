//! What happened and what to try, in the catalogue's words.

use certwright_protocol::t;
use certwright_protocol::ui::Told;
use certwright_protocol::{Explanation, Password};
use yew::prelude::*;

use super::password::PasswordForm;
use super::{icon, tone_icon};
use crate::state::Tone;

/// An explanation in its box, with buttons that help.
pub(crate) fn explained(told: &Told, tone: Tone, buttons: Html) -> Html {
    let Told { kind, words: Explanation { title, what_happened, what_to_try }, who } = told;
    let role = (tone == Tone::Bad).then_some("alert");
    html! {
        <div class={classes!("explained", tone.word())} {role} data-testid="problem" data-kind={kind.clone()}>
            { if tone == Tone::Bad { icon("warn") } else { tone_icon(tone) } }
            <div>
                <p class="explained-title" data-testid="problem-title">{ title }</p>
                <p data-testid="problem-what">{ what_happened }</p>
                { what_to_try_line(what_to_try) }
                { who_line(who) }
                { buttons }
            </div>
        </div>
    }
}

/// The remedy, if there is one.
pub(crate) fn what_to_try_line(what_to_try: &str) -> Html {
    if what_to_try.is_empty() {
        return html! {};
    }
    html! { <p class="remedy" data-testid="problem-try">{ icon("arrow") }<span>{ what_to_try.to_owned() }</span></p> }
}

/// Who has to act, where somebody has to.
pub(crate) fn who_line(who: &str) -> Html {
    if who.is_empty() {
        return html! {};
    }
    html! { <p class="who" data-testid="problem-who">{ icon("send") }<span>{ t!("To be put right by: ") }<strong>{ who.to_owned() }</strong></span></p> }
}

/// A problem in its box.
pub(crate) fn problem(problem: &Told) -> Html {
    explained(problem, Tone::Bad, Html::default())
}

/// A file's problem; with a field, where it is a password that is missing.
pub(crate) fn file_problem(found: &Told, give: &Callback<Password>) -> Html {
    let tone = match found.kind.as_str() {
        "password_needed" => Tone::Info,
        "password_wrong" => Tone::Bad,
        _ => return problem(found),
    };
    let form = html! { <PasswordForm label={t!("Password of the file")} button={t!("Open")} testids={["import-password", "import-password-submit"]} submit={give.clone()} focus={true} /> };
    explained(found, tone, form)
}

/// A problem, if there is one.
pub(crate) fn maybe_problem(found: Option<&Told>) -> Html {
    found.map(problem).unwrap_or_default()
}
