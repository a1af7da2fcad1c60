//! What keys do while a row of the list has the focus. They are told in `frame/keys.rs`.

use yew::prelude::*;

use super::view::{Change, ListView};
use crate::browser;
use crate::state::{Action, App, Pane};

/// Takes the keys of a list of these entries, in this order, of which the first so many are drawn.
pub(super) fn callback(
    app: &App,
    view: &UseReducerHandle<ListView>,
    listed: Vec<String>,
    drawn: usize,
) -> Callback<KeyboardEvent> {
    let (app, view) = (app.clone(), view.clone());
    Callback::from(move |event: KeyboardEvent| {
        let shown = listed.get(..drawn).unwrap_or(&listed);
        let Some(alias) = browser::attribute_at(&event, "data-alias") else { return };
        let Some(place) = shown.iter().position(|other| *other == alias) else { return };
        let control = event.ctrl_key() || event.meta_key();
        let to = match event.key().as_str() {
            "ArrowDown" => place + 1,
            "ArrowUp" => place.wrapping_sub(1),
            "Home" => 0,
            "End" => shown.len().saturating_sub(1),
            "Delete" => {
                delete(&app, &view, shown, place);
                return event.prevent_default();
            }
            "F2" => {
                app.dispatch(Action::Open(Pane::Rename(alias.into())));
                return event.prevent_default();
            }
            "a" if control => {
                view.dispatch(Change::Select(listed.clone(), true));
                return event.prevent_default();
            }
            _ => return,
        };
        event.prevent_default();
        if let Some(next) = shown.get(to) {
            if event.shift_key() {
                // Going back over what is selected gives it up again.
                let change = if view.has(next) {
                    Change::Select(vec![alias], false)
                } else {
                    Change::Select(vec![alias, next.clone()], true)
                };
                view.dispatch(change);
            }
            browser::focus_entry(next);
        }
    })
}

/// Deletes what is selected, else the row with the focus, which goes to the next that stays.
fn delete(app: &App, view: &UseReducerHandle<ListView>, shown: &[String], place: usize) {
    let mut gone: Vec<String> =
        view.selected.iter().filter(|alias| app.state.entry(alias).is_some()).cloned().collect();
    if gone.is_empty() {
        gone.extend(shown.get(place).cloned());
    }
    let stays = |alias: &&String| !gone.contains(alias);
    let after = shown.iter().skip(place).find(stays);
    let next = after.or_else(|| shown.iter().take(place).rev().find(stays)).cloned();
    app.delete_and(gone, move || {
        if let Some(next) = next {
            browser::focus_entry(&next);
        }
    });
}
