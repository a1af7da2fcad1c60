//! The curves P-256 and P-384 (NIST SP 800-186, section 3.2.1). Both have the equation y² = x³ - 3x + b.

use std::sync::OnceLock;

use super::field::Modulus;
use super::point::Affine;
use crate::digits::{Digit, OCTETS};

/// A curve whose numbers have `N` digits.
pub(super) trait Curve<const N: usize>: Copy + 'static {
    /// Coordinates.
    type Field: Modulus<N> + 'static;
    /// Scalars.
    type Order: Modulus<N>;
    /// The coordinates of the generator.
    const GENERATOR: [[Digit; N]; 2];
    /// Odd multiples of the generator, made when they are first needed.
    fn multiples() -> &'static OnceLock<Vec<Affine<Self, N>>>;
}

macro_rules! curve {
    ($name:ident, $field:ident, $order:ident, $octets:literal, $p:literal, $n:literal, $x:literal, $y:literal) => {
        #[derive(Clone, Copy)]
        pub(super) struct $field;
        impl Modulus<{ $octets / OCTETS }> for $field {
            const MODULUS: [Digit; $octets / OCTETS] = digits($p);
        }

        #[derive(Clone, Copy)]
        pub(super) struct $order;
        impl Modulus<{ $octets / OCTETS }> for $order {
            const MODULUS: [Digit; $octets / OCTETS] = digits($n);
        }

        #[derive(Clone, Copy)]
        pub(super) struct $name;
        impl Curve<{ $octets / OCTETS }> for $name {
            type Field = $field;
            type Order = $order;
            const GENERATOR: [[Digit; $octets / OCTETS]; 2] = [digits($x), digits($y)];
            fn multiples() -> &'static OnceLock<Vec<Affine<Self, { $octets / OCTETS }>>> {
                static MULTIPLES: OnceLock<Vec<Affine<$name, { $octets / OCTETS }>>> = OnceLock::new();
                &MULTIPLES
            }
        }
    };
}

curve!(
    P256,
    P256Field,
    P256Order,
    32,
    "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
);
curve!(
    P384,
    P384Field,
    P384Order,
    48,
    "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
    "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
    "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
    "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f"
);

/// A number of hexadecimal digits.
#[allow(clippy::indexing_slicing, reason = "it runs in the compiler, where a mistake is an error")]
const fn digits<const N: usize>(text: &str) -> [Digit; N] {
    let text = text.as_bytes();
    let mut result = [0; N];
    let mut at = 0;
    while at < text.len() {
        let value = match text[at] {
            digit @ b'0'..=b'9' => digit - b'0',
            letter => letter - b'a' + 10,
        };
        // The first one is the most significant.
        let place = text.len() - 1 - at;
        result[place / (2 * OCTETS)] |= (value as Digit) << (4 * (place % (2 * OCTETS)));
        at += 1;
    }
    result
}
