//! Makes a signing request for an entry's key, and says where it goes; or has the key sign a certificate for itself. While the keystore is in memory only, it asks to keep it:
//! a pending key that is lost cannot be had again, and the authority's reply would be useless.

use certwright_protocol::ui::{Encoding, ExportFormat, Request, Response, StoreId};
use certwright_protocol::view::{Persistence, RequestView};
use yew::prelude::*;

use super::PaneFrame;
use super::detail::use_detail;
use super::entry::download_request;
use super::plan::form::PlanForm;
use super::request_view::request_facts;
use crate::parts::controls::{button, told};
use crate::parts::copy::Copy;
use crate::parts::icon;
use crate::parts::keep::KeepForm;
use crate::parts::word::word;
use crate::state::{Action, Pane, Tone, use_app};

#[derive(Properties, PartialEq)]
pub(super) struct RequestProps {
    pub(super) alias: AttrValue,
    /// Whether the key signs a certificate for itself instead: for a demo, or as an authority of one's own.
    #[prop_or_default]
    pub(super) certificate: bool,
}

/// The pane: the form, then the result.
#[component]
pub(super) fn RequestPane(props: &RequestProps) -> Html {
    let app = use_app();
    let made = use_state_eq(|| None::<RequestView>);
    let RequestProps { alias, certificate } = props;
    let detail = use_detail(alias);
    let title = format!(
        "{} “{alias}”",
        if *certificate { "Self-signed certificate for" } else { "Signing request for" }
    );
    if let Some(request) = &*made {
        return html! {
            <PaneFrame {title} testid="request-result" {alias}><Made request={request.clone()} {alias} /></PaneFrame>
        };
    }
    let done = Callback::from({
        let made = made.setter();
        move |response: Response| match response {
            Response::Request { request } => made.set(Some(*request)),
            Response::Entry { alias } => {
                app.dispatch(Action::Toast(Tone::Good, format!("“{alias}” has its certificate now"), true));
                app.dispatch(Action::Open(Pane::Entry(alias.into())));
            }
            _ => {}
        }
    });
    html! {
        <PaneFrame {title} {alias}>
            <p class="lead">
                if *certificate {
                    { "A " }{ word("root", "self-signed") }{ " certificate needs no authority. It is the quick way for a demo, and the first step to an authority of your own." }
                } else {
                    { "Who should the certificate name? Your authority may have rules for this." }
                }
            </p>
            if let Some(detail) = detail { <PlanForm {detail} {certificate} {done} /> }
        </PaneFrame>
    }
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
    let in_memory =
        app.state.keystore.persistence == Persistence::MemoryOnly && app.state.store == StoreId::HOME;
    let offered = use_state_eq(|| in_memory);
    let done = app.on({
        let alias = props.alias.clone();
        move || Action::Open(Pane::Entry(alias.clone()))
    });
    let save_der = Callback::from({
        let (app, alias) = (app.clone(), props.alias.to_string());
        move |_: MouseEvent| {
            let what = ExportFormat::SigningRequest { encoding: Encoding::Der };
            app.ask(Request::Export { aliases: vec![alias.clone()], what }, |app, response| {
                app.save(response)
            });
        }
    });
    html! {
        <>
            { told("good", "check", None, "The signing request is ready", html! {
                <>
                    <p>{ "Send it to your certification authority. Your private key is not in it." }</p>
                    <div class="actions">
                        <Copy text={props.request.pem.clone()} what="request" labelled={true} class="primary" testid="request-copy" />
                        { download_request(&app, &props.alias, "button") }
                        { button("", "request-download-der", "download", "As DER", save_der) }
                    </div>
                </>
            }) }
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
                { request_facts(&props.request) }
                <pre class="pem" data-testid="request-pem" tabindex="0" aria-label="The request as PEM">{ &props.request.pem }</pre>
            </section>
            <div class="actions">
                { button("", "request-done", "", "Done", done) }
            </div>
        </>
    }
}
