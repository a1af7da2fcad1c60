//! Writes entries as files of all kinds: what kind, who has to read it, under which password. A private key leaves without a
//! password only if that is ticked.

mod formats;

use certwright_protocol::language::text;
use std::rc::Rc;

use certwright_protocol::ui::{Pkcs12Target, Request};
use certwright_protocol::{t, tn};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use self::formats::{FORMATS, Format, Group, Options, Secret, order};
use super::PaneFrame;
use crate::parts::controls::{button, field, select, submit};
use crate::parts::explanation::maybe_problem;
use crate::parts::kept::{use_flag, use_mistake, use_problem};
use crate::parts::password::{NewPassword, take};
use crate::parts::{icon, kind_of};
use crate::state::{Tone, use_app};

pub(super) use self::formats::Scope;

#[derive(Properties, PartialEq)]
pub(super) struct ExportPaneProps {
    pub(super) aliases: Rc<Vec<String>>,
}

/// The pane for several entries.
#[component]
pub(super) fn ExportPane(props: &ExportPaneProps) -> Html {
    let names = props.aliases.iter().take(5).map(|alias| format!("“{alias}”")).collect::<Vec<_>>().join(", ");
    let more = props.aliases.len().saturating_sub(5);
    html! {
        <PaneFrame title={t!("Export {aliases}", aliases = tn!(props.aliases.len(), "1 entry", "{count} entries", count = props.aliases.len()))} testid="export-pane">
            <p class="lead">{ names }if more > 0 { { t!(" and {more} more", more) } }</p>
            <ExportForm scope={Scope::many(props.aliases.clone())} />
        </PaneFrame>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct ExportProps {
    pub(super) scope: Scope,
    /// The kind of file to begin with, by its id.
    #[prop_or_default]
    pub(super) begin: &'static str,
    /// Called when the file is written, or when it is cancelled.
    #[prop_or_default]
    pub(super) done: Option<Callback<()>>,
}

/// The form.
#[component]
pub(super) fn ExportForm(props: &ExportProps) -> Html {
    let app = use_app();
    let scope = &props.scope;
    let chosen = use_state_eq(|| props.begin);
    let options = use_state_eq(|| Options { remind: "30, 7".into(), binary: true, ..Options::default() });
    let clear = use_flag();
    let (first, second) = (use_node_ref(), use_node_ref());
    let mistake = use_mistake();
    let problem = use_problem();
    let busy = use_flag();

    let fitting: Vec<&Format> = FORMATS.iter().filter(|format| scope.fits(format)).collect();
    let found = fitting.iter().find(|format| format.id == *chosen).or(fitting.first());
    let Some(format) = found.copied() else {
        return html! { <p class="hint">{ t!("Nothing of it can be written as a file.") }</p> };
    };
    let one = scope.one.is_some();
    // The worker is told "in clear" by the missing password.
    let in_clear = format.secret == Secret::Clear || (format.secret == Secret::Optional && *clear);
    let with_password = matches!(format.secret, Secret::Password | Secret::Optional) && !in_clear;
    let onsubmit = Callback::from({
        let (app, first, second, mistake, problem, busy) =
            (app.clone(), first.clone(), second.clone(), mistake.clone(), problem.clone(), busy.clone());
        let (aliases, options, done, id) =
            (scope.aliases.clone(), (*options).clone(), props.done.clone(), format.id);
        move |event: SubmitEvent| {
            event.prevent_default();
            let password = match with_password.then(|| take(&first, &second)).transpose() {
                Ok(password) => password,
                Err(words) => return mistake.set(words),
            };
            // Java 17 calls every other password of a PKCS#12 file incorrect.
            let not_for_java = id == "p12"
                && password.as_ref().is_some_and(|password| {
                    !password.as_str().bytes().all(|byte| (0x20..0x7f).contains(&byte))
                });
            mistake.set("");
            problem.set(None);
            busy.set(true);
            let what = order(id, &options, one, password);
            let (saver, done, problem, busy) = (app.clone(), done.clone(), problem.clone(), busy.clone());
            app.request(Request::Export { aliases: (*aliases).clone(), what }, move |answer| {
                busy.set(false);
                match answer {
                    Ok(response) => {
                        saver.save(response);
                        if not_for_java {
                            saver.toast(Tone::Info, t!("This password has characters that Java (keytool) cannot read. OpenSSL and browsers can."));
                        }
                        if let Some(done) = done {
                            done.emit(());
                        }
                    }
                    Err(found) => problem.set(Some(found)),
                }
            });
        }
    });
    let pick = Callback::from({
        let (chosen, problem) = (chosen.clone(), problem.clone());
        move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            problem.set(None);
            if let Some(format) = FORMATS.iter().find(|format| format.id == value) {
                chosen.set(format.id);
            }
        }
    });
    let onclear = Callback::from({
        let clear = clear.clone();
        move |event: Event| clear.set(event.target_unchecked_into::<HtmlInputElement>().checked())
    });
    let testids = if format.id == "p12" {
        ["export-p12-password", "export-p12-password-again"]
    } else {
        ["export-password", "export-password-again"]
    };
    let groups = Group::ALL.iter().filter_map(|(group, name)| {
        let choices: Vec<Html> = fitting
            .iter()
            .filter(|each| each.group == *group)
            .map(|each| html! { <option value={each.id} selected={each.id == format.id}>{ text(each.label) }</option> })
            .collect();
        (!choices.is_empty()).then(|| html! { <optgroup label={text(name)}>{ for choices }</optgroup> })
    });
    html! {
        <form class="form fold" data-testid="export-form" {onsubmit}>
            if scope.sealed() {
                <p class="consequence warn" data-testid="export-sealed">
                    { icon("lock") }
                    <span>{ if scope.one.as_ref().is_some_and(|detail| detail.entry.closed) {
                        t!("Its key has not been opened yet: give its password first. Only what is public can be exported.")
                    } else {
                        t!("It is locked: its private key stays here. Unlock it first, if it has to leave. Only what is public can be exported.")
                    } }</span>
                </p>
            }
            <label class="field">
                <span>{ t!("What kind of file?") }</span>
                <select data-testid="export-format" onchange={pick}>{ for groups }</select>
                <small>
                    { text(format.about) }
                    if !one && !matches!(format.group, Group::Keystore | Group::Lists) && !matches!(format.id, "p7b" | "pem") {
                        { t!(" Several entries come as a ZIP with a file for each.") }
                    }
                </small>
            </label>
            { details(format, scope, &options) }
            if format.secret == Secret::Optional || in_clear {
                <label class="check">
                    <input type="checkbox" data-testid="export-clear" checked={*clear} onchange={onclear} required={format.secret == Secret::Clear} />
                    <span>
                        { if format.secret == Secret::Clear { t!("I know that this file is not encrypted") } else { t!("Without a password") } }
                        if in_clear { <small class="bad">{ t!("Whoever gets the file has the key, and can act as you.") }</small> }
                    </span>
                </label>
            }
            if with_password {
                if format.secret == Secret::Password {
                    <p>{ t!("Whoever has file and password has what is in it: choose a good password, and do not send both by the same way.") }</p>
                }
                <NewPassword key={format.id} label={t!("Password")} {testids} {first} {second} focus={props.done.is_some()} />
            }
            if !mistake.is_empty() { <p class="mistake" role="alert">{ *mistake }</p> }
            { maybe_problem(problem.as_ref()) }
            <div class="actions">
                { submit(if format.id == "p12" { "export-p12" } else { "export-submit" }, "download", if *busy { t!("Writing…") } else { t!("Download") }, *busy) }
                if let Some(done) = &props.done {
                    { button("", "export-cancel", "", t!("Cancel"), done.reform(|_| ())) }
                }
            </div>
        </form>
    }
}

/// What is to be chosen for this kind of file.
fn details(format: &Format, scope: &Scope, options: &UseStateHandle<Options>) -> Html {
    let set = |change: fn(&mut Options, usize)| {
        let options = options.clone();
        Callback::from(move |place: usize| {
            let mut new = (*options).clone();
            change(&mut new, place);
            options.set(new);
        })
    };
    match format.id {
        "p12" => {
            let choices =
                Pkcs12Target::ALL.iter().map(|target| (kind_of(target).into(), target.name().into()));
            let place = Pkcs12Target::ALL.iter().position(|target| *target == options.target).unwrap_or(0);
            let picked = set(|options, place| {
                options.target = Pkcs12Target::ALL.get(place).copied().unwrap_or_default()
            });
            field(
                t!("Who has to read it?"),
                select("export-target", choices, place, picked),
                options.target.about(),
            )
        }
        "cer" | "csr" => {
            let names = certificates(scope)
                .into_iter()
                .enumerate()
                .map(|(place, name)| (place.to_string().into(), name.into()));
            let encodings =
                [("der".into(), t!("Binary (DER)").into()), ("pem".into(), t!("Text (PEM)").into())];
            let which = set(|options, place| options.which = u32::try_from(place).unwrap_or(0));
            html! {
                <>
                    if format.id == "cer" {
                        { field(t!("Which certificate?"), select("export-which", names, options.which as usize, which), "") }
                    }
                    { field(t!("Encoding"), select("export-encoding", encodings, usize::from(!options.binary), set(|options, place| options.binary = place == 0)), "") }
                </>
            }
        }
        "ics" => {
            let oninput = Callback::from({
                let options = options.clone();
                move |event: InputEvent| {
                    let remind = event.target_unchecked_into::<HtmlInputElement>().value();
                    options.set(Options { remind, ..(*options).clone() });
                }
            });
            field(
                t!("Remind so many days before"),
                html! { <input type="text" data-testid="export-remind" value={options.remind.clone()} {oninput} autocomplete="off" /> },
                "",
            )
        }
        _ => html! {},
    }
}

/// The certificates of the chain by name; of several entries, what each of them has.
fn certificates(scope: &Scope) -> Vec<String> {
    let Some(detail) = &scope.one else {
        return vec![t!("Each entry’s own").into(), t!("Each entry’s root").into()];
    };
    let last = detail.certificates.len().saturating_sub(1);
    let name = |(place, certificate): (usize, &certwright_protocol::view::CertificateView)| {
        let role = match place {
            0 => t!("Its own"),
            _ if place == last && certificate.is_self_issued => t!("Root"),
            _ => t!("Issuer"),
        };
        format!("{role}: {}", certificate.name)
    };
    detail.certificates.iter().enumerate().map(name).collect()
}
