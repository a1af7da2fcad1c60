//! Entries and alias rules; one file for each container format; the vault (at rest).
//!
//! [`keystore::Keystore`] is the model: entries in order, each a key pair with its chain or a trusted certificate.
//! [`open::parse_file`] reads whatever the user drops, [`reply`] takes what a CA sends back, [`vault`] keeps a
//! keystore encrypted. Every operation either succeeds or changes nothing.

pub mod alias;
pub mod contents;
pub mod entry;
pub mod keystore;
pub mod open;
mod path;
pub mod pem_bundle;
pub mod pkcs12;
pub mod pkcs7;
pub mod reply;
pub mod vault;

pub use contents::Contents;
pub use entry::{Content, Entry, KeyPair};
pub use keystore::Keystore;
