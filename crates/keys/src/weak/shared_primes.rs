//! Keys that have a prime in common: the greatest common divisor of their moduli gives both away (Heninger, Durumeric, Wustrow, Halderman:
//! Mining Your Ps and Qs, USENIX Security 2012).
//!
//! Each modulus is compared with the product of those before it at once, and only where they share something with each of them. The
//! work grows with the square of what is given, so that there is a bound.

use crypto_bigint::{BoxedUint, ConcatenatingMul, Gcd};

use super::modulus;
use crate::public::PublicKey;

/// How many different moduli are compared; those after are not looked at.
pub const MAX_KEYS: usize = 256;
/// How many of those with a common factor are compared with each of the others.
const MAX_AFFECTED: usize = 64;

/// Factors that are shorter are no primes of a key but its small factors, which have a finding of their own.
const MIN_BITS: u32 = 65;

/// Keys with a common prime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// Which of the given keys, in ascending order; at least two. Of keys with the same modulus only the first is named.
    pub keys: Vec<usize>,
    /// The length of the common factor.
    pub bits: u32,
}

/// The common primes among keys; those that are no RSA keys are passed over. The same key given twice shares nothing.
pub fn shared_primes(keys: &[&PublicKey]) -> Vec<Shared> {
    let mut moduli: Vec<(usize, BoxedUint)> = Vec::new();
    for (index, key) in keys.iter().enumerate() {
        if moduli.len() == MAX_KEYS {
            break;
        }
        if let Some(modulus) = modulus(key)
            && modulus.bits_vartime() > 1
            && !moduli.iter().any(|(_, other)| *other == modulus)
        {
            moduli.push((index, modulus));
        }
    }
    groups(&moduli)
        .into_iter()
        .map(|(factor, mut keys)| {
            keys.sort_unstable();
            keys.dedup();
            Shared { keys, bits: factor.bits_vartime() }
        })
        .collect()
}

/// Each common factor with the keys that have it.
fn groups(moduli: &[(usize, BoxedUint)]) -> Vec<(BoxedUint, Vec<usize>)> {
    let mut groups: Vec<(BoxedUint, Vec<usize>)> = Vec::new();
    let mut product = BoxedUint::one();
    let mut affected = 0;
    for (position, (index, modulus)) in moduli.iter().enumerate() {
        let Some(divisor) = modulus.as_nz_vartime() else { continue };
        let common = modulus.gcd_vartime(&product.rem_vartime(divisor));
        product = product.concatenating_mul(modulus);
        if common.bits_vartime() < MIN_BITS {
            continue;
        }
        affected += 1;
        if affected > MAX_AFFECTED {
            break;
        }
        for (other, earlier) in moduli.iter().take(position) {
            let factor = modulus.gcd_vartime(earlier);
            if factor.bits_vartime() < MIN_BITS {
                continue;
            }
            match groups.iter_mut().find(|(known, _)| *known == factor) {
                Some((_, keys)) => keys.extend([*other, *index]),
                None => groups.push((factor, vec![*other, *index])),
            }
        }
    }
    groups
}
