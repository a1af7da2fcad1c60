//! Entries and alias rules; one file for each container format; the vault (at rest).
//!
//! [`keystore::Keystore`] is the model: entries in order, each a key pair with its chain, a trusted certificate or a secret key.
//! [`open::parse_file`] reads whatever the user drops, [`reply`] takes what a CA sends back, [`merge`] brings one keystore into
//! another, [`vault`] keeps a keystore encrypted. Every operation either succeeds or changes nothing.

pub mod alias;
pub mod bks;
pub mod calendar;
pub mod certificates;
pub mod contents;
mod date;
pub mod duplicates;
pub mod entry;
pub mod inventory;
mod java_bytes;
mod java_entries;
mod java_stream;
mod java_utf;
pub mod jceks;
pub mod jks;
pub mod jwk_set;
pub mod keystore;
pub mod merge;
pub mod note;
pub mod open;
mod path;
pub mod pem_bundle;
pub mod pkcs12;
pub mod pkcs7;
pub mod pkipath;
pub mod profile;
pub mod reply;
pub mod secret_key;
pub mod uber;
pub mod vault;

pub use contents::Contents;
pub use entry::{Content, Entry, KeyPair, Previous};
pub use keystore::Keystore;
pub use note::{Note, NoteKind};
pub use profile::Profile;
pub use secret_key::SecretKey;
