//! A signing request, whoever made it: whether it is sound, what it asks for, and whose key made it.

use certwright_protocol::view::{NamedOid, RequestAttributeView, RequestView};
use yew::prelude::*;

use crate::parts::certificate::{code_fact, fact, list_fact};
use crate::parts::copy::Copy;
use crate::parts::tone_icon;
use crate::state::Tone;

/// The facts of a signing request: what is to be thought of it first.
pub(super) fn request_facts(request: &RequestView) -> Html {
    let signature = if request.signature_valid {
        note(Tone::Good, "request-signature", "Its signature is right: whoever made it has the private key.")
    } else {
        note(
            Tone::Bad,
            "request-signature",
            "Its signature is wrong: it was changed after it was signed, or its maker does not have the private key.",
        )
    };
    let strength = match &request.weakness {
        Some(weakness) => note(Tone::Warn, "request-strength", &format!("The key: {weakness}.")),
        None => note(Tone::Good, "request-strength", "The key is strong enough."),
    };
    let owner = match &request.fits_alias {
        Some(alias) => note(Tone::Good, "request-fits", &format!("Its key is “{alias}” in this keystore.")),
        None => note(Tone::Info, "request-fits", "No key of this keystore fits it."),
    };
    html! {
        <div class="block tight" data-testid="request-facts" data-signature={if request.signature_valid { "right" } else { "wrong" }}
            data-fits={request.fits_alias.clone()}>
            <ul class="notes">{ signature }{ strength }{ owner }</ul>
            <dl class="facts">
                { fact("Subject", &request.subject) }
                { fact("Key", &request.key) }
                { list_fact("Alternative names", &request.subject_alternative_names) }
                { list_fact("Key usage", &request.key_usage) }
                { list_fact("Extended key usage", &request.extended_key_usage) }
                if request.wants_ca { { fact("Authority", "It asks to become a certification authority") } }
                if request.has_challenge_password { { fact("Challenge password", "Yes, in clear: whoever sees the request can read it") } }
            </dl>
            <details>
                <summary>{ "More about this request" }</summary>
                <dl class="facts">
                    { fact("Signature", &request.signature_algorithm) }
                    { list_fact("Asks for extensions", &named(&request.extensions)) }
                    { list_fact("Attributes", &attributes(request)) }
                    { code_fact("Public key pin (SHA-256)", &request.spki_pin) }
                </dl>
            </details>
            <div class="actions"><Copy text={request.pem.clone()} what="as PEM" labelled={true} class="small" /></div>
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
