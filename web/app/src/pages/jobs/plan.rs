//! A plan: how far it is, the picture of what each side holds, its steps in order, and what was done when.

use std::rc::Rc;

use certwright_protocol::catalogue::format_time;
use certwright_protocol::t;
use certwright_protocol::ui::{PlanSheet, Request};
use yew::prelude::*;

use super::{ask, list, picture, step};
use crate::parts::controls::button;
use crate::state::use_app;

#[derive(Properties)]
pub(super) struct PlanProps {
    pub(super) sheet: Rc<PlanSheet>,
}

// Each sheet is told once.
impl PartialEq for PlanProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.sheet, &other.sheet)
    }
}

/// The plan.
#[component]
pub(super) fn Plan(props: &PlanProps) -> Html {
    let app = use_app();
    let sheet = &props.sheet;
    let heading = use_node_ref();
    // Whoever cannot see the plan open hears it.
    use_effect_with((), {
        let heading = heading.clone();
        move |()| crate::browser::focus(&heading)
    });
    let export = Callback::from({
        let (app, id) = (app.clone(), sheet.id.clone());
        move |_: MouseEvent| ask(&app, Request::ExportPlan { id: id.clone() })
    });
    let delete = Callback::from({
        let (app, id, title) = (app.clone(), sheet.id.clone(), sheet.title.clone());
        move |_: MouseEvent| list::delete(&app, &id, &title)
    });
    let steps = u32::try_from(sheet.steps.len()).unwrap_or(u32::MAX);
    let words = t!("{done} of {steps} steps", done = sheet.done, steps = steps);
    html! {
        <article class="plan" data-testid="plan" data-plan={sheet.id.clone()} data-done={sheet.done.to_string()} data-steps={steps.to_string()}>
            { list::back(&app) }
            <header class="toolbar">
                <div>
                    <h1 tabindex="-1" ref={heading} data-testid="plan-title">{ &sheet.title }</h1>
                    <p class="summary">{ &sheet.about }</p>
                </div>
                <div class="actions">
                    if sheet.sides.len() > 1 {
                        { button("", "plan-export", "send", t!("Plan for the other side"), export) }
                    }
                    { button("quiet", "plan-delete", "trash", t!("Delete"), delete) }
                </div>
            </header>
            { list::progress(sheet.done, steps, &words) }
            <picture::Picture sheet={sheet.clone()} />
            <ol class="plan-steps" aria-label={t!("Steps")}>
                { for sheet.steps.iter().enumerate().map(|(place, view)| step::draw(&app, sheet, place, view)) }
            </ol>
            if !sheet.log.is_empty() {
                <details class="block" data-testid="plan-log">
                    <summary>{ t!("What was done when") }</summary>
                    <ul class="plan-log">
                        { for sheet.log.iter().map(|line| html! {
                            <li><time>{ format_time(line.when_ms / 1000) }</time><strong>{ &line.who }</strong><span>{ &line.words }</span></li>
                        }) }
                    </ul>
                </details>
            }
        </article>
    }
}
