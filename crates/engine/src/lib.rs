//! A session: [`session::Session`] answers the page's requests; [`probe::Probe`] is the browser's half of a probe.
//!
//! Both are sans-IO: no clock, no randomness, no storage and no socket of their own. The worker and the command line bring those, so the
//! same code is tested natively against the real server.

mod archive;
mod convert;
pub mod files;
pub mod findings;
mod found;
pub mod hosts;
pub mod inspect;
mod opened;
mod plans;
pub mod probe;
pub mod session;
mod show;
pub mod trust;
