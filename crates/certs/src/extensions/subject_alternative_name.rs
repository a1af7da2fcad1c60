//! Subject alternative name (RFC 5280 section 4.2.1.6): the names that a peer is checked against.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::{Fact, general_names};
use crate::fault::{Fault, Problem};
use crate::oid;
use crate::san::GeneralName;
use crate::tlv::{self, Elements};
use certwright_language::mark;

/// The names, in the order of the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectAlternativeName(pub Vec<GeneralName>);

impl SubjectAlternativeName {
    /// The content of the OCTET STRING.
    pub fn to_value(&self) -> Vec<u8> {
        let content: Vec<u8> = self.0.iter().flat_map(GeneralName::to_der).collect();
        tlv::to_element(tlv::SEQUENCE, &content)
    }
}

impl KnownExtension for SubjectAlternativeName {
    const OID: ObjectIdentifier = oid::SUBJECT_ALTERNATIVE_NAME;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let list = Elements::single(value, tlv::SEQUENCE)?;
        let names = GeneralName::list(list.elements())?;
        if names.is_empty() { Err(list.fault(Problem::Empty)) } else { Ok(Self(names)) }
    }
}

impl DescribedExtension for SubjectAlternativeName {
    const NAME: &'static str = mark!("Subject alternative name");
    const SOURCE: &'static str = "RFC 5280 section 4.2.1.6";

    fn facts(&self) -> Vec<Fact> {
        general_names(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_name_does_not_hide_the_others() {
        let san = SubjectAlternativeName::from_value(b"\x30\x08\x82\x01a\x87\x03\x01\x02\x03").unwrap();
        let malformed = GeneralName::Malformed { number: 7, content: vec![1, 2, 3] };
        assert_eq!(san.0, [GeneralName::Dns("a".into()), malformed]);
        assert_eq!(SubjectAlternativeName::from_value(&san.to_value()).unwrap(), san);
        assert_eq!(SubjectAlternativeName::from_value(b"\x30\x00").unwrap_err().problem, Problem::Empty);
        assert!(SubjectAlternativeName::from_value(b"example.com").is_err());
    }
}
