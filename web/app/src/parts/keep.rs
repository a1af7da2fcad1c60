//! The form that keeps the keystore on this device under a passphrase.

use certwright_protocol::Problem;
use certwright_protocol::ui::Request;
use yew::prelude::*;

use super::explanation::maybe_problem;
use super::icon;
use super::password::{NewPassword, take};
use crate::state::{Tone, use_app};

#[derive(Properties, PartialEq)]
pub(crate) struct KeepProps {
    /// Whether the first field takes the focus.
    #[prop_or_default]
    pub(crate) focus: bool,
    /// Called once it is kept.
    #[prop_or_default]
    pub(crate) kept: Callback<()>,
}

/// The form.
#[component]
pub(crate) fn KeepForm(props: &KeepProps) -> Html {
    let app = use_app();
    let (first, second) = (use_node_ref(), use_node_ref());
    let mistake = use_state_eq(|| "");
    let problem = use_state_eq(|| None::<Problem>);
    let busy = use_state_eq(|| false);
    let onsubmit = Callback::from({
        let (first, second, mistake, problem, busy) =
            (first.clone(), second.clone(), mistake.clone(), problem.clone(), busy.clone());
        let kept = props.kept.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            let passphrase = match take(&first, &second) {
                Ok(passphrase) => passphrase,
                Err(words) => return mistake.set(words),
            };
            mistake.set("");
            problem.set(None);
            busy.set(true);
            let (app, kept, problem, busy) = (app.clone(), kept.clone(), problem.clone(), busy.clone());
            let bridge = app.bridge.clone();
            bridge.ask(Request::Keep { passphrase }, move |answer| {
                busy.set(false);
                match answer {
                    Ok(_) => {
                        app.toast(Tone::Good, "The keystore is kept on this device");
                        kept.emit(());
                    }
                    Err(found) => problem.set(Some(found)),
                }
            });
        }
    });
    html! {
        <form class="form" {onsubmit}>
            <NewPassword label="Passphrase" testids={["keep-passphrase", "keep-passphrase-again"]} {first} {second} focus={props.focus} />
            if !mistake.is_empty() { <p class="mistake" role="alert">{ *mistake }</p> }
            { maybe_problem(problem.as_ref()) }
            <div class="actions">
                <button type="submit" class="button primary" data-testid="keep-submit" disabled={*busy}>
                    { icon("device") }{ if *busy { "Encrypting…" } else { "Keep on this device" } }
                </button>
            </div>
        </form>
    }
}
