//! Every key, also the trust anchor's, is of a known kind and long enough: RSA from 2048 bits (CA/Browser Forum baseline requirements 6.1.5, NIST SP 800-131A).
//! The key of the end-entity has to be known too, since the handshake is verified with it. DSA keys are known and refused (FIPS 186-5),
//! unless the question takes DSA.

use certwright_keys::{KeyAlgorithm, ReadKeyError};

use super::{CheckInfo, Position, Run, Said};
use crate::failure::FailureKind;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "public-key",
    title: mark!("The public key is of a known kind, well formed and long enough."),
    citation: "NIST SP 800-131A, FIPS 186-5, Baseline Requirements 6.1.5",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    let algorithms = position.question.algorithms;
    let key = position.certificate.public_key();
    let retired = |algorithm| FailureKind::RetiredAlgorithm { algorithm };
    match key.map(|key| (key.algorithm(), key)) {
        Ok((KeyAlgorithm::Rsa { bits }, _)) if bits < algorithms.minimum_rsa_bits => {
            said.fail(FailureKind::WeakAlgorithm { algorithm: format!("RSA {bits}") });
        }
        Ok((dsa @ KeyAlgorithm::Dsa { bits }, _)) if bits < 1024 => {
            said.fail(FailureKind::WeakAlgorithm { algorithm: dsa.to_string() });
        }
        Ok((KeyAlgorithm::Dsa { .. }, _)) if algorithms.lenience.dangerously_accept_dsa => {}
        Ok((dsa @ KeyAlgorithm::Dsa { .. }, _)) => said.fail(retired(dsa.to_string())),
        // Its parameters are those of the key above.
        Ok((_, key)) if key.lacks_parameters() => {
            if !algorithms.lenience.dangerously_accept_dsa {
                said.fail(retired("DSA".to_owned()));
            }
        }
        // Those that can verify are Ed448.
        Ok((KeyAlgorithm::Other { oid }, key)) if !key.can_verify() => {
            said.fail(FailureKind::UnsupportedAlgorithm { algorithm: oid });
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
