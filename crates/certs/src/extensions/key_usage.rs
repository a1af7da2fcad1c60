//! Key usage (RFC 5280 section 4.2.1.3): what the key may be used for.

use core::ops::BitOr;

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use crate::tlv::{self, Elements};
use certwright_language::{mark, t};

/// A set of usages, bit *n* of the BIT STRING being bit *n* (from the least significant) here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyUsage(u16);

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
    /// No usage, which only the reading of a broken certificate gives.
    pub const EMPTY: Self = Self(0);
    /// Signatures other than on certificates and CRLs, for example in a TLS handshake.
    pub const DIGITAL_SIGNATURE: Self = Self(1);
    /// Signatures that their maker shall not be able to deny; newer texts call it `contentCommitment`.
    pub const NON_REPUDIATION: Self = Self(1 << 1);
    /// Encrypting keys, for example the premaster secret in TLS with static RSA.
    pub const KEY_ENCIPHERMENT: Self = Self(1 << 2);
    /// Encrypting data directly.
    pub const DATA_ENCIPHERMENT: Self = Self(1 << 3);
    /// Static Diffie-Hellman.
    pub const KEY_AGREEMENT: Self = Self(1 << 4);
    /// Signing certificates.
    pub const KEY_CERT_SIGN: Self = Self(1 << 5);
    /// Signing revocation lists.
    pub const CRL_SIGN: Self = Self(1 << 6);
    /// Key agreement only to encrypt.
    pub const ENCIPHER_ONLY: Self = Self(1 << 7);
    /// Key agreement only to decrypt.
    pub const DECIPHER_ONLY: Self = Self(1 << 8);

    /// The set of the usages with these names of RFC 5280; `None` if one of them is unknown.
    pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        names.into_iter().try_fold(Self::EMPTY, |set, name| {
            let bit =
                if name == "contentCommitment" { Some(1) } else { NAMES.iter().position(|n| *n == name) };
            bit.map(|bit| set | Self(1 << bit))
        })
    }

    /// True if all of `usages` are in the set.
    pub fn has(self, usages: Self) -> bool {
        self.0 & usages.0 == usages.0
    }

    /// The set with `usages`, also where constants are made.
    #[must_use]
    pub const fn and(self, usages: Self) -> Self {
        Self(self.0 | usages.0)
    }

    /// The set without `usages`.
    #[must_use]
    pub fn without(self, usages: Self) -> Self {
        Self(self.0 & !usages.0)
    }

    /// The content of the OCTET STRING: a named bit list, without the zero bits at its end (X.690 section 11.2.2).
    pub fn to_value(self) -> Vec<u8> {
        let octets: Vec<u8> = match self.0.to_le_bytes() {
            [0, 0] => Vec::new(),
            [first, 0] => vec![first.reverse_bits()],
            [first, second] => vec![first.reverse_bits(), second.reverse_bits()],
        };
        let unused = octets.last().map_or(0, |last| last.trailing_zeros() as u8);
        tlv::to_element(tlv::BIT_STRING, &[&[unused], &octets[..]].concat())
    }

    /// Signatures other than on certificates and CRLs, for example in a TLS handshake.
    pub fn digital_signature(self) -> bool {
        self.has(Self::DIGITAL_SIGNATURE)
    }

    /// Encrypting keys, for example the premaster secret in TLS with static RSA.
    pub fn key_encipherment(self) -> bool {
        self.has(Self::KEY_ENCIPHERMENT)
    }

    /// Static Diffie-Hellman.
    pub fn key_agreement(self) -> bool {
        self.has(Self::KEY_AGREEMENT)
    }

    /// Signing certificates.
    pub fn key_cert_sign(self) -> bool {
        self.has(Self::KEY_CERT_SIGN)
    }

    /// Signing revocation lists.
    pub fn crl_sign(self) -> bool {
        self.has(Self::CRL_SIGN)
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

impl BitOr for KeyUsage {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.and(other)
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

impl DescribedExtension for KeyUsage {
    const NAME: &'static str = mark!("Key usage");
    const SOURCE: &'static str = "RFC 5280 section 4.2.1.3";

    fn facts(&self) -> Vec<Fact> {
        self.names().into_iter().map(|name| Fact::text(t!("Usage"), name)).collect()
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

    #[test]
    fn named_bits_are_written_without_trailing_zeros() {
        for (usage, value) in [
            (KeyUsage::DIGITAL_SIGNATURE, &[3, 2, 7, 0x80][..]),
            (KeyUsage::DIGITAL_SIGNATURE | KeyUsage::KEY_ENCIPHERMENT, &[3, 2, 5, 0xa0]),
            (KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN, &[3, 2, 1, 0x06]),
            (KeyUsage::KEY_AGREEMENT | KeyUsage::DECIPHER_ONLY, &[3, 3, 7, 0x08, 0x80]),
            (KeyUsage::DECIPHER_ONLY, &[3, 3, 7, 0, 0x80]),
            (KeyUsage::EMPTY, &[3, 1, 0]),
        ] {
            assert_eq!(usage.to_value(), value, "{usage:?}");
            assert_eq!(KeyUsage::from_value(value), Ok(usage));
            assert_eq!(KeyUsage::from_names(usage.names()), Some(usage));
        }
        assert_eq!(KeyUsage::from_names(["contentCommitment"]), Some(KeyUsage::NON_REPUDIATION));
        assert_eq!(KeyUsage::from_names(["digitalSignature", "signing"]), None);
        let both = KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN;
        assert_eq!(both.without(KeyUsage::CRL_SIGN), KeyUsage::KEY_CERT_SIGN);
        assert!(both.has(KeyUsage::CRL_SIGN) && !KeyUsage::CRL_SIGN.has(both));
    }
}
