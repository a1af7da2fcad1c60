//! Primes that lie close to each other (Fermat's method; CVE-2022-26320, found by Hanno Böck in printers).
//!
//! With `n = a² - b²` the factors are `a + b` and `a - b`. Looks for `a` from the root of `n` on, where it is if the primes have the
//! upper half of their bits in common.

use crypto_bigint::{BoxedUint, ConcatenatingSquare, Resize};

use super::{WeakKey, remainder};

/// How many values of `a` are tried.
pub const ROUNDS: u32 = 100;

pub(super) fn find(modulus: &BoxedUint) -> Option<WeakKey> {
    if !modulus.bit_vartime(0) {
        // An even number is no difference of squares, or has small factors.
        return None;
    }
    // Room for what lies a little above the modulus.
    let bits = modulus.bits_precision() + 64;
    let modulus = modulus.resize(bits);
    let one = BoxedUint::one_with_precision(bits);
    let mut a = modulus.floor_sqrt_vartime();
    let square = a.concatenating_square();
    if square < (&modulus).resize(square.bits_precision()) {
        a = a.wrapping_add(&one);
    }
    let square = a.concatenating_square();
    let mut difference = square.wrapping_sub((&modulus).resize(square.bits_precision())).resize(bits);
    for steps in 0..ROUNDS {
        if may_be_square(&difference) && difference.checked_sqrt_vartime().is_some() {
            return Some(WeakKey::ClosePrimes { steps });
        }
        // (a + 1)² - a² = 2a + 1
        difference = difference.wrapping_add(&a).wrapping_add(&a).wrapping_add(&one);
        a = a.wrapping_add(&one);
    }
    None
}

/// False for most numbers that are no square, by their remainders: taking the root is what costs.
fn may_be_square(number: &BoxedUint) -> bool {
    let is_residue =
        |remainder: u32, modulus: u32| (0..modulus).any(|root| root * root % modulus == remainder);
    is_residue(remainder(number, 64), 64) && {
        let rest = remainder(number, 63 * 65 * 11);
        is_residue(rest % 63, 63) && is_residue(rest % 65, 65) && is_residue(rest % 11, 11)
    }
}
