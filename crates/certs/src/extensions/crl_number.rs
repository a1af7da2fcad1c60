//! CRL number (RFC 5280 section 5.2.3): counts the revocation lists of an authority and a scope upwards.
//!
//! Refuses negative numbers. Numbers above 20 octets, which the RFC forbids, are read.

use core::cmp::Ordering;

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::{Fact, decimal};
use crate::fault::{Fault, Problem};
use crate::oid;
use crate::tlv::{self, Elements};
use certwright_language::{mark, t};

/// A number without bound; lists compare by it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CrlNumber(Vec<u8>);

impl CrlNumber {
    /// The most octets that RFC 5280 section 5.2.3 lets an issuer use.
    pub const MAX_OCTETS: usize = 20;

    /// From big-endian octets.
    pub fn from_magnitude(octets: &[u8]) -> Self {
        Self(octets.iter().copied().skip_while(|octet| *octet == 0).collect())
    }

    /// The big-endian octets without leading zeros; none for zero.
    pub fn magnitude(&self) -> &[u8] {
        &self.0
    }

    /// Decimal digits; of a number that is much too long the hexadecimal ones, after `0x`.
    pub fn to_decimal(&self) -> String {
        let positive = [&[0], &self.0[..]].concat();
        decimal(&positive).unwrap_or_else(|| format!("0x{}", super::to_hex(&self.0)))
    }

    /// The content of the OCTET STRING.
    pub fn to_value(&self) -> Vec<u8> {
        tlv::to_unsigned_integer(&self.0)
    }
}

impl PartialOrd for CrlNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for CrlNumber {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.cmp(&other.0))
    }
}

impl KnownExtension for CrlNumber {
    const OID: ObjectIdentifier = oid::CRL_NUMBER;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let integer = Elements::single(value, tlv::INTEGER)?;
        match integer.content.first() {
            Some(first) if first & 0x80 == 0 => Ok(Self::from_magnitude(integer.content)),
            _ => Err(integer.fault(Problem::BadInteger)),
        }
    }
}

impl DescribedExtension for CrlNumber {
    const NAME: &'static str = mark!("CRL number");
    const SOURCE: &'static str = "RFC 5280 section 5.2.3";

    fn facts(&self) -> Vec<Fact> {
        vec![Fact::number(t!("Number"), self.to_decimal())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_any_size_compare() {
        let number = |value: &[u8]| CrlNumber::from_value(value).unwrap();
        let ordered = [
            number(&[2, 1, 0]),
            number(&[2, 1, 9]),
            number(&[2, 2, 0, 0x80]),
            number(&[2, 2, 1, 0]),
            number(&tlv::to_element(tlv::INTEGER, &[1; 30])),
        ];
        assert!(ordered.is_sorted_by(|a, b| a < b));
        for value in &ordered {
            assert_eq!(&number(&value.to_value()), value);
        }
        assert_eq!(number(&[2, 1, 0]).to_decimal(), "0");
        assert_eq!(number(&[2, 2, 1, 0]).to_decimal(), "256");
        let huge = number(&tlv::to_element(tlv::INTEGER, &[&[1][..], &[0; 16]].concat()));
        assert_eq!(huge.to_decimal(), "340282366920938463463374607431768211456");
        assert!(number(&tlv::to_element(tlv::INTEGER, &[1; 700])).to_decimal().starts_with("0x01"));
        for bad in [&[2, 0][..], &[2, 1, 0xff], &[4, 1, 0], &[2, 1, 0, 0], &[]] {
            assert!(CrlNumber::from_value(bad).is_err(), "{bad:02x?}");
        }
    }
}
