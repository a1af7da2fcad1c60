//! Where the issuer's certificate and its OCSP responder are is said by an HTTP address (CA/Browser Forum baseline requirements 7.1.2.7.7).

use certwright_certs::{GeneralName, oid};

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "access-information",
    title: mark!("The issuer’s certificate and OCSP responder are found by an HTTP address."),
    citation: "Baseline Requirements 7.1.2.7.7, RFC 5280 section 4.2.2.1",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    let Ok(Some(access)) = &position.certificate.extensions().authority_information_access else {
        return said.skip(NotApplicable::NoSuchExtension);
    };
    let known = access.0.iter().filter(|one| one.method == oid::CA_ISSUERS || one.method == oid::OCSP);
    for description in known {
        let is_http = match &description.location {
            GeneralName::Uri(url) => url.to_ascii_lowercase().starts_with("http://"),
            _ => false,
        };
        if !is_http {
            said.breaks(Rule::AccessLocation { location: description.location.to_string() });
        }
    }
}
