//! A chain: a card for each certificate, an arrow from it to the one that signed it, the missing one dashed, what has expired said so.

use certwright_protocol::t;
use certwright_protocol::view::{ChainLink, LinkOrigin};

use super::svg::{Font, Picture, font};
use crate::parts::certificate::role;
use crate::parts::chain::Card;
use crate::parts::time::{day, validity};
use crate::state::Tone;

const WIDTH: i32 = 420;
const HEIGHT: i32 = 92;
const GAP: i32 = 40;
const EDGE: i32 = 12;

/// Draws it, the end-entity first; `end` is what that is called.
pub(crate) fn chain(cards: &[Card], end: &'static str, now: i64) -> Picture {
    let mut names: Vec<&str> = Vec::new();
    for card in cards {
        names.push(match &card.link {
            ChainLink::Certificate { certificate, .. } => &certificate.name,
            ChainLink::Missing { subject, .. } => subject,
        });
    }
    let title = t!("Chain of {name}", name = names.first().copied().unwrap_or_default());
    let told = t!("Each is signed by the next: {names}", names = names.join(" → "));
    let mut picture = Picture::new(title, told, (WIDTH + 2 * EDGE).unsigned_abs());
    for (place, card) in (0..).zip(cards) {
        let top = EDGE + place * (HEIGHT + GAP);
        if place > 0 {
            let missing = matches!(card.link, ChainLink::Missing { .. });
            let middle = EDGE + 40;
            picture.line((middle, top - GAP), (middle, top - 3), "ink-soft", missing, true);
            let words = if missing { t!("was signed by") } else { t!("is signed by") };
            picture.text((middle + 14, top - GAP / 2 + 4), WIDTH - 60, font(12, "ink-soft"), words);
        }
        draw(&mut picture, top, card, place == 0, end, now);
        picture.reach(top + HEIGHT + EDGE);
    }
    picture
}

fn draw(picture: &mut Picture, top: i32, card: &Card, first: bool, end: &'static str, now: i64) {
    let bounds = (EDGE, top, WIDTH, HEIGHT);
    let mut lines: Vec<(i32, Font, String)> = Vec::new();
    match &card.link {
        ChainLink::Missing { subject, ca_issuers } => {
            picture.rect(bounds, "none", "bad", true);
            lines.push((24, font(12, "bad").bold(), t!("Missing").to_owned()));
            lines.push((47, font(15, "ink").bold(), subject.clone()));
            if let Some(url) = ca_issuers.first() {
                lines.push((68, font(12, "ink-soft"), t!("To be had at {url}", url)));
            }
        }
        ChainLink::Certificate { certificate, origin } => {
            let (tone, words) = validity(certificate.not_before, certificate.not_after, now);
            let anchor = matches!(origin, LinkOrigin::Anchor { .. });
            let (fill, edge) = match (card.failed || tone == Tone::Bad, anchor) {
                (true, _) => ("bad-wash", "bad"),
                (false, true) => ("good-wash", "good"),
                (false, false) => ("raised", "line-strong"),
            };
            picture.rect(bounds, fill, edge, false);
            let (_, role) = role(certificate, first, end);
            let role = if anchor { t!("{role} · trusted", role) } else { role.to_owned() };
            lines.push((24, font(12, "ink-soft").bold(), role));
            lines.push((47, font(15, "ink").bold(), certificate.name.clone()));
            let until = t!("{key} · until {day}", key = certificate.key, day = day(certificate.not_after));
            lines.push((66, font(12, "ink-soft"), until));
            let (colour, sign) = match tone {
                Tone::Bad => ("bad", "✗ "),
                Tone::Warn => ("warn", "! "),
                _ => ("ink-faint", ""),
            };
            lines.push((83, font(12, colour), format!("{sign}{words}")));
        }
    }
    for (y, font, text) in lines {
        picture.text((EDGE + 16, top + y), WIDTH - 32, font, &text);
    }
}
