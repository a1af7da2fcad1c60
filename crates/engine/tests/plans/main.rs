//! Guided jobs, walked from both sides to the checked end: `openssl` is the authority and the server that is called, Certwright's own server makes the
//! connections, and each side is a session of its own that sees nothing but the files that the other sends.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod connect;
mod given;
mod hostile;
mod kept;
mod needed;
mod peer;
mod renewals;
mod side;
#[path = "../support/mod.rs"]
mod support;
mod switched;
mod system;
mod told;
