//! See `certwright_fuzz::host_list`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| certwright_fuzz::bounded(certwright_fuzz::host_list, input));
