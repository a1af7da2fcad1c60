//! The form of a signing request, and of a certificate that a key signs for itself: they differ in a few fields only.

use std::rc::Rc;

use certwright_protocol::ui::{FoundThing, Like, Request, Response};
use certwright_protocol::view::EntryDetail;
use certwright_protocol::{Password, Problem};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::names::names_field;
use super::paste::{PasteField, to_pem};
use super::subject_fields::{subject_fields, with_subject};
use super::usages::{authority_field, path_length_field, purpose_field, set_authority, signature_field};
use super::validity::validity_field;
use super::{At, Draft, Edit, Handle, check, onchange, options, usual_days};
use crate::parts::controls::submit;
use crate::parts::explanation::maybe_problem;
use crate::parts::password::value_of;
use crate::parts::word::word;
use crate::state::{App, use_app};

#[derive(Properties, PartialEq)]
pub(in crate::pages::keystore) struct FormProps {
    /// The entry whose key signs.
    pub(in crate::pages::keystore) detail: Rc<EntryDetail>,
    /// Whether it signs a certificate for itself, rather than a request.
    #[prop_or_default]
    pub(in crate::pages::keystore) certificate: bool,
    /// Gets the worker's answer, if all went well.
    pub(in crate::pages::keystore) done: Callback<Response>,
}

/// The form.
#[component]
pub(in crate::pages::keystore) fn PlanForm(props: &FormProps) -> Html {
    let app = use_app();
    let detail = &props.detail;
    let draft = use_reducer(|| Draft { rsa: detail.entry.key.starts_with("RSA"), ..Draft::default() });
    let problem = use_state_eq(|| None::<Problem>);
    let busy = use_state_eq(|| false);
    let challenge = use_node_ref();
    let begin = Callback::from({
        let (app, alias, draft, problem) =
            (app.clone(), detail.entry.alias.clone(), draft.clone(), problem.clone());
        move |like: Like| begin(&app, alias.clone(), like, &draft, problem.clone())
    });
    use_effect_with((), {
        let (begin, like) = (begin.clone(), first_like(detail));
        move |()| begin.emit(like)
    });
    let onsubmit = Callback::from({
        let (app, draft, problem, busy) = (app.clone(), draft.clone(), problem.clone(), busy.clone());
        let (alias, certificate, done, challenge) =
            (detail.entry.alias.clone(), props.certificate, props.done.clone(), challenge.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            problem.set(None);
            busy.set(true);
            let mut plan = Box::new(draft.to_plan());
            plan.challenge_password =
                Some(Password::new(value_of(&challenge))).filter(|password| !password.is_empty());
            let validity = draft.validity();
            let (asker, problem, busy, alias, done) =
                (app.clone(), problem.clone(), busy.clone(), alias.clone(), done.clone());
            with_subject(&app, &draft, move |subject| {
                let Some(subject) = subject else { return busy.set(false) };
                plan.subject = super::subject::filled(&subject);
                let request = if certificate {
                    Request::SelfSign { alias, plan, validity }
                } else {
                    Request::MakeRequest { alias, plan }
                };
                asker.request(request, move |answer| {
                    busy.set(false);
                    match answer {
                        Ok(response) => done.emit(response),
                        Err(found) => problem.set(Some(found)),
                    }
                });
            });
        }
    });
    if !draft.ready {
        return html! {
            <>
                <progress aria-label="Looking"></progress>
                { maybe_problem(problem.as_ref()) }
            </>
        };
    }
    html! {
        <form class="form" data-testid={if props.certificate { "self-sign-form" } else { "request-form" }} {onsubmit}>
            { like_field(&app, detail, &draft, &begin) }
            if props.certificate { { role_field(&draft) } }
            { subject_fields(&app, &draft) }
            { names_field(&draft, "Alternative names", "request-san") }
            if !props.certificate || !draft.plan.is_ca { { purpose_field(&draft) } }
            if props.certificate { { validity_field(&draft, None) } }
            { more(props, &draft, &challenge) }
            { maybe_problem(problem.as_ref()) }
            <div class="actions">
                { if props.certificate {
                    submit("self-sign-create", "cert", "Sign the certificate", *busy)
                } else {
                    submit("request-create", "send", "Make the request", *busy)
                } }
            </div>
        </form>
    }
}

/// What the draft is like at first: the entry's certificate or last request, if there is one.
fn first_like(detail: &EntryDetail) -> Like {
    if detail.certificates.is_empty() && detail.request.is_none() { Like::Nothing } else { Like::Itself }
}

/// Has the worker say what such a request would hold.
fn begin(app: &App, alias: String, like: Like, draft: &Handle, problem: UseStateHandle<Option<Problem>>) {
    let draft = draft.dispatcher();
    app.request(Request::PlanRequest { alias, like }, move |answer| match answer {
        Ok(Response::Plan { plan }) => {
            draft.dispatch(Edit::Begin(plan));
            problem.set(None);
        }
        Ok(_) => {}
        Err(found) => {
            draft.dispatch(Edit::Field(|draft, _, _| draft.ready = true, (0, 0), String::new()));
            problem.set(Some(found));
        }
    });
}

/// What it is to be like.
fn like_field(app: &App, detail: &EntryDetail, draft: &Handle, begin: &Callback<Like>) -> Html {
    let first = match (detail.certificates.is_empty(), &detail.request) {
        (false, _) => Some(("itself", "The present certificate (renewal)")),
        (true, Some(_)) => Some(("itself", "The last signing request")),
        (true, None) => None,
    };
    let general = [
        ("nothing", "Nothing: begin with empty fields"),
        ("pem", "A certificate or request that I paste or drop"),
    ];
    let others = app.state.entries().iter().filter(|entry| {
        entry.alias != detail.entry.alias
            && (entry.certificate.is_some() || entry.requested_subject.is_some())
    });
    let mut all: Vec<(AttrValue, AttrValue)> =
        first.into_iter().chain(general).map(|(value, text)| (value.into(), text.into())).collect();
    for entry in others {
        all.push((format!("alias:{}", entry.alias).into(), format!("“{}”", entry.alias).into()));
    }
    let chosen = match (draft.like.is_empty(), all.first()) {
        (true, Some((first, _))) => first.to_string(),
        _ => draft.like.clone(),
    };
    let onchange = Callback::from({
        let (draft, begin) = (draft.dispatcher(), begin.clone());
        move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            draft.dispatch(Edit::Field(|draft, _, value| draft.like = value, (0, 0), value.clone()));
            begin.emit(match (value.as_str(), value.strip_prefix("alias:")) {
                (_, Some(alias)) => Like::Entry { alias: alias.to_owned() },
                ("itself", _) => Like::Itself,
                ("nothing", _) => Like::Nothing,
                _ => return,
            });
        }
    });
    let found = Callback::from({
        let begin = begin.clone();
        move |thing: FoundThing| {
            if let Some(text) = to_pem(&thing) {
                begin.emit(Like::Pem { text });
            }
        }
    });
    html! {
        <>
            <label class="field">
                <span>{ "Like…" }</span>
                <select data-testid="request-like" {onchange}>{ options(all, &chosen) }</select>
                <small>{ "Everything is taken over from there: subject, names, purpose. You can change it below." }</small>
            </label>
            if draft.like == "pem" { <PasteField what="certificate or signing request" testid="request-like-pem" certificates={true} {found} /> }
        </>
    }
}

/// Whether the certificate is an ordinary one, or that of an authority of one's own.
fn role_field(draft: &Handle) -> Html {
    let choose = |draft: &mut Draft, at: At, value: String| {
        set_authority(draft, at, if value == "ca" { value } else { String::new() });
        draft.days = usual_days(draft.plan.is_ca).to_owned();
    };
    let role = |value: &'static str, name: &'static str, advice: &'static str, checked: bool| {
        html! {
            <label class="choice">
                <input type="radio" name="role" {value} data-testid={format!("self-sign-{value}")} {checked} onchange={onchange(draft, (0, 0), choose)} />
                <span><strong>{ name }</strong><small>{ advice }</small></span>
            </label>
        }
    };
    html! {
        <fieldset class="choices">
            <legend>{ "What it is to be" }</legend>
            { role("leaf", "A certificate for a demo or a test", "Nobody has signed it, so each peer has to trust this one certificate.", !draft.plan.is_ca) }
            { role("ca", "A certification authority of your own", "It signs requests; a peer that trusts it trusts all that it signed.", draft.plan.is_ca) }
            if draft.plan.is_ca { { path_length_field(draft) } }
        </fieldset>
    }
}

/// What few people need.
fn more(props: &FormProps, draft: &Handle, challenge: &NodeRef) -> Html {
    html! {
        <details data-testid="request-more">
            <summary>{ "More" }</summary>
            <div class="form">
                { signature_field(draft, &props.detail.signatures) }
                if !props.certificate {
                    <label class="field">
                        <span>{ word("challenge", "Challenge password") }<em>{ "only if your authority asks for it" }</em></span>
                        <input type="text" ref={challenge} data-testid="request-challenge" autocomplete="off" spellcheck="false" maxlength="255" />
                        <small class="warn">{ "It stands in the request in clear: everybody who sees the request can read it." }</small>
                    </label>
                    { authority_field(draft, "Ask to become a certification authority") }
                }
                { extra(draft) }
            </div>
        </details>
    }
}

/// Extensions that are taken over as they are; each can be left out.
fn extra(draft: &Handle) -> Html {
    let drop = |draft: &mut Draft, at: At, _| {
        if at.0 < draft.plan.extra.len() {
            draft.plan.extra.remove(at.0);
        }
    };
    html! {
        { for draft.plan.extra.iter().enumerate().map(|(index, extension)| check(
            "request-extra",
            true,
            onchange(draft, (index, 0), drop),
            html! { <>{ extension.name.as_ref().unwrap_or(&extension.oid) }<small>{ "Taken over as it is; " }{ &extension.oid }</small></> },
        )) }
    }
}
