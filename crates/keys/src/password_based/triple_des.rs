//! Encrypting with `pbeWithSHAAnd3-KeyTripleDES-CBC` (RFC 7292, appendix C), the one scheme that every program reads which reads
//! PKCS#12 at all: Java 8 before update 301, Windows Server 2016, the macOS keychain.
//!
//! Not for anything new: the key is derived with SHA-1, and the cipher has blocks of 8 bytes.

use aes::cipher::KeyIvInit;
use der::{Encode, Sequence, asn1::OctetStringRef};
use rand_core::CryptoRng;
use sha1::Sha1;
use spki::AlgorithmIdentifierRef;

use super::{DecryptError, EncodedPassword, Encrypted, cbc_encrypt, pbes1::SHA1_3DES_3KEY, pkcs12_kdf};

/// `pkcs-12PbeParams`.
#[derive(Sequence)]
struct Parameters<'a> {
    salt: &'a OctetStringRef,
    iterations: u32,
}

/// Encrypts under a salt of 8 bytes, as long as those programs make it themselves.
///
/// # Errors
/// `Malformed` only if encoding fails, which lengths of memory do not allow.
pub fn generate_encrypted_3des(
    password: &EncodedPassword,
    plaintext: &[u8],
    iterations: u32,
    rng: &mut impl CryptoRng,
) -> Result<Encrypted, DecryptError> {
    let mut salt = [0; 8];
    rng.fill_bytes(&mut salt);
    encrypt(password, plaintext, iterations, salt)
}

/// Apart from the source of randomness, so that it is compiled here and once.
fn encrypt(
    password: &EncodedPassword,
    plaintext: &[u8],
    iterations: u32,
    salt: [u8; 8],
) -> Result<Encrypted, DecryptError> {
    let derive = |purpose, length| {
        pkcs12_kdf::derive::<Sha1>(purpose, password.bmp.as_bytes(), &salt, iterations.into(), length)
    };
    let key = derive(pkcs12_kdf::Purpose::Key, 24);
    let iv = derive(pkcs12_kdf::Purpose::Iv, 8);
    let encryptor =
        cbc::Encryptor::<des::TdesEde3>::new_from_slices(&key, &iv).map_err(|_| DecryptError::Malformed)?;
    let write = || -> der::Result<Vec<u8>> {
        let parameters = Parameters { salt: OctetStringRef::new(&salt)?, iterations }.to_der()?;
        let parameters = Some(der::Decode::from_der(&parameters)?);
        AlgorithmIdentifierRef { oid: SHA1_3DES_3KEY, parameters }.to_der()
    };
    let algorithm = write().map_err(|_| DecryptError::Malformed)?;
    Ok(Encrypted { algorithm, ciphertext: cbc_encrypt(encryptor, plaintext) })
}
