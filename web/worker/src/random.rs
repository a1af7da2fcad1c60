//! The browser's randomness (`crypto.getRandomValues`).

use getrandom::SysRng;
use rand_core::UnwrapErr;

/// The browser's randomness. Should the browser fail to give any, the worker stops: nothing may be made without.
pub(crate) fn random() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_core::Rng;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn the_browser_gives_randomness() {
        let (mut one, mut two) = ([0; 32], [0; 32]);
        random().fill_bytes(&mut one);
        random().fill_bytes(&mut two);
        assert_ne!(one, two);
    }
}
