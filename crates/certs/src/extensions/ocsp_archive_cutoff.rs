//! OCSP archive cutoff (RFC 6960 section 4.4.4): how far back the responder remembers certificates that have expired.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use crate::time::parse_time;
use crate::tlv::{self, Elements};
use certwright_language::{mark, t};

/// Certificates that expired then or later are remembered, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OcspArchiveCutoff(pub i64);

impl KnownExtension for OcspArchiveCutoff {
    const OID: ObjectIdentifier = oid::OCSP_ARCHIVE_CUTOFF;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        parse_time(&Elements::single(value, tlv::GENERALIZED_TIME)?).map(|time| Self(time.unix))
    }
}

impl DescribedExtension for OcspArchiveCutoff {
    const NAME: &'static str = mark!("OCSP archive cutoff");
    const SOURCE: &'static str = "RFC 6960 section 4.4.4";

    fn facts(&self) -> Vec<Fact> {
        vec![Fact::time(t!("Remembered if expired since"), self.0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generalized_time_only() {
        let value = tlv::to_element(tlv::GENERALIZED_TIME, b"20240229120000Z");
        assert_eq!(OcspArchiveCutoff::from_value(&value), Ok(OcspArchiveCutoff(1_709_208_000)));
        assert!(OcspArchiveCutoff::from_value(&tlv::to_element(tlv::UTC_TIME, b"240229120000Z")).is_err());
    }
}
