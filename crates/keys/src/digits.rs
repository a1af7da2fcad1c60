//! Big numbers as digits, for arithmetic on what is public.

/// A digit of a number. Wasm has no instruction that multiplies two of 64 bits.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) type Digit = u64;
/// A product of two digits, and then some.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) type Wide = u128;
/// A digit of a number. Wasm has no instruction that multiplies two of 64 bits.
#[cfg(target_arch = "wasm32")]
pub(crate) type Digit = u32;
/// A product of two digits, and then some.
#[cfg(target_arch = "wasm32")]
pub(crate) type Wide = u64;

/// Octets of a digit.
pub(crate) const OCTETS: usize = size_of::<Digit>();

/// The digit that makes zero of a number's lowest digit when it is multiplied with it and added once more: the negative inverse.
pub(crate) const fn negative_inverse(lowest: Digit) -> Digit {
    // Each step of Newton's doubles the bits that are right, beginning with three.
    let mut inverse = lowest;
    let mut step = 0;
    while step < 5 {
        inverse = inverse.wrapping_mul((2 as Digit).wrapping_sub(lowest.wrapping_mul(inverse)));
        step += 1;
    }
    inverse.wrapping_neg()
}

/// The digits of a big-endian number, least significant first; beyond `digits` they are left out.
pub(crate) fn read_digits(number: &[u8], digits: &mut [Digit]) {
    digits.fill(0);
    for (digit, octets) in digits.iter_mut().zip(number.rchunks(OCTETS)) {
        *digit = octets.iter().fold(0, |value: Digit, octet| value << 8 | Digit::from(*octet));
    }
}

/// Numbers of as many digits, compared.
pub(crate) fn is_below(number: &[Digit], other: &[Digit]) -> bool {
    number.iter().rev().lt(other.iter().rev())
}
