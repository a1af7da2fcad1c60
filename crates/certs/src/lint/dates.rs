//! Rules for the validity (RFC 5280 section 4.1.2.5; BR section 6.3.2, with the reductions of ballot SC-081v3).

use super::Concerns::{Authority, EndEntity, Every, Root, TlsServer};
use super::{Examined, Facts, Outcome, Rule, Value, midnight};
use crate::tlv;

pub(super) const RULES: &[Rule] = &[
    Rule::error("validity-reversed", "RFC 5280 section 4.1.2.5", Every, |x| {
        Outcome::finding_if(x.certificate.not_after() < x.certificate.not_before(), || {
            Facts::of("from", Value::Time(x.certificate.not_before()))
                .with("to", Value::Time(x.certificate.not_after()))
        })
    }),
    Rule::error("time-needlessly-generalized", "RFC 5280 section 4.1.2.5", Every, |x| {
        let general = |time: &tlv::Tlv<'_>, unix: i64| {
            time.tag == tlv::GENERALIZED_TIME && (midnight(1950, 1, 1)..midnight(2050, 1, 1)).contains(&unix)
        };
        let Some((from, to)) = x.fields.validity else { return Outcome::NotApplicable };
        let wrong = general(&from, x.certificate.not_before()) || general(&to, x.certificate.not_after());
        Outcome::finding_if(wrong, Facts::none)
    }),
    Rule::error("time-without-seconds", "RFC 5280 section 4.1.2.5.1", Every, |x| {
        let short =
            |time: &tlv::Tlv<'_>| time.content.len() < if time.tag == tlv::UTC_TIME { 13 } else { 15 };
        let Some((from, to)) = x.fields.validity else { return Outcome::NotApplicable };
        Outcome::finding_if(short(&from) || short(&to), Facts::none)
    }),
    Rule::error("expired", "RFC 5280 section 4.1.2.5", Every, |x| {
        Outcome::finding_if(x.certificate.not_after() < x.at, || {
            Facts::of("to", Value::Time(x.certificate.not_after())).with("at", Value::Time(x.at))
        })
    }),
    Rule::warning("not-yet-valid", "RFC 5280 section 4.1.2.5", Every, |x| {
        Outcome::finding_if(x.at < x.certificate.not_before(), || {
            Facts::of("from", Value::Time(x.certificate.not_before())).with("at", Value::Time(x.at))
        })
    }),
    Rule::notice("expires-in-7-days", "RFC 5280 section 4.1.2.5", Every, |x| expires_within(x, 0, 7)),
    Rule::notice("expires-in-14-days", "RFC 5280 section 4.1.2.5", Every, |x| expires_within(x, 7, 14)),
    Rule::notice("expires-in-30-days", "RFC 5280 section 4.1.2.5", Every, |x| expires_within(x, 14, 30)),
    Rule::notice("no-expiry-date", "RFC 5280 section 4.1.2.5", Every, |x| {
        Outcome::finding_if(x.certificate.not_after() == NO_EXPIRY, Facts::none)
    }),
    Rule::error("longer-than-60-months", "BR 6.3.2", TlsServer, |x| longer_than_months(x, 60))
        .public()
        .since(2012, 7, 1)
        .before(2015, 4, 1),
    Rule::error("longer-than-39-months", "BR 6.3.2", TlsServer, |x| longer_than_months(x, 39))
        .public()
        .since(2015, 4, 1)
        .before(2018, 3, 1),
    Rule::error("longer-than-825-days", "BR 6.3.2", TlsServer, |x| longer_than(x, 825))
        .public()
        .since(2018, 3, 1)
        .before(2020, 9, 1),
    Rule::error("longer-than-398-days", "BR 6.3.2", TlsServer, |x| longer_than(x, 398))
        .public()
        .since(2020, 9, 1)
        .before(2026, 3, 15),
    Rule::error("longer-than-200-days", "BR 6.3.2", TlsServer, |x| longer_than(x, 200))
        .public()
        .since(2026, 3, 15)
        .before(2027, 3, 15),
    Rule::error("longer-than-100-days", "BR 6.3.2", TlsServer, |x| longer_than(x, 100))
        .public()
        .since(2027, 3, 15)
        .before(2029, 3, 15),
    Rule::error("longer-than-47-days", "BR 6.3.2", TlsServer, |x| longer_than(x, 47))
        .public()
        .since(2029, 3, 15),
    Rule::notice("at-the-limit", "BR 6.3.2", TlsServer, |x| {
        let limit = limit_at(x.certificate.not_before()).map(|(_, limit)| limit);
        Outcome::finding_if(limit == Some(x.validity_days()), || Facts::of("days", x.validity_days()))
    })
    .public()
    .since(2020, 9, 1),
    Rule::notice("renewal-will-be-shorter", "BR 6.3.2", TlsServer, |x| {
        let days = x.validity_days();
        // The limit that holds when this certificate ends, if it still holds then.
        match limit_at(x.certificate.not_after().max(x.at)) {
            Some((from, limit)) if from > x.certificate.not_before() => {
                Outcome::finding_if(days > limit, || {
                    Facts::of("days", days).with("limit", limit).with("since", Value::Time(from))
                })
            }
            _ => Outcome::Pass,
        }
    })
    .public(),
    // Certificates of private authorities are meant too.
    Rule::warning("too-long-for-apple", "Apple HT210176", TlsServer, |x| longer_than(x, 825))
        .private()
        .since(2019, 7, 1),
    Rule::error("root-longer-than-25-years", "BR 7.1.2.1.1", Root, |x| longer_than(x, 9_132))
        .public()
        .since(2023, 9, 15),
    Rule::notice("authority-longer-than-30-years", "NIST SP 800-57 part 1 section 5.3.6", Authority, |x| {
        if x.certificate.not_after() == NO_EXPIRY { Outcome::Pass } else { longer_than(x, 30 * 366) }
    }),
    Rule::notice("longer-than-10-years", "NIST SP 800-57 part 1 section 5.3.6", EndEntity, |x| {
        if x.certificate.not_after() == NO_EXPIRY { Outcome::Pass } else { longer_than(x, 10 * 366) }
    })
    .private(),
];

/// 99991231235959Z: no well-defined expiration date.
const NO_EXPIRY: i64 = midnight(10_000, 1, 1) - 1;

/// From which day how many days a TLS server's certificate may live, the latest first.
const LIMITS: [(i64, i64); 4] = [
    (midnight(2029, 3, 15), 47),
    (midnight(2027, 3, 15), 100),
    (midnight(2026, 3, 15), 200),
    (midnight(2020, 9, 1), 398),
];

fn limit_at(time: i64) -> Option<(i64, i64)> {
    LIMITS.into_iter().find(|(from, _)| *from <= time)
}

fn longer_than(x: &Examined<'_>, limit: i64) -> Outcome {
    let days = x.validity_days();
    Outcome::finding_if(days > limit, || Facts::of("days", days).with("limit", limit))
}

/// The limit is a date so many months on; a month has at most 31 days, and the day it ends on still counts.
fn longer_than_months(x: &Examined<'_>, months: i64) -> Outcome {
    let from = x.certificate.not_before();
    let (year, month, day) = crate::time::date(from.div_euclid(86_400));
    let month = month - 1 + months;
    let end = midnight(year + month / 12, month % 12 + 1, day) + from.rem_euclid(86_400);
    Outcome::finding_if(x.certificate.not_after() > end, || {
        Facts::of("days", x.validity_days()).with("months", months)
    })
}

/// Between so many days before the end, and only in the last third of the life: a certificate for a week is not to be renewed from
/// its first day on.
fn expires_within(x: &Examined<'_>, more_than: i64, days: i64) -> Outcome {
    let left = x.certificate.not_after().saturating_sub(x.at);
    if left < 0 {
        return Outcome::NotApplicable;
    }
    let life = x.certificate.not_after() - x.certificate.not_before();
    let soon = left <= days * 86_400 && (more_than == 0 || left > more_than * 86_400);
    Outcome::finding_if(soon && left < life / 3, || {
        Facts::of("to", Value::Time(x.certificate.not_after())).with("days", left / 86_400)
    })
}
