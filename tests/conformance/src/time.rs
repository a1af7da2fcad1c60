//! Dates of the test data as seconds since 1970.

/// RFC 3339, for example `2026-11-19T21:31:40+00:00`; fractions are cut off, and an offset is applied.
pub(crate) fn from_rfc3339(text: &str) -> Option<i64> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let local = seconds([
        number(0, 4)?,
        number(5, 7)?,
        number(8, 10)?,
        number(11, 13)?,
        number(14, 16)?,
        number(17, 19)?,
    ])?;
    let zone = text.get(19..)?.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    let (sign, zone) = match zone.split_at_checked(1)? {
        ("Z" | "z", "") => return Some(local),
        ("+", zone) => (-1, zone),
        ("-", zone) => (1, zone),
        _ => return None,
    };
    let (hours, minutes) = zone.split_once(':')?;
    Some(local + sign * (hours.parse::<i64>().ok()? * 3_600 + minutes.parse::<i64>().ok()? * 60))
}

/// `YYMMDDHHMMSSZ` (2000 to 2049, 1950 to 1999) or `YYYYMMDDHHMMSSZ`.
pub(crate) fn from_asn1(text: &str) -> Option<i64> {
    let digits = text.strip_suffix('Z')?;
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<i64>().ok();
    let (year, rest) = match digits.len() {
        12 => (number(0, 2).map(|year| if year < 50 { 2000 + year } else { 1900 + year })?, 2),
        14 => (number(0, 4)?, 4),
        _ => return None,
    };
    let pair = |at: usize| number(rest + 2 * at, rest + 2 * at + 2);
    seconds([year, pair(0)?, pair(1)?, pair(2)?, pair(3)?, pair(4)?])
}

/// Year, month, day, hour, minute and second. `None` outside of the years 1900 to 9999.
fn seconds([year, month, day, hour, minute, second]: [i64; 6]) -> Option<i64> {
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    if !(1900..=9999).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    let length = |year: i64| if leap(year) { 366 } else { 365 };
    let years: i64 =
        if year < 1970 { -(year..1970).map(length).sum::<i64>() } else { (1970..year).map(length).sum() };
    let months: i64 = lengths.iter().take(usize::try_from(month - 1).ok()?).sum();
    Some((years + months + day - 1) * 86_400 + hour * 3_600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read() {
        assert_eq!(from_rfc3339("1970-01-02T00:00:01+00:00"), Some(86_401));
        assert_eq!(from_rfc3339("2026-11-19T21:31:40.5Z"), Some(1_795_123_900));
        assert_eq!(from_rfc3339("2026-11-19T22:31:40+01:00"), Some(1_795_123_900));
        assert_eq!(from_rfc3339("yesterday"), None);
        assert_eq!(from_asn1("150302120000Z"), Some(1_425_297_600));
        assert_eq!(from_asn1("20150302120000Z"), Some(1_425_297_600));
        assert_eq!(from_asn1("690101000000Z"), Some(-31_536_000));
        assert_eq!(from_asn1("DEFAULT"), None);
    }
}
