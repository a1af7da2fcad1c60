//! Delegation usage (RFC 9345 section 4.2): the key may sign delegated credentials, which servers of others use in the handshake.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension, parse_null};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;

/// The mark, which has no content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DelegationUsage;

impl KnownExtension for DelegationUsage {
    const OID: ObjectIdentifier = oid::DELEGATION_USAGE;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        parse_null(value).map(|()| Self)
    }
}

impl DescribedExtension for DelegationUsage {
    const NAME: &'static str = "Delegation usage";
    const SOURCE: &'static str = "RFC 9345 section 4.2";

    fn facts(&self) -> Vec<Fact> {
        vec![Fact::flag("May sign delegated credentials", true)]
    }
}
