//! PEM, base64, hex, DER with byte ranges, and: what is this file?
//!
//! Nothing here knows what a key or certificate means; it finds the bytes that the other crates read.

pub mod asn1;
pub mod base64;
pub mod ber;
pub mod der;
pub mod find;
pub mod pem;
pub mod sniff;
pub mod text;
