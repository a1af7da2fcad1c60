//! See `certwright_fuzz::plan_file`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| certwright_fuzz::bounded(certwright_fuzz::plan_file, input));
