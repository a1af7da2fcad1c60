//! Points of a curve in Jacobian coordinates (X/Z², Y/Z³), and the sum of two multiples.
//!
//! The formulas are those of the Explicit-Formulas Database for y² = x³ - 3x + b: dbl-2001-b, add-2007-bl and madd without its doublings. They
//! fail where a point meets itself, its opposite or infinity; each of these cases is asked for and answered by itself.

use super::curves::Curve;
use super::field::Element;
use crate::digits::Digit;

/// Bits of a window over the scalar of the generator, whose multiples are made once.
const GENERATOR_WINDOW: u32 = 8;
/// The same of another point, whose multiples are made each time.
const WINDOW: u32 = 5;
/// Odd multiples below half a window.
const MULTIPLES: usize = 1 << (WINDOW - 2);
const GENERATOR_MULTIPLES: usize = 1 << (GENERATOR_WINDOW - 2);
/// More than any scalar has bits, with one for the carry.
const MAX_BITS: usize = 384 + 1;

/// A point that is not infinity.
#[derive(Clone, Copy)]
pub(super) struct Affine<C: Curve<N>, const N: usize> {
    x: Element<C::Field, N>,
    y: Element<C::Field, N>,
}

/// A point; z is zero for infinity.
#[derive(Clone, Copy)]
pub(super) struct Point<C: Curve<N>, const N: usize> {
    x: Element<C::Field, N>,
    y: Element<C::Field, N>,
    z: Element<C::Field, N>,
}

impl<C: Curve<N>, const N: usize> Affine<C, N> {
    fn opposite(&self) -> Self {
        Self { x: self.x, y: Element::ZERO.minus(&self.y) }
    }
}

impl<C: Curve<N>, const N: usize> Point<C, N> {
    const INFINITY: Self = Self { x: Element::ONE, y: Element::ONE, z: Element::ZERO };

    /// The point with these coordinates, which is on the curve.
    pub(super) fn new(x: Element<C::Field, N>, y: Element<C::Field, N>) -> Self {
        Self { x, y, z: Element::ONE }
    }

    pub(super) fn is_infinity(&self) -> bool {
        self.z.is_zero()
    }

    /// Whether this point, which is not infinity, has this x coordinate.
    pub(super) fn has_x(&self, x: &Element<C::Field, N>) -> bool {
        x.times(&self.z.square()).equals(&self.x)
    }

    /// `a` times the generator plus `b` times `point` (Shamir's trick, with signed windows).
    pub(super) fn sum_of_products(a: &[Digit; N], b: &[Digit; N], point: &Self) -> Self {
        let of_generator = C::multiples().get_or_init(generator_multiples);
        let of_point = point.odd_multiples::<MULTIPLES>();
        let (a, b) = (windows(a, GENERATOR_WINDOW), windows(b, WINDOW));
        let mut sum = Self::INFINITY;
        for (a, b) in a.iter().zip(&b).rev() {
            if !sum.is_infinity() {
                sum = sum.double();
            }
            if let Some(multiple) = of_generator.get(usize::from(a.unsigned_abs() / 2)).filter(|_| *a != 0) {
                sum = sum.plus_affine(&if *a < 0 { multiple.opposite() } else { *multiple });
            }
            if let Some(multiple) = of_point.get(usize::from(b.unsigned_abs() / 2)).filter(|_| *b != 0) {
                sum = sum.plus(&if *b < 0 { multiple.opposite() } else { *multiple });
            }
        }
        sum
    }

    /// Once, three times, five times this point, and so on.
    fn odd_multiples<const COUNT: usize>(&self) -> [Self; COUNT] {
        let double = self.double();
        let mut next = *self;
        [(); COUNT].map(|()| {
            let this = next;
            next = next.plus(&double);
            this
        })
    }

    fn opposite(&self) -> Self {
        Self { y: Element::ZERO.minus(&self.y), ..*self }
    }

    fn double(&self) -> Self {
        let delta = self.z.square();
        let gamma = self.y.square();
        let beta = self.x.times(&gamma);
        let product = self.x.minus(&delta).times(&self.x.plus(&delta));
        let alpha = product.twice().plus(&product);
        let four_beta = beta.twice().twice();
        let x = alpha.square().minus(&four_beta.twice());
        // Infinity remains infinity: y² - y² - 0.
        let z = self.y.plus(&self.z).square().minus(&gamma).minus(&delta);
        let eight_gamma_squared = gamma.square().twice().twice().twice();
        Self { x, y: alpha.times(&four_beta.minus(&x)).minus(&eight_gamma_squared), z }
    }

    fn plus(&self, other: &Self) -> Self {
        if self.is_infinity() {
            return *other;
        }
        if other.is_infinity() {
            return *self;
        }
        let (z1, z2) = (self.z.square(), other.z.square());
        let (u1, u2) = (self.x.times(&z2), other.x.times(&z1));
        let s1 = self.y.times(&other.z.times(&z2));
        let s2 = other.y.times(&self.z.times(&z1));
        self.finish_sum(&u1, &s1, &u2.minus(&u1), &s2.minus(&s1), &self.z.times(&other.z))
    }

    fn plus_affine(&self, other: &Affine<C, N>) -> Self {
        if self.is_infinity() {
            return Self::new(other.x, other.y);
        }
        let z1 = self.z.square();
        let u2 = other.x.times(&z1);
        let s2 = other.y.times(&self.z.times(&z1));
        self.finish_sum(&self.x, &self.y, &u2.minus(&self.x), &s2.minus(&self.y), &self.z)
    }

    /// The sum of this point and another, from this one's coordinates over a common denominator, the differences of the
    /// coordinates, and the product of both z.
    fn finish_sum(
        &self,
        x: &Element<C::Field, N>,
        y: &Element<C::Field, N>,
        difference_of_x: &Element<C::Field, N>,
        difference_of_y: &Element<C::Field, N>,
        z: &Element<C::Field, N>,
    ) -> Self {
        if difference_of_x.is_zero() {
            return if difference_of_y.is_zero() { self.double() } else { Self::INFINITY };
        }
        let square = difference_of_x.square();
        let cube = difference_of_x.times(&square);
        let v = x.times(&square);
        let sum_x = difference_of_y.square().minus(&cube).minus(&v.twice());
        let sum_y = difference_of_y.times(&v.minus(&sum_x)).minus(&y.times(&cube));
        Self { x: sum_x, y: sum_y, z: z.times(difference_of_x) }
    }

    /// `None` for infinity.
    fn to_affine(self) -> Option<Affine<C, N>> {
        if self.is_infinity() {
            return None;
        }
        let inverse = self.z.inverse();
        let square = inverse.square();
        Some(Affine { x: self.x.times(&square), y: self.y.times(&square.times(&inverse)) })
    }
}

fn generator_multiples<C: Curve<N>, const N: usize>() -> Vec<Affine<C, N>> {
    let [x, y] = C::GENERATOR.map(Element::reduced);
    let multiples = Point::<C, N>::new(x, y).odd_multiples::<GENERATOR_MULTIPLES>();
    // None of them is infinity, as the order is a great prime.
    multiples.into_iter().filter_map(Point::to_affine).collect()
}

/// A scalar as digits of which at most one in `width` is not zero, and which are odd and below half of 2 to the power of `width` either
/// way (non-adjacent form, least significant first).
fn windows<const N: usize>(scalar: &[Digit; N], width: u32) -> [i16; MAX_BITS] {
    let bit = |at: usize| {
        let digit = scalar.get(at / Digit::BITS as usize).copied().unwrap_or(0);
        digit >> (at % Digit::BITS as usize) & 1 == 1
    };
    let mut result = [0; MAX_BITS];
    let mut carry = false;
    let mut at = 0;
    while let Some(place) = result.get_mut(at) {
        if bit(at) == carry {
            at += 1;
            continue;
        }
        let value =
            (0..width as usize).filter(|more| bit(at + more)).fold(0, |value, more| value | 1 << more);
        let value: i16 = value + i16::from(carry);
        carry = value >= 1 << (width - 1);
        *place = if carry { value - (1 << width) } else { value };
        at += width as usize;
    }
    result
}
