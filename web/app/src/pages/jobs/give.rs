//! Giving files to a step of a plan; where one of them needs a password, it is asked for in place, and the files are sent again with it.

use std::rc::Rc;

use certwright_protocol::Password;
use certwright_protocol::ui::{Request, Told};
use yew::prelude::*;

use super::kept::Change;
use super::take;
use crate::parts::explanation::file_problem;
use crate::state::{Action, App, Files, use_app};

/// Plan, step and act.
pub(super) type Place = [String; 3];

/// What waits for a password.
#[derive(Clone)]
struct Closed {
    place: Place,
    files: Files,
    problem: Told,
}

/// Gives files to a step; and the field for the password that they need, if they do. Files may hold keys in clear: they are kept no longer than that.
#[hook]
pub(super) fn use_giving() -> (Callback<(Place, Files)>, Html) {
    let app = use_app();
    let closed = use_state(|| None::<Rc<Closed>>);
    let passwords = use_mut_ref(Vec::<Password>::new);
    let give = Callback::from({
        let (app, closed, passwords) = (app.clone(), closed.setter(), passwords.clone());
        move |(place, files): (Place, Files)| {
            if !files.0.is_empty() {
                passwords.borrow_mut().clear();
                send(&app, place, files, Vec::new(), closed.clone());
            }
        }
    });
    let Some(waiting) = (*closed).clone() else { return (give, Html::default()) };
    let again = Callback::from({
        let (closed, waiting) = (closed.setter(), waiting.clone());
        move |password| {
            passwords.borrow_mut().push(password);
            let Closed { place, files, .. } = (*waiting).clone();
            send(&app, place, files, passwords.borrow().clone(), closed.clone());
        }
    });
    (give, file_problem(&waiting.problem, &again))
}

fn send(
    app: &App,
    place: Place,
    files: Files,
    passwords: Vec<Password>,
    closed: UseStateSetter<Option<Rc<Closed>>>,
) {
    let [id, step, act] = place.clone();
    let next = app.clone();
    let is_dropped = app.state.jobs.incoming.as_ref().is_some_and(|(_, dropped, _)| *dropped == files);
    let request = Request::PlanFiles { id, step, act, files: (*files.0).clone(), passwords };
    app.ask_home(request, move |answer| match answer {
        Err(problem) if problem.kind.starts_with("password_") => {
            closed.set(Some(Rc::new(Closed { place, files, problem })));
        }
        Err(problem) => {
            closed.set(None);
            next.tell(&problem);
        }
        Ok(response) => {
            closed.set(None);
            if is_dropped {
                next.dispatch(Action::Jobs(Change::Taken));
            }
            take(&next, response);
        }
    });
}
