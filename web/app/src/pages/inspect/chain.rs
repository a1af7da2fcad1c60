//! The chain, judged: the verdict, the path drawn, every failure with its remedy, what the other side must hold, every check; other paths too.

mod checks;
mod keys;
mod path;
mod settings;

use std::rc::Rc;

use certwright_protocol::ui::inspect::{Judgement, PathView, Words};
use certwright_protocol::ui::{Request, Response, ThingFormat};
use certwright_protocol::{t, tn};
use yew::prelude::*;

use super::answer::use_answer;
use super::save::{print_button, save};
use crate::parts::controls::button;
use crate::parts::explanation::{maybe_problem, what_to_try_line};
use crate::parts::word::word;
use crate::parts::{icon, tone_icon};
use crate::state::{App, Tone, use_app};

/// The judgement, with what it depends on above.
#[component]
pub(super) fn ChainView() -> Html {
    let app = use_app();
    let shown = use_state_eq(|| 0_usize);
    let desk = app.state.desk.clone();
    let plan = desk.plan();
    // What is trusted lies in the keystore, and helpers lie in the bag.
    let depends = (Rc::as_ptr(&app.state.keystore) as usize) ^ (Rc::as_ptr(&desk.bag) as usize);
    let (answer, waits) = use_answer(plan.clone().map(Request::Judge), depends);
    use_effect_with(answer.as_ref().map(|answer| Rc::as_ptr(answer) as usize), {
        let shown = shown.setter();
        move |_| shown.set(0)
    });
    let Some(plan) = plan else {
        return html! { <p class="introduction" data-testid="no-chain">{ t!("A chain is judged once there is a certificate. What is here can be looked at in detail.") }</p> };
    };
    html! {
        <div class="outcome" data-testid="judged" data-busy={waits.then_some("true")}>
            <settings::Settings {plan} />
            { match answer.as_deref() {
                Some(Ok(Response::Judgement { judgement })) => draw(&app, judgement, &shown),
                Some(Err(problem)) => maybe_problem(Some(problem)),
                _ => html! { <progress aria-label={t!("Judging")}></progress> },
            } }
        </div>
    }
}

fn draw(app: &App, judgement: &Judgement, shown: &UseStateHandle<usize>) -> Html {
    let tone = if judgement.trusted { Tone::Good } else { Tone::Bad };
    let path = judgement.paths.get(**shown).or(judgement.paths.first());
    html! {
        <>
            <section class={classes!("verdict", tone.word())} role="status" data-testid="verdict" data-trusted={judgement.trusted.to_string()}
                data-code={path.and_then(|path| path.failures.first()).map(|failure| failure.code.clone())}>
                <span class="seal">{ if judgement.trusted { icon("check") } else { icon("cross") } }</span>
                <div>
                    <h2>{ &judgement.words.title }</h2>
                    <p>{ &judgement.words.what_happened }</p>
                    { what_to_try_line(&judgement.words.what_to_try) }
                    <small>{ &judgement.profile }{ " · " }{ &judgement.trust }</small>
                    if let Some(gave_up) = &judgement.gave_up { <p class="consequence warn">{ icon("warn") }<span>{ gave_up }</span></p> }
                </div>
            </section>
            if let Some(path) = path { { one_path(app, judgement, path, shown) } }
            if !judgement.needs.is_empty() {
                <section class="block" data-testid="needs">
                    <h3>{ t!("What the other side must hold") }</h3>
                    { words_list("needs", "server", &judgement.needs) }
                    <keys::WhichKeys />
                </section>
            }
            if let Some(path) = path { { checks::table(path) } }
        </>
    }
}

/// A path with all that is to be said about it.
fn one_path(app: &App, judgement: &Judgement, path: &PathView, shown: &UseStateHandle<usize>) -> Html {
    let things: Vec<u32> = path.links.iter().filter_map(|link| link.thing).collect();
    // The verdict has told the gravest failure already.
    let failures: Vec<_> = path.failures.iter().filter(|failure| failure.words != judgement.words).collect();
    html! {
        <section class="block" data-testid="path" data-trusted={path.trusted.to_string()}>
            <div class="block-head">
                <h3>{ word("chain", t!("Chain")) }{ " " }{ &path.title }</h3>
                <div class="actions tools screen">
                    if !things.is_empty() { { button("small", "save-path", "download", t!("Save chain"), save(app, things, ThingFormat::Pem)) } }
                    { print_button() }
                </div>
            </div>
            if judgement.paths.len() > 1 { { others(judgement, shown) } }
            { path::draw(app, path) }
            if !failures.is_empty() {
                <ul class="failures" data-testid="failures">
                    { for failures.into_iter().map(|failure| html! {
                        <li data-testid="failure" data-code={failure.code.clone()} data-check={failure.check.clone()} data-at={failure.at.map(|at| at.to_string())}>
                            { icon("cross") }
                            <div>
                                <strong>{ &failure.words.title }</strong>
                                if let Some(link) = failure.at.and_then(|at| path.links.get(at as usize)) { <small>{ " " }{ &link.name }</small> }
                                <p>{ &failure.words.what_happened }</p>
                                { what_to_try_line(&failure.words.what_to_try) }
                            </div>
                        </li>
                    }) }
                </ul>
            }
            if !path.remarks.is_empty() { { words_list("remarks", "info", &path.remarks) } }
        </section>
    }
}

/// All paths, one of which is drawn.
fn others(judgement: &Judgement, shown: &UseStateHandle<usize>) -> Html {
    let count = judgement.paths.len() - 1;
    html! {
        <div class="other-paths screen" role="group" aria-label={t!("Paths")}>
            <span>{ tn!(count, "1 other path", "{count} other paths", count) }{ ":" }</span>
            { for judgement.paths.iter().enumerate().map(|(index, path)| {
                let onclick = Callback::from({
                    let shown = shown.clone();
                    move |_: MouseEvent| shown.set(index)
                });
                let pressed = (**shown == index).to_string();
                html! {
                    <button type="button" class="chip" data-testid="path-choice" aria-pressed={pressed} {onclick}>
                        { tone_icon(if path.trusted { Tone::Good } else { Tone::Bad }) }{ &path.title }
                    </button>
                }
            }) }
        </div>
    }
}

/// What is to be known, each in its box.
fn words_list(testid: &'static str, icon_name: &'static str, list: &[Words]) -> Html {
    html! {
        <ul class="remarks" data-testid={testid}>
            { for list.iter().map(|words| html! {
                <li>
                    { icon(icon_name) }
                    <div><strong>{ &words.title }</strong><p>{ &words.what_happened }</p>{ what_to_try_line(&words.what_to_try) }</div>
                </li>
            }) }
        </ul>
    }
}
