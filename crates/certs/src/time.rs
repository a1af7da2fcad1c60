//! Times of certificates (RFC 5280 section 4.1.2.5) as seconds since 1970-01-01T00:00:00Z, which may be negative.
//!
//! Reads UTCTime `YYMMDDHHMMSSZ` (years 1950 to 2049) and GeneralizedTime `YYYYMMDDHHMMSSZ`. Old issuers left out the
//! seconds: that is read, and reported as irregular. Time zones and fractions of seconds are refused.

use crate::fault::{Fault, Problem};
use crate::tlv::{GENERALIZED_TIME, Tlv, UTC_TIME, to_element};

/// A point in time, and whether it was written as RFC 5280 wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub unix: i64,
    /// False if the seconds were left out, or if a year before 2050 was written as GeneralizedTime.
    pub regular: bool,
}

pub(crate) fn parse_time(element: &Tlv<'_>) -> Result<Time, Fault> {
    let bad = element.fault(Problem::BadTime);
    let digits = element.content.strip_suffix(b"Z").ok_or(bad)?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return Err(bad);
    }
    let number = |from: usize, count: usize| -> Result<i64, Fault> {
        let part = digits.get(from..from + count).ok_or(bad)?;
        Ok(part.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0')))
    };
    let (year, rest) = match element.tag {
        UTC_TIME => match number(0, 2)? {
            year @ 0..=49 => (2000 + year, 2),
            year => (1900 + year, 2),
        },
        GENERALIZED_TIME => (number(0, 4)?, 4),
        found => return Err(element.fault(Problem::UnexpectedTag { found, wanted: UTC_TIME })),
    };
    let with_seconds = digits.len() == rest + 10;
    if !with_seconds && digits.len() != rest + 8 {
        return Err(bad);
    }
    let (month, day) = (number(rest, 2)?, number(rest + 2, 2)?);
    let (hour, minute) = (number(rest + 4, 2)?, number(rest + 6, 2)?);
    let second = if with_seconds { number(rest + 8, 2)? } else { 0 };
    if day < 1 || day > days_in_month(year, month) || hour > 23 || minute > 59 || second > 59 {
        return Err(bad);
    }
    let unix = days_since_epoch(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    let needless_general = element.tag == GENERALIZED_TIME && (1950..2050).contains(&year);
    Ok(Time { unix, regular: with_seconds && !needless_general })
}

/// The element that RFC 5280 section 4.1.2.5 wants: UTCTime for the years 1950 to 2049, GeneralizedTime for all others. `None` outside the
/// years 0 to 9999.
pub(crate) fn to_time(unix: i64) -> Option<Vec<u8>> {
    let (year, month, day) = date(unix.div_euclid(86_400));
    let second = unix.rem_euclid(86_400);
    let time = format!("{:02}{:02}{:02}Z", second / 3_600, second / 60 % 60, second % 60);
    match year {
        1950..2050 => {
            let text = format!("{:02}{month:02}{day:02}{time}", year % 100);
            Some(to_element(UTC_TIME, text.as_bytes()))
        }
        0..=9999 => {
            let text = format!("{year:04}{month:02}{day:02}{time}");
            Some(to_element(GENERALIZED_TIME, text.as_bytes()))
        }
        _ => None,
    }
}

/// 0 if there is no such month.
fn days_in_month(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar, for years from 0 on.
pub(crate) const fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    // Counting years from March puts the leap day at the end of the year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let day_of_year = (month * 153 + 2) / 5 + day - 1;
    year * 365 + leap_days + day_of_year - 719_468
}

/// Year, month and day of the Gregorian calendar, from the days since 1970-01-01.
pub fn date(days: i64) -> (i64, i64, i64) {
    // Counting from 0000-03-01 in eras of 400 years, which all have as many days, and with the leap day at the end of the year.
    let days = days.saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (year_of_era * 365 + year_of_era / 4 - year_of_era / 100);
    let month = (day_of_year * 5 + 2) / 153;
    let day = day_of_year - (month * 153 + 2) / 5 + 1;
    let (year, month) = if month < 10 { (0, month + 3) } else { (1, month - 9) };
    (era * 400 + year_of_era + year, month, day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tlv::Elements;

    fn read(tag: u8, text: &str) -> Result<Time, Fault> {
        let element = to_element(tag, text.as_bytes());
        parse_time(&Elements::new(&element).next().unwrap())
    }

    #[test]
    fn known_instants() {
        for (tag, text, unix) in [
            (UTC_TIME, "700101000000Z", 0),
            (UTC_TIME, "500101000000Z", -631_152_000),
            (UTC_TIME, "491231235959Z", 2_524_607_999),
            (GENERALIZED_TIME, "20500101000000Z", 2_524_608_000),
            (GENERALIZED_TIME, "99991231235959Z", 253_402_300_799),
            (UTC_TIME, "240229120000Z", 1_709_208_000),
            (UTC_TIME, "000229000000Z", 951_782_400),
        ] {
            assert_eq!(read(tag, text).unwrap(), Time { unix, regular: true }, "{text}");
        }
    }

    #[test]
    fn the_form_changes_with_the_year_2050() {
        for (unix, tag, text) in [
            (-631_152_001, GENERALIZED_TIME, "19491231235959Z"),
            (-631_152_000, UTC_TIME, "500101000000Z"),
            (0, UTC_TIME, "700101000000Z"),
            (951_782_400, UTC_TIME, "000229000000Z"),
            (2_524_607_999, UTC_TIME, "491231235959Z"),
            (2_524_608_000, GENERALIZED_TIME, "20500101000000Z"),
            (253_402_300_799, GENERALIZED_TIME, "99991231235959Z"),
        ] {
            assert_eq!(to_time(unix).unwrap(), to_element(tag, text.as_bytes()), "{unix}");
        }
        for unix in [253_402_300_800, i64::MAX, i64::MIN, -62_167_219_201] {
            assert_eq!(to_time(unix), None, "{unix}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(unix in -62_167_219_200i64..=253_402_300_799) {
            let element = to_time(unix).unwrap();
            prop_assert_eq!(parse_time(&Elements::new(&element).next().unwrap()).unwrap(), Time { unix, regular: true });
        }

        #[test]
        fn any_number_is_answered(unix in any::<i64>()) {
            let _ = to_time(unix);
        }
    }

    #[test]
    fn odd_forms_are_read_and_noted() {
        assert_eq!(read(UTC_TIME, "7001010000Z").unwrap(), Time { unix: 0, regular: false });
        assert_eq!(read(GENERALIZED_TIME, "19700101000000Z").unwrap(), Time { unix: 0, regular: false });
    }

    #[test]
    fn impossible_times_are_refused() {
        for text in ["230229000000Z", "231301000000Z", "230100000000Z", "230101240000Z", "230101006000Z"] {
            assert!(read(UTC_TIME, text).is_err(), "{text}");
        }
        for text in
            ["", "Z", "230101000000", "230101000000+0100", "2301010000000Z", "23010100000aZ", "-30101000000Z"]
        {
            assert!(read(UTC_TIME, text).is_err(), "{text}");
        }
        assert!(read(GENERALIZED_TIME, "20500101000000.5Z").is_err());
        assert!(read(0x04, "700101000000Z").is_err());
    }
}
