//! PKCS#8 `PrivateKeyInfo` (RFC 5208) and `OneAsymmetricKey` (RFC 5958), PEM label `PRIVATE KEY`.
//!
//! Refused: other algorithms than RSA and EC, by name.

use ::pkcs8::PrivateKeyInfoRef;
use der::Decode;

use crate::{
    algorithm::{EC_PUBLIC_KEY, RSA_ENCRYPTION},
    error::ReadKeyError,
    pkcs1::parse_pkcs1,
    private::PrivateKey,
    sec1::parse_sec1,
};

/// Reads a DER `PrivateKeyInfo`.
///
/// # Errors
/// See [`ReadKeyError`].
pub fn parse_pkcs8(der: &[u8]) -> Result<PrivateKey, ReadKeyError> {
    let info = PrivateKeyInfoRef::from_der(der)?;
    let oid = info.algorithm.oid.to_string();
    let key = match oid.as_str() {
        RSA_ENCRYPTION => parse_pkcs1(info.private_key.as_bytes())?,
        EC_PUBLIC_KEY => {
            let curve = info
                .algorithm
                .parameters_oid()
                .map_err(|_| ReadKeyError::UnsupportedAlgorithm { oid: oid.clone() })?;
            parse_sec1(info.private_key.as_bytes(), Some(curve))?
        }
        _ => return Err(ReadKeyError::UnsupportedAlgorithm { oid }),
    };
    match info.public_key.and_then(|bits| bits.as_bytes()) {
        Some(public) if public != key.public_key().key_bits() => Err(ReadKeyError::Mismatch),
        _ => Ok(key),
    }
}
