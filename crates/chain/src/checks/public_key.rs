//! Every key, also the trust anchor's, is of a known kind and long enough: RSA from 2048 bits (CA/Browser Forum baseline requirements 6.1.5, NIST SP 800-131A).
//! The key of the end-entity has to be known too, since the handshake is verified with it. DSA keys are known and refused (FIPS 186-5).

use certwright_keys::{KeyAlgorithm, ReadKeyError};

use super::{CheckInfo, Position, Run, Said};
use crate::failure::FailureKind;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "public-key",
    title: "The public key is of a known kind, well formed and long enough.",
    citation: "NIST SP 800-131A, FIPS 186-5, Baseline Requirements 6.1.5",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    let key = position.certificate.public_key();
    if key.as_ref().is_ok_and(|key| matches!(key.algorithm(), KeyAlgorithm::Other { .. }) && key.can_verify())
    {
        // Ed448.
        return;
    }
    match key.map(|key| key.algorithm()) {
        Ok(KeyAlgorithm::Rsa { bits }) if bits < position.question.algorithms.minimum_rsa_bits => {
            said.fail(FailureKind::WeakAlgorithm { algorithm: format!("RSA {bits}") });
        }
        Ok(KeyAlgorithm::Other { oid }) => said.fail(FailureKind::UnsupportedAlgorithm { algorithm: oid }),
        // Such keys are read to be looked at, and sign no handshake (RFC 8446 section 4.2.3).
        Ok(dsa @ KeyAlgorithm::Dsa { .. }) => {
            said.fail(FailureKind::UnsupportedAlgorithm { algorithm: dsa.to_string() });
        }
        Ok(_) => {}
        Err(ReadKeyError::UnsupportedAlgorithm { oid }) => {
            said.fail(FailureKind::UnsupportedAlgorithm { algorithm: oid });
        }
        Err(ReadKeyError::KeyTooLarge { bits, .. }) => {
            said.fail(FailureKind::UnsupportedAlgorithm { algorithm: format!("RSA {bits}") });
        }
        Err(_) => said.fail(FailureKind::MalformedKey),
    }
}
