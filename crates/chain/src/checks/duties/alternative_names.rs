//! The subject alternative name is critical exactly if there is no subject, and its names have the form of their kind (RFC 5280 section 4.2.1.6).

use core::net::IpAddr;

use certwright_certs::{GeneralName, oid};

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "alternative-names",
    title: mark!("The alternative names are well formed, and critical exactly if there is no subject."),
    citation: "RFC 5280 section 4.2.1.6",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    if !position.role.is_end_entity() {
        return said.skip(NotApplicable::OnlyEndEntity);
    }
    let certificate = position.certificate;
    let Some(extension) = certificate.extensions().find(oid::SUBJECT_ALTERNATIVE_NAME) else {
        return said.skip(NotApplicable::NoSuchExtension);
    };
    if extension.critical != certificate.subject().is_empty() {
        said.breaks(Rule::AlternativeNameCriticality);
    }
    let malformed = |name: &&GeneralName| match name {
        GeneralName::Dns(text) => text.parse::<IpAddr>().is_ok() || !name.is_well_formed(),
        name => !name.is_well_formed(),
    };
    if let Some(name) = certificate.subject_alternative_names().iter().find(malformed) {
        said.breaks(Rule::MalformedAlternativeName { name: name.to_string() });
    }
}
