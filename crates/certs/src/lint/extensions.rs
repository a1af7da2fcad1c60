//! Rules for extensions that have no file of their own: those that are not known, and relics.

use const_oid::ObjectIdentifier;

use super::Concerns::Every;
use super::{Outcome, Rule};
use crate::oid;

pub(super) const RULES: &[Rule] = &[
    Rule::warning("unknown-critical-extension", "RFC 5280 section 4.2", Every, |x| {
        let unknown = x
            .certificate
            .extensions()
            .all
            .iter()
            .filter(|extension| extension.critical && !PROCESSED.iter().any(|oid| extension.oid == *oid));
        Outcome::of_list("extensions", unknown.map(|extension| extension.oid.name_or_dotted()))
    }),
    Rule::notice("relic-extension", "RFC 5280 section 4.2", Every, |x| {
        let found = RELICS.iter().filter_map(|oid| x.extension(*oid));
        Outcome::of_list("extensions", found.map(|extension| extension.oid.name_or_dotted()))
    }),
    Rule::warning("private-key-usage-period", "RFC 3280 section 4.2.1.4, dropped by RFC 5280", Every, |x| {
        Outcome::of_list(
            "extensions",
            x.extension(oid::PRIVATE_KEY_USAGE_PERIOD).map(|extension| extension.oid.name_or_dotted()),
        )
    }),
];

/// Extensions that programs which verify process, and which may therefore be critical.
const PROCESSED: [ObjectIdentifier; 18] = [
    oid::SUBJECT_KEY_IDENTIFIER,
    oid::AUTHORITY_KEY_IDENTIFIER,
    oid::AUTHORITY_INFORMATION_ACCESS,
    oid::KEY_USAGE,
    oid::SUBJECT_ALTERNATIVE_NAME,
    oid::ISSUER_ALTERNATIVE_NAME,
    oid::BASIC_CONSTRAINTS,
    oid::NAME_CONSTRAINTS,
    oid::CRL_DISTRIBUTION_POINTS,
    oid::FRESHEST_CRL,
    oid::CERTIFICATE_POLICIES,
    oid::POLICY_MAPPINGS,
    oid::POLICY_CONSTRAINTS,
    oid::INHIBIT_ANY_POLICY,
    oid::EXTENDED_KEY_USAGE,
    oid::TLS_FEATURE,
    // It keeps a precertificate from being accepted, which is what it is for.
    oid::PRECERTIFICATE_POISON,
    oid::OCSP_NO_CHECK,
];

/// Extensions of the nineties that no program looks at any more.
const RELICS: [ObjectIdentifier; 7] = [
    oid::NETSCAPE_CERTIFICATE_TYPE,
    oid::NETSCAPE_COMMENT,
    oid::NETSCAPE_BASE_URL,
    oid::NETSCAPE_REVOCATION_URL,
    oid::NETSCAPE_CA_REVOCATION_URL,
    oid::NETSCAPE_CA_POLICY_URL,
    oid::ENTRUST_VERSION,
];
