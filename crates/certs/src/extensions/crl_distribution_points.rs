//! CRL distribution points (RFC 5280 section 4.2.1.13): where revocation lists are.
//!
//! Only the full names are read; names relative to the CRL issuer, reasons and CRL issuers are stepped over.

use const_oid::ObjectIdentifier;

use super::KnownExtension;
use crate::fault::Fault;
use crate::oid;
use crate::san::GeneralName;
use crate::tlv::{self, Elements, context_constructed};

/// The full names of all distribution points, in the order of the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrlDistributionPoints(pub Vec<GeneralName>);

impl CrlDistributionPoints {
    /// Those names that are URIs.
    pub fn urls(&self) -> Vec<String> {
        let url =
            |name: &GeneralName| if let GeneralName::Uri(url) = name { Some(url.clone()) } else { None };
        self.0.iter().filter_map(url).collect()
    }
}

impl KnownExtension for CrlDistributionPoints {
    const OID: ObjectIdentifier = oid::CRL_DISTRIBUTION_POINTS;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let mut points = Elements::single(value, tlv::SEQUENCE)?.elements();
        let mut names = Vec::new();
        while !points.is_empty() {
            let mut parts = points.expect(tlv::SEQUENCE)?.elements();
            if let Some(name) = parts.optional(context_constructed(0))? {
                let mut choice = name.elements();
                match choice.optional(context_constructed(0))? {
                    Some(full_name) => names.extend(GeneralName::list(full_name.elements())?),
                    None => drop(choice.expect(context_constructed(1))?),
                }
                choice.finish()?;
            }
        }
        Ok(Self(names))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_names() {
        let name = tlv::to_element(0xa0, &tlv::to_element(0xa0, &tlv::to_element(0x86, b"http://crl")));
        let relative = tlv::to_element(0xa0, &tlv::to_element(0xa1, &[]));
        let points =
            [tlv::to_element(tlv::SEQUENCE, &name), tlv::to_element(tlv::SEQUENCE, &relative)].concat();
        let read = CrlDistributionPoints::from_value(&tlv::to_element(tlv::SEQUENCE, &points)).unwrap();
        assert_eq!(read.urls(), ["http://crl"]);
        assert!(CrlDistributionPoints::from_value(&[0x30, 2, 0x05, 0]).is_err());
    }
}
