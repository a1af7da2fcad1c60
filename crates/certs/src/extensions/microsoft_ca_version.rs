//! Microsoft's CA version (MS-WCCE section 2.2.2.7.7): how often a Windows CA has renewed its certificate, and how often its key.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use crate::tlv::{self, Elements};
use certwright_language::{mark, t};

/// The two counters. Numbers above 32 bits are read as the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MicrosoftCaVersion {
    /// The number of the CA's certificate, from 0.
    pub certificate_index: u32,
    /// The number of the CA's key: the number of the first certificate that had it.
    pub key_index: u32,
}

impl KnownExtension for MicrosoftCaVersion {
    const OID: ObjectIdentifier = oid::MICROSOFT_CA_VERSION;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let number = Elements::single(value, tlv::INTEGER)?.small_integer()?;
        // The lower half counts certificates, the upper half keys.
        Ok(Self { certificate_index: number & 0xffff, key_index: number >> 16 })
    }
}

impl DescribedExtension for MicrosoftCaVersion {
    const NAME: &'static str = mark!("CA version");
    const SOURCE: &'static str = "Microsoft, MS-WCCE section 2.2.2.7.7";

    fn facts(&self) -> Vec<Fact> {
        vec![
            Fact::number(t!("Certificate index"), self.certificate_index),
            Fact::number(t!("Key index"), self.key_index),
        ]
    }
}
