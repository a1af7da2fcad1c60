//! The form that keeps the keystore on this device under a passphrase, or chooses another one.

use certwright_protocol::Password;
use certwright_protocol::t;
use certwright_protocol::ui::Request;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::controls;
use super::explanation::maybe_problem;
use super::password::{NewPassword, take, value_of};
use crate::parts::kept::{use_flag, use_mistake, use_problem};
use crate::state::{Tone, use_app};

#[derive(Properties, PartialEq)]
pub(crate) struct KeepProps {
    /// Whether it is kept already, and another passphrase is chosen.
    #[prop_or_default]
    pub(crate) change: bool,
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
    let (old, first, second) = (use_node_ref(), use_node_ref(), use_node_ref());
    let mistake = use_mistake();
    let problem = use_problem();
    let busy = use_flag();
    let change = props.change;
    let onsubmit = Callback::from({
        let (old, first, second) = (old.clone(), first.clone(), second.clone());
        let (mistake, problem, busy) = (mistake.clone(), problem.clone(), busy.clone());
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
            let (request, words) = if change {
                let old = Password::new(value_of(&old));
                (
                    Request::ChangePassphrase { old, new: passphrase },
                    t!("The new passphrase opens the keystore from now on"),
                )
            } else {
                (Request::Keep { passphrase }, t!("The keystore is kept on this device"))
            };
            if let Some(field) = old.cast::<HtmlInputElement>() {
                field.set_value("");
            }
            let (teller, kept, problem, busy) = (app.clone(), kept.clone(), problem.clone(), busy.clone());
            app.request(request, move |answer| {
                busy.set(false);
                match answer {
                    Ok(_) => {
                        teller.toast(Tone::Good, words);
                        kept.emit(());
                    }
                    Err(found) => problem.set(Some(found)),
                }
            });
        }
    });
    let (label, testids, submit, button) = if change {
        (
            t!("New passphrase"),
            ["change-new", "change-new-again"],
            "change-submit",
            t!("Change the passphrase"),
        )
    } else {
        (
            t!("Passphrase"),
            ["keep-passphrase", "keep-passphrase-again"],
            "keep-submit",
            t!("Keep on this device"),
        )
    };
    html! {
        <form class="form" {onsubmit}>
            if change {
                { controls::field(t!("Present passphrase"), html! { <input type="password" ref={old} data-testid="change-old" autocomplete="current-password" required={true} spellcheck="false" /> }, "") }
            }
            <NewPassword {label} {testids} {first} {second} focus={props.focus} />
            if !mistake.is_empty() { <p class="mistake" role="alert">{ *mistake }</p> }
            { maybe_problem(problem.as_ref()) }
            <div class="actions">
                { controls::submit(submit, "device", if *busy { t!("Encrypting…") } else { button }, *busy) }
            </div>
        </form>
    }
}
