//! Tor service descriptor hash (CA/Browser Forum, ballot 144): which key an onion service of version 2 had. No longer issued.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::name::strings;
use crate::oid::{self, Oid};
use crate::tlv::{self, Elements};
use certwright_language::{mark, t};

/// The descriptors, in the order of the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TorServiceDescriptor(pub Vec<TorServiceDescriptorHash>);

/// The hash of the key of an onion service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TorServiceDescriptorHash {
    /// The address of the service.
    pub onion_uri: String,
    /// The hash algorithm.
    pub algorithm: Oid,
    /// The hash of the service's public key.
    pub hash: Vec<u8>,
}

impl KnownExtension for TorServiceDescriptor {
    const OID: ObjectIdentifier = oid::TOR_SERVICE_DESCRIPTOR;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let mut elements = Elements::single(value, tlv::SEQUENCE)?.elements();
        let mut hashes = Vec::new();
        while !elements.is_empty() {
            let mut parts = elements.expect(tlv::SEQUENCE)?.elements();
            let onion_uri = strings::expect(&mut parts)?;
            let algorithm = Oid::expect(&mut parts.expect(tlv::SEQUENCE)?.elements())?;
            let hash = parts.expect(tlv::BIT_STRING)?.bit_string()?.0.to_vec();
            parts.finish()?;
            hashes.push(TorServiceDescriptorHash { onion_uri, algorithm, hash });
        }
        Ok(Self(hashes))
    }
}

impl DescribedExtension for TorServiceDescriptor {
    const NAME: &'static str = mark!("Tor service descriptor hash");
    const SOURCE: &'static str = "CA/Browser Forum, ballot 144";

    fn facts(&self) -> Vec<Fact> {
        let fact = |hash: &TorServiceDescriptorHash| {
            let facts = vec![
                Fact::url(t!("Onion service"), hash.onion_uri.as_str()),
                Fact::oid(t!("Hash algorithm"), hash.algorithm.clone()),
                Fact::octets(t!("Hash of the service’s key"), hash.hash.as_slice()),
            ];
            Fact::facts(t!("Descriptor"), facts)
        };
        self.0.iter().map(fact).collect()
    }
}
