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
use crate::oid::Oid;
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
        Identity::new(certificate, issuer).is(self)
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

/// A certificate that is compared with many [`CertId`]s: each hash is computed once.
pub(super) struct Identity<'a> {
    certificate: &'a Certificate,
    issuer: &'a Certificate,
    /// For each algorithm that was asked for the hashes of the issuer's name and key.
    hashes: Vec<(Oid, Hashes)>,
}

type Hashes = (Vec<u8>, Vec<u8>);

impl<'a> Identity<'a> {
    pub(super) fn new(certificate: &'a Certificate, issuer: &'a Certificate) -> Self {
        Self { certificate, issuer, hashes: Vec::new() }
    }

    pub(super) fn is(&mut self, id: &CertId) -> bool {
        if id.serial != self.certificate.serial() {
            return false;
        }
        let matches = |(name, key): &Hashes| *name == id.issuer_name_hash && *key == id.issuer_key_hash;
        let oid = &id.hash_algorithm.oid;
        if let Some((_, hashes)) = self.hashes.iter().find(|(known, _)| known == oid) {
            return matches(hashes);
        }
        let Some(hashes) = self.hashes_by(oid) else { return false };
        let answer = matches(&hashes);
        self.hashes.push((oid.clone(), hashes));
        answer
    }

    fn hashes_by(&self, oid: &Oid) -> Option<Hashes> {
        let is = |known: ObjectIdentifier| *oid == known;
        if is(ID_SHA_1) {
            self.hashes_with::<Sha1>()
        } else if is(ID_SHA_256) {
            self.hashes_with::<Sha256>()
        } else if is(ID_SHA_384) {
            self.hashes_with::<Sha384>()
        } else if is(ID_SHA_512) {
            self.hashes_with::<Sha512>()
        } else {
            None
        }
    }

    fn hashes_with<D: Digest>(&self) -> Option<Hashes> {
        let key = key_hash::<D>(self.issuer)?;
        Some((D::digest(self.certificate.issuer().der()).to_vec(), key))
    }
}

/// The hash of a certificate's key, `None` if the key cannot be read.
pub(super) fn key_hash<D: Digest>(certificate: &Certificate) -> Option<Vec<u8>> {
    certificate.public_key().ok().map(|key| D::digest(key.key_bits()).to_vec())
}
