//! The picture: what each side holds, and what it still has to hold.

use certwright_certs::Certificate;
use certwright_protocol::catalogue::format_time;
use certwright_protocol::t;
use certwright_protocol::ui::inspect::Tone;
use certwright_protocol::ui::plans::{Holding, HoldingState, PlanSide, PlanSideView};

use super::desk::{Chain, Desk, fingerprint_words};
use crate::show;

/// A side without what it holds.
pub(super) fn side(desk: &Desk<'_>, side: PlanSide, role: &str, holds: Vec<Holding>) -> PlanSideView {
    PlanSideView {
        side,
        name: desk.sentences(desk.name(side)),
        role: role.into(),
        host: if side == PlanSide::Server { desk.host() } else { String::new() },
        mine: desk.is_mine(side),
        holds,
    }
}

/// A thing that a side holds or not.
pub(super) fn holding(
    what: &str,
    label: &str,
    certificate: Option<&Certificate>,
    state: HoldingState,
) -> Holding {
    let tone = match state {
        HoldingState::Here => Tone::Good,
        HoldingState::Missing => Tone::Warn,
        HoldingState::Old | HoldingState::Unknown => Tone::Info,
    };
    Holding {
        what: what.into(),
        label: label.into(),
        name: certificate.map(Certificate::display_name).unwrap_or_default(),
        detail: String::new(),
        state,
        tone,
        entry: None,
        certificate: certificate.map(show::summary),
    }
}

/// Says more of a holding.
pub(super) fn said(mut holding: Holding, detail: impl Into<String>) -> Holding {
    holding.detail = detail.into();
    holding
}

/// Says which entry holds it.
pub(super) fn held_by(mut holding: Holding, entry: Option<&str>) -> Holding {
    holding.entry = entry.map(str::to_owned);
    holding
}

/// The private key and certificate of a side: this side's entry, or what is known of the other side's.
pub(super) fn key_and_certificate(
    desk: &Desk<'_>,
    what: &str,
    label: &str,
    side: PlanSide,
    field: &str,
    chain: &Chain,
) -> Holding {
    let entry = if desk.is_mine(side) { desk.entry(field) } else { None };
    let alias = entry.map(|entry| entry.alias.as_str());
    let pending = entry.and_then(|entry| entry.key_pair()).is_some_and(|pair| pair.request.is_some());
    match chain.leaf() {
        Some(leaf) => {
            let expired = leaf.not_after() < desk.now();
            let mut held = held_by(holding(what, label, Some(leaf), HoldingState::Here), alias);
            held.detail = validity(leaf, desk.now());
            if expired {
                held.tone = Tone::Bad;
            }
            if let Some(missing) = &chain.missing {
                let name = missing.common_name().unwrap_or_else(|| missing.to_rfc4514());
                held.detail = t!("{validity} Above it “{name}” is missing.", validity = held.detail, name);
                held.tone = Tone::Warn;
            }
            held
        }
        None if entry.is_some() => {
            let words = if pending {
                t!(
                    "The key is there, and waits for its certificate: the request is made, the reply has not come."
                )
            } else {
                t!("The key is there, and has no certificate yet.")
            };
            said(held_by(holding(what, label, None, HoldingState::Missing), alias), words)
        }
        None if desk.is_mine(side) => {
            said(holding(what, label, None, HoldingState::Missing), t!("There is no key yet."))
        }
        None => said(holding(what, label, None, HoldingState::Unknown), t!("Not known here yet.")),
    }
}

/// Until when, in a sentence.
pub(super) fn validity(certificate: &Certificate, now: i64) -> String {
    let until = format_time(certificate.not_after());
    if certificate.not_after() < now {
        t!("Expired on {until}.", until)
    } else if certificate.not_before() > now {
        t!("Valid only from {from} on.", from = format_time(certificate.not_before()))
    } else {
        t!("Valid until {until}.", until)
    }
}

/// What identifies a certificate when two people compare it on the telephone.
pub(super) fn to_compare(certificate: &Certificate) -> String {
    t!(
        "“{name}”, SHA-256 {fingerprint}",
        name = certificate.display_name(),
        fingerprint = fingerprint_words(certificate)
    )
}
