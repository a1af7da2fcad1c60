//! The older schemes, which derive the key of a fixed cipher with a fixed digest: PBES1 of PKCS#5 (RFC 8018, section 6.1:
//! DES and RC2 with 64 bits, MD5 or SHA-1) and those of PKCS#12 itself (RFC 7292, appendix C: 3DES, RC2 and RC4 with SHA-1).
//!
//! Read only, for files written before Java 8u301 and OpenSSL 3. Refused: the schemes with MD2.

use der::{
    Sequence,
    asn1::{ObjectIdentifier, OctetStringRef},
};
use md5::Md5;
use rc4::{KeyInit as _, Rc4, StreamCipher as _};
use sha1::{Sha1, digest::Digest};
use spki::AlgorithmIdentifierRef;
use zeroize::{Zeroize as _, Zeroizing};

use super::{
    Budget, DecryptError, EncodedPassword, cbc_decrypt,
    cipher::{decrypt_rc2, decryptor},
    decode_parameters, pkcs12_kdf,
};
use crate::secret::SecretBytes;

/// `pbeWithMD5AndDES-CBC`.
pub const MD5_DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.3");
/// `pbeWithMD5AndRC2-CBC`.
pub const MD5_RC2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.6");
/// `pbeWithSHA1AndDES-CBC`.
pub const SHA1_DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.10");
/// `pbeWithSHA1AndRC2-CBC`.
pub const SHA1_RC2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.11");
/// `pbeWithSHAAnd128BitRC4`.
pub const SHA1_RC4_128: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.1");
/// `pbeWithSHAAnd40BitRC4`.
pub const SHA1_RC4_40: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.2");
/// `pbeWithSHAAnd3-KeyTripleDES-CBC`.
pub const SHA1_3DES_3KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");
/// `pbeWithSHAAnd2-KeyTripleDES-CBC`.
pub const SHA1_3DES_2KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.4");
/// `pbeWithSHAAnd128BitRC2-CBC`.
pub const SHA1_RC2_128: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.5");
/// `pbewithSHAAnd40BitRC2-CBC`.
pub const SHA1_RC2_40: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.6");

/// `PBEParameter` and `pkcs-12PbeParams`.
#[derive(Sequence)]
struct Parameters<'a> {
    salt: &'a OctetStringRef,
    iterations: u64,
}

pub(super) fn decrypt(
    algorithm: AlgorithmIdentifierRef<'_>,
    password: &EncodedPassword,
    ciphertext: &[u8],
    budget: &mut Budget,
) -> Result<SecretBytes, DecryptError> {
    // The scheme first: an unknown one is said before any time is spent on the password.
    let oid = algorithm.oid;
    let is_pkcs5 = [MD5_DES, MD5_RC2, SHA1_DES, SHA1_RC2].contains(&oid);
    let key_length = match oid {
        SHA1_3DES_3KEY => 24,
        SHA1_3DES_2KEY | SHA1_RC2_128 | SHA1_RC4_128 => 16,
        SHA1_RC2_40 | SHA1_RC4_40 => 5,
        _ if is_pkcs5 => 8,
        oid => return Err(DecryptError::UnsupportedAlgorithm { oid: oid.to_string() }),
    };
    let is_stream = [SHA1_RC4_128, SHA1_RC4_40].contains(&oid);
    let Parameters { salt, iterations } = decode_parameters(algorithm)?;
    if iterations == 0 || ciphertext.is_empty() || !(is_stream || ciphertext.len().is_multiple_of(8)) {
        return Err(DecryptError::Malformed);
    }
    budget.spend(iterations)?;
    let salt = salt.as_bytes();
    let (key, iv) = if is_pkcs5 {
        let derived = match oid {
            MD5_DES | MD5_RC2 => pbkdf1::<Md5>(password.utf8.as_bytes(), salt, iterations),
            _ => pbkdf1::<Sha1>(password.utf8.as_bytes(), salt, iterations),
        };
        let (key, iv) = derived.split_at(8);
        (Zeroizing::new(key.to_vec()), Zeroizing::new(iv.to_vec()))
    } else {
        let bmp = password.bmp.as_bytes();
        let derive = |id, length| pkcs12_kdf::derive::<Sha1>(id, bmp, salt, iterations, length);
        let iv_length = if is_stream { 0 } else { 8 };
        (derive(pkcs12_kdf::Purpose::Key, key_length), derive(pkcs12_kdf::Purpose::Iv, iv_length))
    };
    match oid {
        SHA1_3DES_3KEY => cbc_decrypt(decryptor::<des::TdesEde3>(&key, &iv)?, ciphertext),
        SHA1_3DES_2KEY => cbc_decrypt(decryptor::<des::TdesEde2>(&key, &iv)?, ciphertext),
        MD5_DES | SHA1_DES => cbc_decrypt(decryptor::<des::Des>(&key, &iv)?, ciphertext),
        _ if is_stream => decrypt_rc4(&key, ciphertext),
        _ => decrypt_rc2(&key, key_length * 8, &iv, ciphertext),
    }
}

/// There is no padding to tell a wrong password by; the structure within has to.
fn decrypt_rc4(key: &[u8], ciphertext: &[u8]) -> Result<SecretBytes, DecryptError> {
    let mut cipher = Rc4::new_from_slice(key).map_err(|_| DecryptError::Malformed)?;
    let mut buffer = Zeroizing::new(ciphertext.to_vec());
    cipher.try_apply_keystream(&mut buffer).map_err(|_| DecryptError::Malformed)?;
    Ok(buffer.into())
}

/// PBKDF1 (RFC 8018, section 5.1): the digest of password and salt, over and over; 16 bytes of it.
fn pbkdf1<D: Digest>(password: &[u8], salt: &[u8], iterations: u64) -> Zeroizing<[u8; 16]> {
    let mut digest = D::new().chain_update(password).chain_update(salt).finalize();
    for _ in 1..iterations {
        digest = D::digest(&digest);
    }
    let mut derived = Zeroizing::new([0; 16]);
    for (to, from) in derived.iter_mut().zip(digest.iter()) {
        *to = *from;
    }
    digest.as_mut_slice().zeroize();
    derived
}
