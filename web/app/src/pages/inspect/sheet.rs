//! A thing in full: what is to be said about its quality, then section by section with every value.

use certwright_protocol::ui::inspect::{Finding, Row, Section, Sheet};
use certwright_protocol::ui::{Request, Response};
use certwright_protocol::{t, tn};
use yew::prelude::*;

use super::answer::use_answer;
use super::bag::{badges, thing_icon};
use super::desk::Change;
use super::rows::{depth, value};
use super::save::tools;
use crate::parts::copy::Copy;
use crate::parts::explanation::{maybe_problem, what_to_try_line};
use crate::parts::{icon, tone_icon};
use crate::state::{Action, App, Tone, use_app};

/// The thing that is chosen.
#[component]
pub(super) fn SheetView() -> Html {
    let app = use_app();
    let (answer, waits) = use_answer(app.state.desk.chosen.map(|thing| Request::Sheet { thing }), 0);
    match answer.as_deref() {
        Some(Ok(Response::Sheet { sheet })) => draw(&app, sheet, waits),
        Some(Err(problem)) => maybe_problem(Some(problem)),
        _ => html! { <progress aria-label={t!("Reading")}></progress> },
    }
}

fn draw(app: &App, sheet: &Sheet, waits: bool) -> Html {
    let thing = &sheet.thing;
    html! {
        <article class="sheet" key={thing.id} data-testid="sheet" data-thing={thing.id.to_string()} data-busy={waits.then_some("true")}>
            <header class="sheet-head">
                <h2>{ icon(thing_icon(thing.kind)) }{ &thing.title }</h2>
                <p class="lead">{ &thing.subtitle }</p>
                <p class="badges">{ badges(&thing.badges) }<small>{ &thing.place }{ ", " }{ tn!(sheet.octets as usize, "1 octet", "{count} octets", count = sheet.octets as usize) }</small></p>
                { tools(app, thing, sheet.pem.as_ref()) }
            </header>
            { findings(&sheet.findings) }
            { for sheet.sections.iter().map(|part| section(app, thing.id, part)) }
        </article>
    }
}

/// What is to be said, a group for each tone; what is grave stands open.
fn findings(findings: &[Finding]) -> Html {
    let group = |tone: Tone, words: fn(usize) -> String| {
        let of_tone: Vec<&Finding> = findings.iter().filter(|finding| finding.tone == tone).collect();
        if of_tone.is_empty() {
            return html! {};
        }
        html! {
            <details class={classes!("findings", tone.word())} open={tone == Tone::Bad} data-testid="findings" data-tone={tone.word()} data-count={of_tone.len().to_string()}>
                <summary>{ tone_icon(tone) }{ " " }{ words(of_tone.len()) }</summary>
                <ul>
                    { for of_tone.into_iter().map(|finding| html! {
                        <li data-testid="finding" data-rule={finding.rule.clone()}>
                            <strong>{ &finding.words.title }</strong>
                            <p>{ &finding.words.what_happened }</p>
                            { what_to_try_line(&finding.words.what_to_try) }
                            <small>{ &finding.source }{ " · " }<code>{ &finding.rule }</code></small>
                        </li>
                    }) }
                </ul>
            </details>
        }
    };
    html! {
        <>
            { group(Tone::Bad, |count| tn!(count, "1 error", "{count} errors", count)) }
            { group(Tone::Warn, |count| tn!(count, "1 warning", "{count} warnings", count)) }
            { group(Tone::Info, |count| tn!(count, "1 note", "{count} notes", count)) }
            { group(Tone::Good, |count| tn!(count, "1 good point", "{count} good points", count)) }
        </>
    }
}

fn section(app: &App, thing: u32, section: &Section) -> Html {
    let light = section.range.map(|range| app.on(move || Action::Desk(Change::Light(thing, range))));
    html! {
        <section class="block" data-testid="section" data-title={section.title.clone()}>
            <div class="section-head">
                <h3>{ &section.title }</h3>
                { badges(&section.badges) }
                if let Some(source) = &section.source { <small>{ source }</small> }
                if let Some(onclick) = light {
                    <button type="button" class="link screen" data-testid="show-bytes" {onclick}>{ t!("Show in ASN.1") }</button>
                }
            </div>
            if !section.rows.is_empty() { <dl class="facts">{ for section.rows.iter().map(row) }</dl> }
        </section>
    }
}

fn row(row: &Row) -> Html {
    html! {
        <div class={classes!("fact", depth(row.depth.into()), row.value.is_empty().then_some("group-row"))} data-testid="row" data-label={row.label.clone()}>
            <dt>{ &row.label }</dt>
            <dd>
                <span>
                    { value(&row.value, row.style) }
                    if let Some(remark) = &row.remark { <em class="remark">{ remark }</em> }
                </span>
                if !row.value.is_empty() { <Copy text={row.value.clone()} what={row.label.clone()} /> }
            </dd>
        </div>
    }
}
