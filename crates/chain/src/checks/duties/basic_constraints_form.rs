//! The basic constraints of an authority are critical, and only who may sign certificates limits the length of the path (RFC 5280 section 4.2.1.9).

use certwright_certs::oid;

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "basic-constraints-form",
    title: mark!("Basic constraints of an authority are critical, and only an authority limits the path."),
    citation: "RFC 5280 section 4.2.1.9",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    let certificate = position.certificate;
    let Some(extension) = certificate.extensions().find(oid::BASIC_CONSTRAINTS) else {
        return said.skip(NotApplicable::NoSuchExtension);
    };
    if !position.role.is_end_entity() && !extension.critical {
        said.breaks(Rule::Criticality { extension: extension.oid.clone(), should_be_critical: true });
    }
    if let Ok(Some(constraints)) = &certificate.extensions().basic_constraints
        && constraints.path_length.is_some()
        && !(constraints.ca && certificate.key_usage().is_none_or(|usage| usage.key_cert_sign()))
    {
        said.breaks(Rule::PathLengthWithoutCa);
    }
}
