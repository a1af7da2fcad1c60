//! S/MIME capabilities (RFC 4262, RFC 8551 section 2.5.2): the ciphers that the subject's mail program knows, best first.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::{Fact, element_fact};
use crate::fault::Fault;
use crate::oid::{self, Oid};
use crate::tlv::{self, Elements};
use certwright_language::{mark, t};

/// The capabilities, in the order of the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmimeCapabilities(pub Vec<SmimeCapability>);

/// A capability.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmimeCapability {
    /// Usually a cipher.
    pub oid: Oid,
    /// The DER of the parameters, for example the size of a key in bits.
    pub parameters: Option<Vec<u8>>,
}

impl KnownExtension for SmimeCapabilities {
    const OID: ObjectIdentifier = oid::SMIME_CAPABILITIES;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let mut elements = Elements::single(value, tlv::SEQUENCE)?.elements();
        let mut capabilities = Vec::new();
        while !elements.is_empty() {
            let mut parts = elements.expect(tlv::SEQUENCE)?.elements();
            let oid = Oid::expect(&mut parts)?;
            let parameters = if parts.is_empty() { None } else { Some(parts.next()?.whole.to_vec()) };
            parts.finish()?;
            capabilities.push(SmimeCapability { oid, parameters });
        }
        Ok(Self(capabilities))
    }
}

impl DescribedExtension for SmimeCapabilities {
    const NAME: &'static str = mark!("S/MIME capabilities");
    const SOURCE: &'static str = "RFC 4262";

    fn facts(&self) -> Vec<Fact> {
        let fact = |capability: &SmimeCapability| {
            let oid = Fact::oid(t!("Capability"), capability.oid.clone());
            match &capability.parameters {
                Some(parameters) => {
                    Fact::facts(t!("Capability"), vec![oid, element_fact(t!("Parameters"), parameters)])
                }
                None => oid,
            }
        };
        self.0.iter().map(fact).collect()
    }
}
