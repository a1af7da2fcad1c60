//! A small certification authority: signs somebody's request with a key of the keystore.

use std::rc::Rc;

use certwright_protocol::t;
use certwright_protocol::ui::{FoundThing, IssuePlan, Request, Response};
use certwright_protocol::view::{EntryDetail, EntryKind, EntryView, RequestView};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::PaneFrame;
use super::detail::use_detail;
use super::issued::{self, Issued};
use super::plan::names::{is_host, names_field};
use super::plan::paste::PasteField;
use super::plan::usages::{Purpose, authority_field, purpose_field, signature, signature_field};
use super::plan::validity::validity_field;
use super::plan::{
    Draft, Edit, Handle, Outcome, check, line, onchange, onclick, oninput, options, toggle, usual_days,
};
use super::request_view::request_facts;
use super::subject::common_name;
use crate::parts::controls::{button, submit, told};
use crate::parts::explanation::maybe_problem;
use crate::parts::word::word;
use crate::state::{Action, App, Pane, use_app};

const KEY_USAGE: &str = "2.5.29.15";
const ALTERNATIVE_NAMES: &str = "2.5.29.17";
const EXTENDED_KEY_USAGE: &str = "2.5.29.37";

/// Requested extensions about which there are fields of their own (usages, authority), or which the issuer alone decides (identifiers).
const NOT_OFFERED: [&str; 5] = [KEY_USAGE, EXTENDED_KEY_USAGE, "2.5.29.19", "2.5.29.14", "2.5.29.35"];

#[derive(Properties, PartialEq)]
pub(super) struct IssueProps {
    /// The entry that signs; empty for the first that can.
    pub(super) issuer: AttrValue,
    /// The request, PEM; empty if it is still to come.
    pub(super) request_pem: AttrValue,
}

/// The pane.
#[component]
pub(super) fn IssuePane(props: &IssueProps) -> Html {
    let app = use_app();
    let draft = use_reducer(|| Draft { issuer: props.issuer.to_string(), ..Draft::default() });
    let issuers: Vec<AttrValue> = app
        .state
        .entries()
        .iter()
        .filter(|entry| can_issue(entry))
        .map(|entry| entry.alias.clone().into())
        .collect();
    let chosen =
        issuers.iter().find(|alias| **alias == draft.issuer).or(issuers.first()).cloned().unwrap_or_default();
    let detail = use_detail(&chosen).filter(|detail| detail.can_issue);
    if let (Outcome::Issued(issued), Some(detail)) = (&draft.outcome, &detail) {
        return html! {
            <PaneFrame title={t!("Signed")} testid="issue-result">{ issued::issued(&app, issued, detail) }</PaneFrame>
        };
    }
    if issuers.is_empty() {
        return no_issuer(&app);
    }
    let found = Callback::from({
        let draft = draft.clone();
        move |thing: FoundThing| {
            if let FoundThing::Request { request } = thing {
                draft.dispatch(start(Rc::from(request), &draft));
            }
        }
    });
    let again = onclick(&draft, (0, 0), |draft, _, _| draft.request = None);
    let choose = onchange(&draft, (0, 0), |draft, _, alias| {
        draft.issuer = alias;
        draft.plan.signature = None;
    });
    html! {
        <PaneFrame title={t!("Sign a request")} testid="issue-pane">
            if let Some(request) = &draft.request {
                <section class="block">
                    <div class="block-head">
                        <h3>{ word("request", t!("Signing request")) }</h3>
                        { button("small", "issue-other", "", t!("Another request"), again) }
                    </div>
                    { request_facts(request) }
                </section>
            } else {
                <p class="lead">{ t!("Your own authority signs somebody’s request: for a demo, or for a private network.") }</p>
                <PasteField what={t!("signing request")} testid="issue-request" text={props.request_pem.clone()} {found} />
                { own_requests(&app, &draft) }
            }
            <label class="field">
                <span>{ word("ca", t!("Authority that signs")) }</span>
                <select data-testid="issue-issuer" onchange={choose}>
                    { options(issuers.into_iter().map(|alias| (alias.clone(), alias)).collect(), &chosen) }
                </select>
            </label>
            if let (Some(request), Some(issuer)) = (&draft.request, detail) {
                if request.signature_valid {
                    { form(&app, request, &issuer, &draft) }
                } else {
                    <p class="mistake">{ t!("A request whose signature is wrong is not signed. Ask for a new one.") }</p>
                }
            }
        </PaneFrame>
    }
}

/// Begins the draft of a certificate for a request.
fn start(request: Rc<RequestView>, draft: &Draft) -> Edit {
    let host = Some(common_name(&request.subject)).filter(|name| bare(&request) && is_host(name));
    Edit::Start(Box::new(Draft {
        issuing: true,
        issuer: draft.issuer.clone(),
        purpose: Purpose::AsRequested,
        rsa: request.key.starts_with("RSA"),
        days: usual_days(false),
        honour: vec![ALTERNATIVE_NAMES.into()],
        // Programs look at alternative names alone: a host that is named in the subject only would not be found.
        names: host.unwrap_or_default(),
        request: Some(request),
        ..Draft::default()
    }))
}

/// Whether a request names nothing beside its subject.
fn bare(request: &RequestView) -> bool {
    request.subject_alternative_names.is_empty()
}

/// Whether an entry looks like an authority; the worker has the last word.
pub(super) fn can_issue(entry: &EntryView) -> bool {
    let authority = entry.certificate.as_ref().is_some_and(|certificate| certificate.is_ca);
    authority && entry.kind == EntryKind::KeyPair && entry.cannot_sign.is_none() && !entry.closed
}

fn no_issuer(app: &App) -> Html {
    html! {
        <PaneFrame title={t!("Sign a request")} testid="issue-pane">
            { told("info", "info", Some("issue-no-authority"), t!("There is no authority in this keystore yet"), html! {
                <>
                    <p>{ t!("Make a key, then give it a self-signed certificate as a certification authority of your own. It can sign requests from then on.") }</p>
                    <div class="actions">{ button("", "issue-new-key", "plus", t!("New key"), app.on(|| Action::Open(Pane::NewKey))) }</div>
                </>
            }) }
        </PaneFrame>
    }
}

/// Requests of entries of this keystore.
fn own_requests(app: &App, draft: &Handle) -> Html {
    let mut all: Vec<(AttrValue, AttrValue)> = vec![("".into(), t!("Choose").into())];
    for entry in app.state.entries().iter().filter(|entry| entry.requested_subject.is_some()) {
        all.push((entry.alias.clone().into(), entry.alias.clone().into()));
    }
    if all.len() < 2 {
        return html! {};
    }
    let onchange = Callback::from({
        let (app, draft) = (app.clone(), draft.clone());
        move |event: Event| {
            let alias = event.target_unchecked_into::<HtmlSelectElement>().value();
            let draft = draft.clone();
            app.ask(Request::Detail { alias }, move |_, response| {
                if let Response::Detail { entry } = response
                    && let Some(request) = entry.request
                {
                    draft.dispatch(start(Rc::new(request), &draft));
                }
            });
        }
    });
    html! {
        <label class="field">
            <span>{ t!("Or the request of an entry") }</span>
            <select data-testid="issue-own" {onchange}>
                { options(all, "") }
            </select>
        </label>
    }
}

/// What the certificate will hold.
fn form(app: &App, request: &RequestView, issuer: &EntryDetail, draft: &Handle) -> Html {
    let onsubmit = Callback::from({
        let (app, draft) = (app.clone(), draft.clone());
        let (issuer, pem, signatures) =
            (issuer.entry.alias.clone(), request.pem.clone(), issuer.signatures.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let plan = Box::new(plan(&draft, &signatures));
            let sender = draft.dispatcher();
            sender.dispatch(Edit::Outcome(Outcome::Asked));
            app.request(
                Request::Issue { issuer: issuer.clone(), request: pem.clone(), plan },
                move |answer| {
                    sender.dispatch(Edit::Outcome(match answer {
                        Ok(Response::Issued { certificate, chain_pem, chain_pkcs7, fits_alias }) => {
                            Outcome::Issued(Rc::new(Issued {
                                certificate,
                                chain_pem,
                                chain_pkcs7,
                                fits_alias,
                            }))
                        }
                        Ok(_) => Outcome::None,
                        Err(problem) => Outcome::Refused(problem),
                    }));
                },
            );
        }
    });
    html! {
        <form class="form" data-testid="issue-form" {onsubmit}>
            { validity_field(draft, issuer.certificates.first().map(|certificate| certificate.not_after)) }
            { purpose_field(draft) }
            { honour_fields(draft, request) }
            { authority_field(draft, if request.wants_ca { t!("It becomes a certification authority, as it asks") } else { t!("It becomes a certification authority") }) }
            <details data-testid="issue-more" open={bare(request)}>
                <summary>{ t!("More") }</summary>
                <div class="form">
                    { names_field(draft, t!("More alternative names"), "issue-san") }
                    { line(html! { t!("Another subject (RFC 4514)") }, "issue-subject", draft.text.clone().unwrap_or_default(), &request.subject,
                        oninput(draft, (0, 0), |draft, _, value| draft.text = Some(value)), t!("Empty: the subject that the request names.")) }
                    { signature_field(draft, &issuer.signatures) }
                </div>
            </details>
            { maybe_problem(draft.refusal()) }
            <div class="actions">
                { submit("issue-create", "ca", t!("Sign with “{alias}”", alias = issuer.entry.alias), draft.busy()) }
            </div>
        </form>
    }
}

/// Which of the requested extensions are honoured.
fn honour_fields(draft: &Handle, request: &RequestView) -> Html {
    let offered =
        || request.extensions.iter().filter(|extension| !NOT_OFFERED.contains(&extension.oid.as_str()));
    if offered().next().is_none() {
        return html! {};
    }
    html! {
        <fieldset class="block tight">
            <legend>{ t!("Also as requested") }</legend>
            { for offered().map(|extension| {
                let names = extension.oid == ALTERNATIVE_NAMES;
                let name = if names { t!("Alternative names") } else { extension.name.as_ref().unwrap_or(&extension.oid) };
                let facts = if names { request.subject_alternative_names.join(", ") } else { extension.oid.clone() };
                let (oid, draft_for_change) = (extension.oid.clone(), draft.dispatcher());
                let onchange = Callback::from(move |_: Event| draft_for_change.dispatch(Edit::Field(|draft, _, oid| toggle(&mut draft.honour, &oid), (0, 0), oid.clone())));
                check(&format!("honour-{}", extension.oid), draft.honour.contains(&extension.oid), onchange, html! { <>{ name.to_owned() }<small>{ facts }</small></> })
            }) }
        </fieldset>
    }
}

/// The plan of the draft.
fn plan(draft: &Draft, signatures: &[String]) -> IssuePlan {
    let mut honour = draft.honour.clone();
    if draft.purpose == Purpose::AsRequested {
        honour.extend([KEY_USAGE, EXTENDED_KEY_USAGE].map(str::to_owned));
    }
    let subject = draft.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let plan = draft.to_plan();
    IssuePlan {
        validity: draft.validity(),
        cut_validity: true,
        subject: subject.map(str::to_owned),
        honour,
        alternative_names: plan.alternative_names,
        key_usage: plan.key_usage,
        extended_key_usage: plan.extended_key_usage,
        is_ca: plan.is_ca,
        path_length: plan.path_length,
        signature: signature(draft, signatures),
    }
}
