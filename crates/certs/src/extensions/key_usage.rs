//! Key usage (RFC 5280 section 4.2.1.3): what the key may be used for.

use const_oid::ObjectIdentifier;

use super::KnownExtension;
use crate::fault::Fault;
use crate::oid;
use crate::tlv::{self, Elements};

/// A set of usages, bit *n* of the BIT STRING being bit *n* (from the least significant) here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage(u16);

/// Bits of the extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Usage {
    DigitalSignature = 0,
    KeyEncipherment = 2,
    KeyAgreement = 4,
    KeyCertSign = 5,
    CrlSign = 6,
}

const NAMES: [&str; 9] = [
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];

impl KeyUsage {
    fn has(self, usage: Usage) -> bool {
        self.0 & (1 << usage as u16) != 0
    }

    /// Signatures other than on certificates and CRLs, for example in a TLS handshake.
    pub fn digital_signature(self) -> bool {
        self.has(Usage::DigitalSignature)
    }

    /// Encrypting keys, for example the premaster secret in TLS with static RSA.
    pub fn key_encipherment(self) -> bool {
        self.has(Usage::KeyEncipherment)
    }

    /// Static Diffie-Hellman.
    pub fn key_agreement(self) -> bool {
        self.has(Usage::KeyAgreement)
    }

    /// Signing certificates.
    pub fn key_cert_sign(self) -> bool {
        self.has(Usage::KeyCertSign)
    }

    /// Signing revocation lists.
    pub fn crl_sign(self) -> bool {
        self.has(Usage::CrlSign)
    }

    /// True if no usage is set, which RFC 5280 forbids.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The names of RFC 5280, in its order.
    pub fn names(self) -> Vec<&'static str> {
        NAMES.iter().enumerate().filter(|(bit, _)| self.0 & (1 << bit) != 0).map(|(_, name)| *name).collect()
    }
}

impl KnownExtension for KeyUsage {
    const OID: ObjectIdentifier = oid::KEY_USAGE;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let (octets, _) = Elements::single(value, tlv::BIT_STRING)?.bit_string()?;
        let octet = |index: usize| u16::from(octets.get(index).copied().unwrap_or(0).reverse_bits());
        // Bits beyond the nine of the standard have no meaning and are dropped.
        Ok(Self((octet(0) | octet(1) << 8) & 0x1ff))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_have_the_names_of_the_standard() {
        let names = |value: &[u8]| KeyUsage::from_value(value).unwrap().names();
        assert_eq!(names(&[3, 2, 5, 0xa0]), ["digitalSignature", "keyEncipherment"]);
        assert_eq!(names(&[3, 2, 1, 0x06]), ["keyCertSign", "cRLSign"]);
        assert_eq!(names(&[3, 3, 7, 0x08, 0x80]), ["keyAgreement", "decipherOnly"]);
        assert!(KeyUsage::from_value(&[3, 1, 0]).unwrap().is_empty());
        for broken in [&[3, 0][..], &[3, 2, 8, 0], &[3, 1, 1], &[4, 1, 0], b""] {
            assert!(KeyUsage::from_value(broken).is_err());
        }
    }
}
