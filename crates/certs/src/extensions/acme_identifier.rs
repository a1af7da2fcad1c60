//! ACME identifier (RFC 8737 section 3): the answer to a challenge, in a certificate that no one but the asking authority takes.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use crate::tlv::{self, Elements};

/// SHA-256 of the key authorization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcmeIdentifier(pub Vec<u8>);

impl KnownExtension for AcmeIdentifier {
    const OID: ObjectIdentifier = oid::ACME_IDENTIFIER;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        Ok(Self(Elements::single(value, tlv::OCTET_STRING)?.content.to_vec()))
    }
}

impl DescribedExtension for AcmeIdentifier {
    const NAME: &'static str = "ACME identifier";
    const SOURCE: &'static str = "RFC 8737 section 3";

    fn facts(&self) -> Vec<Fact> {
        vec![Fact::octets("SHA-256 of the key authorization", self.0.as_slice())]
    }
}
