//! Makes a signing request for an entry's key, and says where it goes. While the keystore is in memory only, it asks to keep it:
//! a pending key that is lost cannot be had again, and the authority's reply would be useless.

use certwright_protocol::Problem;
use certwright_protocol::ui::{Request, Response};
use certwright_protocol::view::{EntryView, Persistence, RequestView};
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::PaneFrame;
use super::entry::download_request;
use super::subject::{PARTS, compose, names_of};
use crate::parts::copy::Copy;
use crate::parts::explanation::maybe_problem;
use crate::parts::icon;
use crate::parts::keep::KeepForm;
use crate::parts::word::word;
use crate::state::{Action, Pane, use_app};

#[derive(Properties, PartialEq)]
pub(super) struct RequestProps {
    pub(super) entry: EntryView,
}

/// The pane: the form, then the result.
#[component]
pub(super) fn RequestPane(props: &RequestProps) -> Html {
    let made = use_state_eq(|| None::<RequestView>);
    let alias = props.entry.alias.clone();
    match &*made {
        Some(request) => html! {
            <PaneFrame title={format!("Signing request for “{alias}”")} testid="request-result" alias={AttrValue::from(alias.clone())}>
                <Made request={request.clone()} {alias} />
            </PaneFrame>
        },
        None => html! {
            <PaneFrame title={format!("Signing request for “{alias}”")} alias={AttrValue::from(alias.clone())}>
                <Form entry={props.entry.clone()} made={Callback::from({
                    let made = made.clone();
                    move |request| made.set(Some(request))
                })} />
            </PaneFrame>
        },
    }
}

#[derive(Properties, PartialEq)]
struct FormProps {
    entry: EntryView,
    made: Callback<RequestView>,
}

#[component]
fn Form(props: &FormProps) -> Html {
    let app = use_app();
    let parts = use_state_eq(<[String; 6]>::default);
    // Subject and names of before, for a renewal.
    let subject = use_state_eq(|| before(&props.entry).0);
    let names = use_state_eq(|| before(&props.entry).1);
    let problem = use_state_eq(|| None::<Problem>);
    let busy = use_state_eq(|| false);

    let part_field = |index: usize, (name, label, example): (&'static str, &'static str, &'static str)| {
        let oninput = Callback::from({
            let (parts, subject) = (parts.clone(), subject.clone());
            move |event: InputEvent| {
                let mut values = (*parts).clone();
                if let Some(value) = values.get_mut(index) {
                    *value = event.target_unchecked_into::<HtmlInputElement>().value();
                }
                subject.set(compose(&values));
                parts.set(values);
            }
        });
        let short = name.to_lowercase();
        html! {
            <label class={classes!("field", format!("part-{short}"))}>
                <span>{ label }<abbr>{ name }</abbr></span>
                <input type="text" data-testid={format!("request-{short}")} value={parts.get(index).cloned()} {oninput} placeholder={example}
                    maxlength={if name == "C" { "2" } else { "200" }} autocomplete="off" spellcheck="false" />
            </label>
        }
    };
    let onsubject = Callback::from({
        let subject = subject.clone();
        move |event: InputEvent| subject.set(event.target_unchecked_into::<HtmlInputElement>().value())
    });
    let onnames = Callback::from({
        let names = names.clone();
        move |event: InputEvent| names.set(event.target_unchecked_into::<HtmlTextAreaElement>().value())
    });
    let onsubmit = Callback::from({
        let (subject, names, problem, busy) = (subject.clone(), names.clone(), problem.clone(), busy.clone());
        let (alias, made) = (props.entry.alias.clone(), props.made.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            problem.set(None);
            busy.set(true);
            let request = Request::MakeRequest {
                alias: alias.clone(),
                subject: subject.trim().to_owned(),
                alternative_names: names_of(&names),
            };
            let (made, problem, busy) = (made.clone(), problem.clone(), busy.clone());
            app.bridge.ask(request, move |answer| {
                busy.set(false);
                match answer {
                    Ok(Response::Request { request }) => made.emit(request),
                    Ok(_) => {}
                    Err(found) => problem.set(Some(found)),
                }
            });
        }
    });
    html! {
        <form class="form" data-testid="request-form" {onsubmit}>
            <p class="lead">{ "Who should the certificate name? Your authority may have rules for this; the common name is what most servers look at." }</p>
            <div class="parts">{ for PARTS.into_iter().enumerate().map(|(index, part)| part_field(index, part)) }</div>
            <label class="field">
                <span>{ "Subject" }</span>
                <input type="text" class="mono" data-testid="request-subject" value={(*subject).clone()} oninput={onsubject} autocomplete="off" spellcheck="false"
                    placeholder="CN=client.example.com,O=Example GmbH,C=DE" />
                <small>{ "Composed from the fields above; you can also write it here yourself." }</small>
            </label>
            <label class="field">
                <span>{ "Alternative names" }<em>{ "optional, one a line" }</em></span>
                <textarea rows="3" class="mono" data-testid="request-san" value={(*names).clone()} oninput={onnames} spellcheck="false"
                    placeholder={"client.example.com\n10.0.0.1\nadmin@example.com"} />
                <small>{ "Host names, IP addresses, e-mail addresses, URIs. A client certificate mostly needs none." }</small>
            </label>
            { maybe_problem(problem.as_ref()) }
            <div class="actions">
                <button type="submit" class="button primary" data-testid="request-create" disabled={*busy}>{ icon("send") }{ "Make the request" }</button>
            </div>
        </form>
    }
}

/// Subject and names of the certificate or the last request.
fn before(entry: &EntryView) -> (String, String) {
    let (subject, names) = match (entry.certificates.first(), &entry.request) {
        (Some(certificate), _) => (&certificate.subject, &certificate.subject_alternative_names),
        (None, Some(request)) => (&request.subject, &request.subject_alternative_names),
        (None, None) => return Default::default(),
    };
    (subject.clone(), names.join("\n"))
}

#[derive(Properties, PartialEq)]
struct MadeProps {
    request: RequestView,
    alias: AttrValue,
}

#[component]
fn Made(props: &MadeProps) -> Html {
    let app = use_app();
    // It was in memory only when the request was made: then the offer stays, to say that it is kept now.
    let offered = use_state_eq(|| app.state.keystore.persistence == Persistence::MemoryOnly);
    let in_memory = app.state.keystore.persistence == Persistence::MemoryOnly;
    let done = app.on({
        let alias = props.alias.clone();
        move || Action::Open(Pane::Entry(alias.clone()))
    });
    html! {
        <>
            <div class="explained good">
                { icon("check") }
                <div>
                    <p class="explained-title">{ "The signing request is ready" }</p>
                    <p>{ "Send it to your certification authority. Your private key is not in it." }</p>
                    <div class="actions">
                        <Copy text={props.request.pem.clone()} what="request" labelled={true} class="primary" testid="request-copy" />
                        { download_request(&app, &props.alias, "button") }
                    </div>
                </div>
            </div>
            if *offered {
                <section class="block keep-offer" data-testid="keep-offer">
                    if in_memory {
                        <h3>{ icon("device") }{ "Keep the keystore on this device" }</h3>
                        <p>{ "The authority’s reply fits this one key alone. The key is in memory only: if the page is closed before the reply comes, the key is lost, and the reply is of no use." }</p>
                        <KeepForm />
                    } else {
                        <p class="kept">{ icon("check") }<span>{ "Kept on this device, encrypted under your passphrase. You can close the page and come back." }</span></p>
                    }
                </section>
            }
            <section class="block">
                <h3>{ word("request", "Signing request") }</h3>
                <dl class="facts">
                    <div class="fact"><dt>{ "Subject" }</dt><dd>{ &props.request.subject }</dd></div>
                    <div class="fact"><dt>{ "Key" }</dt><dd>{ &props.request.key }</dd></div>
                    if !props.request.subject_alternative_names.is_empty() {
                        <div class="fact"><dt>{ "Alternative names" }</dt><dd>{ props.request.subject_alternative_names.join(", ") }</dd></div>
                    }
                </dl>
                <pre class="pem" data-testid="request-pem" tabindex="0" aria-label="The request as PEM">{ &props.request.pem }</pre>
            </section>
            <div class="actions">
                <button type="button" class="button" data-testid="request-done" onclick={done}>{ "Done" }</button>
            </div>
        </>
    }
}
