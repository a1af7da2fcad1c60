//! The length of an RSA modulus is a multiple of 8 bits (CA/Browser Forum baseline requirements 6.1.5).

use certwright_keys::KeyAlgorithm;

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "rsa-key",
    title: mark!("The length of an RSA modulus is a multiple of 8 bits."),
    citation: "Baseline Requirements 6.1.5",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    match position.certificate.public_key().map(|key| key.algorithm()) {
        Ok(KeyAlgorithm::Rsa { bits }) if bits % 8 != 0 => said.breaks(Rule::RsaLength { bits }),
        Ok(KeyAlgorithm::Rsa { .. }) => {}
        Ok(_) => said.skip(NotApplicable::OtherKeyAlgorithm),
        Err(_) => said.skip(NotApplicable::SaidElsewhere),
    }
}
