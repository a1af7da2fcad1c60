//! Seconds since 1970 as dates in UTC, as ISO 8601 writes them.

use certwright_certs::time::date;

/// The first and the last second of the years from 0 to 9999, which four digits can name.
const SECONDS: core::ops::RangeInclusive<i64> = -62_167_219_200..=253_402_300_799;

/// `2027-01-31T12:00:00Z`. What lies outside of the years 0 to 9999 becomes their first or last second.
pub(crate) fn to_extended(unix: i64) -> String {
    let [year, month, day, hour, minute, second] = to_parts(unix);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// `20270131T120000Z`, within the same bounds.
pub(crate) fn to_basic(unix: i64) -> String {
    let [year, month, day, hour, minute, second] = to_parts(unix);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

fn to_parts(unix: i64) -> [i64; 6] {
    let unix = unix.clamp(*SECONDS.start(), *SECONDS.end());
    let (year, month, day) = date(unix.div_euclid(86_400));
    let second = unix.rem_euclid(86_400);
    [year, month, day, second / 3_600, second / 60 % 60, second % 60]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_instants() {
        for (unix, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_799, "2000-02-29T23:59:59Z"),
            (951_868_800, "2000-03-01T00:00:00Z"),
            (1_709_208_000, "2024-02-29T12:00:00Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
            (i64::MAX, "9999-12-31T23:59:59Z"),
            (-62_167_219_200, "0000-01-01T00:00:00Z"),
            (i64::MIN, "0000-01-01T00:00:00Z"),
        ] {
            assert_eq!(to_extended(unix), text);
        }
        assert_eq!(to_basic(1_709_208_001), "20240229T120001Z");
    }
}
