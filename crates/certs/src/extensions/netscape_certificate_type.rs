//! Netscape certificate type (Netscape certificate extensions, 1998): what basic constraints and key usages say today.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use crate::tlv::{self, Elements};

const NAMES: [&str; 8] = [
    "SSL client",
    "SSL server",
    "S/MIME",
    "Object signing",
    "Reserved",
    "SSL CA",
    "S/MIME CA",
    "Object signing CA",
];

/// The bits, the first one being the most significant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetscapeCertificateType(pub u8);

impl NetscapeCertificateType {
    /// What the bits stand for.
    pub fn names(self) -> Vec<&'static str> {
        NAMES.iter().enumerate().filter(|(bit, _)| self.0 & 0x80 >> bit != 0).map(|(_, name)| *name).collect()
    }
}

impl KnownExtension for NetscapeCertificateType {
    const OID: ObjectIdentifier = oid::NETSCAPE_CERTIFICATE_TYPE;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let (octets, _) = Elements::single(value, tlv::BIT_STRING)?.bit_string()?;
        Ok(Self(octets.first().copied().unwrap_or_default()))
    }
}

impl DescribedExtension for NetscapeCertificateType {
    const NAME: &'static str = "Netscape certificate type";
    const SOURCE: &'static str = "Netscape certificate extensions";

    fn facts(&self) -> Vec<Fact> {
        self.names().into_iter().map(|name| Fact::text("Type", name)).collect()
    }
}
