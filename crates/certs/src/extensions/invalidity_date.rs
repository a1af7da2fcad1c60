//! Invalidity date (RFC 5280 section 5.3.2): since when the key is thought to be compromised or the certificate invalid.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use crate::time::parse_time;
use crate::tlv::{self, Elements};
use certwright_language::{mark, t};

/// The time in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidityDate(pub i64);

impl KnownExtension for InvalidityDate {
    const OID: ObjectIdentifier = oid::INVALIDITY_DATE;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        Ok(Self(parse_time(&Elements::single(value, tlv::GENERALIZED_TIME)?)?.unix))
    }
}

impl DescribedExtension for InvalidityDate {
    const NAME: &'static str = mark!("Invalidity date");
    const SOURCE: &'static str = "RFC 5280 section 5.3.2";

    fn facts(&self) -> Vec<Fact> {
        vec![Fact::time(t!("Invalid since"), self.0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generalized_time_only() {
        let value = tlv::to_element(tlv::GENERALIZED_TIME, b"20240229120000Z");
        assert_eq!(InvalidityDate::from_value(&value), Ok(InvalidityDate(1_709_208_000)));
        let utc = tlv::to_element(tlv::UTC_TIME, b"240229120000Z");
        assert!(InvalidityDate::from_value(&utc).is_err());
        let no_such_day = tlv::to_element(tlv::GENERALIZED_TIME, b"20230229120000Z");
        assert!(InvalidityDate::from_value(&no_such_day).is_err());
    }
}
