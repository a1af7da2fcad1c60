//! Certificates that servers sent before: read once, and the signature in each verified once, however many servers send it.
//!
//! A certificate remembers with which key its signature holds, so nothing is believed here that would not be believed of a copy just read. Kept are
//! those of an everyday size, up to a number; the others are read as if they had never been there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use certwright_certs::certificate::{Certificate, ReadCertificateError};

/// Certificates that are kept.
const MOST: usize = 1024;
/// Octets of a certificate that is kept, at most.
const MOST_OCTETS: usize = 8 * 1024;

/// See the module. Clones share what they have seen.
#[derive(Clone, Default)]
pub struct Seen(Arc<Mutex<HashMap<Box<[u8]>, Certificate>>>);

impl Seen {
    /// The certificate with this DER.
    pub(super) fn read(&self, der: &[u8]) -> Result<Certificate, ReadCertificateError> {
        if let Some(known) = self.certificates().get(der) {
            return Ok(known.clone());
        }
        let certificate = Certificate::from_der(der)?;
        let mut certificates = self.certificates();
        if certificates.len() < MOST && der.len() <= MOST_OCTETS {
            certificates.insert(der.into(), certificate.clone());
        }
        Ok(certificate)
    }

    fn certificates(&self) -> std::sync::MutexGuard<'_, HashMap<Box<[u8]>, Certificate>> {
        // It is whole at any time, so a panic elsewhere does not spoil it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bytes_are_the_same_certificate() {
        let (seen, der) = (Seen::default(), super::super::mozilla::anchors()[0].certificate.der().to_vec());
        let first = seen.read(&der).unwrap();
        let shared = seen.clone();
        assert_eq!(shared.read(&der).unwrap(), first);
        assert!(shared.read(&der[1..]).is_err());
        assert_eq!(seen.certificates().len(), 1);
    }

    #[test]
    fn no_more_are_kept_than_there_is_room_for() {
        let seen = Seen::default();
        let anchors = super::super::mozilla::anchors();
        for place in 0..MOST {
            seen.certificates().insert(place.to_be_bytes().into(), anchors[0].certificate.clone());
        }
        assert!(seen.read(anchors[1].certificate.der()).is_ok());
        assert_eq!(seen.certificates().len(), MOST);
    }
}
