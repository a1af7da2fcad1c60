//! There are no unique identifiers (RFC 5280 section 4.1.2.8), and no list of extensions that is empty (section 4.1.2.9).

use certwright_certs::certificate::Irregularity;

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "optional-fields",
    title: mark!("There are no unique identifiers, and no empty list of extensions."),
    citation: "RFC 5280 sections 4.1.2.8 and 4.1.2.9",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    if position.certificate.has_unique_identifiers() {
        said.breaks(Rule::UniqueIdentifiers);
    }
    if position.certificate.irregularities().contains(&Irregularity::NoExtensions) {
        said.breaks(Rule::NoExtensions);
    }
}
