//! Revocation by lists and by OCSP responses: every step of RFC 5280 section 6.3.3 and of RFC 6960, also where it goes wrong.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cloned_ref_to_slice_refs,
    reason = "a test may panic"
)]

mod bounds;
mod judged;
mod lists;
mod ocsp;
mod openssl;

mod scopes;
mod support;
