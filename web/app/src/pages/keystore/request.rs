//! Makes a signing request for an entry's key, and says where it goes; or has the key sign a certificate for itself. While the keystore is in memory only, it asks to keep it:
//! a pending key that is lost cannot be had again, and the authority's reply would be useless.

use certwright_protocol::t;
use certwright_protocol::ui::{Encoding, ExportFormat, Request};
use certwright_protocol::view::RequestView;
use yew::prelude::*;

use super::PaneFrame;
use super::detail::use_detail;
use super::entry::download_request;
use super::plan::form::{begin, in_memory, plan_form};
use super::plan::{Draft, Outcome};
use super::request_view::request_facts;
use crate::parts::controls::{button, told};
use crate::parts::copy::Copy;
use crate::parts::icon;
use crate::parts::keep::KeepForm;
use crate::parts::word::word;
use crate::state::{Action, App, Pane, use_app};

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
    let draft = use_reducer(Draft::default);
    let challenge = use_node_ref();
    let RequestProps { alias, certificate } = props;
    let detail = use_detail(alias);
    use_effect_with(detail.is_some(), {
        let (app, detail, draft) = (app.clone(), detail.clone(), draft.clone());
        move |_| {
            if let Some(detail) = detail {
                begin(&app, &detail, &draft);
            }
        }
    });
    let title = if *certificate {
        t!("Self-signed certificate for “{alias}”", alias)
    } else {
        t!("Signing request for “{alias}”", alias)
    };
    if let Outcome::Made(request, offered) = &draft.outcome {
        return html! {
            <PaneFrame {title} testid="request-result" {alias}>{ made(&app, alias, request, *offered) }</PaneFrame>
        };
    }
    html! {
        <PaneFrame {title} {alias}>
            <p class="lead">
                if *certificate {
                    { t!("A ") }{ word("root", t!("self-signed")) }{ t!(" certificate needs no authority. It is the quick way for a demo, and the first step to an authority of your own.") }
                } else {
                    { t!("Who should the certificate name? Your authority may have rules for this.") }
                }
            </p>
            if let Some(detail) = detail { { plan_form(&app, &detail, *certificate, &draft, &challenge) } }
        </PaneFrame>
    }
}

/// The request that was made. If it was in memory only by then, the offer to keep it stays, to say that it is kept now.
fn made(app: &App, alias: &AttrValue, request: &RequestView, offered: bool) -> Html {
    let done = app.on({
        let alias = alias.clone();
        move || Action::Open(Pane::Entry(alias.clone()))
    });
    let save_der = Callback::from({
        let (app, alias) = (app.clone(), alias.to_string());
        move |_: MouseEvent| {
            let what = ExportFormat::SigningRequest { encoding: Encoding::Der };
            app.ask(Request::Export { aliases: vec![alias.clone()], what }, |app, response| {
                app.save(response)
            });
        }
    });
    html! {
        <>
            { told("good", "check", None, t!("The signing request is ready"), html! {
                <>
                    <p>{ t!("Send it to your certification authority. Your private key is not in it.") }</p>
                    <div class="actions">
                        <Copy text={request.pem.clone()} what={t!("request")} labelled={true} class="primary" testid="request-copy" />
                        { download_request(app, alias, "button") }
                        { button("", "request-download-der", "download", t!("As DER"), save_der) }
                    </div>
                </>
            }) }
            if offered {
                <section class="block keep-offer" data-testid="keep-offer">
                    if in_memory(app) {
                        <h3>{ icon("device") }{ t!("Keep the keystore on this device") }</h3>
                        <p>{ t!("The authority’s reply fits this one key alone. The key is in memory only: if the page is closed before the reply comes, the key is lost, and the reply is of no use.") }</p>
                        <KeepForm />
                    } else {
                        <p class="kept">{ icon("check") }<span>{ t!("Kept on this device, encrypted under your passphrase. You can close the page and come back.") }</span></p>
                    }
                </section>
            }
            <section class="block">
                <h3>{ word("request", t!("Signing request")) }</h3>
                { request_facts(request) }
                <pre class="pem" data-testid="request-pem" tabindex="0" aria-label={t!("The request as PEM")}>{ &request.pem }</pre>
            </section>
            <div class="actions">
                { button("", "request-done", "", t!("Done"), done) }
            </div>
        </>
    }
}
