//! What lies beside the list of entries, each pane by its name. This is where a chunk of the page begins ([`crate::lazy`]): what is reached from here alone
//! is no part of the first download.

use yew::prelude::*;

use super::{entry, export, found, imported, issue, merge, new_key, request, store};
use crate::state::{App, Pane};

/// The pane that is open; nothing if it is about an entry that is gone.
pub(crate) fn draw(app: &App) -> Html {
    pane(app).unwrap_or_default()
}

fn pane(app: &App) -> Option<Html> {
    match &app.state.pane {
        Pane::None => None,
        Pane::Entry(alias) | Pane::Rename(alias) => {
            let entry = app.state.entry(alias)?.clone();
            let rename = matches!(app.state.pane, Pane::Rename(_));
            Some(html! { <entry::EntryPane key={alias.to_string()} {entry} {rename} /> })
        }
        Pane::NewKey => Some(html! { <new_key::NewKey /> }),
        Pane::MakeRequest(alias) => {
            app.state.entry(alias)?;
            Some(html! { <request::RequestPane key={alias.to_string()} {alias} /> })
        }
        Pane::SelfSign(alias) => {
            app.state.entry(alias)?;
            Some(html! { <request::RequestPane key={format!("self {alias}")} {alias} certificate={true} /> })
        }
        Pane::Issue { issuer, request_pem } => Some(
            html! { <issue::IssuePane key={format!("{issuer} {request_pem}")} {issuer} {request_pem} /> },
        ),
        Pane::Export(aliases) => Some(html! { <export::ExportPane {aliases} /> }),
        Pane::Merge { from, name, aliases, into } => Some(
            html! { <merge::MergePane key={name.to_string()} from={from.clone()} {name} {aliases} target={*into} /> },
        ),
        Pane::Store => Some(html! { <store::StorePane /> }),
        Pane::Found(number, files, problems) => {
            Some(html! { <found::FoundPane key={*number} files={files.clone()} unread={problems.clone()} /> })
        }
        Pane::Imported(results) => Some(html! { <imported::ImportedPane results={results.clone()} /> }),
    }
}
