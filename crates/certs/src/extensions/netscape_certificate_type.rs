//! Netscape certificate type (Netscape certificate extensions, 1998): what basic constraints and key usages say today.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use crate::tlv::{self, Elements};
use certwright_language::{mark, t, text};

const NAMES: [&str; 8] = [
    mark!("SSL client"),
    mark!("SSL server"),
    "S/MIME",
    mark!("Object signing"),
    mark!("Reserved"),
    mark!("SSL CA"),
    mark!("S/MIME CA"),
    mark!("Object signing CA"),
];

/// The bits, the first one being the most significant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetscapeCertificateType(pub u8);

impl NetscapeCertificateType {
    /// What the bits stand for.
    pub fn names(self) -> Vec<&'static str> {
        NAMES
            .iter()
            .enumerate()
            .filter(|(bit, _)| self.0 & 0x80 >> bit != 0)
            .map(|(_, name)| text(name))
            .collect()
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
    const NAME: &'static str = mark!("Netscape certificate type");
    const SOURCE: &'static str = "Netscape certificate extensions";

    fn facts(&self) -> Vec<Fact> {
        self.names().into_iter().map(|name| Fact::text(t!("Type"), name)).collect()
    }
}
