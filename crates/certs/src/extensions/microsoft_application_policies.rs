//! Microsoft's application policies, with their mappings and constraints (MS-WCCE section 2.2.2.7.7.3): purposes, in the form of
//! certificate policies (RFC 5280 sections 4.2.1.4, 4.2.1.5 and 4.2.1.11). Windows wants them to agree with the extended key usage.

use const_oid::ObjectIdentifier;

use super::{
    CertificatePolicies, DescribedExtension, KnownExtension, PolicyConstraints, PolicyInformation,
    PolicyMappings,
};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use certwright_language::mark;

/// The purposes, in the order of the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MicrosoftApplicationPolicies(pub Vec<PolicyInformation>);

/// Which purposes of the subject's domain the issuer takes for which of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MicrosoftApplicationPolicyMappings(pub PolicyMappings);

/// From where on below this certificate an application policy is needed, or may not be mapped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MicrosoftApplicationPolicyConstraints(pub PolicyConstraints);

impl KnownExtension for MicrosoftApplicationPolicies {
    const OID: ObjectIdentifier = oid::MICROSOFT_APPLICATION_POLICIES;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        CertificatePolicies::from_value(value).map(|read| Self(read.policies))
    }
}

impl DescribedExtension for MicrosoftApplicationPolicies {
    const NAME: &'static str = mark!("Application policies");
    const SOURCE: &'static str = "Microsoft, MS-WCCE section 2.2.2.7.7.3";

    fn facts(&self) -> Vec<Fact> {
        CertificatePolicies::facts_of(&self.0)
    }
}

impl KnownExtension for MicrosoftApplicationPolicyMappings {
    const OID: ObjectIdentifier = oid::MICROSOFT_APPLICATION_POLICY_MAPPINGS;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        PolicyMappings::from_value(value).map(Self)
    }
}

impl DescribedExtension for MicrosoftApplicationPolicyMappings {
    const NAME: &'static str = mark!("Application policy mappings");
    const SOURCE: &'static str = "Microsoft, qualified subordination";

    fn facts(&self) -> Vec<Fact> {
        self.0.facts()
    }
}

impl KnownExtension for MicrosoftApplicationPolicyConstraints {
    const OID: ObjectIdentifier = oid::MICROSOFT_APPLICATION_POLICY_CONSTRAINTS;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        PolicyConstraints::from_value(value).map(Self)
    }
}

impl DescribedExtension for MicrosoftApplicationPolicyConstraints {
    const NAME: &'static str = mark!("Application policy constraints");
    const SOURCE: &'static str = "Microsoft, qualified subordination";

    fn facts(&self) -> Vec<Fact> {
        self.0.facts()
    }
}
