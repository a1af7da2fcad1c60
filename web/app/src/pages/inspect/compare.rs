//! Two things side by side: what the differences come to, then row by row.

use certwright_protocol::t;
use certwright_protocol::ui::inspect::{ComparedRow, Comparison, Thing};
use certwright_protocol::ui::{Request, Response};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::answer::use_answer;
use super::desk::Change;
use super::rows::{depth, value};
use super::save::print_button;
use crate::parts::controls::{icon_button, select};
use crate::parts::explanation::maybe_problem;
use crate::parts::icon;
use crate::parts::kept::use_flag;
use crate::state::{Action, App, use_app};

/// The comparison.
#[component]
pub(super) fn CompareView() -> Html {
    let app = use_app();
    let only = use_flag();
    let desk = app.state.desk.clone();
    let pair = desk.compared();
    let question = pair.map(|[left, right]| Request::Compare { left, right });
    let (answer, waits) = use_answer(question, 0);
    let Some([left, right]) = pair else {
        return html! { <p class="introduction" data-testid="compare-one">{ t!("There is one thing only. Add another, and they are put side by side: the old and the renewed certificate, the request and what came back.") }</p> };
    };
    let swap = Callback::from({
        let app = app.clone();
        move |_: MouseEvent| {
            app.dispatch(Action::Desk(Change::Compare(0, right)));
            app.dispatch(Action::Desk(Change::Compare(1, left)));
        }
    });
    let onchange = Callback::from({
        let only = only.clone();
        move |event: Event| only.set(event.target_unchecked_into::<HtmlInputElement>().checked())
    });
    html! {
        <div class="comparison" data-busy={waits.then_some("true")}>
            <div class="compare-choice screen">
                { choice(&app, "compare-left", t!("Left"), 0, left, &desk.bag.things) }
                { icon_button("", "compare-swap", "swap", t!("Change sides"), false, swap) }
                { choice(&app, "compare-right", t!("Right"), 1, right, &desk.bag.things) }
            </div>
            { match answer.as_deref() {
                Some(Ok(Response::Comparison { comparison })) => html! {
                    <>
                        <div class="actions screen">
                            <label class="check"><input type="checkbox" data-testid="compare-only" checked={*only} {onchange} /><span>{ t!("Only differences") }</span></label>
                            { print_button() }
                        </div>
                        { draw(comparison, *only) }
                    </>
                },
                Some(Err(problem)) => maybe_problem(Some(problem)),
                _ => html! { <progress aria-label={t!("Comparing")}></progress> },
            } }
        </div>
    }
}

/// A thing to choose, by title and place.
fn choice(
    app: &App,
    testid: &'static str,
    label: &'static str,
    side: usize,
    chosen: u32,
    things: &[Thing],
) -> Html {
    let picked = Callback::from({
        let app = app.clone();
        let ids: Vec<u32> = things.iter().map(|thing| thing.id).collect();
        move |place: usize| {
            if let Some(id) = ids.get(place) {
                app.dispatch(Action::Desk(Change::Compare(side, *id)));
            }
        }
    });
    html! {
        <label class="field"><span>{ label }</span>{ choose_thing(testid, things.iter(), chosen, picked) }</label>
    }
}

/// A choice among things; calls back with the position.
pub(super) fn choose_thing<'a>(
    testid: &'static str,
    things: impl Iterator<Item = &'a Thing> + Clone,
    chosen: u32,
    picked: Callback<usize>,
) -> Html {
    let place = things.clone().position(|thing| thing.id == chosen).unwrap_or(0);
    let named = things
        .map(|thing| (thing.id.to_string().into(), format!("{} ({})", thing.title, thing.place).into()));
    select(testid, named, place, picked)
}

fn draw(comparison: &Comparison, only: bool) -> Html {
    let sections = comparison.sections.iter().filter(|section| section.differs || !only);
    html! {
        <div data-testid="comparison">
            <ul class="compare-summary" data-testid="compare-summary">
                { for comparison.summary.iter().map(|sentence| html! { <li>{ icon("arrow") }<span>{ sentence }</span></li> }) }
            </ul>
            <div class="compared compared-heads" aria-hidden="true">
                <span></span><strong>{ &comparison.left.title }<small>{ &comparison.left.place }</small></strong><strong>{ &comparison.right.title }<small>{ &comparison.right.place }</small></strong>
            </div>
            { for sections.map(|section| html! {
                <section class="block" data-testid="compared-section" data-differs={section.differs.to_string()}>
                    <h2 class="part-heading">{ &section.title }{ if section.differs { "" } else { t!(" — the same") } }</h2>
                    { for section.rows.iter().filter(|row| differs(row) || !only).map(row) }
                </section>
            }) }
        </div>
    }
}

fn differs(row: &ComparedRow) -> bool {
    row.left != row.right
}

fn row(row: &ComparedRow) -> Html {
    let differs = differs(row);
    let side = |text: &Option<String>, which: &'static str| {
        let absent = || html! { <span class="absent">{ t!("not there") }</span> };
        let shown = text.as_ref().map_or_else(absent, |text| value(text, row.style));
        html! { <div class={which}>{ shown }</div> }
    };
    html! {
        <div class={classes!("compared", depth(row.depth.into()), differs.then_some("differs"))} data-testid="compared-row" data-label={row.label.clone()} data-differs={differs.to_string()}>
            <span class="compared-label">{ &row.label }</span>
            if differs {
                { side(&row.left, "left") }
                { side(&row.right, "right") }
            } else {
                { side(&row.left, "both") }
            }
        </div>
    }
}
