//! The work that the bench measures, the same natively and in Wasm: summaries of certificates, and verdicts on chains.
//!
//! Everything begins with DER, as it comes from a file or a handshake. What is trusted is read before the clock starts, as every
//! program keeps it. Nothing is remembered from one chain to the next: each is parsed anew, with its intermediates.
#![cfg_attr(target_arch = "wasm32", allow(unused_crate_dependencies, reason = "the program needs more"))]

pub mod ours;
pub mod set;
pub mod summary;
#[cfg(target_arch = "wasm32")]
mod wasm;
