//! One key model; one file for each key format; generation, signing, secret bytes.
//!
//! [`private::PrivateKey`] and [`public::PublicKey`] are the model. RSA, the NIST curves,
//! Ed25519 and ML-DSA sign; keys of other kinds are kept and never used. [`read::read_private_key`] takes any
//! of the key formats, recognised by content. Randomness is always passed in.

pub mod algorithm;
mod curve;
mod digits;
mod dsa;
mod ec_private_key;
mod ecdsa;
pub mod error;
pub mod generate;
pub mod jwk;
mod kept;
mod ml_dsa;
mod numbers;
pub mod openssh;
pub mod password_based;
pub mod pkcs1;
pub mod pkcs8;
pub mod pkcs8_encrypted;
pub mod private;
mod pss;
pub mod public;
pub mod public_key;
pub mod read;
mod rsa_numbers;
mod rsa_public;
pub mod scheme;
pub mod sec1;
pub mod secret;
pub mod sign;
pub mod traditional_pem;
pub mod verify;
pub mod weak;
pub mod write;
pub mod x509;

pub use algorithm::{KeyAlgorithm, KeySpec};
pub use error::ReadKeyError;
pub use private::{CannotSign, PrivateKey};
pub use public::PublicKey;
pub use scheme::SignatureScheme;
pub use secret::{Password, Passwords, SecretBytes};
pub use write::{KeyFormat, PublicKeyFormat};
pub use x509::X509Signature;
