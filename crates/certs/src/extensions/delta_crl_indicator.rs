//! Delta CRL indicator (RFC 5280 section 5.2.4): the list tells only what has changed since another one.

use const_oid::ObjectIdentifier;

use super::{CrlNumber, DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use certwright_language::{mark, t};

/// The number of the list to which this one is the difference, `BaseCRLNumber`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeltaCrlIndicator(pub CrlNumber);

impl KnownExtension for DeltaCrlIndicator {
    const OID: ObjectIdentifier = oid::DELTA_CRL_INDICATOR;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        CrlNumber::from_value(value).map(Self)
    }
}

impl DescribedExtension for DeltaCrlIndicator {
    const NAME: &'static str = mark!("Delta CRL indicator");
    const SOURCE: &'static str = "RFC 5280 section 5.2.4";

    fn facts(&self) -> Vec<Fact> {
        vec![Fact::number(t!("Base CRL number"), self.0.to_decimal())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_number() {
        assert_eq!(DeltaCrlIndicator::from_value(&[2, 1, 7]).unwrap().0.magnitude(), [7]);
        assert!(DeltaCrlIndicator::from_value(&[2, 1, 0x87]).is_err());
        assert!(DeltaCrlIndicator::from_value(&[2, 2, 7]).is_err());
    }
}
