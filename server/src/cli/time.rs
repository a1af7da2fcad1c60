//! Times on the command line: RFC 3339 (`2026-11-21T07:33:00Z`, `2026-11-21 08:33+01:00`, a date alone is its first moment in UTC) or Unix
//! seconds. Refuses dates that the calendar does not have, and local times, which would mean another moment on another machine.

use der::DateTime;

/// Reads a time; the result is Unix seconds, the error a sentence.
pub(super) fn parse_time(text: &str) -> Result<i64, String> {
    if let Ok(unix) = text.parse::<i64>() {
        return Ok(unix);
    }
    parse_rfc3339(text).ok_or_else(|| {
        "write a time like 2026-11-21T07:33:00Z, a date like 2026-11-21, or Unix seconds".to_owned()
    })
}

/// RFC 3339 section 5.6, with a blank for the `T` as it allows. Seconds may be left out, parts of seconds are dropped.
fn parse_rfc3339(text: &str) -> Option<i64> {
    let (date, time) = text.split_at_checked(10).filter(|_| text.is_ascii())?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let (clock, offset) = match time.strip_prefix(['T', 't', ' ']) {
        None if time.is_empty() => ("00:00:00", 0),
        None => return None,
        Some(time) => split_offset(time)?,
    };
    let clock = match clock.split_once('.') {
        Some((whole, part)) if !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) => whole,
        Some(_) => return None,
        None => clock,
    };
    let [hour, minute, second] =
        numbers(clock, ':', [2, 2, 2]).or_else(|| numbers(clock, ':', [2, 2]).map(|[h, m]| [h, m, 0]))?;
    let small = |number: u16| u8::try_from(number).ok();
    // A leap second is told as the one before it, since Unix time has none.
    let second = small(second.min(if second == 60 { 59 } else { second }))?;
    let moment =
        DateTime::new(year, small(month)?, small(day)?, small(hour)?, small(minute)?, second).ok()?;
    Some(i64::try_from(moment.unix_duration().as_secs()).ok()? - offset)
}

/// The clock, and the seconds that it is ahead of UTC.
fn split_offset(time: &str) -> Option<(&str, i64)> {
    if let Some(clock) = time.strip_suffix(['Z', 'z']) {
        return Some((clock, 0));
    }
    let at = time.rfind(['+', '-'])?;
    let (clock, offset) = time.split_at_checked(at)?;
    let (sign, offset) = match offset.strip_prefix('+') {
        Some(offset) => (1, offset),
        None => (-1, offset.strip_prefix('-')?),
    };
    let [hours, minutes] = numbers(offset, ':', [2, 2])?;
    (hours < 24 && minutes < 60).then(|| (clock, sign * (i64::from(hours) * 3600 + i64::from(minutes) * 60)))
}

/// Numbers of these many digits with a sign between them.
fn numbers<const N: usize>(text: &str, between: char, digits: [usize; N]) -> Option<[u16; N]> {
    let mut parts = text.split(between);
    let mut numbers = [0; N];
    for (number, digits) in numbers.iter_mut().zip(digits) {
        let part = parts.next().filter(|part| part.len() == digits)?;
        *number = part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())??;
    }
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::parse_time;

    #[test]
    fn times_are_read() {
        // Expected values: `date -u -d TIME +%s`.
        for (text, unix) in [
            ("0", 0),
            ("-1", -1),
            ("1795246380", 1_795_246_380),
            ("2026-11-21T07:33:00Z", 1_795_246_380),
            ("2026-11-21t07:33:00z", 1_795_246_380),
            ("2026-11-21 07:33Z", 1_795_246_380),
            ("2026-11-21T08:33:00+01:00", 1_795_246_380),
            ("2026-11-21T02:03:00.5-05:30", 1_795_246_380),
            ("2026-11-21", 1_795_219_200),
            ("2000-02-29", 951_782_400),
            ("2016-12-31T23:59:60Z", 1_483_228_799),
        ] {
            assert_eq!(parse_time(text), Ok(unix), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "now",
            "2026-11-21T07:33:00",
            "2026-02-29",
            "2026-13-01",
            "2026-1-1",
            "2026-11-21T24:00:00Z",
            "2026-11-21T07:60:00Z",
            "2026-11-21T07:33:61Z",
            "2026-11-21T07:33:00.Z",
            "2026-11-21T07:33:00+1:00",
            "2026-11-21T07:33:00+24:00",
            "2026-11-21X07:33:00Z",
            "2026-11-2\u{e9}",
            "+026-11-21",
            "21.11.2026",
        ] {
            assert!(parse_time(text).is_err(), "{text}");
        }
    }
}
