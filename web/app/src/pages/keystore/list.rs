//! The list of entries: one table, of which so many rows are drawn as can be looked at. Where it is narrow, its rows become cards
//! (in CSS). Clicks are taken by the table as a whole, which keeps large keystores quick.

mod bulk;
mod keys;
pub(super) mod view;

use certwright_protocol::language::text;
use certwright_protocol::mark;
use certwright_protocol::view::{ChainState, EntryKind, EntryView};
use certwright_protocol::{t, tn};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use self::bulk::Bulk;
use self::view::{COLUMNS, Change, FILTERS, ListView, Look, filter_name, passes, subject, use_places};
use crate::browser::{self, Sight};
use crate::lazy::{self, Lazy};
use crate::parts::badge::entry_badge;
use crate::parts::icon;
use crate::parts::kept::use_flag;
use crate::parts::time::{day, validity};
use crate::parts::word::word;
use crate::settings;
use crate::state::{Action, Pane, entry_state, use_app};

/// The groups, in the order in which entries are sorted by type.
const GROUPS: [(EntryKind, &str, &str, &str); 3] = [
    (EntryKind::KeyPair, "key-pair", mark!("Key pairs"), mark!("who you are")),
    (EntryKind::TrustedCertificate, "trust", mark!("Trust store"), mark!("whom you trust")),
    (EntryKind::SecretKey, "secret-key", mark!("Secret keys"), mark!("kept for programs that use them")),
];

/// The list.
#[component]
pub(super) fn List() -> Html {
    let app = use_app();
    let view = use_reducer(ListView::default);
    let at = use_state_eq(|| None::<String>);
    let entries = app.state.entries();
    let now = browser::now();
    let places = use_places(&app, &view, now);
    let picked: Vec<&EntryView> = places.iter().filter_map(|place| entries.get(*place)).collect();
    let chosen = app.state.pane.alias().cloned();
    let aliases: Vec<String> = picked.iter().map(|entry| entry.alias.clone()).collect();
    let all = !aliases.is_empty() && aliases.iter().all(|alias| view.has(alias));
    let select_all = Callback::from({
        let (view, aliases) = (view.dispatcher(), aliases.clone());
        move |_: Event| view.dispatch(Change::Select(aliases.clone(), !all))
    });
    let onclick = Callback::from({
        let (app, view, aliases) = (app.clone(), view.clone(), aliases.clone());
        move |event: MouseEvent| {
            let Some((alias, part)) = clicked(&event) else { return };
            if part == "select" {
                let wanted = !view.has(&alias);
                let range = range(&aliases, view.last.as_deref().filter(|_| event.shift_key()), alias);
                view.dispatch(Change::Select(range, wanted));
            } else {
                app.dispatch(Action::Open(Pane::Entry(alias.into())));
            }
        }
    });
    // One row is reached with Tab, the others from there with the arrows.
    let shown = aliases.get(..view.most).unwrap_or(&aliases);
    let reached =
        shown.iter().find(|alias| Some(*alias) == at.as_ref()).or(shown.first()).map(String::as_str);
    let onfocusin = Callback::from({
        let at = at.clone();
        move |event: FocusEvent| {
            if let Some(alias) = browser::attribute_at(&event, "data-alias") {
                at.set(Some(alias));
            }
        }
    });
    let onkeydown = keys::callback(&app, &view, aliases.clone(), shown.len());
    let grouped = view.column == 0;
    let mut rows = Vec::new();
    let mut kind = None;
    for &entry in picked.iter().take(view.most) {
        if grouped && kind != Some(entry.kind) {
            kind = Some(entry.kind);
            rows.push(group(entry.kind));
        }
        let chosen = chosen.as_deref() == Some(&entry.alias);
        rows.push(row(entry, chosen, view.has(&entry.alias), reached == Some(entry.alias.as_str()), now));
    }
    let more = picked.len().saturating_sub(view.most);
    html! {
        <div class="list">
            { standing(&view, entries, now) }
            { controls(&view, entries, picked.len(), now) }
            <Bulk selected={view.selected.clone()} view={view.dispatcher()} />
            <table>
                <thead>
                    <tr>
                        <th scope="col" class="cell-check" data-label={t!("Select all")}>
                            <input type="checkbox" data-testid="select-all" aria-label={t!("Select all that are shown")} checked={all} onchange={select_all} />
                        </th>
                        { heading(&view, 1) }{ heading(&view, 2) }{ heading(&view, 3) }{ heading(&view, 4) }{ heading(&view, 5) }
                        <th scope="col" class="cell-state">{ word("chain", t!("Chain")) }</th>
                    </tr>
                </thead>
                <tbody {onclick} {onfocusin} {onkeydown}>{ for rows }</tbody>
            </table>
            if picked.is_empty() { <p class="list-none" data-testid="list-none">{ t!("No entry is like that.") }</p> }
            if more > 0 {
                <More key={view.most} left={more} onmore={change(&view, |()| Change::More)} />
            }
            <Validity view={view.clone()} />
        </div>
    }
}

/// How the keystore stands, in one line: what needs care, each a filter on click. Nothing where nothing does.
fn standing(view: &UseReducerHandle<ListView>, entries: &[EntryView], now: i64) -> Html {
    let care = [
        ("expired", "bad", "cross"),
        ("warn", "warn", "clock"),
        ("pending", "info", "send"),
        ("incomplete", "warn", "warn"),
    ];
    let days = settings::current().warn_days;
    let shown = care.into_iter().filter_map(|(id, tone, icon_name)| {
        let place = FILTERS.iter().position(|(filter, _)| *filter == id)?;
        let n = entries.iter().filter(|entry| passes(place, entry, now)).count();
        let words = match id {
            "expired" => tn!(n, "{n} expired", "{n} expired", n),
            "warn" => tn!(n, "{n} expires within {days} days", "{n} expire within {days} days", n, days),
            "pending" => tn!(n, "{n} request pending", "{n} requests pending", n),
            _ => tn!(n, "{n} chain incomplete", "{n} chains incomplete", n),
        };
        let on = view.filter == place;
        let onclick = change(view, move |_: MouseEvent| Change::Filter(if on { 0 } else { place }));
        (n > 0).then(|| html! {
            <li><button type="button" class={classes!("standing-part", tone)} data-testid={format!("standing-{id}")} data-count={n.to_string()}
                aria-pressed={on.to_string()} {onclick}>{ icon(icon_name) }{ words }</button></li>
        })
    });
    let shown: Vec<Html> = shown.collect();
    if shown.is_empty() {
        return html! {};
    }
    html! { <ul class="standing" data-testid="standing" aria-label={t!("What needs care")}>{ for shown }</ul> }
}

#[derive(Properties, PartialEq)]
struct MoreProps {
    left: usize,
    onmore: Callback<()>,
}

/// The end of the rows that are drawn: draws more when it comes into sight, or is pressed.
#[component]
fn More(props: &MoreProps) -> Html {
    let button = use_node_ref();
    use_effect_with((), {
        let (button, onmore) = (button.clone(), props.onmore.clone());
        move |()| {
            let sight = button.cast::<Element>().map(|button| Sight::new(&button, move || onmore.emit(())));
            move || drop(sight)
        }
    });
    let onclick = props.onmore.reform(|_: MouseEvent| ());
    html! {
        <button type="button" ref={button} class="button quiet wide" data-testid="list-more" {onclick}>
            { t!("Show more: {more} are left", more = props.left) }
        </button>
    }
}

#[derive(Properties, PartialEq)]
struct ValidityProps {
    view: Look,
}

/// What the list shows, as bars in time: unfolds below it. It is fetched and drawn only then.
#[component]
fn Validity(props: &ValidityProps) -> Html {
    let open = use_flag();
    let ontoggle = Callback::from({
        let open = open.setter();
        move |event: Event| open.set(browser::is_open(&event))
    });
    html! {
        <details class="validity" data-testid="validity" {ontoggle}>
            <summary data-testid="validity-open">{ t!("Validity over time") }</summary>
            if *open {
                <ContextProvider<Look> context={props.view.clone()}><Lazy key="validity" part={lazy::VALIDITY} /></ContextProvider<Look>>
            }
        </details>
    }
}

/// A callback that changes how the list is looked at.
fn change<E: 'static>(view: &UseReducerHandle<ListView>, run: impl Fn(E) -> Change + 'static) -> Callback<E> {
    let view = view.dispatcher();
    Callback::from(move |event| view.dispatch(run(event)))
}

/// The alias of the row that was clicked, and `select` if it was its checkbox.
fn clicked(event: &MouseEvent) -> Option<(String, &'static str)> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let alias = target.closest("[data-alias]").ok()??.get_attribute("data-alias")?;
    let check = target.closest(".cell-check").ok()?;
    // A click on the label comes once more, as that of its checkbox.
    match (check, target.tag_name().as_str()) {
        (Some(_), "INPUT") => Some((alias, "select")),
        (Some(_), _) => None,
        _ => Some((alias, "open")),
    }
}

/// From the one that was selected last to this one; this one alone if there is none. This one comes last.
fn range(aliases: &[String], last: Option<&str>, alias: String) -> Vec<String> {
    let place = |wanted: &str| aliases.iter().position(|alias| alias == wanted);
    let mut range = match (last.and_then(place), place(&alias)) {
        (Some(from), Some(to)) => aliases.get(from.min(to)..=from.max(to)).unwrap_or_default().to_vec(),
        _ => Vec::new(),
    };
    range.push(alias);
    range
}

fn controls(view: &UseReducerHandle<ListView>, entries: &[EntryView], shown: usize, now: i64) -> Html {
    let index =
        |event: Event| event.target_unchecked_into::<HtmlSelectElement>().selected_index().max(0) as usize;
    let search = change(view, |event: InputEvent| {
        Change::Search(event.target_unchecked_into::<HtmlInputElement>().value())
    });
    let filters = FILTERS.iter().enumerate().map(|(place, (id, name))| {
        let name = filter_name(id, name);
        let count = entries.iter().filter(|entry| passes(place, entry, now)).count();
        // What nothing passes is no choice, but the list of choices stays the same.
        let disabled = count == 0 && view.filter != place;
        html! { <option value={*id} selected={view.filter == place} {disabled}>{ format!("{name} ({count})") }</option> }
    });
    html! {
        <div class="list-controls" role="search">
            <input type="search" data-testid="list-search" aria-label={t!("Search entries")} placeholder={t!("Search alias, names, issuer, serial number")}
                value={view.search.clone()} oninput={search} autocomplete="off" spellcheck="false" />
            <select data-testid="list-filter" aria-label={t!("Filter")} onchange={change(view, move |event| Change::Filter(index(event)))}>{ for filters }</select>
            <select class="list-sort" data-testid="list-sort" aria-label={t!("Sort by")} onchange={change(view, move |event| Change::Sort(index(event)))}>
                { for COLUMNS.iter().enumerate().map(|(place, (id, name))| html! {
                    <option value={*id} selected={view.column == place}>{ t!("By {column}", column = text(name)) }</option>
                }) }
            </select>
            <span class="list-count" role="status" data-testid="list-count" data-count={shown.to_string()}>
                if shown < entries.len() { { t!("{shown} of {count}", shown, count = entries.len()) } }
            </span>
        </div>
    }
}

fn heading(view: &UseReducerHandle<ListView>, column: usize) -> Html {
    let Some((id, name)) = COLUMNS.get(column) else { return html! {} };
    let sorted = (view.column == column).then_some(if view.down { "descending" } else { "ascending" });
    html! {
        <th scope="col" class={format!("cell-{id}")} aria-sort={sorted}>
            <button type="button" class="sort" data-testid={format!("sort-{id}")} onclick={change(view, move |_| Change::Sort(column))}>{ text(name) }</button>
        </th>
    }
}

fn group(kind: EntryKind) -> Html {
    let found = GROUPS.iter().find(|(of, ..)| *of == kind);
    let Some((_, card, title, what_for)) = found else { return html! {} };
    html! {
        <tr class="group" key={*card}><th colspan="7" scope="rowgroup">{ word(card, text(title)) }<span>{ text(what_for) }</span></th></tr>
    }
}

fn row(entry: &EntryView, chosen: bool, selected: bool, reached: bool, now: i64) -> Html {
    let tabindex = if reached { "0" } else { "-1" };
    let (kind, icon_name) = match entry.kind {
        EntryKind::KeyPair => ("key_pair", "key"),
        EntryKind::TrustedCertificate => ("trusted_certificate", "shield"),
        EntryKind::SecretKey => ("secret_key", "secret"),
    };
    let certificate = entry.certificate.as_ref();
    let (name, full) = subject(entry);
    let issuer = match certificate {
        Some(certificate) if certificate.is_self_issued => t!("itself"),
        Some(certificate) => certificate.issuer_name.as_str(),
        None => "",
    };
    let missing = match &entry.chain_state {
        ChainState::Incomplete { missing, .. } => Some(missing),
        _ => None,
    };
    html! {
        <tr class={classes!("entry", chosen.then_some("chosen"), selected.then_some("selected"))} key={entry.alias.clone()} data-testid="entry-row"
            data-alias={entry.alias.clone()} data-kind={kind} data-state={entry_state(entry)} data-locked={entry.locked.then_some("true")}
            data-closed={entry.closed.then_some("true")}>
            <td class="cell-check"><label><input type="checkbox" data-testid="entry-select" {tabindex} aria-label={t!("Select {alias}", alias = entry.alias)} checked={selected} /></label></td>
            <th scope="row" class="cell-alias">
                <span class={classes!("kind", kind)}>{ icon(icon_name) }</span>
                <span>
                    <button type="button" class="entry-open" data-testid="entry-open" {tabindex} aria-current={chosen.then_some("true")}>{ &entry.alias }</button>
                    <small>{ &entry.key }{ marks(entry) }</small>
                </span>
            </th>
            <td class="cell-subject" title={full.to_owned()}><span>{ &name }</span>if full != name { <small>{ full }</small> }</td>
            <td class="cell-issuer">{ issuer }</td>
            <td class="cell-until">{ certificate.map(|certificate| until(certificate.not_before, certificate.not_after, now)).unwrap_or_default() }</td>
            <td class="cell-modified">{ day(entry.modified_ms / 1000) }</td>
            <td class="cell-state">
                { entry_badge(entry) }
                if let Some(missing) = missing { <small title={missing.clone()}>{ t!("missing: ") }{ missing }</small> }
            </td>
        </tr>
    }
}

/// What is to be known of an entry at a glance.
fn marks(entry: &EntryView) -> String {
    let mut text = String::new();
    if entry.closed {
        text.push_str(t!(" · password not known"));
    }
    if entry.locked {
        text.push_str(t!(" · locked"));
    }
    if let Some(other) = entry.same_as.first() {
        text.push_str(t!(" · same as "));
        text.push_str(other);
    }
    text
}

fn until(not_before: i64, not_after: i64, now: i64) -> Html {
    let (tone, words) = validity(not_before, not_after, now);
    html! { <>{ day(not_after) }<small class={tone.word()}>{ words }</small></> }
}
