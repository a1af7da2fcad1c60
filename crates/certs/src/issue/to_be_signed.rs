//! Writes `TBSCertificate` (RFC 5280 section 4.1) and signs it.

use certwright_keys::{PrivateKey, PublicKey, X509Signature};
use rand_core::CryptoRng;

use crate::certificate::Certificate;
use crate::extensions::{Extension, Extensions};
use crate::name::Name;
use crate::signed::{algorithm_der, choose_signature, to_signed};
use crate::time::to_time;
use crate::tlv::{self, context_constructed};

use super::IssueError;

/// The most octets of a serial number (RFC 5280 section 4.1.2.2).
pub const MAX_SERIAL_OCTETS: usize = 20;

/// A certificate but for its signature.
pub(super) struct ToBeSigned<'a> {
    /// `None` for a random one.
    pub(super) serial: Option<&'a [u8]>,
    pub(super) issuer: &'a Name,
    pub(super) not_before: i64,
    pub(super) not_after: i64,
    pub(super) subject: &'a Name,
    pub(super) key: &'a PublicKey,
    /// The issuer's key as its certificate has it, with which readers check the signature.
    pub(super) issuers_key: &'a PublicKey,
    pub(super) extensions: Vec<Extension>,
}

impl ToBeSigned<'_> {
    /// The certificate, read back and its signature checked.
    pub(super) fn sign(
        &self,
        issuer_key: &PrivateKey,
        signature: Option<X509Signature>,
        rng: &mut impl CryptoRng,
    ) -> Result<Certificate, IssueError> {
        let signature = choose_signature(issuer_key, signature)?;
        let serial = match self.serial {
            Some(serial) => to_serial(serial)?,
            None => tlv::to_unsigned_integer(&generate_serial(rng)),
        };
        let bad_validity =
            || IssueError::BadValidity { not_before: self.not_before, not_after: self.not_after };
        if self.not_before > self.not_after {
            return Err(bad_validity());
        }
        let not_before = to_time(self.not_before).ok_or_else(bad_validity)?;
        let not_after = to_time(self.not_after).ok_or_else(bad_validity)?;

        let version_3 = tlv::to_unsigned_integer(&[2]);
        let mut tbs = tlv::to_element(context_constructed(0), &version_3);
        tbs.extend(serial);
        tbs.extend(algorithm_der(signature)?);
        tbs.extend_from_slice(self.issuer.der());
        tlv::push(&mut tbs, tlv::SEQUENCE, &[not_before, not_after].concat());
        tbs.extend_from_slice(self.subject.der());
        tbs.extend_from_slice(self.key.spki_der());
        if !self.extensions.is_empty() {
            tlv::push(&mut tbs, context_constructed(3), &Extensions::to_list(&self.extensions));
        }
        let tbs = tlv::to_element(tlv::SEQUENCE, &tbs);
        let certificate = Certificate::from_der(&to_signed(&tbs, issuer_key, signature, rng)?)?;
        certificate.verify_signature(self.issuers_key)?;
        Ok(certificate)
    }
}

/// 20 octets, positive and without leading zeros: 158 random bits, more than the 64 that CAs owe each other.
fn generate_serial(rng: &mut impl CryptoRng) -> [u8; MAX_SERIAL_OCTETS] {
    let mut serial = [0; MAX_SERIAL_OCTETS];
    rng.fill_bytes(&mut serial);
    if let Some(first) = serial.first_mut() {
        *first = *first & 0x7f | 0x40;
    }
    serial
}

fn to_serial(serial: &[u8]) -> Result<Vec<u8>, IssueError> {
    let element = tlv::to_unsigned_integer(serial);
    // Tag and length take two octets.
    let octets = element.len().saturating_sub(2);
    if octets > MAX_SERIAL_OCTETS || serial.iter().all(|octet| *octet == 0) {
        return Err(IssueError::BadSerial { octets });
    }
    Ok(element)
}
