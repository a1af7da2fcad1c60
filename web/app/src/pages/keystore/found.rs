//! What was found in dropped, pasted or chosen files: what each thing is, what importing it would do, and the button that does it.

mod store;
mod thing;

use std::cell::RefCell;
use std::rc::Rc;

use certwright_protocol::ui::Told;
use certwright_protocol::ui::{
    Found, FoundPlan, FoundStore, FoundThing, ImportChoice, Imported, Proposal, Request, Response,
};
use certwright_protocol::view::EntryKind;
use certwright_protocol::{Password, t, tn};
use yew::prelude::*;

use self::store::card;
use self::thing::{Choices, item};
use super::PaneFrame;
use super::imported::sentence;
use crate::pages::inspect::desk::Change;
use crate::pages::jobs::opened;
use crate::parts::controls::{button, submit, told};
use crate::parts::explanation::{file_problem, maybe_problem};
use crate::parts::kept::use_problem;
use crate::parts::password::PasswordForm;
use crate::state::{Action, App, Files, Page, Pane, Tone, use_app};

#[derive(Properties, PartialEq)]
pub(super) struct FoundProps {
    pub(super) files: Files,
    /// Files that the browser could not read.
    pub(super) unread: Rc<Vec<Told>>,
}

/// What the worker said.
#[derive(Clone, PartialEq, Default)]
struct Seen {
    found: Rc<Vec<Found>>,
    stores: Rc<Vec<FoundStore>>,
    plans: Rc<Vec<FoundPlan>>,
    problems: Rc<Vec<Told>>,
}

/// The pane.
#[component]
pub(super) fn FoundPane(props: &FoundProps) -> Html {
    let app = use_app();
    let seen = use_state_eq(|| None::<Seen>);
    let choices = use_state_eq(Choices::new);
    let failure = use_problem();
    // All that were given so far: one opens the file, others its entries.
    let passwords = use_mut_ref(Vec::<Password>::new);
    let tried = passwords.borrow().len();
    let look = use_callback(props.files.clone(), {
        let (app, seen, choices, failure) = (app.clone(), seen.setter(), choices.setter(), failure.setter());
        move |password: Option<Password>, files: &Files| {
            passwords.borrow_mut().extend(password);
            look(&app, files, &passwords, seen.clone(), choices.clone(), failure.clone());
        }
    });
    use_effect_with((), {
        let look = look.clone();
        move |()| look.emit(None)
    });

    let title = match props.files.0.as_slice() {
        [file] => file.name.clone(),
        files => tn!(
            files.len() + props.unread.len(),
            "1 file",
            "{count} files",
            count = files.len() + props.unread.len()
        ),
    };
    let Some(view) = &*seen else {
        return html! {
            <PaneFrame {title} testid="found-panel" busy={failure.is_none()}>
                if failure.is_none() { <progress aria-label={t!("Looking")}></progress> }
                { maybe_problem(failure.as_ref()) }
            </PaneFrame>
        };
    };
    let wanted: Vec<ImportChoice> = view
        .found
        .iter()
        .filter_map(|found| {
            let (chosen, alias) = choices.get(&found.id)?;
            let new = !matches!(found.proposal, Some(Proposal::Reply { .. }));
            chosen.then(|| ImportChoice { id: found.id, alias: new.then(|| alias.trim().to_owned()) })
        })
        .collect();
    let count = wanted.len();
    let onsubmit = Callback::from({
        let failure = failure.clone();
        let app = app.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            failure.set(None);
            import(&app, wanted.clone(), failure.clone());
        }
    });
    let mut confirm = match count {
        0 | 1 => t!("Import").to_owned(),
        _ => t!("Import {count} things", count),
    };
    if !app.state.keystore.stores.is_empty() {
        confirm.push_str(t!(" into “"));
        confirm.push_str(app.state.store_name(app.state.store));
        confirm.push('”');
    }
    let inspect = app.on({
        let files = props.files.clone();
        move || Action::Inspect(Change::Incoming((*files.0).clone(), Vec::new()))
    });
    let hosts = app.on({
        let files = props.files.clone();
        move || Action::Take(Page::Many, files.clone())
    });
    // What is recognised is no list; what is not may be one.
    let maybe_hosts = view.found.is_empty() && view.stores.is_empty() && !props.files.0.is_empty();
    let importable = view.found.iter().any(|found| found.proposal.is_some());
    let all_problems = props.unread.iter().chain(view.problems.iter());
    html! {
        <PaneFrame {title} testid="found-panel">
            <p class="lead">{ headline(view, importable) }</p>
            { for all_problems.map(|problem| file_problem(problem, &look.reform(Some))) }
            { closed_keys(view, tried, &look) }
            if !view.plans.is_empty() { <ul class="found">{ for view.plans.iter().map(|plan| opened::card(&app, plan)) }</ul> }
            if !view.stores.is_empty() { <ul class="found">{ for view.stores.iter().map(|found| card(&app, found)) }</ul> }
            <form class="form" {onsubmit}>
                <ul class="found">{ for view.found.iter().map(|found| item(&app, found, &choices)) }</ul>
                { maybe_problem(failure.as_ref()) }
                <div class="actions">
                    if importable {
                        { submit("import-confirm", "import", confirm, count == 0) }
                    }
                    { button("", "found-inspect", "look", t!("Inspect"), inspect) }
                    if maybe_hosts { { button("", "found-hosts", "columns", t!("Take as a list of hosts"), hosts) } }
                    { button("", "import-cancel", "", if importable { t!("Cancel") } else { t!("Close") }, app.opens(Pane::None)) }
                </div>
            </form>
        </PaneFrame>
    }
}

/// Has the worker look, and chooses everything that can be imported.
fn look(
    app: &App,
    files: &Files,
    passwords: &RefCell<Vec<Password>>,
    seen: UseStateSetter<Option<Seen>>,
    choices: UseStateSetter<Choices>,
    failure: UseStateSetter<Option<Told>>,
) {
    if files.0.is_empty() {
        return seen.set(Some(Seen::default()));
    }
    let request = Request::Look { files: (*files.0).clone(), passwords: passwords.borrow().clone() };
    app.request(request, move |answer| match answer {
        Ok(Response::Found { found, stores, plans, problems }) => {
            choices.set(
                found
                    .iter()
                    .filter_map(|found| {
                        let alias = match found.proposal.as_ref()? {
                            Proposal::Reply { alias, .. }
                            | Proposal::KeyPair { alias }
                            | Proposal::SecretKey { alias }
                            | Proposal::Trust { alias } => alias,
                        };
                        Some((found.id, (true, alias.clone())))
                    })
                    .collect(),
            );
            seen.set(Some(Seen {
                found: Rc::new(found),
                stores: Rc::new(stores),
                plans: Rc::new(plans),
                problems: Rc::new(problems),
            }));
        }
        Ok(_) => {}
        Err(problem) => failure.set(Some(problem)),
    });
}

fn import(app: &App, choices: Vec<ImportChoice>, failure: UseStateHandle<Option<Told>>) {
    let next = app.clone();
    app.request(Request::Import { choices }, move |answer| match answer {
        Ok(Response::Imported { results }) => imported(&next, results),
        Ok(_) => {}
        Err(problem) => failure.set(Some(problem)),
    });
}

/// One result opens its entry; several are listed.
fn imported(app: &App, results: Vec<Imported>) {
    let came = results.iter().find(|result| result.entry == EntryKind::KeyPair).or(results.first());
    let came = came.map(|result| result.alias.clone());
    if let [result] = results.as_slice() {
        let tone = if result.missing.is_none() { Tone::Good } else { Tone::Warn };
        app.dispatch(Action::Toast(tone, sentence(result), true));
        app.dispatch(Action::Open(Pane::Entry(result.alias.clone().into())));
    } else {
        app.dispatch(Action::Open(Pane::Imported(Rc::new(results))));
    }
    if let Some(alias) = came {
        app.dispatch(Action::Came(alias));
    }
}

fn headline(view: &Seen, importable: bool) -> String {
    match (view.found.len(), importable) {
        (0, _) if !view.plans.is_empty() => {
            t!("A plan of guided steps, from whoever works on the other side.").into()
        }
        (0, _) if !view.stores.is_empty() => t!("Open it beside your keystore, or merge it into one.").into(),
        (0, _) => t!("There is nothing to import yet.").into(),
        (_, false) => t!("This is what it is. There is nothing to import.").into(),
        (count, true) => tn!(
            count,
            "1 thing found. Importing can be undone.",
            "{count} things found. Importing can be undone.",
            count
        ),
    }
}

fn password_form(label: &'static str, testids: [&'static str; 2], look: &Callback<Option<Password>>) -> Html {
    html! { <PasswordForm {label} button={t!("Open")} {testids} submit={look.reform(Some)} focus={true} /> }
}

/// The field for keys that have a password of their own; nothing if all are open.
fn closed_keys(view: &Seen, tried: usize, look: &Callback<Option<Password>>) -> Html {
    let listed =
        view.found.iter().filter(|found| matches!(found.thing, FoundThing::LockedKey { .. })).count();
    let untold: usize =
        view.stores.iter().filter(|store| !store.told).map(|store| store.locked as usize).sum();
    let closed = listed + untold;
    if closed == 0 {
        return html! {};
    }
    let content = html! {
        <>
            <p>
                { t!("What is public can be seen. A key opens with the password of the file, or with one of its own.") }
                if tried > 0 { <strong>{ t!(" No password so far opens it.") }</strong> }
            </p>
            { password_form(t!("Password of the file or entry"), ["entry-password", "entry-password-submit"], look) }
        </>
    };
    let title = tn!(closed, "1 key not opened yet", "{count} keys not opened yet", count = closed);
    html! { <div data-testid="closed-keys" data-count={closed.to_string()}>{ told("info", "lock", None, title, content) }</div> }
}
