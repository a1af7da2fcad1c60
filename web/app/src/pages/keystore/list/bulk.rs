//! What can be done with all selected entries at once.

use certwright_protocol::language::text;
use std::rc::Rc;

use certwright_protocol::ui::{ExportFormat, MergeSource, StoreId};
use certwright_protocol::{mark, t, tn};
use yew::prelude::*;

use super::view::{Change, ListView};
use crate::actions::keystore::calendar;
use crate::browser;
use crate::parts::controls::icon_button;
use crate::parts::icon;
use crate::state::{Action, App, Pane, Tone, use_app};

/// The buttons: id, icon, label.
const BUTTONS: [(&str, &str, &str); 8] = [
    ("bulk-export", "download", mark!("Export…")),
    ("bulk-copy", "copy", mark!("Copy to…")),
    ("bulk-lock", "lock", mark!("Lock")),
    ("bulk-unlock", "unlock", mark!("Unlock")),
    ("bulk-csv", "file", "CSV"),
    ("bulk-json", "file", "JSON"),
    ("bulk-ics", "clock", mark!("Calendar")),
    ("bulk-delete", "trash", mark!("Delete")),
];

#[derive(Properties, PartialEq)]
pub(super) struct BulkProps {
    pub(super) selected: Rc<Vec<String>>,
    pub(super) view: UseReducerDispatcher<ListView>,
}

/// The bar; nothing as long as nothing is selected.
#[component]
pub(super) fn Bulk(props: &BulkProps) -> Html {
    let app = use_app();
    // What was deleted or renamed since is not selected any more.
    let selected: Vec<String> =
        props.selected.iter().filter(|alias| app.state.entry(alias).is_some()).cloned().collect();
    if selected.is_empty() {
        return html! {};
    }
    let count = selected.len();
    let clear = Callback::from({
        let (view, all) = (props.view.clone(), props.selected.clone());
        move |_: MouseEvent| view.dispatch(Change::Select((*all).clone(), false))
    });
    let onclick = Callback::from(move |event: MouseEvent| {
        if let Some(id) = browser::attribute_at(&event, "data-testid") {
            run(&app, &id, selected.clone());
        }
    });
    html! {
        <div class="bulk" role="group" aria-label={t!("Selected entries")} data-testid="bulk" data-count={count.to_string()}>
            <strong role="status">{ tn!(count, "1 entry selected", "{count} entries selected", count) }</strong>
            <span class="actions" {onclick}>
                { for BUTTONS.iter().map(|(id, icon_name, label)| html! {
                    <button type="button" class={classes!("button", "small", (*id == "bulk-delete").then_some("danger"))} data-testid={*id}>{ icon(icon_name) }{ text(label) }</button>
                }) }
            </span>
            { icon_button("small", "bulk-clear", "cross", t!("Select none"), false, clear) }
        </div>
    }
}

fn run(app: &App, id: &str, aliases: Vec<String>) {
    match id {
        "bulk-export" => app.dispatch(Action::Open(Pane::Export(Rc::new(aliases)))),
        "bulk-copy" => copy_to(app, aliases),
        "bulk-lock" => app.set_locked(aliases, true),
        "bulk-unlock" => app.set_locked(aliases, false),
        "bulk-csv" => app.export(aliases, ExportFormat::InventoryCsv),
        "bulk-json" => app.export(aliases, ExportFormat::InventoryJson),
        "bulk-ics" => app.export(aliases, calendar()),
        "bulk-delete" => app.delete(aliases),
        _ => {}
    }
}

/// Opens the pane that copies entries to another keystore; if there is none, a new one.
fn copy_to(app: &App, aliases: Vec<String>) {
    let from = app.state.store;
    let pane = {
        let name: AttrValue = app.state.store_name(from).to_owned().into();
        move |into| Pane::Merge {
            from: MergeSource::Store { store: from },
            name,
            aliases: Rc::new(aliases),
            into,
        }
    };
    let home = (from != StoreId::HOME).then_some(StoreId::HOME);
    let others = app.state.keystore.stores.iter().map(|store| store.id);
    match home.into_iter().chain(others).find(|store| *store != from) {
        Some(into) => app.dispatch(Action::Open(pane(into))),
        None => app.new_store(|app, store| {
            app.dispatch(Action::Open(pane(store)));
            app.toast(Tone::Info, t!("There was no other keystore, so a new one is open now"));
        }),
    }
}
