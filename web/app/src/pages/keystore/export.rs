//! Exports an entry as PKCS#12, the one file that holds a private key: under a password that is typed twice.

use certwright_protocol::Problem;
use certwright_protocol::ui::{ExportFormat, Request};
use yew::prelude::*;

use crate::parts::explanation::maybe_problem;
use crate::parts::icon;
use crate::parts::password::{NewPassword, take};
use crate::state::{Tone, use_app};

#[derive(Properties, PartialEq)]
pub(super) struct ExportProps {
    pub(super) alias: AttrValue,
    pub(super) done: Callback<()>,
}

/// The form.
#[component]
pub(super) fn ExportPkcs12(props: &ExportProps) -> Html {
    let app = use_app();
    let (first, second) = (use_node_ref(), use_node_ref());
    let mistake = use_state_eq(|| "");
    let problem = use_state_eq(|| None::<Problem>);
    let busy = use_state_eq(|| false);
    let onsubmit = Callback::from({
        let (first, second, mistake, problem, busy) =
            (first.clone(), second.clone(), mistake.clone(), problem.clone(), busy.clone());
        let (alias, done) = (props.alias.to_string(), props.done.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let password = match take(&first, &second) {
                Ok(password) => password,
                Err(words) => return mistake.set(words),
            };
            // Java 17 calls every other password incorrect.
            let for_java = password.as_str().bytes().all(|byte| (0x20..0x7f).contains(&byte));
            mistake.set("");
            problem.set(None);
            busy.set(true);
            let (saver, done, problem, busy) = (app.clone(), done.clone(), problem.clone(), busy.clone());
            let what = ExportFormat::Pkcs12 { password };
            app.bridge.ask(Request::Export { alias: alias.clone(), what }, move |answer| {
                busy.set(false);
                match answer {
                    Ok(response) => {
                        saver.save(response);
                        if !for_java {
                            saver.toast(Tone::Info, "This password has characters that Java (keytool) cannot read. OpenSSL and browsers can.");
                        }
                        done.emit(());
                    }
                    Err(found) => problem.set(Some(found)),
                }
            });
        }
    });
    let cancel = props.done.reform(|_: MouseEvent| ());
    html! {
        <form class="form fold" {onsubmit}>
            <p>{ "The file holds your private key. Whoever has file and password can act as you: choose a good password, and do not send both by the same way." }</p>
            <NewPassword label="Password" testids={["export-p12-password", "export-p12-password-again"]} {first} {second} focus={true} />
            if !mistake.is_empty() { <p class="mistake" role="alert">{ *mistake }</p> }
            { maybe_problem(problem.as_ref()) }
            <div class="actions">
                <button type="submit" class="button primary" data-testid="export-p12" disabled={*busy}>
                    { icon("download") }{ if *busy { "Encrypting…".to_owned() } else { format!("Download {}.p12", props.alias) } }
                </button>
                <button type="button" class="button" onclick={cancel}>{ "Cancel" }</button>
            </div>
        </form>
    }
}
