//! The table of many hosts: searched, filtered and sorted here; a click opens the whole result of a host, which is probed again for that.

use certwright_protocol::conversation::StartTls;
use certwright_protocol::language;
use certwright_protocol::ui::HostRow;
use certwright_protocol::{t, tn};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::list::{COLUMNS, Change, FILTERS, Slot, View, passes, text, written};
use super::run;
use crate::browser::{attribute_at, now};
use crate::pages::probe::form::start;
use crate::parts::time::{day, validity};
use crate::parts::{icon, tone_icon};
use crate::state::{Action, App, Page};

/// The table and what it is looked at by.
pub(super) fn table(app: &App) -> Html {
    let many = &app.state.many;
    let view = &many.view;
    let look = {
        let app = app.clone();
        move |view: View| app.dispatch(Action::Many(Change::View(view)))
    };
    let search = {
        let (view, look) = (view.clone(), look.clone());
        Callback::from(move |event: InputEvent| {
            let search = event.target_unchecked_into::<HtmlInputElement>().value().into();
            look(View { search, ..view.clone() });
        })
    };
    let filter = {
        let (view, look) = (view.clone(), look.clone());
        Callback::from(move |event: Event| {
            let filter = event.target_unchecked_into::<HtmlSelectElement>().selected_index().max(0) as usize;
            look(View { filter, ..view.clone() });
        })
    };
    let onclick = {
        let (app, view, look) = (app.clone(), view.clone(), look.clone());
        Callback::from(move |event: MouseEvent| {
            let number = |name| attribute_at(&event, name)?.parse::<usize>().ok();
            if let Some(column) = number("data-column") {
                let down = view.column == Some(column) && !view.down;
                look(View { column: Some(column), down, ..view.clone() });
            } else if let Some(place) = number("data-retry") {
                run(&app, vec![place], Vec::new());
            } else if let Some(place) = number("data-place") {
                open(&app, place);
            }
        })
    };
    let shown = many.shown();
    let more = shown.len().saturating_sub(view.most);
    let show_more = {
        let view = View { most: view.most + 500, ..view.clone() };
        Callback::from(move |_: MouseEvent| look(view.clone()))
    };
    let options = FILTERS.iter().enumerate().map(|(place, (id, name))| {
        let count = many.slots.iter().filter(|slot| passes(place, slot.row.as_deref())).count();
        let name = language::text(name);
        html! { <option value={*id} selected={view.filter == place} disabled={count == 0 && view.filter != place}>{ format!("{name} ({count})") }</option> }
    });
    html! {
        <div class="list hosts">
            <div class="list-controls" role="search">
                <input type="search" data-testid="hosts-search" aria-label={t!("Search hosts")} placeholder={t!("Search host, verdict, issuer, protocol")}
                    value={view.search.clone()} oninput={search} autocomplete="off" spellcheck="false" />
                <select data-testid="hosts-filter" aria-label={t!("Filter")} onchange={filter}>{ for options }</select>
                <span class="list-count" role="status" data-testid="hosts-count" data-count={shown.len().to_string()}>{ tn!(shown.len(), "1 host", "{count} hosts", count = shown.len()) }</span>
            </div>
            <table {onclick}>
                <thead><tr>
                    { for COLUMNS.iter().enumerate().map(|(column, (id, name))| {
                        let sorted = (view.column == Some(column)).then_some(if view.down { "descending" } else { "ascending" });
                        html! {
                            <th scope="col" class={format!("host-{id}")} aria-sort={sorted}>
                                <button type="button" class="sort" data-column={column.to_string()} data-testid={format!("hosts-sort-{id}")}>{ language::text(name) }</button>
                            </th>
                        }
                    }) }
                </tr></thead>
                <tbody>{ for shown.iter().take(view.most).filter_map(|place| Some(draw(*place, many.slots.get(*place)?, many.running.is_none()))) }</tbody>
            </table>
            if more > 0 {
                <button type="button" class="button wide" data-testid="hosts-more" onclick={show_more}>{ t!("Show more ({more} left)", more) }</button>
            }
        </div>
    }
}

fn draw(place: usize, slot: &Slot, idle: bool) -> Html {
    let target = &slot.target;
    let row = slot.row.as_deref();
    let mut beside = Vec::new();
    if target.starttls != StartTls::None {
        beside.push(target.starttls.title());
    }
    beside.extend(target.server_name.as_deref());
    let name = written(target);
    let verdict = row.map(|row| row.verdict.clone());
    let state = match (row, slot.under_way) {
        (Some(_), _) => "done",
        (None, true) => "running",
        (None, false) => "waiting",
    };
    html! {
        <tr class="entry host" key={place} data-place={place.to_string()} data-testid="host-row" data-host={name.clone()} data-state={state} data-verdict={verdict}>
            <th scope="row" class="host-host">
                <button type="button" class="entry-open" data-testid="host-open" title={t!("Probe it again, and show the whole result")}>{ name }</button>
                if !beside.is_empty() { <small>{ beside.join(" · ") }</small> }
            </th>
            { row.map_or_else(|| waiting(slot.under_way), |row| found(place, row, idle)) }
        </tr>
    }
}

fn waiting(under_way: bool) -> Html {
    let words = if under_way { t!("under way") } else { "waiting" };
    html! { <td colspan="5" class="host-waiting"><span class={classes!("told", under_way.then_some("running"))}>{ icon("dot") }{ words }</span></td> }
}

fn found(place: usize, row: &HostRow, idle: bool) -> Html {
    let tone = row.tone.unwrap_or(crate::state::Tone::Info);
    let issuer = row.issuer.as_deref().map(|issuer| t!("by {issuer}", issuer));
    let until = row.not_after.map(|until| {
        let (tone, words) = validity(0, until, now());
        html! { <>{ day(until) }<small class={tone.word()}>{ words }</small></> }
    });
    html! { <>
        <td class="host-verdict" title={row.what_happened.clone()}>
            <span class={classes!("told", tone.word())}>{ tone_icon(tone) }<span>{ &row.title }</span></span>
            if idle && tone != crate::state::Tone::Good {
                <button type="button" class="link" data-testid="host-retry" data-retry={place.to_string()}>{ t!("Retry") }</button>
            }
        </td>
        <td class="host-issuer">{ text(&row.subject) }<small>{ issuer }</small></td>
        <td class="host-until">{ until }</td>
        <td class="host-protocol">{ text(&row.version) }<small title={row.cipher_suite.clone()}>{ text(&row.cipher_suite) }</small></td>
        <td class="host-changes">
            if !row.changes.is_empty() {
                <ul data-testid="host-changes">{ for row.changes.iter().map(|change| html! { <li>{ change }</li> }) }</ul>
            }
        </td>
    </> }
}

/// The whole result of a host: it is probed again, with what the list was probed with.
fn open(app: &App, place: usize) {
    let many = &app.state.many;
    if let Some(slot) = many.slots.get(place) {
        app.dispatch(Action::Go(Page::Probe));
        if let Some(id) = app.state.probe.running {
            app.cancel(id);
        }
        start(app, &many.form.for_host(&slot.target));
    }
}
