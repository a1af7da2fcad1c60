//! The validity of entries as bars in time: what expires when, and whether a certificate and its successor overlap.
//!
//! Entries with the same subject belong together (a renewal): they stand below each other, and between one and the next stands how long both
//! are valid, or how long neither is.

use certwright_protocol::view::{CertificateSummary, EntryView};
use certwright_protocol::{t, tn};

use super::svg::{Picture, font};
use crate::browser;
use crate::parts::time::{day, validity};
use crate::state::Tone;

const DAY: i64 = 86_400;
/// Rows in one picture.
pub(crate) const ROWS: usize = 25;

/// A bar.
pub(crate) struct Row<'e> {
    alias: &'e str,
    certificate: &'e CertificateSummary,
    /// Days for which this and the one before are valid together; negative for a gap. `None` where the one before is somebody else's.
    overlap: Option<i64>,
}

/// The entries that have a certificate, by families: those that expire first come first, a family as its first one.
pub(crate) fn rows<'e>(entries: impl Iterator<Item = &'e EntryView>) -> Vec<Row<'e>> {
    let all: Vec<(&str, &CertificateSummary)> =
        entries.filter_map(|entry| Some((entry.alias.as_str(), entry.certificate.as_ref()?))).collect();
    let number = |number: i64| format!("{:020}", number.cast_unsigned() ^ (1 << 63));
    // A family counts for the first of its ends. Both times the browser sorts.
    let by_family = browser::order(
        all.iter().map(|(_, found)| format!("{}\0{}", found.subject, number(found.not_after))).collect(),
    );
    let mut first = 0;
    let mut family: Option<&str> = None;
    let mut keys = vec![String::new(); all.len()];
    for place in by_family {
        let Some((_, found)) = all.get(place) else { continue };
        if family != Some(found.subject.as_str()) {
            (family, first) = (Some(found.subject.as_str()), found.not_after);
        }
        if let Some(key) = keys.get_mut(place) {
            *key = format!("{}{}{}", number(first), found.subject, number(found.not_after));
        }
    }
    let mut rows: Vec<Row<'e>> = Vec::new();
    for place in browser::order(keys) {
        let Some((alias, certificate)) = all.get(place).copied() else { continue };
        let before = rows.last().filter(|row| row.certificate.subject == certificate.subject);
        let overlap = before
            .filter(|row| row.certificate.serial != certificate.serial)
            .map(|row| (row.certificate.not_after - certificate.not_before).div_euclid(DAY));
        rows.push(Row { alias, certificate, overlap });
    }
    rows
}

/// Draws rows; `soon` is within how many days an end is soon.
pub(crate) fn timeline(rows: &[Row<'_>], soon: i64, now: i64, wide: bool) -> Picture {
    let width: i32 = if wide { 940 } else { 380 };
    let label: i32 = if wide { 210 } else { 0 };
    let (left, right) = (label + 12, width - 12);
    let scale = Scale::of(rows, now, left, right);
    let expired = rows.iter().filter(|row| row.certificate.not_after < now).count();
    let told = t!(
        "{n} certificates from {first} to {last}; {expired} have expired.",
        n = rows.len(),
        first = day(scale.from),
        last = day(scale.to),
        expired
    );
    let mut picture = Picture::new(t!("Validity of the certificates"), told, width.unsigned_abs());
    let step = if wide { 34 } else { 50 };
    let top = 42;
    let bottom = top + step * i32::try_from(rows.len()).unwrap_or_default();
    picture.reach(bottom + 26);
    // What ends within this stripe ends soon.
    let (begin, end) = (scale.x(now), scale.x(now + soon * DAY));
    picture.rect((begin, top - 4, (end - begin).max(2), bottom - top + 4), "warn-wash", "none", false);
    for (place, (at, text)) in scale.ticks(wide).into_iter().enumerate() {
        let x = scale.x(at);
        picture.line((x, top - 6), (x, bottom), "line", false, false);
        if wide || place % 2 == 0 {
            picture.text((x, 28), 80, font(11, "ink-faint").at("middle"), &text);
        }
    }
    for (place, row) in (0..).zip(rows) {
        draw(&mut picture, row, &scale, (top + place * step, label), wide, now);
    }
    let x = scale.x(now);
    picture.line((x, top - 8), (x, bottom + 4), "accent", false, false);
    picture.text(
        (x, bottom + 18),
        120,
        font(12, "accent").bold().at("middle"),
        &t!("now, {day}", day = day(now)),
    );
    picture
}

fn draw(picture: &mut Picture, row: &Row<'_>, scale: &Scale, (y, label): (i32, i32), wide: bool, now: i64) {
    let certificate = row.certificate;
    let (tone, words) = validity(certificate.not_before, certificate.not_after, now);
    let (fill, edge, ink) = match tone {
        Tone::Bad => ("bad-wash", "bad", "bad"),
        Tone::Warn => ("warn-wash", "warn", "warn"),
        _ => ("good-wash", "good", "ink-soft"),
    };
    let bar = if wide { y + 3 } else { y + 20 };
    let overlap = row.overlap.map(together);
    if wide {
        picture.text((8, y + 12), label - 10, font(13, "ink").bold(), row.alias);
        picture.text((8, y + 26), label - 10, font(11, ink), &words);
    } else {
        picture.text((12, y + 13), 190, font(12, "ink").bold(), row.alias);
        // Where it is narrow there is room for one of them.
        let (ink, words) = overlap.as_ref().map_or((ink, words.as_str()), |(colour, told)| (colour, told));
        picture.text((368, y + 13), 170, font(11, ink).at("end"), words);
    }
    let (from, to) = (scale.x(certificate.not_before), scale.x(certificate.not_after));
    picture.rect((from, bar, (to - from).max(3), 16), fill, edge, tone == Tone::Bad);
    let until = day(certificate.not_after);
    if certificate.not_after > scale.to {
        picture.text((to - 4, bar + 12), 100, font(11, "ink-soft").at("end"), &format!("{until} →"));
    } else if to - from > 84 {
        picture.text((to - 5, bar + 12), 90, font(11, "ink").at("end"), &until);
    }
    if let Some((colour, words)) = overlap.filter(|_| wide) {
        let x = from.max(label + 12);
        picture.line((x, bar - 12), (x, bar), colour, false, false);
        picture.text((x + 5, bar - 2), 130, font(10, colour).bold(), &words);
    }
}

/// How long a certificate and the one before are valid together, or neither is; with its colour.
fn together(days: i64) -> (&'static str, String) {
    match days {
        0.. => ("good", tn!(days, "{n} day together", "{n} days together", n = days)),
        _ => ("bad", tn!(-days, "✗ {n} day without", "✗ {n} days without", n = -days)),
    }
}

/// Which time lies where.
struct Scale {
    from: i64,
    to: i64,
    left: i32,
    right: i32,
}

impl Scale {
    /// From a year ago at most, to where most of the rows end; at least half a year on.
    fn of(rows: &[Row<'_>], now: i64, left: i32, right: i32) -> Self {
        let first = rows.iter().map(|row| row.certificate.not_before).min().unwrap_or(now);
        let mut ends: Vec<i64> = rows.iter().map(|row| row.certificate.not_after).collect();
        // Roots last for decades; what others do would be squeezed into nothing.
        let usual = ends.len() * 3 / 5;
        let last = if ends.is_empty() { now } else { *ends.select_nth_unstable(usual).1 };
        Self {
            from: first.clamp(now - 400 * DAY, now - 40 * DAY),
            to: (last + 30 * DAY).clamp(now + 180 * DAY, now + 1_830 * DAY),
            left,
            right,
        }
    }

    /// Where a time is drawn, never outside.
    fn x(&self, at: i64) -> i32 {
        let span = (self.to - self.from).max(1);
        let inside = at.clamp(self.from, self.to) - self.from;
        let offset = inside * i64::from(self.right - self.left) / span;
        self.left + i32::try_from(offset).unwrap_or_default()
    }

    /// The beginnings of months, quarters or years that are marked, with their names.
    fn ticks(&self, wide: bool) -> Vec<(i64, String)> {
        let months = (self.to - self.from) / (30 * DAY);
        let most = if wide { 9 } else { 5 };
        let step = [1, 2, 3, 6, 12].into_iter().find(|step| months / step <= most).unwrap_or(24);
        let begin = day(self.from);
        let year: i64 = begin.get(..4).and_then(|year| year.parse().ok()).unwrap_or(1970);
        (0..)
            .map(|place| place * step)
            .map(|month| (year + month / 12, month % 12 + 1))
            .map(|(year, month)| (first_of(year, month), format!("{year}-{month:02}")))
            .skip_while(|(at, _)| *at < self.from)
            .take_while(|(at, _)| *at < self.to)
            .collect()
    }
}

/// The first second of a month, Unix seconds: days from the civil calendar, with years that begin in March.
fn first_of(year: i64, month: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let days_before = (153 * ((month + 9) % 12) + 2) / 5;
    let days = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + days_before;
    (days - 719_468) * DAY
}

#[cfg(test)]
mod tests {
    use certwright_protocol::view::{ChainState, EntryKind};

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn entry(alias: &str, subject: &str, from: i64, to: i64) -> EntryView {
        EntryView {
            alias: alias.into(),
            kind: EntryKind::KeyPair,
            key: "EC P-256".into(),
            chain_state: ChainState::Complete,
            certificate: Some(CertificateSummary {
                subject: subject.into(),
                name: subject.into(),
                issuer_name: "i".into(),
                subject_alternative_names: Vec::new(),
                serial: alias.into(),
                not_before: NOW + from * DAY,
                not_after: NOW + to * DAY,
                is_ca: false,
                is_self_issued: false,
            }),
            chain_length: 1,
            requested_subject: None,
            locked: false,
            cannot_sign: None,
            same_as: Vec::new(),
            previous: 0,
            closed: false,
            created_ms: 0,
            modified_ms: 0,
        }
    }

    #[test]
    fn families_stand_together_and_say_how_they_overlap() {
        let entries = [
            entry("new", "CN=a", -2, 300),
            entry("other", "CN=b", -100, 50),
            entry("old", "CN=a", -300, 16),
            entry("late", "CN=a", 310, 600),
        ];
        let rows = rows(entries.iter());
        let found: Vec<_> = rows.iter().map(|row| (row.alias, row.overlap)).collect();
        assert_eq!(found, [("old", None), ("new", Some(18)), ("late", Some(-10)), ("other", None)]);
        let svg = timeline(&rows, 30, NOW, true).to_svg();
        assert!(svg.contains("18 days together") && svg.contains("10 days without"), "{svg}");
        assert!(timeline(&rows, 30, NOW, false).to_svg().contains("old"));
    }

    #[test]
    fn months_begin_when_the_calendar_says() {
        assert_eq!(day(first_of(2026, 1)), "2026-01-01");
        assert_eq!(day(first_of(2024, 3)), "2024-03-01");
        assert_eq!(first_of(1970, 1), 0);
        assert_eq!(day(first_of(2100, 12)), "2100-12-01");
    }

    #[test]
    fn odd_times_stay_in_the_picture() {
        let entries = [entry("x", "CN=x", -900_000, 2_000_000), entry("y", "CN=y", 1, 0)];
        let rows = rows(entries.iter());
        let scale = Scale::of(&rows, NOW, 0, 100);
        assert!((0..=100).contains(&scale.x(i64::MIN)) && (0..=100).contains(&scale.x(i64::MAX)));
        assert!(timeline(&[], 30, NOW, true).to_file().contains("now"));
    }
}
