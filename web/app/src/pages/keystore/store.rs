//! What concerns the keystore as a whole: saving it, another format or password, entries of another one, rules for aliases.

use certwright_protocol::language::text;
use std::rc::Rc;

use certwright_protocol::ui::{MergeSource, Request, StoreId};
use certwright_protocol::view::AliasProfile;
use certwright_protocol::{mark, t};
use yew::prelude::*;

use super::PaneFrame;
use super::export::{ExportForm, Scope};
use crate::actions;
use crate::frame::drop::choose_files;
use crate::parts::controls::{button, field, select};
use crate::parts::word::word;
use crate::parts::{icon, kind_of};
use crate::state::{Action, App, Pane, use_app};

/// The rules: value, name, what they are.
pub(crate) const PROFILES: [(AliasProfile, &str, &str); 3] = [
    (
        AliasProfile::None,
        mark!("No more than needed"),
        mark!("Unique without regard to case, at most 250 characters."),
    ),
    (
        AliasProfile::SapIntegrationSuite,
        mark!("SAP Integration Suite"),
        mark!(
            "As its keystore wants them: not beginning with sap_, and none of hcicertificate, hcicertificate1, hcimsgcertificate."
        ),
    ),
    (
        AliasProfile::Java,
        mark!("Java"),
        mark!("Java reads every alias in small letters; capital ones are pointed out."),
    ),
];

/// What the rules ask for, beside what always holds; empty if nothing.
pub(super) fn rules_hint(profile: AliasProfile) -> &'static str {
    PROFILES.iter().find(|(of, ..)| *of == profile).map(|(.., about)| text(about)).unwrap_or_default()
}

/// The pane.
#[component]
pub(super) fn StorePane() -> Html {
    let app = use_app();
    let state = &app.state;
    let opened = state.opened();
    let name = state.store_name(state.store);
    html! {
        <PaneFrame title={t!("Save “{name}” and more", name)} testid="store-pane">
            if let Some(store) = opened.filter(|store| store.can_save) {
                <section class="block">
                    <h3>{ t!("Save") }</h3>
                    <p>{ t!("As it was opened: ") }{ store.format.clone() }{ t!(", under the same password.") }</p>
                    <div class="actions">{ actions::keystore::SAVE.button(&app, "primary") }</div>
                </section>
            }
            <section class="block">
                <h3>{ t!("Save as…") }</h3>
                <p>{ t!("All entries as one file, in any format. This is also how the password of a file is changed, and how a file is converted.") }</p>
                <ExportForm scope={Scope::many(Rc::default())} />
            </section>
            <section class="block">
                <h3>{ t!("Bring entries in") }</h3>
                <p>{ t!("From another open keystore. To bring in those of a file, drop it on this page.") }</p>
                <div class="actions">
                    { for sources(&app) }
                    { button("small", "merge-file", "import", t!("Choose a file"), Callback::from(|_| choose_files())) }
                </div>
            </section>
            { rules(&app) }
        </PaneFrame>
    }
}

/// A button for each other keystore.
fn sources(app: &App) -> Vec<Html> {
    let into = app.state.store;
    let others = app.state.keystore.stores.iter().map(|store| store.id);
    std::iter::once(StoreId::HOME)
        .chain(others)
        .filter(|store| *store != into)
        .map(|store| {
            let name: AttrValue = app.state.store_name(store).to_owned().into();
            let onclick = app.on({
                let name = name.clone();
                move || {
                    let from = MergeSource::Store { store };
                    Action::Open(Pane::Merge { from, name: name.clone(), aliases: Rc::default(), into })
                }
            });
            html! {
                <button type="button" class="button small" data-testid="merge-from" data-store={store.0.to_string()} {onclick}>{ icon("copy") }{ t!("From “") }{ name }{ "”…" }</button>
            }
        })
        .collect()
}

fn rules(app: &App) -> Html {
    let profile = app.state.profile();
    let picked = Callback::from({
        let app = app.clone();
        move |place: usize| {
            if let Some((profile, ..)) = PROFILES.get(place) {
                app.ask(Request::SetProfile { profile: *profile }, |_, _| {});
            }
        }
    });
    let chosen = PROFILES.iter().position(|(value, ..)| *value == profile).unwrap_or(0);
    let choices = PROFILES.iter().map(|(value, name, _)| (kind_of(value).into(), text(name).into()));
    html! {
        <section class="block">
            <h3>{ t!("Rules for ") }{ word("alias", t!("aliases")) }</h3>
            { field(t!("Whose rules?"), select("alias-profile", choices, chosen, picked), rules_hint(profile)) }
        </section>
    }
}
