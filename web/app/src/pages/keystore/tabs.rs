//! The open keystores beside each other: that of the browser, then the files and new ones, each with the button that closes it.

use certwright_protocol::language::text;
use certwright_protocol::t;
use certwright_protocol::ui::{Request, StoreId};
use certwright_protocol::view::StoreView;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::actions::keystore as actions;
use crate::parts::icon;
use crate::state::{Action, HOME_NAME, Tone, use_app};

/// The row.
#[component]
pub(super) fn Tabs() -> Html {
    let app = use_app();
    let state = &app.state;
    let onclick = Callback::from({
        let app = app.clone();
        move |event: MouseEvent| {
            let Some(store) = crate::browser::attribute_at(&event, "data-store") else { return };
            match (store.parse(), crate::browser::attribute_at(&event, "data-testid").as_deref()) {
                (Ok(store), Some("store-close")) => {
                    app.bridge.ask(StoreId(store), Request::CloseStore, {
                        let app = app.clone();
                        move |answer| match answer {
                            Ok(_) => app.dispatch(Action::Toast(Tone::Info, t!("Closed").into(), true)),
                            Err(problem) => app.tell(&problem),
                        }
                    });
                }
                (Ok(store), _) => app.dispatch(Action::Store(StoreId(store))),
                _ => actions::NEW_STORE.try_run(&app),
            }
        }
    });
    // The row scrolls where it is narrow: the tab that is shown comes into sight.
    let row = use_node_ref();
    use_effect_with(state.store, {
        let row = row.clone();
        move |_| {
            let Some(row) = row.cast::<HtmlElement>() else { return };
            if let Ok(Some(tab)) = row.query_selector(".current") {
                row.set_scroll_left(tab.unchecked_into::<HtmlElement>().offset_left() - row.offset_left());
            }
        }
    });
    let tab = |id: StoreId, name: &str, opened: Option<&StoreView>| {
        let current = state.store == id;
        let number = id.0.to_string();
        let changed = opened.is_some_and(|opened| opened.changed);
        html! {
            <li class={classes!("tab", current.then_some("current"))} key={id.0}>
                <button type="button" class="tab-name" data-testid="store-tab" data-store={number.clone()} data-name={name.to_owned()}
                    data-changed={changed.to_string()} aria-current={current.then_some("true")}>
                    { icon(if opened.is_some() { "file" } else { "key" }) }
                    <span title={name.to_owned()}>{ name.to_owned() }</span>
                    if changed { <em title={t!("Changed since it was opened or saved")}>{ "●" }<span class="offscreen">{ t!(" changed") }</span></em> }
                    if let Some(format) = opened.and_then(|opened| opened.format.as_ref()) { <small>{ short(format).to_owned() }</small> }
                </button>
                if opened.is_some() {
                    <button type="button" class="tab-close" data-testid="store-close" data-store={number} title={t!("Close (can be undone)")}
                        aria-label={t!("Close {name}", name)}>{ icon("cross") }</button>
                }
            </li>
        }
    };
    html! {
        <nav class="tabs" aria-label={t!("Open keystores")} {onclick}>
            <ul ref={row}>
                { tab(StoreId::HOME, text(HOME_NAME), None) }
                { for state.keystore.stores.iter().map(|store| tab(store.id, &store.name, Some(store))) }
            </ul>
            <button type="button" class="button quiet small" data-testid="store-new" data-store="new">{ icon("plus") }<span>{ t!("New keystore") }</span></button>
        </nav>
    }
}

/// The short name of a format: what stands in brackets, if anything does.
fn short(format: &str) -> &str {
    format.rsplit_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(format)
}
