//! OCSP no check (RFC 6960 section 4.2.2.2.1): the certificate of an OCSP responder need not itself be checked for revocation.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension, parse_null};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use certwright_language::{mark, t};

/// The mark, which has no content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OcspNoCheck;

impl KnownExtension for OcspNoCheck {
    const OID: ObjectIdentifier = oid::OCSP_NO_CHECK;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        parse_null(value).map(|()| Self)
    }
}

impl DescribedExtension for OcspNoCheck {
    const NAME: &'static str = mark!("OCSP no check");
    const SOURCE: &'static str = "RFC 6960 section 4.2.2.2.1";

    fn facts(&self) -> Vec<Fact> {
        vec![Fact::flag(t!("Responder’s revocation need not be checked"), true)]
    }
}
