//! Rules for the certificate policies and what belongs to them (RFC 5280 sections 4.2.1.4, 4.2.1.5, 4.2.1.11 and 4.2.1.14; BR sections
//! 7.1.2.6.1, 7.1.2.7.2 to 7.1.2.7.6, 7.1.2.7.9 and 7.1.6.1).

use super::Concerns::{Authority, EndEntity, Every, Intermediate, TlsServer};
use super::subject::has;
use super::{Examined, Facts, Outcome, Rule};
use crate::extensions::{CertificatePolicies, PolicyQualifier};
use crate::oid::{self, Oid};

pub(super) const RULES: &[Rule] = &[
    Rule::error("policies-missing", "BR 7.1.2.7.6", TlsServer, missing).public(),
    Rule::error("authority-policies-missing", "BR 7.1.2.6.1", Intermediate, missing).public(),
    Rule::error("policy-not-reserved", "BR 7.1.2.7.9, 7.1.6.1", TlsServer, |x| {
        reserved_policies(x, |reserved| reserved.is_empty())
    })
    .public()
    .since(2020, 9, 30),
    Rule::error("policy-several-reserved", "BR 7.1.2.7.9", TlsServer, |x| {
        reserved_policies(x, |reserved| reserved.len() > 1)
    })
    .public()
    .since(2023, 9, 15),
    Rule::error("domain-validated-with-organization", "BR 7.1.2.7.2", TlsServer, |x| {
        if !holds(x, oid::DOMAIN_VALIDATED) {
            return Outcome::NotApplicable;
        }
        Outcome::finding_if(has(x.certificate.subject(), oid::ORGANIZATION_NAME), Facts::none)
    })
    .public(),
    Rule::error("organization-validated-without-organization", "BR 7.1.2.7.4, 7.1.2.7.5", TlsServer, |x| {
        if !holds(x, oid::ORGANIZATION_VALIDATED) && !holds(x, oid::EXTENDED_VALIDATION) {
            return Outcome::NotApplicable;
        }
        Outcome::finding_if(!has(x.certificate.subject(), oid::ORGANIZATION_NAME), Facts::none)
    })
    .public(),
    Rule::error("policy-repeated", "RFC 5280 section 4.2.1.4", Every, |x| {
        let Some(policies) = policies(x) else { return Outcome::NotApplicable };
        let mut sorted: Vec<&Oid> = policies.oids().collect();
        sorted.sort();
        let mut repeated: Vec<String> = sorted
            .windows(2)
            .filter_map(|pair| if let [a, b] = pair { (a == b).then(|| a.name_or_dotted()) } else { None })
            .collect();
        repeated.dedup();
        Outcome::of_list("policies", repeated)
    }),
    Rule::error("any-policy-of-end-entity", "BR 7.1.2.7.9", TlsServer, |x| {
        Outcome::finding_if(holds(x, oid::ANY_POLICY), Facts::none)
    })
    .public()
    .since(2023, 9, 15),
    Rule::warning("policy-statement-not-http", "RFC 5280 section 4.2.1.4, BR 7.1.2.7.9", Every, |x| {
        of_qualifiers(x, |qualifier| match qualifier {
            PolicyQualifier::CpsUri(url) if !is_web(url) => Some(url.clone()),
            _ => None,
        })
    }),
    Rule::error("policy-user-notice", "BR 7.1.2.7.9", EndEntity, |x| {
        of_qualifiers(x, |qualifier| match qualifier {
            PolicyQualifier::UserNotice { explicit_text, .. } => {
                Some(explicit_text.clone().unwrap_or_default())
            }
            _ => None,
        })
    })
    .public()
    .since(2023, 9, 15),
    Rule::warning("policy-notice-too-long", "RFC 5280 section 4.2.1.4", Every, |x| {
        of_qualifiers(x, |qualifier| match qualifier {
            PolicyQualifier::UserNotice { explicit_text: Some(text), .. } if text.chars().count() > 200 => {
                Some(text.clone())
            }
            _ => None,
        })
    }),
    Rule::error("any-policy-mapped", "RFC 5280 section 4.2.1.5", Authority, |x| {
        match x.certificate.extensions().policy_mappings() {
            Ok(Some(mappings)) => Outcome::finding_if(
                mappings.0.iter().any(|mapping| {
                    mapping.issuer_domain == oid::ANY_POLICY || mapping.subject_domain == oid::ANY_POLICY
                }),
                Facts::none,
            ),
            _ => Outcome::NotApplicable,
        }
    }),
    Rule::error("policy-constraints-not-critical", "RFC 5280 section 4.2.1.11", Authority, |x| {
        x.criticality(oid::POLICY_CONSTRAINTS, true)
    }),
    Rule::error("inhibit-any-policy-not-critical", "RFC 5280 section 4.2.1.14", Authority, |x| {
        x.criticality(oid::INHIBIT_ANY_POLICY, true)
    }),
    Rule::warning(
        "authority-extension-of-end-entity",
        "RFC 5280 sections 4.2.1.5, 4.2.1.11, 4.2.1.14",
        EndEntity,
        |x| {
            let found = [oid::POLICY_MAPPINGS, oid::POLICY_CONSTRAINTS, oid::INHIBIT_ANY_POLICY];
            let found = found.into_iter().filter(|oid| x.has(*oid));
            Outcome::of_list("extensions", found.map(|oid| Oid::from(oid).name_or_dotted()))
        },
    ),
];

fn missing(x: &Examined<'_>) -> Outcome {
    Outcome::finding_if(!x.has(oid::CERTIFICATE_POLICIES), Facts::none)
}

fn policies<'a>(x: &Examined<'a>) -> Option<&'a CertificatePolicies> {
    x.certificate.extensions().certificate_policies().as_ref().ok()?.as_ref()
}

fn holds(x: &Examined<'_>, policy: const_oid::ObjectIdentifier) -> bool {
    policies(x).is_some_and(|policies| policies.oids().any(|oid| *oid == policy))
}

/// The policies that say how the subscriber was validated.
fn reserved_policies(x: &Examined<'_>, wrong: impl Fn(&[String]) -> bool) -> Outcome {
    let Some(policies) = policies(x) else { return Outcome::NotApplicable };
    let reserved = [
        oid::DOMAIN_VALIDATED,
        oid::ORGANIZATION_VALIDATED,
        oid::INDIVIDUAL_VALIDATED,
        oid::EXTENDED_VALIDATION,
    ];
    let mut found: Vec<String> = policies
        .oids()
        .filter(|policy| reserved.iter().any(|oid| *policy == oid))
        .map(Oid::name_or_dotted)
        .collect();
    found.sort();
    found.dedup();
    Outcome::finding_if(wrong(&found), || Facts::of("policies", found))
}

fn of_qualifiers(x: &Examined<'_>, wrong: impl Fn(&PolicyQualifier) -> Option<String>) -> Outcome {
    let Some(policies) = policies(x) else { return Outcome::NotApplicable };
    let qualifiers = policies.policies.iter().flat_map(|policy| &policy.qualifiers);
    Outcome::of_list("qualifiers", qualifiers.filter_map(wrong))
}

fn is_web(url: &str) -> bool {
    super::names::is_uri(url) && (super::has_scheme(url, "http") || super::has_scheme(url, "https"))
}
