//! See `certwright_fuzz::proxy_answer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| certwright_fuzz::bounded(certwright_fuzz::proxy_answer, input));
