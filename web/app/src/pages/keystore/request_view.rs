//! A signing request, whoever made it: whether it is sound, what it asks for, and whose key made it.

use certwright_protocol::t;
use certwright_protocol::view::{NamedOid, RequestAttributeView, RequestView};
use yew::prelude::*;

use crate::parts::certificate::{code_fact, fact, list_fact};
use crate::parts::copy::Copy;
use crate::parts::tone_icon;
use crate::state::Tone;

/// The facts of a signing request: what is to be thought of it first.
pub(super) fn request_facts(request: &RequestView) -> Html {
    let signature = if request.signature_valid {
        note(
            Tone::Good,
            "request-signature",
            t!("Its signature is right: whoever made it has the private key."),
        )
    } else {
        note(
            Tone::Bad,
            "request-signature",
            t!(
                "Its signature is wrong: it was changed after it was signed, or its maker does not have the private key."
            ),
        )
    };
    let strength = match &request.weakness {
        Some(weakness) => note(Tone::Warn, "request-strength", &t!("The key: {weakness}.", weakness)),
        None => note(Tone::Good, "request-strength", t!("The key is strong enough.")),
    };
    let owner = match &request.fits_alias {
        Some(alias) => note(Tone::Good, "request-fits", &t!("Its key is “{alias}” in this keystore.", alias)),
        None => note(Tone::Info, "request-fits", t!("No key of this keystore fits it.")),
    };
    html! {
        <div class="block tight" data-testid="request-facts" data-signature={if request.signature_valid { "right" } else { "wrong" }}
            data-fits={request.fits_alias.clone()}>
            <ul class="notes">{ signature }{ strength }{ owner }</ul>
            <dl class="facts">
                { fact(t!("Subject"), &request.subject) }
                { fact(t!("Key"), &request.key) }
                { list_fact(t!("Alternative names"), &request.subject_alternative_names) }
                { list_fact(t!("Key usage"), &request.key_usage) }
                { list_fact(t!("Extended key usage"), &request.extended_key_usage) }
                if request.wants_ca { { fact(t!("Authority"), t!("It asks to become a certification authority")) } }
                if request.has_challenge_password { { fact(t!("Challenge password"), t!("Yes, in clear: whoever sees the request can read it")) } }
            </dl>
            <details>
                <summary>{ t!("More about this request") }</summary>
                <dl class="facts">
                    { fact(t!("Signature"), &request.signature_algorithm) }
                    { list_fact(t!("Asks for extensions"), &named(&request.extensions)) }
                    { list_fact(t!("Attributes"), &attributes(request)) }
                    { code_fact(t!("Public key pin (SHA-256)"), &request.spki_pin) }
                </dl>
            </details>
            <div class="actions"><Copy text={request.pem.clone()} what={t!("as PEM")} labelled={true} class="small" /></div>
        </div>
    }
}

fn note(tone: Tone, testid: &'static str, words: &str) -> Html {
    html! { <li class={tone.word()} data-testid={testid} data-tone={tone.word()}>{ tone_icon(tone) }<span>{ words.to_owned() }</span></li> }
}

fn named(identifiers: &[NamedOid]) -> Vec<String> {
    let text = |known: &NamedOid| match &known.name {
        Some(name) => format!("{name} ({})", known.oid),
        None => known.oid.clone(),
    };
    identifiers.iter().map(text).collect()
}

fn attributes(request: &RequestView) -> Vec<String> {
    let text =
        |attribute: &RequestAttributeView| format!("{}: {}", attribute.name, attribute.values.join(", "));
    request.attributes.iter().map(text).collect()
}
