//! Authority key identifier (RFC 5280 section 4.2.1.1): which key signed the certificate.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::{Fact, general_names};
use crate::fault::Fault;
use crate::oid;
use crate::san::GeneralName;
use crate::tlv::{self, Elements, context, context_constructed};
use certwright_language::{mark, t};

/// The parts that are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorityKeyIdentifier {
    /// The subject key identifier of the issuer.
    pub key_identifier: Option<Vec<u8>>,
    /// The issuer of the issuer's certificate.
    pub issuer: Option<Vec<GeneralName>>,
    /// The content octets of the serial number of the issuer's certificate.
    pub serial: Option<Vec<u8>>,
}

impl AuthorityKeyIdentifier {
    /// The key identifier as lower-case hexadecimal digits.
    pub fn hex(&self) -> Option<String> {
        self.key_identifier.as_deref().map(super::to_hex)
    }

    /// The content of the OCTET STRING.
    pub fn to_value(&self) -> Vec<u8> {
        let mut content = Vec::new();
        if let Some(identifier) = &self.key_identifier {
            tlv::push(&mut content, context(0), identifier);
        }
        if let Some(names) = &self.issuer {
            let names: Vec<u8> = names.iter().flat_map(GeneralName::to_der).collect();
            tlv::push(&mut content, context_constructed(1), &names);
        }
        if let Some(serial) = &self.serial {
            tlv::push(&mut content, context(2), serial);
        }
        tlv::to_element(tlv::SEQUENCE, &content)
    }
}

impl KnownExtension for AuthorityKeyIdentifier {
    const OID: ObjectIdentifier = oid::AUTHORITY_KEY_IDENTIFIER;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let mut parts = Elements::single(value, tlv::SEQUENCE)?.elements();
        let key_identifier = parts.optional(context(0))?.map(|id| id.content.to_vec());
        let issuer = parts.optional(context_constructed(1))?.map(|names| GeneralName::list(names.elements()));
        let serial = parts.optional(context(2))?.map(|serial| serial.content.to_vec());
        parts.finish()?;
        Ok(Self { key_identifier, issuer: issuer.transpose()?, serial })
    }
}

impl DescribedExtension for AuthorityKeyIdentifier {
    const NAME: &'static str = mark!("Authority key identifier");
    const SOURCE: &'static str = "RFC 5280 section 4.2.1.1";

    fn facts(&self) -> Vec<Fact> {
        let identifier = self.key_identifier.as_ref();
        let issuer = self.issuer.as_ref();
        let serial = self.serial.as_ref();
        let facts = [
            identifier.map(|identifier| Fact::octets(t!("Key identifier"), identifier.as_slice())),
            issuer.map(|names| Fact::facts(t!("Issuer of the issuer’s certificate"), general_names(names))),
            serial.map(|serial| {
                Fact::octets(t!("Serial number of the issuer’s certificate"), serial.as_slice())
            }),
        ];
        facts.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        let read = AuthorityKeyIdentifier::from_value(&[0x30, 4, 0x80, 2, 0xab, 1]).unwrap();
        assert_eq!(read.hex().unwrap(), "ab01");
        let read =
            AuthorityKeyIdentifier::from_value(&[0x30, 9, 0xa1, 4, 0xa4, 2, 0x30, 0, 0x82, 1, 5]).unwrap();
        assert_eq!(read.to_value(), [0x30, 9, 0xa1, 4, 0xa4, 2, 0x30, 0, 0x82, 1, 5]);
        assert_eq!((read.key_identifier, read.serial), (None, Some(vec![5])));
        assert_eq!(read.issuer.unwrap().len(), 1);
        assert!(AuthorityKeyIdentifier::from_value(&[0x30, 2, 0x83, 0]).is_err());
    }
}
