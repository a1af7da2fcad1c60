//! `Ctrl-K`: one field that finds every action, every entry of the keystore that is shown, and every open keystore. A combobox with a
//! listbox (ARIA Authoring Practices): the focus stays in the field, arrows choose, Enter does it, Escape closes.

mod rank;

use certwright_protocol::language::text;
use certwright_protocol::t;
use certwright_protocol::ui::StoreId;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::actions::{self, Command};
use crate::browser;
use crate::parts::icon;
use crate::settings;
use crate::state::{Action, App, HOME_NAME, Pane, use_app};

/// The popover's id.
pub(crate) const ID: &str = "palette";
const LIST: &str = "palette-list";
/// So many are shown at most.
const MOST: usize = 40;

/// Something that can be chosen.
enum Item<'a> {
    Command(&'static Command, &'static str),
    Entry(&'a str),
    Store(StoreId, &'a str),
}

impl Item<'_> {
    /// What it is found by: its name, and further words.
    fn words(&self, app: &App) -> (String, &'static str) {
        match self {
            Self::Command(command, _) => (command.label(app), text(command.also)),
            Self::Entry(name) | Self::Store(_, name) => ((*name).to_owned(), ""),
        }
    }

    /// Icon, what it is, keys, and why it cannot be chosen.
    fn facts(&self, app: &App) -> (&'static str, &'static str, &'static str, Option<&'static str>) {
        match self {
            Self::Command(command, group) => {
                (command.icon, group, settings::current().shown_keys(command.keys), (command.why_not)(app))
            }
            Self::Entry(_) => ("key", t!("Entry"), "", None),
            Self::Store(..) => ("file", t!("Open keystore"), "", None),
        }
    }

    fn run(&self, app: &App) {
        match self {
            Self::Command(command, _) => command.try_run(app),
            Self::Entry(alias) => app.dispatch(Action::Open(Pane::Entry((*alias).to_owned().into()))),
            Self::Store(store, _) => app.dispatch(Action::Store(*store)),
        }
    }
}

/// The palette. What it finds is drawn only while it is open.
#[component]
pub(crate) fn Palette() -> Html {
    let app = use_app();
    let open = crate::parts::kept::use_flag();
    let query = use_state_eq(String::new);
    let chosen = use_state_eq(|| 0_usize);
    let field = use_node_ref();
    let found = if *open { find(&app, &query) } else { Vec::new() };
    let last = found.len().saturating_sub(1);
    let at = (*chosen).min(last);
    use_effect_with((at, found.len()), move |(at, _)| browser::scroll_to(&option_id(*at)));
    let ontoggle = Callback::from({
        let (open, query, chosen, field) = (open.clone(), query.clone(), chosen.clone(), field.clone());
        move |event: Event| {
            open.set(browser::is_opening(&event));
            query.set(String::new());
            chosen.set(0);
            if let Some(field) = field.cast::<HtmlInputElement>() {
                field.set_value("");
            }
        }
    });
    let oninput = Callback::from({
        let (query, chosen) = (query.clone(), chosen.clone());
        move |event: InputEvent| {
            query.set(event.target_unchecked_into::<HtmlInputElement>().value());
            chosen.set(0);
        }
    });
    let choose = Callback::from({
        let (app, query) = (app.clone(), query.clone());
        move |at: usize| {
            // Closed first: what runs may want the focus.
            if let Some(item) = find(&app, &query).get(at) {
                browser::hide_popover(ID);
                item.run(&app);
            }
        }
    });
    let onkeydown = Callback::from({
        let choose = choose.clone();
        move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" => chosen.set(if at == last { 0 } else { at + 1 }),
                "ArrowUp" => chosen.set(if at == 0 { last } else { at - 1 }),
                "PageDown" => chosen.set((at + 8).min(last)),
                "PageUp" => chosen.set(at.saturating_sub(8)),
                "Enter" => choose.emit(at),
                _ => return,
            }
            event.prevent_default();
        }
    });
    let onclick = Callback::from(move |event: MouseEvent| {
        let place = browser::attribute_at(&event, "data-place");
        if let Some(place) = place.and_then(|place| place.parse().ok()) {
            choose.emit(place);
        }
    });
    let option = |(place, item): (usize, &Item)| {
        let (icon_name, kind, keys, why_not) = item.facts(&app);
        html! {
            <li id={option_id(place)} role="option" aria-selected={(place == at).to_string()} aria-disabled={why_not.map(|_| "true")}
                data-testid="palette-item" data-place={place.to_string()}>
                { icon(icon_name) }
                <span>{ item.words(&app).0 }if let Some(why) = why_not { <small>{ why }</small> }</span>
                <small>{ kind }</small>
                { super::keys::drawn(keys) }
            </li>
        }
    };
    html! {
        <div popover="auto" id={ID} class="palette" role="dialog" aria-label={t!("Find an action or entry")} data-testid="palette" {ontoggle}>
            <input type="text" ref={field} role="combobox" aria-expanded="true" aria-controls={LIST} aria-autocomplete="list" autofocus={true}
                aria-activedescendant={(!found.is_empty()).then(|| option_id(at))} aria-label={t!("What do you want to do?")}
                placeholder={t!("What do you want to do?")} autocomplete="off" spellcheck="false" data-testid="palette-field" {oninput} {onkeydown} />
            <ul id={LIST} role="listbox" aria-label={t!("Found")} {onclick}>{ for found.iter().enumerate().map(option) }</ul>
            <p class="palette-none" role="status" data-testid="palette-count">
                if *open && found.is_empty() { { t!("Nothing is called like that.") } }
            </p>
        </div>
    }
}

fn option_id(place: usize) -> String {
    format!("palette-{place}")
}

/// What fits the query, best first. Without a query: all actions, those that can be done before the others.
fn find<'a>(app: &'a App, query: &str) -> Vec<Item<'a>> {
    let mut items: Vec<Item> = Vec::new();
    for (group, commands) in actions::groups() {
        items.extend(commands.into_iter().map(|command| Item::Command(command, group)));
    }
    let query = browser::lower_case(query);
    let query: Vec<&str> = query.split_whitespace().collect();
    if !query.is_empty() {
        items.extend(app.state.entries().iter().map(|entry| Item::Entry(&entry.alias)));
        let stores = &app.state.keystore.stores;
        if !stores.is_empty() {
            items.push(Item::Store(StoreId::HOME, text(HOME_NAME)));
        }
        items.extend(stores.iter().map(|store| Item::Store(store.id, &store.name)));
    }
    // All in lower case at once: the browser does it, and each call costs.
    let mut all = String::new();
    for item in &items {
        let (name, also) = item.words(app);
        all.push_str(&name.replace('\n', " "));
        all.push('\n');
        all.push_str(also);
        all.push('\n');
    }
    let all = browser::lower_case(&all);
    let mut lines = all.lines();
    let mut keys = Vec::new();
    let mut places = Vec::new();
    for (place, item) in items.iter().enumerate() {
        let (name, also) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
        if let Some(worth) = rank::worse(&query, name, also) {
            let last = item.facts(app).3.is_some();
            keys.push(format!("{}{worth:09}", u8::from(last)));
            places.push(place);
        }
    }
    let order: Vec<usize> =
        browser::order(keys).into_iter().filter_map(|at| places.get(at).copied()).collect();
    let mut items: Vec<Option<Item>> = items.into_iter().map(Some).collect();
    order.into_iter().take(MOST).filter_map(|place| items.get_mut(place)?.take()).collect()
}
