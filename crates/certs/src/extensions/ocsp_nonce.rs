//! OCSP nonce (RFC 9654): octets of the request that the response repeats, so that it is known to be new.
//!
//! Takes the octets without the OCTET STRING around them as well, which is how old responders sent them.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use crate::tlv::{self, Elements};
use certwright_language::{mark, t};

/// The octets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OcspNonce(pub Vec<u8>);

impl KnownExtension for OcspNonce {
    const OID: ObjectIdentifier = oid::OCSP_NONCE;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let octets = Elements::single(value, tlv::OCTET_STRING).map_or(value, |octets| octets.content);
        Ok(Self(octets.to_vec()))
    }
}

impl DescribedExtension for OcspNonce {
    const NAME: &'static str = mark!("OCSP nonce");
    const SOURCE: &'static str = "RFC 9654 section 2.1";

    fn facts(&self) -> Vec<Fact> {
        vec![Fact::octets(t!("Nonce"), self.0.as_slice())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms() {
        assert_eq!(OcspNonce::from_value(&[4, 2, 7, 8]), Ok(OcspNonce(vec![7, 8])));
        assert_eq!(OcspNonce::from_value(&[7, 8]), Ok(OcspNonce(vec![7, 8])));
    }
}
