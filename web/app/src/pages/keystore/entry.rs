//! An entry: how it stands and what comes next, its chain with all facts, and everything that can be done with it.

mod history;

use certwright_protocol::language::text;
use std::rc::Rc;

use certwright_protocol::t;
use certwright_protocol::ui::{CertificateChoice, Encoding, ExportFormat, Request};
use certwright_protocol::view::{AliasProfile, ChainState, EntryDetail, EntryKind, EntryView, RequestView};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::PaneFrame;
use super::detail::use_detail;
use super::export::{ExportForm, Scope};
use super::remarks::ClosedEntries;
use super::store::rules_hint;
use crate::actions::entry as entry_actions;
use crate::frame::drop::choose_files;
use crate::parts::badge::entry_badge;
use crate::parts::chain::{Chain, cards_of};
use crate::parts::controls::{button, field as field_of, icon_button, submit, told};
use crate::parts::copy::Copy;
use crate::parts::explanation::{maybe_problem, what_to_try_line};
use crate::parts::kept::use_problem;
use crate::parts::password::value_of;
use crate::parts::word::word;
use crate::parts::{icon, pem};
use crate::state::{Action, App, HOME_NAME, Pane, Tone, use_app};

#[derive(Properties, PartialEq)]
pub(super) struct EntryProps {
    pub(super) entry: EntryView,
    /// Whether the field for another alias is shown.
    pub(super) rename: bool,
}

/// What unfolds below the buttons.
#[derive(Clone, Copy, PartialEq)]
enum Fold {
    None,
    /// A file, beginning with this kind.
    Export(&'static str),
}

impl Fold {
    /// A callback that opens this, or closes it if it is open.
    fn toggle(self, fold: &UseStateHandle<Self>) -> Callback<MouseEvent> {
        let fold = fold.clone();
        Callback::from(move |_| fold.set(if *fold == self { Self::None } else { self }))
    }
}

/// The pane.
#[component]
pub(super) fn EntryPane(props: &EntryProps) -> Html {
    let app = use_app();
    let fold = use_state_eq(|| Fold::None);
    let entry = &props.entry;
    let alias = AttrValue::from(entry.alias.clone());
    let detail = use_detail(&entry.alias);
    let certificates = detail.as_ref().map(|detail| detail.certificates.as_slice()).unwrap_or_default();
    let missing = match &entry.chain_state {
        ChainState::Incomplete { missing, ca_issuers } => Some((missing.as_str(), ca_issuers.as_slice())),
        _ => None,
    };
    let cards = Rc::new(cards_of(certificates, missing));
    let end = if entry.kind == EntryKind::KeyPair { t!("Your certificate") } else { t!("Certificate") };
    // A chain that grows is drawn anew, with its first card open.
    let drawn = cards.len();
    let close = Callback::from({
        let fold = fold.clone();
        move |()| fold.set(Fold::None)
    });
    html! {
        <PaneFrame title={alias.clone()} testid="entry-pane" alias={alias.clone()} badge={entry_badge(entry)} tools={tools(&app, entry)}>
            if props.rename { <Rename alias={alias.clone()} done={entry_actions::RENAME.callback::<()>(&app)} /> }
            if entry.closed { <ClosedEntries /> }
            { next_step(&app, entry, detail.as_ref().and_then(|detail| detail.request.as_ref())) }
            { notices(&app, entry, detail.as_deref()) }
            if let Some(detail) = &detail { { actions(&app, detail, &fold) } }
            if let (Fold::Export(begin), Some(detail)) = (*fold, &detail) {
                <ExportForm key={begin} scope={Scope::one(detail)} {begin} done={close} />
            }
            if !cards.is_empty() {
                <section class="block" data-testid="entry-chain">
                    <h3>{ word("chain", t!("Chain")) }</h3>
                    <Chain key={drawn} {cards} {end} chosen={Some(0)} />
                </section>
            }
            if let Some(detail) = detail { { history::history(&app, &alias, &detail.previous, entry.locked) } }
        </PaneFrame>
    }
}

/// Lock, rename, delete.
fn tools(app: &App, entry: &EntryView) -> Html {
    let locked = entry.locked;
    let lock = entry_actions::LOCK.callback::<MouseEvent>(app);
    let (lock_icon, lock_title) = if locked {
        ("unlock", t!("Unlock"))
    } else {
        ("lock", t!("Lock: usable, but never exported, changed or deleted"))
    };
    html! {
        <>
            if !entry.closed { { icon_button("", "lock-entry", lock_icon, lock_title, false, lock) } }
            { entry_actions::RENAME.icon_button(app, "") }
            { entry_actions::DELETE.icon_button(app, "danger") }
        </>
    }
}

/// What is to be known of it.
fn notices(app: &App, entry: &EntryView, detail: Option<&EntryDetail>) -> Html {
    let notice = |id: &'static str, icon_name: &'static str, tone: Tone, text: Html| {
        html! { <p class={classes!("consequence", tone.word())} data-testid={id}>{ icon(icon_name) }<span>{ text }</span></p> }
    };
    let others = entry.same_as.iter().map(|other| {
        let alias = AttrValue::from(other.clone());
        let open = app.on({
            let alias = alias.clone();
            move || Action::Open(Pane::Entry(alias.clone()))
        });
        html! { <>{ " " }<button type="button" class="link" data-testid="same-as-open" data-alias={alias.clone()} onclick={open}>{ alias }</button></> }
    });
    html! {
        <>
            if entry.locked {
                { notice("entry-locked", "lock", Tone::Info, html! { t!("Locked: it can be used, but not exported, changed or deleted. What is public can be handed on.") }) }
            }
            if let Some(why) = &entry.cannot_sign {
                { notice("entry-cannot-sign", "warn", Tone::Warn, html! { <>{ t!("This key is kept and can be exported, but it signs nothing here: ") }{ why }{ "." }</> }) }
            }
            if let Some(why) = detail.and_then(|detail| detail.weakness.as_ref()) {
                { notice("entry-weakness", "warn", Tone::Warn, html! { <>{ t!("The key is weak: ") }{ why }{ "." }</> }) }
            }
            if !entry.same_as.is_empty() {
                { notice("entry-same-as", "copy", Tone::Info, html! { <>{ t!("The same key or certificate is also in") }{ for others }</> }) }
            }
            if entry.kind == EntryKind::SecretKey {
                { notice("entry-secret", "info", Tone::Info, html! { <>{ t!("A secret key (") }{ &entry.key }{ t!("): one key for both sides, without certificate. PKCS#12 and JCEKS files can hold it.") }</> }) }
            }
            if entry.kind == EntryKind::KeyPair && app.state.opened().is_some() {
                { notice("entry-elsewhere", "probe", Tone::Info, html! { <>{ t!("Probes use the keys of “{keystore}”: to probe with this one, select it in the list and copy it there.", keystore = text(HOME_NAME)) }</> }) }
            }
            if detail.is_some_and(|detail| detail.can_issue) {
                { notice("entry-can-issue", "ca", Tone::Info, html! {
                    <>{ t!("A certification authority: it can sign the requests of others. ") }
                        <button type="button" class="link" data-testid="sign-requests" onclick={sign_requests(app, &entry.alias)}>{ t!("Sign a request") }</button></>
                }) }
            }
        </>
    }
}

/// How the entry stands, where something is left to do.
fn next_step(app: &App, entry: &EntryView, request: Option<&RequestView>) -> Html {
    match (&entry.chain_state, request) {
        // A key that signs nothing has its own notice.
        (ChainState::NoCertificate, _)
            if entry.kind != EntryKind::KeyPair || entry.closed || entry.cannot_sign.is_some() =>
        {
            html! {}
        }
        (ChainState::NoCertificate, _) => told(
            "info",
            "info",
            None,
            t!("A key without a certificate"),
            html! {
                <>
                    <p>{ t!("Nobody knows this key yet. Make a ") }{ word("request", t!("signing request")) }{ t!(" and send it to a certification authority.") }</p>
                    <div class="actions">{ entry_actions::REQUEST.button(app, "primary") }{ entry_actions::SELF_SIGN.button(app, "") }</div>
                </>
            },
        ),
        (ChainState::Pending, Some(request)) => pending(app, entry, request),
        (ChainState::Incomplete { missing, .. }, _) => told(
            "warn",
            "warn",
            None,
            t!("The chain is incomplete"),
            html! {
                <>
                    <p data-testid="entry-missing">{ t!("The certificate of the issuer “") }{ missing }{ t!("” is missing. A server that does not hold it will refuse yours.") }</p>
                    { what_to_try_line(t!("Ask your authority for it and drop it on this page.")) }
                </>
            },
        ),
        _ => html! {},
    }
}

fn pending(app: &App, entry: &EntryView, request: &RequestView) -> Html {
    told(
        "pending",
        "clock",
        Some("entry-pending"),
        t!("Waiting for the authority’s reply"),
        html! {
            <ol class="steps">
                <li>
                    <p>{ t!("Send the ") }{ word("request", t!("signing request")) }{ t!(" to your certification authority.") }</p>
                    <div class="actions">
                        <Copy text={request.pem.clone()} what={t!("request")} labelled={true} class="small" testid="request-copy" />
                        { download_request(app, &entry.alias, "small") }
                    </div>
                </li>
                <li>
                    <p>{ t!("Drop what comes back on this page: it finds its key by itself.") }</p>
                    <div class="actions">{ button("small", "import-reply", "import", t!("Import the reply"), Callback::from(|_| choose_files())) }</div>
                </li>
            </ol>
        },
    )
}

/// Downloads the signing request.
pub(super) fn download_request(app: &App, alias: &str, class: &'static str) -> Html {
    let what = ExportFormat::SigningRequest { encoding: Encoding::Pem };
    button(class, "request-download", "download", t!("Download {alias}.csr", alias), export(app, alias, what))
}

fn export(app: &App, alias: &str, what: ExportFormat) -> Callback<MouseEvent> {
    let (app, alias) = (app.clone(), alias.to_owned());
    Callback::from(move |_| app.export(vec![alias.clone()], what.clone()))
}

/// Everything that can be done with the entry.
fn actions(app: &App, detail: &Rc<EntryDetail>, fold: &UseStateHandle<Fold>) -> Html {
    let entry = &detail.entry;
    let pair = entry.kind == EntryKind::KeyPair;
    let certified = !detail.certificates.is_empty();
    let signs = pair && !entry.closed && entry.cannot_sign.is_none();
    let waits = matches!(entry.chain_state, ChainState::NoCertificate);
    let looked_at = certified || detail.request.is_some();
    let save = |testid: &'static str, label: &'static str, what: ExportFormat| {
        button("small", testid, "download", label, export(app, &entry.alias, what))
    };
    let unfold = |id: &'static str, begin: &'static str, icon_name: &'static str, label: &'static str| {
        let open = (**fold == Fold::Export(begin)).to_string();
        html! {
            <button type="button" class="button small" data-testid={id} aria-expanded={open} onclick={Fold::Export(begin).toggle(fold)}>{ icon(icon_name) }{ label }</button>
        }
    };
    html! {
        <div class="entry-actions">
            if (signs && !waits) || looked_at {
                <div class="actions">
                    if signs && !waits && certified && app.state.opened().is_none() {
                        { entry_actions::PROBE_WITH.button(app, "primary") }
                    }
                    if signs && !waits {
                        { entry_actions::REQUEST.button(app, "") }
                        if !entry.locked { { entry_actions::SELF_SIGN.button(app, "") } }
                    }
                    if looked_at { { entry_actions::INSPECT.button(app, "") } }
                </div>
            }
            <div class="actions downloads" role="group" aria-label={t!("Download")}>
                <span>{ t!("Download") }</span>
                if pair && !entry.locked && !entry.closed {
                    { unfold("export-p12-open", "p12", "key", t!("Key and chain .p12…")) }
                }
                if certified && pair {
                    { save("export-p7b", t!("Chain .p7b"), ExportFormat::Chain) }
                    { save("export-pem", t!("Chain .pem"), ExportFormat::ChainPem) }
                }
                if certified {
                    { save("export-cer", t!("Certificate .cer"), ExportFormat::Certificate { which: CertificateChoice::Own, encoding: Encoding::Der }) }
                }
                if detail.request.is_some() {
                    { save("export-csr", t!("Request .csr"), ExportFormat::SigningRequest { encoding: Encoding::Pem }) }
                }
                { unfold("export-open", "", "file", t!("More…")) }
            </div>
            <div class="actions">
                if certified {
                    <Copy text={pem::to_pem(&detail.certificates)} what="PEM" labelled={true} class="small" testid="copy-pem" />
                }
                if let Some(pem) = &detail.public_key_pem {
                    <Copy text={pem.clone()} what={t!("the public key")} labelled={true} class="small" testid="copy-public" />
                }
            </div>
        </div>
    }
}

/// Leads to signing the requests of others.
fn sign_requests(app: &App, alias: &str) -> Callback<MouseEvent> {
    let issuer = AttrValue::from(alias.to_owned());
    app.on(move || Action::Open(Pane::Issue { issuer: issuer.clone(), request_pem: AttrValue::default() }))
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
    let profile = app.state.profile();
    let problem = use_problem();
    use_effect_with((), {
        let field = field.clone();
        move |()| {
            crate::browser::focus(&field);
            if let Some(field) = field.cast::<HtmlInputElement>() {
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
            app.request(Request::Rename { alias: alias.clone(), to }, move |answer| match answer {
                Ok(_) => opener.dispatch(Action::Open(Pane::Entry(name.into()))),
                Err(found) => problem.set(Some(found)),
            });
        }
    });
    let cancel = props.done.reform(|_: MouseEvent| ());
    html! {
        <form class="form fold" {onsubmit}>
            { field_of(t!("New alias"), html! { <input type="text" ref={field} data-testid="rename-alias" value={props.alias.clone()} required={true} maxlength="250" autocomplete="off" spellcheck="false" /> }, if profile == AliasProfile::None { "" } else { rules_hint(profile) }) }
            { maybe_problem(problem.as_ref()) }
            <div class="actions">
                { submit("rename-submit", "pen", t!("Rename"), false) }
                { button("", "rename-cancel", "", t!("Cancel"), cancel) }
            </div>
        </form>
    }
}
