//! The keystore page: the list of entries, and beside it the job at hand.

mod detail;
mod empty;
mod entry;
mod export;
mod found;
mod imported;
mod issue;
mod issued;
mod list;
mod merge;
mod new_key;
pub(crate) mod panes;
mod plan;
mod remarks;
mod request;
mod request_view;
mod store;
mod subject;
mod tabs;
mod unlock;
pub(crate) mod validity;

use certwright_protocol::view::{EntryKind, EntryView, Persistence};
use certwright_protocol::{t, tn};
use yew::prelude::*;

use crate::actions::{entry as entry_actions, keystore as actions};
use crate::lazy::{self, Lazy};
use crate::parts::controls::button;
use crate::parts::icon;
use crate::parts::word::word;
use crate::state::{App, Page, Pane, WorkerState, use_app};

pub(crate) use new_key::key_kinds;
pub(crate) use store::PROFILES as ALIAS_RULES;

/// The page.
#[component]
pub(crate) fn KeystorePage() -> Html {
    let app = use_app();
    let state = &app.state;
    let ready = (state.worker == WorkerState::Ready).to_string();
    let opened = state.opened();
    let locked = state.worker == WorkerState::Ready
        && opened.is_none()
        && state.keystore.persistence == Persistence::Locked;
    let empty = state.entries().is_empty();
    let beside = !state.keystore.stores.is_empty();
    let pane = pane(&app);
    let content = match (state.worker, pane) {
        (WorkerState::Starting, _) if empty => {
            html! { <p class="starting" role="status">{ t!("Opening the keystore…") }</p> }
        }
        // The note above says what happened; what was shown is not there any more.
        (WorkerState::Failed, _) => html! {},
        _ if locked => html! { <>if beside { <tabs::Tabs /> }<unlock::Unlock /></> },
        (_, None) if empty && !beside => empty::empty(&app),
        (_, pane) => {
            let class =
                classes!("workbench", pane.is_some().then_some("with-pane"), empty.then_some("no-list"));
            let closed =
                state.pane.alias().and_then(|alias| state.entry(alias)).is_some_and(|entry| entry.closed);
            html! {
                <div {class}>
                    if beside || !empty { <tabs::Tabs /> }
                    { toolbar(&app) }
                    if !empty {
                        <div class="list-side" key={state.store.0}>
                            if let Some(opened) = opened { { remarks::remarks(&opened.remarks) } }
                            if !closed { <remarks::ClosedEntries /> }
                            <list::List />
                        </div>
                    }
                    if empty && pane.is_none() {
                        <p class="list list-none" data-testid="store-empty">{ t!("Make a key, import a file, or copy entries here from another keystore.") }</p>
                    }
                    { pane.unwrap_or_default() }
                </div>
            }
        }
    };
    html! { <div class="page" data-testid="keystore-page" data-ready={ready}>{ content }</div> }
}

/// What lies beside the list, if anything.
fn pane(app: &App) -> Option<Html> {
    let pane = &app.state.pane;
    let there = *pane != Pane::None && pane.alias().is_none_or(|alias| app.state.entry(alias).is_some());
    there.then(|| html! { <Lazy part={lazy::PANES} /> })
}

fn toolbar(app: &App) -> Html {
    let state = &app.state;
    let opened = state.opened();
    let what = match opened {
        None => word("keystore", t!("Keystore")),
        Some(store) => html! { store.name.clone() },
    };
    html! {
        <div class="toolbar">
            <div>
                <h1 data-testid="store-name">{ what }</h1>
                <p class="summary" data-testid="store-summary">
                    { summary(state.entries()) }
                    <span class="hint">{ t!(" · drop or paste a file anywhere") }</span>
                </p>
            </div>
            { jobs(app, true) }
        </div>
    }
}

/// How many of each kind there are.
fn summary(entries: &[EntryView]) -> String {
    let kind = |kind| entries.iter().filter(|entry| entry.kind == kind).count();
    let (pairs, trusted, secret) =
        (kind(EntryKind::KeyPair), kind(EntryKind::TrustedCertificate), kind(EntryKind::SecretKey));
    let counts = [
        (pairs, tn!(pairs, "1 key pair", "{count} key pairs", count = pairs)),
        (trusted, tn!(trusted, "1 trusted certificate", "{count} trusted certificates", count = trusted)),
        (secret, tn!(secret, "1 secret key", "{count} secret keys", count = secret)),
    ];
    let told: Vec<String> =
        counts.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect();
    if told.is_empty() { t!("Nothing in it yet").into() } else { told.join(" · ") }
}

/// The things that one begins with; and for a keystore that is in use, what concerns it as a whole.
fn jobs(app: &App, in_use: bool) -> Html {
    let can_save = app.state.opened().is_some_and(|store| store.can_save && store.changed);
    html! {
        <div class="actions">
            if can_save { { actions::SAVE.button(app, "primary") } }
            { actions::NEW_KEY.button(app, if can_save { "" } else { "primary" }) }
            { actions::IMPORT.button(app, "") }
            { button("", "goto-probe", "probe", t!("Probe a server"), app.go(Page::Probe)) }
            if in_use { { actions::SAVE_AS.button(app, "") } }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct PaneFrameProps {
    title: AttrValue,
    #[prop_or_default]
    testid: AttrValue,
    /// The alias that it is about, for tests.
    #[prop_or_default]
    alias: Option<AttrValue>,
    #[prop_or_default]
    busy: bool,
    /// Stands beside the title.
    #[prop_or_default]
    badge: Html,
    /// Buttons beside the one that closes.
    #[prop_or_default]
    tools: Html,
    children: Html,
}

/// A pane with its title and the button that closes it.
#[component]
fn PaneFrame(props: &PaneFrameProps) -> Html {
    let app = use_app();
    let heading = use_node_ref();
    let close = entry_actions::CLOSE.callback::<MouseEvent>(&app);
    // Whoever cannot see the pane open hears it: the heading takes the focus, unless a field in the pane has it already.
    use_effect_with((props.testid.clone(), props.alias.clone()), {
        let heading = heading.clone();
        move |_| {
            let Some(heading) = heading.cast::<web_sys::HtmlElement>() else { return };
            if !crate::browser::is_field(crate::browser::document().active_element().map(Into::into)) {
                let _ = heading.focus();
            }
        }
    });
    html! {
        <section class="pane" data-testid={props.testid.clone()} data-alias={props.alias.clone()} data-busy={props.busy.then_some("true")}
            aria-label={props.title.clone()}>
            <button type="button" class="link pane-back" onclick={close.clone()}>{ icon("back") }{ t!(" All entries") }</button>
            <header class="pane-head">
                <div class="pane-title">
                    <h2 tabindex="-1" ref={heading}>{ props.title.clone() }</h2>
                    { props.badge.clone() }
                </div>
                { props.tools.clone() }
                { entry_actions::CLOSE.icon_button(&app, "") }
            </header>
            { props.children.clone() }
        </section>
    }
}
