//! An entry: how it stands and what comes next, its chain with all facts, and everything that can be done with it.

use std::rc::Rc;

use certwright_protocol::Problem;
use certwright_protocol::ui::{Authentication, ExportFormat, Request};
use certwright_protocol::view::{ChainState, EntryKind, EntryView, RequestView};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::PaneFrame;
use super::export::ExportPkcs12;
use crate::frame::drop::choose_files;
use crate::pages::probe::form::ProbeForm;
use crate::parts::badge::entry_badge;
use crate::parts::chain::{Chain, cards_of};
use crate::parts::copy::Copy;
use crate::parts::explanation::maybe_problem;
use crate::parts::password::value_of;
use crate::parts::word::word;
use crate::parts::{icon, pem};
use crate::state::{Action, App, Page, Pane, use_app};

#[derive(Properties, PartialEq)]
pub(super) struct EntryProps {
    pub(super) entry: EntryView,
}

/// What unfolds below the buttons.
#[derive(Clone, Copy, PartialEq)]
enum Fold {
    None,
    Pkcs12,
    Rename,
}

/// The pane.
#[component]
pub(super) fn EntryPane(props: &EntryProps) -> Html {
    let app = use_app();
    let fold = use_state_eq(|| Fold::None);
    let entry = &props.entry;
    let missing = match &entry.chain_state {
        ChainState::Incomplete { missing, ca_issuers } => Some((missing.as_str(), ca_issuers.as_slice())),
        _ => None,
    };
    let cards = Rc::new(cards_of(&entry.certificates, missing));
    let end = if entry.kind == EntryKind::KeyPair { "Your certificate" } else { "Certificate" };
    let rename = Callback::from({
        let fold = fold.clone();
        move |_: MouseEvent| fold.set(if *fold == Fold::Rename { Fold::None } else { Fold::Rename })
    });
    let delete = Callback::from({
        let (app, alias) = (app.clone(), AttrValue::from(entry.alias.clone()));
        move |_: MouseEvent| app.delete(alias.clone())
    });
    let tools = html! {
        <>
            <button type="button" class="button quiet square" data-testid="rename-open" title="Rename" aria-label="Rename"
                aria-expanded={(*fold == Fold::Rename).to_string()} onclick={rename}>{ icon("pen") }</button>
            <button type="button" class="button quiet square danger" data-testid="delete-entry" title="Delete (can be undone)" aria-label="Delete"
                onclick={delete}>{ icon("trash") }</button>
        </>
    };
    // A chain that grows is drawn anew, with its first card open.
    let drawn = cards.len();
    html! {
        <PaneFrame title={entry.alias.clone()} testid="entry-pane" alias={AttrValue::from(entry.alias.clone())} badge={entry_badge(entry)} {tools}>
            if *fold == Fold::Rename { <Rename alias={entry.alias.clone()} done={close(&fold)} /> }
            { next_step(&app, entry) }
            <Actions entry={entry.clone()} fold={fold.clone()} />
            if *fold == Fold::Pkcs12 { <ExportPkcs12 alias={entry.alias.clone()} done={close(&fold)} /> }
            if !cards.is_empty() {
                <section class="block" data-testid="entry-chain">
                    <h3>{ word("chain", "Chain") }</h3>
                    <Chain key={drawn} {cards} {end} chosen={Some(0)} />
                </section>
            }
        </PaneFrame>
    }
}

fn close(fold: &UseStateHandle<Fold>) -> Callback<()> {
    let fold = fold.clone();
    Callback::from(move |()| fold.set(Fold::None))
}

/// How the entry stands, where something is left to do.
fn next_step(app: &App, entry: &EntryView) -> Html {
    match (&entry.chain_state, &entry.request) {
        (ChainState::NoCertificate, _) => html! {
            <div class="explained info">
                { icon("info") }
                <div>
                    <p class="explained-title">{ "A key without a certificate" }</p>
                    <p>{ "Nobody knows this key yet. Make a " }{ word("request", "signing request") }{ " and send it to a certification authority." }</p>
                    <div class="actions">{ make_request(app, &entry.alias, true) }</div>
                </div>
            </div>
        },
        (ChainState::Pending, Some(request)) => pending(app, entry, request),
        (ChainState::Incomplete { missing, .. }, _) => html! {
            <div class="explained warn">
                { icon("warn") }
                <div>
                    <p class="explained-title">{ "The chain is incomplete" }</p>
                    <p data-testid="entry-missing">{ "The certificate of the issuer “" }{ missing }{ "” is missing. A server that does not hold it will refuse yours." }</p>
                    <p class="remedy">{ icon("arrow") }<span>{ "Ask your authority for it and drop it on this page." }</span></p>
                </div>
            </div>
        },
        _ => html! {},
    }
}

fn pending(app: &App, entry: &EntryView, request: &RequestView) -> Html {
    html! {
        <div class="explained pending" data-testid="entry-pending">
            { icon("clock") }
            <div>
                <p class="explained-title">{ "Waiting for the authority’s reply" }</p>
                <ol class="steps">
                    <li>
                        <p>{ "Send the " }{ word("request", "signing request") }{ " to your certification authority." }</p>
                        <div class="actions">
                            <Copy text={request.pem.clone()} what="request" labelled={true} class="small" testid="request-copy" />
                            { download_request(app, &entry.alias, "button small") }
                        </div>
                    </li>
                    <li>
                        <p>{ "Drop what comes back on this page: it finds its key by itself." }</p>
                        <div class="actions">
                            <button type="button" class="button small" data-testid="import-reply" onclick={|_| choose_files()}>{ icon("import") }{ "Import the reply" }</button>
                        </div>
                    </li>
                </ol>
            </div>
        </div>
    }
}

fn make_request(app: &App, alias: &str, primary: bool) -> Html {
    let alias = AttrValue::from(alias.to_owned());
    let onclick = app.on(move || Action::Open(Pane::MakeRequest(alias.clone())));
    html! {
        <button type="button" class={classes!("button", primary.then_some("primary"))} data-testid="make-request" {onclick}>
            { icon("send") }{ if primary { "Make a signing request" } else { "New signing request" } }
        </button>
    }
}

/// Downloads the signing request.
pub(super) fn download_request(app: &App, alias: &str, class: &'static str) -> Html {
    let onclick = export(app, alias, ExportFormat::SigningRequest);
    html! {
        <button type="button" {class} data-testid="request-download" {onclick}>{ icon("download") }{ "Download " }{ alias.to_owned() }{ ".csr" }</button>
    }
}

fn export(app: &App, alias: &str, what: ExportFormat) -> Callback<MouseEvent> {
    let (app, alias) = (app.clone(), alias.to_owned());
    Callback::from(move |_| {
        app.ask(Request::Export { alias: alias.clone(), what: what.clone() }, |app, response| {
            app.save(response)
        });
    })
}

#[derive(Properties, PartialEq)]
struct ActionsProps {
    entry: EntryView,
    fold: UseStateHandle<Fold>,
}

/// Everything that can be done with the entry.
#[component]
fn Actions(props: &ActionsProps) -> Html {
    let app = use_app();
    let ActionsProps { entry, fold } = props;
    let pair = entry.kind == EntryKind::KeyPair;
    let certified = !entry.certificates.is_empty();
    let toggle = |wanted: Fold| {
        let fold = fold.clone();
        Callback::from(move |_: MouseEvent| fold.set(if *fold == wanted { Fold::None } else { wanted }))
    };
    let save = |testid: &'static str, label: &'static str, title: &'static str, what: ExportFormat| {
        html! {
            <button type="button" class="button small" data-testid={testid} {title} onclick={export(&app, &entry.alias, what)}>{ icon("download") }{ label }</button>
        }
    };
    let probe_with = app.on({
        let (app, alias) = (app.clone(), entry.alias.clone());
        move || {
            app.dispatch(Action::Go(Page::Probe));
            Action::Form(ProbeForm {
                authentication: Authentication::Alias { alias: alias.clone() },
                ..(*app.state.probe_form).clone()
            })
        }
    });
    html! {
        <div class="entry-actions">
            if pair && certified {
                <div class="actions">
                    <button type="button" class="button primary" data-testid="probe-with" onclick={probe_with}>{ icon("probe") }{ "Probe with this key" }</button>
                    { make_request(&app, &entry.alias, false) }
                </div>
            }
            if pair && entry.chain_state == ChainState::Pending {
                <div class="actions">{ make_request(&app, &entry.alias, false) }</div>
            }
            if certified {
                <div class="actions downloads" role="group" aria-label="Download">
                    <span>{ "Download" }</span>
                    if pair {
                        <button type="button" class="button small" data-testid="export-p12-open" title="Key and chain in one file, under a password"
                            aria-expanded={(**fold == Fold::Pkcs12).to_string()} onclick={toggle(Fold::Pkcs12)}>{ icon("key") }{ "Key and chain .p12…" }</button>
                        { save("export-p7b", "Chain .p7b", "The chain without the key, as PKCS#7", ExportFormat::Chain) }
                        { save("export-pem", "Chain .pem", "The chain without the key, as text", ExportFormat::ChainPem) }
                    }
                    { save("export-cer", "Certificate .cer", "The certificate alone, as DER", ExportFormat::Certificate) }
                    if entry.request.is_some() { { save("export-csr", "Request .csr", "The last signing request", ExportFormat::SigningRequest) } }
                    <Copy text={pem::to_pem(&entry.certificates)} what="PEM" labelled={true} class="small" testid="copy-pem" />
                </div>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct RenameProps {
    alias: AttrValue,
    done: Callback<()>,
}

#[component]
fn Rename(props: &RenameProps) -> Html {
    let app = use_app();
    let field = use_node_ref();
    let problem = use_state_eq(|| None::<Problem>);
    use_effect_with((), {
        let field = field.clone();
        move |()| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                let _ = field.focus();
                field.select();
            }
        }
    });
    let onsubmit = Callback::from({
        let (field, problem, alias, done) =
            (field.clone(), problem.clone(), props.alias.to_string(), props.done.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let to = value_of(&field).trim().to_owned();
            if to == alias {
                return done.emit(());
            }
            problem.set(None);
            let (problem, opener, name) = (problem.clone(), app.clone(), to.clone());
            app.bridge.ask(Request::Rename { alias: alias.clone(), to }, move |answer| match answer {
                Ok(_) => opener.dispatch(Action::Open(Pane::Entry(name.into()))),
                Err(found) => problem.set(Some(found)),
            });
        }
    });
    let cancel = props.done.reform(|_: MouseEvent| ());
    html! {
        <form class="form fold" {onsubmit}>
            <label class="field">
                <span>{ "New alias" }</span>
                <input type="text" ref={field} data-testid="rename-alias" value={props.alias.clone()} required={true} maxlength="250" autocomplete="off" spellcheck="false" />
            </label>
            { maybe_problem(problem.as_ref()) }
            <div class="actions">
                <button type="submit" class="button primary" data-testid="rename-submit">{ "Rename" }</button>
                <button type="button" class="button" onclick={cancel}>{ "Cancel" }</button>
            </div>
        </form>
    }
}
