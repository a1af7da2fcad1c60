//! A found thing: what it is in plain words, drawn small, and what importing it would do.

use std::collections::HashMap;

use certwright_protocol::ui::{Found, FoundThing, Proposal, Told};
use certwright_protocol::view::CertificateView;
use certwright_protocol::{t, tn};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::super::issue::can_issue;
use super::super::request_view::request_facts;
use crate::parts::certificate::{certificate_line, role};
use crate::parts::controls::button;
use crate::parts::copy::Copy;
use crate::parts::explanation::{explained, maybe_problem};
use crate::parts::time::{day, validity};
use crate::parts::{icon, kind_of};
use crate::state::{Action, App, Pane, Tone};

/// What the user chose for a thing: whether to import it, and under which alias.
pub(super) type Choices = HashMap<u32, (bool, String)>;

/// A thing that was found.
pub(super) fn item(app: &App, found: &Found, choices: &UseStateHandle<Choices>) -> Html {
    let id = found.id;
    let (chosen, alias) = choices.get(&id).cloned().unwrap_or_default();
    let proposal = found.proposal.as_ref().map_or_else(|| "none".to_owned(), kind_of);
    let set = |change: fn(&mut (bool, String), &HtmlInputElement)| {
        let choices = choices.clone();
        move |field: HtmlInputElement| {
            let mut new = (*choices).clone();
            change(new.entry(id).or_default(), &field);
            choices.set(new);
        }
    };
    let onchange = Callback::from({
        let set = set(|choice, field| choice.0 = field.checked());
        move |event: Event| set(event.target_unchecked_into())
    });
    let oninput = Callback::from({
        let set = set(|choice, field| choice.1 = field.value());
        move |event: InputEvent| set(event.target_unchecked_into())
    });
    let title = html! { <>{ icon(thing_icon(&found.thing)) }<strong>{ what_it_is(found) }</strong></> };
    let new = found.proposal.as_ref().is_some_and(|proposal| !matches!(proposal, Proposal::Reply { .. }));
    html! {
        <li class={classes!("found-item", chosen.then_some("chosen"))} key={id} data-testid="found-item" data-kind={kind_of(&found.thing)} data-proposal={proposal}>
            if found.proposal.is_some() {
                <label class="found-title"><input type="checkbox" data-testid="found-choice" checked={chosen} {onchange} />{ title }</label>
            } else {
                <div class="found-title">{ title }</div>
            }
            { facts(&found.thing) }
            if let FoundThing::Request { request } = &found.thing { { sign_with(app, &request.pem) } }
            { consequence(found) }
            { remark(found) }
            if new && chosen {
                <label class="field">
                    <span>{ t!("Alias") }</span>
                    <input type="text" data-testid="found-alias" value={alias} {oninput} required={true} maxlength="250" autocomplete="off" spellcheck="false" />
                </label>
            }
            <small class="from">{ t!("from ") }{ &found.file }</small>
        </li>
    }
}

fn thing_icon(thing: &FoundThing) -> &'static str {
    match thing {
        FoundThing::KeyPair { .. } => "key",
        FoundThing::Request { .. } => "send",
        FoundThing::SecretKey { .. } => "secret",
        FoundThing::LockedKey { .. } => "lock",
        FoundThing::Chain { .. } => "cert",
        FoundThing::Certificate { certificate } if certificate.is_ca => "ca",
        FoundThing::Certificate { .. } => "cert",
        _ => "key",
    }
}

/// What it is, in plain words.
fn what_it_is(found: &Found) -> String {
    if let Some(Proposal::Reply { alias, .. }) = &found.proposal {
        return t!("The authority’s reply for “{alias}”", alias);
    }
    match &found.thing {
        FoundThing::KeyPair { key, certificates } if certificates.is_empty() => {
            t!("A private key without certificate ({key})", key)
        }
        FoundThing::KeyPair { key, certificates } => {
            t!(
                "A key pair with {certificates} ({key})",
                certificates = tn!(
                    certificates.len(),
                    "1 certificate",
                    "{count} certificates",
                    count = certificates.len()
                ),
                key
            )
        }
        FoundThing::Chain { certificates } => {
            t!(
                "A chain of {certificates}",
                certificates = tn!(
                    certificates.len(),
                    "1 certificate",
                    "{count} certificates",
                    count = certificates.len()
                )
            )
        }
        FoundThing::Certificate { certificate } => match (certificate.is_ca, certificate.is_self_issued) {
            (true, true) => t!("The root certificate “{name}”", name = certificate.name),
            (true, false) => t!("The intermediate certificate “{name}”", name = certificate.name),
            (false, true) => t!("The self-signed certificate “{name}”", name = certificate.name),
            (false, false) => t!("The certificate of “{name}”", name = certificate.name),
        },
        FoundThing::Request { request } => match &request.fits_alias {
            Some(alias) => t!("The signing request of “{alias}”", alias),
            None => t!("A signing request of somebody else").into(),
        },
        FoundThing::LockedKey { alias, .. } => t!("“{alias}”: its key is not opened yet", alias),
        FoundThing::SecretKey { algorithm, bits } => {
            t!("A secret key ({algorithm}, {bits} bits)", algorithm, bits)
        }
        FoundThing::PublicKey { key, fits_alias: Some(alias), .. } => {
            t!("The public key of “{alias}” ({key})", alias, key)
        }
        FoundThing::PublicKey { key, fits_alias: None, .. } => t!("A public key ({key})", key),
    }
}

/// The thing, drawn small.
fn facts(thing: &FoundThing) -> Html {
    let certificates: &[CertificateView] = match thing {
        FoundThing::KeyPair { certificates, .. }
        | FoundThing::LockedKey { certificates, .. }
        | FoundThing::Chain { certificates } => certificates,
        FoundThing::Certificate { certificate } => std::slice::from_ref(certificate.as_ref()),
        FoundThing::SecretKey { .. } => return html! {},
        FoundThing::Request { request } => return request_facts(request),
        FoundThing::PublicKey { spki_pin, pem, .. } => {
            return html! {
                <>
                    <p class="found-facts">{ t!("SHA-256 pin") }{ " " }<code>{ spki_pin }</code><Copy text={spki_pin.clone()} what={t!("pin")} /></p>
                    <div class="actions"><Copy text={pem.clone()} what={t!("the public key")} labelled={true} class="small" /></div>
                </>
            };
        }
    };
    let until = certificates.first().map(|certificate| {
        let (tone, words) = validity(certificate.not_before, certificate.not_after, crate::browser::now());
        let (_, kind) = role(certificate, true, t!("Certificate"));
        html! {
            <p class="found-facts" title={certificate.subject.clone()}>
                { kind }{ t!(" issued by ") }{ if certificate.is_self_issued { t!("itself") } else { &certificate.issuer_name } }{ t!(", until ") }{ day(certificate.not_after) }{ " " }
                <em class={classes!("aside", tone.word())}>{ words }</em>
            </p>
        }
    });
    html! {
        <>
            <div class="mini-chain">
                { for certificates.iter().enumerate().map(|(index, certificate)| html! {
                    <>if index > 0 { { icon("arrow") } }{ certificate_line(certificate, index == 0) }</>
                }) }
            </div>
            { until.unwrap_or_default() }
        </>
    }
}

/// Why it is not imported.
fn remark(found: &Found) -> Html {
    match &found.problem {
        // What is here already needs nobody.
        Some(told) if ["certificate_already_there", "key_already_there"].contains(&told.kind.as_str()) => {
            explained(&Told { who: String::new(), ..told.clone() }, Tone::Info, Html::default())
        }
        told => maybe_problem(told.as_ref()),
    }
}

/// What importing it does.
fn consequence(found: &Found) -> Html {
    let Some(proposal) = &found.proposal else { return html! {} };
    let (icon_name, tone, text) = match proposal {
        Proposal::Reply { alias, missing: Some(missing), .. } => (
            "warn",
            Tone::Warn,
            t!(
                "It fits the key of “{alias}”. The chain stays incomplete: “{missing}” is missing. Import it too, if you have it.",
                alias,
                missing
            ),
        ),
        Proposal::Reply { alias, missing: None, replaces } => (
            "check",
            Tone::Good,
            if *replaces {
                t!(
                    "It fits the key of “{alias}”, and the chain is complete. The certificate that is there goes into the entry’s history.",
                    alias
                )
            } else {
                t!("It fits the key of “{alias}”, and the chain is complete.", alias)
            },
        ),
        Proposal::KeyPair { .. } | Proposal::SecretKey { .. } => {
            ("key", Tone::Info, t!("It becomes a new key pair.").to_owned())
        }
        Proposal::Trust { .. } => (
            "shield",
            Tone::Info,
            t!("It goes to the trust store: what it signed is trusted from then on.").to_owned(),
        ),
    };
    html! { <p class={classes!("consequence", tone.word())}>{ icon(icon_name) }<span>{ text }</span></p> }
}

/// Leads to signing a request, if the keystore has an authority.
fn sign_with(app: &App, pem: &str) -> Html {
    if !app.state.entries().iter().any(can_issue) {
        return html! {};
    }
    let pem = AttrValue::from(pem.to_owned());
    let onclick = app.on(move || {
        let (issuer, request_pem) = (AttrValue::default(), pem.clone());
        Action::Open(Pane::Issue { issuer, request_pem })
    });
    html! {
        <div class="actions">
            { button("small primary", "sign-request", "ca", t!("Sign it with…"), onclick) }
        </div>
    }
}
