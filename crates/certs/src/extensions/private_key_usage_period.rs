//! Private key usage period (RFC 3280 section 4.2.1.4): when the private key may be used, if not as long as the certificate is valid.
//!
//! RFC 5280 dropped it; travel documents still carry it.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use crate::time::parse_time;
use crate::tlv::{self, Elements, GENERALIZED_TIME, Tlv, context};
use certwright_language::{mark, t};

/// Either end may be open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrivateKeyUsagePeriod {
    /// The first second, since 1970.
    pub not_before: Option<i64>,
    /// The last second, since 1970.
    pub not_after: Option<i64>,
}

impl KnownExtension for PrivateKeyUsagePeriod {
    const OID: ObjectIdentifier = oid::PRIVATE_KEY_USAGE_PERIOD;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let mut parts = Elements::single(value, tlv::SEQUENCE)?.elements();
        let mut time = |number| -> Result<Option<i64>, Fault> {
            let Some(time) = parts.optional(context(number))? else { return Ok(None) };
            // The tag is implicit: the type is always GeneralizedTime.
            parse_time(&Tlv { tag: GENERALIZED_TIME, ..time }).map(|time| Some(time.unix))
        };
        let (not_before, not_after) = (time(0)?, time(1)?);
        parts.finish()?;
        Ok(Self { not_before, not_after })
    }
}

impl DescribedExtension for PrivateKeyUsagePeriod {
    const NAME: &'static str = mark!("Private key usage period");
    const SOURCE: &'static str = "RFC 3280 section 4.2.1.4";

    fn facts(&self) -> Vec<Fact> {
        let not_before = self.not_before.map(|time| Fact::time(t!("Not before"), time));
        not_before.into_iter().chain(self.not_after.map(|time| Fact::time(t!("Not after"), time))).collect()
    }
}
