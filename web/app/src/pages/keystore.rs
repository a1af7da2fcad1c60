//! The keystore page: the list of entries, and beside it the job at hand.

mod empty;
mod entry;
mod export;
mod found;
mod imported;
mod list;
mod new_key;
mod request;
mod subject;
mod unlock;

use certwright_protocol::view::{EntryKind, Persistence};
use yew::prelude::*;

use crate::frame::drop::choose_files;
use crate::parts::word::word;
use crate::parts::{counted, icon};
use crate::state::{Action, App, Page, Pane, WorkerState, use_app};

/// The page.
#[component]
pub(crate) fn KeystorePage() -> Html {
    let app = use_app();
    let state = &app.state;
    let ready = (state.worker == WorkerState::Ready).to_string();
    let locked = state.worker == WorkerState::Ready && state.keystore.persistence == Persistence::Locked;
    let empty = state.keystore.entries.is_empty();
    let pane = pane(&app);
    let content = match (state.worker, pane) {
        (WorkerState::Starting, _) if empty => {
            html! { <p class="starting" role="status">{ "Opening the keystore…" }</p> }
        }
        // The note above says what happened; what was shown is not there any more.
        (WorkerState::Failed, _) => html! {},
        _ if locked => html! { <unlock::Unlock /> },
        (_, None) if empty => html! { <empty::Empty /> },
        (_, pane) => html! {
            <>
                <div class={classes!("workbench", pane.is_some().then_some("with-pane"), empty.then_some("no-list"))}>
                    { toolbar(&app) }
                    if !empty { <list::List /> }
                    { pane.unwrap_or_default() }
                </div>
            </>
        },
    };
    html! { <div class="page" data-testid="keystore-page" data-ready={ready}>{ content }</div> }
}

/// What lies beside the list, if anything.
fn pane(app: &App) -> Option<Html> {
    match &app.state.pane {
        Pane::None => None,
        Pane::Entry(alias) => {
            let entry = app.state.entry(alias)?.clone();
            Some(html! { <entry::EntryPane key={alias.to_string()} {entry} /> })
        }
        Pane::NewKey => Some(html! { <new_key::NewKey /> }),
        Pane::MakeRequest(alias) => {
            let entry = app.state.entry(alias)?.clone();
            Some(html! { <request::RequestPane key={alias.to_string()} {entry} /> })
        }
        Pane::Found(number, files, problems) => {
            Some(html! { <found::FoundPane key={*number} files={files.clone()} unread={problems.clone()} /> })
        }
        Pane::Imported(results) => Some(html! { <imported::ImportedPane results={results.clone()} /> }),
    }
}

fn toolbar(app: &App) -> Html {
    let entries = &app.state.keystore.entries;
    let pairs = entries.iter().filter(|entry| entry.kind == EntryKind::KeyPair).count();
    html! {
        <div class="toolbar">
            <div>
                <h1>{ word("keystore", "Keystore") }</h1>
                <p class="summary">
                    if entries.is_empty() { { "Nothing in it yet" } } else {
                        { counted(pairs, "key pair") }{ " · " }{ counted(entries.len() - pairs, "trusted certificate") }
                    }
                    <span class="hint">{ " · drop or paste a file anywhere" }</span>
                </p>
            </div>
            { jobs(app) }
        </div>
    }
}

/// The three things that one begins with.
fn jobs(app: &App) -> Html {
    html! {
        <div class="actions">
            <button type="button" class="button primary" data-testid="new-key" onclick={app.on(|| Action::Open(Pane::NewKey))}>{ icon("plus") }{ "New key" }</button>
            <button type="button" class="button" data-testid="import-file" onclick={|_| choose_files()}>{ icon("import") }{ "Import a file" }</button>
            <button type="button" class="button" data-testid="goto-probe" onclick={app.go(Page::Probe)}>{ icon("probe") }{ "Probe a server" }</button>
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
    let close = app.on({
        let alias = props.alias.clone();
        move || {
            // The focus goes back to where the pane was opened from.
            crate::browser::focus_entry(alias.clone().unwrap_or_default().to_string());
            Action::Open(Pane::None)
        }
    });
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
            <button type="button" class="link pane-back" onclick={close.clone()}>{ icon("back") }{ " All entries" }</button>
            <header class="pane-head">
                <div class="pane-title">
                    <h2 tabindex="-1" ref={heading}>{ props.title.clone() }</h2>
                    { props.badge.clone() }
                </div>
                { props.tools.clone() }
                <button type="button" class="button quiet square" data-testid="pane-close" title="Close" aria-label="Close and go back to the list"
                    onclick={close}>{ icon("cross") }</button>
            </header>
            { props.children.clone() }
        </section>
    }
}
