//! The thin server: static files, the probe conversation, fetching of missing certificates, and the guard before them.
//!
//! The server resolves names, connects, speaks TLS and reports what it saw. It judges no certificate, and no private key ever
//! reaches it: where a handshake needs a signature, it asks the browser ([`conversation`]).

pub mod app;
pub mod conversation;
pub mod fetch;
pub mod guard;
pub mod policy;
mod probes;
pub mod site;
