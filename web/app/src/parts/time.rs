//! Times in words: dates in UTC, how long something is still valid, how long a phase took.

use certwright_protocol::catalogue::format_time;
use certwright_protocol::{t, tn};

use crate::settings;
use crate::state::Tone;

const DAY: i64 = 86_400;

/// The day, as `2027-03-14` (UTC).
pub(crate) fn day(unix: i64) -> String {
    let mut text = format_time(unix);
    text.truncate(text.find(' ').unwrap_or(text.len()));
    text
}

/// How a validity period stands now, in words, and how alarming that is.
pub(crate) fn validity(not_before: i64, not_after: i64, now: i64) -> (Tone, String) {
    if now < not_before {
        return (Tone::Bad, t!("valid in {not_before}", not_before = span(not_before - now)));
    }
    let left = not_after - now;
    if left < 0 {
        return (Tone::Bad, t!("expired {left} ago", left = span(-left)));
    }
    let warn = i64::from(settings::current().warn_days) * DAY;
    let tone = if left < warn { Tone::Warn } else { Tone::Info };
    (tone, t!("expires in {left}", left = span(left)))
}

/// A span of seconds, roughly.
fn span(seconds: i64) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / DAY);
    match seconds {
        ..3_600 => tn!(minutes, "1 minute", "{minutes} minutes", minutes),
        3_600..172_800 => tn!(hours, "1 hour", "{hours} hours", hours),
        172_800..63_072_000 => tn!(days, "1 day", "{days} days", days),
        _ => tn!(days / 365, "1 year", "{years} years", years = days / 365),
    }
}

/// How long a phase took, from microseconds.
pub(crate) fn took(microseconds: u64) -> String {
    match microseconds {
        0..1_000 => "< 1 ms".into(),
        1_000..1_000_000 => format!("{} ms", microseconds / 1_000),
        _ => format!("{}.{:02} s", microseconds / 1_000_000, microseconds / 10_000 % 100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validity_counts_down() {
        let now = 1_800_000_000;
        let text = |from: i64, to: i64| validity(now + from, now + to, now).1;
        assert_eq!(text(-DAY, 400 * DAY), "expires in 400 days");
        assert_eq!(text(-DAY, 800 * DAY), "expires in 2 years");
        assert_eq!(text(-DAY, 3 * DAY), "expires in 3 days");
        assert_eq!(text(-DAY, 90), "expires in 1 minute");
        assert_eq!(text(-9 * DAY, -5 * DAY), "expired 5 days ago");
        assert_eq!(text(7_200, DAY), "valid in 2 hours");
        assert!(validity(now - 1, now + DAY, now).0 == Tone::Warn);
    }

    #[test]
    fn days_and_phases() {
        assert_eq!(day(1_795_246_380), "2026-11-21");
        assert_eq!(took(999), "< 1 ms");
        assert_eq!(took(23_456), "23 ms");
        assert_eq!(took(1_234_567), "1.23 s");
    }
}
