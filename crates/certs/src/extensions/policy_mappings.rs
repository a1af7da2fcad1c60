//! Policy mappings (RFC 5280 section 4.2.1.5): which policies of the subject's domain the issuer takes for which of its own.
//!
//! Takes `anyPolicy`, which must not be mapped: refusing that is for who judges a path.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::{Fault, Problem};
use crate::oid::{self, Oid};
use crate::tlv::{self, Elements};
use certwright_language::{mark, t};

/// The mappings, in the order of the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyMappings(pub Vec<PolicyMapping>);

/// Two policies that are taken for the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyMapping {
    /// The policy in the issuer's domain.
    pub issuer_domain: Oid,
    /// The policy in the subject's domain.
    pub subject_domain: Oid,
}

impl KnownExtension for PolicyMappings {
    const OID: ObjectIdentifier = oid::POLICY_MAPPINGS;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let list = Elements::single(value, tlv::SEQUENCE)?;
        let mut elements = list.elements();
        let mut mappings = Vec::new();
        while !elements.is_empty() {
            let mut parts = elements.expect(tlv::SEQUENCE)?.elements();
            let issuer_domain = Oid::expect(&mut parts)?;
            let subject_domain = Oid::expect(&mut parts)?;
            parts.finish()?;
            mappings.push(PolicyMapping { issuer_domain, subject_domain });
        }
        if mappings.is_empty() { Err(list.fault(Problem::Empty)) } else { Ok(Self(mappings)) }
    }
}

impl DescribedExtension for PolicyMappings {
    const NAME: &'static str = mark!("Policy mappings");
    const SOURCE: &'static str = "RFC 5280 section 4.2.1.5";

    fn facts(&self) -> Vec<Fact> {
        let fact = |mapping: &PolicyMapping| {
            let facts = vec![
                Fact::oid(t!("Issuer’s policy"), mapping.issuer_domain.clone()),
                Fact::oid(t!("Subject’s policy"), mapping.subject_domain.clone()),
            ];
            Fact::facts(t!("Mapping"), facts)
        };
        self.0.iter().map(fact).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs() {
        let read = PolicyMappings::from_value(b"\x30\x0a\x30\x08\x06\x02\x2a\x03\x06\x02\x2a\x04").unwrap();
        let oid = |text| Oid::parse_dotted(text).unwrap();
        let mapping = PolicyMapping { issuer_domain: oid("1.2.3"), subject_domain: oid("1.2.4") };
        assert_eq!(read.0, [mapping]);
        for value in [
            &b"\x30\x00"[..],
            b"\x30\x06\x30\x04\x06\x02\x2a\x03",
            b"\x30\x04\x06\x02\x2a\x03",
            b"\x30\x0c\x30\x0a\x06\x02\x2a\x03\x06\x02\x2a\x04\x05\x00",
        ] {
            assert!(PolicyMappings::from_value(value).is_err(), "{value:02x?}");
        }
    }
}
