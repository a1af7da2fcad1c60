//! TLS feature (RFC 7633): what a server with this certificate has to do in the handshake. `status_request` is known as must-staple.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use crate::tlv::{self, Elements};
use certwright_language::{mark, t};

/// Numbers of TLS extensions, in the order of the certificate. Numbers above 32 bits are read as the greatest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFeature(pub Vec<u32>);

impl TlsFeature {
    /// The number of `status_request` (RFC 6066 section 8).
    pub const STATUS_REQUEST: u32 = 5;
    /// The number of `status_request_v2` (RFC 6961).
    pub const STATUS_REQUEST_V2: u32 = 17;

    /// True if the server has to send an OCSP response along.
    pub fn must_staple(&self) -> bool {
        self.0.contains(&Self::STATUS_REQUEST)
    }
}

impl KnownExtension for TlsFeature {
    const OID: ObjectIdentifier = oid::TLS_FEATURE;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let mut elements = Elements::single(value, tlv::SEQUENCE)?.elements();
        let mut features = Vec::new();
        while !elements.is_empty() {
            features.push(elements.expect(tlv::INTEGER)?.small_integer()?);
        }
        Ok(Self(features))
    }
}

impl DescribedExtension for TlsFeature {
    const NAME: &'static str = mark!("TLS feature");
    const SOURCE: &'static str = "RFC 7633";

    fn facts(&self) -> Vec<Fact> {
        let fact = |number: &u32| {
            let fact = Fact::number(t!("Feature"), number);
            match *number {
                Self::STATUS_REQUEST => {
                    fact.remark(t!("status_request: the server has to staple an OCSP response"))
                }
                Self::STATUS_REQUEST_V2 => {
                    fact.remark(t!("status_request_v2: the server has to staple OCSP responses"))
                }
                _ => fact,
            }
        };
        self.0.iter().map(fact).collect()
    }
}
