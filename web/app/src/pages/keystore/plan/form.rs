//! The form of a signing request, and of a certificate that a key signs for itself: they differ in a few fields only.

use std::rc::Rc;

use certwright_protocol::Password;
use certwright_protocol::t;
use certwright_protocol::ui::{FoundThing, Like, Request, Response, StoreId};
use certwright_protocol::view::{EntryDetail, Persistence};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::super::subject::filled;
use super::names::names_field;
use super::paste::{PasteField, to_pem};
use super::subject_fields::{subject_fields, with_subject};
use super::usages::{
    authority_field, path_length_field, prefer, purpose_field, set_authority, signature, signature_field,
};
use super::validity::validity_field;
use super::{At, Draft, Edit, Handle, Outcome, check, onchange, options, usual_days};
use crate::parts::controls::submit;
use crate::parts::explanation::maybe_problem;
use crate::parts::password::value_of;
use crate::parts::word::word;
use crate::state::{Action, App, Pane, Tone};

/// The form: of a request, or of a certificate that the key signs for itself.
pub(in crate::pages::keystore) fn plan_form(
    app: &App,
    detail: &Rc<EntryDetail>,
    certificate: bool,
    draft: &Handle,
    challenge: &NodeRef,
) -> Html {
    let problem = maybe_problem(draft.refusal());
    if !draft.ready {
        return html! { <><progress aria-label={t!("Looking")}></progress>{ problem }</> };
    }
    let onsubmit = Callback::from({
        let (app, draft, detail, challenge) = (app.clone(), draft.clone(), detail.clone(), challenge.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            send(&app, &draft, &detail, certificate, &challenge);
        }
    });
    let busy = draft.busy();
    html! {
        <form class="form" data-testid={if certificate { "self-sign-form" } else { "request-form" }} {onsubmit}>
            { like_field(app, detail, draft) }
            if certificate { { role_field(draft) } }
            { subject_fields(app, draft) }
            { names_field(draft, t!("Alternative names"), "request-san") }
            if !certificate || !draft.plan.is_ca { { purpose_field(draft) } }
            if certificate { { validity_field(draft, None) } }
            { more(detail, certificate, draft, challenge) }
            { problem }
            <div class="actions">
                { if certificate {
                    submit("self-sign-create", "cert", t!("Sign the certificate"), busy)
                } else {
                    submit("request-create", "send", t!("Make the request"), busy)
                } }
            </div>
        </form>
    }
}

/// Has the worker make what the draft says.
fn send(app: &App, draft: &Handle, detail: &EntryDetail, certificate: bool, challenge: &NodeRef) {
    let alias = detail.entry.alias.clone();
    let mut plan = Box::new(draft.to_plan());
    plan.signature = signature(draft, &detail.signatures);
    plan.challenge_password =
        Some(Password::new(value_of(challenge))).filter(|password| !password.is_empty());
    let validity = draft.validity();
    let (asker, sender) = (app.clone(), draft.dispatcher());
    sender.dispatch(Edit::Outcome(Outcome::Asked));
    with_subject(app, draft, move |subject| {
        // What is wrong with the subject is told beside it.
        let Some(subject) = subject else { return sender.dispatch(Edit::Outcome(Outcome::None)) };
        plan.subject = filled(&subject);
        let request = if certificate {
            Request::SelfSign { alias, plan, validity }
        } else {
            Request::MakeRequest { alias, plan }
        };
        let app = asker.clone();
        asker.request(request, move |answer| {
            sender.dispatch(Edit::Outcome(match answer {
                Ok(Response::Request { request }) => Outcome::Made(Rc::from(request), in_memory(&app)),
                Ok(Response::Entry { alias }) => {
                    let words = t!("“{alias}” has its certificate now", alias);
                    app.dispatch(Action::Toast(Tone::Good, words, true));
                    app.dispatch(Action::Open(Pane::Entry(alias.as_str().into())));
                    return app.dispatch(Action::Came(alias));
                }
                Ok(_) => Outcome::None,
                Err(problem) => Outcome::Refused(problem),
            }));
        });
    });
}

/// Whether the entry is gone when the page is closed.
pub(in crate::pages::keystore) fn in_memory(app: &App) -> bool {
    app.state.keystore.persistence == Persistence::MemoryOnly && app.state.store == StoreId::HOME
}

/// Begins with the entry's certificate or last request, if there is one.
pub(in crate::pages::keystore) fn begin(app: &App, detail: &EntryDetail, draft: &Handle) {
    let nothing = detail.certificates.is_empty() && detail.request.is_none();
    // A guided job that renews a key knows which entry it is to be like.
    let errand = app.state.jobs.errand.as_ref().and_then(|errand| errand.like.as_ref());
    let (like, chosen) = match errand {
        Some(alias) => (Like::Entry { alias: alias.to_string() }, format!("alias:{alias}")),
        None if nothing => (Like::Nothing, String::new()),
        None => (Like::Itself, String::new()),
    };
    let new = Draft { rsa: detail.entry.key.starts_with("RSA"), like: chosen, ..Draft::default() };
    draft.dispatch(Edit::Start(Box::new(new)));
    plan(app, &detail.entry.alias, like, draft);
}

/// Has the worker say what such a request would hold.
fn plan(app: &App, alias: &str, like: Like, draft: &Handle) {
    let draft = draft.dispatcher();
    let new = like == Like::Nothing;
    app.request(Request::PlanRequest { alias: alias.to_owned(), like }, move |answer| match answer {
        Ok(Response::Plan { plan }) => {
            draft.dispatch(Edit::Begin(plan));
            if new {
                draft.dispatch(Edit::Field(prefer, (0, 0), String::new()));
            }
        }
        Ok(_) => {}
        Err(problem) => {
            draft.dispatch(Edit::Field(|draft, _, _| draft.ready = true, (0, 0), String::new()));
            draft.dispatch(Edit::Outcome(Outcome::Refused(problem)));
        }
    });
}

/// What it is to be like.
fn like_field(app: &App, detail: &EntryDetail, draft: &Handle) -> Html {
    let begin = Callback::from({
        let (app, alias, draft) = (app.clone(), detail.entry.alias.clone(), draft.clone());
        move |like| plan(&app, &alias, like, &draft)
    });
    let first = match (detail.certificates.is_empty(), &detail.request) {
        (false, _) => Some(("itself", t!("The present certificate (renewal)"))),
        (true, Some(_)) => Some(("itself", t!("The last signing request"))),
        (true, None) => None,
    };
    let general = [
        ("nothing", t!("Nothing: begin with empty fields")),
        ("pem", t!("A certificate or request that I paste or drop")),
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
                <span>{ t!("Like…") }</span>
                <select data-testid="request-like" {onchange}>{ options(all, &chosen) }</select>
                <small>{ t!("Everything is taken over from there: subject, names, purpose. You can change it below.") }</small>
            </label>
            if draft.like == "pem" { <PasteField what={t!("certificate or signing request")} testid="request-like-pem" certificates={true} {found} /> }
        </>
    }
}

/// Whether the certificate is an ordinary one, or that of an authority of one's own.
fn role_field(draft: &Handle) -> Html {
    let choose = |draft: &mut Draft, at: At, value: String| {
        set_authority(draft, at, if value == "ca" { value } else { String::new() });
        draft.days = usual_days(draft.plan.is_ca);
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
            <legend>{ t!("What it is to be") }</legend>
            { role("leaf", t!("A certificate for a demo or a test"), t!("Nobody has signed it, so each peer has to trust this one certificate."), !draft.plan.is_ca) }
            { role("ca", t!("A certification authority of your own"), t!("It signs requests; a peer that trusts it trusts all that it signed."), draft.plan.is_ca) }
            if draft.plan.is_ca { { path_length_field(draft) } }
        </fieldset>
    }
}

/// What few people need.
fn more(detail: &EntryDetail, certificate: bool, draft: &Handle, challenge: &NodeRef) -> Html {
    html! {
        <details data-testid="request-more">
            <summary>{ t!("More") }</summary>
            <div class="form">
                { signature_field(draft, &detail.signatures) }
                if !certificate {
                    <label class="field">
                        <span>{ word("challenge", t!("Challenge password")) }<em>{ t!("only if your authority asks for it") }</em></span>
                        <input type="text" ref={challenge} data-testid="request-challenge" autocomplete="off" spellcheck="false" maxlength="255" />
                        <small class="warn">{ t!("It stands in the request in clear: everybody who sees the request can read it.") }</small>
                    </label>
                    { authority_field(draft, t!("Ask to become a certification authority")) }
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
            html! { <>{ extension.name.as_ref().unwrap_or(&extension.oid) }<small>{ t!("Taken over as it is; ") }{ &extension.oid }</small></> },
        )) }
    }
}
