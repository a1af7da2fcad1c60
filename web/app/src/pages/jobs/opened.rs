//! Plans that were found in files, and what else can be done with files that are dropped while a plan is open.

use std::rc::Rc;

use certwright_protocol::t;
use certwright_protocol::ui::plans::{PlanActKind, StepState};
use certwright_protocol::ui::{FoundPlan, Request, Response, Told};
use yew::prelude::*;

use super::begin::show;
use super::give::{Place, use_giving};
use super::kept::Change;
use crate::parts::controls::button;
use crate::parts::explanation::problem;
use crate::parts::icon;
use crate::state::{Action, App, Files, Page, use_app};

/// A plan that was found, with the button that opens it.
pub(crate) fn card(app: &App, found: &FoundPlan) -> Html {
    let onclick = Callback::from({
        let (app, id) = (app.clone(), found.id);
        move |_: MouseEvent| {
            let next = app.clone();
            app.ask_home(Request::OpenPlan { id }, move |answer| match answer {
                Ok(Response::PlanSheet { sheet }) => show(&next, sheet),
                Ok(_) => {}
                Err(problem) => next.tell(&problem),
            });
        }
    });
    let what = if found.known {
        t!(
            "{from} sends it back to {mine}: opening it brings in what was done there.",
            from = found.from,
            mine = found.mine
        )
    } else {
        t!(
            "{from} asks {mine} to do its part. You will see the steps of {mine}.",
            from = found.from,
            mine = found.mine
        )
    };
    html! {
        <li class="plan-found" key={found.id} data-testid="found-plan" data-known={found.known.to_string()}>
            <span class="kind">{ icon("swap") }</span>
            <div>
                <strong>{ &found.title }</strong>
                <p>{ what }</p>
                <small>{ &found.file }</small>
            </div>
            { button("primary", "found-plan-open", "arrow", if found.known { t!("Bring it in") } else { t!("Open the plan") }, onclick) }
        </li>
    }
}

#[derive(Properties)]
pub(super) struct IncomingProps {
    pub(super) files: Files,
    pub(super) problems: Rc<Vec<Told>>,
}

// A drop is itself: it has its key.
impl PartialEq for IncomingProps {
    fn eq(&self, other: &Self) -> bool {
        self.files == other.files
    }
}

/// What was dropped on the page, and what can be done with it.
#[component]
pub(super) fn Incoming(props: &IncomingProps) -> Html {
    let app = use_app();
    let (give, closed) = use_giving();
    let plans = use_state_eq(|| None::<Rc<Vec<FoundPlan>>>);
    use_effect_with((), {
        let (app, plans, files) = (app.clone(), plans.setter(), props.files.clone());
        move |()| {
            let request = Request::Look { files: (*files.0).clone(), passwords: Vec::new() };
            app.ask_home(request, move |answer| {
                plans.set(Some(Rc::new(match answer {
                    Ok(Response::Found { plans, .. }) => plans,
                    _ => Vec::new(),
                })));
            });
        }
    });
    let Some(found) = &*plans else { return html! { <progress aria-label={t!("Looking")}></progress> } };
    // The page of the keystore says what the files are, and imports them.
    let import = Callback::from({
        let (app, files, problems) = (app.clone(), props.files.clone(), props.problems.clone());
        move |_: MouseEvent| {
            app.dispatch(Action::Jobs(Change::Taken));
            app.dispatch(Action::Go(Page::Keystore));
            app.dispatch(Action::Drop((*files.0).clone(), (*problems).clone()));
        }
    });
    let close = app.on(|| Action::Jobs(Change::Taken));
    let names: Vec<&str> = props.files.0.iter().map(|file| file.name.as_str()).collect();
    html! {
        <section class="incoming" data-testid="jobs-incoming">
            { for props.problems.iter().map(problem) }
            if !found.is_empty() {
                <ul class="found">{ for found.iter().map(|plan| card(&app, plan)) }</ul>
            } else {
                <p><strong>{ names.join(", ") }</strong>{ ": " }{ t!("What shall be done with it?") }</p>
            }
            { closed }
            <div class="actions">
                if found.is_empty() {
                    { for takers(&app, &props.files, &give) }
                    { button("", "incoming-import", "import", t!("Look at it, import it"), import) }
                }
                { button("quiet", "incoming-close", "", t!("Close"), close) }
            </div>
        </section>
    }
}

/// The acts of the open plan that take files now.
fn takers(app: &App, files: &Files, give: &Callback<(Place, Files)>) -> Vec<Html> {
    let Some(sheet) =
        app.state.jobs.sheet.as_ref().filter(|sheet| app.state.jobs.open.as_deref() == Some(&*sheet.id))
    else {
        return Vec::new();
    };
    let due = sheet.steps.iter().filter(|step| !matches!(step.state, StepState::Done | StepState::Later));
    let acts = due.flat_map(|step| step.acts.iter().map(move |act| (step, act)));
    acts.filter(|(_, act)| act.kind == PlanActKind::Files && act.refused.is_none())
        .map(|(step, act)| {
            let onclick = Callback::from({
                let (give, files) = (give.clone(), files.clone());
                let place = [sheet.id.clone(), step.key.clone(), act.key.clone()];
                move |_: MouseEvent| give.emit((place.clone(), files.clone()))
            });
            html! {
                <button type="button" class="button primary" data-testid="incoming-act" data-act={act.key.clone()} {onclick}>{ icon("check") }{ &act.label }</button>
            }
        })
        .collect()
}
