//! What was found in dropped, pasted or chosen files: what each thing is, what importing it would do, and the button that does it.

use std::collections::HashMap;
use std::rc::Rc;

use certwright_protocol::ui::{Found, FoundThing, ImportChoice, Imported, Proposal, Request, Response};
use certwright_protocol::view::CertificateView;
use certwright_protocol::{Password, Problem};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::PaneFrame;
use super::imported::sentence;
use crate::parts::certificate::{certificate_line, role};
use crate::parts::explanation::{Explained, maybe_problem, problem};
use crate::parts::password::value_of;
use crate::parts::time::{day, validity};
use crate::parts::{counted, icon, kind_of};
use crate::state::{Action, App, Files, Pane, Tone, use_app};

#[derive(Properties, PartialEq)]
pub(super) struct FoundProps {
    pub(super) files: Files,
    /// Files that the browser could not read.
    pub(super) unread: Rc<Vec<Problem>>,
}

/// What the worker said.
#[derive(Clone, PartialEq, Default)]
struct Seen {
    found: Rc<Vec<Found>>,
    problems: Rc<Vec<Problem>>,
}

/// What the user chose for a thing: whether to import it, and under which alias.
type Choices = HashMap<u32, (bool, String)>;

/// The pane.
#[component]
pub(super) fn FoundPane(props: &FoundProps) -> Html {
    let app = use_app();
    let seen = use_state_eq(|| None::<Seen>);
    let choices = use_state_eq(Choices::new);
    let failure = use_state_eq(|| None::<Problem>);
    let look = use_callback(props.files.clone(), {
        let (app, seen, choices, failure) = (app.clone(), seen.setter(), choices.setter(), failure.setter());
        move |password: Option<Password>, files: &Files| {
            look(&app, files, password, seen.clone(), choices.clone(), failure.clone());
        }
    });
    use_effect_with((), {
        let look = look.clone();
        move |()| look.emit(None)
    });

    let title = match props.files.0.as_slice() {
        [file] => file.name.clone(),
        files => counted(files.len() + props.unread.len(), "file"),
    };
    let Some(view) = &*seen else {
        return html! {
            <PaneFrame {title} testid="found-panel" busy={failure.is_none()}>
                if failure.is_none() { <progress aria-label="Looking"></progress> }
                { maybe_problem(failure.as_ref()) }
            </PaneFrame>
        };
    };
    let wanted: Vec<ImportChoice> = view
        .found
        .iter()
        .filter_map(|found| {
            let (chosen, alias) = choices.get(&found.id)?;
            let new = !matches!(found.proposal, Some(Proposal::Reply { .. }));
            chosen.then(|| ImportChoice { id: found.id, alias: new.then(|| alias.trim().to_owned()) })
        })
        .collect();
    let count = wanted.len();
    let onsubmit = Callback::from({
        let failure = failure.clone();
        let app = app.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            failure.set(None);
            import(&app, wanted.clone(), failure.clone());
        }
    });
    let importable = view.found.iter().any(|found| found.proposal.is_some());
    let all_problems = props.unread.iter().chain(view.problems.iter());
    html! {
        <PaneFrame {title} testid="found-panel">
            <p class="lead">{ headline(&view.found, importable) }</p>
            { for all_problems.map(|problem| file_problem(problem, &look)) }
            <form class="form" {onsubmit}>
                <ul class="found">{ for view.found.iter().map(|found| item(found, &choices)) }</ul>
                { maybe_problem(failure.as_ref()) }
                <div class="actions">
                    if importable {
                        <button type="submit" class="button primary" data-testid="import-confirm" disabled={count == 0}>
                            { icon("import") }{ match count { 0 | 1 => "Import".to_owned(), _ => format!("Import {count} things") } }
                        </button>
                    }
                    <button type="button" class="button" data-testid="import-cancel" onclick={app.on(|| Action::Open(Pane::None))}>
                        { if importable { "Cancel" } else { "Close" } }
                    </button>
                </div>
            </form>
        </PaneFrame>
    }
}

/// Has the worker look, and chooses everything that can be imported.
fn look(
    app: &App,
    files: &Files,
    password: Option<Password>,
    seen: UseStateSetter<Option<Seen>>,
    choices: UseStateSetter<Choices>,
    failure: UseStateSetter<Option<Problem>>,
) {
    if files.0.is_empty() {
        return seen.set(Some(Seen::default()));
    }
    let request = Request::Look { files: (*files.0).clone(), password };
    app.bridge.ask(request, move |answer| match answer {
        Ok(Response::Found { found, problems }) => {
            choices.set(
                found
                    .iter()
                    .filter_map(|found| {
                        let alias = match found.proposal.as_ref()? {
                            Proposal::Reply { alias, .. }
                            | Proposal::KeyPair { alias }
                            | Proposal::Trust { alias } => alias,
                        };
                        Some((found.id, (true, alias.clone())))
                    })
                    .collect(),
            );
            seen.set(Some(Seen { found: Rc::new(found), problems: Rc::new(problems) }));
        }
        Ok(_) => {}
        Err(problem) => failure.set(Some(problem)),
    });
}

fn import(app: &App, choices: Vec<ImportChoice>, failure: UseStateHandle<Option<Problem>>) {
    let next = app.clone();
    app.bridge.ask(Request::Import { choices }, move |answer| match answer {
        Ok(Response::Imported { results }) => imported(&next, results),
        Ok(_) => {}
        Err(problem) => failure.set(Some(problem)),
    });
}

/// One result opens its entry; several are listed.
fn imported(app: &App, results: Vec<Imported>) {
    if let [result] = results.as_slice() {
        let tone = if result.missing.is_none() { Tone::Good } else { Tone::Warn };
        app.dispatch(Action::Toast(tone, sentence(result), true));
        app.dispatch(Action::Open(Pane::Entry(result.alias.clone().into())));
    } else {
        app.dispatch(Action::Open(Pane::Imported(Rc::new(results))));
    }
}

fn headline(found: &[Found], importable: bool) -> String {
    match (found.len(), importable) {
        (0, _) => "There is nothing to import yet.".into(),
        (_, false) => "This is what it is. There is nothing to import.".into(),
        (count, true) => format!("{} found. Importing can be undone.", counted(count, "thing")),
    }
}

/// A file's problem; with a field, where it is a password that is missing.
fn file_problem(found: &Problem, look: &Callback<Option<Password>>) -> Html {
    match found {
        Problem::PasswordNeeded { .. } => html! {
            <Explained kind={kind_of(found)} tone={Tone::Info} explanation={found.explain()}><PasswordField look={look.clone()} /></Explained>
        },
        Problem::PasswordWrong { .. } => html! {
            <Explained kind={kind_of(found)} tone={Tone::Bad} explanation={found.explain()}><PasswordField look={look.clone()} /></Explained>
        },
        _ => problem(found),
    }
}

#[derive(Properties, PartialEq)]
struct PasswordProps {
    look: Callback<Option<Password>>,
}

#[component]
fn PasswordField(props: &PasswordProps) -> Html {
    let field = use_node_ref();
    let busy = use_state_eq(|| false);
    use_effect_with((), {
        let field = field.clone();
        move |()| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                let _ = field.focus();
            }
        }
    });
    let onsubmit = Callback::from({
        let (field, look, busy) = (field.clone(), props.look.clone(), busy.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let password = Password::new(value_of(&field));
            busy.set(true);
            if let Some(field) = field.cast::<HtmlInputElement>() {
                field.set_value("");
            }
            look.emit(Some(password));
        }
    });
    html! {
        <form class="inline-form" {onsubmit}>
            <label class="field">
                <span class="offscreen">{ "Password of the file" }</span>
                <input type="password" ref={field} data-testid="import-password" autocomplete="off" placeholder="Password of the file" spellcheck="false" />
            </label>
            <button type="submit" class="button" data-testid="import-password-submit">{ icon("unlock") }{ "Open" }</button>
        </form>
    }
}

/// A thing that was found.
fn item(found: &Found, choices: &UseStateHandle<Choices>) -> Html {
    let id = found.id;
    let (chosen, alias) = choices.get(&id).cloned().unwrap_or_default();
    let proposal = found.proposal.as_ref().map_or_else(|| "none".to_owned(), kind_of);
    let set = |change: fn(&mut (bool, String), &HtmlInputElement)| {
        let choices = choices.clone();
        move |field: HtmlInputElement| {
            let mut new = (*choices).clone();
            change(new.entry(id).or_default(), &field);
            choices.set(new);
        }
    };
    let onchange = Callback::from({
        let set = set(|choice, field| choice.0 = field.checked());
        move |event: Event| set(event.target_unchecked_into())
    });
    let oninput = Callback::from({
        let set = set(|choice, field| choice.1 = field.value());
        move |event: InputEvent| set(event.target_unchecked_into())
    });
    let title = html! { <>{ icon(thing_icon(&found.thing)) }<strong>{ what_it_is(found) }</strong></> };
    let new = matches!(found.proposal, Some(Proposal::KeyPair { .. } | Proposal::Trust { .. }));
    html! {
        <li class={classes!("found-item", chosen.then_some("chosen"))} key={id} data-testid="found-item" data-kind={kind_of(&found.thing)} data-proposal={proposal}>
            if found.proposal.is_some() {
                <label class="found-title"><input type="checkbox" data-testid="found-choice" checked={chosen} {onchange} />{ title }</label>
            } else {
                <div class="found-title">{ title }</div>
            }
            { facts(&found.thing) }
            { consequence(found) }
            { maybe_problem(found.problem.as_ref()) }
            if new && chosen {
                <label class="field">
                    <span>{ "Alias" }</span>
                    <input type="text" data-testid="found-alias" value={alias} {oninput} required={true} maxlength="250" autocomplete="off" spellcheck="false" />
                </label>
            }
            <small class="from">{ "from " }{ &found.file }</small>
        </li>
    }
}

fn thing_icon(thing: &FoundThing) -> &'static str {
    match thing {
        FoundThing::KeyPair { .. } => "key",
        FoundThing::Request { .. } => "send",
        FoundThing::Chain { .. } => "cert",
        FoundThing::Certificate { certificate } if certificate.is_ca => "ca",
        FoundThing::Certificate { .. } => "cert",
    }
}

/// What it is, in plain words.
fn what_it_is(found: &Found) -> String {
    if let Some(Proposal::Reply { alias, .. }) = &found.proposal {
        return format!("The authority’s reply for “{alias}”");
    }
    match &found.thing {
        FoundThing::KeyPair { key, certificates } if certificates.is_empty() => {
            format!("A private key without certificate ({key})")
        }
        FoundThing::KeyPair { key, certificates } => {
            format!("A key pair with {} ({key})", counted(certificates.len(), "certificate"))
        }
        FoundThing::Chain { certificates } => {
            format!("A chain of {}", counted(certificates.len(), "certificate"))
        }
        FoundThing::Certificate { certificate } => match (certificate.is_ca, certificate.is_self_issued) {
            (true, true) => format!("The root certificate “{}”", certificate.name),
            (true, false) => format!("The intermediate certificate “{}”", certificate.name),
            (false, true) => format!("The self-signed certificate “{}”", certificate.name),
            (false, false) => format!("The certificate of “{}”", certificate.name),
        },
        FoundThing::Request { request } => match &request.fits_alias {
            Some(alias) => format!("The signing request of “{alias}”"),
            None => "A signing request of somebody else".into(),
        },
    }
}

/// The thing, drawn small.
fn facts(thing: &FoundThing) -> Html {
    let certificates: &[CertificateView] = match thing {
        FoundThing::KeyPair { certificates, .. } | FoundThing::Chain { certificates } => certificates,
        FoundThing::Certificate { certificate } => std::slice::from_ref(certificate.as_ref()),
        FoundThing::Request { request } => {
            return html! {
                <p class="found-facts">
                    { &request.subject }{ " · " }{ &request.key }
                    if !request.signature_valid { <em class="aside bad">{ "its signature is wrong" }</em> }
                </p>
            };
        }
    };
    let until = certificates.first().map(|certificate| {
        let (tone, words) = validity(certificate.not_before, certificate.not_after, crate::browser::now());
        let (_, kind) = role(certificate, true, "Certificate");
        html! {
            <p class="found-facts" title={certificate.subject.clone()}>
                { kind }{ " issued by " }{ if certificate.is_self_issued { "itself" } else { &certificate.issuer_name } }{ ", until " }{ day(certificate.not_after) }{ " " }
                <em class={classes!("aside", tone.word())}>{ words }</em>
            </p>
        }
    });
    html! {
        <>
            <div class="mini-chain">
                { for certificates.iter().enumerate().map(|(index, certificate)| html! {
                    <>if index > 0 { { icon("arrow") } }{ certificate_line(certificate, index == 0) }</>
                }) }
            </div>
            { until.unwrap_or_default() }
        </>
    }
}

/// What importing it does.
fn consequence(found: &Found) -> Html {
    let Some(proposal) = &found.proposal else { return html! {} };
    let (icon_name, tone, text) = match proposal {
        Proposal::Reply { alias, missing: Some(missing), .. } => (
            "warn",
            Tone::Warn,
            format!(
                "It fits the key of “{alias}”. The chain stays incomplete: “{missing}” is missing. Import it too, if you have it."
            ),
        ),
        Proposal::Reply { alias, missing: None, replaces } => (
            "check",
            Tone::Good,
            if *replaces {
                format!(
                    "It fits the key of “{alias}” and replaces the certificate that is there. The chain is complete."
                )
            } else {
                format!("It fits the key of “{alias}”, and the chain is complete.")
            },
        ),
        Proposal::KeyPair { .. } => ("key", Tone::Info, "It becomes a new key pair.".to_owned()),
        Proposal::Trust { .. } => (
            "shield",
            Tone::Info,
            "It goes to the trust store: what it signed is trusted from then on.".to_owned(),
        ),
    };
    html! { <p class={classes!("consequence", tone.word())}>{ icon(icon_name) }<span>{ text }</span></p> }
}
