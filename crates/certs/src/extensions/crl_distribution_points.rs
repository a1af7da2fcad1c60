//! CRL distribution points (RFC 5280 section 4.2.1.13): where revocation lists are.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, DistributionPoint, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use certwright_language::mark;

/// The points, in the order of the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrlDistributionPoints {
    /// At least one. Each of them leads to a list; together they cover all reasons.
    pub points: Vec<DistributionPoint>,
}

impl CrlDistributionPoints {
    /// Those names of all points that are URIs.
    pub fn urls(&self) -> Vec<String> {
        self.points.iter().flat_map(DistributionPoint::urls).map(str::to_owned).collect()
    }
}

impl KnownExtension for CrlDistributionPoints {
    const OID: ObjectIdentifier = oid::CRL_DISTRIBUTION_POINTS;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        Ok(Self { points: DistributionPoint::parse_list(value)? })
    }
}

impl DescribedExtension for CrlDistributionPoints {
    const NAME: &'static str = mark!("CRL distribution points");
    const SOURCE: &'static str = "RFC 5280 section 4.2.1.13";

    fn facts(&self) -> Vec<Fact> {
        DistributionPoint::facts(&self.points)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extensions::{DistributionPointName, ReasonFlags};
    use crate::name::Name;
    use crate::san::GeneralName;
    use crate::tlv;

    #[test]
    fn every_field() {
        let name = tlv::to_element(0xa0, &tlv::to_element(0xa0, &tlv::to_element(0x86, b"http://crl")));
        let issuer = Name::parse_rfc4514("CN=lists,O=example").unwrap();
        let rdn = issuer.rdns().last().unwrap();
        let relative = Name::from_rdns(vec![rdn.to_vec()]);
        // The RDN is implicitly tagged: its content is that of the SET.
        let set = &relative.der()[4..];
        let second = [
            tlv::to_element(0xa0, &tlv::to_element(0xa1, set)),
            tlv::to_element(0x81, &[6, 0x40]),
            tlv::to_element(0xa2, &tlv::to_element(0xa4, issuer.der())),
        ]
        .concat();
        let points =
            [tlv::to_element(tlv::SEQUENCE, &name), tlv::to_element(tlv::SEQUENCE, &second)].concat();
        let read = CrlDistributionPoints::from_value(&tlv::to_element(tlv::SEQUENCE, &points)).unwrap();
        assert_eq!(read.urls(), ["http://crl"]);
        let [_, second] = &read.points[..] else { panic!() };
        assert_eq!(second.reasons, ReasonFlags::from_names(["keyCompromise"]));
        assert_eq!(second.crl_issuer, Some(vec![GeneralName::DirectoryName(issuer.clone())]));
        let Some(name @ DistributionPointName::RelativeToIssuer(_)) = &second.name else { panic!() };
        let parent = Name::parse_rfc4514("O=example").unwrap();
        assert_eq!(name.full_names(&parent), [GeneralName::DirectoryName(issuer)]);
    }

    #[test]
    fn broken_points_are_refused() {
        for value in [
            &[0x30, 0][..],
            &[0x30, 2, 0x05, 0],
            &[0x30, 4, 0x30, 2, 0xa0, 0],
            &[0x30, 6, 0x30, 4, 0xa0, 2, 0xa0, 0],
            &[0x30, 6, 0x30, 4, 0xa0, 2, 0xa2, 0],
            &[0x30, 4, 0x30, 2, 0x83, 0],
            &[0x30, 4, 0x30, 2, 0x81, 0],
            &[0x30, 2, 0x30, 0, 0],
        ] {
            assert!(CrlDistributionPoints::from_value(value).is_err(), "{value:02x?}");
        }
        assert!(CrlDistributionPoints::from_value(&[0x30, 2, 0x30, 0]).is_ok());
    }
}
