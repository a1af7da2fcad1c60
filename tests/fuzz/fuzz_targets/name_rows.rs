//! See `certwright_fuzz::name_rows`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| certwright_fuzz::bounded(certwright_fuzz::name_rows, input));
