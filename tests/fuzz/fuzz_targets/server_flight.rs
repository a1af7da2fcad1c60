//! See `certwright_fuzz::server_flight`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| certwright_fuzz::bounded(certwright_fuzz::server_flight, input));
