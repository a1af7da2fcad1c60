//! The bag as its list shows it: titles, badges, and how a chain would be judged without further wishes.

use std::collections::HashSet;

use certwright_certs::{Certificate, Crl, oid};
use certwright_protocol::Problem;
use certwright_protocol::ui::Told;
use certwright_protocol::ui::inspect::{
    Badge, Bag, JudgePlan, ProfileChoice, PurposeChoice, RevocationChoice, Source, Thing, Tone, TrustChoice,
};

use super::{Content, Inspection, Item};
use crate::inspect::rows::date;
use certwright_language::{t, tn};

/// From how many days before its end a certificate is said to expire soon.
const SOON: i64 = 30;
const DAY: i64 = 86_400;

impl Inspection {
    /// The bag. `now` is in Unix seconds; `problems` are those of the last request.
    pub fn bag(&self, now: i64, problems: Vec<Problem>) -> Bag {
        Bag {
            things: self.items.iter().map(|item| item.thing(now)).collect(),
            plan: self.plan(),
            sources: self
                .sources
                .iter()
                .map(|source| Source { name: source.name.clone(), what: source.words() })
                .collect(),
            problems: problems.into_iter().map(Told::from).collect(),
        }
    }

    /// See [`Bag::plan`].
    fn plan(&self) -> Option<JudgePlan> {
        let certificates: Vec<(u32, &Certificate)> = self.certificates().collect();
        let issuers: HashSet<_> = certificates
            .iter()
            .filter(|(_, one)| !one.is_self_issued())
            .map(|(_, one)| one.issuer())
            .collect();
        let is_last = |one: &Certificate| !issuers.contains(one.subject());
        let leaf = certificates
            .iter()
            .find(|(_, one)| is_last(one) && !one.is_ca())
            .or_else(|| certificates.iter().find(|(_, one)| is_last(one)))
            .or(certificates.first())?;
        Some(JudgePlan {
            leaf: leaf.0,
            purpose: purpose_of(leaf.1),
            profile: ProfileChoice::Auto,
            name: String::new(),
            at: None,
            trust: TrustChoice { keystore: true, mozilla: true, things: Vec::new() },
            revocation: RevocationChoice::IfKnown,
            policies: Vec::new(),
        })
    }
}

/// What a certificate is used for, by its extended key usage.
fn purpose_of(certificate: &Certificate) -> PurposeChoice {
    let Some(usages) = certificate.extended_key_usages() else { return PurposeChoice::Server };
    let has = |wanted: const_oid::ObjectIdentifier| usages.0.iter().any(|usage| *usage == wanted);
    if has(oid::SERVER_AUTH) || has(oid::ANY_EXTENDED_KEY_USAGE) {
        PurposeChoice::Server
    } else if has(oid::CLIENT_AUTH) {
        PurposeChoice::Client
    } else if has(oid::EMAIL_PROTECTION) {
        PurposeChoice::Email
    } else {
        PurposeChoice::Any
    }
}

impl Item {
    pub(super) fn thing(&self, now: i64) -> Thing {
        let (title, subtitle, badges) = match &self.content {
            Content::Certificate(certificate) => {
                let issuer = certificate.issuer();
                let subtitle = if certificate.is_self_issued() {
                    t!("issued by itself").to_owned()
                } else {
                    t!(
                        "issued by {issuer}",
                        issuer = issuer.common_name().unwrap_or_else(|| issuer.to_rfc4514())
                    )
                };
                (certificate.display_name(), subtitle, certificate_badges(certificate, now))
            }
            Content::Request(request) => {
                let name = request.subject().common_name();
                let first = request.subject_alternative_names().first().map(ToString::to_string);
                let title = name.or(first).unwrap_or_else(|| t!("Signing request").into());
                let valid = request.verify().is_ok();
                let badges = if valid { Vec::new() } else { vec![badge(Tone::Bad, t!("signature wrong"))] };
                (title, key_name(request.public_key().ok().as_ref()), badges)
            }
            Content::Crl(list) => {
                let issuer = list.issuer();
                let name = issuer.common_name().unwrap_or_else(|| issuer.to_rfc4514());
                let count = list.entry_count();
                let entries = tn!(count, "1 entry", "{count} entries", count);
                (t!("Revocation list of {name}", name), entries, crl_badges(list, now))
            }
            Content::OcspResponse(response) => {
                let count = response.basic().map_or(0, |basic| basic.responses().len());
                let subtitle = match count {
                    0 => format!("{:?}", response.status()),
                    1 => t!("about 1 certificate").to_owned(),
                    more => t!("about {more} certificates", more),
                };
                (t!("OCSP response").to_owned(), subtitle, Vec::new())
            }
            Content::OcspRequest(..) => (t!("OCSP request").to_owned(), String::new(), Vec::new()),
            Content::PublicKey(key) => (t!("Public key").to_owned(), key_name(Some(key)), Vec::new()),
            Content::PrivateKey(key) => (
                t!("Private key").to_owned(),
                t!("{key}; only its public half is shown", key = key_name(Some(key))),
                Vec::new(),
            ),
            Content::Asn1(octets) => {
                ("ASN.1".to_owned(), t!("{count} octets", count = octets.len()), Vec::new())
            }
        };
        Thing {
            id: self.id,
            kind: self.content.kind(),
            title,
            subtitle,
            place: self.place.words(),
            badges,
            same_as: self.same_as,
        }
    }
}

fn certificate_badges(certificate: &Certificate, now: i64) -> Vec<Badge> {
    let mut badges = Vec::new();
    let left = certificate.not_after() - now;
    if left < 0 {
        badges.push(badge(Tone::Bad, t!("expired")));
    } else if now < certificate.not_before() {
        badges.push(badge(Tone::Bad, t!("not valid yet")));
    } else if left < SOON * DAY && !certificate.is_ca() {
        badges.push(badge(Tone::Warn, t!("expires {date}", date = date(certificate.not_after()))));
    }
    if certificate.is_ca() {
        badges.push(badge(Tone::Info, if certificate.is_self_issued() { t!("root") } else { "CA" }));
    } else if certificate.is_self_issued() {
        badges.push(badge(Tone::Info, t!("self-signed")));
    }
    badges
}

fn crl_badges(list: &Crl, now: i64) -> Vec<Badge> {
    match list.next_update() {
        Some(next) if next < now => vec![badge(Tone::Warn, t!("outdated"))],
        _ => Vec::new(),
    }
}

fn key_name(key: Option<&certwright_keys::PublicKey>) -> String {
    key.map_or_else(|| t!("a key that cannot be read").to_owned(), |key| key.algorithm().to_string())
}

fn badge(tone: Tone, text: impl Into<String>) -> Badge {
    Badge { tone, text: text.into() }
}
