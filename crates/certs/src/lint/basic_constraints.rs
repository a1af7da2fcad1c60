//! Rules for the basic constraints (RFC 5280 section 4.2.1.9, BR sections 7.1.2.1.4 and 7.1.2.7.8).

use super::Concerns::{Authority, EndEntity, Every, Root};
use super::{Facts, Outcome, Rule};
use crate::oid;
use crate::san::GeneralName;

pub(super) const RULES: &[Rule] = &[
    Rule::error("authority-constraints-not-critical", "RFC 5280 section 4.2.1.9", Authority, |x| {
        x.criticality(oid::BASIC_CONSTRAINTS, true)
    }),
    Rule::error("path-length-without-authority", "RFC 5280 section 4.2.1.9", EndEntity, |x| {
        match &x.certificate.extensions().basic_constraints {
            Ok(Some(constraints)) => Outcome::finding_if(constraints.path_length.is_some(), Facts::none),
            _ => Outcome::NotApplicable,
        }
    }),
    Rule::error("path-length-without-cert-sign", "RFC 5280 section 4.2.1.9", Authority, |x| {
        match (&x.certificate.extensions().basic_constraints, x.key_usage()) {
            (Ok(Some(constraints)), Some(usage)) => {
                Outcome::finding_if(constraints.path_length.is_some() && !usage.key_cert_sign(), Facts::none)
            }
            _ => Outcome::NotApplicable,
        }
    }),
    Rule::warning("constraints-not-der", "X.690 section 11.5", Every, |x| {
        match x.extension(oid::BASIC_CONSTRAINTS) {
            None => Outcome::NotApplicable,
            // A cA of FALSE is left out, and TRUE is 0xff.
            Some(extension) => Outcome::finding_if(
                matches!(extension.value.as_slice(), [0x30, _, 1, 1, value, ..] if *value != 0xff),
                Facts::none,
            ),
        }
    }),
    Rule::notice("root-with-path-length", "BR 7.1.2.1.4", Root, |x| {
        match &x.certificate.extensions().basic_constraints {
            Ok(Some(constraints)) => Outcome::finding_if(constraints.path_length.is_some(), Facts::none),
            _ => Outcome::NotApplicable,
        }
    })
    .public(),
    // What `openssl req -x509` makes for a server: Firefox and Go refuse it as a server's certificate.
    Rule::warning("authority-as-server", "RFC 5280 section 4.2.1.9, BR 7.1.2.7.8", Authority, |x| {
        let names = x.certificate.subject_alternative_names().iter();
        let hosts = names.filter(|name| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_)));
        Outcome::of_list("names", hosts.map(ToString::to_string))
    }),
];
