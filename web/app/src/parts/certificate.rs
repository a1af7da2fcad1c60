//! A certificate's facts, each of which can be copied.

use certwright_protocol::catalogue::format_time;
use certwright_protocol::t;
use certwright_protocol::view::CertificateView;
use yew::prelude::*;

use super::copy::Copy;
use super::time::validity;
use super::{breakable, icon, pem};
use crate::browser;

/// One fact: its name, its value, a button to copy it.
pub(crate) fn fact(name: &'static str, value: &str) -> Html {
    fact_of(name, value, breakable(value), None)
}

/// A fact in letters of one width.
pub(crate) fn code_fact(name: &'static str, value: &str) -> Html {
    fact_of(name, value, html! { <code>{ breakable(value) }</code> }, None)
}

/// A fact whose value is shown otherwise than it is copied.
pub(crate) fn fact_of(name: &str, copied: &str, shown: Html, testid: Option<String>) -> Html {
    html! {
        <div class="fact">
            <dt>{ name.to_owned() }</dt>
            <dd><span data-testid={testid}>{ shown }</span><Copy text={copied.to_owned()} what={name.to_owned()} /></dd>
        </div>
    }
}

/// Several values under one name, or nothing.
pub(crate) fn list_fact(name: &'static str, values: &[String]) -> Html {
    if values.is_empty() {
        return html! {};
    }
    let shown =
        html! { <ul class="plain">{ for values.iter().map(|value| html! { <li>{ value }</li> }) }</ul> };
    fact_of(name, &values.join("\n"), shown, None)
}

/// All facts of a certificate.
pub(crate) fn certificate_facts(certificate: &CertificateView) -> Html {
    let (tone, words) = validity(certificate.not_before, certificate.not_after, browser::now());
    let until = html! {
        <>{ format_time(certificate.not_after) }{ " " }<em class={classes!("aside", tone.word())}>{ words }</em></>
    };
    let identifiers = [
        (t!("Subject key identifier"), &certificate.subject_key_identifier),
        (t!("Authority key identifier"), &certificate.authority_key_identifier),
    ];
    html! {
        <div key={certificate.sha256.clone()} class="certificate-facts">
            <dl class="facts">
                { fact(t!("Subject"), &certificate.subject) }
                { fact(t!("Issuer"), &certificate.issuer) }
                { fact(t!("Valid from"), &format_time(certificate.not_before)) }
                { fact_of(t!("Valid until"), &format_time(certificate.not_after), until, None) }
                { fact(t!("Key"), &certificate.key) }
                { list_fact(t!("Alternative names"), &certificate.subject_alternative_names) }
                { code_fact(t!("Serial number"), &certificate.serial) }
                { code_fact(t!("SHA-256 fingerprint"), &certificate.sha256) }
            </dl>
            <details>
                <summary>{ t!("More about this certificate") }</summary>
                <dl class="facts">
                    { fact(t!("Signature"), &certificate.signature_algorithm) }
                    { fact(t!("Authority"), if certificate.is_ca { t!("Yes: it may sign certificates") } else { t!("No") }) }
                    { list_fact(t!("Key usage"), &certificate.key_usage) }
                    { list_fact(t!("Extended key usage"), &certificate.extended_key_usage) }
                    { for identifiers.iter().filter_map(|(name, value)| value.as_ref().map(|value| code_fact(name, value))) }
                    { code_fact(t!("Public key pin (SHA-256)"), &certificate.spki_pin) }
                    { list_fact(t!("Issuer’s certificate at"), &certificate.ca_issuers) }
                </dl>
            </details>
            <div class="actions">
                <Copy text={pem::to_pem([certificate])} what={t!("as PEM")} labelled={true} class="small" />
            </div>
        </div>
    }
}

/// The role of a certificate in its chain, in a word, with its icon.
pub(crate) fn role(
    certificate: &CertificateView,
    first: bool,
    end: &'static str,
) -> (&'static str, &'static str) {
    match (first, certificate.is_ca, certificate.is_self_issued) {
        (_, true, true) => ("ca", t!("Root")),
        (true, false, _) => ("cert", end),
        (_, true, false) => ("ca", t!("Intermediate")),
        _ => ("cert", t!("Certificate")),
    }
}

/// Name and key of a certificate in one line.
pub(crate) fn certificate_line(certificate: &CertificateView, first: bool) -> Html {
    let (icon_name, role) = role(certificate, first, t!("Certificate"));
    html! {
        <span class="mini-link" title={certificate.subject.clone()}>{ icon(icon_name) }<span>{ &certificate.name }</span><small>{ role }</small></span>
    }
}
