//! The browser's randomness (`crypto.getRandomValues`).

use std::convert::Infallible;

use getrandom::SysRng;
use rand_core::{TryCryptoRng, TryRng, UnwrapErr};

/// The browser's randomness. Should the browser fail to give any, the worker stops: nothing may be made without.
pub(crate) fn random() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

/// Randomness that tells how often it was asked: key generation asks for every candidate.
pub(crate) struct Counting<F> {
    inner: UnwrapErr<SysRng>,
    draws: u32,
    told: F,
}

impl<F: FnMut(u32)> Counting<F> {
    /// `told` is called with the number of draws so far, at every draw.
    pub(crate) fn new(told: F) -> Self {
        Self { inner: random(), draws: 0, told }
    }

    fn count(&mut self) {
        self.draws = self.draws.saturating_add(1);
        (self.told)(self.draws);
    }
}

impl<F: FnMut(u32)> TryRng for Counting<F> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.count();
        self.inner.try_next_u32()
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.count();
        self.inner.try_next_u64()
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.count();
        self.inner.try_fill_bytes(bytes)
    }
}

impl<F: FnMut(u32)> TryCryptoRng for Counting<F> {}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_core::Rng;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn draws_are_counted_and_differ() {
        let mut counts = Vec::new();
        let mut counting = Counting::new(|draws| counts.push(draws));
        let (mut one, mut two) = ([0; 32], [0; 32]);
        counting.fill_bytes(&mut one);
        counting.fill_bytes(&mut two);
        assert_ne!(one, two);
        assert_eq!(counts, [1, 2]);
    }
}
