//! Subject key identifier (RFC 5280 section 4.2.1.2): a name for the key, to find issuers by.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use crate::tlv::{self, Elements};
use certwright_language::{mark, t};

/// The identifier, usually the SHA-1 hash of the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectKeyIdentifier(pub Vec<u8>);

impl SubjectKeyIdentifier {
    /// Lower-case hexadecimal digits.
    pub fn hex(&self) -> String {
        super::to_hex(&self.0)
    }

    /// The content of the OCTET STRING.
    pub fn to_value(&self) -> Vec<u8> {
        tlv::to_element(tlv::OCTET_STRING, &self.0)
    }
}

impl KnownExtension for SubjectKeyIdentifier {
    const OID: ObjectIdentifier = oid::SUBJECT_KEY_IDENTIFIER;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        Ok(Self(Elements::single(value, tlv::OCTET_STRING)?.content.to_vec()))
    }
}

impl DescribedExtension for SubjectKeyIdentifier {
    const NAME: &'static str = mark!("Subject key identifier");
    const SOURCE: &'static str = "RFC 5280 section 4.2.1.2";

    fn facts(&self) -> Vec<Fact> {
        vec![Fact::octets(t!("Key identifier"), self.0.as_slice())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn value() {
        assert_eq!(SubjectKeyIdentifier::from_value(&[4, 2, 0xab, 1]).unwrap().hex(), "ab01");
        assert_eq!(SubjectKeyIdentifier(vec![0xab, 1]).to_value(), [4, 2, 0xab, 1]);
        assert!(SubjectKeyIdentifier::from_value(&[4, 2, 0xab]).is_err());
    }
}
