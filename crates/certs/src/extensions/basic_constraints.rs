//! Basic constraints (RFC 5280 section 4.2.1.9): may the key sign certificates, and how many intermediates may follow.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use crate::tlv::{self, Elements};
use certwright_language::{mark, t};

/// `BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// The subject is a certification authority.
    pub ca: bool,
    /// How many intermediates that are not self-issued may lie below this certificate.
    pub path_length: Option<u32>,
}

impl BasicConstraints {
    /// The content of the OCTET STRING.
    pub fn to_value(&self) -> Vec<u8> {
        let mut content = Vec::new();
        if self.ca {
            // A BOOLEAN that has its default value is left out (X.690 section 11.5).
            tlv::push(&mut content, tlv::BOOLEAN, &[0xff]);
        }
        if let Some(length) = self.path_length {
            content.extend(tlv::to_unsigned_integer(&length.to_be_bytes()));
        }
        tlv::to_element(tlv::SEQUENCE, &content)
    }
}

impl KnownExtension for BasicConstraints {
    const OID: ObjectIdentifier = oid::BASIC_CONSTRAINTS;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let mut parts = Elements::single(value, tlv::SEQUENCE)?.elements();
        let ca = parts.optional(tlv::BOOLEAN)?.map_or(Ok(false), |ca| ca.boolean())?;
        let path_length = parts.optional(tlv::INTEGER)?.map(|length| length.small_integer()).transpose()?;
        parts.finish()?;
        Ok(Self { ca, path_length })
    }
}

impl DescribedExtension for BasicConstraints {
    const NAME: &'static str = mark!("Basic constraints");
    const SOURCE: &'static str = "RFC 5280 section 4.2.1.9";

    fn facts(&self) -> Vec<Fact> {
        let ca = Fact::flag(t!("Certification authority"), self.ca);
        let length = self.path_length.map(|length| Fact::number(t!("Path length"), length));
        [ca].into_iter().chain(length).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Problem;

    #[test]
    fn written_and_read_again() {
        for (ca, path_length) in
            [(false, None), (true, None), (true, Some(0)), (true, Some(128)), (true, Some(70_000))]
        {
            let constraints = BasicConstraints { ca, path_length };
            assert_eq!(BasicConstraints::from_value(&constraints.to_value()).unwrap(), constraints);
        }
        assert_eq!(BasicConstraints { ca: false, path_length: None }.to_value(), [0x30, 0]);
        assert_eq!(
            BasicConstraints { ca: true, path_length: Some(0) }.to_value(),
            [0x30, 6, 1, 1, 0xff, 2, 1, 0]
        );
    }

    #[test]
    fn values() {
        let read = BasicConstraints::from_value;
        assert_eq!(read(&[0x30, 0]).unwrap(), BasicConstraints { ca: false, path_length: None });
        assert_eq!(
            read(&[0x30, 6, 1, 1, 0xff, 2, 1, 3]).unwrap(),
            BasicConstraints { ca: true, path_length: Some(3) }
        );
        assert_eq!(
            read(&[0x30, 6, 1, 1, 0xff, 2, 1, 0xff]).unwrap_err(),
            Fault { offset: 5, problem: Problem::BadInteger }
        );
        assert_eq!(read(&[0x30, 2, 5, 0]).unwrap_err(), Fault { offset: 2, problem: Problem::TrailingData });
    }
}
