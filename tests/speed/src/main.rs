//! `speed make FILE` makes a set, and `speed pem FILE FOLDER` writes it for openssl. `speed check FILE` makes sure that Certwright and its
//! peers come to the same results. `speed measure FILE` times them once, and prints milliseconds as JSON.
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
