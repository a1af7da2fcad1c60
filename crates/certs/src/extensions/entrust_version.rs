//! Entrust's version information (Entrust, RFC 2459 era): which version of the CA's software issued the certificate, and how.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::name::strings;
use crate::oid;
use crate::tlv::{self, Elements};
use certwright_language::{mark, t, text};

const FLAGS: [&str; 6] = [
    mark!("key update allowed"),
    mark!("new extensions"),
    mark!("PKIX certificate"),
    mark!("enterprise category"),
    mark!("web category"),
    mark!("SET category"),
];

/// Version and flags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntrustVersion {
    /// For example `V7.1`.
    pub version: String,
    /// The bits, the first one being the most significant.
    pub flags: u8,
}

impl KnownExtension for EntrustVersion {
    const OID: ObjectIdentifier = oid::ENTRUST_VERSION;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        const GENERAL_STRING: u8 = 0x1b;
        let mut parts = Elements::single(value, tlv::SEQUENCE)?.elements();
        let version = strings::implicit(&parts.expect(GENERAL_STRING)?, tlv::TELETEX_STRING)?;
        let flags = parts.optional(tlv::BIT_STRING)?.map(|flags| flags.bit_string()).transpose()?;
        parts.finish()?;
        Ok(Self { version, flags: flags.and_then(|(octets, _)| octets.first().copied()).unwrap_or_default() })
    }
}

impl DescribedExtension for EntrustVersion {
    const NAME: &'static str = mark!("Entrust version information");
    const SOURCE: &'static str = "Entrust";

    fn facts(&self) -> Vec<Fact> {
        let set = FLAGS.iter().enumerate().filter(|(bit, _)| self.flags & 0x80 >> bit != 0);
        let version = Fact::text(t!("Version"), self.version.as_str());
        [version].into_iter().chain(set.map(|(_, name)| Fact::text(t!("Flag"), text(name)))).collect()
    }
}
