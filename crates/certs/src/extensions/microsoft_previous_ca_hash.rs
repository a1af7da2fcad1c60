//! Microsoft's previous CA certificate hash (MS-WCCE section 2.2.2.7.7): the SHA-1 fingerprint of the certificate that a Windows CA had
//! before it was renewed.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use crate::tlv::{self, Elements};
use certwright_language::{mark, t};

/// The fingerprint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MicrosoftPreviousCaHash(pub Vec<u8>);

impl KnownExtension for MicrosoftPreviousCaHash {
    const OID: ObjectIdentifier = oid::MICROSOFT_PREVIOUS_CA_HASH;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        Ok(Self(Elements::single(value, tlv::OCTET_STRING)?.content.to_vec()))
    }
}

impl DescribedExtension for MicrosoftPreviousCaHash {
    const NAME: &'static str = mark!("Previous CA certificate hash");
    const SOURCE: &'static str = "Microsoft, MS-WCCE section 2.2.2.7.7";

    fn facts(&self) -> Vec<Fact> {
        vec![Fact::octets(t!("SHA-1 fingerprint of the CA’s previous certificate"), self.0.as_slice())]
    }
}
