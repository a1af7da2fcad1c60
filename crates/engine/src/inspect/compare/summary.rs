//! What the differences between two things come to, for the two questions "is this a renewal?" and "why does the new one fail?".

use certwright_language::text;
use std::collections::BTreeSet;

use certwright_certs::extensions::KeyUsage;
use certwright_certs::key_strength::{Strength, strength};
use certwright_certs::{Certificate, GeneralName, Name, Oid, SigningRequest};
use certwright_keys::{KeyAlgorithm, PublicKey};

use super::super::Content;
use super::super::rows::date;
use certwright_language::{mark, t};

const DAY: i64 = 86_400;
/// Most names in a sentence.
const MOST_NAMES: usize = 8;

/// The sentences, the most important first.
pub(super) fn summary(left: &Content, right: &Content, now: i64) -> Vec<String> {
    if left.kind() == right.kind() && left.der() == right.der() {
        return vec![t!("Both are the same, octet for octet.").into()];
    }
    let (Some(old), Some(new)) = (Facts::of(left), Facts::of(right)) else {
        return vec![t!("They differ; what exactly, the rows below show.").into()];
    };
    let mut said = Vec::new();
    names(&old, &new, &mut said);
    key(&old, &new, &mut said);
    usages(&old, &new, &mut said);
    if let (Content::Certificate(old), Content::Certificate(new)) = (left, right) {
        issuer(old, new, &mut said);
        validity(old, new, now, &mut said);
        services(old, new, &mut said);
        identity(old, new, &mut said);
    }
    if said.is_empty() {
        said.push(t!("Nothing that matters for its use differs.").into());
    }
    said
}

/// What certificates and requests have in common.
struct Facts<'a> {
    called: &'static str,
    subject: &'a Name,
    names: BTreeSet<String>,
    key: Option<PublicKey>,
    key_usage: Option<KeyUsage>,
    purposes: Option<Vec<Oid>>,
    is_ca: bool,
    policies: Option<Vec<Oid>>,
    signature: String,
    must_staple: bool,
}

impl<'a> Facts<'a> {
    fn of(content: &'a Content) -> Option<Self> {
        match content {
            Content::Certificate(certificate) => Some(Self::of_certificate(certificate)),
            Content::Request(request) => Some(Self::of_request(request)),
            _ => None,
        }
    }

    fn of_certificate(certificate: &'a Certificate) -> Self {
        let policies = certificate.extensions().certificate_policies();
        Self {
            called: mark!("certificate"),
            subject: certificate.subject(),
            names: certificate.subject_alternative_names().iter().map(name_words).collect(),
            key: certificate.public_key().ok(),
            key_usage: certificate.key_usage(),
            purposes: certificate.extended_key_usages().map(|usages| usages.0.clone()),
            is_ca: certificate.is_ca(),
            policies: Some(
                policies
                    .as_ref()
                    .ok()
                    .and_then(Option::as_ref)
                    .map(|all| all.oids().cloned().collect())
                    .unwrap_or_default(),
            ),
            signature: certificate.signature_algorithm().name(),
            must_staple: has(&certificate.extensions().all, certwright_certs::oid::TLS_FEATURE),
        }
    }

    fn of_request(request: &'a SigningRequest) -> Self {
        Self {
            called: mark!("request"),
            subject: request.subject(),
            names: request.subject_alternative_names().iter().map(name_words).collect(),
            key: request.public_key().ok(),
            key_usage: request.key_usage(),
            purposes: request.extended_key_usage().map(|usages| usages.0.clone()),
            is_ca: request.basic_constraints().is_some_and(|constraints| constraints.ca),
            policies: None,
            signature: request.signature_algorithm().name(),
            must_staple: has(&request.extensions().all, certwright_certs::oid::TLS_FEATURE),
        }
    }
}

/// Host names and addresses by themselves, others with their kind.
fn name_words(name: &GeneralName) -> String {
    match name {
        GeneralName::Dns(host) => host.clone(),
        GeneralName::Ip(address) => address.to_string(),
        other => other.to_string(),
    }
}

fn has(extensions: &[certwright_certs::extensions::Extension], oid: const_oid::ObjectIdentifier) -> bool {
    extensions.iter().any(|extension| extension.oid == oid)
}

fn names(old: &Facts<'_>, new: &Facts<'_>, said: &mut Vec<String>) {
    let lost: Vec<&str> = old.names.difference(&new.names).map(String::as_str).collect();
    let gained: Vec<&str> = new.names.difference(&old.names).map(String::as_str).collect();
    if !lost.is_empty() {
        let count = if lost.len() == 1 {
            t!("one name less").into()
        } else {
            t!("{count} names less", count = lost.len())
        };
        said.push(t!(
            "The new {called} is for {count}: {lost}. Whoever connects by that name is refused.",
            called = text(new.called),
            count,
            lost = listed(&lost)
        ));
    }
    if !gained.is_empty() {
        let count = if gained.len() == 1 {
            t!("one name more").into()
        } else {
            t!("{count} names more", count = gained.len())
        };
        said.push(t!(
            "The new {called} is for {count}: {gained}.",
            called = text(new.called),
            count,
            gained = listed(&gained)
        ));
    }
    if old.subject != new.subject {
        said.push(t!(
            "The subject was “{old}” and is “{new}”: who recognises the holder by it has to be told.",
            old = old.subject.to_rfc4514(),
            new = new.subject.to_rfc4514()
        ));
    }
}

fn key(old: &Facts<'_>, new: &Facts<'_>, said: &mut Vec<String>) {
    match (&old.key, &new.key) {
        (Some(before), Some(after)) if before == after => said.push(match (old.called, new.called) {
            ("request", "certificate") | ("certificate", "request") => {
                t!("Both are for the same key: the certificate fits the request.").into()
            }
            _ => t!(
                "The key is the same ({after}): no new private key has to be installed.",
                after = after.algorithm()
            ),
        }),
        (Some(before), Some(after)) => {
            let kinds = if before.algorithm() == after.algorithm() {
                t!("both {after}", after = after.algorithm())
            } else {
                t!("{before} before, {after} now", before = before.algorithm(), after = after.algorithm())
            };
            said.push(match (old.called, new.called) {
                ("request", "certificate") | ("certificate", "request") => {
                    t!("They are for different keys ({kinds}): this certificate was not issued for this request.", kinds)
                }
                _ => t!("The key is another one ({kinds}): the new private key has to be installed together with the certificate, and who pinned the old key has to be told.", kinds),
            });
            if is_weaker(after, before) {
                said.push(t!(
                    "The new key is weaker: {after} instead of {before}.",
                    after = after.algorithm(),
                    before = before.algorithm()
                ));
            }
        }
        _ => said.push(t!("One of the keys cannot be read.").into()),
    }
}

fn is_weaker(new: &PublicKey, old: &PublicKey) -> bool {
    let is_weak = |key: &PublicKey| matches!(strength(key), Strength::Weak { .. } | Strength::Legacy { .. });
    match (new.algorithm(), old.algorithm()) {
        (KeyAlgorithm::Rsa { bits: new }, KeyAlgorithm::Rsa { bits: old }) => new < old,
        _ => is_weak(new) && !is_weak(old),
    }
}

fn usages(old: &Facts<'_>, new: &Facts<'_>, said: &mut Vec<String>) {
    // An extension that is not there restricts nothing; a request leaves to the authority what it does not ask for.
    if let Some(after) = &new.purposes {
        let before = old.purposes.as_deref();
        let lost: Vec<String> = match before {
            Some(before) => {
                before.iter().filter(|usage| !after.contains(usage)).map(Oid::name_or_dotted).collect()
            }
            None => Vec::new(),
        };
        if !lost.is_empty() {
            let lost: Vec<&str> = lost.iter().map(String::as_str).collect();
            said.push(t!(
                "It lost the purpose {lost}: programs that demand it refuse the new one.",
                lost = listed(&lost)
            ));
        } else if before.is_none() && old.called == new.called {
            let all: Vec<String> = after.iter().map(Oid::name_or_dotted).collect();
            let all: Vec<&str> = all.iter().map(String::as_str).collect();
            said.push(t!("It was for any purpose, and is now for {all} alone.", all = listed(&all)));
        }
        let gained: Vec<String> = after
            .iter()
            .filter(|usage| before.is_some_and(|before| !before.contains(usage)))
            .map(Oid::name_or_dotted)
            .collect();
        if !gained.is_empty() {
            let gained: Vec<&str> = gained.iter().map(String::as_str).collect();
            said.push(t!("It gained the purpose {gained}.", gained = listed(&gained)));
        }
    }
    if let (Some(before), Some(after)) = (old.key_usage, new.key_usage) {
        let lost = before.without(after).names();
        if !lost.is_empty() {
            said.push(t!("Its key usage lost {lost}.", lost = listed(&lost)));
        }
        let gained = after.without(before).names();
        if !gained.is_empty() {
            said.push(t!("Its key usage gained {gained}.", gained = listed(&gained)));
        }
    }
    match (old.is_ca, new.is_ca) {
        (true, false) => said.push(
            t!("The old one is a certification authority’s; the new one is not, and can issue nothing.").into(),
        ),
        (false, true) => said.push(
            t!("The new one is a certification authority’s; servers and clients should not use it as their own.")
                .into(),
        ),
        _ => {}
    }
    if let (Some(before), Some(after)) = (&old.policies, &new.policies) {
        let lost: Vec<String> =
            before.iter().filter(|policy| !after.contains(policy)).map(Oid::name_or_dotted).collect();
        if !lost.is_empty() {
            let lost: Vec<&str> = lost.iter().map(String::as_str).collect();
            said.push(t!("It lost the certificate policy {lost}.", lost = listed(&lost)));
        }
    }
    if old.signature != new.signature && old.called == new.called {
        said.push(t!("It is signed with {new} instead of {old}.", new = new.signature, old = old.signature));
    }
    if new.must_staple && !old.must_staple {
        said.push(t!("The new one demands a stapled OCSP response (must-staple): a server that does not staple is refused by some clients.").into());
    }
}

fn issuer(old: &Certificate, new: &Certificate, said: &mut Vec<String>) {
    if old.issuer() != new.issuer() {
        said.push(t!("The issuer is “{new}” instead of “{old}”: the server has to send the new intermediates, and who trusted only the old authority needs the new root in its trust store.", new = new.issuer().to_rfc4514(), old = old.issuer().to_rfc4514()));
    } else if old.authority_key_identifier() != new.authority_key_identifier()
        && new.authority_key_identifier().is_some()
    {
        said.push(t!("The issuer has the same name and another key: its new certificate has to be installed as the intermediate.").into());
    }
}

fn validity(old: &Certificate, new: &Certificate, now: i64, said: &mut Vec<String>) {
    let gap = new.not_before() - old.not_after();
    if gap > 1 {
        let days = days(gap);
        said.push(t!(
            "Between them is a gap of {days}: the old one ends on {old}, the new one begins on {new}.",
            days,
            old = date(old.not_after()),
            new = date(new.not_before())
        ));
    } else if new.not_after() <= old.not_after() {
        said.push(t!(
            "The new one ends on {new}, not later than the old one ({old}).",
            new = date(new.not_after()),
            old = date(old.not_after())
        ));
    } else {
        let overlap = old.not_after() - new.not_before().max(old.not_before());
        said.push(t!(
            "The new one runs until {new}, {old} longer; both are valid together for {overlap}.",
            new = date(new.not_after()),
            old = days(new.not_after() - old.not_after()),
            overlap = days(overlap.max(0))
        ));
    }
    let length = |one: &Certificate| one.not_after() - one.not_before() + 1;
    if length(new) < length(old) - DAY {
        said.push(t!(
            "It is valid for {new}, and the old one was for {old}.",
            new = days(length(new)),
            old = days(length(old))
        ));
    }
    if now > new.not_after() {
        said.push(t!("The new one has expired already.").into());
    } else if now < new.not_before() {
        said.push(t!("The new one is not valid yet.").into());
    }
}

/// A time in days, counted up.
fn days(seconds: i64) -> String {
    match (seconds + DAY - 1).div_euclid(DAY) {
        1 => t!("1 day").into(),
        days => t!("{days} days", days),
    }
}

fn services(old: &Certificate, new: &Certificate, said: &mut Vec<String>) {
    for (what, before, after) in [
        (t!("where its issuer’s certificate can be had (AIA)"), old.ca_issuers_urls(), new.ca_issuers_urls()),
        (t!("an OCSP responder"), old.ocsp_urls(), new.ocsp_urls()),
        (t!("a revocation list"), old.crl_urls(), new.crl_urls()),
    ] {
        if !before.is_empty() && after.is_empty() {
            said.push(t!("The new one no longer names {what}.", what));
        } else if before != after && !before.is_empty() {
            said.push(t!(
                "The new one names another address for {what}: firewalls may have to let {after} through.",
                what,
                after = after.join(", ")
            ));
        }
    }
}

fn identity(old: &Certificate, new: &Certificate, said: &mut Vec<String>) {
    if old.serial() == new.serial() && old.issuer() == new.issuer() {
        said.push(t!("Both have the same serial number and issuer although they differ: some programs take them for one, or refuse both.").into());
    }
    let same_key = old.spki_der() == new.spki_der();
    if same_key && old.subject_key_identifier() != new.subject_key_identifier() {
        said.push(t!("The subject key identifier changed although the key did not: certificates that name the old one may no longer find this issuer.").into());
    }
}

fn listed(items: &[&str]) -> String {
    let shown = items.get(..MOST_NAMES).unwrap_or(items).join(", ");
    let more = items.len().saturating_sub(MOST_NAMES);
    if more > 0 { t!("{shown} and {more} more", shown, more) } else { shown }
}
