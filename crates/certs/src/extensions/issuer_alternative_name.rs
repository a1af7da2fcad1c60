//! Issuer alternative name (RFC 5280 section 4.2.1.7): what the issuer is called beside its distinguished name. Nothing is decided by it.

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
pub struct IssuerAlternativeName(pub Vec<GeneralName>);

impl KnownExtension for IssuerAlternativeName {
    const OID: ObjectIdentifier = oid::ISSUER_ALTERNATIVE_NAME;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let list = Elements::single(value, tlv::SEQUENCE)?;
        let names = GeneralName::list(list.elements())?;
        if names.is_empty() { Err(list.fault(Problem::Empty)) } else { Ok(Self(names)) }
    }
}

impl DescribedExtension for IssuerAlternativeName {
    const NAME: &'static str = mark!("Issuer alternative name");
    const SOURCE: &'static str = "RFC 5280 section 4.2.1.7";

    fn facts(&self) -> Vec<Fact> {
        general_names(&self.0)
    }
}
