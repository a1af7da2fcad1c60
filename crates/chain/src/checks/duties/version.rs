//! The certificate is of version 3 (CA/Browser Forum baseline requirements 7.1.1; RFC 5280 section 4.1.2.1 wants it where there are extensions).

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "version",
    title: mark!("The certificate is of version 3."),
    citation: "Baseline Requirements 7.1.1",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    let version = position.certificate.version();
    if version < 3 {
        said.breaks(Rule::Version { version });
    }
}
