//! See `certwright_fuzz::pkcs12`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| certwright_fuzz::bounded(certwright_fuzz::pkcs12, input));
