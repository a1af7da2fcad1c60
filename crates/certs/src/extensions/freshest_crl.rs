//! Freshest CRL (RFC 5280 sections 4.2.1.15 and 5.2.6): where the changes since the last complete revocation list are.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, DistributionPoint, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use certwright_language::mark;

/// The points, in the order of the certificate or list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreshestCrl {
    /// At least one.
    pub points: Vec<DistributionPoint>,
}

impl KnownExtension for FreshestCrl {
    const OID: ObjectIdentifier = oid::FRESHEST_CRL;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        Ok(Self { points: DistributionPoint::parse_list(value)? })
    }
}

impl DescribedExtension for FreshestCrl {
    const NAME: &'static str = mark!("Freshest CRL");
    const SOURCE: &'static str = "RFC 5280 section 4.2.1.15";

    fn facts(&self) -> Vec<Fact> {
        DistributionPoint::facts(&self.points)
    }
}
