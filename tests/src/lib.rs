//! Real peers and real browsers for the end-to-end tests: a certification authority made with openssl, nginx, the release
//! program, a proxy that records all traffic, and Chromium and Firefox through WebDriver.
//!
//! Everything here listens on loopback alone, waits with a limit, and ends what it started when it is dropped. What cannot be
//! set up is a panic that says what is missing: a test without its peer has failed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this package is tests, and a test says no by panicking"
)]

pub mod authority;
pub mod axe;
pub mod browser;
pub mod flow;
pub mod needles;
pub mod nginx;
pub mod openssl;
pub mod page;
pub mod peers;
pub mod process;
pub mod program;
pub mod reach;
pub mod recorder;
pub mod texts;
pub mod websocket;
