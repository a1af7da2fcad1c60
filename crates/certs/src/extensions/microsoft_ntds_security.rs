//! Microsoft's security identifier of an account (MS-WCCE section 2.2.2.7.7.4, szOID_NTDS_CA_SECURITY_EXT): to which account of Active
//! Directory a certificate belongs, since KB5014754 the strong mapping.
//!
//! Its form is that of general names with one other name, whose value is the identifier as text in an OCTET STRING.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::{Fact, general_names};
use crate::fault::{Fault, Problem};
use crate::oid;
use crate::san::GeneralName;
use crate::tlv::{self, Elements};
use certwright_language::mark;

/// The names, in the order of the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MicrosoftNtdsSecurity(pub Vec<GeneralName>);

impl MicrosoftNtdsSecurity {
    /// The security identifier, for example `S-1-5-21-…-1103`.
    pub fn security_identifier(&self) -> Option<String> {
        self.0.iter().find_map(|name| match name {
            GeneralName::Other { oid, value } if *oid == oid::MICROSOFT_NTDS_OBJECT_SID => {
                let text = Elements::single(value, tlv::OCTET_STRING).ok()?;
                String::from_utf8(text.content.to_vec()).ok()
            }
            _ => None,
        })
    }
}

impl KnownExtension for MicrosoftNtdsSecurity {
    const OID: ObjectIdentifier = oid::MICROSOFT_NTDS_SECURITY;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let list = Elements::single(value, tlv::SEQUENCE)?;
        let names = GeneralName::list(list.elements())?;
        if names.is_empty() { Err(list.fault(Problem::Empty)) } else { Ok(Self(names)) }
    }
}

impl DescribedExtension for MicrosoftNtdsSecurity {
    const NAME: &'static str = mark!("Account security identifier");
    const SOURCE: &'static str = "Microsoft, MS-WCCE section 2.2.2.7.7.4";

    fn facts(&self) -> Vec<Fact> {
        general_names(&self.0)
    }
}
