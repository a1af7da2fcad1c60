//! See `certwright_fuzz::starttls`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| certwright_fuzz::bounded(certwright_fuzz::starttls, input));
