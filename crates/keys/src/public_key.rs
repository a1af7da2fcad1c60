//! Reading a public key whose format nobody has said: `SubjectPublicKeyInfo` as DER, PEM (`PUBLIC KEY`) or bare base64,
//! PKCS#1 (`RSA PUBLIC KEY`), a line of OpenSSH, RFC 4716, or JWK.
//!
//! A private key is no public key here, though one could be had from it; a JWK is the exception, being one format for both.

use certwright_encoding::{
    base64::parse_base64,
    pem::parse_pem,
    sniff::{Kind, recognise},
};
use der::Decode as _;

use crate::{
    error::ReadKeyError,
    jwk::{is_jwk, read_public_jwk},
    numbers::PublicNumbers,
    openssh::parse_openssh_public,
    public::PublicKey,
};

/// Reads the public key in `bytes`; of several in a text, the first.
///
/// # Errors
/// `NoKey` if there is nothing that looks like a public key, otherwise see [`ReadKeyError`].
pub fn read_public_key(bytes: &[u8]) -> Result<PublicKey, ReadKeyError> {
    match recognise(bytes) {
        Kind::Pem => {
            let found = parse_pem(bytes);
            let block = found.blocks.iter().find(|block| is_public_key_label(&block.label));
            let block = block.ok_or_else(|| {
                let broken = found
                    .broken
                    .iter()
                    .find(|broken| broken.label.as_deref().is_some_and(is_public_key_label));
                broken.map_or(ReadKeyError::NoKey, |broken| ReadKeyError::Malformed {
                    offset: Some(broken.offset),
                })
            })?;
            read_der(&block.der)
        }
        Kind::PublicKey => read_der(bytes),
        Kind::Base64 => {
            let der = parse_base64(bytes).map_err(|_| ReadKeyError::NoKey)?;
            if recognise(&der) == Kind::PublicKey { read_der(&der) } else { Err(ReadKeyError::NoKey) }
        }
        _ if is_jwk(bytes) => read_public_jwk(bytes),
        _ => core::str::from_utf8(bytes)
            .ok()
            .and_then(parse_openssh_public)
            .unwrap_or(Err(ReadKeyError::NoKey)),
    }
}

/// Whether a PEM block of this label holds a public key.
pub fn is_public_key_label(label: &str) -> bool {
    label == "PUBLIC KEY" || label == "RSA PUBLIC KEY"
}

/// Reads a DER `SubjectPublicKeyInfo` or `RSAPublicKey`.
fn read_der(der: &[u8]) -> Result<PublicKey, ReadKeyError> {
    if let Ok(numbers) = pkcs1::RsaPublicKeyRef::from_der(der) {
        let modulus = numbers.modulus.as_bytes().to_vec();
        return PublicNumbers::Rsa { modulus, exponent: numbers.public_exponent.as_bytes().to_vec() }
            .into_key();
    }
    PublicKey::from_spki_der(der)
}
