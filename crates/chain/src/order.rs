//! Who issued what, apart from trust.

use certwright_certs::Certificate;
use certwright_keys::verify::VerifyError;

use crate::checks::signature;
use crate::question::Algorithms;

/// True if `parent` issued `child`: the names match (RFC 5280 section 7.1) and the signature holds. Where its algorithm is too weak or unknown
/// to be checked, the key identifiers decide, so that old chains can still be put in order. Whether `parent` may issue at all is not
/// looked at, and nothing here is a reason to trust.
pub fn issued_by(child: &Certificate, parent: &Certificate) -> bool {
    if child.issuer() != parent.subject() {
        return false;
    }
    match signature::verify(child, parent, Algorithms::default()) {
        Ok(()) | Err(VerifyError::RetiredAlgorithm { .. }) => true,
        Err(VerifyError::BadSignature | VerifyError::KeyMismatch) => false,
        Err(_) => match (child.authority_key_identifier(), parent.subject_key_identifier()) {
            (Some(wanted), Some(found)) => wanted == found,
            _ => true,
        },
    }
}

/// Puts certificates in order: the first is the one that issued none of the others (of several, the first in `certificates`), and each is
/// followed by its issuer. What does not belong to that chain is left out, doubles too. Costs at most one signature for
/// each pair of matching names.
pub fn chain_order(certificates: &[Certificate]) -> Vec<Certificate> {
    let issues_another = |candidate: &&Certificate| {
        certificates.iter().any(|other| other != *candidate && other.issuer() == candidate.subject())
    };
    let first = certificates.iter().find(|candidate| !issues_another(candidate)).or(certificates.first());
    let mut chain: Vec<Certificate> = first.into_iter().cloned().collect();
    while let Some(last) = chain.last() {
        let is_next = |candidate: &&Certificate| !chain.contains(candidate) && issued_by(last, candidate);
        match certificates.iter().find(is_next) {
            Some(next) => chain.push(next.clone()),
            None => break,
        }
    }
    chain
}
