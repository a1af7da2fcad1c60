//! Subject information access (RFC 5280 section 4.2.2.2): where to find what the subject offers, for example the certificates of a CA.

use const_oid::ObjectIdentifier;

use super::{AccessDescription, DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use certwright_language::mark;

/// The descriptions, in the order of the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectInformationAccess(pub Vec<AccessDescription>);

impl KnownExtension for SubjectInformationAccess {
    const OID: ObjectIdentifier = oid::SUBJECT_INFORMATION_ACCESS;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        AccessDescription::parse_list(value).map(Self)
    }
}

impl DescribedExtension for SubjectInformationAccess {
    const NAME: &'static str = mark!("Subject information access");
    const SOURCE: &'static str = "RFC 5280 section 4.2.2.2";

    fn facts(&self) -> Vec<Fact> {
        AccessDescription::facts(&self.0)
    }
}
