//! See `certwright_fuzz::pbes2`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| certwright_fuzz::bounded(certwright_fuzz::pbes2, input));
