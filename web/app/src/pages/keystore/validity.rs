//! The validity of the entries that the list shows, or of those that are selected, as a picture: a page of it at a time.

use certwright_protocol::t;
use yew::prelude::*;

use super::list::view::Look;
use crate::browser;
use crate::parts::controls::button_if;
use crate::pictures::timeline::{ROWS, rows, timeline};
use crate::pictures::{Shown, use_wide};
use crate::settings;
use crate::state::{App, use_app};

/// The picture, for [`crate::lazy`].
pub(crate) fn draw(_: &App) -> Html {
    html! { <Drawn /> }
}

#[component]
fn Drawn() -> Html {
    let app = use_app();
    let page = use_state_eq(|| 0_usize);
    let wide = use_wide();
    let Some(view) = use_context::<Look>() else { return html! {} };
    let soon = i64::from(settings::current().warn_days);
    let now = browser::now();
    let picked = view.pick(app.state.entries(), now);
    let selected = picked.into_iter().filter(|entry| view.selected.is_empty() || view.has(&entry.alias));
    let rows = rows(selected);
    let pages = rows.len().div_ceil(ROWS);
    let first = (*page).min(pages.saturating_sub(1)) * ROWS;
    let shown = rows.get(first..(first + ROWS).min(rows.len())).unwrap_or_default();
    if shown.is_empty() {
        return html! { <p class="hint" data-testid="validity-none">{ t!("None of these entries has a certificate.") }</p> };
    }
    let turn = |to: usize| {
        let page = page.setter();
        Callback::from(move |_: MouseEvent| page.set(to))
    };
    let number = first / ROWS;
    html! {
        <>
            <p class="hint">{ t!("Bars with the same subject stand together. The line is now; what ends in the stripe ends within {days} days. Select entries in the list to see them alone.", days = soon) }</p>
            <Shown picture={timeline(shown, soon, now, wide)} file="validity" testid="timeline" />
            if pages > 1 {
                <div class="actions">
                    { button_if(number > 0, "small", "validity-back", "back", t!("Earlier ends"), turn(number.saturating_sub(1))) }
                    <span class="hint" data-testid="validity-page">{ t!("{n} of {all}", n = number + 1, all = pages) }</span>
                    { button_if(number + 1 < pages, "small", "validity-next", "right", t!("Later ends"), turn(number + 1)) }
                </div>
            }
        </>
    }
}
