//! `CertID` (RFC 6960 section 4.1.1): names a certificate by hashes of its issuer's name and key, and by its serial number.
//!
//! Knows SHA-1 (the one that all responders speak; it only gives a name here), SHA-256, SHA-384 and SHA-512. Another hash matches nothing.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::{ID_SHA_1, ID_SHA_256, ID_SHA_384, ID_SHA_512};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::certificate::reading::parse_algorithm;
use crate::certificate::{Certificate, SignatureAlgorithm};
use crate::fault::Fault;
use crate::tlv::{self, Tlv};

/// Which certificate is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertId {
    /// The algorithm of the two hashes.
    pub hash_algorithm: SignatureAlgorithm,
    /// The hash of the DER of the issuer's name.
    pub issuer_name_hash: Vec<u8>,
    /// The hash of the issuer's key (the bits of the BIT STRING).
    pub issuer_key_hash: Vec<u8>,
    /// The content octets of the serial number.
    pub serial: Vec<u8>,
}

impl CertId {
    /// True if `certificate`, issued by `issuer`, is meant.
    pub fn matches(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        let is = |oid: ObjectIdentifier| self.hash_algorithm.oid == oid;
        if self.serial != certificate.serial() {
            false
        } else if is(ID_SHA_1) {
            self.has_hashes::<Sha1>(certificate, issuer)
        } else if is(ID_SHA_256) {
            self.has_hashes::<Sha256>(certificate, issuer)
        } else if is(ID_SHA_384) {
            self.has_hashes::<Sha384>(certificate, issuer)
        } else if is(ID_SHA_512) {
            self.has_hashes::<Sha512>(certificate, issuer)
        } else {
            false
        }
    }

    fn has_hashes<D: Digest>(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        D::digest(certificate.issuer().der()).as_slice() == self.issuer_name_hash
            && key_hash::<D>(issuer).is_some_and(|hash| hash == self.issuer_key_hash)
    }

    pub(super) fn from_element(element: &Tlv<'_>) -> Result<Self, Fault> {
        let mut parts = element.elements();
        let hash_algorithm = parse_algorithm(&mut parts)?;
        let issuer_name_hash = parts.expect(tlv::OCTET_STRING)?.content.to_vec();
        let issuer_key_hash = parts.expect(tlv::OCTET_STRING)?.content.to_vec();
        let serial = parts.expect(tlv::INTEGER)?.content.to_vec();
        parts.finish()?;
        Ok(Self { hash_algorithm, issuer_name_hash, issuer_key_hash, serial })
    }
}

/// The hash of a certificate's key, `None` if the key cannot be read.
pub(super) fn key_hash<D: Digest>(certificate: &Certificate) -> Option<Vec<u8>> {
    certificate.public_key().ok().map(|key| D::digest(key.key_bits()).to_vec())
}
