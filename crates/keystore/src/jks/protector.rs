//! The protection of private keys in JKS (OpenJDK, `sun.security.provider.KeyProtector`), and the choice among this one,
//! that of JCEKS and those of PKCS#8, by the identifier that stands with the key.
//!
//! `salt (20) ‖ key XOR keystream ‖ SHA1(password ‖ key)`, where the keystream is SHA1(password ‖ salt), and then SHA1
//! of the password and the block before.

use certwright_keys::{
    Password, ReadKeyError, SecretBytes,
    password_based::{Budget, EncodedPassword},
    pkcs8_encrypted::decrypt_pkcs8,
};
use der::{
    Decode, Encode, Sequence,
    asn1::{ObjectIdentifier, OctetStringRef},
};
use rand_core::CryptoRng;
use sha1::{Digest, Sha1};
use spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use super::frame::to_utf16;
use crate::jceks::protector::{self as jceks, JCEKS_PROTECTOR};

/// Sun's protection of keys in JKS.
pub(crate) const JKS_PROTECTOR: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.42.2.17.1.1");

const SALT: usize = 20;
const CHECK: usize = 20;

/// `EncryptedPrivateKeyInfo` (RFC 5958, section 3).
#[derive(Sequence)]
pub(crate) struct ProtectedKey<'a> {
    pub(crate) algorithm: AlgorithmIdentifierRef<'a>,
    pub(crate) ciphertext: &'a OctetStringRef,
}

/// Opens a protected key to its `PrivateKeyInfo`.
///
/// # Errors
/// `WrongPassword` if it is that; otherwise see [`ReadKeyError`].
pub(super) fn open(
    protected: &[u8],
    password: &Password,
    budget: &mut Budget,
) -> Result<SecretBytes, ReadKeyError> {
    let key = ProtectedKey::from_der(protected)?;
    match key.algorithm.oid {
        JKS_PROTECTOR => open_jks(key.ciphertext.as_bytes(), password),
        JCEKS_PROTECTOR => {
            let parameters = key.algorithm.parameters.ok_or(ReadKeyError::Malformed { offset: None })?;
            let parameters = jceks::Parameters::parse(&parameters.to_der()?)?;
            parameters.decrypt(key.ciphertext.as_bytes(), password, budget, jceks::is_private_key_info)
        }
        _ => decrypt_pkcs8(protected, &EncodedPassword::new(password), budget),
    }
}

fn open_jks(data: &[u8], password: &Password) -> Result<SecretBytes, ReadKeyError> {
    let malformed = ReadKeyError::Malformed { offset: None };
    let (salt, rest) = data.split_at_checked(SALT).ok_or(malformed.clone())?;
    let (masked, check) =
        rest.len().checked_sub(CHECK).and_then(|at| rest.split_at_checked(at)).ok_or(malformed)?;
    let password = to_utf16(password);
    let plain = xor_keystream(masked, salt, &password);
    if to_check(&password, &plain) != check {
        return Err(ReadKeyError::WrongPassword);
    }
    Ok(plain.into())
}

/// Protects a `PrivateKeyInfo`.
///
/// # Errors
/// Only above the length that DER can express.
pub(super) fn generate_jks_protected(
    plain: &[u8],
    password: &Password,
    rng: &mut impl CryptoRng,
) -> der::Result<Vec<u8>> {
    let mut salt = [0; SALT];
    rng.fill_bytes(&mut salt);
    let password = to_utf16(password);
    let masked = xor_keystream(plain, &salt, &password);
    let data = [&salt, masked.as_slice(), &to_check(&password, plain)].concat();
    let algorithm = AlgorithmIdentifierRef { oid: JKS_PROTECTOR, parameters: Some(der::asn1::AnyRef::NULL) };
    ProtectedKey { algorithm, ciphertext: OctetStringRef::new(&data)? }.to_der()
}

fn xor_keystream(data: &[u8], salt: &[u8], password: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut output = Zeroizing::new(data.to_vec());
    let mut block = Sha1::new_with_prefix(password).chain_update(salt).finalize();
    for chunk in output.chunks_mut(block.len()) {
        for (byte, mask) in chunk.iter_mut().zip(block) {
            *byte ^= mask;
        }
        block = Sha1::new_with_prefix(password).chain_update(block).finalize();
    }
    output
}

fn to_check(password: &[u8], plain: &[u8]) -> [u8; CHECK] {
    Sha1::new_with_prefix(password).chain_update(plain).finalize().into()
}
