//! Keys that their owner's program made badly, found by the public half alone: one file for each kind of weakness.
//!
//! Only RSA keys are looked at, for elliptic curves have no such tests. Keys whose length is too small are not told here: the algorithm
//! says so.

mod close_primes;
mod debian;
mod exponent;
mod patterns;
mod roca;
mod shared_primes;
mod small_factors;

use crypto_bigint::{BoxedUint, Limb, NonZero};

use crate::numbers::PublicNumbers;
use crate::public::PublicKey;

pub use close_primes::ROUNDS;
pub use debian::{DEBIAN_TABLES, DebianProcess, DebianTable, PROCESSES, Processor, SeedFile};
pub use shared_primes::{MAX_KEYS, Shared, shared_primes};
pub use small_factors::BOUND;

/// A weakness of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WeakKey {
    /// Made by Infineon's library of 2012 to 2017: primes of a form that lets the key be computed (CVE-2017-15361, "ROCA").
    Roca,
    /// Made by Debian's OpenSSL of 2006 to 2008, whose keys can all be computed (CVE-2008-0166).
    Debian(DebianProcess),
    /// The primes are so close to each other that Fermat's method finds them (CVE-2022-26320).
    ClosePrimes {
        /// After how many steps, from 0 on.
        steps: u32,
    },
    /// A prime factor below [`BOUND`]: the modulus is no product of two large primes.
    SmallFactor {
        /// The factor.
        factor: u32,
    },
    /// A piece of the modulus repeats itself: no random number generator made it.
    Pattern {
        /// After how many octets.
        period: u32,
    },
    /// A public exponent that is even or 1, with which RSA does not work.
    BrokenExponent,
    /// An odd public exponent below 65537, which turns mistakes of implementations into forgeries.
    SmallExponent {
        /// The exponent.
        exponent: u32,
    },
    /// A public exponent of more than 32 bits, which several programs refuse.
    LargeExponent {
        /// Its length.
        bits: u32,
    },
}

/// The weaknesses of a key; empty for any that is no RSA key. Takes a few milliseconds for the longest that is read.
pub fn weaknesses(key: &PublicKey) -> Vec<WeakKey> {
    let Some(PublicNumbers::Rsa { modulus: octets, exponent }) = PublicNumbers::of(key) else {
        return Vec::new();
    };
    let modulus = BoxedUint::from_be_slice_vartime(&octets);
    [
        roca::find(&modulus),
        debian::find(&octets),
        close_primes::find(&modulus),
        small_factors::find(&modulus),
        patterns::find(&octets),
        exponent::find(&exponent),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The modulus of an RSA key.
fn modulus(key: &PublicKey) -> Option<BoxedUint> {
    match PublicNumbers::of(key)? {
        PublicNumbers::Rsa { modulus, .. } => Some(BoxedUint::from_be_slice_vartime(&modulus)),
        _ => None,
    }
}

/// The remainder by a number that is not zero; by zero it is zero.
fn remainder(number: &BoxedUint, divisor: u32) -> u32 {
    let divisor = NonZero::new(Limb::from(divisor)).into_option();
    divisor.map_or(0, |divisor| number.rem_limb(divisor).0 as u32)
}

/// The primes below a bound, by the sieve of Eratosthenes.
fn primes_below(bound: u32) -> impl Iterator<Item = u32> {
    let mut composite = vec![false; bound as usize];
    (2..bound).filter(move |number| {
        let number = *number as usize;
        let prime = !composite.get(number).copied().unwrap_or(true);
        if prime {
            composite.iter_mut().skip(number).step_by(number).for_each(|mark| *mark = true);
        }
        prime
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primes_and_remainders() {
        assert_eq!(primes_below(30).collect::<Vec<_>>(), [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]);
        assert_eq!(primes_below(1 << 16).count(), 6_542);
        let number = BoxedUint::from_be_slice_vartime(&[1, 0, 0, 0, 0, 0, 0, 0, 7]);
        assert_eq!(remainder(&number, 10_007), ((1u128 << 64 | 7) % 10_007) as u32);
        assert_eq!(remainder(&number, 0), 0);
    }
}
