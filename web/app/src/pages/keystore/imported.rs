//! What an import of several things did.

use std::rc::Rc;

use certwright_protocol::t;
use certwright_protocol::ui::Imported;
use certwright_protocol::view::EntryKind;
use yew::prelude::*;

use super::PaneFrame;
use crate::parts::controls::button;
use crate::parts::icon;
use crate::state::{Action, Pane, use_app};

#[derive(Properties, PartialEq)]
pub(super) struct ImportedProps {
    pub(super) results: Rc<Vec<Imported>>,
}

/// What became of one choice, in a sentence.
pub(super) fn sentence(result: &Imported) -> String {
    let what = match (result.entry, result.updated) {
        (EntryKind::KeyPair, true) => t!("has its certificates now"),
        (EntryKind::KeyPair, false) => t!("is in the keystore"),
        (EntryKind::TrustedCertificate, _) => t!("is trusted now"),
        (EntryKind::SecretKey, _) => t!("is in the keystore"),
    };
    match &result.missing {
        Some(missing) => {
            t!("“{alias}” {what}; its chain lacks “{missing}”", alias = result.alias, what, missing)
        }
        None => format!("“{}” {what}", result.alias),
    }
}

/// The pane.
#[component]
pub(super) fn ImportedPane(props: &ImportedProps) -> Html {
    let app = use_app();
    let line = |result: &Imported| {
        let alias = AttrValue::from(result.alias.clone());
        let open = app.on({
            let alias = alias.clone();
            move || Action::Open(Pane::Entry(alias.clone()))
        });
        let good = result.missing.is_none();
        html! {
            <li class={if good { "good" } else { "warn" }} data-testid="import-result" data-alias={alias} data-updated={result.updated.to_string()}
                data-missing={result.missing.clone()}>
                { icon(if good { "check" } else { "warn" }) }
                <span>{ sentence(result) }</span>
                <button type="button" class="link" onclick={open}>{ t!("Show") }</button>
            </li>
        }
    };
    html! {
        <PaneFrame title={t!("Imported")}>
            <ul class="results">{ for props.results.iter().map(line) }</ul>
            <div class="actions">
                { button("primary", "import-done", "", t!("Done"), app.opens(Pane::None)) }
            </div>
        </PaneFrame>
    }
}
