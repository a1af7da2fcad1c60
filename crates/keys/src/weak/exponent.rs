//! Public exponents (RFC 8017 section 3.1; BR section 6.1.6 recommends 65537 to 2^256 - 1).

use super::WeakKey;
use crate::public::bit_length;
use crate::rsa_numbers::trimmed;

pub(super) fn find(exponent: &[u8]) -> Option<WeakKey> {
    let exponent = trimmed(exponent);
    let bits = bit_length(exponent);
    let value = exponent.iter().fold(0u32, |value, octet| value << 8 | u32::from(*octet));
    if exponent.last().is_none_or(|last| last & 1 == 0) || bits == 1 {
        Some(WeakKey::BrokenExponent)
    } else if bits > 32 {
        Some(WeakKey::LargeExponent { bits })
    } else if value < 65_537 {
        Some(WeakKey::SmallExponent { exponent: value })
    } else {
        None
    }
}
