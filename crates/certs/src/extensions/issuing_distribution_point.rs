//! Issuing distribution point (RFC 5280 section 5.2.5): which certificates a revocation list is about, and for which reasons.
//!
//! Takes the extension with all of its fields at their defaults, which the RFC forbids: it then says nothing.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, DistributionPointName, KnownExtension, ReasonFlags};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use crate::tlv::{self, Elements, context, context_constructed};
use certwright_language::{mark, t};

/// The scope of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssuingDistributionPoint {
    /// Where the list is published; certificates name the same place.
    pub name: Option<DistributionPointName>,
    /// Only certificates of end entities.
    pub only_user_certificates: bool,
    /// Only certificates of authorities.
    pub only_ca_certificates: bool,
    /// The reasons for which it revokes; all of them if absent.
    pub only_some_reasons: Option<ReasonFlags>,
    /// It is about certificates of several authorities.
    pub indirect_crl: bool,
    /// Only attribute certificates.
    pub only_attribute_certificates: bool,
}

impl KnownExtension for IssuingDistributionPoint {
    const OID: ObjectIdentifier = oid::ISSUING_DISTRIBUTION_POINT;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let mut parts = Elements::single(value, tlv::SEQUENCE)?.elements();
        let name = parts.optional(context_constructed(0))?;
        let flag = |parts: &mut Elements<'_>, number| {
            parts.optional(context(number))?.map_or(Ok(false), |flag| flag.boolean())
        };
        let only_user_certificates = flag(&mut parts, 1)?;
        let only_ca_certificates = flag(&mut parts, 2)?;
        let reasons = parts.optional(context(3))?;
        let indirect_crl = flag(&mut parts, 4)?;
        let only_attribute_certificates = flag(&mut parts, 5)?;
        parts.finish()?;
        Ok(Self {
            name: name.map(|name| DistributionPointName::from_wrapper(&name)).transpose()?,
            only_user_certificates,
            only_ca_certificates,
            only_some_reasons: reasons.map(|reasons| ReasonFlags::from_element(&reasons)).transpose()?,
            indirect_crl,
            only_attribute_certificates,
        })
    }
}

impl DescribedExtension for IssuingDistributionPoint {
    const NAME: &'static str = mark!("Issuing distribution point");
    const SOURCE: &'static str = "RFC 5280 section 5.2.5";

    fn facts(&self) -> Vec<Fact> {
        let mut facts = self.name.as_ref().map(DistributionPointName::facts).unwrap_or_default();
        let flags = [
            (t!("Only end-entity certificates"), self.only_user_certificates),
            (t!("Only CA certificates"), self.only_ca_certificates),
            (t!("Only attribute certificates"), self.only_attribute_certificates),
            (t!("Indirect CRL"), self.indirect_crl),
        ];
        facts.extend(flags.into_iter().filter(|(_, set)| *set).map(|(label, set)| Fact::flag(label, set)));
        facts.extend(self.only_some_reasons.map(|reasons| reasons.fact(t!("Only some reasons"))));
        facts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::san::GeneralName;

    #[test]
    fn every_field() {
        let name = tlv::to_element(0xa0, &tlv::to_element(0xa0, &tlv::to_element(0x86, b"http://crl")));
        let fields =
            [&name[..], &[0x81, 1, 0xff, 0x82, 1, 0xff, 0x83, 2, 6, 0x40, 0x84, 1, 0xff, 0x85, 1, 0xff]]
                .concat();
        let read = IssuingDistributionPoint::from_value(&tlv::to_element(tlv::SEQUENCE, &fields)).unwrap();
        let uri = GeneralName::Uri("http://crl".into());
        let wanted = IssuingDistributionPoint {
            name: Some(DistributionPointName::Full(vec![uri])),
            only_user_certificates: true,
            only_ca_certificates: true,
            only_some_reasons: ReasonFlags::from_names(["keyCompromise"]),
            indirect_crl: true,
            only_attribute_certificates: true,
        };
        assert_eq!(read, wanted);
        assert_eq!(read.facts().len(), 6);
    }

    #[test]
    fn defaults_and_broken_values() {
        let read = IssuingDistributionPoint::from_value;
        assert_eq!(read(&[0x30, 0]), Ok(IssuingDistributionPoint::default()));
        for bad in [
            &[][..],
            &[0x31, 0],
            &[0x30, 2, 0x81, 0],
            &[0x30, 2, 0x83, 0],
            &[0x30, 2, 0xa0, 0],
            &[0x30, 3, 0x86, 1, 0xff],
            &[0x30, 6, 0x82, 1, 0xff, 0x81, 1, 0xff],
            &[0x30, 0, 0],
        ] {
            assert!(read(bad).is_err(), "{bad:02x?}");
        }
    }
}
