//! The list of plans: how each stands, what comes next, and whose turn it is.

use certwright_protocol::ui::{PlanSummary, Request};
use certwright_protocol::{t, tn};
use yew::prelude::*;

use super::begin::Begin;
use super::kept::Change;
use crate::frame::drop::choose_files;
use crate::parts::badge::badge;
use crate::parts::controls::{button, icon_button};
use crate::parts::icon;
use crate::parts::time::day;
use crate::state::{Action, App, Tone, use_app};

/// The list, and how a new one begins.
#[component]
pub(super) fn Plans() -> Html {
    let app = use_app();
    let plans = &app.state.keystore.plans;
    html! {
        <>
            <div class="toolbar">
                <div>
                    <h1>{ t!("Jobs") }</h1>
                    <p class="summary" data-testid="plans-summary">{ summary(plans) }</p>
                </div>
                <div class="actions">
                    { button("", "plan-open-file", "import", t!("Open a plan from a file"), Callback::from(|_| choose_files())) }
                </div>
            </div>
            if !plans.is_empty() {
                <ul class="plans" data-testid="plans">{ for plans.iter().map(|plan| item(&app, plan)) }</ul>
            }
            <Begin open={plans.is_empty()} />
        </>
    }
}

fn summary(plans: &[PlanSummary]) -> String {
    if plans.is_empty() {
        return t!("Step by step to a checked end, with whoever works on the other side.").to_owned();
    }
    let mine = plans.iter().filter(|plan| plan.my_turn).count();
    let count = plans.len();
    let all = tn!(count, "{n} plan", "{n} plans", n = count);
    match mine {
        0 => t!("{all}; nothing is yours to do now", all = all),
        _ => t!("{all}; it is your turn in {mine}", all = all, mine = mine),
    }
}

fn item(app: &App, plan: &PlanSummary) -> Html {
    let open = app.on({
        let id: AttrValue = plan.id.clone().into();
        move || Action::Jobs(Change::Open(Some(id.clone())))
    });
    let delete = Callback::from({
        let (app, id, title) = (app.clone(), plan.id.clone(), plan.title.clone());
        move |_: MouseEvent| delete(&app, &id, &title)
    });
    let turn = if plan.turn.is_empty() {
        badge(Tone::Good, "check", t!("Done"))
    } else if plan.my_turn {
        badge(plan.tone, "arrow", t!("Your turn"))
    } else {
        badge(Tone::Info, "clock", &t!("Waits for {side}", side = plan.turn))
    };
    html! {
        <li class="plan-item" key={plan.id.clone()} data-testid="plan-item" data-plan={plan.id.clone()} data-done={plan.done.to_string()}
            data-steps={plan.steps.to_string()} data-my-turn={plan.my_turn.to_string()}>
            <div class="plan-item-main">
                <button type="button" class="plan-open" data-testid="plan-open" onclick={open}>{ &plan.title }</button>
                if !plan.next.is_empty() { <p>{ t!("Next: ") }{ &plan.next }</p> }
                <small>{ t!("changed on {day}", day = day(plan.modified_ms / 1000)) }</small>
            </div>
            <div class="plan-item-state">
                { turn }
                { progress(plan.done, plan.steps, &plan.state) }
            </div>
            { icon_button("small", "plan-delete", "trash", t!("Delete “{plan}” (can be undone)", plan = plan.title), false, delete) }
        </li>
    }
}

/// How far it is, as a bar with its words.
pub(super) fn progress(done: u32, steps: u32, words: &str) -> Html {
    html! {
        <span class={classes!("plan-progress", (done >= steps).then_some("done"))}>
            <progress max={steps.to_string()} value={done.to_string()} aria-label={t!("Progress")}></progress>
            <small>{ words.to_owned() }</small>
        </span>
    }
}

/// Deletes a plan, and offers to take that back.
pub(super) fn delete(app: &App, id: &str, title: &str) {
    let words = t!("Deleted the plan “{plan}”. Entries stay as they are", plan = title);
    let next = app.clone();
    app.ask_home(Request::DeletePlan { id: id.to_owned() }, move |answer| match answer {
        Ok(_) => {
            next.dispatch(Action::Jobs(Change::Open(None)));
            next.dispatch(Action::Toast(Tone::Info, words, true));
        }
        Err(problem) => next.tell(&problem),
    });
}

/// The way back to the list.
pub(super) fn back(app: &App) -> Html {
    let onclick = app.on(|| Action::Jobs(Change::Open(None)));
    html! { <button type="button" class="link" data-testid="plan-back" {onclick}>{ icon("back") }{ " " }{ t!("All jobs") }</button> }
}
