//! `speed make FILE` makes a set. `speed measure FILE` times Certwright beside x509-parser and rustls-webpki on it, and prints milliseconds
//! as JSON. `speed pem FILE FOLDER` writes it for openssl.
//!
//! The sides take turns, and each keeps its median, so that all have the same weather.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what cannot be measured ends with a message"
)]
#![allow(clippy::print_stdout, reason = "prints its results")]

#[cfg(not(target_arch = "wasm32"))]
mod authorities;
#[cfg(not(target_arch = "wasm32"))]
mod peers;
#[cfg(not(target_arch = "wasm32"))]
mod program;

fn main() {
    #[cfg(not(target_arch = "wasm32"))]
    program::main();
}
