//! Keys that have a prime in common: the greatest common divisor of their moduli gives both away (Heninger, Durumeric, Wustrow, Halderman:
//! Mining Your Ps and Qs, USENIX Security 2012).
//!
//! All moduli at once, by a tree of products and a tree of remainders (Bernstein: How to find smooth parts of integers, 2004). The
//! work grows with the square of what is given, so that there is a bound.

use crypto_bigint::{BoxedUint, ConcatenatingMul, ConcatenatingSquare, Gcd};

use super::modulus;
use crate::public::PublicKey;

/// How many different moduli are compared; those after are not looked at.
pub const MAX_KEYS: usize = 512;
/// How many of those with a common factor are compared in pairs.
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
    let affected: Vec<&(usize, BoxedUint)> = moduli
        .iter()
        .zip(common_factors(&moduli))
        .filter(|(_, factor)| factor.bits_vartime() >= MIN_BITS)
        .map(|(modulus, _)| modulus)
        .take(MAX_AFFECTED)
        .collect();
    grouped(&affected)
}

/// The divisor that each modulus has in common with the product of all others.
fn common_factors(moduli: &[(usize, BoxedUint)]) -> Vec<BoxedUint> {
    let mut levels: Vec<Vec<BoxedUint>> = vec![moduli.iter().map(|(_, modulus)| modulus.clone()).collect()];
    while let Some(level) = levels.last().filter(|level| level.len() > 1) {
        let products = level.chunks(2).map(|pair| match pair {
            [left, right] => left.concatenating_mul(right),
            // The odd one goes up as it is.
            rest => rest.first().cloned().unwrap_or_else(BoxedUint::one),
        });
        levels.push(products.collect());
    }
    let mut remainders = levels.pop().unwrap_or_default();
    for level in levels.iter().rev() {
        let parents = remainders.iter().flat_map(|parent| [parent, parent]);
        remainders = level
            .iter()
            .zip(parents)
            .map(|(node, parent)| match node.concatenating_square().into_nz().into_option() {
                Some(square) => parent.rem_vartime(&square),
                None => parent.clone(),
            })
            .collect();
    }
    moduli
        .iter()
        .zip(remainders)
        .map(|((_, modulus), remainder)| match modulus.to_nz().into_option() {
            // The remainder of the whole product by the square, over the modulus: the product of the others by the modulus.
            Some(divisor) => {
                let (others, _) = remainder.div_rem_vartime(&divisor);
                modulus.gcd_vartime(&others.rem_vartime(&divisor))
            }
            None => BoxedUint::one(),
        })
        .collect()
}

/// Each common factor with the keys that have it.
fn grouped(affected: &[&(usize, BoxedUint)]) -> Vec<Shared> {
    let mut groups: Vec<(BoxedUint, Vec<usize>)> = Vec::new();
    for (position, (first, left)) in affected.iter().enumerate() {
        for (second, right) in affected.iter().skip(position + 1) {
            let factor = left.gcd_vartime(right);
            if factor.bits_vartime() < MIN_BITS {
                continue;
            }
            match groups.iter_mut().find(|(known, _)| *known == factor) {
                Some((_, keys)) => keys.extend([*first, *second]),
                None => groups.push((factor, vec![*first, *second])),
            }
        }
    }
    groups
        .into_iter()
        .map(|(factor, mut keys)| {
            keys.sort_unstable();
            keys.dedup();
            Shared { keys, bits: factor.bits_vartime() }
        })
        .collect()
}
