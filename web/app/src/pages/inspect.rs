//! The inspect page: what was dropped or pasted on one side, and on the other the chain that is judged, a thing in full, its encoding, or two
//! things beside each other.

mod answer;
mod asn1;
mod bag;
mod chain;
mod compare;
pub(crate) mod desk;
pub(crate) mod intake;
mod rows;
mod save;
mod sheet;

use certwright_protocol::language::text;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};
use yew::prelude::*;

use self::desk::{Change, View};
use crate::browser;
use crate::parts::icon;
use crate::state::{Action, App, WorkerState, use_app};
use certwright_protocol::{mark, t};

const VIEWS: [(View, &str, &str, &str); 4] = [
    (View::Chain, "chain", "shield", mark!("Chain")),
    (View::Details, "details", "cert", mark!("Details")),
    (View::Asn1, "asn1", "tree", "ASN.1"),
    (View::Compare, "compare", "columns", mark!("Compare")),
];

/// The page, for [`crate::lazy`].
pub(crate) fn draw(_: &App) -> Html {
    html! { <InspectPage /> }
}

#[component]
fn InspectPage() -> Html {
    let app = use_app();
    let desk = app.state.desk.clone();
    let give = intake::use_intake();
    let empty = desk.bag.things.is_empty() && desk.bag.problems.is_empty() && desk.unread.is_empty();
    let ready = (app.state.worker == WorkerState::Ready && desk.incoming.is_none()).to_string();
    let content = if empty {
        intake::empty()
    } else {
        html! {
            <div class="desk">
                <bag::BagSide {give} />
                if !desk.bag.things.is_empty() {
                    <section class="desk-side">
                        <Views />
                        <div class="view" role="tabpanel" aria-label={VIEWS.iter().find(|known| known.0 == desk.view).map(|known| text(known.3))}>
                            { match desk.view {
                                View::Chain => html! { <chain::ChainView /> },
                                View::Details => html! { <sheet::SheetView /> },
                                View::Asn1 => html! { <asn1::Asn1View /> },
                                View::Compare => html! { <compare::CompareView /> },
                            } }
                        </div>
                    </section>
                }
            </div>
        }
    };
    html! { <div class="page" data-testid="inspect-page" data-ready={ready}>{ content }</div> }
}

/// The tabs; the arrow keys go from one to the next.
#[component]
fn Views() -> Html {
    let app = use_app();
    let view = app.state.desk.view;
    let row = use_node_ref();
    let onclick = Callback::from({
        let app = app.clone();
        move |event: MouseEvent| {
            let Some(name) = browser::attribute_at(&event, "data-view") else { return };
            if let Some((view, ..)) = VIEWS.iter().find(|known| known.1 == name) {
                app.dispatch(Action::Desk(Change::Look(*view)));
            }
        }
    });
    let onkeydown = Callback::from({
        let row = row.clone();
        move |event: KeyboardEvent| {
            let step = match event.key().as_str() {
                "ArrowRight" => 1,
                "ArrowLeft" => VIEWS.len() - 1,
                _ => return,
            };
            let place = VIEWS.iter().position(|known| known.0 == view).unwrap_or(0);
            let next = VIEWS.get((place + step) % VIEWS.len());
            if let (Some(next), Some(row)) = (next, row.cast::<HtmlElement>()) {
                app.dispatch(Action::Desk(Change::Look(next.0)));
                if let Ok(Some(tab)) = row.query_selector(&format!("[data-view={}]", next.1)) {
                    let _ = tab.unchecked_into::<HtmlElement>().focus();
                }
            }
        }
    });
    html! {
        <div class="nav views" role="tablist" aria-label={t!("Ways to look")} ref={row} {onclick} {onkeydown}>
            { for VIEWS.iter().map(|(which, name, icon_name, label)| {
                let current = *which == view;
                html! {
                    <button type="button" class="nav-item" role="tab" data-testid={format!("view-{name}")} data-view={*name}
                        aria-selected={current.to_string()} tabindex={if current { "0" } else { "-1" }}>{ icon(icon_name) }<span>{ text(label) }</span></button>
                }
            }) }
        </div>
    }
}
