//! The public operation of RSA (RFC 8017, section 5.2.2) and PKCS#1 v1.5 signatures (section 8.2.2).
//!
//! A page judges many chains, and the greater part of that is this one operation: signature to the power of the public exponent. So it is
//! done here, by Montgomery multiplication in which nothing is prepared for the key, as keys are read far more often than used. All
//! that goes in is public, so nothing is done in constant time: never use it with a private exponent. The rsa crate, whose arithmetic it is
//! tested against, does everything else.
//!
//! Refused: even moduli, exponents that are even, below 3 or above 2^33 - 1. The caller bounds the modulus.

use core::cell::Cell;

use crate::{
    digits::{Digit, OCTETS, Wide, is_below, negative_inverse, read_digits},
    rsa_numbers::trimmed,
    scheme::Digest,
};

/// The greatest public exponent, as in the rsa crate: a greater one only takes time.
const MAX_EXPONENT: u64 = (1 << 33) - 1;

/// An RSA key that checks signatures.
pub(crate) struct RsaPublic {
    /// Least significant digit first; the last one is not zero.
    modulus: Vec<Digit>,
    /// The negative inverse of the lowest digit of the modulus.
    inverse: Digit,
    exponent: u64,
    /// Octets of the modulus.
    length: usize,
}

impl RsaPublic {
    /// A key of big-endian numbers; `None` if they are none.
    pub(crate) fn new(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        let (modulus, exponent) = (trimmed(modulus), trimmed(exponent));
        let exponent = match exponent.len() {
            1..=8 => exponent.iter().fold(0, |value: u64, octet| value << 8 | u64::from(*octet)),
            _ => return None,
        };
        let odd = modulus.last().is_some_and(|octet| octet & 1 == 1) && exponent & 1 == 1;
        if !odd || !(3..=MAX_EXPONENT).contains(&exponent) || modulus.len() <= 8 {
            return None;
        }
        let length = modulus.len();
        let modulus = to_digits(modulus, length.div_ceil(OCTETS));
        let lowest = modulus.first().copied()?;
        Some(Self { inverse: negative_inverse(lowest), modulus, exponent, length })
    }

    /// Whether `signature` is a PKCS#1 v1.5 signature over what has the hash `hash`; `prefix` says of what digest it is, see [`digest_info`].
    pub(crate) fn verify_pkcs1(&self, prefix: &[u8], hash: &[u8], signature: &[u8]) -> bool {
        // 00 01, at least eight times FF, 00.
        let Some(padding) =
            self.length.checked_sub(3 + prefix.len() + hash.len()).filter(|count| *count >= 8)
        else {
            return false;
        };
        let Some(encoded) = self.power(signature) else { return false };
        let expected = [&[0, 1], vec![0xff; padding].as_slice(), &[0], prefix, hash].concat();
        encoded == expected
    }

    /// The number `base` to the power of the public exponent, as long as the modulus; `None` if it has another length or is not below
    /// the modulus.
    fn power(&self, base: &[u8]) -> Option<Vec<u8>> {
        let digits = to_digits(base, self.modulus.len());
        if base.len() != self.length || !is_below(&digits, &self.modulus) {
            return None;
        }
        let mut scratch = vec![0; self.modulus.len()];
        let first = self.to_montgomery(&digits);
        let mut power = first.clone();
        // From the second highest bit of the exponent down to the second lowest.
        let bits = u64::BITS - self.exponent.leading_zeros();
        for bit in (1..bits - 1).rev() {
            self.multiply(&mut power, None, &mut scratch);
            if self.exponent >> bit & 1 == 1 {
                self.multiply(&mut power, Some(&first), &mut scratch);
            }
        }
        // The exponent is odd. A last factor that is not in Montgomery's form takes the product out of it.
        self.multiply(&mut power, None, &mut scratch);
        self.multiply(&mut power, Some(&digits), &mut scratch);
        Some(to_octets(&power, self.length))
    }

    /// `number` times R modulo the modulus, where R is the power of two that has one bit more than the digits hold: one
    /// digit after the other is brought in, as in a division by hand (Knuth, The Art of Computer Programming, volume 2, 4.3.1, D).
    fn to_montgomery(&self, number: &[Digit]) -> Vec<Digit> {
        // An estimate is at most two too great if the divisor begins with a one.
        let shift = self.modulus.last().map_or(0, |digit| digit.leading_zeros());
        let divisor = shifted_left(&self.modulus, shift);
        let mut rest = shifted_left(number, shift);
        let top = divisor.last().copied().unwrap_or(Digit::MAX);
        for _ in 0..divisor.len() {
            let mut highest = rest.pop().unwrap_or_default();
            rest.insert(0, 0);
            let next = rest.last().copied().unwrap_or_default();
            let estimate = (join(highest, next) / Wide::from(top)).min(Wide::from(Digit::MAX)) as Digit;
            let mut carry: Digit = 0;
            for (digit, part) in rest.iter_mut().zip(&divisor) {
                let product = Wide::from(estimate) * Wide::from(*part) + Wide::from(carry);
                let (difference, borrowed) = digit.overflowing_sub(product as Digit);
                *digit = difference;
                carry = ((product >> Digit::BITS) as Digit) + Digit::from(borrowed);
            }
            // What is left is negative as long as more was borrowed than the highest digit had.
            let mut negative = highest < carry;
            highest = highest.wrapping_sub(carry);
            while negative {
                let mut carry = false;
                for (digit, part) in rest.iter_mut().zip(&divisor) {
                    let (sum, first) = digit.overflowing_add(*part);
                    let (sum, second) = sum.overflowing_add(Digit::from(carry));
                    *digit = sum;
                    carry = first || second;
                }
                let (sum, back) = highest.overflowing_add(Digit::from(carry));
                highest = sum;
                negative = !back;
            }
        }
        shifted_right(&rest, shift)
    }

    /// `factor` becomes its product with `other` (or itself) divided by R, modulo the modulus: Montgomery's multiplication, with the
    /// reduction in the same loop.
    fn multiply(&self, factor: &mut [Digit], other: Option<&[Digit]>, scratch: &mut [Digit]) {
        scratch.fill(0);
        let mut top: Digit = 0;
        let (Some((first, rest)), Some((lowest, modulus))) =
            (factor.split_first(), self.modulus.split_first())
        else {
            return;
        };
        for digit in other.unwrap_or(factor) {
            let digit = Wide::from(*digit);
            let cells = Cell::from_mut(&mut *scratch).as_slice_of_cells();
            let (Some(bottom), Some(end)) = (cells.first(), cells.last()) else { return };
            let product = Wide::from(bottom.get()) + digit * Wide::from(*first);
            // This multiple of the modulus makes the lowest digit zero, and all digits move down by one.
            let multiple = Wide::from((product as Digit).wrapping_mul(self.inverse));
            let reduced = Wide::from(product as Digit) + multiple * Wide::from(*lowest);
            let (mut carry, mut carry_of_reduction) = (product >> Digit::BITS, reduced >> Digit::BITS);
            for ((pair, part), modulus) in cells.windows(2).zip(rest).zip(modulus) {
                let [below, this] = pair else { return };
                let product = Wide::from(this.get()) + digit * Wide::from(*part) + carry;
                carry = product >> Digit::BITS;
                let reduced =
                    Wide::from(product as Digit) + multiple * Wide::from(*modulus) + carry_of_reduction;
                carry_of_reduction = reduced >> Digit::BITS;
                below.set(reduced as Digit);
            }
            let sum = Wide::from(top) + carry + carry_of_reduction;
            end.set(sum as Digit);
            top = (sum >> Digit::BITS) as Digit;
        }
        if top != 0 || !is_below(scratch, &self.modulus) {
            subtract(scratch, &self.modulus);
        }
        factor.copy_from_slice(scratch);
    }
}

/// The DER of DigestInfo up to the hash (RFC 8017, section 9.2, note 1).
pub(crate) fn digest_info(digest: Digest) -> &'static [u8] {
    match digest {
        Digest::Sha256 => &[
            0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
            0x00, 0x04, 0x20,
        ],
        Digest::Sha384 => &[
            0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05,
            0x00, 0x04, 0x30,
        ],
        Digest::Sha512 => &[
            0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05,
            0x00, 0x04, 0x40,
        ],
    }
}

/// The same for SHA-1.
pub(crate) const DIGEST_INFO_SHA1: &[u8] =
    &[0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14];

/// `count` digits of a big-endian number; what does not fit is left out.
fn to_digits(number: &[u8], count: usize) -> Vec<Digit> {
    let mut digits = vec![0; count];
    read_digits(number, &mut digits);
    digits
}

/// The lowest `length` octets, big-endian.
fn to_octets(digits: &[Digit], length: usize) -> Vec<u8> {
    let mut octets: Vec<u8> = digits.iter().flat_map(|digit| digit.to_le_bytes()).collect();
    octets.truncate(length);
    octets.reverse();
    octets
}

fn join(high: Digit, low: Digit) -> Wide {
    Wide::from(high) << Digit::BITS | Wide::from(low)
}

/// What is borrowed at the end is dropped.
fn subtract(from: &mut [Digit], number: &[Digit]) {
    let mut borrow = false;
    for (digit, part) in from.iter_mut().zip(number) {
        let (difference, first) = digit.overflowing_sub(*part);
        let (difference, second) = difference.overflowing_sub(Digit::from(borrow));
        *digit = difference;
        borrow = first || second;
    }
}

/// By less than a digit; nothing may be lost at the top.
fn shifted_left(digits: &[Digit], bits: u32) -> Vec<Digit> {
    let mut carry = 0;
    let shift = |digit: &Digit| {
        let wide = Wide::from(*digit) << bits | carry;
        carry = wide >> Digit::BITS;
        wide as Digit
    };
    digits.iter().map(shift).collect()
}

/// By less than a digit; nothing may be lost at the bottom.
fn shifted_right(digits: &[Digit], bits: u32) -> Vec<Digit> {
    let above = digits.iter().skip(1).copied().chain([0]);
    digits.iter().zip(above).map(|(digit, above)| (join(above, *digit) >> bits) as Digit).collect()
}

#[cfg(test)]
mod tests {
    use crypto_bigint::{
        BoxedUint,
        modular::{BoxedMontyForm, BoxedMontyParams},
    };
    use proptest::prelude::*;

    use super::*;

    /// The same operation by the arithmetic under the rsa crate.
    fn reference(modulus: &[u8], exponent: &[u8], base: &[u8]) -> Vec<u8> {
        let bits = u32::try_from(modulus.len() * 8).unwrap();
        let number = |octets: &[u8]| BoxedUint::from_be_slice(octets, bits).unwrap();
        let parameters = BoxedMontyParams::new(number(modulus).to_odd().unwrap());
        let power = BoxedMontyForm::new(number(base), &parameters).pow(&number(exponent)).retrieve();
        let octets = power.to_be_bytes();
        octets[octets.len() - modulus.len()..].to_vec()
    }

    /// Moduli of every length that a digit may be filled to, with digits at both ends of what they can be.
    fn numbers() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
        let octet = prop_oneof![any::<u8>(), Just(0u8), Just(0xffu8)];
        (128usize..=160).prop_flat_map(move |length| {
            let modulus = proptest::collection::vec(octet.clone(), length).prop_map(|mut octets| {
                octets[0] |= 0x80;
                *octets.last_mut().unwrap() |= 1;
                octets
            });
            (modulus, proptest::collection::vec(octet.clone(), length))
        })
    }

    proptest! {
        #[test]
        fn powers_are_right((modulus, base) in numbers(), exponent in prop_oneof![
            Just(3u64), Just(65_537), Just(MAX_EXPONENT), (1u64..1 << 32).prop_map(|half| 2 * half + 1),
        ]) {
            let exponent = exponent.to_be_bytes();
            let key = RsaPublic::new(&modulus, &exponent).unwrap();
            match key.power(&base) {
                None => prop_assert!(base >= modulus),
                Some(power) => prop_assert_eq!(power, reference(&modulus, &exponent[3..], &base)),
            }
        }

        #[test]
        fn moduli_with_a_short_first_octet(first in 1u8..=255, length in 129usize..=137, seed in any::<u64>()) {
            let mut modulus: Vec<u8> = (0..length).map(|at| (seed >> (at % 57)) as u8).collect();
            modulus[0] = first;
            *modulus.last_mut().unwrap() |= 1;
            let mut base = modulus.clone();
            *base.last_mut().unwrap() -= 1;
            let key = RsaPublic::new(&modulus, &[1, 0, 1]).unwrap();
            // Minus one to an odd power is minus one.
            prop_assert_eq!(key.power(&base).unwrap(), base.clone());
            base[0] -= 1;
            prop_assert_eq!(key.power(&base).unwrap(), reference(&modulus, &[1, 0, 1], &base));
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let odd = [&[0xff; 127][..], &[1]].concat();
        let even = vec![0xfe; 128];
        assert!(RsaPublic::new(&odd, &[1, 0, 1]).is_some());
        assert!(RsaPublic::new(&even, &[1, 0, 1]).is_none());
        for exponent in [&[][..], &[0], &[1], &[2], &[1, 0, 0], &[2, 0, 0, 0, 1], &[1; 9]] {
            assert!(RsaPublic::new(&odd, exponent).is_none(), "{exponent:?}");
        }
        assert!(RsaPublic::new(&odd, &[1, 0xff, 0xff, 0xff, 0xff]).is_some());
        let key = RsaPublic::new(&odd, &[3]).unwrap();
        assert!(key.power(&odd).is_none());
        assert!(key.power(&odd[1..]).is_none());
        assert_eq!(key.power(&[0; 128]).unwrap(), vec![0; 128]);
    }
}
