//! Moduli in which a piece repeats itself, as a generator makes them that gives the same octets again and again.
//!
//! Sixteen octets that each are the same as those one period before are seen in a random modulus with a probability of 2^-120.

use super::WeakKey;

const MAX_PERIOD: usize = 16;
const RUN: usize = 16;

pub(super) fn find(modulus: &[u8]) -> Option<WeakKey> {
    let repeats = |period: &usize| {
        let mut run = 0;
        modulus.iter().zip(modulus.iter().skip(*period)).any(|(before, octet)| {
            run = if before == octet { run + 1 } else { 0 };
            run >= RUN
        })
    };
    let period = (1..=MAX_PERIOD).find(repeats)?;
    Some(WeakKey::Pattern { period: period as u32 })
}
