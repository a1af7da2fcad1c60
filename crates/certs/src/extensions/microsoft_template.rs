//! Microsoft's certificate template information (MS-WCCE section 2.2.2.7.7.2): the template of version 2 by which the certificate was issued.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid::{self, Oid};
use crate::tlv::{self, Elements};
use certwright_language::{mark, t};

/// A template. Versions above 32 bits are read as the greatest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MicrosoftTemplate {
    /// The template's identifier in its directory.
    pub template: Oid,
    /// The major version.
    pub major_version: Option<u32>,
    /// The minor version.
    pub minor_version: Option<u32>,
}

impl KnownExtension for MicrosoftTemplate {
    const OID: ObjectIdentifier = oid::MICROSOFT_TEMPLATE;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let mut parts = Elements::single(value, tlv::SEQUENCE)?.elements();
        let template = Oid::expect(&mut parts)?;
        let mut version = || parts.optional(tlv::INTEGER)?.map(|number| number.small_integer()).transpose();
        let (major_version, minor_version) = (version()?, version()?);
        parts.finish()?;
        Ok(Self { template, major_version, minor_version })
    }
}

impl DescribedExtension for MicrosoftTemplate {
    const NAME: &'static str = mark!("Certificate template information");
    const SOURCE: &'static str = "Microsoft, MS-WCCE section 2.2.2.7.7.2";

    fn facts(&self) -> Vec<Fact> {
        let mut facts = vec![Fact::oid(t!("Template"), self.template.clone())];
        facts.extend(self.major_version.map(|version| Fact::number(t!("Major version"), version)));
        facts.extend(self.minor_version.map(|version| Fact::number(t!("Minor version"), version)));
        facts
    }
}
