//! Keys of Infineon's library (CVE-2017-15361; Nemec, Sys, Svenda, Klinec, Matyas: The Return of Coppersmith's Attack, CCS 2017, section
//! 2.3).
//!
//! Their primes have the form `k * M + (65537^a mod M)`, where `M` is the product of the first primes, at least of those up to 167. So
//! the modulus lies, by each of these primes, in the group that 65537 generates. A modulus of another library does so with a
//! probability of about 2^-28.

use crypto_bigint::BoxedUint;

use super::{WeakKey, primes_below, remainder};

/// All key lengths have at least the primes below.
const BOUND: u32 = 168;
const GENERATOR: u32 = 65_537;

pub(super) fn find(modulus: &BoxedUint) -> Option<WeakKey> {
    let fits = |prime: u32| {
        let wanted = remainder(modulus, prime);
        let mut power = 1 % prime;
        // The group has at most as many elements.
        (0..prime).any(|_| {
            let found = power == wanted;
            power = power * (GENERATOR % prime) % prime;
            found
        })
    };
    primes_below(BOUND).all(fits).then_some(WeakKey::Roca)
}
