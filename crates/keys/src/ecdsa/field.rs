//! Numbers modulo a prime in Montgomery's form: as their product with R, the power of two that has one bit more than the digits hold.
#![allow(clippy::indexing_slicing, reason = "every index stays below the constant number of digits")]

use core::marker::PhantomData;

use crate::digits::{Digit, Wide, is_below, negative_inverse};

/// A prime whose highest bit is set, in `N` digits.
pub(super) trait Modulus<const N: usize>: Copy {
    /// Itself, least significant digit first.
    const MODULUS: [Digit; N];
    /// See [`negative_inverse`].
    const INVERSE: Digit = negative_inverse(Self::MODULUS[0]);
    /// R.
    const ONE: [Digit; N] = power_of_two(&Self::MODULUS, N * Digit::BITS as usize);
    /// The square of R.
    const SQUARE: [Digit; N] = power_of_two(&Self::MODULUS, 2 * N * Digit::BITS as usize);
}

/// A number modulo `M`.
#[derive(Clone, Copy)]
pub(super) struct Element<M, const N: usize>([Digit; N], PhantomData<M>);

impl<M: Modulus<N>, const N: usize> Element<M, N> {
    pub(super) const ZERO: Self = Self([0; N], PhantomData);
    pub(super) const ONE: Self = Self(M::ONE, PhantomData);

    /// A number; `None` if it is not below the modulus.
    pub(super) fn new(digits: [Digit; N]) -> Option<Self> {
        is_below(&digits, &M::MODULUS).then(|| Self::reduced(digits))
    }

    /// Any number of these digits, modulo the modulus.
    pub(super) fn reduced(digits: [Digit; N]) -> Self {
        // The product of any two numbers is reduced as long as one of them is below the modulus.
        Self(M::SQUARE, PhantomData).times(&Self(digits, PhantomData))
    }

    pub(super) fn to_digits(self) -> [Digit; N] {
        let mut one = [0; N];
        one[0] = 1;
        self.times(&Self(one, PhantomData)).0
    }

    pub(super) fn is_zero(&self) -> bool {
        self.0 == [0; N]
    }

    pub(super) fn equals(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    #[inline]
    pub(super) fn plus(&self, other: &Self) -> Self {
        let (sum, carry) = add(&self.0, &other.0);
        Self::below_twice(sum, carry)
    }

    #[inline]
    pub(super) fn minus(&self, other: &Self) -> Self {
        let (difference, borrow) = subtract(&self.0, &other.0);
        let mask = Digit::from(borrow).wrapping_neg();
        Self(add(&difference, &M::MODULUS.map(|digit| digit & mask)).0, PhantomData)
    }

    #[inline]
    pub(super) fn twice(&self) -> Self {
        self.plus(self)
    }

    /// Montgomery's multiplication, with the reduction in the same loop.
    #[inline]
    pub(super) fn times(&self, other: &Self) -> Self {
        let (a, b, modulus) = (&self.0, &other.0, &M::MODULUS);
        let mut result = [0 as Digit; N];
        let mut top: Digit = 0;
        for digit in b {
            let digit = Wide::from(*digit);
            let product = Wide::from(result[0]) + digit * Wide::from(a[0]);
            let multiple = Wide::from((product as Digit).wrapping_mul(M::INVERSE));
            let reduced = Wide::from(product as Digit) + multiple * Wide::from(modulus[0]);
            let (mut carry, mut carry_of_reduction) = (product >> Digit::BITS, reduced >> Digit::BITS);
            for at in 1..N {
                let product = Wide::from(result[at]) + digit * Wide::from(a[at]) + carry;
                carry = product >> Digit::BITS;
                let reduced =
                    Wide::from(product as Digit) + multiple * Wide::from(modulus[at]) + carry_of_reduction;
                carry_of_reduction = reduced >> Digit::BITS;
                result[at - 1] = reduced as Digit;
            }
            let sum = Wide::from(top) + carry + carry_of_reduction;
            result[N - 1] = sum as Digit;
            top = (sum >> Digit::BITS) as Digit;
        }
        Self::below_twice(result, top != 0)
    }

    #[inline]
    pub(super) fn square(&self) -> Self {
        self.times(self)
    }

    /// The inverse, by Fermat's little theorem; zero for zero.
    pub(super) fn inverse(&self) -> Self {
        let mut two = [0; N];
        two[0] = 2;
        let (exponent, _) = subtract(&M::MODULUS, &two);
        // Four bits of the exponent at a time.
        let mut powers = [Self::ONE; 16];
        for at in 1..16 {
            powers[at] = powers[at - 1].times(self);
        }
        let mut power = Self::ONE;
        for digit in exponent.iter().rev() {
            for shift in (0..Digit::BITS).step_by(4).rev() {
                power = power.square().square().square().square();
                power = power.times(&powers[(digit >> shift & 0xf) as usize]);
            }
        }
        power
    }

    /// A number below twice the modulus, whose highest bit is `carry`, reduced.
    #[inline]
    fn below_twice(number: [Digit; N], carry: bool) -> Self {
        let (mut reduced, borrow) = subtract(&number, &M::MODULUS);
        // Which of them it is cannot be foretold, so a branch would take longer.
        let keep = Digit::from(borrow && !carry).wrapping_neg();
        for at in 0..N {
            reduced[at] = reduced[at] & !keep | number[at] & keep;
        }
        Self(reduced, PhantomData)
    }
}

/// The sum, and whether there is a carry.
#[inline]
pub(super) const fn add<const N: usize>(a: &[Digit; N], b: &[Digit; N]) -> ([Digit; N], bool) {
    let mut result = [0; N];
    let mut carry = false;
    let mut at = 0;
    while at < N {
        let (sum, first) = a[at].overflowing_add(b[at]);
        let (sum, second) = sum.overflowing_add(carry as Digit);
        result[at] = sum;
        carry = first | second;
        at += 1;
    }
    (result, carry)
}

/// The difference, and whether there is a borrow.
#[inline]
const fn subtract<const N: usize>(a: &[Digit; N], b: &[Digit; N]) -> ([Digit; N], bool) {
    let mut result = [0; N];
    let mut borrow = false;
    let mut at = 0;
    while at < N {
        let (difference, first) = a[at].overflowing_sub(b[at]);
        let (difference, second) = difference.overflowing_sub(borrow as Digit);
        result[at] = difference;
        borrow = first | second;
        at += 1;
    }
    (result, borrow)
}

/// 2 to the power of `exponent`, modulo `modulus`.
const fn power_of_two<const N: usize>(modulus: &[Digit; N], exponent: usize) -> [Digit; N] {
    let mut power = [0; N];
    power[0] = 1;
    let mut step = 0;
    while step < exponent {
        let (double, carry) = add(&power, &power);
        let (reduced, borrow) = subtract(&double, modulus);
        power = if borrow && !carry { double } else { reduced };
        step += 1;
    }
    power
}
