//! Every key, also the trust anchor's, is of a known kind and long enough: RSA from 2048 bits (CA/Browser Forum baseline requirements 6.1.5, NIST SP 800-131A).
//! The key of the end-entity has to be known too, since the handshake is verified with it.

use certwright_keys::{KeyAlgorithm, ReadKeyError};

use super::{Findings, Path};
use crate::verdict::FailureKind;

const MINIMUM_RSA_BITS: u32 = 2048;

pub(super) fn check(path: &Path<'_>, findings: &mut Findings) {
    for (at, certificate) in path.all() {
        match certificate.public_key().map(|key| key.algorithm()) {
            Ok(KeyAlgorithm::Rsa { bits }) if bits < MINIMUM_RSA_BITS => {
                findings.add(at, FailureKind::WeakAlgorithm { algorithm: format!("RSA {bits}") });
            }
            Ok(KeyAlgorithm::Other { oid }) => {
                findings.add(at, FailureKind::UnsupportedAlgorithm { algorithm: oid });
            }
            // Such keys are read to be looked at, and sign no handshake (RFC 8446 section 4.2.3).
            Ok(dsa @ KeyAlgorithm::Dsa { .. }) => {
                findings.add(at, FailureKind::UnsupportedAlgorithm { algorithm: dsa.to_string() });
            }
            Ok(_) => {}
            Err(ReadKeyError::UnsupportedAlgorithm { oid }) => {
                findings.add(at, FailureKind::UnsupportedAlgorithm { algorithm: oid });
            }
            Err(ReadKeyError::KeyTooLarge { bits, .. }) => {
                findings.add(at, FailureKind::UnsupportedAlgorithm { algorithm: format!("RSA {bits}") });
            }
            Err(_) => findings.add(at, FailureKind::MalformedKey),
        }
    }
}
