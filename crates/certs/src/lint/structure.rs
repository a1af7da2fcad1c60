//! Rules for the outer structure (RFC 5280 sections 4.1 and 4.2): version, unique identifiers, the list of extensions.

use super::Concerns::Every;
use super::{Facts, Outcome, Rule};
use crate::certificate::Irregularity;

pub(super) const RULES: &[Rule] = &[
    Rule::warning("version-not-3", "RFC 5280 section 4.1.2.1", Every, |x| {
        let version = u32::from(x.certificate.version());
        Outcome::finding_if(version != 3, || Facts::of("version", version))
    }),
    Rule::error("extensions-before-version-3", "RFC 5280 section 4.1.2.9", Every, |x| {
        let version = u32::from(x.certificate.version());
        Outcome::finding_if(version < 3 && !x.certificate.extensions().all.is_empty(), || {
            Facts::of("version", version)
        })
    }),
    Rule::error("extensions-empty", "RFC 5280 section 4.1.2.9", Every, |x| {
        Outcome::finding_if(x.certificate.irregularities().contains(&Irregularity::NoExtensions), Facts::none)
    }),
    Rule::error("extension-repeated", "RFC 5280 section 4.2", Every, |x| {
        let repeated = x.certificate.extensions().duplicates();
        Outcome::of_list("extensions", repeated.iter().map(crate::Oid::name_or_dotted))
    }),
    Rule::error("extension-unreadable", "RFC 5280 section 4.2", Every, |x| {
        let broken = x.certificate.extensions().broken();
        Outcome::of_list("extensions", broken.iter().map(|error| error.oid.name_or_dotted()))
    }),
    Rule::warning("unique-identifier", "RFC 5280 section 4.1.2.8", Every, |x| {
        Outcome::finding_if(x.fields.unique_identifiers, Facts::none)
    }),
    Rule::notice("certificate-large", "RFC 8446 section 4.4.2", Every, |x| {
        let octets = x.certificate.der().len();
        Outcome::finding_if(octets > LARGE, || Facts::of("octets", octets))
    }),
];

/// The record of TLS: a larger certificate takes several, and some small devices have no more room.
const LARGE: usize = 16 * 1024;
