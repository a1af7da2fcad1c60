//! One key model; one file for each key format; generation, signing, secret bytes.
//!
//! [`private::PrivateKey`] and [`public::PublicKey`] are the model. RSA, P-256 and P-384 sign;
//! P-521 and Ed25519 are understood where a signature is checked. [`read::read_private_key`] takes any
//! of the key formats, recognised by content. Randomness is always passed in.

pub mod algorithm;
pub mod error;
pub mod generate;
pub mod password_based;
pub mod pkcs1;
pub mod pkcs8;
pub mod pkcs8_encrypted;
pub mod private;
pub mod public;
pub mod read;
pub mod scheme;
pub mod sec1;
pub mod secret;
pub mod sign;
pub mod verify;

pub use algorithm::{KeyAlgorithm, KeySpec};
pub use error::ReadKeyError;
pub use private::PrivateKey;
pub use public::PublicKey;
pub use scheme::SignatureScheme;
pub use secret::{Password, SecretBytes};
