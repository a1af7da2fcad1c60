//! Certificate policies (RFC 5280 section 4.2.1.4): under which rules the certificate was issued, and what the issuer says about them.
//!
//! A qualifier whose value breaks its rules is kept as its octets, for no one who validates a path depends on it.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::{Fault, Problem};
use crate::name::strings;
use crate::oid::{self, Oid};
use crate::tlv::{self, Elements, Tlv};
use certwright_language::{mark, t};

/// The policies, in the order of the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificatePolicies {
    /// At least one. One that is named twice, which the standard forbids, stands here twice.
    pub policies: Vec<PolicyInformation>,
}

/// A policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyInformation {
    /// Which, for example [`oid::ANY_POLICY`].
    pub policy: Oid,
    /// What the issuer says about it.
    pub qualifiers: Vec<PolicyQualifier>,
}

/// What an issuer says about a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyQualifier {
    /// Where the certification practice statement is.
    CpsUri(String),
    /// A text to be shown to who relies on the certificate.
    UserNotice {
        /// Whose numbered notices are meant, and the numbers. Numbers above 32 bits are read as the greatest.
        reference: Option<(String, Vec<u32>)>,
        /// The text itself.
        explicit_text: Option<String>,
    },
    /// A qualifier of another type, or one that breaks its rules.
    Other {
        /// The type.
        oid: Oid,
        /// The DER of the value; empty if there is none.
        value: Vec<u8>,
    },
}

impl CertificatePolicies {
    /// The identifiers of the policies, in the order of the certificate.
    pub fn oids(&self) -> impl Iterator<Item = &Oid> {
        self.policies.iter().map(|information| &information.policy)
    }

    /// The policies as lines; Microsoft's application policies have the same form.
    pub(super) fn facts_of(policies: &[PolicyInformation]) -> Vec<Fact> {
        policies.iter().flat_map(policy_facts).collect()
    }
}

impl KnownExtension for CertificatePolicies {
    const OID: ObjectIdentifier = oid::CERTIFICATE_POLICIES;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let list = Elements::single(value, tlv::SEQUENCE)?;
        let mut elements = list.elements();
        let mut policies = Vec::new();
        while !elements.is_empty() {
            let mut parts = elements.expect(tlv::SEQUENCE)?.elements();
            let policy = Oid::expect(&mut parts)?;
            let qualifiers = parts.optional(tlv::SEQUENCE)?;
            parts.finish()?;
            let qualifiers = qualifiers.map_or(Ok(Vec::new()), |list| parse_qualifiers(&list))?;
            policies.push(PolicyInformation { policy, qualifiers });
        }
        if policies.is_empty() { Err(list.fault(Problem::Empty)) } else { Ok(Self { policies }) }
    }
}

impl DescribedExtension for CertificatePolicies {
    const NAME: &'static str = mark!("Certificate policies");
    const SOURCE: &'static str = "RFC 5280 section 4.2.1.4";

    fn facts(&self) -> Vec<Fact> {
        Self::facts_of(&self.policies)
    }
}

fn parse_qualifiers(list: &Tlv<'_>) -> Result<Vec<PolicyQualifier>, Fault> {
    let mut elements = list.elements();
    let mut qualifiers = Vec::new();
    while !elements.is_empty() {
        let mut parts = elements.expect(tlv::SEQUENCE)?.elements();
        let oid = Oid::expect(&mut parts)?;
        let value = if parts.is_empty() { None } else { Some(parts.next()?) };
        parts.finish()?;
        let known = value.and_then(|value| parse_qualifier(&oid, &value));
        let other =
            || PolicyQualifier::Other { oid, value: value.map_or(&[][..], |value| value.whole).to_vec() };
        qualifiers.push(known.unwrap_or_else(other));
    }
    Ok(qualifiers)
}

fn parse_qualifier(oid: &Oid, value: &Tlv<'_>) -> Option<PolicyQualifier> {
    if *oid == oid::CPS_URI {
        return strings::to_text(value.tag, value.content).map(PolicyQualifier::CpsUri);
    }
    if *oid != oid::USER_NOTICE || value.tag != tlv::SEQUENCE {
        return None;
    }
    let mut parts = value.elements();
    let reference = parts.optional(tlv::SEQUENCE).ok()?;
    let text = if parts.is_empty() { None } else { Some(parts.next().ok()?) };
    parts.finish().ok()?;
    let explicit_text = match text {
        Some(text) => Some(strings::to_text(text.tag, text.content)?),
        None => None,
    };
    let reference = match reference {
        Some(reference) => Some(parse_reference(&reference)?),
        None => None,
    };
    Some(PolicyQualifier::UserNotice { reference, explicit_text })
}

/// `NoticeReference ::= SEQUENCE { organization DisplayText, noticeNumbers SEQUENCE OF INTEGER }`
fn parse_reference(reference: &Tlv<'_>) -> Option<(String, Vec<u32>)> {
    let mut parts = reference.elements();
    let organization = parts.next().ok()?;
    let mut elements = parts.expect(tlv::SEQUENCE).ok()?.elements();
    parts.finish().ok()?;
    let mut numbers = Vec::new();
    while !elements.is_empty() {
        numbers.push(elements.expect(tlv::INTEGER).ok()?.small_integer().ok()?);
    }
    Some((strings::to_text(organization.tag, organization.content)?, numbers))
}

fn policy_facts(information: &PolicyInformation) -> Vec<Fact> {
    let policy = Fact::oid(t!("Policy"), information.policy.clone());
    if information.qualifiers.is_empty() {
        return vec![policy];
    }
    let qualifiers = information.qualifiers.iter().map(qualifier_fact).collect();
    vec![policy, Fact::facts(t!("Qualifiers"), qualifiers)]
}

fn qualifier_fact(qualifier: &PolicyQualifier) -> Fact {
    match qualifier {
        PolicyQualifier::CpsUri(url) => Fact::url(t!("Certification practice statement"), url),
        PolicyQualifier::UserNotice { reference, explicit_text } => {
            let mut facts = Vec::new();
            if let Some((organization, numbers)) = reference {
                let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
                facts.push(Fact::text(t!("Organization"), organization));
                facts.push(Fact::text(t!("Notice numbers"), numbers.join(", ")));
            }
            if let Some(text) = explicit_text {
                facts.push(Fact::text(t!("Text"), text));
            }
            Fact::facts(t!("User notice"), facts)
        }
        PolicyQualifier::Other { oid, value } => {
            let facts = vec![Fact::oid(t!("Type"), oid.clone()), Fact::octets(t!("Value"), value.as_slice())];
            Fact::facts(t!("Other qualifier"), facts)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies() {
        let read = CertificatePolicies::from_value(b"\x30\x08\x30\x06\x06\x04\x55\x1d\x20\x00").unwrap();
        let any = PolicyInformation { policy: oid::ANY_POLICY.into(), qualifiers: Vec::new() };
        assert_eq!(read.policies, [any]);
        for value in
            [&b"\x30\x00"[..], b"\x30\x02\x30\x00", b"\x30\x0a\x30\x08\x06\x04\x55\x1d\x20\x00\x05\x00"]
        {
            assert!(CertificatePolicies::from_value(value).is_err());
        }
    }

    #[test]
    fn broken_qualifiers_are_kept() {
        for (qualifier, value) in [
            (tlv::to_element(tlv::INTEGER, &[1]), &[2, 1, 1][..]),
            (tlv::to_element(tlv::SEQUENCE, &[2, 1, 1]), &[0x30, 3, 2, 1, 1]),
            (Vec::new(), &[]),
        ] {
            let oid = Oid::from(oid::USER_NOTICE);
            let qualifiers = tlv::to_element(
                tlv::SEQUENCE,
                &tlv::to_element(tlv::SEQUENCE, &[oid.to_der(), qualifier].concat()),
            );
            let policy = [Oid::from(oid::ANY_POLICY).to_der(), qualifiers].concat();
            let list = tlv::to_element(tlv::SEQUENCE, &tlv::to_element(tlv::SEQUENCE, &policy));
            let read = CertificatePolicies::from_value(&list).unwrap();
            assert_eq!(read.policies[0].qualifiers, [PolicyQualifier::Other { oid, value: value.to_vec() }]);
        }
    }
}
