//! Expired certificates on CRL (X.509 section 9.5.2.8): since when certificates stay on the list after they have expired.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use crate::time::parse_time;
use crate::tlv::{self, Elements};
use certwright_language::{mark, t};

/// The list has every revoked certificate that expired then or later, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpiredCertsOnCrl(pub i64);

impl KnownExtension for ExpiredCertsOnCrl {
    const OID: ObjectIdentifier = oid::EXPIRED_CERTS_ON_CRL;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        parse_time(&Elements::single(value, tlv::GENERALIZED_TIME)?).map(|time| Self(time.unix))
    }
}

impl DescribedExtension for ExpiredCertsOnCrl {
    const NAME: &'static str = mark!("Expired certificates on CRL");
    const SOURCE: &'static str = "X.509 section 9.5.2.8";

    fn facts(&self) -> Vec<Fact> {
        vec![Fact::time(t!("Kept if expired since"), self.0)]
    }
}
