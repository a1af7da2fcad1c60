//! See `certwright_fuzz::ocsp_response`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| certwright_fuzz::bounded(certwright_fuzz::ocsp_response, input));
