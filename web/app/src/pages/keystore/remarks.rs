//! What is odd about a keystore file, and the field for a password that opens what is still closed.

use certwright_protocol::Password;
use certwright_protocol::ui::Request;
use certwright_protocol::ui::Told;
use certwright_protocol::{t, tn};
use yew::prelude::*;

use crate::parts::controls::told;
use crate::parts::explanation::{maybe_problem, what_to_try_line};
use crate::parts::icon;
use crate::parts::kept::{use_flag, use_problem};
use crate::parts::password::PasswordForm;
use crate::state::use_app;

/// Remarks that are shown at most: a large file can have one for each of its entries.
const MOST: usize = 12;

/// The remarks, folded; nothing if there are none.
pub(super) fn remarks(remarks: &[Told]) -> Html {
    if remarks.is_empty() {
        return html! {};
    }
    let more = remarks.len().saturating_sub(MOST);
    html! {
        <details class="file-remarks" data-testid="file-remarks" data-count={remarks.len().to_string()}>
            <summary>{ icon("info") }{ " " }{ tn!(remarks.len(), "1 remark about this file", "{count} remarks about this file", count = remarks.len()) }</summary>
            <ul class="remarks">
                { for remarks.iter().take(MOST).map(|remark| {
                    let words = &remark.words;
                    html! {
                        <li data-testid="file-remark" data-kind={remark.kind.clone()}>
                            { icon("info") }
                            <div><strong>{ &words.title }</strong><p>{ &words.what_happened }</p>{ what_to_try_line(&words.what_to_try) }</div>
                        </li>
                    }
                }) }
            </ul>
            if more > 0 { <p class="hint">{ t!("And {more} more of the kind.", more) }</p> }
        </details>
    }
}

/// Says how many entries are closed, and takes a password for them; nothing if all are open.
#[component]
pub(super) fn ClosedEntries() -> Html {
    let app = use_app();
    let problem = use_problem();
    let busy = use_flag();
    let closed: Vec<&str> =
        app.state.entries().iter().filter(|entry| entry.closed).map(|entry| entry.alias.as_str()).collect();
    let submit = Callback::from({
        let (app, problem, busy) = (app.clone(), problem.setter(), busy.setter());
        move |password: Password| {
            busy.set(true);
            let (problem, busy) = (problem.clone(), busy.clone());
            app.request(Request::UnlockEntries { password }, move |answer| {
                busy.set(false);
                problem.set(answer.err());
            });
        }
    });
    if closed.is_empty() {
        return html! {};
    }
    let content = html! {
        <>
            <p>
                { match closed.as_slice() {
                    [alias] => t!("“{alias}” shows its certificates; its key stays closed until its password is given.", alias),
                    _ => t!("{count} entries show their certificates; their keys stay closed until their password is given.", count = closed.len()),
                } }
            </p>
            <PasswordForm label={t!("Password of the entry")} button={t!("Open")} testids={["closed-password", "closed-password-submit"]} {submit} busy={*busy} />
            { maybe_problem(problem.as_ref()) }
        </>
    };
    html! {
        <div data-testid="closed-entries" data-count={closed.len().to_string()}>
            { told("info", "lock", None, t!("The key has a password of its own"), content) }
        </div>
    }
}
