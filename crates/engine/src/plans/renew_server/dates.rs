//! The days of a server's renewal: what a calendar reminds of, and how a day is read.

use certwright_keystore::calendar::Reminder;
use certwright_protocol::t;

use super::{HOUR_MS, imported_ms, new_chain, old_chain, wait_hours};
use crate::plans::desk::{Desk, fingerprint};
use crate::plans::words;

/// What the calendar reminds of.
pub(in crate::plans) fn reminders(desk: &Desk<'_>) -> Vec<Reminder> {
    let (client, server) = (desk.client(), desk.server());
    let id = &desk.plan.id;
    let mut reminders = Vec::new();
    let mut remind = |what: &str, at: i64, summary: String, days: &[u32]| {
        reminders.push(Reminder {
            id: format!("{id}-{what}"),
            at,
            summary,
            description: words::title(desk),
            remind_days: days.to_vec(),
        });
    };
    if let Some(day) = parse_day(desk.plan.field("switch_date")) {
        remind("switch", day, t!("{server} switches to its new certificate", server), &[7, 1]);
    }
    let waited = imported_ms(desk, &new_chain(desk))
        .or_else(|| desk.plan.marks.get("import_root").map(|mark| mark.at_ms));
    if let Some(at_ms) = waited {
        let until = at_ms.saturating_add(i64::from(wait_hours(desk)) * HOUR_MS).div_euclid(1000);
        remind("restart", until, t!("{client} knows the new root of {server} by now", client, server), &[]);
    }
    if let Some(leaf) = old_chain(desk).leaf() {
        let days = &[30, 7, 1];
        remind(
            &fingerprint(leaf),
            leaf.not_after(),
            t!("The old certificate of {server} expires", server),
            days,
        );
    }
    reminders
}

/// Midnight of a day, `YYYY-MM-DD`, Unix seconds.
pub(in crate::plans) fn parse_day(text: &str) -> Option<i64> {
    let mut parts = text
        .splitn(3, '-')
        .map(|part| part.parse::<u32>().ok().filter(|_| part.bytes().all(|b| b.is_ascii_digit())));
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let shape = text.len() == 10
        && (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day);
    if !shape {
        return None;
    }
    // The days from 1970-03-01, with the year counted from March, so that the leap day is its last (the other way: `catalogue::dates`).
    let year = i64::from(year) - i64::from(month <= 2);
    let from_march = i64::from((month + 9) % 12);
    let day_of_year = (153 * from_march + 2) / 5 + i64::from(day) - 1;
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some((era * 146_097 + day_of_era - 719_468) * 86_400)
}
