//! The encryption schemes of PKCS#12 itself (RFC 7292, appendix C): 3DES and RC2, the key derived with SHA-1.
//!
//! Read only, for files written before Java 8u301 and OpenSSL 3. Refused: RC4.

use aes::cipher::{InnerIvInit, KeyIvInit};
use der::{
    Sequence,
    asn1::{ObjectIdentifier, OctetStringRef},
};
use sha1::Sha1;
use spki::AlgorithmIdentifierRef;

use super::{Budget, DecryptError, EncodedPassword, cbc_decrypt, decode_parameters, pkcs12_kdf};
use crate::secret::SecretBytes;

/// `pbeWithSHAAnd3-KeyTripleDES-CBC`.
pub const SHA1_3DES_3KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");
/// `pbeWithSHAAnd2-KeyTripleDES-CBC`.
pub const SHA1_3DES_2KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.4");
/// `pbeWithSHAAnd128BitRC2-CBC`.
pub const SHA1_RC2_128: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.5");
/// `pbewithSHAAnd40BitRC2-CBC`.
pub const SHA1_RC2_40: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.6");

/// `pkcs-12PbeParams`.
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
    let key_length = match algorithm.oid {
        SHA1_3DES_3KEY => 24,
        SHA1_3DES_2KEY | SHA1_RC2_128 => 16,
        SHA1_RC2_40 => 5,
        oid => return Err(DecryptError::UnsupportedAlgorithm { oid: oid.to_string() }),
    };
    let Parameters { salt, iterations } = decode_parameters(algorithm)?;
    if iterations == 0 || !ciphertext.len().is_multiple_of(8) || ciphertext.is_empty() {
        return Err(DecryptError::Malformed);
    }
    budget.spend(iterations)?;
    let derive = |id, length| {
        pkcs12_kdf::derive::<Sha1>(id, password.bmp.as_bytes(), salt.as_bytes(), iterations, length)
    };
    let key = derive(pkcs12_kdf::Purpose::Key, key_length);
    let iv = derive(pkcs12_kdf::Purpose::Iv, 8);
    let lengths = |_| DecryptError::Malformed;
    match algorithm.oid {
        SHA1_3DES_3KEY => cbc_decrypt(
            cbc::Decryptor::<des::TdesEde3>::new_from_slices(&key, &iv).map_err(lengths)?,
            ciphertext,
        ),
        SHA1_3DES_2KEY => cbc_decrypt(
            cbc::Decryptor::<des::TdesEde2>::new_from_slices(&key, &iv).map_err(lengths)?,
            ciphertext,
        ),
        _ => {
            let cipher = rc2::Rc2::new_with_eff_key_len(&key, key_length * 8);
            let decryptor = cbc::Decryptor::inner_iv_slice_init(cipher, &iv).map_err(lengths)?;
            cbc_decrypt(decryptor, ciphertext)
        }
    }
}
