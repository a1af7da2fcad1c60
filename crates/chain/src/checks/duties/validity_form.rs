//! Times are encoded as UTCTime until 2049 and as GeneralizedTime afterwards, with seconds, and the validity does not end before it begins
//! (RFC 5280 section 4.1.2.5).

use certwright_certs::certificate::Irregularity;

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "validity-form",
    title: mark!("The validity is encoded as the standard wants it and does not end before it begins."),
    citation: "RFC 5280 section 4.1.2.5",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    for irregularity in position.certificate.irregularities() {
        match irregularity {
            Irregularity::TimeForm => said.breaks(Rule::TimeForm),
            Irregularity::ValidityReversed => said.breaks(Rule::ValidityReversed),
            _ => {}
        }
    }
}
