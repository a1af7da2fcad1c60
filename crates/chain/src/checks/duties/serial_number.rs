//! The serial number is positive, at most 20 octets long and encoded in the shortest way (RFC 5280 section 4.1.2.2). That of a trust anchor tells
//! nothing.

use certwright_certs::certificate::Irregularity;

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "serial-number",
    title: mark!("The serial number is positive and at most 20 octets long."),
    citation: "RFC 5280 section 4.1.2.2",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    if position.role.is_trusted() {
        return said.skip(NotApplicable::TrustAnchor);
    }
    let is_odd = |irregularity: &Irregularity| {
        matches!(
            irregularity,
            Irregularity::SerialNotPositive
                | Irregularity::SerialTooLong { .. }
                | Irregularity::SerialNotMinimal
        )
    };
    if position.certificate.irregularities().iter().any(is_odd) {
        said.breaks(Rule::SerialNumber);
    }
}
