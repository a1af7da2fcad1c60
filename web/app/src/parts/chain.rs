//! A chain, drawn: a card for each certificate, an arrow to the one that signed it, the missing link as missing. The card that is
//! chosen shows its facts below.

use std::rc::Rc;

use certwright_protocol::t;
use certwright_protocol::view::{CertificateView, ChainLink, LinkOrigin};
use yew::prelude::*;

use super::certificate::{certificate_facts, role};
use super::controls::button;
use super::time::{day, validity};
use super::{breakable, icon, kind_of};
use crate::browser;
use crate::parts::kept::use_flag;
use crate::pictures::Shown;
use crate::pictures::chain::chain;
use crate::state::{Tone, use_app};

/// A card of the chain.
#[derive(Clone, PartialEq)]
pub(crate) struct Card {
    pub(crate) link: ChainLink,
    /// Whether a check failed at this certificate.
    pub(crate) failed: bool,
}

/// The cards of an entry: its certificates, and the one that is missing.
pub(crate) fn cards_of(certificates: &[CertificateView], missing: Option<(&str, &[String])>) -> Vec<Card> {
    let present = certificates.iter().map(|certificate| ChainLink::Certificate {
        certificate: Box::new(certificate.clone()),
        origin: LinkOrigin::Keystore,
    });
    let absent = missing.map(|(subject, ca_issuers)| ChainLink::Missing {
        subject: subject.to_owned(),
        ca_issuers: ca_issuers.to_vec(),
    });
    present.chain(absent).map(|link| Card { link, failed: false }).collect()
}

#[derive(Properties, PartialEq)]
pub(crate) struct ChainProps {
    pub(crate) cards: Rc<Vec<Card>>,
    /// What the first certificate is called: `Your certificate`.
    pub(crate) end: &'static str,
    /// Whether to say where each certificate came from.
    #[prop_or_default]
    pub(crate) origins: bool,
    /// Whether certificates can be put into the trust store from here.
    #[prop_or_default]
    pub(crate) addable: bool,
    /// What fetches a missing certificate from an address, where that can be done.
    #[prop_or_default]
    pub(crate) fetch: Option<Callback<String>>,
    /// Card whose facts are shown at first.
    #[prop_or_default]
    pub(crate) chosen: Option<usize>,
}

/// The chain, and the facts of the chosen card.
#[component]
pub(crate) fn Chain(props: &ChainProps) -> Html {
    let chosen = use_state_eq(|| props.chosen);
    let facts = chosen.and_then(|index| match &props.cards.get(index)?.link {
        ChainLink::Certificate { certificate, .. } => Some(html! {
            { certificate_facts(certificate) }
        }),
        ChainLink::Missing { .. } => None,
    });
    html! {
        <div class="chain-block">
            <ol class={classes!("chain", (props.cards.len() > 3).then_some("long"))}>
                { for props.cards.iter().enumerate().map(|(index, card)| html! {
                    <li key={index}>
                        if index > 0 { <span class="chain-arrow">{ icon("arrow") }<span>{ t!("signed by") }</span></span> }
                        { draw(props, &chosen, index, card) }
                    </li>
                }) }
            </ol>
            { facts.unwrap_or_default() }
            <ChainPicture cards={props.cards.clone()} end={props.end} />
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ChainPictureProps {
    cards: Rc<Vec<Card>>,
    end: &'static str,
}

/// The same chain as a picture to save and print, which unfolds.
#[component]
fn ChainPicture(props: &ChainPictureProps) -> Html {
    let open = use_flag();
    let ontoggle = Callback::from({
        let open = open.setter();
        move |event: Event| open.set(browser::is_open(&event))
    });
    html! {
        <details data-testid="chain-picture" {ontoggle}>
            <summary data-testid="chain-picture-open">{ t!("As a picture") }</summary>
            if *open { <Shown picture={chain(&props.cards, props.end, browser::now())} file="chain" testid="chain-drawn" /> }
        </details>
    }
}

fn draw(props: &ChainProps, chosen: &UseStateHandle<Option<usize>>, index: usize, card: &Card) -> Html {
    let (certificate, origin) = match &card.link {
        ChainLink::Certificate { certificate, origin } => (certificate, origin),
        ChainLink::Missing { subject, ca_issuers } => {
            return missing(subject, ca_issuers, props.fetch.clone());
        }
    };
    let (icon_name, role) = role(certificate, index == 0, props.end);
    let (tone, words) = validity(certificate.not_before, certificate.not_after, browser::now());
    let anchor = matches!(origin, LinkOrigin::Anchor { .. });
    let open = **chosen == Some(index);
    let onclick = Callback::from({
        let chosen = chosen.clone();
        move |_: MouseEvent| chosen.set((!open).then_some(index))
    });
    let origin_words = match origin {
        LinkOrigin::Sent { .. } => t!("Sent by the server").to_owned(),
        LinkOrigin::Keystore => t!("From your keystore").to_owned(),
        LinkOrigin::Anchor { label } => t!("In your trust store: {label}", label),
    };
    let addable = props.addable && !anchor && (certificate.is_ca || certificate.is_self_issued);
    let class = classes!(
        "card",
        anchor.then_some("anchor"),
        card.failed.then_some("failed"),
        open.then_some("chosen")
    );
    html! {
        <div {class} data-testid="chain-link" data-kind="certificate" data-name={certificate.name.clone()} data-origin={kind_of(origin)}>
            <button type="button" class="card-open" aria-expanded={open.to_string()} title={certificate.subject.clone()} {onclick}>
                <span class="card-role">{ icon(if anchor { "shield" } else { icon_name }) }{ role }</span>
                <span class="card-name">{ breakable(&certificate.name) }</span>
                <span class="card-line"><span>{ &certificate.key }</span>{ " · " }<span>{ t!("until ") }{ day(certificate.not_after) }</span></span>
                if tone != Tone::Info { <span class={classes!("card-line", "strong", tone.word())}>{ words }</span> }
                if props.origins { <span class="card-line origin">{ origin_words }</span> }
            </button>
            if addable { <TrustButton certificate={(**certificate).clone()} /> }
        </div>
    }
}

fn missing(subject: &str, ca_issuers: &[String], fetch: Option<Callback<String>>) -> Html {
    let fetched = ca_issuers.iter().find(|url| is_web(url)).cloned();
    let fetch = fetch.zip(fetched).map(|(fetch, url)| fetch.reform(move |_: MouseEvent| url.clone()));
    html! {
        <div class="card missing" data-testid="chain-link" data-kind="missing" data-name={subject.to_owned()}>
            <span class="card-role">{ icon("question") }{ t!("Missing") }</span>
            <span class="card-name">{ breakable(subject) }</span>
            if let Some(url) = ca_issuers.first() {
                <span class="card-line">{ t!("To be had at ") }{ address(url) }</span>
            }
            if let Some(fetch) = fetch { { button("small", "chain-fetch", "download", t!("Fetch it"), fetch) } }
        </div>
    }
}

/// An address that a certificate names: a link only if it is one of the web, since anybody can write a certificate.
fn address(url: &str) -> Html {
    if is_web(url) {
        html! { <a href={url.to_owned()} target="_blank" rel="noreferrer noopener">{ url.to_owned() }</a> }
    } else {
        html! { url.to_owned() }
    }
}

fn is_web(url: &str) -> bool {
    url.starts_with("http://") || url.starts_with("https://")
}

#[derive(Properties, PartialEq)]
pub(crate) struct TrustProps {
    pub(crate) certificate: CertificateView,
}

/// Puts a certificate into the trust store.
#[component]
pub(crate) fn TrustButton(props: &TrustProps) -> Html {
    let app = use_app();
    let certificate = &props.certificate;
    if app.state.keystore.entries.iter().any(|entry| {
        entry.kind == certwright_protocol::view::EntryKind::TrustedCertificate
            && entry.certificate.as_ref().is_some_and(|there| {
                there.serial == certificate.serial && there.subject == certificate.subject
            })
    }) {
        return html! { <span class="card-note good">{ icon("check") }{ t!("Trusted now: probe again") }</span> };
    }
    let root = certificate.is_self_issued;
    let onclick = Callback::from({
        let der = certificate.der.clone();
        move |_: MouseEvent| app.trust(der.clone())
    });
    let label = match (certificate.is_ca, root) {
        (true, true) => t!("Trust this root"),
        (true, false) => t!("Trust this authority"),
        _ => t!("Trust this certificate"),
    };
    html! {
        <button type="button" class={classes!("button", "small", root.then_some("primary"))} data-testid="trust-add"
            data-subject={certificate.subject.clone()} {onclick}>{ icon("shield") }{ label }</button>
    }
}
