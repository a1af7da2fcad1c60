//! PKCS#8 `EncryptedPrivateKeyInfo` (RFC 5958, section 3), PEM label `ENCRYPTED PRIVATE KEY`.
//!
//! Read with all schemes of [`crate::password_based`], written with PBES2.

use der::{Decode, Encode, Sequence, asn1::OctetStringRef};
use rand_core::CryptoRng;
use spki::AlgorithmIdentifierRef;

use crate::{
    error::ReadKeyError,
    password_based::{self, Budget, DecryptError, EncodedPassword, pbes2::Scheme},
    pkcs8::parse_pkcs8,
    private::PrivateKey,
    secret::{Password, SecretBytes},
};

#[derive(Sequence)]
struct EncryptedPrivateKeyInfo<'a> {
    algorithm: AlgorithmIdentifierRef<'a>,
    ciphertext: &'a OctetStringRef,
}

/// Reads a DER `EncryptedPrivateKeyInfo`.
///
/// # Errors
/// `WrongPassword` if what comes out is no `PrivateKeyInfo`; otherwise see [`ReadKeyError`].
pub fn parse_pkcs8_encrypted(der: &[u8], password: Option<&Password>) -> Result<PrivateKey, ReadKeyError> {
    // The structure is checked first, so that a broken file does not ask for a password.
    EncryptedPrivateKeyInfo::from_der(der)?;
    let password = password.ok_or(ReadKeyError::NeedsPassword)?;
    let plain = decrypt_pkcs8(der, &EncodedPassword::new(password), &mut Budget::default())?;
    parse_pkcs8(plain.as_bytes())
}

/// Decrypts a DER `EncryptedPrivateKeyInfo` to the DER `PrivateKeyInfo` within.
///
/// # Errors
/// As [`parse_pkcs8_encrypted`].
pub fn decrypt_pkcs8(
    der: &[u8],
    password: &EncodedPassword,
    budget: &mut Budget,
) -> Result<SecretBytes, ReadKeyError> {
    let info = EncryptedPrivateKeyInfo::from_der(der)?;
    let plain = password_based::decrypt(info.algorithm, password, info.ciphertext.as_bytes(), budget)?;
    // One wrong password in 256 leaves valid padding, and then no PrivateKeyInfo.
    if ::pkcs8::PrivateKeyInfoRef::from_der(plain.as_bytes()).is_err() {
        return Err(ReadKeyError::WrongPassword);
    }
    Ok(plain)
}

/// Writes a DER `EncryptedPrivateKeyInfo` with PBES2.
///
/// # Errors
/// `Malformed` only if encoding fails, which lengths of memory do not allow.
pub fn generate_pkcs8_encrypted(
    key: &PrivateKey,
    password: &Password,
    scheme: Scheme,
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, ReadKeyError> {
    let plain = key.to_pkcs8_der();
    let encrypted = password_based::generate_encrypted_with(scheme, password, plain.as_bytes(), rng)?;
    let info = EncryptedPrivateKeyInfo {
        algorithm: AlgorithmIdentifierRef::from_der(&encrypted.algorithm)?,
        ciphertext: OctetStringRef::new(&encrypted.ciphertext)?,
    };
    Ok(info.to_der()?)
}

impl From<DecryptError> for ReadKeyError {
    fn from(error: DecryptError) -> Self {
        match error {
            DecryptError::UnsupportedAlgorithm { oid } => Self::UnsupportedAlgorithm { oid },
            DecryptError::TooExpensive { iterations } => Self::TooExpensive { iterations },
            DecryptError::Malformed => Self::Malformed { offset: None },
            DecryptError::WrongPassword => Self::WrongPassword,
        }
    }
}
