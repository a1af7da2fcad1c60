//! The list of entries: one table, key pairs first, then what is trusted. Where it is narrow, its rows become cards (in CSS).

use certwright_protocol::view::{ChainState, EntryKind, EntryView};
use yew::prelude::*;

use super::subject::common_name;
use crate::browser;
use crate::parts::badge::entry_badge;
use crate::parts::icon;
use crate::parts::time::{day, validity};
use crate::parts::word::word;
use crate::state::{Action, App, Pane, entry_state, use_app};

/// The list.
#[component]
pub(super) fn List() -> Html {
    let app = use_app();
    let group = |kind: EntryKind, title: Html, what_for: &'static str| {
        let entries: Vec<&EntryView> =
            app.state.keystore.entries.iter().filter(|entry| entry.kind == kind).collect();
        if entries.is_empty() {
            return html! {};
        }
        html! {
            <tbody>
                <tr class="group"><th colspan="4" scope="rowgroup">{ title }<span>{ what_for }</span></th><td class="group-rest"></td></tr>
                { for entries.into_iter().map(|entry| row(&app, entry)) }
            </tbody>
        }
    };
    html! {
        <div class="list">
            <table>
                <thead>
                    <tr>
                        <th scope="col">{ word("alias", "Alias") }</th>
                        <th scope="col">{ "Subject" }</th>
                        <th scope="col">{ "Issuer" }</th>
                        <th scope="col">{ "Valid until" }</th>
                        <th scope="col">{ word("chain", "Chain") }</th>
                    </tr>
                </thead>
                { group(EntryKind::KeyPair, word("key-pair", "Key pairs"), "who you are") }
                { group(EntryKind::TrustedCertificate, word("trust", "Trust store"), "whom you trust") }
            </table>
        </div>
    }
}

fn row(app: &App, entry: &EntryView) -> Html {
    let alias = AttrValue::from(entry.alias.clone());
    let chosen = matches!(&app.state.pane, Pane::Entry(open) | Pane::MakeRequest(open) if *open == alias);
    // The whole row opens the entry; for the keyboard there is the button in it, whose click comes up here.
    let open = app.on({
        let alias = alias.clone();
        move || Action::Open(Pane::Entry(alias.clone()))
    });
    let (kind, icon_name) = match entry.kind {
        EntryKind::KeyPair => ("key_pair", "key"),
        EntryKind::TrustedCertificate => ("trusted_certificate", "shield"),
    };
    let certificate = entry.certificates.first();
    let subject =
        certificate.map(|certificate| (certificate.name.clone(), certificate.subject.clone())).or_else(
            || entry.request.as_ref().map(|request| (common_name(&request.subject), request.subject.clone())),
        );
    let (name, full) = subject.unwrap_or_default();
    let issuer = match certificate {
        Some(certificate) if certificate.is_self_issued => "itself".to_owned(),
        Some(certificate) => certificate.issuer_name.clone(),
        None => String::new(),
    };
    let missing = match &entry.chain_state {
        ChainState::Incomplete { missing, .. } => Some(missing.clone()),
        _ => None,
    };
    html! {
        <tr class={classes!("entry", chosen.then_some("chosen"))} key={entry.alias.clone()} data-testid="entry-row" data-alias={alias.clone()}
            data-kind={kind} data-state={entry_state(entry)} onclick={open}>
            <th scope="row" class="cell-alias">
                <span class={classes!("kind", kind)}>{ icon(icon_name) }</span>
                <span>
                    <button type="button" class="entry-open" data-testid="entry-open" aria-current={chosen.then_some("true")}>{ &entry.alias }</button>
                    <small>{ &entry.key }</small>
                </span>
            </th>
            <td class="cell-subject" title={full.clone()}><span>{ &name }</span>if full != name { <small>{ full }</small> }</td>
            <td class="cell-issuer">{ issuer }</td>
            <td class="cell-until">{ certificate.map(|certificate| until(certificate.not_before, certificate.not_after)).unwrap_or_default() }</td>
            <td class="cell-state">
                { entry_badge(entry) }
                if let Some(missing) = missing { <small title={missing.clone()}>{ format!("missing: {missing}") }</small> }
            </td>
        </tr>
    }
}

fn until(not_before: i64, not_after: i64) -> Html {
    let (tone, words) = validity(not_before, not_after, browser::now());
    html! { <>{ day(not_after) }<small class={tone.word()}>{ words }</small></> }
}
