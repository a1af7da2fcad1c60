//! The form of a probe: where to and how; most of it drawn from the tables of [`super::fields`].

use std::rc::Rc;

use certwright_protocol::t;
use certwright_protocol::ui::{ProbePlan, Request, Response};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::fields::{ADVANCED, ALSO, MAIN, draw};
use super::plan::ProbeForm;
use crate::parts::icon;
use crate::state::{Action, App, use_app};

/// The form.
#[component]
pub(super) fn Form() -> Html {
    let app = use_app();
    let form = &app.state.probe_form;
    let change = Callback::from({
        let app = app.clone();
        move |form: ProbeForm| app.dispatch(Action::Form(form))
    });
    let input = |name: &'static str| {
        let (form, change) = (form.clone(), change.clone());
        Callback::from(move |event: InputEvent| {
            change.emit(form.with(name, event.target_unchecked_into::<HtmlInputElement>().value()));
        })
    };
    let split = Callback::from({
        let (form, change) = (form.clone(), change.clone());
        move |event: Event| {
            let typed = event.target_unchecked_into::<HtmlInputElement>().value();
            change.emit(form.with("host", typed).split());
        }
    });
    let onsubmit = Callback::from({
        let (app, form) = (app.clone(), form.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            start(&app, &form);
        }
    });
    let stop = app.state.probe.running.map(|id| {
        let app = app.clone();
        Callback::from(move |_: MouseEvent| app.cancel(id))
    });
    html! {
        <form class="form probe-form" data-testid="probe-form" {onsubmit} novalidate={true}>
            <h1>{ t!("Probe a server") }</h1>
            <div class="host-port">
                <label class="field">
                    <span>{ t!("Host") }</span>
                    <input type="text" data-testid="probe-host" value={form.get("host").to_owned()} oninput={input("host")} onchange={split}
                        placeholder="erp.example.com" autocomplete="off" autocapitalize="none" spellcheck="false" inputmode="url" />
                </label>
                <label class="field">
                    <span>{ t!("Port") }</span>
                    <input type="text" data-testid="probe-port" value={form.get("port").to_owned()} oninput={input("port")}
                        inputmode="numeric" autocomplete="off" maxlength="5" />
                </label>
            </div>
            { draw(&MAIN, &app.state, form, false, &change) }
            { options(&app, form, false, &change) }
            <div class="actions">
                if let Some(stop) = stop {
                    <button type="button" key="stop" class="button wide" data-testid="probe-stop" onclick={stop}>{ icon("cross") }{ t!("Stop") }</button>
                } else {
                    <button type="submit" key="start" class="button primary wide" data-testid="probe-start">{ icon("probe") }{ t!("Probe") }</button>
                }
            </div>
        </form>
    }
}

/// What few need: folded.
pub(crate) fn options(app: &App, form: &ProbeForm, many: bool, change: &Callback<ProbeForm>) -> Html {
    let fold = |testid: &'static str, title: &'static str, fields: &'static [super::fields::Field]| {
        html! {
            <details data-testid={testid}>
                <summary>{ title }</summary>
                <div class="form">{ draw(fields, &app.state, form, many, change) }</div>
            </details>
        }
    };
    html! { <>
        if !many { { fold("probe-also", t!("Find out also"), &ALSO) } }
        { fold("probe-advanced", t!("Advanced"), &ADVANCED) }
    </> }
}

/// Probes what the form says.
pub(crate) fn start(app: &App, form: &ProbeForm) {
    app.dispatch(Action::Form(form.split()));
    match form.plan() {
        Ok(plan) => start_plan(app, plan),
        Err(problem) => app.dispatch(Action::ProbeRejected(problem)),
    }
}

/// Probes by a plan.
pub(crate) fn start_plan(app: &App, plan: ProbePlan) {
    // The answer needs the number that only the call returns.
    let number = Rc::new(std::cell::Cell::new(None));
    let ended = app.clone();
    let again = Rc::new(plan.clone());
    let id = app.request(Request::Probe(Box::new(plan)), {
        let number = number.clone();
        move |answer| {
            let outcome = match answer {
                Ok(Response::Probed { report }) => Ok(report),
                Ok(_) => return,
                Err(problem) => Err(problem),
            };
            match (number.get(), outcome) {
                (Some(id), outcome) => ended.dispatch(Action::ProbeEnds(id, outcome)),
                (None, Err(problem)) => ended.dispatch(Action::ProbeRejected(problem)),
                (None, Ok(_)) => {}
            }
        }
    });
    if app.state.worker != crate::state::WorkerState::Failed {
        number.set(Some(id));
        app.dispatch(Action::ProbeStarts(id, again));
    }
}
