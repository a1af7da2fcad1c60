//! The thin server: static files, the probe conversation, fetching of missing certificates, and the guard before them.
//!
//! The server resolves names, connects, speaks TLS and reports what it saw. It judges no certificate, and no private key ever
//! reaches it: where a handshake needs a signature, it asks the browser ([`conversation`]).

mod api;
pub mod app;
pub mod audit;
pub mod clients;
pub mod conversation;
pub mod fetch;
mod gate;
pub mod guard;
mod life;
mod listen;
pub mod local;
mod meter;
mod metrics;
pub mod policy;
mod private;
mod probes;
mod problem;
pub mod site;
pub mod tls;
mod tokens;
mod work;

pub use meter::Meter;
