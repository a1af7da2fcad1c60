//! Extended key usage (RFC 5280 section 4.2.1.12): the purposes for which the certificate is good.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::{Fault, Problem};
use crate::oid::{self, Oid};
use crate::tlv::{self, Elements};
use certwright_language::{mark, t};

/// The purposes, in the order of the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtendedKeyUsage(pub Vec<Oid>);

impl ExtendedKeyUsage {
    /// True if the purpose or `anyExtendedKeyUsage` is there.
    pub fn allows(&self, purpose: ObjectIdentifier) -> bool {
        self.0.iter().any(|oid| *oid == purpose || *oid == oid::ANY_EXTENDED_KEY_USAGE)
    }

    /// The names of RFC 5280, or the dotted identifier where there is none.
    pub fn names(&self) -> Vec<String> {
        self.0.iter().map(Oid::name_or_dotted).collect()
    }

    /// The content of the OCTET STRING.
    pub fn to_value(&self) -> Vec<u8> {
        let content: Vec<u8> = self.0.iter().flat_map(Oid::to_der).collect();
        tlv::to_element(tlv::SEQUENCE, &content)
    }
}

impl KnownExtension for ExtendedKeyUsage {
    const OID: ObjectIdentifier = oid::EXTENDED_KEY_USAGE;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let list = Elements::single(value, tlv::SEQUENCE)?;
        let mut elements = list.elements();
        let mut purposes = Vec::new();
        while !elements.is_empty() {
            let oid = elements.expect(tlv::OID)?;
            purposes.push(Oid::from_der_content(oid.content).ok_or(oid.fault(Problem::BadOid))?);
        }
        if purposes.is_empty() { Err(list.fault(Problem::Empty)) } else { Ok(Self(purposes)) }
    }
}

impl DescribedExtension for ExtendedKeyUsage {
    const NAME: &'static str = mark!("Extended key usage");
    const SOURCE: &'static str = "RFC 5280 section 4.2.1.12";

    fn facts(&self) -> Vec<Fact> {
        self.0.iter().map(|purpose| Fact::oid(t!("Purpose"), purpose.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes() {
        let usage = ExtendedKeyUsage::from_value(
            b"\x30\x10\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x02\x06\x04\x2a\x03\x04\x05",
        )
        .unwrap();
        assert_eq!(ExtendedKeyUsage::from_value(&usage.to_value()).unwrap(), usage);
        assert_eq!(usage.names(), ["clientAuth", "1.2.3.4.5"]);
        assert!(usage.allows(oid::CLIENT_AUTH));
        assert!(!usage.allows(oid::SERVER_AUTH));
        assert!(ExtendedKeyUsage(vec![oid::ANY_EXTENDED_KEY_USAGE.into()]).allows(oid::SERVER_AUTH));
        assert_eq!(ExtendedKeyUsage::from_value(b"\x30\x00").unwrap_err().problem, Problem::Empty);
    }
}
