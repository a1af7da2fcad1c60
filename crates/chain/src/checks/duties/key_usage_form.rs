//! A key usage names a usage, and only an authority may sign certificates (RFC 5280 section 4.2.1.3).

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "key-usage-form",
    title: mark!("The key usage is not empty, and only an authority may sign certificates."),
    citation: "RFC 5280 section 4.2.1.3",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    let certificate = position.certificate;
    let Some(usage) = certificate.key_usage() else { return said.skip(NotApplicable::NoSuchExtension) };
    if usage.is_empty() {
        said.breaks(Rule::KeyUsageEmpty);
    }
    if usage.key_cert_sign() && certificate.version() == 3 && !certificate.is_ca() {
        said.breaks(Rule::KeyCertSignWithoutCa);
    }
}
