//! The way back to a guided job from the page that one of its steps has led to; and what was made there is told to the job.

use certwright_protocol::t;
use certwright_protocol::ui::Request;
use yew::prelude::*;

use crate::pages::jobs::kept::{Came, Change};
use crate::parts::controls::icon_button;
use crate::parts::icon;
use crate::state::{Action, Page, use_app};

/// A bar below the header, while the user is away from the job.
#[component]
pub(crate) fn Errand() -> Html {
    let app = use_app();
    use_effect_with(app.state.jobs.came.clone(), {
        let app = app.clone();
        move |came: &Option<Came>| {
            let Some(Came { plan, field, alias }) = came else { return };
            app.dispatch(Action::Jobs(Change::CameTold));
            let next = app.clone();
            let request = Request::SetPlanField {
                id: plan.to_string(),
                field: field.to_string(),
                value: alias.to_string(),
            };
            app.ask_home(request, move |answer| {
                if let Err(problem) = answer {
                    next.tell(&problem);
                }
            });
        }
    });
    let Some(errand) = app.state.jobs.errand.as_ref().filter(|_| app.state.page != Page::Jobs) else {
        return html! {};
    };
    let back = app.on({
        let plan = errand.plan.clone();
        move || Action::Job(Change::Open(Some(plan.clone())))
    });
    let stay = app.on(|| Action::Jobs(Change::Stays));
    html! {
        <div class="note-bar errand" data-testid="errand">
            <button type="button" class="link" data-testid="errand-back" onclick={back}>{ icon("back") }{ " " }{ t!("Back to {plan}", plan = errand.title) }</button>
            { icon_button("small", "errand-close", "cross", t!("Do not go back to the plan"), false, stay) }
        </div>
    }
}
