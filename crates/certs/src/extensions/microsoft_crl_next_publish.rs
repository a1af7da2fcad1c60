//! Microsoft's next CRL publish (MS-WCCE, szOID_CRL_NEXT_PUBLISH): when a Windows CA will write its next revocation list, which is earlier than
//! when this one ends.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use crate::time::parse_time;
use crate::tlv::Elements;

/// Seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MicrosoftCrlNextPublish(pub i64);

impl KnownExtension for MicrosoftCrlNextPublish {
    const OID: ObjectIdentifier = oid::MICROSOFT_CRL_NEXT_PUBLISH;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let mut elements = Elements::new(value);
        let time = parse_time(&elements.next()?)?;
        elements.finish()?;
        Ok(Self(time.unix))
    }
}

impl DescribedExtension for MicrosoftCrlNextPublish {
    const NAME: &'static str = "Next CRL publish";
    const SOURCE: &'static str = "Microsoft, MS-WCCE";

    fn facts(&self) -> Vec<Fact> {
        vec![Fact::time("Next list", self.0)]
    }
}
