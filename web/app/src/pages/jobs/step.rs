//! A step: who does it and how it stands, what is known, what can be filled in and done, and the texts for the other side.

use std::rc::Rc;

use certwright_protocol::catalogue::format_time;
use certwright_protocol::t;
use certwright_protocol::ui::plans::{PlanField, PlanFieldKind, PlanMessage, StepState, StepView};
use certwright_protocol::ui::{PlanSheet, Request};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::{acts, ask};
use crate::pages::probe::{phases::Phases, result::Outcome};
use crate::parts::badge::badge;
use crate::parts::copy::Copy;
use crate::parts::explanation::maybe_problem;
use crate::parts::time::day;
use crate::parts::{icon, kind_of, tone_icon};
use crate::state::{App, Tone};

/// The step. What is done, or not due yet, is folded.
pub(super) fn draw(app: &App, sheet: &Rc<PlanSheet>, place: usize, step: &StepView) -> Html {
    let (tone, icon_name, words) = match step.state {
        StepState::Done => (Tone::Good, "check", t!("Done")),
        StepState::Now => (Tone::Warn, "arrow", t!("To do now")),
        StepState::Waiting => (Tone::Info, "clock", t!("Waiting")),
        StepState::Blocked => (Tone::Bad, "warn", t!("Something is wrong")),
        StepState::Later => (Tone::Info, "dot", t!("Later")),
    };
    let open = matches!(step.state, StepState::Now | StepState::Waiting | StepState::Blocked);
    let time = match (step.done_ms, step.until_ms) {
        (Some(done), _) => t!("on {day}", day = day(done / 1000)),
        (None, Some(until)) => t!("until {time}", time = format_time(until / 1000)),
        (None, None) => String::new(),
    };
    html! {
        <li class={classes!("plan-step", kind_of(&step.state))} key={step.key.clone()} data-testid="plan-step" data-step={step.key.clone()}
            data-state={kind_of(&step.state)} data-mine={step.mine.to_string()}>
            <span class="plan-number" aria-hidden="true">{ if step.state == StepState::Done { icon("check") } else { html! { place + 1 } } }</span>
            // The key makes a step that is at its turn open by itself.
            <details key={open.to_string()} {open}>
                <summary>
                    <h2>{ &step.title }</h2>
                    <span class="plan-who">
                        { icon(if step.mine { "browser" } else { "server" }) }{ &step.who }
                        if step.mine { <em class="tag">{ t!("your side") }</em> }
                    </span>
                    { badge(tone, icon_name, words) }
                    if !time.is_empty() { <small>{ time }</small> }
                    <svg class="icon plan-fold" aria-hidden="true"><use href="#i-right" /></svg>
                </summary>
                <div class="plan-body">
                    <p>{ &step.words }</p>
                    if !step.findings.is_empty() {
                        <ul class="results" data-testid="plan-findings">
                            { for step.findings.iter().map(|finding| html! {
                                <li class={finding.tone.word()} data-testid="plan-finding" data-tone={finding.tone.word()}>{ tone_icon(finding.tone) }<span>{ &finding.words }</span></li>
                            }) }
                        </ul>
                    }
                    if !step.fields.is_empty() {
                        <div class="plan-fields">{ for step.fields.iter().map(|field| field_of(app, &sheet.id, field)) }</div>
                    }
                    { acts::draw(app, sheet, step) }
                    { probe(app, sheet, step) }
                    { for step.messages.iter().map(message) }
                </div>
            </details>
        </li>
    }
}

/// Something to be filled in. It is sent when the field is left.
fn field_of(app: &App, id: &str, field: &PlanField) -> Html {
    let send = {
        let (app, id, key) = (app.clone(), id.to_owned(), field.key.clone());
        Callback::from(move |value: String| {
            ask(&app, Request::SetPlanField { id: id.clone(), field: key.clone(), value });
        })
    };
    let testid = format!("plan-field-{}", field.key);
    let input = match field.kind {
        PlanFieldKind::Entry | PlanFieldKind::Choice => {
            let onchange =
                send.reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value());
            let known = field.choices.iter().any(|choice| choice.value == field.value);
            html! {
                <select data-testid={testid} {onchange}>
                    if !known { <option value="" selected={true}>{ t!("Choose…") }</option> }
                    { for field.choices.iter().map(|choice| html! {
                        <option value={choice.value.clone()} selected={choice.value == field.value}>{ &choice.label }</option>
                    }) }
                </select>
            }
        }
        kind => {
            let onchange =
                send.reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().value());
            let (shape, mode) = match kind {
                PlanFieldKind::Date => ("date", "none"),
                PlanFieldKind::Number => ("text", "numeric"),
                PlanFieldKind::Host => ("text", "url"),
                _ => ("text", "text"),
            };
            let id = format!("{id}-{}", field.key);
            html! { <Typed key={id} value={field.value.clone()} {shape} {mode} {testid} {onchange} /> }
        }
    };
    html! {
        <label class="field" key={field.key.clone()}>
            <span>{ &field.label }</span>
            { input }
            if !field.hint.is_empty() { <small>{ &field.hint }</small> }
        </label>
    }
}

#[derive(Properties, PartialEq)]
struct TypedProps {
    value: String,
    shape: &'static str,
    mode: &'static str,
    testid: String,
    onchange: Callback<Event>,
}

/// A field that is typed in. Whatever is drawn anew meanwhile, what stands in it is overwritten only by another value.
#[component]
fn Typed(props: &TypedProps) -> Html {
    let field = use_node_ref();
    use_effect_with(props.value.clone(), {
        let field = field.clone();
        move |value: &String| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                field.set_value(value);
            }
        }
    });
    html! {
        <input type={props.shape} inputmode={props.mode} data-testid={props.testid.clone()} ref={field} onchange={props.onchange.clone()} autocomplete="off"
            spellcheck="false" maxlength="260" />
    }
}

/// The probe that this step has begun, in its place.
fn probe(app: &App, sheet: &PlanSheet, step: &StepView) -> Html {
    let probe = &app.state.jobs.probe;
    if *probe.plan != *sheet.id || *probe.step != *step.key {
        return html! {};
    }
    html! {
        <section class="plan-probe" data-testid="plan-probe" data-running={probe.running.is_some().to_string()} aria-label={t!("Result of the probe")}>
            if probe.running.is_some() || probe.report.is_some() {
                <Phases report={probe.report.clone()} running={probe.running.is_some()} />
            }
            { maybe_problem(probe.problem.as_ref()) }
            if let Some(report) = &probe.report { <Outcome report={report.clone()} /> }
        </section>
    }
}

/// A text for the other side: to be copied, or to go on with in the mail program.
fn message(message: &PlanMessage) -> Html {
    let encoded = |text: &str| String::from(js_sys::encode_uri_component(text));
    let mail = format!("mailto:?subject={}&body={}", encoded(&message.title), encoded(&message.text));
    html! {
        <details class="plan-message" data-testid="plan-message">
            <summary>{ icon("send") }{ " " }{ t!("Message to {side}: {title}", side = message.to, title = message.title) }</summary>
            <pre class="message" data-testid="plan-message-text" tabindex="0" aria-label={message.title.clone()}>{ &message.text }</pre>
            <div class="actions">
                <Copy text={message.text.clone()} what={t!("message")} labelled={true} class="small" testid="plan-message-copy" />
                <a class="button small" data-testid="plan-message-mail" href={mail}>{ icon("send") }{ t!("Write a mail") }</a>
            </div>
        </details>
    }
}
