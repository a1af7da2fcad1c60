//! How OpenSSL 0.9.8 looks for the primes of an RSA key (its `crypto/bn/bn_prime.c` and `crypto/rsa/rsa_gen.c`).
//!
//! It takes a random number of which the two highest bits and the lowest are set; the first number from it on, in steps of two, that neither is
//! divisible by a small prime nor follows a number that is; and tests that one by Miller and Rabin's method, with bases from the
//! same generator. If it fails, the next random number is taken.

use crypto_bigint::{BoxedUint, Resize};
use crypto_primes::{Flavor, is_prime};

use super::DebianProcess;
use super::pool::Pool;
use crate::weak::{primes_below, remainder};

/// OpenSSL's table ends with the 2048th prime.
const SIEVE_BOUND: u32 = 17_864;
/// A prime that follows a multiple of the public exponent is not taken.
const EXPONENT: u32 = 65_537;

/// The small odd primes by which candidates are sieved.
pub(super) struct Sieve(Vec<u32>);

impl Sieve {
    pub(super) fn new() -> Self {
        Self(primes_below(SIEVE_BOUND).skip(1).collect())
    }

    /// The number that is tested for being prime, from a random one (big-endian) on.
    pub(super) fn candidate(&self, start: &[u8]) -> BoxedUint {
        let start = BoxedUint::from_be_slice_vartime(start);
        let remainders: Vec<(u32, u32)> =
            self.0.iter().map(|prime| (*prime, remainder(&start, *prime))).collect();
        let fits = |distance: &u32| remainders.iter().all(|(prime, rest)| (rest + distance) % prime > 1);
        // Some hundreds are passed over, on average.
        let distance = (0..u32::MAX / 2).step_by(2).find(fits).unwrap_or(0);
        start.wrapping_add(BoxedUint::from(distance).resize(start.bits_precision()))
    }
}

/// What a process draws while it makes an RSA key.
pub(super) struct Search {
    pool: Pool,
    /// The length of a prime.
    octets: usize,
}

impl Search {
    /// At the beginning, for a key of `octets`.
    pub(super) fn new(process: DebianProcess, octets: usize) -> Self {
        Self { pool: Pool::new(process), octets: octets / 2 }
    }

    /// Where the search is that succeeds after `failed` candidates: big-endian.
    pub(super) fn start_after(mut self, failed: u16) -> Vec<u8> {
        for _ in 0..failed {
            let start = self.start();
            self.base(&start);
        }
        self.start()
    }

    /// The two primes, and how many candidates failed before the first: `None` if a prime had to be given up for the sake of the
    /// exponent, which changes the sequence.
    pub(super) fn primes(mut self) -> (BoxedUint, BoxedUint, Option<u16>) {
        let sieve = Sieve::new();
        let (first, failed) = self.prime(&sieve);
        let (second, _) = self.prime(&sieve);
        (first, second, failed)
    }

    fn prime(&mut self, sieve: &Sieve) -> (BoxedUint, Option<u16>) {
        let mut failed = Some(0u16);
        loop {
            let start = self.start();
            let candidate = sieve.candidate(&start);
            self.base(&start);
            if !is_prime(Flavor::Any, &candidate) {
                failed = failed.and_then(|count| count.checked_add(1));
                continue;
            }
            for _ in 1..self.rounds() {
                self.base(&start);
            }
            if remainder(&candidate, EXPONENT) != 1 {
                return (candidate, failed);
            }
            failed = None;
        }
    }

    /// How many bases a number is tested with before it is believed to be prime: by OpenSSL's table.
    fn rounds(&self) -> usize {
        match self.octets * 8 {
            1300.. => 2,
            850..1300 => 3,
            650..850 => 4,
            550..650 => 5,
            _ => 6,
        }
    }

    fn start(&mut self) -> Vec<u8> {
        let mut octets = vec![0; self.octets];
        self.pool.fill(&mut octets);
        octets.first_mut().into_iter().for_each(|first| *first |= 0xc0);
        octets.last_mut().into_iter().for_each(|last| *last |= 1);
        octets
    }

    /// Draws a base, which has to be less than the candidate. This one differs from where its search begins in the last octets alone,
    /// and no base does.
    fn base(&mut self, start: &[u8]) {
        let mut octets = vec![0; self.octets];
        loop {
            self.pool.fill(&mut octets);
            if octets.as_slice() < start {
                return;
            }
        }
    }
}
