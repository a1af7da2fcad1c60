//! Inhibit anyPolicy (RFC 5280 section 4.2.1.14): from where on below this certificate `anyPolicy` no longer stands for every policy.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use crate::tlv::{self, Elements};
use certwright_language::{mark, t};

/// How many more certificates may follow before `anyPolicy` no longer counts. Numbers above 32 bits are read as the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InhibitAnyPolicy(pub u32);

impl KnownExtension for InhibitAnyPolicy {
    const OID: ObjectIdentifier = oid::INHIBIT_ANY_POLICY;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        Elements::single(value, tlv::INTEGER)?.small_integer().map(Self)
    }
}

impl DescribedExtension for InhibitAnyPolicy {
    const NAME: &'static str = mark!("Inhibit anyPolicy");
    const SOURCE: &'static str = "RFC 5280 section 4.2.1.14";

    fn facts(&self) -> Vec<Fact> {
        vec![Fact::number(t!("anyPolicy inhibited after certificates"), self.0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(InhibitAnyPolicy::from_value(&[2, 1, 3]), Ok(InhibitAnyPolicy(3)));
        assert_eq!(InhibitAnyPolicy::from_value(&[2, 5, 1, 0, 0, 0, 0]), Ok(InhibitAnyPolicy(u32::MAX)));
        for value in [&[2, 1, 0xff][..], &[2, 0], &[2, 1, 3, 0], &[1, 1, 3], &[2, 2, 0, 1]] {
            assert!(InhibitAnyPolicy::from_value(value).is_err(), "{value:02x?}");
        }
    }
}
