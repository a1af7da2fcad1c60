//! Checking ECDSA signatures on P-256 and P-384 (FIPS 186-5, section 6.4.2).
//!
//! Nearly every chain of the public web holds such signatures, and the crates p256 and p384, which are made for keys that are secret, take
//! several times longer over them than other verifiers. All that goes in here is public, so nothing is done in constant time:
//! never use it with a private key. Keys and signatures are read by the crates, which are also what the tests compare with.

mod curves;
mod field;
mod point;

use curves::{Curve, P256, P384};
use field::{Element, Modulus};
use point::Point;

use crate::digits::{Digit, OCTETS, is_below, read_digits};

/// Whether a signature on P-256 over what has the hash `hash` holds.
pub(crate) fn verify_p256(
    key: &p256::ecdsa::VerifyingKey,
    hash: &[u8],
    signature: &p256::ecdsa::Signature,
) -> bool {
    let point = key.to_sec1_point(false);
    let (Some(x), Some(y)) = (point.x(), point.y()) else { return false };
    let (r, s) = signature.split_bytes();
    verify::<P256, { 32 / OCTETS }>([x, y], hash, [&r, &s])
}

/// The same on P-384.
pub(crate) fn verify_p384(
    key: &p384::ecdsa::VerifyingKey,
    hash: &[u8],
    signature: &p384::ecdsa::Signature,
) -> bool {
    let point = key.to_sec1_point(false);
    let (Some(x), Some(y)) = (point.x(), point.y()) else { return false };
    let (r, s) = signature.split_bytes();
    verify::<P384, { 48 / OCTETS }>([x, y], hash, [&r, &s])
}

/// `key` are the coordinates of a point on the curve, `signature` is r and s.
fn verify<C: Curve<N>, const N: usize>(key: [&[u8]; 2], hash: &[u8], signature: [&[u8]; 2]) -> bool {
    let number = |octets: &[u8]| {
        let mut digits = [0; N];
        read_digits(octets, &mut digits);
        digits
    };
    let [x, y] = key.map(|coordinate| Element::<C::Field, N>::new(number(coordinate)));
    let [r, s] = signature.map(number);
    let (Some(x), Some(y), Some(r_scalar), Some(s)) =
        (x, y, Element::<C::Order, N>::new(r), Element::<C::Order, N>::new(s))
    else {
        return false;
    };
    if r_scalar.is_zero() || s.is_zero() {
        return false;
    }
    // The leftmost bits of the hash, as many as the order has; both curves have whole octets.
    let hash = number(hash.get(..N * OCTETS).unwrap_or(hash));
    let inverse = s.inverse();
    let of_generator = inverse.times(&Element::reduced(hash)).to_digits();
    let of_key = inverse.times(&r_scalar).to_digits();
    let sum = Point::<C, N>::sum_of_products(&of_generator, &of_key, &Point::new(x, y));
    has_x(&sum, r)
}

/// Whether the x coordinate of `point`, reduced modulo the order, is `r`.
fn has_x<C: Curve<N>, const N: usize>(point: &Point<C, N>, r: [Digit; N]) -> bool {
    if point.is_infinity() {
        return false;
    }
    if Element::new(r).is_some_and(|x| point.has_x(&x)) {
        return true;
    }
    // The order is a little below the number of the field's elements, so one more candidate is left.
    let (sum, carry) = field::add(&r, &C::Order::MODULUS);
    !carry && is_below(&sum, &C::Field::MODULUS) && Element::new(sum).is_some_and(|x| point.has_x(&x))
}

#[cfg(test)]
mod tests;
