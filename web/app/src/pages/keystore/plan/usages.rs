//! What a certificate is good for: a purpose, or its key usages one by one; whether it is an authority; and how it is signed.

use certwright_protocol::language::text;
use yew::prelude::*;

use super::{At, Draft, Handle, check, line, onchange, oninput, options, toggle};
use crate::parts::word::word;
use crate::settings;
use certwright_protocol::{mark, t};

/// What the certificate is for.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::pages::keystore) enum Purpose {
    #[default]
    Client,
    Server,
    Both,
    /// Usages that were chosen one by one.
    Own,
    /// What the signing request asks for.
    AsRequested,
}

/// The purposes with their ids and names, in the order of the enum.
const PURPOSES: [(Purpose, &str, &str); 5] = [
    (Purpose::Client, "client", mark!("Client authentication")),
    (Purpose::Server, "server", mark!("TLS server")),
    (Purpose::Both, "both", mark!("Both")),
    (Purpose::Own, "own", mark!("Own choice")),
    (Purpose::AsRequested, "requested", mark!("As requested")),
];

/// Key usages, and what they allow.
const KEY_USAGES: [(&str, &str); 9] = [
    ("digitalSignature", mark!("sign: logins, TLS handshakes")),
    ("nonRepudiation", mark!("sign documents")),
    ("keyEncipherment", mark!("receive keys (RSA)")),
    ("dataEncipherment", mark!("receive data")),
    ("keyAgreement", mark!("agree on keys")),
    ("keyCertSign", mark!("sign certificates")),
    ("cRLSign", mark!("sign revocation lists")),
    ("encipherOnly", ""),
    ("decipherOnly", ""),
];

/// Extended key usages, and what they allow.
const EXTENDED: [(&str, &str); 6] = [
    ("clientAuth", mark!("TLS client")),
    ("serverAuth", mark!("TLS server")),
    ("emailProtection", mark!("e-mail")),
    ("codeSigning", mark!("programs")),
    ("timeStamping", mark!("time stamps")),
    ("OCSPSigning", mark!("revocation answers")),
];

/// The key usages of a TLS client or server.
fn usual(rsa: bool) -> Vec<String> {
    let mut usages = vec!["digitalSignature".to_owned()];
    if rsa {
        usages.push("keyEncipherment".into());
    }
    usages
}

fn listed(usage: &str) -> bool {
    EXTENDED.iter().any(|(name, _)| *name == usage)
}

/// Finds the purpose of a plan that has come.
pub(super) fn recognise(draft: &mut Draft) {
    let all = std::mem::take(&mut draft.plan.extended_key_usage);
    let (all, own): (Vec<String>, Vec<String>) = all.into_iter().partition(|usage| listed(usage));
    draft.own_usages = own.join(" ");
    let has = |usage: &str| all.iter().any(|other| other == usage);
    let ordinary = |usage: &String| usage == "digitalSignature" || usage == "keyEncipherment";
    let plain = own.is_empty()
        && !draft.plan.is_ca
        && draft.plan.key_usage.iter().all(ordinary)
        && has_some(&draft.plan.key_usage);
    draft.purpose = match (plain, all.len(), has("clientAuth"), has("serverAuth")) {
        (true, 1, true, _) => Purpose::Client,
        (true, 1, _, true) => Purpose::Server,
        (true, 2, true, true) => Purpose::Both,
        _ => Purpose::Own,
    };
    draft.plan.extended_key_usage = all;
}

fn has_some(usages: &[String]) -> bool {
    !usages.is_empty()
}

/// The extended key usages of the draft.
pub(super) fn extended(draft: &Draft) -> Vec<String> {
    let own = draft.own_usages.split([' ', ',', ';', '\n']).filter(|usage| !usage.is_empty());
    draft.plan.extended_key_usage.iter().cloned().chain(own.map(str::to_owned)).collect()
}

fn set_purpose(draft: &mut Draft, purpose: Purpose) {
    draft.purpose = purpose;
    let names: &[&str] = match purpose {
        Purpose::Client => &["clientAuth"],
        Purpose::Server => &["serverAuth"],
        Purpose::Both => &["clientAuth", "serverAuth"],
        Purpose::AsRequested => &[],
        Purpose::Own => return,
    };
    draft.plan.key_usage = if names.is_empty() { Vec::new() } else { usual(draft.rsa) };
    draft.plan.extended_key_usage = names.iter().map(|name| (*name).to_owned()).collect();
    draft.own_usages.clear();
}

/// Makes the certificate an authority, or an ordinary one again.
pub(super) fn set_authority(draft: &mut Draft, _: At, on: String) {
    draft.plan.is_ca = !on.is_empty();
    if draft.plan.is_ca {
        set_purpose(draft, Purpose::AsRequested);
        draft.purpose = Purpose::Own;
        draft.plan.key_usage = ["keyCertSign", "cRLSign"].map(str::to_owned).into();
    } else {
        match draft.issuing {
            true => set_purpose(draft, Purpose::AsRequested),
            false => prefer(draft, At::default(), String::new()),
        }
    }
}

/// What the certificate is for. One that is issued can follow its signing request.
pub(in crate::pages::keystore) fn purpose_field(draft: &Handle) -> Html {
    let choose = |draft: &mut Draft, at: At, _| {
        if let Some((purpose, ..)) = PURPOSES.get(at.0) {
            // None of them is an authority's.
            draft.plan.is_ca &= *purpose == Purpose::Own;
            set_purpose(draft, *purpose);
        }
    };
    let last = PURPOSES.len() - 1;
    let order = draft.issuing.then_some(last).into_iter().chain(0..last);
    html! {
        <fieldset class="block tight">
            <legend>{ word("usage", t!("Purpose")) }</legend>
            <div class="chips">
                { for order.filter_map(|index| PURPOSES.get(index).map(|choice| (index, choice))).map(|(index, (purpose, id, name))| html! {
                    <label class="chip">
                        <input type="radio" name="purpose" value={*id} data-testid={format!("purpose-{id}")} checked={draft.purpose == *purpose}
                            onchange={onchange(draft, (index, 0), choose)} />
                        { text(name) }
                    </label>
                }) }
            </div>
            if draft.purpose == Purpose::Own {
                { own_usages(draft) }
            } else if has_some(&draft.plan.extended_key_usage) {
                <small>{ t!("Key usage: {key_usage}. Extended: {extended_key_usage}.", key_usage = draft.plan.key_usage.join(", "), extended_key_usage = draft.plan.extended_key_usage.join(", ")) }</small>
            }
        </fieldset>
    }
}

/// Usages one by one.
fn own_usages(draft: &Handle) -> Html {
    let plan = &draft.plan;
    html! {
        <>
            { usage_list(t!("Key usage"), "key-usage", &KEY_USAGES, &plan.key_usage, draft, |draft, at, _| {
                if let Some((name, _)) = KEY_USAGES.get(at.0) { toggle(&mut draft.plan.key_usage, name) }
            }) }
            { usage_list(t!("Extended key usage"), "extended-key-usage", &EXTENDED, &plan.extended_key_usage, draft, |draft, at, _| {
                if let Some((name, _)) = EXTENDED.get(at.0) { toggle(&mut draft.plan.extended_key_usage, name) }
            }) }
            { line(html! { t!("Other extended key usages") }, "extended-key-usage-other", draft.own_usages.clone(), "1.3.6.1.4.1.311.20.2.2",
                oninput(draft, (0, 0), |draft, _, value| draft.own_usages = value), t!("Names or object identifiers, with spaces between.")) }
        </>
    }
}

fn usage_list(
    title: &'static str,
    testid: &'static str,
    all: &'static [(&'static str, &'static str)],
    chosen: &[String],
    draft: &Handle,
    change: super::Change,
) -> Html {
    html! {
        <div class="usages" role="group" aria-label={title}>
            <h4>{ title }</h4>
            { for all.iter().enumerate().map(|(index, (name, allows))| check(
                &format!("{testid}-{name}"),
                chosen.iter().any(|other| other == name),
                onchange(draft, (index, 0), change),
                html! { <>{ *name }<small>{ text(allows) }</small></> },
            )) }
        </div>
    }
}

/// Whether it becomes an authority, and how many may follow below it.
pub(in crate::pages::keystore) fn authority_field(draft: &Handle, words: &'static str) -> Html {
    html! {
        <div class="block tight">
            { check("is-ca", draft.plan.is_ca, onchange(draft, (0, 0), set_authority), html! { words }) }
            if draft.plan.is_ca { { path_length_field(draft) } }
        </div>
    }
}

/// How many authorities may follow below an authority.
pub(super) fn path_length_field(draft: &Handle) -> Html {
    let change = |draft: &mut Draft, _, value| draft.path_length = value;
    let note = t!(
        "How many authorities may follow below it; 0: it signs only certificates of servers, clients and people."
    );
    line(
        html! { t!("Path length") },
        "path-length",
        draft.path_length.clone(),
        "any",
        oninput(draft, (0, 0), change),
        note,
    )
}

/// By which algorithm it is signed, out of those of the key: as chosen, else as the settings prefer; `None` is the usual one.
pub(in crate::pages::keystore) fn signature(draft: &Draft, signatures: &[String]) -> Option<String> {
    let settings = settings::current();
    let preferred = || {
        signatures
            .iter()
            .find(|name| !settings.signature.is_empty() && name.contains(&settings.signature))
            .cloned()
    };
    draft.plan.signature.clone().or_else(preferred)
}

/// Gives a plan that began with nothing the purpose that the settings prefer.
pub(super) fn prefer(draft: &mut Draft, _: At, _: String) {
    let settings = settings::current();
    if let Some((purpose, ..)) = PURPOSES.iter().find(|(_, id, _)| *id == settings.purpose) {
        set_purpose(draft, *purpose);
    }
}

/// How it is signed, where there is a choice.
pub(in crate::pages::keystore) fn signature_field(draft: &Handle, signatures: &[String]) -> Html {
    let chosen = signature(draft, signatures).or_else(|| signatures.first().cloned()).unwrap_or_default();
    html! {
        <label class="field">
            <span>{ t!("Signature algorithm") }</span>
            <select data-testid="signature" disabled={signatures.len() < 2}
                onchange={onchange(draft, (0, 0), |draft, _, value| draft.plan.signature = Some(value))}>
                { options(signatures.iter().map(|name| (name.clone().into(), name.clone().into())).collect(), &chosen) }
            </select>
        </label>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_are_recognised_again() {
        for rsa in [false, true] {
            for (purpose, ..) in PURPOSES.into_iter().filter(|(purpose, ..)| (*purpose as usize) < 3) {
                let mut draft = Draft { rsa, ..Draft::default() };
                set_purpose(&mut draft, purpose);
                draft.purpose = Purpose::Own;
                recognise(&mut draft);
                assert!(draft.purpose == purpose);
                assert_eq!(draft.plan.key_usage.len(), if rsa { 2 } else { 1 });
            }
        }
        let mut draft = Draft::default();
        draft.plan.extended_key_usage = ["clientAuth", "1.2.3"].map(str::to_owned).into();
        recognise(&mut draft);
        assert!(draft.purpose == Purpose::Own);
        assert_eq!(draft.own_usages, "1.2.3");
        assert_eq!(extended(&draft), ["clientAuth", "1.2.3"]);
    }

    #[test]
    fn an_authority_signs_certificates() {
        let mut draft = Draft::default();
        set_authority(&mut draft, (0, 0), "on".into());
        assert!(draft.plan.is_ca && draft.purpose == Purpose::Own);
        assert_eq!(draft.plan.key_usage, ["keyCertSign", "cRLSign"]);
        assert!(extended(&draft).is_empty());
        set_authority(&mut draft, (0, 0), String::new());
        assert_eq!(extended(&draft), ["clientAuth"]);
    }
}
