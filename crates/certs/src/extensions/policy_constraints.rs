//! Policy constraints (RFC 5280 section 4.2.1.11): from where on below this certificate a policy is needed, or may not be mapped.
//!
//! Refuses the empty sequence, as the standard does.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::{Fault, Problem};
use crate::oid;
use crate::tlv::{self, Elements, context};
use certwright_language::{mark, t};

/// How many more certificates may follow before the constraint begins. Numbers above 32 bits are read as the greatest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyConstraints {
    /// Before each further certificate needs an acceptable policy.
    pub require_explicit_policy: Option<u32>,
    /// Before policy mappings no longer count.
    pub inhibit_policy_mapping: Option<u32>,
}

impl KnownExtension for PolicyConstraints {
    const OID: ObjectIdentifier = oid::POLICY_CONSTRAINTS;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let sequence = Elements::single(value, tlv::SEQUENCE)?;
        let mut parts = sequence.elements();
        let explicit = parts.optional(context(0))?.map(|number| number.small_integer()).transpose()?;
        let mapping = parts.optional(context(1))?.map(|number| number.small_integer()).transpose()?;
        parts.finish()?;
        if explicit.is_none() && mapping.is_none() {
            return Err(sequence.fault(Problem::Empty));
        }
        Ok(Self { require_explicit_policy: explicit, inhibit_policy_mapping: mapping })
    }
}

impl DescribedExtension for PolicyConstraints {
    const NAME: &'static str = mark!("Policy constraints");
    const SOURCE: &'static str = "RFC 5280 section 4.2.1.11";

    fn facts(&self) -> Vec<Fact> {
        let fact = |label: &'static str, skip: Option<u32>| skip.map(|skip| Fact::number(label, skip));
        let explicit = fact(t!("Explicit policy required after certificates"), self.require_explicit_policy);
        let mapping = fact(t!("Policy mapping inhibited after certificates"), self.inhibit_policy_mapping);
        explicit.into_iter().chain(mapping).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_and_either() {
        let read = |value: &[u8]| {
            PolicyConstraints::from_value(value)
                .map(|read| (read.require_explicit_policy, read.inhibit_policy_mapping))
        };
        assert_eq!(read(&[0x30, 6, 0x80, 1, 0, 0x81, 1, 3]), Ok((Some(0), Some(3))));
        assert_eq!(read(&[0x30, 3, 0x81, 1, 3]), Ok((None, Some(3))));
        assert_eq!(read(&[0x30, 3, 0x80, 1, 3]), Ok((Some(3), None)));
        for value in [&[0x30, 0][..], &[0x30, 3, 0x80, 1, 0xff], &[0x30, 2, 0x80, 0], &[0x30, 3, 2, 1, 3]] {
            assert!(read(value).is_err(), "{value:02x?}");
        }
    }
}
