//! Guided jobs: the list of plans and how a new one begins; or the plan that is open, with its picture and its steps.

mod acts;
mod begin;
mod give;
pub(crate) mod kept;
mod list;
pub(crate) mod opened;
mod picture;
mod plan;
mod step;

use std::rc::Rc;

use certwright_protocol::t;
use certwright_protocol::ui::{Request, Response};
use certwright_protocol::view::{KeystoreView, Persistence};
use yew::prelude::*;

use self::kept::Change;
use crate::parts::controls::button;
use crate::parts::icon;
use crate::state::{Action, App, Page, WorkerState, use_app};

/// The page, for [`crate::lazy`].
pub(crate) fn draw(_: &App) -> Html {
    html! { <JobsPage /> }
}

/// A keystore that is compared by where it lies: the worker tells a new one with each change.
struct Told(Rc<KeystoreView>);

impl PartialEq for Told {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The page.
#[component]
fn JobsPage() -> Html {
    let app = use_app();
    let jobs = &app.state.jobs;
    let keystore = &app.state.keystore;
    // A change of the keystore may be what a step waits for.
    use_effect_with((jobs.open.clone(), Told(keystore.clone())), {
        let app = app.clone();
        move |(open, _): &(Option<AttrValue>, Told)| {
            if let Some(id) = open {
                refresh(&app, id);
            }
        }
    });
    let known = jobs.open.as_deref().is_some_and(|id| keystore.plans.iter().any(|plan| plan.id == id));
    let sheet = jobs.sheet.as_ref().filter(|_| known);
    let locked = keystore.persistence == Persistence::Locked;
    html! {
        <div class="page jobs" data-testid="jobs-page">
            if app.state.worker == WorkerState::Starting {
                <p class="starting" role="status">{ t!("Opening the keystore…") }</p>
            } else if locked {
                <div class="unlock" data-testid="jobs-locked">
                    <span class="seal">{ icon("lock") }</span>
                    <h1>{ t!("Jobs") }</h1>
                    <p class="lead">{ t!("Plans are kept with the keystore, which is locked.") }</p>
                    { button("primary", "jobs-unlock", "unlock", t!("Unlock the keystore"), app.go(Page::Keystore)) }
                </div>
            } else {
                if let Some((number, files, problems)) = &jobs.incoming {
                    <opened::Incoming key={*number} files={files.clone()} problems={problems.clone()} />
                }
                if let Some(sheet) = sheet { <plan::Plan key={sheet.id.clone()} sheet={sheet.clone()} /> }
                else if known { <p class="starting" role="status">{ t!("Opening the plan…") }</p> }
                else { <list::Plans /> }
            }
        </div>
    }
}

/// Asks how a plan stands.
fn refresh(app: &App, id: &str) {
    let next = app.clone();
    app.ask_home(Request::Plan { id: id.to_owned() }, move |answer| {
        // One that was deleted is gone from the list too, and there it is seen.
        if let Ok(response) = answer {
            take(&next, response);
        }
    });
}

/// Takes a sheet, and saves a file.
fn take(app: &App, response: Response) {
    match response {
        Response::PlanSheet { sheet } => app.dispatch(Action::Jobs(Change::Sheet(sheet.into()))),
        file => app.save(file),
    }
}

/// Asks for something that is answered with the sheet or with a file. Problems are told in a toast. An act may begin another plan, which is opened then.
fn ask(app: &App, request: Request) {
    let next = app.clone();
    app.ask_home(request, move |answer| match answer {
        Ok(Response::PlanSheet { sheet }) if next.state.jobs.open.as_deref() != Some(&*sheet.id) => {
            begin::show(&next, sheet);
        }
        Ok(response) => take(&next, response),
        Err(problem) => next.tell(&problem),
    });
}
