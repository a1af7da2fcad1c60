//! The keystore that is kept on this device, not opened yet.

use certwright_protocol::Password;
use certwright_protocol::t;
use certwright_protocol::ui::Request;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::parts::explanation::maybe_problem;
use crate::parts::icon;
use crate::parts::kept::{use_flag, use_problem};
use crate::parts::password::value_of;
use crate::state::use_app;

/// The form that opens it.
#[component]
pub(super) fn Unlock() -> Html {
    let app = use_app();
    let field = use_node_ref();
    let busy = use_flag();
    let problem = use_problem();
    use_effect_with((), {
        let field = field.clone();
        move |()| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                let _ = field.focus();
            }
        }
    });
    let onsubmit = Callback::from({
        let (field, busy, problem) = (field.clone(), busy.clone(), problem.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let passphrase = Password::new(value_of(&field));
            if passphrase.is_empty() {
                return;
            }
            busy.set(true);
            problem.set(None);
            let (field, busy, problem) = (field.clone(), busy.clone(), problem.clone());
            app.request(Request::Unlock { passphrase }, move |answer| {
                busy.set(false);
                problem.set(answer.err());
                if let Some(field) = field.cast::<HtmlInputElement>() {
                    field.set_value("");
                    let _ = field.focus();
                }
            });
        }
    });
    html! {
        <section class="unlock" data-testid="unlock-panel">
            <span class="seal">{ icon("lock") }</span>
            <h1>{ t!("Your keystore is locked") }</h1>
            <p class="lead">{ t!("It is kept on this device, encrypted. Type its passphrase to open it.") }</p>
            <form class="form" {onsubmit}>
                <label class="field">
                    <span>{ t!("Passphrase") }</span>
                    <input type="password" ref={field} data-testid="unlock-passphrase" autocomplete="current-password" required={true} spellcheck="false" />
                </label>
                { maybe_problem(problem.as_ref()) }
                <button type="submit" class="button primary wide" data-testid="unlock-submit" disabled={*busy}>
                    { icon("unlock") }{ if *busy { t!("Opening…") } else { t!("Unlock") } }
                </button>
            </form>
        </section>
    }
}
