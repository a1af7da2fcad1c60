//! Small prime factors of the modulus, by division (NIST SP 800-89 section 5.3.3 wants none below 752).

use crypto_bigint::BoxedUint;

use super::{WeakKey, primes_below, remainder};

/// Factors below are found.
pub const BOUND: u32 = 1 << 16;

pub(super) fn find(modulus: &BoxedUint) -> Option<WeakKey> {
    let factor = primes_below(BOUND).find(|prime| remainder(modulus, *prime) == 0)?;
    Some(WeakKey::SmallFactor { factor })
}
