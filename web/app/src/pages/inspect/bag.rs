//! The bag: what was recognised and where, thing by thing; problems, and the field for a password that a file needs.

use certwright_protocol::Password;
use certwright_protocol::ui::ThingFormat;
use certwright_protocol::ui::inspect::{Badge, Thing, ThingKind};
use certwright_protocol::{t, tn};
use yew::prelude::*;

use super::desk::Change;
use super::intake::{Paste, discard};
use super::save::save;
use crate::browser;
use crate::parts::controls::button;
use crate::parts::explanation::file_problem;
use crate::parts::icon;
use crate::state::{Action, use_app};

#[derive(Properties, PartialEq)]
pub(super) struct BagProps {
    /// Sends the last files again, with a password.
    pub(super) give: Callback<Password>,
}

/// The bag beside what is looked at.
#[component]
pub(super) fn BagSide(props: &BagProps) -> Html {
    let app = use_app();
    let desk = app.state.desk.clone();
    let things = &desk.bag.things;
    let onclick = Callback::from({
        let app = app.clone();
        move |event: MouseEvent| {
            let thing = browser::attribute_at(&event, "data-thing").and_then(|thing| thing.parse().ok());
            match (thing, browser::attribute_at(&event, "data-testid").as_deref()) {
                (Some(thing), Some("thing-discard")) => discard(&app, vec![thing]),
                (Some(thing), _) => app.dispatch(Action::Desk(Change::Choose(thing))),
                _ => {}
            }
        }
    });
    let clear = Callback::from({
        let app = app.clone();
        move |_: MouseEvent| discard(&app, Vec::new())
    });
    let problems = desk.unread.iter().chain(&desk.bag.problems);
    html! {
        <aside class="bag" aria-label={t!("What there is to look at")}>
            <header class="bag-head">
                <h1>{ t!("Inspect") }</h1>
                <span class="hint" data-testid="bag-count">{ tn!(things.len(), "1 thing", "{count} things", count = things.len()) }</span>
                { button("small quiet", "bag-clear", "trash", t!("Clear"), clear) }
            </header>
            { for problems.map(|problem| file_problem(problem, &props.give)) }
            if !desk.bag.sources.is_empty() {
                <ul class="sources" data-testid="bag-sources">
                    { for desk.bag.sources.iter().map(|source| html! {
                        <li>{ icon("file") }<span><strong>{ &source.name }</strong>{ ": " }{ &source.what }</span></li>
                    }) }
                </ul>
            }
            <ul class="things" data-testid="bag-things" {onclick}>
                { for things.iter().map(|thing| row(thing, desk.chosen == Some(thing.id), things)) }
            </ul>
            <details class="more">
                <summary>{ t!("Add more") }</summary>
                <Paste />
            </details>
            if things.len() > 1 {
                <div class="actions">
                    { button("small", "bag-pem", "download", t!("Everything as PEM"), save(&app, things.iter().map(|thing| thing.id).collect(), ThingFormat::Pem)) }
                </div>
            }
        </aside>
    }
}

fn row(thing: &Thing, chosen: bool, all: &[Thing]) -> Html {
    let id = thing.id.to_string();
    let original = thing.same_as.and_then(|same| all.iter().find(|other| other.id == same));
    html! {
        <li class={classes!("thing", chosen.then_some("chosen"), original.map(|_| "again"))} key={thing.id}>
            <button type="button" class="thing-open" data-testid="thing" data-thing={id.clone()} data-title={thing.title.clone()} aria-current={chosen.then_some("true")}>
                { icon(thing_icon(thing.kind)) }
                <span class="thing-words">
                    <strong>{ &thing.title }</strong>
                    <span>{ &thing.subtitle }</span>
                    <small>{ &thing.place }</small>
                    if !thing.badges.is_empty() || original.is_some() {
                        <span class="badges">
                            { badges(&thing.badges) }
                            if let Some(original) = original { <em class="tag" data-testid="thing-same">{ t!("same as ") }{ &original.place }</em> }
                        </span>
                    }
                </span>
            </button>
            <button type="button" class="copy" data-testid="thing-discard" data-thing={id} title={t!("Take it out of the list")} aria-label={t!("Take out {title}", title = thing.title)}>
                { icon("cross") }
            </button>
        </li>
    }
}

/// Words that are to be seen at once.
pub(super) fn badges(badges: &[Badge]) -> Html {
    badges
        .iter()
        .map(|badge| html! { <span class={classes!("badge", "plain", badge.tone.word())}>{ &badge.text }</span> })
        .collect()
}

/// The icon of a kind of things.
pub(super) fn thing_icon(kind: ThingKind) -> &'static str {
    match kind {
        ThingKind::Certificate => "cert",
        ThingKind::Request => "send",
        ThingKind::Crl => "stop",
        ThingKind::OcspResponse | ThingKind::OcspRequest => "clock",
        ThingKind::PublicKey | ThingKind::PrivateKey => "key",
        ThingKind::Asn1 => "tree",
    }
}
