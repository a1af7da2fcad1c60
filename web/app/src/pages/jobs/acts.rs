//! What can be done in a step. The worker says what there is; the page carries out what needs a dialog, a file or a probe, and brings the user back.

use std::cell::Cell;
use std::rc::Rc;

use certwright_protocol::Bytes;
use certwright_protocol::t;
use certwright_protocol::ui::plans::{PlanAct, PlanActKind, StepView};
use certwright_protocol::ui::{InputFile, PlanSheet, Request, Response, StoreId};
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::give::use_giving;
use super::kept::{Change, Errand};
use super::{ask, refresh};
use crate::browser;
use crate::frame::drop::{choose_files, read_files};
use crate::parts::controls::button;
use crate::parts::icon;
use crate::state::{Action, App, Files, Page, Pane, Tone, WorkerState, use_app};

/// All acts of a step: buttons, and below them why some cannot be used.
pub(super) fn draw(app: &App, sheet: &Rc<PlanSheet>, step: &StepView) -> Html {
    let refused = step.acts.iter().filter_map(|act| act.refused.as_ref().map(|why| (act, why)));
    let files = step.acts.iter().filter(|act| act.kind == PlanActKind::Files && act.refused.is_none());
    html! {
        <>
            <div class="actions">
                { for step.acts.iter().filter(|act| act.kind != PlanActKind::Files || act.refused.is_some()).map(|act| one(app, sheet, step, act)) }
            </div>
            { for files.map(|act| html! {
                <FilesAct key={act.key.clone()} plan={sheet.id.clone()} step={step.key.clone()} act={act.key.clone()} label={act.label.clone()} primary={act.primary} />
            }) }
            { for refused.map(|(act, why)| html! {
                <p class="plan-refused" data-testid="plan-refused" data-act={act.key.clone()}>{ icon("info") }<span><strong>{ &act.label }</strong>{ ": " }{ why }</span></p>
            }) }
        </>
    }
}

fn one(app: &App, sheet: &Rc<PlanSheet>, step: &StepView, act: &PlanAct) -> Html {
    let probe = &app.state.jobs.probe;
    let running = probe.running.filter(|_| *probe.plan == *sheet.id && *probe.step == *step.key);
    if let (PlanActKind::Probe { .. }, Some(id)) = (&act.kind, running) {
        let app = app.clone();
        return button(
            "",
            "plan-probe-stop",
            "cross",
            t!("Stop"),
            Callback::from(move |_: MouseEvent| app.cancel(id)),
        );
    }
    let icon_name = match &act.kind {
        PlanActKind::Do => "check",
        PlanActKind::Download | PlanActKind::Export { .. } => "download",
        PlanActKind::Files | PlanActKind::Import { .. } => "import",
        PlanActKind::Probe { .. } => "probe",
        PlanActKind::NewKey { .. } => "key",
        PlanActKind::MakeRequest { .. } => "send",
        PlanActKind::SelfSign { .. } => "cert",
        PlanActKind::Entry { .. } => "look",
        PlanActKind::Copy { .. } => "copy",
    };
    let onclick = Callback::from({
        let (app, sheet, step, act) = (app.clone(), sheet.clone(), step.key.clone(), act.clone());
        move |_: MouseEvent| run(&app, &sheet, &step, &act)
    });
    html! {
        <button type="button" key={act.key.clone()} class={classes!("button", act.primary.then_some("primary"))} data-testid="plan-act" data-act={act.key.clone()}
            disabled={act.refused.is_some()} {onclick}>{ icon(icon_name) }{ &act.label }</button>
    }
}

/// Carries an act out.
fn run(app: &App, sheet: &PlanSheet, step: &str, act: &PlanAct) {
    let go = |pane: Pane, alias: &str, field: Option<&String>, brings: bool| {
        leave(
            app,
            pane,
            Errand {
                alias: alias.to_owned().into(),
                field: field.map(|field| field.clone().into()),
                brings,
                ..errand(sheet)
            },
        );
    };
    match &act.kind {
        PlanActKind::Do | PlanActKind::Download => {
            ask(app, Request::PlanAct { id: sheet.id.clone(), step: step.to_owned(), act: act.key.clone() });
        }
        // Drawn with a field of its own.
        PlanActKind::Files => {}
        PlanActKind::Probe { .. } => probe(app, &sheet.id, step, &act.key),
        PlanActKind::NewKey { alias, field } => go(Pane::NewKey, alias, Some(field), true),
        PlanActKind::MakeRequest { alias, like } => {
            let like = like.clone().map(AttrValue::from);
            leave(app, Pane::MakeRequest(alias.clone().into()), Errand { like, ..errand(sheet) });
        }
        PlanActKind::SelfSign { alias } => go(Pane::SelfSign(alias.clone().into()), "", None, true),
        PlanActKind::Import { field } => {
            // The page stays until there are files: who chooses none has not left.
            app.dispatch(Action::Store(StoreId::HOME));
            app.dispatch(Action::Go(Page::Jobs));
            let field = field.clone().map(AttrValue::from);
            app.dispatch(Action::Jobs(Change::Leaves(Errand { field, brings: true, ..errand(sheet) })));
            choose_files();
        }
        PlanActKind::Entry { alias } => go(Pane::Entry(alias.clone().into()), "", None, false),
        PlanActKind::Export { alias } => go(Pane::Export(Rc::new(vec![alias.clone()])), "", None, false),
        PlanActKind::Copy { text } => {
            let app = app.clone();
            browser::copy_text(text, move |worked| {
                let words = if worked { t!("Copied") } else { t!("The browser does not let the page copy") };
                app.toast(if worked { Tone::Good } else { Tone::Bad }, words);
            });
        }
    }
}

fn errand(sheet: &PlanSheet) -> Errand {
    Errand {
        plan: sheet.id.clone().into(),
        title: sheet.title.clone().into(),
        alias: "".into(),
        like: None,
        field: None,
        brings: false,
    }
}

/// Leaves for the keystore of the browser, which is the one that plans are about.
fn leave(app: &App, pane: Pane, errand: Errand) {
    app.dispatch(Action::Store(StoreId::HOME));
    app.dispatch(Action::Open(pane));
    app.dispatch(Action::Jobs(Change::Leaves(errand)));
}

/// Probes for a step.
fn probe(app: &App, plan: &str, step: &str, act: &str) {
    // The answer needs the number that only the call returns.
    let number = Rc::new(Cell::new(0));
    let request = Request::PlanProbe { id: plan.to_owned(), step: step.to_owned(), act: act.to_owned() };
    let next = app.clone();
    let id = app.bridge.ask(StoreId::HOME, request, {
        let (number, plan) = (number.clone(), plan.to_owned());
        move |answer| {
            let outcome = match answer {
                Ok(Response::Probed { report }) => Ok(report.into()),
                Ok(_) => return,
                Err(problem) => Err(problem),
            };
            next.dispatch(Action::Jobs(Change::ProbeEnds(number.get(), outcome)));
            refresh(&next, &plan);
        }
    });
    number.set(id);
    if app.state.worker != WorkerState::Failed {
        app.dispatch(Action::Jobs(Change::ProbeStarts(plan.to_owned().into(), step.to_owned().into(), id)));
    }
}

#[derive(Properties, PartialEq)]
struct FilesProps {
    plan: String,
    step: String,
    act: String,
    label: String,
    primary: bool,
}

/// An act that takes files or a text that is pasted.
#[component]
fn FilesAct(props: &FilesProps) -> Html {
    let app = use_app();
    let text = use_node_ref();
    let (give, closed) = use_giving();
    let send = {
        let place = [props.plan.clone(), props.step.clone(), props.act.clone()];
        give.reform(move |files: Vec<InputFile>| (place.clone(), Files(Rc::new(files))))
    };
    let chosen = Callback::from({
        let send = send.clone();
        move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let (send, app) = (send.clone(), app.clone());
            read_files(input.files(), move |files, problems| {
                problems.iter().for_each(|problem| app.tell(problem));
                send.emit(files);
            });
            input.set_value("");
        }
    });
    let pasted = Callback::from({
        let text = text.clone();
        move |_: MouseEvent| {
            let Some(field) = text.cast::<HtmlTextAreaElement>() else { return };
            let content = field.value();
            if !content.trim().is_empty() {
                field.set_value("");
                send.emit(vec![InputFile {
                    name: t!("pasted text").to_owned(),
                    content: Bytes(content.into_bytes()),
                }]);
            }
        }
    });
    html! {
        <div class="plan-files" data-testid="plan-files" data-act={props.act.clone()}>
            <label class={classes!("button", props.primary.then_some("primary"))}>
                { icon("import") }{ &props.label }
                <input type="file" multiple={true} class="offscreen" data-testid="plan-file" onchange={chosen} />
            </label>
            <details>
                <summary>{ t!("Paste a text instead") }</summary>
                <div class="form">
                    <textarea class="mono" rows="4" ref={text} data-testid="plan-paste" aria-label={props.label.clone()} spellcheck="false" autocomplete="off" />
                    <div class="actions">{ button("small", "plan-paste-submit", "check", t!("Take the text"), pasted) }</div>
                </div>
            </details>
            { closed }
        </div>
    }
}
