//! Validity assured, short term (ETSI EN 319 412-1 section 5.2): the certificate ends before it could be revoked, so it need not be checked.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension, parse_null};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;

/// The mark, which has no content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValidityAssuredShortTerm;

impl KnownExtension for ValidityAssuredShortTerm {
    const OID: ObjectIdentifier = oid::VALIDITY_ASSURED_SHORT_TERM;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        parse_null(value).map(|()| Self)
    }
}

impl DescribedExtension for ValidityAssuredShortTerm {
    const NAME: &'static str = "Validity assured, short term";
    const SOURCE: &'static str = "ETSI EN 319 412-1 section 5.2";

    fn facts(&self) -> Vec<Fact> {
        vec![Fact::flag("Revocation need not be checked", true)]
    }
}
