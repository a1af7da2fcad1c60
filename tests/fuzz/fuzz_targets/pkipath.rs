//! See `certwright_fuzz::pkipath`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| certwright_fuzz::bounded(certwright_fuzz::pkipath, input));
