//! The ciphers of PBES2 (RFC 8018, appendix B.2), all in CBC mode with the padding of PKCS#7: AES, 3DES, and of old files
//! DES and RC2.
//!
//! Refused: every other cipher, by its identifier.

use aes::cipher::{BlockCipherDecrypt, InnerIvInit, KeyInit, KeyIvInit as _, common::BlockSizeUser};
use der::{
    Sequence,
    asn1::{ObjectIdentifier, OctetStringRef},
};
use spki::AlgorithmIdentifierRef;

use super::{DecryptError, cbc_decrypt, decode_parameters};
use crate::secret::SecretBytes;

/// `aes128-CBC-PAD`.
pub const AES_128_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.2");
/// `aes192-CBC-PAD`.
pub const AES_192_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.22");
/// `aes256-CBC-PAD`.
pub const AES_256_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.42");
/// `des-ede3-cbc`.
pub const DES_EDE3_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.3.7");
/// `desCBC`.
pub const DES_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.7");
/// `rc2CBC`.
pub const RC2_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.3.2");

/// A cipher as an `AlgorithmIdentifier` gives it, ready but for its key.
pub(super) struct Cipher<'a> {
    kind: Kind,
    iv: &'a [u8],
}

enum Kind {
    Aes128,
    Aes192,
    Aes256,
    TripleDes,
    Des,
    /// With the effective length of its key in bits.
    Rc2 {
        bits: usize,
    },
}

/// `RC2-CBC-Parameter`.
#[derive(Sequence)]
struct Rc2Parameters<'a> {
    #[asn1(optional = "true")]
    version: Option<u32>,
    iv: &'a OctetStringRef,
}

impl<'a> Cipher<'a> {
    /// Reads the identifier, and sees that the ciphertext is made of whole blocks.
    ///
    /// # Errors
    /// `UnsupportedAlgorithm`, `Malformed`.
    pub(super) fn parse(
        algorithm: AlgorithmIdentifierRef<'a>,
        ciphertext: &[u8],
    ) -> Result<Self, DecryptError> {
        let kind = match algorithm.oid {
            AES_128_CBC => Kind::Aes128,
            AES_192_CBC => Kind::Aes192,
            AES_256_CBC => Kind::Aes256,
            DES_EDE3_CBC => Kind::TripleDes,
            DES_CBC => Kind::Des,
            RC2_CBC => return Self::parse_rc2(algorithm, ciphertext),
            oid => return Err(DecryptError::UnsupportedAlgorithm { oid: oid.to_string() }),
        };
        let iv: &OctetStringRef = decode_parameters(algorithm)?;
        Self { kind, iv: iv.as_bytes() }.checked(ciphertext)
    }

    fn parse_rc2(algorithm: AlgorithmIdentifierRef<'a>, ciphertext: &[u8]) -> Result<Self, DecryptError> {
        let parameters: Rc2Parameters<'a> = decode_parameters(algorithm)?;
        let bits = match parameters.version {
            None => 32,
            Some(160) => 40,
            Some(120) => 64,
            Some(58) => 128,
            Some(_) => return Err(DecryptError::UnsupportedAlgorithm { oid: algorithm.oid.to_string() }),
        };
        Self { kind: Kind::Rc2 { bits }, iv: parameters.iv.as_bytes() }.checked(ciphertext)
    }

    fn checked(self, ciphertext: &[u8]) -> Result<Self, DecryptError> {
        let block = match self.kind {
            Kind::Aes128 | Kind::Aes192 | Kind::Aes256 => 16,
            Kind::TripleDes | Kind::Des | Kind::Rc2 { .. } => 8,
        };
        if self.iv.len() != block || ciphertext.is_empty() || !ciphertext.len().is_multiple_of(block) {
            return Err(DecryptError::Malformed);
        }
        Ok(self)
    }

    /// Length of the key in bytes.
    pub(super) fn key_length(&self) -> usize {
        match self.kind {
            Kind::Aes128 => 16,
            Kind::Aes192 | Kind::TripleDes => 24,
            Kind::Aes256 => 32,
            Kind::Des => 8,
            Kind::Rc2 { bits } => bits / 8,
        }
    }

    /// # Errors
    /// `WrongPassword` if the padding is wrong.
    pub(super) fn decrypt(&self, key: &[u8], ciphertext: &[u8]) -> Result<SecretBytes, DecryptError> {
        match self.kind {
            Kind::Aes128 => cbc_decrypt(decryptor::<aes::Aes128>(key, self.iv)?, ciphertext),
            Kind::Aes192 => cbc_decrypt(decryptor::<aes::Aes192>(key, self.iv)?, ciphertext),
            Kind::Aes256 => cbc_decrypt(decryptor::<aes::Aes256>(key, self.iv)?, ciphertext),
            Kind::TripleDes => cbc_decrypt(decryptor::<des::TdesEde3>(key, self.iv)?, ciphertext),
            Kind::Des => cbc_decrypt(decryptor::<des::Des>(key, self.iv)?, ciphertext),
            Kind::Rc2 { bits } => decrypt_rc2(key, bits, self.iv, ciphertext),
        }
    }
}

/// RC2 with an effective length of key of its own.
pub(super) fn decrypt_rc2(
    key: &[u8],
    bits: usize,
    iv: &[u8],
    ciphertext: &[u8],
) -> Result<SecretBytes, DecryptError> {
    let cipher = rc2::Rc2::new_with_eff_key_len(key, bits);
    let decryptor = cbc::Decryptor::inner_iv_slice_init(cipher, iv).map_err(|_| DecryptError::Malformed)?;
    cbc_decrypt(decryptor, ciphertext)
}

pub(super) fn decryptor<C>(key: &[u8], iv: &[u8]) -> Result<cbc::Decryptor<C>, DecryptError>
where
    C: BlockCipherDecrypt + KeyInit + BlockSizeUser,
{
    cbc::Decryptor::new_from_slices(key, iv).map_err(|_| DecryptError::Malformed)
}
