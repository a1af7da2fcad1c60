//! `?`: the list of all keys.

use certwright_protocol::language::text;
use certwright_protocol::{mark, t};
use yew::prelude::*;

use crate::actions;
use crate::browser;
use crate::parts::controls::icon_button;
use crate::parts::kept::use_flag;
use crate::settings;
use crate::state::use_app;

/// The popover's id.
pub(crate) const ID: &str = "keys";

/// What the list of entries does with keys while a row has the focus.
const LIST: [(&str, &str); 6] = [
    ("↑ ↓ Home End", mark!("Another entry")),
    ("Enter", mark!("Open it")),
    ("Shift+↑ Shift+↓", mark!("Select more entries, or fewer")),
    ("Ctrl+A", mark!("Select all that are shown")),
    ("F2", mark!("Rename it")),
    ("Delete", mark!("Delete it, or all that are selected")),
];

/// The list, drawn only while it is open.
#[component]
pub(crate) fn Keys() -> Html {
    let open = use_flag();
    let ontoggle = Callback::from({
        let open = open.clone();
        move |event: Event| open.set(browser::is_opening(&event))
    });
    let close = Callback::from(|_| browser::hide_popover(ID));
    html! {
        <div popover="auto" id={ID} class="keys panel-pop" role="dialog" aria-label={t!("Keys")} data-testid="keys" {ontoggle}>
            <div class="pane-head">
                <h2 class="pane-title">{ t!("Keys") }</h2>
                { icon_button("small", "keys-close", "cross", t!("Close"), false, close) }
            </div>
            if *open { <List /> }
        </div>
    }
}

#[component]
fn List() -> Html {
    let app = use_app();
    let settings = settings::current();
    let row = |keys: &str, words: String| html! { <div><dt>{ drawn(keys) }</dt><dd>{ words }</dd></div> };
    html! {
        <div class="keys-groups">
            { for actions::groups().into_iter().map(|(group, commands)| html! {
                <section>
                    <h3>{ group }</h3>
                    <dl>
                        { for commands.into_iter().filter_map(|command| {
                            let keys = settings.shown_keys(command.keys);
                            (!keys.is_empty()).then(|| row(keys, command.label(&app)))
                        }) }
                    </dl>
                </section>
            }) }
            <section>
                <h3>{ t!("In the list of entries") }</h3>
                <dl>{ for LIST.iter().map(|(keys, words)| row(keys, text(words).to_owned())) }</dl>
            </section>
        </div>
    }
}

/// Keys as they stand on the keyboard; nothing for none.
pub(super) fn drawn(keys: &str) -> Html {
    let keys = actions::written(keys);
    keys.split(' ').filter(|key| !key.is_empty()).map(|key| html! { <kbd>{ key.to_owned() }</kbd> }).collect()
}
